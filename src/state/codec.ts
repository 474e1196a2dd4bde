/**
 * Encodes immutable.js values to slots, and decodes them, without tracking. The reference evaluator uses this.
 *
 * Decoding builds collections in canonical order with the same constructors, so values with equal slots even iterate
 * alike. `encode` and `decode` are inverse to each other; a test checks that for random domains.
 */
import { isList, isMap, isRecord, isSet, List, Set, type Map, type Record } from 'immutable'
import { outsideDomain } from '../errors.ts'
import { isBag, type Bag } from '../spec/bag.ts'
import type { BagDomain, ListDomain, MapDomain, SetDomain } from '../spec/domain.ts'
import type { State } from '../spec/model.ts'
import { positionIn } from '../spec/domain-index.ts'
import { bagWith, totalMap } from '../spec/domain-values.ts'
import type { Layout } from './layout.ts'
import { hintFor } from './hint.ts'
import { NewElements } from './new-elements.ts'
import {
  ABSENT,
  expected,
  type BagShape,
  type ListShape,
  type MapShape,
  type RecordShape,
  type SetShape,
  type Shape,
  type UnionShape,
} from './shape.ts'
import { inWords } from '../spec/show.ts'

export function decode(layout: Layout, slots: Int32Array): State {
  return decodeShape(layout.shape, slots) as State
}

/**
 * Writes the slots of `state`.
 *
 * @throws {CheckerError} KR302 for the first value outside its domain, KR303 or KR402 for open variables
 * @throws {NewElements} with the state
 */
export function encode(layout: Layout, state: State, slots: Int32Array): void {
  try {
    encodeShape(layout.shape, state, slots)
  } catch (thrown) {
    if (thrown instanceof NewElements) thrown.state = state
    throw thrown
  }
}

/** The value of one place of a state. */
export function decodeShape(shape: Shape, slots: Int32Array): unknown {
  switch (shape.kind) {
    case 'scalar':
      return shape.decode(slots[shape.first]!)
    case 'optional':
      return slots[shape.first] === 0 ? null : decodeShape(shape.inner, slots)
    case 'map':
      return totalMap(shape.keys.map((key, index) => [key, decodeShape(shape.children[index]!, slots)]))
    case 'set':
      return Set(shape.elements.filter((_, index) => slots[shape.first + index] === 1))
    case 'list':
      return List(shape.children.slice(0, slots[shape.first]).map((child) => decodeShape(child, slots)))
    case 'bag':
      return bagWith(shape.elements, slots.subarray(shape.first + 1, shape.end))
    case 'record': {
      const { factory, names, children } = shape
      return factory.record(
        Object.fromEntries(names.map((name, index) => [name, decodeShape(children[index]!, slots)])),
      )
    }
    case 'union':
      return decodeShape(shape.byTag[slots[shape.first]!]!, slots)
  }
}

function encodeShape(shape: Shape, value: unknown, slots: Int32Array): void {
  switch (shape.kind) {
    case 'scalar':
      slots[shape.first] = encodeScalar(shape, value)
      return
    case 'optional':
      slots.fill(0, shape.first, shape.end)
      if (value === null) return
      slots[shape.first] = 1
      return encodeShape(shape.inner, value, slots)
    case 'map':
      requireMap(shape, value)
      shape.keys.forEach((key, index) => encodeShape(shape.children[index]!, value.get(key), slots))
      return
    case 'set':
      requireSet(shape, value)
      shape.elements.forEach((element, index) => (slots[shape.first + index] = value.has(element) ? 1 : 0))
      return
    case 'list':
      requireList(shape, value)
      slots.fill(0, shape.first, shape.end)
      slots[shape.first] = value.size
      value.forEach((element, index) => encodeShape(shape.children[index]!, element, slots))
      return
    case 'bag':
      requireBag(shape, value)
      slots[shape.first] = value.size
      shape.elements.forEach((element, index) => (slots[shape.first + 1 + index] = value.count(element)))
      return
    case 'record':
      requireRecord(shape, value)
      shape.names.forEach((name, index) => encodeShape(shape.children[index]!, value.get(name), slots))
      return
    case 'union':
      slots.fill(0, shape.first, shape.end)
      return encodeShape(variantOf(shape, value), value, slots)
  }
}

/** The index of a scalar's value. @throws {CheckerError} KR302 */
export function encodeScalar(shape: Shape & { kind: 'scalar' }, value: unknown): number {
  const index = shape.encode(value)
  if (index === ABSENT) throw outside(shape, value)
  return index
}

/** Requires a map with exactly the keys of the shape. */
export function requireMap(shape: MapShape, value: unknown): asserts value is Map<unknown, unknown> {
  if (!isMap(value)) throw outside(shape, value)
  if (value.size === shape.keys.length && shape.keys.every((key) => value.has(key))) return
  const strays = [...value.keys()].filter((key) => shape.indexOf(key) === ABSENT)
  if (strays.length > 0) {
    const hint =
      hintFor((shape.domain as MapDomain).keys, strays[0]) ?? 'write only keys of the domain, or widen the domain'
    throw outsideDomain(shape.name, `a map with the key ${inWords(strays[0])}`, expected(shape), hint)
  }
  const missing = shape.keys.find((key) => !value.has(key))
  const hint = 'change the existing map with set, and declare values that may be missing as optional(...)'
  throw outsideDomain(shape.name, `a map without the key ${inWords(missing)}`, expected(shape), hint)
}

/**
 * Requires a set whose elements are all in the shape.
 *
 * @throws {NewElements} if all others are elements without slots
 */
export function requireSet(shape: SetShape, value: unknown): asserts value is Set<unknown> {
  if (!isSet(value)) throw outside(shape, value)
  requireElements(shape, value, 'set')
}

/** The same for a bag, which must not be too large either. */
export function requireBag(shape: BagShape, value: unknown): asserts value is Bag<unknown> {
  if (!isBag(value)) throw outside(shape, value)
  if (value.size > shape.max) throw overfull(shape, value.size)
  requireElements(shape, value, 'bag')
}

/** KR302 for a bag with more elements than its bound. */
export function overfull(shape: BagShape, size: number): Error {
  const hint = `take the step only if the bag has room, as in ${roomIn(shape.name, shape.max)}, or raise the bound of bag(...)`
  return outsideDomain(shape.name, `a bag of size ${size}`, expected(shape), hint)
}

/** Requires that a set or bag has only elements in the shape. */
function requireElements(shape: SetShape | BagShape, value: Iterable<unknown>, kind: 'set' | 'bag'): void {
  const strays = [...value].filter((element) => shape.indexOf(element) === ABSENT)
  if (strays.length === 0) return
  const { elements } = shape.domain as SetDomain | BagDomain
  const { sparse } = shape
  const others = sparse === undefined ? strays : strays.filter((stray) => positionIn(elements, stray) === ABSENT)
  if (sparse !== undefined && others.length === 0) {
    throw new NewElements(strays.map((element) => [sparse, positionIn(elements, element)]))
  }
  const [outsider] = others
  const hint = hintFor(elements, outsider)
  throw outsideDomain(shape.name, `a ${kind} with the element ${inWords(outsider)}`, expected(shape), hint)
}

/** Requires a list that is not too long. */
export function requireList(shape: ListShape, value: unknown): asserts value is List<unknown> {
  if (!isList(value)) throw outside(shape, value)
  if (value.size > shape.children.length) {
    const hint = (shape.domain as ListDomain).isChannel
      ? `send only if the channel has room, as in ${roomIn(shape.name, shape.children.length)}, or raise the bound of channel(...)`
      : 'guard the step that makes the list longer, or give listOf a greater length'
    throw outsideDomain(shape.name, `a list of length ${value.size}`, expected(shape), hint)
  }
}

/** The condition under which a place has room for one more element, as an author writes it. */
function roomIn(name: string, max: number): string {
  return `s.${name.replaceAll(/\[(.*?)\]/g, '.get($1)')}.size < ${max}`
}

/** Requires a record made by the shape's own constructor. */
export function requireRecord(
  shape: RecordShape,
  value: unknown,
): asserts value is Record<{ [name: string]: unknown }> {
  if (!isMadeBy(shape, value)) throw outside(shape, value)
}

/** The variant whose constructor made `value`. @throws {CheckerError} KR302 if there is none */
export function variantOf(shape: UnionShape, value: unknown): RecordShape {
  const variant = shape.variants.find((one) => isMadeBy(one, value))
  if (variant === undefined) throw outside(shape, value)
  return variant
}

function isMadeBy({ factory }: RecordShape, value: unknown): boolean {
  return isRecord(value) && value instanceof (factory.record as unknown as new () => object)
}

/** KR302 for `value` in the place of `shape`. */
export function outside(shape: Shape, value: unknown): Error {
  return outsideDomain(shape.name, inWords(value), expected(shape), hintFor(shape.domain, value))
}
