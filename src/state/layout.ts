/**
 * The layout of a state: its slots, and how they are packed into 32-bit words.
 *
 *     word 0                             word 1 (the last)
 *     31            8 7    4 3    0      31 30              0
 *     ┌──────────────┬──────┬──────┐     ┌─┬────────────────┐
 *     │ slot 2       │ 1    │ 0    │     │1│ slots 4, 3     │
 *     └──────────────┴──────┴──────┘     └─┴────────────────┘
 *                                         └ occupied: set in every packed state, so that an empty place of the
 *                                           seen set, whose last word is 0, cannot be a state
 *
 * Slots do not cross words. They are packed first fit, so a narrow slot may fill a gap in an earlier word.
 */
import { domainsIn } from '../spec/domain-values.ts'
import type { OpenDomain } from '../spec/domain.ts'
import type { Schema } from '../spec/schema.ts'
import type { StructFactory } from '../spec/struct.ts'
import { Interner } from './interner.ts'
import type { Elements } from './new-elements.ts'
import { ShapeBuilder, type RecordShape, type SlotSpec } from './shape.ts'

/** Bit 31 of the last word. */
export const OCCUPIED: number = 0x8000_0000 | 0

/** The positions of slots. The content of packed slot `s` is `(words[word[s]] >>> shift[s]) & mask[s]`. */
export interface Layout {
  readonly slots: readonly SlotSpec[]
  readonly shape: RecordShape
  readonly interner: Interner
  /** 32-bit words of a packed state. */
  readonly width: number
  /** Information in a state, in bits. */
  readonly bits: number
  readonly word: Int32Array
  readonly shift: Int32Array
  readonly mask: Int32Array
}

/** @param elements - the elements of sparse sets that have slots */
export function layOut(schema: Schema, elements: Elements = []): Layout {
  const open = domainsIn(Object.values(schema.variables)).filter(({ kind }) => kind === 'value')
  const interner = new Interner(Math.max(2, ...open.map((domain) => (domain as OpenDomain).capacity)))
  const builder = new ShapeBuilder(interner, elements)
  const shape = builder.state(schema.variables, schema.factory as unknown as StructFactory<object>)
  const { slots } = builder
  const bits = slots.map(({ size }) => bitsFor(size))
  const { word, shift, width } = pack(bits)
  const mask = Int32Array.from(bits, (count) => 2 ** count - 1)
  return { slots, shape, interner, width, bits: bits.reduce<number>((sum, count) => sum + count, 0), word, shift, mask }
}

/** Bits that distinguish `size` values. */
function bitsFor(size: number): number {
  return size <= 1 ? 0 : 32 - Math.clz32(size - 1)
}

/** Packs slots first fit into words of 32 bits. A word with a free bit comes last. */
function pack(bits: readonly number[]): { word: Int32Array; shift: Int32Array; width: number } {
  const used: number[] = []
  const word = new Int32Array(bits.length)
  const shift = new Int32Array(bits.length)
  bits.forEach((count, slot) => {
    let target = used.findIndex((taken) => taken + count <= 32)
    if (target < 0) target = used.push(0) - 1
    word[slot] = target
    shift[slot] = used[target]!
    used[target]! += count
  })
  if (!used.some((taken) => taken < 32)) used.push(0)
  const last = used.length - 1
  const spare = used.findLastIndex((taken) => taken < 32)
  if (spare !== last) {
    word.forEach((at, slot) => {
      if (at === spare) word[slot] = last
      else if (at === last) word[slot] = spare
    })
  }
  return { word, shift, width: used.length }
}

/** Unpacks the state at `words[offset..]` into `slots`. */
export function unpack({ word, shift, mask }: Layout, words: Int32Array, offset: number, slots: Int32Array): void {
  for (let slot = 0; slot < word.length; slot++) {
    slots[slot] = (words[offset + word[slot]!]! >>> shift[slot]!) & mask[slot]!
  }
}

/** Packs `slots` into `words[offset..]`, with the occupied bit set. */
export function packInto({ word, shift, width }: Layout, slots: Int32Array, words: Int32Array, offset: number): void {
  words.fill(0, offset, offset + width)
  for (let slot = 0; slot < word.length; slot++) words[offset + word[slot]!]! |= slots[slot]! << shift[slot]!
  words[offset + width - 1]! |= OCCUPIED
}

/** The slots of the state at `words[offset..]`. */
export function slotsOf(layout: Layout, words: Int32Array, offset: number = 0): Int32Array {
  const slots = new Int32Array(layout.slots.length)
  unpack(layout, words, offset, slots)
  return slots
}

/** A packed state: `layout.width` words. */
export function wordsOf(layout: Layout, slots: Int32Array): Int32Array {
  const words = new Int32Array(layout.width)
  packInto(layout, slots, words, 0)
  return words
}
