/**
 * The order of states by which "the least" is meant, when one of several is to be shown.
 *
 * It depends on the spec alone. Open values are numbered in the order in which they are first met, which depends on how the
 * spec was evaluated, so they are compared by what they are.
 */
import { isList, isMap, isRecord, isSet } from 'immutable'
import { unpack, type Layout } from './layout.ts'
import type { Slot } from './shape.ts'

/** Compares the packed states at `a[from..]` and `b[at..]`; negative, 0 or positive. */
export type StateOrder = (a: Int32Array, from: number, b: Int32Array, at: number) => number

/**
 * The order of a layout's states: slot by slot, each by its domain. The last slot weighs most, as the last digit does in no
 * number: then of several members it is the first that has moved.
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

/** The order of the contents of a slot. */
export function contentOrderOf({ slots, interner }: Layout): (slot: Slot, one: number, other: number) => number {
  return (slot, one, other) => {
    if (one === other || !slots[slot]!.open) return one - other
    return textOf(interner.value(one)) < textOf(interner.value(other)) ? -1 : 1
  }
}

/** A text that equal values share and no others do. */
export function textOf(value: unknown): string {
  if (isSet(value)) return `S{${value.toArray().map(textOf).sort().join()}}`
  if (isMap(value)) return `M{${value.toArray().map(entryText).sort().join()}}`
  if (isList(value)) return `L[${value.toArray().map(textOf).join()}]`
  if (isRecord(value)) return `R{${(value.toSeq().toArray() as [unknown, unknown][]).map(entryText).join()}}`
  return typeof value === 'string' ? JSON.stringify(value) : `${typeof value} ${String(value)}`
}

function entryText([key, value]: [unknown, unknown]): string {
  return `${textOf(key)}:${textOf(value)}`
}

/**
 * Compares packed states word by word, as unsigned numbers: an order, but not the one by which "the least" is meant.
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
