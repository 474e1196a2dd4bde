/**
 * A second state on which a learned path must be right: the same in every slot that was read, different elsewhere.
 *
 * A blind write is set to what is already there, so a function that compares collections with `===` (and so asks whether a
 * write changed anything without reading) is found out. Other slots get arbitrary values of their domain. The probe need
 * not be reachable: a function that reads the same does the same.
 */
import type { Layout } from '../../state/layout.ts'
import type { Shape, Slot } from '../../state/shape.ts'
import type { Writes } from '../../state/tracked/changes.ts'

/** Numbers from 0 up to but not including `bound`. */
export type Rng = (bound: number) => number

/** A small generator of pseudo-random numbers (mulberry32, public domain, T. Ettinger), so that runs can be repeated. */
export function rngFrom(seed: number): Rng {
  let state = seed | 0
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound)
  }
}

/**
 * Slots that agree with `slots` wherever `read` says so.
 *
 * @param blind - what a successor writes; used for slots that were not read
 * @param background - a state from which to take places none of whose slots is read or written; at random if left out
 */
export function probeOf(
  layout: Layout,
  slots: Int32Array,
  read: (slot: Slot) => boolean,
  blind: Writes | undefined,
  rng: Rng,
  background?: Int32Array,
): Int32Array {
  const probe = new Int32Array(slots.length)
  const fill = (shape: Shape): void => {
    // What was read or is written in a shared slot may belong to another variant, and be too large for this place.
    const pick = (slot: Slot, size: number): number => {
      const content = read(slot) ? slots[slot] : blind?.get(slot)
      return content !== undefined && content < size ? content : rng(size)
    }
    switch (shape.kind) {
      case 'scalar': {
        const isOpen = layout.slots[shape.first]!.open
        probe[shape.first] = pick(shape.first, isOpen ? layout.interner.size : shape.size)
        return
      }
      case 'set':
        for (let slot = shape.first; slot < shape.end; slot++) probe[slot] = pick(slot, 2)
        return
      case 'optional':
        probe[shape.first] = pick(shape.first, 2)
        if (probe[shape.first] === 1) fill(shape.inner)
        return
      case 'list':
        probe[shape.first] = pick(shape.first, shape.children.length + 1)
        for (const child of shape.children.slice(0, probe[shape.first])) fill(child)
        return
      case 'union': {
        const { first, tag, byTag } = shape
        probe[first] = pick(first, tag.size)
        for (const child of byTag[probe[first]!]!.children) if (child.first !== first) fill(child)
        return
      }
      default:
        for (const child of shape.children) fill(child)
    }
  }
  const isTouched = ({ first, end }: Shape): boolean => {
    let slot = first
    while (slot < end && !read(slot) && blind?.has(slot) !== true) slot++
    return slot < end
  }
  const fillOrCopy = (shape: Shape, from: Int32Array): void => {
    if (!isTouched(shape)) probe.set(from.subarray(shape.first, shape.end), shape.first)
    else if (shape.kind === 'map' || shape.kind === 'record')
      for (const child of shape.children) fillOrCopy(child, from)
    else fill(shape)
  }
  if (background === undefined) fill(layout.shape)
  else fillOrCopy(layout.shape, background)
  return probe
}
