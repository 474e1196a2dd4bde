/**
 * Shapes: domains with slots assigned.
 *
 * A shape is the domain of one place in the state, such as `owner[block1]`, and names the slots that hold its value.
 * Each place has its own shape, so a shape also identifies the place.
 *
 *     domain                        shape
 *     bool, range, oneOf, ...       scalar: one slot holding the value's index in the domain
 *     value()                       scalar: one slot holding the number under which the value was interned
 *     optional(scalar)              scalar: index 0 is null
 *     optional(composite)           optional: a slot that is 1 if present, then the composite's slots
 *     mapOf(keys, values)           map: the slots of each key's value, keys in canonical order
 *     setOf(elements)               set: a slot of one bit for each element, in canonical order
 *     messages(elements)            set: the same, for those elements that occur
 *     listOf(elements, max)         list: the length, then the slots of `max` elements; so does `channel`
 *     bag(elements, max)            bag: the size, then a count for each element, in canonical order
 *     record(fields)                record: the slots of each field
 *     union(variants)               union: the tag, then the slots of the variants' other fields, which overlap
 *
 * Unused slots are 0: elements beyond a list's length, the inside of an absent optional, slots of a union that the
 * current variant does not use. So equal states have equal slots.
 *
 * A slot of a union belongs to several places, one for each variant that uses it. It is wide enough for the widest of
 * them.
 */
import { Map } from 'immutable'
import { cardinality, describe, valuesOf } from '../spec/domain-values.ts'
import { type AnyDomain, type Domain, type RecordDomain } from '../spec/domain.ts'
import { oneOf } from '../spec/domain-constructors.ts'
import { show } from '../spec/show.ts'
import type { StructFactory } from '../spec/struct.ts'
import { tagLiterals } from '../spec/union.ts'
import { valueAt } from '../spec/domain-index.ts'
import type { Interner } from './interner.ts'
import type { Elements } from './new-elements.ts'
import { both, countName, elementName, inside, lengthName, presenceName } from './slot-names.ts'

/** The number of a slot: an index into the slots of a state. */
export type Slot = number

interface Place {
  /** Such as `owner[block1]`. */
  readonly name: string
  readonly domain: AnyDomain
  /** The first of its slots. */
  readonly first: Slot
  /** One past the last of its slots. */
  readonly end: Slot
}

/** One slot that holds the index of a value. */
export interface ScalarShape extends Place {
  readonly kind: 'scalar'
  /**
   * The number of possible contents. The tag of a variant begins at the number of its first literal, other slots at 0.
   */
  readonly size: number
  /** The value with index `index`. */
  decode(index: number): unknown
  /** The index of `value`, or `ABSENT` if it is not in the domain. May intern the value. */
  encode(value: unknown): number
}

export interface OptionalShape extends Place {
  readonly kind: 'optional'
  /** Slot `first` is 1 if the value is present. */
  readonly inner: Shape
}

export interface MapShape extends Place {
  readonly kind: 'map'
  readonly keys: readonly unknown[]
  readonly children: readonly Shape[]
  /** The index of a key; `ABSENT` for other values. */
  indexOf(key: unknown): number
}

export interface SetShape extends Place {
  readonly kind: 'set'
  /** The possible elements; of a sparse set, the elements that occur. */
  readonly elements: readonly unknown[]
  /** The number of a sparse set, in the order of the schema. */
  readonly sparse: number | undefined
  /** The index of an element, whose bit is slot `first + index`; `ABSENT` for other values. */
  indexOf(element: unknown): number
}

export interface ListShape extends Place {
  readonly kind: 'list'
  /** Slot `first` holds the length. */
  readonly children: readonly Shape[]
}

export interface BagShape extends Place {
  readonly kind: 'bag'
  /** Slot `first` holds the size. */
  readonly max: number
  /** The possible elements; of a sparse bag, the elements that occur. */
  readonly elements: readonly unknown[]
  /** The number of a sparse bag among the sparse sets, in the order of the schema. */
  readonly sparse: number | undefined
  /** The index of an element, whose count is slot `first + 1 + index`; `ABSENT` for other values. */
  indexOf(element: unknown): number
}

export interface RecordShape extends Place {
  readonly kind: 'record'
  readonly factory: StructFactory<object>
  readonly names: readonly string[]
  readonly children: readonly Shape[]
}

export interface UnionShape extends Place {
  readonly kind: 'union'
  /** Slot `first`: the tag, with the literals of all variants. */
  readonly tag: ScalarShape
  /** The variants. Each has slot `first` for its tag, with only its own literals. */
  readonly variants: readonly RecordShape[]
  /** By content of slot `first`: the variant. */
  readonly byTag: readonly RecordShape[]
}

export type Shape = ScalarShape | OptionalShape | MapShape | SetShape | ListShape | BagShape | RecordShape | UnionShape

/** The index of a value outside the domain. */
export const ABSENT = -1

/** A slot before packing: its name and its number of values. */
export interface SlotSpec {
  readonly name: string
  readonly size: number
  /**
   * Whether the slot holds numbers of open values. These numbers grow with the search, and their order means nothing.
   */
  readonly open: boolean
}

/** Assigns slots, in order, to the variables of a schema. */
export class ShapeBuilder {
  readonly slots: SlotSpec[] = []
  readonly #interner: Interner
  readonly #elements: Elements
  #sparseSets = 0
  /** The next slot. It is past the end of `slots`, unless an earlier variant of a union left slots to share. */
  #next: Slot = 0

  /** @param elements - the elements of sparse sets that have slots */
  constructor(interner: Interner, elements: Elements) {
    this.#interner = interner
    this.#elements = elements
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
      case 'bag':
        return this.#bag(name, domain)
      case 'record':
        return this.#record(name, domain)
      case 'union':
        return this.#union(name, domain)
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
    return this.#adjacent([name], size, open)
  }

  /**
   * Takes slots one after another. It shares those of an earlier variant, and widens them where necessary. An open
   * place shares only open slots, because states are compared by the values that the contents of open slots stand for.
   */
  #adjacent(names: readonly string[], size: number, open = false): Slot {
    const isFree = (first: Slot): boolean =>
      this.slots.slice(first, first + names.length).every((slot) => slot.open === open)
    let first = this.#next
    while (!isFree(first)) first++
    names.forEach((name, index) => {
      const shared = this.slots[first + index]
      this.slots[first + index] =
        shared === undefined
          ? { name, size, open }
          : { name: both(shared.name, name), size: Math.max(shared.size, size), open }
    })
    this.#next = first + names.length
    return first
  }

  /** A scalar with a list of values. */
  #listed(name: string, domain: AnyDomain): ScalarShape {
    const values = valuesOf(domain)
    return listedAt(this.#slot(name, values.length), name, domain, values)
  }

  #range(name: string, domain: AnyDomain & { kind: 'range' }): ScalarShape {
    const { low, high } = domain
    const size = high - low + 1
    const first = this.#slot(name, size)
    return {
      kind: 'scalar',
      size,
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
    const size = interner.capacity + 1
    const first = this.#slot(name, size, true)
    return {
      kind: 'scalar',
      size,
      name,
      domain,
      first,
      end: first + 1,
      decode: (index) => interner.value(index),
      encode: (value) => interner.intern(value, name),
    }
  }

  #optional(name: string, domain: AnyDomain & { kind: 'optional' }): OptionalShape {
    const first = this.#slot(presenceName({ name }), 2)
    const inner = this.#shape(name, domain.inner)
    return { kind: 'optional', name, domain, first, end: inner.end, inner }
  }

  #map(name: string, domain: AnyDomain & { kind: 'map' }): MapShape {
    const keys = valuesOf(domain.keys)
    const first = this.#next
    const children = keys.map((key) => this.#shape(`${name}[${show(key)}]`, domain.values))
    return { kind: 'map', name, domain, first, end: this.#next, keys, children, indexOf: indexer(keys) }
  }

  #set(name: string, domain: AnyDomain & { kind: 'set' }): SetShape {
    const { sparse, elements } = this.#elementsOf(domain)
    const first = this.#adjacent(
      elements.map((_, index) => elementName({ name, elements }, index)),
      2,
    )
    return { kind: 'set', name, domain, first, end: this.#next, elements, sparse, indexOf: indexer(elements) }
  }

  #bag(name: string, domain: AnyDomain & { kind: 'bag' }): BagShape {
    const { max } = domain
    const { sparse, elements } = this.#elementsOf(domain)
    const counts = elements.map((_, index) => countName({ name, elements }, index))
    const first = this.#adjacent([lengthName({ name }), ...counts], max + 1)
    return { kind: 'bag', name, domain, first, end: this.#next, max, elements, sparse, indexOf: indexer(elements) }
  }

  /** The elements that get slots, and the number of the set or bag if it is sparse. */
  #elementsOf({ elements, isSparse }: { readonly elements: AnyDomain; readonly isSparse: boolean }): {
    readonly sparse: number | undefined
    readonly elements: readonly unknown[]
  } {
    if (!isSparse) return { sparse: undefined, elements: valuesOf(elements) }
    const sparse = this.#sparseSets++
    const positions = this.#elements[sparse] ?? []
    return { sparse, elements: positions.map((position) => valueAt(elements, position)) }
  }

  #list(name: string, domain: AnyDomain & { kind: 'list' }): ListShape {
    const first = this.#slot(lengthName({ name }), domain.max + 1)
    const children = Array.from({ length: domain.max }, (_, index) => this.#shape(`${name}[${index}]`, domain.elements))
    return { kind: 'list', name, domain, first, end: this.#next, children }
  }

  /** @param tag - the shape of a variant's tag, which already has its slot */
  #record(
    name: string,
    domain: AnyDomain & { kind: 'record' },
    tag?: { field: string; shape: ScalarShape },
  ): RecordShape {
    const first = tag?.shape.first ?? this.#next
    const names = Object.keys(domain.fields)
    const children = names.map((field) =>
      field === tag?.field ? tag.shape : this.#shape(inside(name, field), domain.fields[field] as AnyDomain),
    )
    const factory = domain.factory as StructFactory<object>
    return { kind: 'record', name, domain, first, end: this.#next, factory, names, children }
  }

  #union(name: string, domain: AnyDomain & { kind: 'union' }): UnionShape {
    const literals = domain.variants.map((variant) => tagLiterals(variant, domain.tag))
    const tag = this.#listed(inside(name, domain.tag), oneOf(...literals.flat()))
    const start = this.#next
    let end = start
    let least = 0
    const variants = domain.variants.map((variant, index) => {
      this.#next = start
      const own = variant.fields[domain.tag] as AnyDomain
      const shape = listedAt(tag.first, tag.name, own, literals[index]!, least)
      least += literals[index]!.length
      const made = this.#record(name, variant, { field: domain.tag, shape })
      end = Math.max(end, this.#next)
      return made
    })
    this.#next = end
    const byTag = variants.flatMap((variant, index) => literals[index]!.map(() => variant))
    return { kind: 'union', name, domain, first: tag.first, end, tag, variants, byTag }
  }
}

/** A scalar with a list of values. @param least - the index of the first one */
function listedAt(first: Slot, name: string, domain: AnyDomain, values: readonly unknown[], least = 0): ScalarShape {
  const numbers = new globalThis.Map(values.map((value, index) => [value, least + index]))
  return {
    kind: 'scalar',
    size: values.length,
    name,
    domain,
    first,
    end: first + 1,
    decode: (index) => values[index - least],
    encode: (value) => numbers.get(value) ?? ABSENT,
  }
}

/** The allowed values of a place, in one line. */
export function expected(shape: Shape): string {
  return describe(shape.domain)
}

function isScalar(domain: AnyDomain): boolean {
  return ['bool', 'range', 'oneOf', 'members'].includes(domain.kind) && cardinality(domain) <= 65_536
}

/** Finds the index of a value: primitives by identity, immutable values by value. */
function indexer(values: readonly unknown[]): (value: unknown) => number {
  if (values.every((value) => typeof value !== 'object' || value === null)) {
    const numbers = new globalThis.Map(values.map((value, index) => [value, index]))
    return (value) => numbers.get(value) ?? ABSENT
  }
  const numbers = Map(values.map((value, index) => [value, index]))
  return (value) => numbers.get(value, ABSENT)
}
