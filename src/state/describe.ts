/** Names and values of single slots and places, for traces. */
import type { State } from '../spec/model.ts'
import { variantOf } from './codec.ts'
import type { Layout } from './layout.ts'
import type { Shape, Slot } from './shape.ts'
import { countName, elementName, lengthName, presenceName } from './slot-names.ts'

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

/** The path and the value of a slot, such as `bufs[user1] ∋ block2` and true. */
export function describeSlot({ shape: root }: Layout, slots: Int32Array, slot: Slot): PlaceValue {
  const content = slots[slot]!
  const shape = placeOf(root, slots, slot)
  switch (shape.kind) {
    case 'scalar':
      return { path: shape.name, value: shape.decode(content) }
    case 'set':
      return { path: elementName(shape, slot - shape.first), value: content === 1 }
    case 'list':
      return { path: lengthName(shape), value: content }
    case 'bag':
      return {
        path: slot === shape.first ? lengthName(shape) : countName(shape, slot - shape.first - 1),
        value: content,
      }
    default:
      return { path: presenceName(shape), value: content === 1 }
  }
}

/** The innermost place that owns the slot itself, not through a child. */
function placeOf(shape: Shape, slots: Int32Array, slot: Slot): Shape {
  const child = childrenOf(shape, slots).find(({ first, end }) => first <= slot && slot < end)
  return child === undefined ? shape : placeOf(child, slots, slot)
}

function childrenOf(shape: Shape, slots: Int32Array): readonly Shape[] {
  if (shape.kind === 'optional') return [shape.inner]
  if (shape.kind === 'union') return shape.byTag[slots[shape.first]!]!.children
  return 'children' in shape ? shape.children : []
}

/** The places in which two states differ. Scalars, sets, lists, bags and optional values count as one place each. */
export function changesBetween(layout: Layout, before: State, after: State): Change[] {
  const changes: Change[] = []
  visit(layout.shape, before, after, changes)
  return changes
}

type Holder = { get(key: unknown): unknown; equals(other: unknown): boolean }

function visit(shape: Shape, before: unknown, after: unknown, changes: Change[]): void {
  if (shape.kind === 'union') {
    const [one, other] = [variantOf(shape, before), variantOf(shape, after)]
    if (one === other) return visit(one, before, after, changes)
  }
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
