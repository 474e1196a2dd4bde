/**
 * Probes: a second state on which a learned path must be right. It has the same contents in all slots read, and other
 * contents elsewhere.
 *
 * A blindly written slot gets the content that the write would give it. That detects functions that compare collections
 * with `===`, which tells without a read whether a write changed anything. Other slots get arbitrary values of their
 * domains. The probe need not be reachable, because a function that reads the same contents gives the same result.
 */
import type { Layout } from '../../state/layout.ts'
import type { BagShape, Shape, Slot } from '../../state/shape.ts'
import type { Writes } from '../../state/tracked/changes.ts'

/** Random numbers from 0 to below `bound`. */
export type Rng = (bound: number) => number

/** A small pseudo-random generator (mulberry32, public domain, T. Ettinger), so that runs are repeatable. */
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
 * A state that agrees with `slots` in all slots that `read` selects.
 *
 * @param blind - the writes of a successor, used for slots that were not read
 * @param background - supplies the parts of the state without a slot that is read or written. Random if left out.
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
    // A shared slot may have been read or written as part of another variant, whose content may be too large here.
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
      case 'bag':
        return fillBag(probe, shape, (slot) => (read(slot) ? slots[slot] : undefined), blind, rng)
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

/** Fills a bag, so that its counts add up to its size. @param known - the contents of the slots that were read */
function fillBag(
  probe: Int32Array,
  { first, end, max }: BagShape,
  known: (slot: Slot) => number | undefined,
  blind: Writes | undefined,
  rng: Rng,
): void {
  const counts = Array.from({ length: end - first - 1 }, (_, index) => first + 1 + index)
  const free = counts.filter((slot) => known(slot) === undefined)
  let room = max
  const put = (slot: Slot, count: number): void => {
    probe[slot] = Math.min(count, room)
    room -= probe[slot]
  }
  for (const slot of counts) put(slot, known(slot) ?? 0)
  const size = known(first)
  // If the size is known, the other counts make up the rest of it.
  if (size !== undefined) room = Math.max(0, size - (max - room))
  for (const slot of free) put(slot, blind?.get(slot) ?? 0)
  const others = blind === undefined ? free : free.filter((slot) => !blind.has(slot))
  const open = others.length > 0 || size === undefined ? others : free
  for (let left = size === undefined ? rng(room + 1) : room; left > 0 && open.length > 0; left--, room--) {
    probe[open[rng(open.length)]!]!++
  }
  probe[first] = counts.reduce((sum, slot) => sum + probe[slot]!, 0)
}
