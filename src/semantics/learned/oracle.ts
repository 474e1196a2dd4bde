/**
 * Calls spec functions, and checks each answer before anything relies on it.
 *
 * Before an evaluation becomes a path of a tree, it is made three times: tracked, by reference on the same state, and
 * by reference on another state that agrees in the slots read. Both references must give the outcome of the path. If
 * one does not, the function is impure, or tracking missed something, such as a comparison of identities. A repeated
 * call shows whether it is impure. Otherwise reference evaluation replaces the tree from then on, which is slow but
 * right.
 */
import { impure } from '../../errors.ts'
import { Failure } from '../failure.ts'
import type { ActionInstance, Question } from '../../spec/instances.ts'
import type { Layout } from '../../state/layout.ts'
import { NewElements } from '../../state/new-elements.ts'
import { sameObservation, type Observation, type FunctionResult } from './observation.ts'
import { probeOf, type Rng } from './probe.ts'

/**
 * A function to learn: an action instance, or a predicate or measure over states or steps. For a step, `slots` holds
 * the state before, followed by the state after.
 */
export interface LearnableFunction {
  readonly of: ActionInstance | Question
  /** Makes a tracked call. */
  observe(slots: Int32Array): Observation
  /** Makes a call by reference: the slots of successors, a truth value, or a number. @throws {Failure} */
  refer(slots: Int32Array): readonly Int32Array[] | boolean | number
}

/** A checked observation. `trusted` is false if reference evaluation contradicts it. */
export interface Sample {
  readonly observation: Observation
  readonly trusted: boolean
}

/** Number of samples whose probes share one background. Similar states are decoded faster. */
const SAMPLES_PER_BACKGROUND = 64

export class Oracle {
  /** Tracked calls of the spec's functions. */
  trackedCalls = 0
  #background: Int32Array | undefined
  #samples = 0
  readonly #layout: Layout
  readonly #rng: Rng

  constructor(layout: Layout, rng: Rng) {
    this.#layout = layout
    this.#rng = rng
  }

  /**
   * Makes a tracked call of `fn` on `slots`, and checks the result.
   *
   * @throws {Failure} KR502 if two calls give different results, KR510 if the function is known not to return
   */
  sample(fn: LearnableFunction, slots: Int32Array): Sample {
    const observation = this.#observe(fn, slots)
    const { outcome } = observation
    const isFinal = outcome.kind === 'error' && (outcome.error.code === 'KR502' || outcome.error.code === 'KR510')
    if (isFinal) throw new Failure(fn.of, outcome.error)
    const reference = refer(fn, slots)
    const isSame = confirms(outcome, slots, reference)
    if (!isSame) this.#requirePure(fn, slots, observation, reference)
    const probe = this.#probe(slots, observation)
    return { observation, trusted: isSame && confirms(outcome, probe, refer(fn, probe)) }
  }

  #observe(fn: LearnableFunction, slots: Int32Array): Observation {
    this.trackedCalls++
    return fn.observe(slots)
  }

  #requirePure(fn: LearnableFunction, slots: Int32Array, observation: Observation, reference: Answer): void {
    const isRepeated = sameObservation(observation, this.#observe(fn, slots)) && sameAnswer(reference, refer(fn, slots))
    if (isRepeated) return
    throw new Failure(fn.of, impure(fn.of.who, 'two calls with the same state gave different results'))
  }

  #probe(slots: Int32Array, { reads, outcome }: Observation): Int32Array {
    const read = new Set(reads)
    const count = this.#layout.slots.length
    if (this.#samples++ % SAMPLES_PER_BACKGROUND === 0 || this.#background === undefined) {
      this.#background = probeOf(this.#layout, new Int32Array(count), () => false, undefined, this.#rng)
    }
    const blind = outcome.kind === 'successors' ? outcome.writes[0] : undefined
    const probe = new Int32Array(slots.length)
    for (let base = 0; base < slots.length; base += count) {
      const part = slots.subarray(base, base + count)
      probe.set(
        probeOf(this.#layout, part, (slot) => read.has(base + slot), blind, this.#rng, this.#background),
        base,
      )
    }
    return probe
  }
}

/** A result of reference evaluation: successors, a truth value, a number, or the code of the error. */
type Answer = readonly Int32Array[] | boolean | number | string

function refer(fn: LearnableFunction, slots: Int32Array): Answer {
  try {
    return fn.refer(slots)
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown.cause.code
    // The state itself has been evaluated before. Only a probe, which need not be reachable, may get here.
    if (thrown instanceof NewElements) return 'new elements'
    throw thrown
  }
}

/** Whether a learned outcome agrees with the result of reference evaluation on the state `slots`. */
export function confirms(outcome: FunctionResult, slots: Int32Array, reference: Answer): boolean {
  if (outcome.kind === 'truth') return outcome.truth === reference
  if (outcome.kind === 'value') return outcome.value === reference
  if (outcome.kind === 'error') return outcome.error.code === reference
  if (!Array.isArray(reference) || reference.length !== outcome.writes.length) return false
  return outcome.writes.every((writes, index) => {
    const successor = (reference as readonly Int32Array[])[index]!
    return successor.every((content, slot) => content === (writes.get(slot) ?? slots[slot]))
  })
}

function sameAnswer(one: Answer, other: Answer): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other
  const [states, others] = [one, other] as [readonly Int32Array[], readonly Int32Array[]]
  return (
    states.length === others.length &&
    states.every((slots, index) => slots.every((content, slot) => content === others[index]![slot]))
  )
}
