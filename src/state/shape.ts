/**
 * Shapes: domains with slots assigned.
 *
 * A shape is the domain of one place in the state, such as `owner[block1]`, and says which slots hold what is there. Every
 * place has a shape of its own, so a shape is also the identity of a place.
 *
 *     domain                        shape
 *     bool, range, oneOf, ...       scalar: one slot holding the value's index in the domain
 *     value()                       scalar: one slot holding the number under which the value was interned
 *     optional(scalar)              scalar: index 0 is null
 *     optional(composite)           optional: a slot that is 1 if present, then the composite's slots
 *     mapOf(keys, values)           map: the slots of each key's value, keys in canonical order
 *     setOf(elements)               set: a slot of one bit for each element, in canonical order
 *     listOf(elements, max)         list: the length, then the slots of `max` elements
 *     record(fields)                record: the slots of each field
 *
 * Slots that hold nothing (elements beyond a list's length, the inside of an absent optional) are 0, so equal states are
 * equal slot for slot.
 */
import { Map } from 'immutable'
import { cardinality, describe, valuesOf } from '../spec/domain-values.ts'
import type { AnyDomain, Domain, RecordDomain } from '../spec/domain.ts'
import { show } from '../spec/show.ts'
import type { StructFactory } from '../spec/struct.ts'
import type { Interner } from './interner.ts'

/** A number of a slot: an index into the vector of slots that is a state. */
export type Slot = number

interface Place {
  /** The place's name, such as `owner[block1]`. */
  readonly name: string
  readonly domain: AnyDomain
  /** The first of its slots. */
  readonly first: Slot
  /** One beyond the last of its slots. */
  readonly end: Slot
}

/** One slot, holding the index of a value. */
export interface ScalarShape extends Place {
  readonly kind: 'scalar'
  /** The value numbered `index`. */
  decode(index: number): unknown
  /** The number of `value`, or `ABSENT` if the domain does not have it. May intern. */
  encode(value: unknown): number
}

export interface OptionalShape extends Place {
  readonly kind: 'optional'
  /** Slot `first` tells whether it is present. */
  readonly inner: Shape
}

export interface MapShape extends Place {
  readonly kind: 'map'
  readonly keys: readonly unknown[]
  readonly children: readonly Shape[]
  /** Index of a key; `ABSENT` for what is no key. */
  indexOf(key: unknown): number
}

export interface SetShape extends Place {
  readonly kind: 'set'
  readonly elements: readonly unknown[]
  /** Index of an element, whose bit is slot `first + index`; `ABSENT` for what is no element. */
  indexOf(element: unknown): number
}

export interface ListShape extends Place {
  readonly kind: 'list'
  /** Slot `first` holds the length. */
  readonly children: readonly Shape[]
}

export interface RecordShape extends Place {
  readonly kind: 'record'
  readonly factory: StructFactory<object>
  readonly names: readonly string[]
  readonly children: readonly Shape[]
}

export type Shape = ScalarShape | OptionalShape | MapShape | SetShape | ListShape | RecordShape

/** No index: the domain does not have the value. */
export const ABSENT = -1

/** A slot before packing: its name, and how many values it can hold. */
export interface SlotSpec {
  readonly name: string
  readonly size: number
  /** Whether values are interned: their numbers then grow with the search, and say nothing about order. */
  readonly open: boolean
}

/** Assigns slots, in order, to the variables of a schema. */
export class ShapeBuilder {
  readonly slots: SlotSpec[] = []
  readonly #interner: Interner

  constructor(interner: Interner) {
    this.#interner = interner
  }

  /** The shape of the whole state. */
  state(variables: { readonly [name: string]: Domain<unknown> }, factory: StructFactory<object>): RecordShape {
    const domain = { kind: 'record', fields: variables, factory } as unknown as RecordDomain
    return this.#record('', domain)
  }

  #shape(name: string, domain: AnyDomain): Shape {
    switch (domain.kind) {
      case 'optional':
        return isScalar(domain.inner) ? this.#listed(name, domain) : this.#optional(name, domain)
      case 'map':
        return this.#map(name, domain)
      case 'set':
        return this.#set(name, domain)
      case 'list':
        return this.#list(name, domain)
      case 'record':
        return this.#record(name, domain)
      case 'thread':
        return this.#shape(name, domain.counter)
      case 'value':
        return this.#open(name, domain)
      case 'range':
        return this.#range(name, domain)
      default:
        return this.#listed(name, domain)
    }
  }

  #slot(name: string, size: number, open = false): Slot {
    return this.slots.push({ name, size, open }) - 1
  }

  /** A scalar whose values are listed. */
  #listed(name: string, domain: AnyDomain): ScalarShape {
    const values = valuesOf(domain)
    const first = this.#slot(name, values.length)
    const numbers = new globalThis.Map(values.map((value, index) => [value, index]))
    return {
      kind: 'scalar',
      name,
      domain,
      first,
      end: first + 1,
      decode: (index) => values[index],
      encode: (value) => numbers.get(value) ?? ABSENT,
    }
  }

  #range(name: string, domain: AnyDomain & { kind: 'range' }): ScalarShape {
    const { low, high } = domain
    const first = this.#slot(name, high - low + 1)
    return {
      kind: 'scalar',
      name,
      domain,
      first,
      end: first + 1,
      decode: (index) => low + index,
      encode: (value) => {
        const inside = Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high
        return inside ? (value as number) - low : ABSENT
      },
    }
  }

  #open(name: string, domain: AnyDomain & { kind: 'value' }): ScalarShape {
    const interner = this.#interner
    const first = this.#slot(name, interner.capacity + 1, true)
    return {
      kind: 'scalar',
      name,
      domain,
      first,
      end: first + 1,
      decode: (index) => interner.value(index),
      encode: (value) => interner.intern(value, name),
    }
  }

  #optional(name: string, domain: AnyDomain & { kind: 'optional' }): OptionalShape {
    const first = this.#slot(`${name}?`, 2)
    const inner = this.#shape(name, domain.inner)
    return { kind: 'optional', name, domain, first, end: inner.end, inner }
  }

  #map(name: string, domain: AnyDomain & { kind: 'map' }): MapShape {
    const keys = valuesOf(domain.keys)
    const first = this.slots.length
    const children = keys.map((key) => this.#shape(`${name}[${show(key)}]`, domain.values))
    return { kind: 'map', name, domain, first, end: this.slots.length, keys, children, indexOf: indexer(keys) }
  }

  #set(name: string, domain: AnyDomain & { kind: 'set' }): SetShape {
    const elements = valuesOf(domain.elements)
    const first = this.slots.length
    for (const element of elements) this.#slot(`${name} ∋ ${show(element)}`, 2)
    return { kind: 'set', name, domain, first, end: this.slots.length, elements, indexOf: indexer(elements) }
  }

  #list(name: string, domain: AnyDomain & { kind: 'list' }): ListShape {
    const first = this.#slot(`${name}.size`, domain.max + 1)
    const children = Array.from({ length: domain.max }, (_, index) => this.#shape(`${name}[${index}]`, domain.elements))
    return { kind: 'list', name, domain, first, end: this.slots.length, children }
  }

  #record(name: string, domain: AnyDomain & { kind: 'record' }): RecordShape {
    const first = this.slots.length
    const names = Object.keys(domain.fields)
    const children = names.map((field) =>
      this.#shape(name === '' ? field : `${name}.${field}`, domain.fields[field] as AnyDomain),
    )
    const factory = domain.factory as StructFactory<object>
    return { kind: 'record', name, domain, first, end: this.slots.length, factory, names, children }
  }
}

/** What a place of this shape may hold, in a line. */
export function expected(shape: Shape): string {
  return describe(shape.domain)
}

function isScalar(domain: AnyDomain): boolean {
  return ['bool', 'range', 'oneOf', 'members'].includes(domain.kind) && cardinality(domain) <= 65_536
}

/** Finds values among those listed: primitives by identity, immutable values by value. */
function indexer(values: readonly unknown[]): (value: unknown) => number {
  if (values.every((value) => typeof value !== 'object' || value === null)) {
    const numbers = new globalThis.Map(values.map((value, index) => [value, index]))
    return (value) => numbers.get(value) ?? ABSENT
  }
  const numbers = Map(values.map((value, index) => [value, index]))
  return (value) => numbers.get(value, ABSENT)
}
