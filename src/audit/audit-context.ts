/** What audits need of a search that is over. */
import type { ModelContext } from '../semantics/context.ts'
import type { PropertyDefinition } from '../spec/model.ts'
import type { StateIndex } from '../store/state-index.ts'

export interface AuditContext extends ModelContext {
  readonly settings: { readonly properties: readonly PropertyDefinition[]; readonly seed: number }
  readonly states: FoundStates
}

/** The states that a search found. */
export interface FoundStates {
  /** How many there are. */
  readonly found: number
  /** How many levels; null if they were not found level by level. */
  readonly depth: number | null
  /** One of the states, packed; which one goes by `ticket`, a number from 0 to 1. There must be some. */
  pick(ticket: number): Int32Array
  /** Where they are; undefined if the search did not find states one by one. */
  readonly index?: StateIndex
}
