/**
 * The slots that the result of a spec function writes.
 *
 * A place that is still its own view, or a field that is still `Unread`, writes nothing: it keeps its content.
 * Everything else is written, even if it happens to be equal (a blind write). The exception is a slot that was read and
 * is known to be equal.
 */
import { isImmutable, isList, isMap, isRecord, isSet, type Record } from 'immutable'
import type { State } from '../../spec/model.ts'
import { bagOf, isBag } from '../../spec/bag.ts'
import {
  encodeScalar,
  overfull,
  requireBag,
  requireList,
  requireMap,
  requireRecord,
  requireSet,
  variantOf,
} from '../codec.ts'
import { NewElements } from '../new-elements.ts'
import type { BagShape, ListShape, MapShape, RecordShape, SetShape, Shape, Slot, UnionShape } from '../shape.ts'
import { BagView } from './bag-view.ts'
import { ListView } from './list-view.ts'
import { MapView } from './map-view.ts'
import type { Reader } from './reader.ts'
import { peek, Unread } from './record-view.ts'
import { SetView } from './set-view.ts'
import { viewBehind } from './view.ts'

/** Contents by slot. */
export type Writes = globalThis.Map<Slot, number>

/**
 * The writes of `result` over the state behind `reader`. May read more slots, if the content of a place moved
 * elsewhere.
 *
 * @throws {CheckerError} KR302, KR303 or KR402 for a value outside its domain
 * @throws {NewElements} with the state that has them
 */
export function writesOf(reader: Reader, shape: RecordShape, result: State): Writes {
  const writes: Writes = new globalThis.Map()
  try {
    write(reader, shape, result, writes)
  } catch (thrown) {
    // The views in the result cannot be read after the call.
    if (thrown instanceof NewElements) thrown.state = plain(result) as State
    throw thrown
  }
  return writes
}

function write(reader: Reader, shape: Shape, value: unknown, writes: Writes): void {
  switch (shape.kind) {
    case 'scalar':
      writes.set(shape.first, encodeScalar(shape, shape.domain.kind === 'value' ? plain(value) : value))
      return
    case 'optional':
      if (value === null) return clear(shape, writes)
      writes.set(shape.first, 1)
      return write(reader, shape.inner, value, writes)
    case 'map':
      return writeMap(reader, shape, value, writes)
    case 'set':
      return writeSet(reader, shape, value, writes)
    case 'list':
      return writeList(reader, shape, value, writes)
    case 'bag':
      return writeBag(reader, shape, value, writes)
    case 'record':
      return writeRecord(reader, shape, value, writes)
    case 'union':
      return writeUnion(reader, shape, value, writes)
  }
}

function inOrder(edits: ReadonlyMap<number, unknown>): [number, unknown][] {
  return [...edits].sort(([one], [other]) => one - other)
}

function writeMap(reader: Reader, shape: MapShape, value: unknown, writes: Writes): void {
  const view = viewBehind(value)
  if (view instanceof MapView && view.reader === reader && view.shape === shape) {
    // Use the order of a full encoding, so that both report the same one of several wrong values.
    for (const [index, child] of inOrder(view.edits)) write(reader, shape.children[index]!, child, writes)
    return
  }
  requireMap(shape, value)
  shape.keys.forEach((key, index) => write(reader, shape.children[index]!, value.get(key), writes))
}

function writeSet(reader: Reader, shape: SetShape, value: unknown, writes: Writes): void {
  const view = viewBehind(value)
  if (view instanceof SetView && view.reader === reader && view.shape === shape) {
    for (const [index, present] of view.edits.last) writes.set(shape.first + index, present ? 1 : 0)
    return
  }
  requireSet(shape, value)
  shape.elements.forEach((element, index) => writes.set(shape.first + index, value.has(element) ? 1 : 0))
}

function writeList(reader: Reader, shape: ListShape, value: unknown, writes: Writes): void {
  const view = viewBehind(value)
  if (view instanceof ListView && view.reader === reader && view.shape === shape) {
    const { size, elements } = view.edits
    for (const [index, element] of inOrder(elements)) {
      if (index < (size ?? Infinity)) write(reader, shape.children[index]!, element, writes)
    }
    if (size === undefined) return
    writes.set(shape.first, size)
    for (const child of shape.children.slice(size)) clear(child, writes)
    return
  }
  requireList(shape, value)
  const { size } = value
  writes.set(shape.first, size)
  value.forEach((element, index) => write(reader, shape.children[index]!, element, writes))
  for (const child of shape.children.slice(size)) clear(child, writes)
}

function writeBag(reader: Reader, shape: BagShape, value: unknown, writes: Writes): void {
  const { first } = shape
  if (value instanceof BagView && value.reader === reader && value.shape === shape) {
    if (value.isResized) {
      const { size } = value
      if (size > shape.max) throw overfull(shape, size)
      writes.set(first, size)
    }
    for (const [index, count] of value.counts) writes.set(first + 1 + index, count)
    return
  }
  requireBag(shape, value)
  writes.set(first, value.size)
  shape.elements.forEach((element, index) => writes.set(first + 1 + index, value.count(element)))
}

function writeRecord(reader: Reader, shape: RecordShape, value: unknown, writes: Writes): void {
  requireRecord(shape, value)
  shape.names.forEach((name, index) => {
    const child = shape.children[index]!
    const held = peek(shape, value, name)
    if (!(held instanceof Unread)) return write(reader, child, held, writes)
    if (held.reader === reader && held.shape === child) return
    write(reader, child, held.reader.value(held.shape), writes)
  })
}

/** If a field is still `Unread`, its tag was read. So the variant is the same, and no slot has to be cleared. */
function writeUnion(reader: Reader, shape: UnionShape, value: unknown, writes: Writes): void {
  const variant = variantOf(shape, value)
  const tag = reader.known(shape.first)
  if (tag === undefined || shape.byTag[tag] !== variant) clear(shape, writes)
  writeRecord(reader, variant, value, writes)
}

/** Clears a place: unused slots are 0. */
function clear(shape: Shape, writes: Writes): void {
  for (let slot = shape.first; slot < shape.end; slot++) writes.set(slot, 0)
}

/** Replaces each view in a value by its collection, so that the value may outlive the evaluation. */
export function plain(value: unknown): unknown {
  const view = viewBehind(value)
  if (view !== undefined) return plain(view.genuine())
  if (isBag(value)) {
    const genuine = value instanceof BagView ? value.genuine() : value
    const isPlain = genuine.every((element) => plain(element) === element)
    return isPlain ? genuine : bagOf(genuine.toMap().mapKeys(plain))
  }
  if (!isImmutable(value)) return value
  if (isRecord(value)) return plainRecord(value as unknown as Record<{ [name: string]: unknown }>)
  if (isMap(value)) {
    const isPlain = value.every((child, key) => plain(child) === child && plain(key) === key)
    return isPlain ? value : value.mapEntries(([key, child]) => [plain(key), plain(child)])
  }
  if (isSet(value) || isList(value)) return value.some((child) => plain(child) !== child) ? value.map(plain) : value
  return value
}

function plainRecord(record: Record<{ [name: string]: unknown }>): unknown {
  const fields = Object.keys(record.toObject())
  // Called on its own: as a method of the prototype, it would fill the prototype instead of a new record.
  const { constructor: make } = Object.getPrototypeOf(record) as { constructor: Record.Factory<object> }
  const values = fields.map((name) => [name, plain(record.get(name))] as const)
  return make(Object.fromEntries(values))
}
