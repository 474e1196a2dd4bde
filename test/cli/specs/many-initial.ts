/** Begins anywhere: `init` gives the product of three ranges, one state at a time. */
import { constant, eventually, model, oneOf, range, schema, spec } from 'kripke'

export default spec({
  name: 'many-initial',
  constants: {
    side: constant(range(1, 1000), 30, 'values of each range'),
    repeats: constant(oneOf('none', 'twice', 'endless'), 'none', 'how often init gives each state'),
    pace: constant(oneOf('fast', 'slow'), 'fast', 'how long init takes for a state'),
    fault: constant(oneOf('none', 'invariant'), 'none', 'what goes wrong'),
  },
  model: ({ side, repeats, pace, fault }) => {
    const State = schema({ a: range(0, side), b: range(1, side), c: range(1, side) })
    function* all(): Generator<ReturnType<typeof State>> {
      for (let a = 1; a <= side; a++) {
        for (let b = 1; b <= side; b++) {
          for (let c = 1; c <= side; c++) {
            // Tests wait for this line.
            if (pace === 'slow' && c === 2) console.log('packs states')
            if (pace === 'slow') for (let i = 0; i < 1_000_000; i++) Math.sqrt(i)
            yield State({ a, b, c })
          }
        }
      }
    }
    function* repeated(): Generator<ReturnType<typeof State>> {
      const rounds = { none: 1, twice: 2, endless: Infinity }[repeats]
      for (let round = 0; round < rounds; round++) yield* all()
    }
    return model(State, {
      init: repeated,
      actions: { down: (s) => (s.a > 1 || fault === 'invariant' ? s.set('a', Math.max(0, s.a - 1)) : s) },
      invariants: { above: (s) => s.a > 0 },
      goals: { corner: (s) => s.a === 1 && s.b === 1 && s.c === 1 },
      temporal: { down: eventually((s) => s.a <= 1) },
    })
  },
})
