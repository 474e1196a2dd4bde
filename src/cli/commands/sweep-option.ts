/** `--sweep`: a constant and its values, as a range or a list. */
import { splitAtCommas } from '../../spec/constant-text.ts'
import { badOption } from '../../errors.ts'
import { MAX_ROWS, type Sweep } from '../../api/bench/sweep.ts'

/** `files=1..4`, `files=1..9..2`, `design=none,fail`. @throws {CheckerError} KR101 */
export function sweep(text: string): Sweep {
  const [constant, ...rest] = text.split('=')
  const values = rest.join('=')
  if (constant === '' || values === '') throw nonsense(text)
  return { constant: constant!, values: isRange(values) ? range('--sweep', text, values) : list(text, values) }
}

/** Whether a text is meant as a range of numbers. */
export function isRange(values: string): boolean {
  return values.includes('..') && !/[[{]/.test(values)
}

function list(text: string, values: string): string[] {
  const listed = splitAtCommas(values)
  if (listed.includes('')) throw nonsense(text)
  return listed
}

/** The numbers of a range such as `1..4` or `1..9..2`. @throws {CheckerError} KR101 */
export function range(option: string, text: string, values: string): number[] {
  const match = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(values)
  if (match === null) {
    throw badOption(
      `${option} must have a range such as 1..4 or 1..9..2, but is ${text}`,
      `write, for example, ${option} files=1..4`,
    )
  }
  const [low, high, step] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 1)] as const
  if (step <= 0)
    throw badOption(`the step of ${option} must be positive, but is ${step} in ${text}`, 'write a step of 1 or more')
  if (high < low)
    throw badOption(
      `the range of ${option} must not be empty, but ${text} is`,
      `write the smaller end first: ${high}..${low}`,
    )
  const length = Math.floor((high - low) / step) + 1
  if (!(length <= MAX_ROWS)) {
    throw badOption(
      `${option} must have at most ${MAX_ROWS.toLocaleString('en')} values, but ${text} has more`,
      'name a smaller range, or write a larger step',
    )
  }
  return Array.from({ length }, (_, index) => low + index * step)
}

function nonsense(text: string): Error {
  return badOption(
    `--sweep must be name=1..4, name=1..9..2 or name=a,b, but is ${text}`,
    'write, for example, --sweep files=1..4',
  )
}
