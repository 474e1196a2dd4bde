/**
 * Many steps at once: an action with a thousand successors, or an action that writes thousands of different values.
 *
 * `many=successors`: a jump to any place, which also begins the next round. A leaf has one successor for each place,
 * and nearly all of them are known already. `many=values`: a walk around a ring of places in strides of `by`. A tree
 * has a leaf for each place, and each lane walks the tree.
 *
 * With p places, r rounds and l lanes: `successors` has 1 + (r - 1) p distinct states, generated 1 + p + (r - 2) p^2
 * for r > 1, depth r. `values` has l p distinct states, generated l + STRIDES l p, depth 1 + ceil((p - 1) / STRIDES).
 */
import { action, constant, model, oneOf, range, schema, spec } from 'kripke'
import type { Model } from '../../src/spec/model.ts'
import type { Counts } from './counts.ts'

const STRIDES = 8

interface Constants {
  readonly many: 'successors' | 'values'
  readonly places: number
  readonly rounds: number
  readonly lanes: number
}

export function counts({ many, places, rounds, lanes }: Constants): Counts {
  if (many === 'values') {
    const generated = lanes + STRIDES * lanes * places
    return { initial: lanes, generated, distinct: lanes * places, depth: 1 + Math.ceil((places - 1) / STRIDES) }
  }
  const generated = 1 + places + (rounds - 2) * places ** 2
  return { initial: 1, generated, distinct: 1 + (rounds - 1) * places, depth: rounds }
}

function jumps(places: number, rounds: number): Model {
  const Place = Array.from({ length: places }, (_, index) => index)
  const State = schema({ place: range(0, places - 1), round: range(1, rounds) })
  return model(State, {
    init: State(),
    actions: {
      jump: (s) => (s.round < rounds ? Place.map((place) => State({ place, round: s.round + 1 })) : undefined),
    },
    invariants: { onTime: (s) => s.round <= rounds },
    deadlock: false,
  })
}

function ring(places: number, lanes: number): Model {
  const State = schema({ place: range(0, places - 1), lane: range(1, lanes) })
  return model(State, {
    init: Array.from({ length: lanes }, (_, index) => State({ lane: index + 1 })),
    actions: {
      walk: action({ by: range(1, STRIDES) }, (s, { by }) => s.set('place', (s.place + by) % places)),
    },
    invariants: { inLane: (s) => s.lane <= lanes },
  })
}

export default spec({
  name: 'many-steps',
  doc: 'What do an action with a thousand successors and a tree with thousands of leaves cost?',
  constants: {
    many: constant(oneOf('successors', 'values'), 'successors', 'what there is much of'),
    places: constant(range(STRIDES + 1, 65_536), 1000, 'places to be at'),
    rounds: constant(range(2, 256), 12, 'rounds, of successors'),
    lanes: constant(range(1, 256), 16, 'lanes to choose from in the beginning, of values'),
  },
  model: ({ many, places, rounds, lanes }) => (many === 'successors' ? jumps(places, rounds) : ring(places, lanes)),
})
