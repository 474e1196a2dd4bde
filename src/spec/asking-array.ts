/**
 * Arrays whose quantifiers are questions during a tracked call: member sets, and what `filter` leaves of them.
 *
 * Outside a tracked call, and for predicates that may do more than answer, they are ordinary arrays.
 */
import { allOf, someOf, askerFor, firstOf } from './questions.ts'

type Test = (value: unknown, index: number, array: readonly unknown[]) => unknown
type Method = (this: readonly unknown[], test: Test, context?: unknown) => unknown

const { prototype } = Array

/** The prototype of an array that asks. */
export const ASKING_PROTOTYPE: object = Object.create(prototype, {
  some: method(prototype.some as Method, (by, array, test) => someOf(by, array.length, test)),
  every: method(prototype.every as Method, (by, array, test) => !someOf(by, array.length, test, false)),
  find: method(prototype.find as Method, (by, array, test) => array[firstOf(by, array.length, test)]),
  findIndex: method(prototype.findIndex as Method, (by, array, test) => {
    const index = firstOf(by, array.length, test)
    return index < array.length ? index : -1
  }),
  filter: method(prototype.filter as Method, (by, array, test) => {
    const kept = allOf(by, array.length, test).map((index) => array[index])
    return Object.setPrototypeOf(kept, ASKING_PROTOTYPE) as unknown
  }),
}) as object

type Ask = (
  by: NonNullable<ReturnType<typeof askerFor>>,
  array: readonly unknown[],
  test: (index: number) => unknown,
) => unknown

/** A method that asks during a tracked call, and is the array's own method otherwise. */
function method(ordinary: Method, ask: Ask): PropertyDescriptor {
  return {
    value(this: readonly unknown[], test: Test, context?: unknown): unknown {
      const by = askerFor(test)
      if (by === undefined) return ordinary.call(this, test, context)
      return ask(by, this, (index) => test.call(context, this[index], index, this))
    },
    writable: true,
    configurable: true,
  }
}
