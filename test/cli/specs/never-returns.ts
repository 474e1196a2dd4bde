/** Two counters, and a function that does not return at one place: 3 and 2. */
import { action, always, constant, mapOf, members, model, oneOf, range, schema, spec } from 'kripke'

const PLACES = [
  'nowhere',
  'action',
  'invariant',
  'transition',
  'constraint',
  'temporal',
  'symmetric',
  'level',
  'init',
  'model',
] as const

const never = (): never => {
  // Tests wait for this line.
  console.log('does not return')
  for (;;);
}

export default spec({
  name: 'never-returns',
  constants: {
    where: constant(oneOf(...PLACES), 'nowhere', 'the function that does not return'),
    size: constant(range(3, 1000), 4, 'how far the counters go'),
    wide: constant(range(1, 1000), 1, 'how far a third counter goes, which makes levels large'),
  },
  model: ({ where, size, wide }) => {
    if (where === 'model') never()
    const Process = members('process', 2, { symmetric: true })
    const State = schema({
      x: range(0, size),
      y: range(0, size),
      z: range(0, wide),
      turns: mapOf(Process, range(0, 2)),
    })
    type S = ReturnType<typeof State>
    const isThere = (s: S): boolean => s.x === 3 && s.y === 2
    return model(State, {
      init: () => (where === 'init' ? never() : State()),
      deadlock: false,
      actions: {
        right: (s) => {
          if ((where === 'action' && isThere(s)) || (where === 'level' && s.x + s.y === 3)) never()
          return s.x < size && s.set('x', s.x + 1)
        },
        up: (s) => s.y < size && s.set('y', s.y + 1),
        out: (s) => wide > 1 && s.z < wide && s.set('z', s.z + 1),
        turn: action({ process: Process }, (s, { process }) => {
          if (where === 'symmetric' && s.turns.get(process) === 1) return never()
          return where === 'symmetric' && s.updateIn(['turns', process], (count) => count + 1)
        }),
      },
      constraints: { bounded: (s) => (where === 'constraint' && isThere(s) ? never() : true) },
      invariants: {
        left: (s) => s.x < 2,
        fine: (s) => (where === 'invariant' && isThere(s) ? never() : true),
      },
      transitions: {
        onwards: ({ before, after }) =>
          where === 'transition' && isThere(before) && after.x === 4 ? never() : after.x >= before.x,
      },
      ...(where === 'temporal' && { temporal: { stays: always((s: S) => (isThere(s) ? never() : s.x >= 0)) } }),
    })
  },
})
