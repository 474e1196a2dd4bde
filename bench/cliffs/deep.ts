/**
 * Deep and narrow: a decimal counter with one level for each number. A level has one state for each lane.
 *
 * This shows the cost of a level. Threads cannot share a level: with a barrier after each level, two threads would wait
 * more than they work. The digits are separate slots, so the trees are small.
 *
 * With d digits and l lanes: l 10^d distinct states, as many generated, depth 10^d.
 */
import { constant, forAll, mapOf, members, model, range, schema, spec } from 'kripke'
import type { Counts } from './counts.ts'

interface Constants {
  readonly digits: number
  readonly lanes: number
}

export function counts({ digits, lanes }: Constants): Counts {
  const levels = 10 ** digits
  return { initial: lanes, generated: lanes * levels, distinct: lanes * levels, depth: levels }
}

export default spec({
  name: 'deep',
  doc: 'What does a level cost?',
  constants: {
    digits: constant(range(1, 7), 6, 'digits of the counter'),
    lanes: constant(range(1, 256), 1, 'counters to choose from in the beginning: states on a level'),
  },
  model: ({ digits, lanes }) => {
    const Digit = members('digit', digits)
    const State = schema({ digit: mapOf(Digit, range(0, 9)), lane: range(1, lanes) })

    return model(State, {
      init: Array.from({ length: lanes }, (_, index) => State({ lane: index + 1 })),
      actions: {
        increment: (s) => {
          const first = Digit.find((digit) => s.digit.get(digit) < 9)
          if (first === undefined) return undefined
          const carried = Digit.slice(0, Digit.indexOf(first)).reduce((all, digit) => all.set(digit, 0), s.digit)
          return s.set('digit', carried.set(first, s.digit.get(first) + 1))
        },
      },
      invariants: { decimal: forAll({ digit: Digit }, (s, { digit }) => s.digit.get(digit) <= 9) },
      deadlock: false,
    })
  },
})
