/**
 * Trees that never settle: an action that sums a map of 16 slots, so that each filling of the map is a separate path.
 *
 * With `clock=none` there are as many paths as states. With `clock=chosen` the initial state chooses the beat, which
 * the action does not read. So each path is walked `beats` times, soon after it was learned. With `clock=ticking` the
 * states are the same, but new paths come first, and their reuse comes late.
 *
 * With n slots, a total of t and b beats, F = C(n + t, t) fillings, of which U = C(n + t - 1, t - 1) are below the
 * total: b F distinct states. Generated 1 + n U, b + b n U, 1 + b n U + (b - 1) F; depth t + 1, t + 1, t + b (none,
 * chosen, ticking).
 */
import { action, constant, forAll, mapOf, members, model, oneOf, range, schema, spec } from 'kripke'
import { choose, type Counts } from './counts.ts'

interface Constants {
  readonly clock: 'none' | 'chosen' | 'ticking'
  readonly slots: number
  readonly total: number
  readonly beats: number
}

export function counts({ clock, slots, total, beats: given }: Constants): Counts {
  const beats = clock === 'none' ? 1 : given
  const fillings = choose(slots + total, total)
  const below = choose(slots + total - 1, total - 1)
  const initial = clock === 'chosen' ? beats : 1
  const ticks = clock === 'ticking' ? beats - 1 : 0
  return {
    initial,
    generated: initial + beats * slots * below + ticks * fillings,
    distinct: beats * fillings,
    depth: total + 1 + ticks,
  }
}

export default spec({
  name: 'never-settling',
  doc: 'What does an action cost that reads nearly the whole state?',
  constants: {
    clock: constant(
      oneOf('none', 'chosen', 'ticking'),
      'none',
      'what there is in a state that the action does not read',
    ),
    slots: constant(range(2, 64), 16, 'slots of the map'),
    total: constant(range(1, 100), 6, 'the most the map may hold in all'),
    beats: constant(range(1, 256), 50, 'beats of the clock'),
  },
  model: ({ clock, slots, total, beats }) => {
    const Slot = members('slot', slots)
    const State = schema({ load: mapOf(Slot, range(0, total)), beat: range(1, clock === 'none' ? 1 : beats) })

    return model(State, {
      init: clock === 'chosen' ? Array.from({ length: beats }, (_, index) => State({ beat: index + 1 })) : State(),
      actions: {
        put: action({ slot: Slot }, (s, { slot }) =>
          s.load.reduce((sum, load) => sum + load, 0) < total
            ? s.updateIn(['load', slot], (load) => load + 1)
            : undefined,
        ),
        ...(clock === 'ticking' && { tick: (s) => (s.beat < beats ? s.set('beat', s.beat + 1) : undefined) }),
      },
      invariants: { fits: forAll({ slot: Slot }, (s, { slot }) => s.load.get(slot) <= total) },
      deadlock: false,
    })
  },
})
