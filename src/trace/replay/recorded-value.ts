/** Compares values of the Informal Trace Format with values of a spec. */
import { is, isList, isMap, isRecord, isSet, List, Map, Set } from 'immutable'
import { isBag } from '../../spec/bag.ts'
import type { State } from '../../spec/model.ts'
import { variantOf } from '../../state/codec.ts'
import type { Layout } from '../../state/layout.ts'
import type { Shape } from '../../state/shape.ts'

/** A value as parsed from JSON. */
export type Recorded = null | boolean | number | string | readonly Recorded[] | { readonly [name: string]: Recorded }

/** A place at which a state of the spec differs from the trace. */
export interface PlaceDifference {
  /** Such as `owner[block1]`. */
  readonly path: string
  /** `undefined` if the spec or the trace does not have the place. */
  readonly spec: unknown
  readonly trace: unknown
}

/**
 * The value that a recorded value stands for, as far as the format distinguishes values: a record is a `Map`, a tuple a
 * `List`, and the empty tuple `null`. Unknown members of the format become records.
 */
export function meaning(recorded: Recorded | undefined): unknown {
  if (typeof recorded !== 'object' || recorded === null) return recorded
  if (isArray(recorded)) return List(recorded.map(meaning))
  const { '#set': set, '#map': map, '#tup': tuple, '#bigint': integer, '#unserializable': other } = recorded
  if (isArray(set)) return Set(set.map(meaning))
  if (isArray(map)) return Map(map.filter(isPair).map(([key, value]) => [meaning(key), meaning(value)]))
  if (isArray(tuple)) return tuple.length === 0 ? null : List(tuple.map(meaning))
  if (typeof integer === 'string' && /^-?\d+$/.test(integer)) {
    return Number.isSafeInteger(Number(integer)) ? Number(integer) : BigInt(integer)
  }
  if (typeof other === 'string') return /^-?(?:Infinity|[\d.]+(?:e[+-]?\d+)?)$/.test(other) ? Number(other) : NaN
  return Map(Object.entries(recorded).map(([name, value]) => [name, meaning(value)]))
}

/** A spec's value in the form of `meaning`. */
function told(value: unknown): unknown {
  if (isSet(value)) return Set(value.toArray().map(told))
  if (isList(value)) return List(value.toArray().map(told))
  if (isRecord(value))
    return Map(
      value
        .toSeq()
        .entrySeq()
        .map(([name, it]) => [name, told(it)]),
    )
  if (isBag(value)) return value.toMap().mapKeys(told)
  if (isMap(value)) return Map(value.toArray().map(([key, it]) => [told(key), told(it)]))
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value
}

/** Whether a spec's value agrees with a recorded one. */
export function agrees(value: unknown, recorded: Recorded | undefined): boolean {
  return is(told(value), meaning(recorded))
}

/**
 * The places at which a state differs from the trace. Scalars, sets, lists and optional values count as one place each.
 */
export function differences(
  { shape }: Layout,
  state: State,
  recorded: { readonly [name: string]: Recorded },
): PlaceDifference[] {
  const found: PlaceDifference[] = []
  for (const [index, name] of shape.names.entries()) {
    const trace = Object.hasOwn(recorded, name) ? meaning(recorded[name]) : undefined
    visit(shape.children[index]!, state.get(name), trace, found)
  }
  for (const [name, value] of Object.entries(recorded)) {
    if (!shape.names.includes(name)) found.push({ path: name, spec: undefined, trace: meaning(value) })
  }
  return found
}

function visit(shape: Shape, spec: unknown, trace: unknown, found: PlaceDifference[]): void {
  if (is(told(spec), trace)) return
  if (shape.kind === 'union') return visit(variantOf(shape, spec), spec, trace, found)
  if ((shape.kind === 'map' || shape.kind === 'record') && isMap(trace)) {
    const keys = shape.kind === 'map' ? shape.keys.map(told) : shape.names
    const isWhole = keys.length === trace.size && keys.every((key) => trace.has(key))
    const holder = spec as { get(key: unknown): unknown }
    const own = shape.kind === 'map' ? shape.keys : shape.names
    if (isWhole) {
      own.forEach((key, index) => visit(shape.children[index]!, holder.get(key), trace.get(keys[index]), found))
      return
    }
  }
  found.push({ path: shape.name, spec, trace })
}

function isArray(value: Recorded | undefined): value is readonly Recorded[] {
  return Array.isArray(value)
}

function isPair(value: Recorded): value is readonly [Recorded, Recorded] {
  return Array.isArray(value) && value.length === 2
}
