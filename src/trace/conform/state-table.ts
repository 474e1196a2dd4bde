/** The states that a run may be in, each with a number, and the steps from them. */
import { Failure } from '../../semantics/failure.ts'
import { grown } from '../../semantics/grown.ts'
import { Successors } from '../../semantics/successors.ts'
import type { ModelContext } from '../../semantics/context.ts'
import type { State } from '../../spec/model.ts'
import { packInto, unpack } from '../../state/layout.ts'

/** The steps from a state: pairs of an action instance and the number of the state after it. */
export type Steps = Int32Array

/** Numbers states exactly, by their packed words, and asks for the steps from each state once. */
export class StateTable {
  readonly #context: ModelContext
  readonly #width: number
  readonly #numbers = new Map<string, number>()
  #words: Int32Array
  readonly #steps: (Steps | undefined)[] = []
  /** The states on which some function failed. */
  readonly #failing = new Set<number>()
  readonly #out: Successors
  readonly #slots: Int32Array

  constructor(context: ModelContext) {
    this.#context = context
    this.#width = context.layout.width
    this.#words = new Int32Array(64 * this.#width)
    this.#out = new Successors(this.#width)
    this.#slots = new Int32Array(context.layout.slots.length)
  }

  /** The number of states that were met. */
  get size(): number {
    return this.#numbers.size
  }

  /** The numbers of the initial states. */
  initial(): number[] {
    const { initial } = this.#context
    const numbers = Array.from({ length: initial.length / this.#width }, (_, index) =>
      this.#number(initial, index * this.#width),
    )
    return [...new Set(numbers)]
  }

  /** The slots of a state. The array is reused by the next call. */
  slots(state: number): Int32Array {
    unpack(this.#context.layout, this.#words, state * this.#width, this.#slots)
    return this.#slots
  }

  /** The state as a value of the spec. */
  value(state: number): State {
    return this.#context.reference.decode(this.#words, state * this.#width)
  }

  /** The steps from a state, in the order of the action instances. */
  steps(state: number): Steps {
    return (this.#steps[state] ??= this.#expand(state))
  }

  /**
   * Requires that no function of these instances fails on a state.
   *
   * @throws {Failure} of the first one that does
   */
  requireSteps(state: number, isMeant: (instance: number) => boolean): void {
    this.steps(state)
    if (!this.#failing.has(state)) return
    const { instances, reference } = this.#context
    const value = this.value(state)
    instances.forEach((instance, index) => {
      if (isMeant(index)) reference.successorSlots(instance, value)
    })
  }

  /** Whether reference evaluation gives the same steps from a state. */
  isConfirmed(state: number): boolean {
    const { instances, reference, layout } = this.#context
    const value = this.value(state)
    const words = new Int32Array(this.#width)
    const steps = instances.flatMap((instance, index) => {
      try {
        return reference.successorSlots(instance, value).flatMap((slots) => {
          packInto(layout, slots, words, 0)
          return [index, this.#number(words, 0)]
        })
      } catch (thrown) {
        if (thrown instanceof Failure) return []
        throw thrown
      }
    })
    const known = this.steps(state)
    return known.length === steps.length && steps.every((it, index) => it === known[index])
  }

  #expand(state: number): Steps {
    const out = this.#out
    this.#context.evaluator.next.successors(this.#words, state * this.#width, out)
    if (out.failure !== undefined) this.#failing.add(state)
    const steps = new Int32Array(2 * out.size)
    for (let index = 0; index < out.size; index++) {
      steps[2 * index] = out.instance[index]!
      steps[2 * index + 1] = this.#number(out.words, index * this.#width)
    }
    return steps
  }

  #number(words: Int32Array, offset: number): number {
    const width = this.#width
    let key = ''
    for (let word = 0; word < width; word++) key += `${words[offset + word]!} `
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#numbers.size
    this.#numbers.set(key, number)
    if ((number + 1) * width > this.#words.length) this.#words = grown(this.#words, 2 * this.#words.length)
    this.#words.set(words.subarray(offset, offset + width), number * width)
    return number
  }
}
