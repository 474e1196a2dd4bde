/** Names and values of single slots and places, for traces. */
import type { State } from '../spec/model.ts'
import type { Layout } from './layout.ts'
import type { Shape, Slot } from './shape.ts'

/** A place and the value there. */
export interface PlaceValue {
  /** Such as `owner[block1]`. */
  readonly path: string
  readonly value: unknown
}

/** A place whose value changed. */
export interface Change {
  readonly path: string
  readonly from: unknown
  readonly to: unknown
}

/** What slot `slot` says when it holds `content`, such as `bufs[user1] ∋ block2` being true. */
export function describeSlot(layout: Layout, slot: Slot, content: number): PlaceValue {
  const shape = placeOf(layout.shape, slot)
  if (shape.kind === 'scalar') return { path: shape.name, value: shape.decode(content) }
  const path = layout.slots[slot]!.name
  return { path, value: shape.kind === 'list' ? content : content === 1 }
}

/** The innermost place that has the slot as its own, not as a child's. */
function placeOf(shape: Shape, slot: Slot): Shape {
  const children = shape.kind === 'optional' ? [shape.inner] : 'children' in shape ? shape.children : []
  const child = children.find(({ first, end }) => first <= slot && slot < end)
  return child === undefined ? shape : placeOf(child, slot)
}

/** The places at which two states differ: scalars, and sets, lists and optional values as a whole. */
export function changesBetween(layout: Layout, before: State, after: State): Change[] {
  const changes: Change[] = []
  visit(layout.shape, before, after, changes)
  return changes
}

type Holder = { get(key: unknown): unknown; equals(other: unknown): boolean }

function visit(shape: Shape, before: unknown, after: unknown, changes: Change[]): void {
  if (shape.kind === 'map' || shape.kind === 'record') {
    const keys = shape.kind === 'map' ? shape.keys : shape.names
    keys.forEach((key, index) =>
      visit(shape.children[index]!, (before as Holder).get(key), (after as Holder).get(key), changes),
    )
    return
  }
  const same = before === after || ((before as Holder | null)?.equals?.(after) ?? false)
  if (!same) changes.push({ path: shape.name, from: before, to: after })
}
