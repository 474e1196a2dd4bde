/**
 * Questions: predicates that a quantifier asks of one element after another.
 *
 * Only the answer leaves a question, so Kripke may forget what the predicate read to find it. During a tracked call an
 * asker runs the questions and uses that. Otherwise they are ordinary calls.
 */
import { onlyAnswers } from './predicate-text.ts'

/** Runs questions during a tracked call. */
export interface Asker {
  /**
   * Runs `body`, which returns a key: an integer from 0. What follows may depend on the key, but not on anything else
   * that the body read or did.
   */
  frame(body: () => number): number
  /**
   * Inside a frame: the rest of the body depends on `key` alone, an integer from 0. A frame must not join a key twice.
   */
  join(key: number): void
  /** Asks a predicate of the spec. */
  ask(test: () => unknown): boolean
  /** Notes that the next predicate only answers according to its author, although its text does not show it. */
  promise(): void
}

let current: Asker | undefined

let frames = 0

/** The number of frames that joined in this thread. */
export function framesSoFar(): number {
  return frames
}

/** Counts a frame that joined. */
export function countFrame(): void {
  frames++
}

/** Gives questions to `asker` while `body` runs. */
export function withAsker<T>(asker: Asker, body: () => T): T {
  const outer = current
  current = asker
  try {
    return body()
  } finally {
    current = outer
  }
}

/** The asker of the tracked call in progress; undefined if there is none. */
export function asker(): Asker | undefined {
  return current
}

/** Predicates that only answer, whatever their text shows. */
const vouched = new WeakSet<object>()

/** Promises that a predicate only answers. */
export function vouchFor(predicate: object): void {
  if (current !== undefined) vouched.add(predicate)
}

/** The asker for a predicate of the spec; undefined if there is none, or if the predicate may do more than answer. */
export function askerFor(predicate: unknown): Asker | undefined {
  if (current === undefined || typeof predicate !== 'function') return undefined
  return vouched.has(predicate) || onlyAnswers(predicate) ? current : undefined
}

/** The index of the first element of which `test` gives `wanted`; `count` if there is none. */
export function firstOf(by: Asker, count: number, test: (index: number) => unknown, wanted = true): number {
  return by.frame(() => {
    let index = 0
    while (index < count && by.ask(() => test(index)) !== wanted) index++
    return index
  })
}

/** Whether `test` gives `wanted` for some element. */
export function someOf(by: Asker, count: number, test: (index: number) => unknown, wanted = true): boolean {
  const answer = by.frame(() => {
    for (let index = 0; index < count; index++) if (by.ask(() => test(index)) === wanted) return 1
    return 0
  })
  return answer === 1
}

/** The number of elements for which `test` is true. */
export function countOf(by: Asker, count: number, test: (index: number) => unknown): number {
  return by.frame(() => {
    let found = 0
    for (let index = 0; index < count; index++) {
      if (by.ask(() => test(index))) found++
      by.join(index * (count + 1) + found)
    }
    return found
  })
}

/** The indexes of the elements for which `test` is true. */
export function allOf(by: Asker, count: number, test: (index: number) => unknown): number[] {
  const found: number[] = []
  for (let index = 0; index < count; index++) if (by.ask(() => test(index))) found.push(index)
  return found
}
