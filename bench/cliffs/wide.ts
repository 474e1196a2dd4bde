/**
 * Wide states: counters that fill a given number of words. They form six groups that count together.
 *
 * A step of a group writes nearly every word of the state. So hashing, comparing, copying and writing depend on the
 * width, but the number of states does not. Counters of 15 bits have more values than a dense node of a decision tree
 * takes.
 *
 * With g groups that count to t: (t + 1)^g distinct states, 1 + g t (t + 1)^(g - 1) generated, depth g t + 1.
 */
import { action, constant, forAll, mapOf, members, model, oneOf, range, schema, spec } from 'kripke'
import type { Counts } from './counts.ts'

const GROUPS = 6

interface Constants {
  readonly top: number
}

export function counts({ top }: Constants): Counts {
  const generated = 1 + GROUPS * top * (top + 1) ** (GROUPS - 1)
  return { initial: 1, generated, distinct: (top + 1) ** GROUPS, depth: GROUPS * top + 1 }
}

export default spec({
  name: 'wide',
  doc: 'What does a wide state cost?',
  constants: {
    words: constant(range(3, 64), 20, 'packed 32-bit words in a state'),
    bits: constant(oneOf(7, 15), 7, 'width of a counter'),
    top: constant(range(1, 127), 7, 'how far a group counts'),
  },
  model: ({ words, bits, top }) => {
    const Counter = members('counter', words * Math.floor(31 / bits))
    const Group = members('group', GROUPS)
    // Distributed in turn, so that the counters of each group are all over the state.
    const groups = new Map(
      Group.map((group, index) => [group, Counter.filter((_, dealt) => dealt % GROUPS === index)] as const),
    )
    const State = schema({ count: mapOf(Counter, range(0, 2 ** bits - 1)) })

    return model(State, {
      init: State(),
      actions: {
        tick: action({ group: Group }, (s, { group }) => {
          const counters = groups.get(group)!
          const next = s.count.get(counters[0]!) + 1
          if (next > top) return undefined
          return s.set(
            'count',
            counters.reduce((count, counter) => count.set(counter, next), s.count),
          )
        }),
      },
      invariants: {
        together: forAll({ group: Group }, (s, { group }) => {
          const counters = groups.get(group)!
          return s.count.get(counters[0]!) === s.count.get(counters.at(-1)!)
        }),
      },
      deadlock: false,
    })
  },
})
