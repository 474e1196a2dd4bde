/**
 * The order of states, which decides which of several states to show.
 *
 * It depends on the spec alone. The number of an open value depends on the order of discovery, so open values are
 * compared by their text.
 */
import { isBag } from '../spec/bag.ts'
import { isList, isMap, isRecord, isSet } from 'immutable'
import { unpack, type Layout } from './layout.ts'
import type { Slot } from './shape.ts'

/** Compares the packed states at `a[from..]` and `b[at..]`; negative, 0 or positive. */
export type StateOrder = (a: Int32Array, from: number, b: Int32Array, at: number) => number

/**
 * The order of a layout's states: it compares slots by their domains, and the last slot is the most significant. So in
 * the least state, the first of several members has moved.
 */
export function orderOf(layout: Layout): StateOrder {
  const { length } = layout.slots
  const compare = contentOrderOf(layout)
  const one = new Int32Array(length)
  const other = new Int32Array(length)
  return (a, from, b, at) => {
    unpack(layout, a, from, one)
    unpack(layout, b, at, other)
    const slot = one.findLastIndex((content, index) => content !== other[index])
    return slot < 0 ? 0 : compare(slot, one[slot]!, other[slot]!)
  }
}

/** The order of a slot's contents. */
export function contentOrderOf({ slots, interner }: Layout): (slot: Slot, one: number, other: number) => number {
  return (slot, one, other) => {
    if (one === other || !slots[slot]!.open) return one - other
    return textOf(interner.value(one)) < textOf(interner.value(other)) ? -1 : 1
  }
}

/** A text that identifies a value: equal values have the same text, others do not. */
export function textOf(value: unknown): string {
  if (isSet(value)) return `S{${value.toArray().map(textOf).sort().join()}}`
  if (isMap(value)) return `M{${value.toArray().map(entryText).sort().join()}}`
  if (isList(value)) return `L[${value.toArray().map(textOf).join()}]`
  if (isRecord(value)) return `R{${(value.toSeq().toArray() as [unknown, unknown][]).map(entryText).join()}}`
  if (isBag(value)) return `B${textOf(value.toMap())}`
  return typeof value === 'string' ? JSON.stringify(value) : `${typeof value} ${String(value)}`
}

function entryText([key, value]: [unknown, unknown]): string {
  return `${textOf(key)}:${textOf(value)}`
}

/**
 * Compares packed states word by word, as unsigned numbers. This is a different order from `orderOf`.
 *
 * @returns negative, 0 or positive
 */
export function compareStates(a: Int32Array, from: number, b: Int32Array, at: number, width: number): number {
  for (let word = 0; word < width; word++) {
    const difference = (a[from + word]! >>> 0) - (b[at + word]! >>> 0)
    if (difference !== 0) return difference
  }
  return 0
}
