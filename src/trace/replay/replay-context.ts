/** The input of a replay: a model, and the property that the trace is about. */
import type { ModelContext } from '../../semantics/context.ts'
import type { PropertyDefinition } from '../../spec/model.ts'

export interface ReplayContext extends ModelContext {
  readonly settings: { readonly properties: readonly PropertyDefinition[] }
}
