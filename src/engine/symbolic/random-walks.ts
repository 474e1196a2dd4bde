/**
 * Random walks over single states. They show most slots that functions read and write before an order of variables is
 * chosen. A breadth-first search would see only the beginning of each part of the model. Each step takes an enabled
 * action instance that was taken least so far, so that all instances get a turn.
 */
import type { Rng } from '../../semantics/learned/probe.ts'
import { type NextState } from '../../semantics/contract.ts'
import { Successors } from '../../semantics/successors.ts'
import { unpack, type Layout } from '../../state/layout.ts'
import type { Slot } from '../../state/shape.ts'

/** Minimal number of states to expand, in total and for each action instance. */
const MIN_STEPS = 500
const STEPS_EACH = 8

/** Maximal number of evaluations. It matters if there are so many instances that the walk would take seconds. */
const MAX_EVALUATED = 2 ** 24

/** Minimal number of steps in a walk, in total and for each action instance. */
const MIN_LENGTH = 100
const LENGTH_EACH = 1

/** Slots and contents seen on the walks. */
export interface WalkedSlots {
  /** By action instance: the slots that it changed. */
  readonly changed: readonly ReadonlySet<Slot>[]
  /** By slot: the contents written to it. */
  readonly written: readonly ReadonlySet<number>[]
}

/** Walks from the packed states `initial`. The generator yields after each step. */
export function* randomWalks(
  next: NextState,
  instances: number,
  initial: Int32Array,
  layout: Layout,
  rng: Rng,
): Generator<void, WalkedSlots> {
  const { width } = layout
  const changed = Array.from({ length: instances }, () => new Set<Slot>())
  const written = layout.slots.map(() => new Set<number>())
  const before = new Int32Array(layout.slots.length)
  const after = new Int32Array(layout.slots.length)
  const taken = new Int32Array(instances)
  const out = new Successors(width)
  const state = new Int32Array(width)
  const steps = Math.max(MIN_STEPS, Math.min(STEPS_EACH * instances, MAX_EVALUATED / instances))
  const length = Math.max(MIN_LENGTH, LENGTH_EACH * instances)
  for (let step = 0, left = 0; step < steps; step++, left--) {
    if (left <= 0) {
      const start = rng(initial.length / width) * width
      state.set(initial.subarray(start, start + width))
      left = length
    }
    next.successors(state, 0, out)
    if (out.size === 0) {
      left = 0
      continue
    }
    // Start at a random successor, so that the first instances have no advantage over others that were taken as seldom.
    const first = rng(out.size)
    let chosen = first
    for (let index = 1; index < out.size; index++) {
      const other = (first + index) % out.size
      if (taken[out.instance[other]!]! < taken[out.instance[chosen]!]!) chosen = other
    }
    const instance = out.instance[chosen]!
    taken[instance]!++
    unpack(layout, state, 0, before)
    state.set(out.words.subarray(chosen * width, (chosen + 1) * width))
    unpack(layout, state, 0, after)
    after.forEach((content, slot) => {
      if (content === before[slot]) return
      changed[instance]!.add(slot)
      written[slot]!.add(content)
    })
    yield
  }
  return { changed, written }
}
