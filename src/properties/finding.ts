/** What a search finds: for each property the least state of the first level that decides it. */
import type { Failure } from '../semantics/failure.ts'
import type { PredicateInstance } from '../spec/instances.ts'
import type { StateOrder } from '../state/order.ts'

/** A state, and possibly a step from it, at which something is to be reported. */
export interface Location {
  /** The packed state: the one that violates, that is dead, from which the step goes, or on which a function failed. */
  readonly words: Int32Array
  /** Its depth; initial states are at 1. */
  readonly depth: number
  /** The step that violates a transition property. */
  readonly step: { readonly instance: number; readonly words: Int32Array } | undefined
}

/** Decides a property. */
export interface Finding extends Location {
  /** The conjunct that is false, or the goal that is true; undefined for a deadlock. */
  readonly predicate: PredicateInstance | undefined
  /** Orders predicates of one state: the first is reported. */
  readonly rank: number
}

/** What is to be looked at where something was seen: a state met, a state expanded, its lack of successors, or a step. */
export type Occasion = 'state' | 'constraint' | 'expansion' | 'dead' | 'step'

/** A place that another monitor is to look at: where a property was decided, a function failed, or an antecedent was true. */
export interface Candidate extends Location {
  readonly occasion: Occasion
}

/** A spec function failed. */
export interface FailureFinding extends Candidate {
  readonly failure: Failure
}

/** Whether `a` is to be reported rather than `b`: the one at lesser depth, then of the lesser state, then step, then predicate. */
export function precedes(order: StateOrder, a: Location & { rank?: number }, b: Location & { rank?: number }): boolean {
  if (a.depth !== b.depth) return a.depth < b.depth
  const byState = order(a.words, 0, b.words, 0)
  if (byState !== 0) return byState < 0
  if (a.step !== undefined && b.step !== undefined) {
    if (a.step.instance !== b.step.instance) return a.step.instance < b.step.instance
    const bySuccessor = order(a.step.words, 0, b.step.words, 0)
    if (bySuccessor !== 0) return bySuccessor < 0
  }
  return (a.rank ?? 0) < (b.rank ?? 0)
}
