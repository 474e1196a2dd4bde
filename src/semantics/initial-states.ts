/** The initial states of a model, packed. */
import { isRecord } from 'immutable'
import { badDefinition, initialOutsideDomain, noInitialState, tooManyInitialStates } from '../errors.ts'
import { failureOf } from './failure.ts'
import { beginCall, endCall } from '../spec/calls.ts'
import { grown } from './grown.ts'
import { purely } from '../spec/purity.ts'
import type { Model, State } from '../spec/model.ts'
import { encode } from '../state/codec.ts'
import { packInto, type Layout } from '../state/layout.ts'
import { inWords } from '../spec/show.ts'

/** Maximal number of initial states. A longer iterable counts as endless. */
const MAX_INITIAL_STATES = 10_000_000

/** States packed between two checks of the clock. */
const STRIDE = 256

const FIRST_CAPACITY = 16

/**
 * Packs the initial states in the given order, repeats included. It packs each state as it comes, so that a million
 * states never exist as objects at the same time.
 */
export class InitialStates {
  readonly #model: Model
  readonly #layout: Layout
  readonly #most: number
  readonly #slots: Int32Array
  #given: Iterator<unknown> | undefined
  #words: Int32Array
  #count = 0

  /** @param most - maximal number of initial states */
  constructor(model: Model, layout: Layout, most: number = MAX_INITIAL_STATES) {
    this.#model = model
    this.#layout = layout
    this.#most = most
    this.#slots = new Int32Array(layout.slots.length)
    this.#words = new Int32Array(FIRST_CAPACITY * layout.width)
  }

  get count(): number {
    return this.#count
  }

  get bytes(): number {
    return this.#words.byteLength
  }

  /** The states packed so far, `layout.width` words for each. */
  get words(): Int32Array {
    return this.#words.slice(0, this.#count * this.#layout.width)
  }

  /**
   * Packs states until all are packed or `pause` returns true.
   *
   * @returns whether all are packed
   * @throws {CheckerError} KR207 if there is no state, KR206 for a value that is not a state, KR208 for a state outside
   *   its domains, KR211 for too many
   */
  pack(pause: () => boolean = () => false): boolean {
    try {
      return purely(() => this.#pack(pause))
    } catch (thrown) {
      const error = failureOf({ who: 'init', definition: this.#model }, thrown)
      // The search has not begun, so this is a mistake in the spec, not a failed evaluation.
      throw error.code.startsWith('KR3') ? initialOutsideDomain(error) : error
    }
  }

  /** Packs the first `count` states, or all if there are fewer. Throws the same errors as `pack`. */
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
        'make each initial state with the schema: State({ ... })',
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

/** Calls `init` or its iterator, and records the call. */
function callingInit<T>(call: () => T): T {
  beginCall('init', undefined)
  try {
    return call()
  } finally {
    endCall()
  }
}

function given(model: Model): Iterator<unknown> {
  const all = model.init()
  const isIterable =
    typeof all === 'object' && all !== null && Symbol.iterator in all && !isRecord(all) && !isState(model, all)
  return (isIterable ? (all as Iterable<unknown>) : [all])[Symbol.iterator]()
}

function isState({ schema }: Model, value: unknown): value is State {
  return value instanceof (schema.factory.record as unknown as new () => object)
}

export function packInitialStates(model: Model, layout: Layout): Int32Array {
  const states = new InitialStates(model, layout)
  states.pack()
  return states.words
}
