/** More states than anybody can explore. Tests wait for the line that it prints. */
import { action, constant, model, range, schema, setOf, spec } from 'kripke'

export default spec({
  name: 'endless',
  constants: { bits: constant(range(1, 40), 40, 'as many bits has a state') },
  model: ({ bits }) => {
    const State = schema({ bits: setOf(range(1, bits)) })
    let calls = 0
    const set = action({ bit: range(1, bits) }, (s: ReturnType<typeof State>, { bit }) => {
      if (s.bits.size === 3 && ++calls === 400) console.log('goes on')
      return s.set('bits', s.bits.add(bit))
    })
    return model(State, { init: State(), actions: { set } })
  },
})
