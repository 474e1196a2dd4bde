/**
 * Die Hard: measure four gallons with a three-gallon and a five-gallon jug.
 *
 * Source: L. Lamport, tlaplus/Examples, specifications/DieHard/DieHard.tla.
 */
import { model, range, schema, spec } from 'kripke'

const State = schema({ small: range(0, 3), big: range(0, 5) })

export default spec({
  name: 'die-hard',
  doc: 'The invariant claims that the big jug never holds four gallons; its counterexample is the solution.',
  model: () =>
    model(State, {
      init: State(),
      actions: {
        fillSmall: (s) => s.set('small', 3),
        fillBig: (s) => s.set('big', 5),
        emptySmall: (s) => s.set('small', 0),
        emptyBig: (s) => s.set('big', 0),
        smallToBig: (s) => {
          const poured = Math.min(s.small, 5 - s.big)
          return s.merge({ small: s.small - poured, big: s.big + poured })
        },
        bigToSmall: (s) => {
          const poured = Math.min(s.big, 3 - s.small)
          return s.merge({ small: s.small + poured, big: s.big - poured })
        },
      },
      invariants: { bigIsNotFour: (s) => s.big !== 4 },
    }),
})
