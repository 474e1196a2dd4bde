/** The input of audits: a finished search. */
import type { ModelContext } from '../semantics/context.ts'
import type { PropertyDefinition } from '../spec/model.ts'
import type { StateIndex } from '../store/state-index.ts'

export interface AuditContext extends ModelContext {
  readonly settings: {
    readonly properties: readonly PropertyDefinition[]
    readonly seed: number
    readonly asks: boolean
  }
  readonly states: FoundStates
}

/** The states that a search found. */
export interface FoundStates {
  /** The number of states. */
  readonly found: number
  /** The number of levels; null if the search had no levels. */
  readonly depth: number | undefined
  /** A packed state, chosen by `ticket` from 0 to 1. There must be a state. */
  pick(ticket: number): Int32Array
  /** Positions of the states; undefined if the search did not store single states. */
  readonly index?: StateIndex
}
