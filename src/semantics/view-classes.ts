/**
 * Classes of states with the same view. The first state found stands for its class.
 *
 * A breadth-first search by one thread finds states in an order that depends on the spec alone, and so do its
 * representatives. A representative is a successor of another one, so paths between them are behaviors of the model.
 */
import { fromJS, isImmutable, Map, Set } from 'immutable'
import { notAView } from '../errors.ts'
import { beginCall, endCall } from '../spec/calls.ts'
import { isBag } from '../spec/bag.ts'
import type { State } from '../spec/model.ts'
import { purely } from '../spec/purity.ts'
import { inWords } from '../spec/show.ts'
import type { View } from '../spec/view.ts'
import type { Layout } from '../state/layout.ts'
import { compareStates } from '../state/order.ts'
import { failureOf } from './failure.ts'
import { grown } from './grown.ts'
import type { Rng } from './learned/probe.ts'
import type { ReferenceEvaluator } from './reference.ts'

/** A state that was not explored, and the state that stands for it. Both are packed. */
export interface ViewPair {
  readonly state: Int32Array
  readonly representative: Int32Array
}

/** Pairs kept for the audit. */
const MAX_PAIRS = 64

const WHO = 'view'

export class ViewClasses {
  /** A sample of the states that others stand for. */
  readonly pairs: ViewPair[] = []
  /** How often another state stood for one. */
  folded = 0
  readonly #view: View<State>
  readonly #reference: ReferenceEvaluator
  readonly #width: number
  readonly #rng: Rng
  /** By view: the number of the class. */
  #numbers = Map<unknown, number>().asMutable()
  /** By number: the packed representative. */
  #words: Int32Array

  constructor(view: View<State>, { width }: Layout, reference: ReferenceEvaluator, rng: Rng) {
    this.#view = view
    this.#reference = reference
    this.#width = width
    this.#rng = rng
    this.#words = new Int32Array(width * 64)
  }

  /** Replaces the state at `words[offset..]` by the representative of its class. */
  represent(words: Int32Array, offset: number): void {
    const width = this.#width
    const view = this.viewOf(this.#reference.decode(words, offset))
    const known = this.#numbers.get(view)
    if (known === undefined) {
      const at = this.#numbers.size * width
      this.#numbers.set(view, this.#numbers.size)
      if (at === this.#words.length) this.#words = grown(this.#words, 2 * at)
      for (let word = 0; word < width; word++) this.#words[at + word] = words[offset + word]!
      return
    }
    const at = known * width
    if (compareStates(words, offset, this.#words, at, width) === 0) return
    this.#sample(words.slice(offset, offset + width), at)
    for (let word = 0; word < width; word++) words[offset + word] = this.#words[at + word]!
  }

  /** The view of a state. @throws {CheckerError} KR503 and the like, KR514 for a value that cannot be compared */
  viewOf(state: State): unknown {
    try {
      beginCall(WHO, undefined)
      this.#reference.specCalls++
      const value: unknown = fromJS(purely(() => this.#view(state)))
      const isPlain = value === null || ['boolean', 'number', 'string', 'bigint'].includes(typeof value)
      if (!isPlain && !isImmutable(value) && !isBag(value)) throw notAView(inWords(value))
      return value
    } catch (thrown) {
      throw failureOf({ who: WHO, definition: { origin: undefined }, source: this.#view }, thrown)
    } finally {
      endCall()
    }
  }

  /** The views of some states. */
  viewsOf(states: readonly State[]): Set<unknown> {
    return Set(states.map((state) => this.viewOf(state)))
  }

  /** Keeps each pair with the same chance. */
  #sample(state: Int32Array, at: number): void {
    this.folded++
    const place = this.pairs.length < MAX_PAIRS ? this.pairs.length : this.#rng(this.folded)
    if (place >= MAX_PAIRS) return
    this.pairs[place] = { state, representative: this.#words.slice(at, at + this.#width) }
  }
}
