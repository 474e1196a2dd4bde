/**
 * A probe of a compiled spec: its code, which in addition records the places that it evaluates.
 *
 * A mutant whose place the spec never evaluates does the same as the spec, so it needs no check. A place that only claims evaluate
 * is not part of the system.
 */
import { CLAIMED, RUN, type Marks } from '../../api/mutants/reach.ts'

/** A range of the code. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** The record, where the code of a probe finds it. */
const NAME = '__kripkeProbe'

/**
 * The code with a mark at each place, and with brackets around claims.
 *
 * @param places - expressions. Mark `n` is recorded before the `n`th of them is evaluated
 * @param claims - expressions that make claims. What they evaluate when the spec is defined belongs to the claims
 */
export function probeOf(code: string, places: readonly Range[], claims: readonly Range[]): string {
  const insertions = [
    ...places.flatMap((range, index) => insertionsAround(range, `(${NAME}.mark(${index}), `, ')')),
    ...claims.flatMap((range) => insertionsAround(range, `${NAME}.claim(${NAME}.enter(), `, ')')),
  ].sort(inOrder)
  let done = 0
  let probe = `const ${NAME} = globalThis.${NAME};`
  for (const { at, text } of insertions) {
    probe += code.slice(done, at) + text
    done = at
  }
  return probe + code.slice(done)
}

interface Insertion {
  readonly at: number
  readonly text: string
  readonly isEnd: boolean
  /** The length of the range. */
  readonly length: number
}

function insertionsAround({ start, end }: Range, before: string, after: string): Insertion[] {
  const length = end - start
  return [
    { at: start, text: before, isEnd: false, length },
    { at: end, text: after, isEnd: true, length },
  ]
}

/** In the order of the code. At one offset inner ranges end first, and outer ranges begin first. */
function inOrder(a: Insertion, b: Insertion): number {
  if (a.at !== b.at) return a.at - b.at
  if (a.isEnd !== b.isEnd) return a.isEnd ? -1 : 1
  return a.isEnd ? a.length - b.length : b.length - a.length
}

/**
 * Loads a probe.
 *
 * @param size - the number of its marks
 * @returns what `load` returns, and the marks. They change as long as functions of the probe are called
 */
export async function loadProbe<T>(
  size: number,
  load: () => Promise<T>,
): Promise<{ readonly probe: T; readonly marks: Marks }> {
  const marks = new Uint8Array(size)
  let claims = 0
  const record = {
    mark: (index: number): void => {
      marks[index]! |= claims === 0 ? RUN : CLAIMED
    },
    enter: (): void => {
      claims++
    },
    claim: (_: unknown, value: unknown): unknown => {
      claims--
      return value
    },
  }
  Object.defineProperty(globalThis, NAME, { value: record, configurable: true })
  try {
    return { probe: await load(), marks }
  } finally {
    Reflect.deleteProperty(globalThis, NAME)
  }
}
