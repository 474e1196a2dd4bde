/**
 * Decides whether a formula is true of a lasso, by the definition of its operators.
 *
 * It does not use automata, because it checks their results.
 */
import type { BoundFormula } from '../../spec/temporal-instances.ts'

/** A question about one moment. */
export type Atom = Extract<BoundFormula, { op: 'predicate' | 'step' | 'enabled' | 'taken' }>

/** A lasso as a word with moments `0..length - 1`. The last moment is followed by moment `loop`. */
export interface Letters {
  readonly length: number
  readonly loop: number
  isState(moment: number, question: Atom): boolean
  isStep(moment: number, question: Atom): boolean
}

/** Whether a formula is true of the whole lasso. */
export function isTrueOf(formula: BoundFormula, letters: Letters): boolean {
  return truths(formula, letters)[0]!
}

/** By moment: whether a formula is true from there on. */
function truths(formula: BoundFormula, letters: Letters): boolean[] {
  const moments = Array.from({ length: letters.length }, (_, moment) => moment)
  switch (formula.op) {
    case 'predicate':
    case 'enabled':
      return moments.map((moment) => letters.isState(moment, formula))
    case 'taken':
    case 'step':
      return moments.map((moment) => letters.isStep(moment, formula))
    case 'not':
      return truths(formula.of, letters).map((one) => !one)
    case 'and':
    case 'or': {
      const all = formula.of.map((one) => truths(one, letters))
      return moments.map((moment) =>
        formula.op === 'and' ? all.every((one) => one[moment]) : all.some((one) => one[moment]),
      )
    }
    case 'eventually':
      return until(
        moments.map(() => true),
        truths(formula.of, letters),
        letters,
      )
    case 'always':
      return never(
        truths(formula.of, letters).map((one) => !one),
        letters,
      )
    case 'until':
      return until(truths(formula.left, letters), truths(formula.right, letters), letters)
    case 'leadsTo': {
      const right = truths({ op: 'eventually', of: formula.right }, letters)
      return never(
        truths(formula.left, letters).map((one, moment) => one && !right[moment]),
        letters,
      )
    }
  }
}

/** By moment: whether `right` becomes true later, with `left` true until then. Two rounds of the cycle suffice. */
function until(left: readonly boolean[], right: readonly boolean[], { length, loop }: Letters): boolean[] {
  const result = right.map(() => false)
  for (let round = 0; round < 2; round++) {
    for (let moment = length - 1; moment >= 0; moment--) {
      const next = result[moment === length - 1 ? loop : moment + 1]!
      result[moment] = right[moment]! || (left[moment]! && next)
    }
  }
  return result
}

function never(bad: readonly boolean[], letters: Letters): boolean[] {
  return until(
    bad.map(() => true),
    bad,
    letters,
  ).map((one) => !one)
}
