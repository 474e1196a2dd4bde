/** The findings of a search: for each property the least state of the first level that decides it. */
import type { Failure } from '../semantics/failure.ts'
import type { PredicateInstance } from '../spec/instances.ts'
import type { StateOrder } from '../state/order.ts'

/** A state, and possibly a step from it, to report. */
export interface Location {
  /** The packed state: it violates a property, is a deadlock, is the source of the step, or makes a function fail. */
  readonly words: Int32Array
  /** Initial states have depth 1. */
  readonly depth: number
  /** The step that violates a transition property. */
  readonly step: { readonly instance: number; readonly words: Int32Array } | undefined
}

/** A location that decides a property. */
export interface Finding extends Location {
  /** The false conjunct, or the true goal; undefined for a deadlock. */
  readonly predicate: PredicateInstance | undefined
  /** Orders predicates of one state. The first one is reported. */
  readonly rank: number
}

/** The kind of event to examine: a new state, a constraint, the expansion of a state, a deadlock, or a step. */
export type Occasion = 'state' | 'constraint' | 'expansion' | 'dead' | 'step'

/**
 * A location for another monitor to examine. There a property was decided, a function failed, or an antecedent was
 * true.
 */
export interface Candidate extends Location {
  readonly occasion: Occasion
}

export interface FailureFinding extends Candidate {
  readonly failure: Failure
}

/** Whether to report `a` rather than `b`: compares depth, then state, step and predicate. */
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
