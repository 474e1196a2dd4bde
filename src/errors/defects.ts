/** KR9xx: Kripke itself failed. */
import { CheckerError } from './checker-error.ts'

/** Throws KR901 unless `condition` holds. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw defect(sentence)
}

/** KR901: Kripke has a defect. */
export function defect(sentence: string): CheckerError {
  return new CheckerError({
    code: 'KR901',
    message: `Kripke has a defect: ${sentence}`,
    hint: 'run again with --interpret to get a verdict now, and please report the spec',
  })
}

/** KR902: a worker thread exited unexpectedly. */
export function workerLost(why: string): CheckerError {
  return new CheckerError({
    code: 'KR902',
    message: `a worker thread exited unexpectedly: ${why}`,
    hint: 'run again with --workers 1, and make sure that no spec function ends the process',
  })
}
