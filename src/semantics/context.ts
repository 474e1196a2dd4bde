/** A model with its constants fixed, and the means to evaluate it: what traces and audits need of a check. */
import type { ActionInstance } from '../spec/instances.ts'
import type { Model } from '../spec/model.ts'
import type { Layout } from '../state/layout.ts'
import type { Evaluator } from './contract.ts'
import type { ReferenceEvaluator } from './reference.ts'

export interface ModelContext {
  /** Of the spec. */
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
