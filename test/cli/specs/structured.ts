/** Constants whose records are written inside `constant(...)`. */
import { bool, constant, listOf, model, oneOf, range, record, schema, spec } from 'kripke'

const State = schema({ at: range(0, 9), round: range(0, 3) })

export default spec({
  name: 'structured',
  constants: {
    size: constant(record({ steps: range(0, 9), mode: oneOf('up', 'none') }), { steps: 2, mode: 'up' }),
    rounds: constant(listOf(record({ steps: range(0, 9), isLast: bool() }), 3), [{ steps: 1, isLast: true }]),
  },
  model: ({ size, rounds }) =>
    model(State, {
      init: State(),
      actions: {
        up: (s) => (size.mode === 'up' && s.at < size.steps ? s.set('at', s.at + 1) : undefined),
        next: (s) => {
          const round = rounds[s.round]
          return round !== undefined && !round.isLast && s.at >= round.steps ? s.set('round', s.round + 1) : undefined
        },
      },
      deadlock: false,
    }),
})
