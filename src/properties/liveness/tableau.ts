/**
 * The tight automaton of a formula: its state says which temporal subformulas are true from here on.
 *
 * The truth of a formula at a position of a lasso depends only on the suffix from there. So the run on a lasso is a
 * lasso with the same stem and the same cycle. The smaller automata of `automaton.ts` do not guarantee this: their run
 * may have to go round the cycle once more. A shortest lasso of the product with this automaton is therefore a shortest
 * one of the model.
 *
 * The state before a letter follows from the letter and the state after it. The automaton accepts a run if no `until`
 * claims forever that its right side will become true. A `release` that wrongly claims to be false does no harm. In
 * positive normal form, a formula that is true with some subformulas replaced by false is true.
 *
 * Sources: Clarke, Grumberg and Hamaguchi, "Another look at LTL model checking" (CAV 1994), for the construction;
 * Schuppan and Biere, "Shortest counterexamples for symbolic model checking of LTL with past" (TACAS 2005), for
 * tightness.
 */
import type { NormalForm } from './normal-form.ts'

type Literal = Extract<NormalForm, { op: 'state' | 'step' }>

/** Maximal number of tracked formulas. Each one doubles the number of states. */
const MAX_TRACKED = 10

export class Tableau {
  /** The number of states, which are sets of tracked formulas, as bits. */
  readonly states: number
  /** The number of acceptance sets: one for each `until`. */
  readonly acceptanceSets: number
  readonly literals: readonly Literal[]
  /** Subformulas come before the formulas that contain them; the whole formula is last. */
  readonly #tracked: readonly NormalForm[]

  private constructor(tracked: readonly NormalForm[], literals: readonly Literal[]) {
    this.#tracked = tracked
    this.literals = literals
    this.states = 2 ** tracked.length
    this.acceptanceSets = tracked.filter(({ op }) => op === 'until').length
  }

  /** The automaton of a formula; undefined if it has too many temporal subformulas. */
  static of(formula: NormalForm): Tableau | undefined {
    const tracked = new Set<NormalForm>()
    const literals = new Set<Literal>()
    const collect = (one: NormalForm): void => {
      if (one.op === 'state' || one.op === 'step') literals.add(one)
      if (one.op === 'and' || one.op === 'or') one.of.forEach(collect)
      if (!isTemporal(one)) return
      collect(one.left)
      collect(one.right)
      tracked.add(one)
    }
    collect(formula)
    tracked.add(formula)
    return tracked.size > MAX_TRACKED ? undefined : new Tableau([...tracked], [...literals])
  }

  /** Whether the formula is true on the suffixes that a state accepts. */
  isAccepting(state: number): boolean {
    return (state >>> (this.#tracked.length - 1)) % 2 === 1
  }

  /** The state before a letter, given the state after it, and the acceptance sets that the letter keeps, as bits. */
  before(isTrue: (literal: Literal) => boolean, after: number): { readonly state: number; readonly kept: number } {
    let state = 0
    let kept = 0
    let acceptanceSet = 0
    const truth = (formula: NormalForm): boolean => {
      switch (formula.op) {
        case 'true':
        case 'false':
          return formula.op === 'true'
        case 'state':
        case 'step':
          return isTrue(formula)
        case 'and':
          return formula.of.every(truth)
        case 'or':
          return formula.of.some(truth)
        case 'until':
        case 'release':
          return (state >>> this.#tracked.indexOf(formula)) % 2 === 1
      }
    }
    this.#tracked.forEach((formula, index) => {
      if (!isTemporal(formula)) {
        if (truth(formula)) state |= 1 << index
        return
      }
      const isLater = (after >>> index) % 2 === 1
      const left = truth(formula.left)
      const right = truth(formula.right)
      const isUntil = formula.op === 'until'
      const isNow = isUntil ? right || (left && isLater) : right && (left || isLater)
      if (isNow) state |= 1 << index
      if (!isUntil) return
      if (!isNow || right) kept |= 1 << acceptanceSet
      acceptanceSet++
    })
    return { state, kept }
  }
}

function isTemporal(formula: NormalForm): formula is Extract<NormalForm, { op: 'until' | 'release' }> {
  return formula.op === 'until' || formula.op === 'release'
}
