/** A spec whose constants have values that a file of comma-separated values must quote. */
import { constant, model, oneOf, range, schema, spec } from 'kripke'

export default spec({
  name: 'quoting',
  constants: {
    mark: constant(oneOf('say "a"', 'plain'), 'plain', 'has quotes'),
    list: constant(oneOf('a,b', 'c'), 'a,b', 'has a comma'),
  },
  model: () => {
    const State = schema({ n: range(0, 1) })
    return model(State, { init: State(), actions: { flip: (s) => s.set('n', 1 - s.n) } })
  },
})
