/** A model with fixed constants and its evaluators: the part of a check that traces and audits need. */
import type { ActionInstance } from '../spec/instances.ts'
import type { Model } from '../spec/model.ts'
import type { Layout } from '../state/layout.ts'
import type { Evaluator } from './contract.ts'
import type { ReferenceEvaluator } from './reference.ts'

export interface ModelContext {
  /** The name of the spec. */
  readonly name: string
  readonly constants: { readonly [name: string]: unknown }
  readonly model: Model
  readonly layout: Layout
  readonly instances: readonly ActionInstance[]
  /** The initial states, packed: `layout.width` words each. */
  readonly initial: Int32Array
  readonly evaluator: Evaluator
  readonly reference: ReferenceEvaluator
}
