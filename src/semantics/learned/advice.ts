/** Advice for the author of a function that reads too much to be learned. */
import type { ActionInstance, Question } from '../../spec/instances.ts'

const SINGLE = 'test single elements instead of whole collections'

/** How to make a function read less at a time, as an imperative that suits its kind. */
export function howToReadLess(of: ActionInstance | Question): string {
  if ('run' in of) return `give it a parameter, or ${SINGLE}`
  switch (of.definition.kind) {
    case 'invariant':
    case 'transition':
    case 'constraint':
      return `split it into conjuncts or quantify it with forAll, or ${SINGLE}`
    case 'temporal':
      return `quantify the formula with forAll, or ${SINGLE}`
    // A goal must be true as a whole. A condition of fairness, a measure and the rule for legitimate ends have no parameters.
    case 'goal':
    case 'unreachable':
    case 'refinement':
    case 'deadlock':
    case 'fairness':
    case 'measure':
      return SINGLE
  }
}
