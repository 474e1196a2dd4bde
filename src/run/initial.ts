/** The initial states of a model, packed. */
import { isRecord } from 'immutable'
import { badDefinition, initialOutsideDomain, noInitialState, tooManyInitialStates } from '../errors.ts'
import { failureOf } from '../next/failure.ts'
import { beginCall, endCall } from '../spec/calls.ts'
import { grown } from '../next/next-state.ts'
import { purely } from '../spec/purity.ts'
import type { Model, State } from '../spec/model.ts'
import { encode } from '../state/codec.ts'
import { packInto, type Layout } from '../state/layout.ts'
import { inWords } from '../spec/show.ts'

/** More initial states than this are taken for an iterable without an end. */
const MOST_INITIAL_STATES = 10_000_000

/** States packed between two looks at the clock. */
const STRIDE = 256

const FIRST_CAPACITY = 16

/**
 * Packs the initial states in the order given, repeats included. States are packed as they come, so that a million of them
 * never exist at once as objects.
 */
export class InitialStates {
  readonly #model: Model
  readonly #layout: Layout
  readonly #most: number
  readonly #slots: Int32Array
  #given: Iterator<unknown> | undefined
  #words: Int32Array
  #count = 0

  /** @param most - the most that there may be */
  constructor(model: Model, layout: Layout, most: number = MOST_INITIAL_STATES) {
    this.#model = model
    this.#layout = layout
    this.#most = most
    this.#slots = new Int32Array(layout.slots.length)
    this.#words = new Int32Array(FIRST_CAPACITY * layout.width)
  }

  /** How many have been packed. */
  get count(): number {
    return this.#count
  }

  /** Bytes that they take. */
  get bytes(): number {
    return this.#words.byteLength
  }

  /** Those packed so far, `layout.width` words for each. */
  get words(): Int32Array {
    return this.#words.slice(0, this.#count * this.#layout.width)
  }

  /**
   * Goes on until all are packed, or `pause` says so.
   *
   * @returns whether all are packed
   * @throws {CheckerError} KR207 if there is none, KR206 for something that is no state, KR208 for one outside its domains,
   *   KR211 for too many
   */
  pack(pause: () => boolean = () => false): boolean {
    try {
      return purely(() => this.#pack(pause))
    } catch (thrown) {
      const error = failureOf({ who: 'init', definition: this.#model }, thrown)
      // Known before the search: the spec's mistake, not an evaluation's.
      throw error.code.startsWith('KR3') ? initialOutsideDomain(error) : error
    }
  }

  /** Packs the first `count` of them, or all if there are fewer. Throws what `pack` throws. */
  packFirst(count: number): Int32Array {
    this.pack(() => this.#count >= count)
    return this.words
  }

  #pack(pause: () => boolean): boolean {
    this.#given ??= callingInit(() => given(this.#model))
    const states = this.#given
    const next = (): IteratorResult<unknown> => states.next()
    while (!pause()) {
      for (let left = STRIDE; left > 0; left--) {
        const { done, value } = callingInit(next)
        if (done === true) {
          if (this.#count === 0) throw noInitialState()
          return true
        }
        this.#append(value)
      }
    }
    return false
  }

  #append(value: unknown): void {
    const { width } = this.#layout
    if (!isState(this.#model, value)) {
      throw badDefinition(
        'init',
        `must give states of the schema, but gave ${inWords(value)}`,
        'build states with the schema: State({ ... })',
      )
    }
    if (this.#count === this.#most) throw tooManyInitialStates(this.#most)
    const at = this.#count * width
    if (at === this.#words.length) this.#words = grown(this.#words, 2 * at)
    encode(this.#layout, value, this.#slots)
    packInto(this.#layout, this.#slots, this.#words, at)
    this.#count++
  }
}

/** Calls `init`, or what it gave for another state. */
function callingInit<T>(call: () => T): T {
  beginCall('init', undefined)
  try {
    return call()
  } finally {
    endCall()
  }
}

/** What `init` gives, one by one. */
function given(model: Model): Iterator<unknown> {
  const all = model.init()
  const isIterable =
    typeof all === 'object' && all !== null && Symbol.iterator in all && !isRecord(all) && !isState(model, all)
  return (isIterable ? (all as Iterable<unknown>) : [all])[Symbol.iterator]()
}

function isState({ schema }: Model, value: unknown): value is State {
  return value instanceof (schema.factory.record as unknown as new () => object)
}

/** All initial states at once: see `InitialStates`. */
export function packInitialStates(model: Model, layout: Layout): Int32Array {
  const states = new InitialStates(model, layout)
  states.pack()
  return states.words
}
