/**
 * Member sets: a finite number of named individuals, such as the files of a file system.
 *
 * A member set is both an array of names and a domain. So it can be iterated, spread into `oneOf`, used as the keys of
 * a map and bound as a parameter.
 */
import { badDomain } from '../errors.ts'
import { ASKING_PROTOTYPE } from './asking-array.ts'
import type { Members } from './domain.ts'
import { here, place } from './origin.ts'

/** `'file1' | 'file2'` if the compiler knows the count and it has one digit, else `` `file${number}` ``. */
export type MemberName<Label extends string, Count extends number> = number extends Count
  ? `${Label}${number}`
  : `${Count}` extends `${number}${number}`
    ? `${Label}${number}`
    : `${Label}${OneTo<Count> & number}`

type OneTo<Count extends number, Made extends unknown[] = []> = Made['length'] extends Count
  ? never
  : [...Made, 0]['length'] | OneTo<Count, [...Made, 0]>

/**
 * The members `label1`, `label2`, ... `labelN`.
 *
 * @param options.symmetric - claims that no member is special: the spec never names a member, and never orders two of
 *   them
 */
export function members<const Label extends string, const Count extends number>(
  label: Label,
  count: Count,
  { symmetric = false }: { symmetric?: boolean } = {},
): Members<MemberName<Label, Count>> {
  const text = `members('${label}', ${count})`
  if (!Number.isSafeInteger(count) || count < 1) {
    throw badDomain(text, 'must have at least one member, but does not', 'give a positive integer', place(here()))
  }
  if (label === '')
    throw badDomain(text, 'must have a label, but does not', "name one member, as in members('file', 2)", place(here()))
  const names = Array.from({ length: count }, (_, index) => `${label}${index + 1}`)
  Object.setPrototypeOf(names, ITERATION_RECORDING_PROTOTYPE)
  return Object.freeze(Object.assign(names, { kind: 'members' as const, label, symmetric })) as unknown as Members<
    MemberName<Label, Count>
  >
}

/** Member sets that were iterated after the last call of `spreadIn`. */
const iterated = new Set<Members>()

/**
 * The prototype of member sets, which are arrays that record when they are iterated.
 *
 * A spread passes only strings, without their set. A separate prototype costs nothing elsewhere. An iterator defined on
 * a single array would make V8 give up its fast iteration of all arrays.
 */
const ITERATION_RECORDING_PROTOTYPE: object = Object.create(ASKING_PROTOTYPE, {
  [Symbol.iterator]: {
    value(this: Members): IterableIterator<string> {
      iterated.add(this)
      return Array.prototype.values.call(this) as IterableIterator<string>
    },
  },
}) as object

/** Forgets which sets were iterated, so that earlier definitions do not influence later ones. */
export function forgetIterated(): void {
  iterated.clear()
}

/**
 * The member sets that were spread into a list of values: sets that were iterated since the last call, and whose names
 * are all in the list, in order and without gaps.
 */
export function spreadIn(values: readonly unknown[]): readonly Members[] {
  const spread = [...iterated].filter((set) => {
    const first = values.indexOf(set[0])
    return first >= 0 && set.every((name, index) => values[first + index] === name)
  })
  iterated.clear()
  return spread
}
