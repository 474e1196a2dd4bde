/**
 * Random walks, state by state, so that most of what functions read and write is known before an
 * order of variables is chosen. Breadth-first search would see the beginning of everything and the end of nothing.
 * Each step is by an action instance that was taken least so far, so that all have their turn.
 */
import type { Rng } from '../../semantics/learned/probe.ts'
import { type NextState } from '../../semantics/contract.ts'
import { Successors } from '../../semantics/successors.ts'
import { unpack, type Layout } from '../../state/layout.ts'
import type { Slot } from '../../state/shape.ts'

/** States expanded at least, and for each action instance. */
const MIN_STEPS = 500
const STEPS_EACH = 8

/** Action instances evaluated, if there are so many that walking that far would take seconds. */
const MAX_EVALUATED = 2 ** 24

/** Steps of one walk at least, and for each action instance. */
const MIN_LENGTH = 100
const LENGTH_EACH = 1

/** What was seen on the path. */
export interface WalkedSlots {
  /** By action instance: the slots that it was seen to change. */
  readonly changed: readonly ReadonlySet<Slot>[]
  /** By slot: the contents that were seen to be written to it. */
  readonly written: readonly ReadonlySet<number>[]
}

/** Walks from the packed states `initial`, and pauses after each step. */
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
    // From anywhere, so that the first instances are not preferred to others that were taken as seldom.
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
