/** More states than anybody can explore. Tests wait for the line that it prints. */
import { action, constant, model, range, schema, setOf, spec } from 'kripke'

export default spec({
  name: 'endless',
  constants: {
    bits: constant(range(1, 40), 40, 'as many bits has a state'),
    slowFrom: constant(range(1, 41), 41, 'with so many bits, each call takes long'),
  },
  model: ({ bits, slowFrom }) => {
    const State = schema({ bits: setOf(range(1, bits)) })
    let calls = 0
    const set = action({ bit: range(1, bits) }, (s: ReturnType<typeof State>, { bit }) => {
      if (s.bits.size === 3 && ++calls === 400) console.log('goes on')
      if (bits >= slowFrom) for (let turn = 0; turn < 5_000_000; turn++) Math.sqrt(turn)
      return s.set('bits', s.bits.add(bit))
    })
    return model(State, { init: State(), actions: { set } })
  },
})
