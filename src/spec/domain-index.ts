/**
 * The position of a value in the canonical order of its domain, without listing the domain. So a set may have far more
 * possible elements than anybody could list.
 */
import { isList, isMap, isRecord, isSet, List, Set } from 'immutable'
import { isBag } from './bag.ts'
import type { AnyDomain, Domain } from './domain.ts'
import { bagsOf, bagWith, cardinality, totalMap, valuesOf } from './domain-values.ts'

/** The position of a value outside the domain. */
const OUTSIDE = -1

/** The position of `value` among `valuesOf(domain)`, or -1. Exact for domains of up to 2^53 values. */
export function positionIn(domain: Domain<unknown>, value: unknown): number {
  const it = domain as AnyDomain
  switch (it.kind) {
    case 'bool':
      return value === false ? 0 : value === true ? 1 : OUTSIDE
    case 'range':
      return Number.isSafeInteger(value) && (value as number) >= it.low && (value as number) <= it.high
        ? (value as number) - it.low
        : OUTSIDE
    case 'oneOf':
      return it.literals.indexOf(value as never)
    case 'members':
      return it.indexOf(value as never)
    case 'optional': {
      if (value === null) return 0
      const inner = positionIn(it.inner, value)
      return inner === OUTSIDE ? OUTSIDE : inner + 1
    }
    case 'map': {
      const keys = valuesOf(it.keys)
      if (!isMap(value) || value.size !== keys.length) return OUTSIDE
      return combined(keys.map((key) => [it.values, value.get(key, NOTHING)]))
    }
    case 'set': {
      const elements = valuesOf(it.elements)
      if (!isSet(value)) return OUTSIDE
      const held = elements.map((element) => value.has(element))
      if (held.filter(Boolean).length !== value.size) return OUTSIDE
      return held.reduce((position, isHeld) => 2 * position + Number(isHeld), 0)
    }
    case 'list': {
      if (!isList(value) || value.size > it.max) return OUTSIDE
      const own = combined(value.toArray().map((element) => [it.elements, element]))
      return own === OUTSIDE ? OUTSIDE : shorter(it, value.size) + own
    }
    case 'bag': {
      if (!isBag(value) || value.size > it.max) return OUTSIDE
      const elements = valuesOf(it.elements)
      const counts = elements.map((element) => value.count(element))
      if (counts.reduce((sum, count) => sum + count, 0) !== value.size) return OUTSIDE
      let [position, left] = [0, it.max]
      counts.forEach((count, index) => {
        for (let less = 0; less < count; less++) position += bagsOf(elements.length - index - 1, left - less)
        left -= count
      })
      return position
    }
    case 'record':
      if (!isRecord(value) || !(value instanceof (it.factory.record as unknown as new () => object))) return OUTSIDE
      return combined(Object.keys(it.fields).map((name) => [it.fields[name]!, value.get(name as never)]))
    case 'union': {
      let before = 0
      for (const variant of it.variants) {
        const position = positionIn(variant, value)
        if (position !== OUTSIDE) return before + position
        before += cardinality(variant)
      }
      return OUTSIDE
    }
    case 'thread':
      return positionIn(it.counter, value)
    case 'value':
      return OUTSIDE
  }
}

/** A key that a map does not have. It is in no domain. */
const NOTHING = Symbol('nothing')

/** The value at a position: `valuesOf(domain)[position]`. */
export function valueAt(domain: Domain<unknown>, position: number): unknown {
  const it = domain as AnyDomain
  switch (it.kind) {
    case 'range':
      return it.low + position
    case 'optional':
      return position === 0 ? null : valueAt(it.inner, position - 1)
    case 'map': {
      const keys = valuesOf(it.keys)
      const values = split(
        keys.map(() => it.values),
        position,
      )
      return totalMap(keys.map((key, index) => [key, values[index]]))
    }
    case 'set': {
      const elements = valuesOf(it.elements)
      const bit = (index: number): number => Math.floor(position / 2 ** (elements.length - 1 - index)) % 2
      return Set(elements.filter((_, index) => bit(index) === 1))
    }
    case 'list': {
      let length = 0
      while (length < it.max && position >= shorter(it, length + 1)) length++
      return List(
        split(
          Array.from({ length }, () => it.elements),
          position - shorter(it, length),
        ),
      )
    }
    case 'bag': {
      const elements = valuesOf(it.elements)
      let [rest, left] = [position, it.max]
      const counts = elements.map((_, index) => {
        let count = 0
        for (;;) {
          const those = bagsOf(elements.length - index - 1, left - count)
          if (rest < those) break
          rest -= those
          count++
        }
        left -= count
        return count
      })
      return bagWith(elements, counts)
    }
    case 'record': {
      const names = Object.keys(it.fields)
      const values = split(Object.values(it.fields), position)
      return it.factory(Object.fromEntries(names.map((name, index) => [name, values[index]])))
    }
    case 'union': {
      let left = position
      for (const variant of it.variants) {
        const count = cardinality(variant)
        if (left < count) return valueAt(variant, left)
        left -= count
      }
      return undefined
    }
    case 'thread':
      return valueAt(it.counter, position)
    default:
      return valuesOf(it)[position]
  }
}

/** The position of a row of values, the last of which varies fastest. */
function combined(row: readonly (readonly [domain: Domain<unknown>, value: unknown])[]): number {
  let position = 0
  for (const [domain, value] of row) {
    const own = positionIn(domain, value)
    if (own === OUTSIDE) return OUTSIDE
    position = position * cardinality(domain) + own
  }
  return position
}

/** The row of values at a position. */
function split(domains: readonly Domain<unknown>[], position: number): unknown[] {
  const row: unknown[] = []
  let left = position
  for (const domain of domains.toReversed()) {
    const count = cardinality(domain)
    row.unshift(valueAt(domain, left % count))
    left = Math.floor(left / count)
  }
  return row
}

/** The number of lists shorter than `length`. */
function shorter({ elements }: { readonly elements: AnyDomain }, length: number): number {
  let count = 0
  for (let size = 0; size < length; size++) count += cardinality(elements) ** size
  return count
}
