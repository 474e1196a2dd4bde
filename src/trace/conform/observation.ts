/**
 * Observations: partial values of variables, compiled to tests of slots.
 *
 * An observed map or record may leave out keys and fields. A set, list or bag is observed whole as an array, or in part as
 * an object: `{ block1: true }`, `{ 0: 'ask', size: 2 }`, `{ ask: 1 }`.
 */
import { isList, isSet } from 'immutable'
import { isBag } from '../../spec/bag.ts'
import { inWords, show } from '../../spec/show.ts'
import { decodeShape } from '../../state/codec.ts'
import { hintFor } from '../../state/hint.ts'
import type { Layout } from '../../state/layout.ts'
import {
  ABSENT,
  expected,
  type BagShape,
  type ListShape,
  type MapShape,
  type RecordShape,
  type ScalarShape,
  type SetShape,
  type Shape,
  type UnionShape,
} from '../../state/shape.ts'
import { countName, elementName, lengthName } from '../../state/slot-names.ts'
import type { Values } from './event.ts'
import { copiesOf, elementsOf, entriesOf, fits, isMeant, isScalar, same } from './given-value.ts'

/** A place at which a state differs from what a log says. */
export interface Mismatch {
  /** Such as `owner[block1]`. */
  readonly path: string
  readonly spec: unknown
  readonly log: unknown
}

/** A test of the slots of a state. */
export interface Observation {
  holds(slots: Int32Array): boolean
  /** Adds the places that differ; nothing if the test holds. */
  differ(slots: Int32Array, found: Mismatch[]): void
}

/** Receives what is wrong with an observation: the end of a sentence, and a hint. */
export type Complain = (problem: string, hint?: string) => never

/** An observed value that its place cannot have. */
export interface Outside {
  readonly path: string
  readonly log: unknown
  /** The values of the domain, in one line. */
  readonly expected: string
  readonly hint: string | undefined
}

/**
 * Compiles what an event observes.
 *
 * @param complain - called for variables, keys and fields that the spec does not have, and for values of the wrong kind
 * @param outside - receives values that are not in their domain. No state has them, so the test never holds.
 */
export function compileObservation(
  { shape }: Layout,
  observes: Values,
  complain: Complain,
  outside: (value: Outside) => void,
): Observation {
  const compiler = new Compiler(complain, outside)
  const entries = entriesOf(observes)
  if (entries === undefined) return complain(`must observe variables, but observes ${inWords(observes)}`)
  return all(
    entries.map(([name, given]) => {
      const index = shape.names.indexOf(String(name))
      if (index < 0) {
        return complain(`observes "${String(name)}", but the spec does not have this variable`, choices(shape.names))
      }
      return compiler.test(shape.children[index]!, given)
    }),
  )
}

/** An observation that every state meets. */
export const ANYTHING: Observation = { holds: () => true, differ: () => {} }

function all(tests: readonly Observation[]): Observation {
  if (tests.length === 1) return tests[0]!
  return {
    holds: (slots) => tests.every((test) => test.holds(slots)),
    differ: (slots, found) => tests.forEach((test) => test.differ(slots, found)),
  }
}

class Compiler {
  readonly #complain: Complain
  readonly #outside: (value: Outside) => void

  constructor(complain: Complain, outside: (value: Outside) => void) {
    this.#complain = complain
    this.#outside = outside
  }

  test(shape: Shape, given: unknown): Observation {
    if (given === undefined) {
      return this.#complain(`observes ${shape.name} as undefined`, 'leave out a value that was not observed')
    }
    switch (shape.kind) {
      case 'scalar':
        return this.#scalar(shape, given)
      case 'optional': {
        if (given === null) return this.#whole(shape, given, (slots) => slots[shape.first] === 0)
        const inner = this.test(shape.inner, given)
        return guarded(
          this.#whole(shape, given, (slots) => slots[shape.first] === 1),
          inner,
        )
      }
      case 'map':
        return this.#map(shape, given)
      case 'record':
        return this.#record(shape, given)
      case 'set':
        return this.#set(shape, given)
      case 'bag':
        return this.#bag(shape, given)
      case 'list':
        return this.#list(shape, given)
      case 'union':
        return this.#union(shape, given)
    }
  }

  /** A test of a place as a whole. */
  #whole(shape: Shape, given: unknown, holds: (slots: Int32Array) => boolean): Observation {
    return place(shape.name, given, holds, (slots) => decodeShape(shape, slots))
  }

  #never(shape: Shape, given: unknown): Observation {
    this.#outside({ path: shape.name, log: given, expected: expected(shape), hint: hintFor(shape.domain, given) })
    return this.#whole(shape, given, () => false)
  }

  #scalar(shape: ScalarShape, given: unknown): Observation {
    const { first, domain } = shape
    if (domain.kind === 'value') {
      // Without numbering the value, because it need not occur.
      const known = new Map<number, boolean>()
      return this.#whole(shape, given, (slots) => {
        const number = slots[first]!
        const before = known.get(number)
        if (before !== undefined) return before
        const isAsSeen = fits(shape.decode(number), given)
        known.set(number, isAsSeen)
        return isAsSeen
      })
    }
    const index = isScalar(given) ? shape.encode(given) : ABSENT
    return index === ABSENT ? this.#never(shape, given) : this.#whole(shape, given, (slots) => slots[first] === index)
  }

  #map(shape: MapShape, given: unknown): Observation {
    const entries = this.#entries(shape, given)
    return all(
      entries.map(([key, value]) => {
        const index = shape.keys.findIndex((it) => isMeant(it, key))
        if (index < 0) {
          return this.#complain(
            `observes ${shape.name}[${show(key)}], but ${show(key)} is not a key of this map`,
            choices(shape.keys.map(show)),
          )
        }
        return this.test(shape.children[index]!, value)
      }),
    )
  }

  #record(shape: RecordShape, given: unknown, skipped?: string): Observation {
    const entries = this.#entries(shape, given).filter(([name]) => name !== skipped)
    return all(
      entries.map(([name, value]) => {
        const index = shape.names.indexOf(String(name))
        if (index < 0) {
          return this.#complain(
            `observes ${shape.name}.${String(name)}, but the record does not have this field`,
            choices(shape.names),
          )
        }
        return this.test(shape.children[index]!, value)
      }),
    )
  }

  #union(shape: UnionShape, given: unknown): Observation {
    const { tag: field } = shape.domain as { readonly tag?: string }
    const entries = this.#entries(shape, given)
    const tag = entries.find(([name]) => name === field)
    if (tag === undefined) {
      return this.#complain(`observes ${shape.name} without its field "${field}", which says which record it is`)
    }
    const index = isScalar(tag[1]) ? shape.tag.encode(tag[1]) : ABSENT
    if (index === ABSENT) return this.#never(shape, given)
    const isTagged = this.#whole(shape, given, (slots) => slots[shape.first] === index)
    return guarded(isTagged, this.#record(shape.byTag[index]!, given, field))
  }

  #set(shape: SetShape, given: unknown): Observation {
    const { elements, first } = shape
    const parts = this.#parts(shape, given)
    if (parts === undefined) {
      const wanted = elements.map(() => 0)
      for (const element of elementsOf(given)) {
        const index = elements.findIndex((it) => same(it, element))
        if (index < 0) return this.#never(shape, given)
        wanted[index] = 1
      }
      return this.#whole(shape, given, (slots) => wanted.every((bit, index) => slots[first + index] === bit))
    }
    return all(
      parts.map(([key, value]) => {
        const index = elements.findIndex((it) => isMeant(it, key))
        if (typeof value !== 'boolean') {
          return this.#complain(`observes ${shape.name} ∋ ${show(key)} as ${inWords(value)}, but it must be a boolean`)
        }
        if (index < 0) return value ? this.#never(shape, given) : ANYTHING
        const holds = (slots: Int32Array): boolean => (slots[first + index] === 1) === value
        return place(elementName(shape, index), value, holds, (slots) => slots[first + index] === 1)
      }),
    )
  }

  #bag(shape: BagShape, given: unknown): Observation {
    const { elements, first } = shape
    const parts = this.#parts(shape, given)
    if (parts === undefined) {
      const wanted = elements.map(() => 0)
      for (const element of isBag(given) ? copiesOf(given) : elementsOf(given)) {
        const index = elements.findIndex((it) => same(it, element))
        if (index < 0) return this.#never(shape, given)
        wanted[index]!++
      }
      return this.#whole(shape, given, (slots) => wanted.every((count, index) => slots[first + 1 + index] === count))
    }
    return all(
      parts.map(([key, count]) => {
        const index = elements.findIndex((it) => isMeant(it, key))
        if (typeof count !== 'number') {
          return this.#complain(`observes ${inWords(count)} copies of ${show(key)} in ${shape.name}, not a number`)
        }
        if (index < 0) return count === 0 ? ANYTHING : this.#never(shape, given)
        const slot = first + 1 + index
        return place(
          countName(shape, index),
          count,
          (slots) => slots[slot] === count,
          (slots) => slots[slot],
        )
      }),
    )
  }

  #list(shape: ListShape, given: unknown): Observation {
    const { children, first } = shape
    const parts = this.#parts(shape, given)
    const isAsLong = (length: number): Observation => this.#whole(shape, given, (slots) => slots[first] === length)
    if (parts === undefined) {
      const items = [...elementsOf(given)]
      if (items.length > children.length) return this.#never(shape, given)
      return guarded(isAsLong(items.length), all(items.map((item, index) => this.test(children[index]!, item))))
    }
    return all(
      parts.map(([key, value]) => {
        if (key === 'size') {
          return place(
            lengthName(shape),
            value,
            (slots) => slots[first] === value,
            (slots) => slots[first],
          )
        }
        const index = Number(key)
        if (!Number.isInteger(index) || index < 0) {
          return this.#complain(
            `observes ${shape.name}[${show(key)}], but a list has places 0, 1, 2 and so on, and size`,
          )
        }
        if (index >= children.length) return this.#never(shape, given)
        const isLonger = this.#whole(shape, given, (slots) => slots[first]! > index)
        return guarded(isLonger, this.test(children[index]!, value))
      }),
    )
  }

  /** The parts of a collection that is observed in part; undefined if it is observed as a whole. */
  #parts(shape: SetShape | BagShape | ListShape, given: unknown): readonly (readonly [unknown, unknown])[] | undefined {
    if (Array.isArray(given) || isSet(given) || isList(given) || isBag(given) || given instanceof Set) return undefined
    const entries = entriesOf(given)
    if (entries !== undefined) return entries
    return this.#complain(
      `observes ${shape.name} as ${inWords(given)}, but it is a ${shape.kind}`,
      'give all its elements as an array, or some as an object',
    )
  }

  #entries(shape: Shape, given: unknown): readonly (readonly [unknown, unknown])[] {
    return (
      entriesOf(given) ??
      this.#complain(
        `observes ${shape.name} as ${inWords(given)}, but it is a ${shape.kind === 'map' ? 'map' : 'record'}`,
        'give an object with the keys that were observed',
      )
    )
  }
}

function place(
  path: string,
  log: unknown,
  holds: (slots: Int32Array) => boolean,
  value: (slots: Int32Array) => unknown,
): Observation {
  return {
    holds,
    differ: (slots, found) => {
      if (!holds(slots)) found.push({ path, spec: value(slots), log })
    },
  }
}

/** A test that matters only if another one holds. */
function guarded(guard: Observation, then: Observation): Observation {
  return {
    holds: (slots) => guard.holds(slots) && then.holds(slots),
    differ: (slots, found) => (guard.holds(slots) ? then : guard).differ(slots, found),
  }
}

function choices(names: readonly string[]): string {
  return `use one of ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', ...' : ''}`
}
