/** A small spec with one of everything that a command line can meet. */
import { bool, constant, forAll, model, oneOf, range, schema, spec, thread } from 'kripke'

export default spec({
  name: 'counter',
  doc: 'Counts, and goes wrong in the way that is asked for.',
  constants: {
    most: constant(range(1, 9), 3, 'where to stop'),
    fault: constant(
      oneOf('none', 'invariant', 'transition', 'deadlock', 'throw', 'domain', 'clock'),
      'none',
      'what goes wrong',
    ),
    idle: constant(bool(), false, 'read by nobody'),
  },
  assumptions: { 'more than one in a deadlock': (c) => c.fault !== 'deadlock' || c.most > 1 },
  model: ({ most, fault }) => {
    const State = schema({ n: range(0, 9), light: thread('red', 'green') })
    return model(State, {
      init: State(),
      actions: {
        up: (s) => {
          if (s.n === most) return fault === 'deadlock' ? undefined : s.set('n', fault === 'domain' ? 10 : 0)
          if (s.n === 2 && fault === 'throw') throw new TypeError('no two')
          if (s.n === 2 && fault === 'clock') return s.set('n', Date.now() % 2)
          return s.set('n', s.n + 1)
        },
      },
      threads: {
        light: { at: { red: (s) => (s.n === 0 && fault !== 'deadlock' ? s : undefined), green: {} } },
      },
      invariants: {
        notTwo: { always: () => true, unequal: (s) => fault !== 'invariant' || s.n !== 2 },
        small: forAll({ k: range(8, 9) }, (s, { k }) => s.n <= k),
      },
      transitions: { upwards: ({ before, after }) => fault !== 'transition' || after.n >= before.n },
      goals: { full: (s) => s.n === most },
    })
  },
})
