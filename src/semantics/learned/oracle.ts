/**
 * Calls spec functions, and checks each answer before anything relies on it.
 *
 * Before an evaluation becomes a path of a tree, it is made several times: tracked, by reference on the same state, and
 * by reference on other states that agree in the slots read. All references must give the outcome of the path. If one
 * does not, the function is impure, or tracking missed something, such as a comparison of identities. A repeated
 * call shows whether it is impure. Otherwise reference evaluation replaces the tree from then on, which is slow but
 * right.
 *
 * A function that asks questions (`spec/questions.ts`) is called several times for one path. Each call skips the
 * predicates whose answers the tree knows already, and stops after the first predicate that it does not know. So what
 * Kripke records never depends on anything that a predicate did, except its answer. The reference calls do not skip, so
 * a predicate that does more makes them differ.
 */
import { assert, impure } from '../../errors.ts'
import { Failure } from '../failure.ts'
import type { ActionInstance, Question } from '../../spec/instances.ts'
import type { Layout } from '../../state/layout.ts'
import { NewElements } from '../../state/new-elements.ts'
import type { Shape, Slot } from '../../state/shape.ts'
import type { Way } from '../../state/tracked/reader.ts'
import { Leaked } from '../leaked.ts'
import type { KnownWay } from './joins.ts'
import { sameObservation, type Observation, type FunctionResult } from './observation.ts'
import { probeOf, type Rng } from './probe.ts'

/**
 * A function to learn: an action instance, or a predicate or measure over states or steps. For a step, `slots` holds
 * the state before, followed by the state after.
 */
export interface LearnableFunction {
  readonly of: ActionInstance | Question
  /** Makes a tracked call. Without `way`, it has no frames. */
  observe(slots: Int32Array, way?: Way): Observation
  /** Makes a call by reference: the slots of successors, a truth value, or a number. @throws {Failure} */
  refer(slots: Int32Array): readonly Int32Array[] | boolean | number
}

/** A checked outcome. `trusted` is false if reference evaluation contradicts it. */
export interface Sample {
  readonly outcome: FunctionResult
  readonly trusted: boolean
}

/** What the oracle needs of the tree of a function. */
export interface Growing {
  /** Begins a way from the root, for another call on the state. */
  begin(): Way & { conclude(outcome: FunctionResult): void; readonly isBroken: boolean }
  /** Whether the function has reported a frame. */
  readonly hasFrames: boolean
  /** The way of a state. Only if the function has reported a frame. */
  follow(slots: Int32Array): KnownWay
  /** The outcome on a state if the whole way is known. */
  outcomeOn(slots: Int32Array): FunctionResult | undefined
  /** States on which the function was learned lately. */
  readonly recent: readonly Int32Array[]
}

/** Number of samples whose probes share one background. Similar states are decoded faster. */
const SAMPLES_PER_BACKGROUND = 64

/**
 * So many paths of a function over states are confirmed in turn on any state and where collections are empty. Later ones
 * are confirmed on any state only. Paths over steps are confirmed on both.
 */
const IN_TURN = 8

/** Maximal number of tracked calls for one path, each of which learns an answer. */
const MAX_CALLS = 2 ** 20

/** How often to look for a state with other answers. */
const ATTEMPTS = 4

export class Oracle {
  /** Tracked calls of the spec's functions. */
  trackedCalls = 0
  #shared: Int32Array | undefined
  #samples = 0
  /** The sets, lists and bags of a state. */
  readonly #collections: readonly Shape[]
  /** By function: the number of paths to confirm so far. */
  readonly #confirmed = new WeakMap<LearnableFunction, number>()
  /** Whether to ask questions apart from the rest of a function; see `joins.ts`. */
  readonly asks: boolean
  readonly #layout: Layout
  readonly #rng: Rng

  constructor(layout: Layout, rng: Rng, asks: boolean = true) {
    this.#layout = layout
    this.#collections = collectionsIn(layout.shape)
    this.#rng = rng
    this.asks = asks
  }

  /**
   * Makes tracked calls of `fn` on `slots`, which extend its tree, and checks the outcome.
   *
   * @throws {Failure} KR502 if two calls give different results, KR510 if the function is known not to return
   * @throws {Leaked} if something else than its answer left a question
   */
  sample(fn: LearnableFunction, slots: Int32Array, tree: Growing): Sample {
    const observation = this.#trace(fn, slots, tree)
    const { outcome } = observation
    const reference = refer(fn, slots)
    const isSame = confirms(outcome, slots, reference)
    if (!isSame) {
      if (tree.hasFrames) throw new Leaked(fn.of.who)
      this.#requirePure(fn, slots, observation, reference)
    }
    const elsewhere = tree.hasFrames ? this.#elsewhere(slots, outcome, tree) : undefined
    if (elsewhere !== undefined && !confirms(elsewhere.outcome, elsewhere.slots, refer(fn, elsewhere.slots))) {
      throw new Leaked(fn.of.who)
    }
    const reads = tree.hasFrames ? tree.follow(slots).reads : new Set(observation.reads)
    const trusted = isSame && this.#isConfirmed(fn, slots, reads, outcome, elsewhere !== undefined)
    if (!trusted && tree.hasFrames) throw new Leaked(fn.of.who)
    return { outcome, trusted }
  }

  /**
   * Makes one tracked call without frames, for a path that belongs to no tree, and checks it.
   *
   * @throws {Failure} as `sample`
   */
  sampleAlone(fn: LearnableFunction, slots: Int32Array): { observation: Observation; trusted: boolean } {
    const observation = this.#observe(fn, slots)
    const { outcome, reads } = observation
    throwIfFinal(fn, outcome)
    const reference = refer(fn, slots)
    const isSame = confirms(outcome, slots, reference)
    if (!isSame) this.#requirePure(fn, slots, observation, reference)
    return { observation, trusted: isSame && this.#isConfirmed(fn, slots, new Set(reads), outcome) }
  }

  /** Calls a function until its whole way is known. */
  #trace(fn: LearnableFunction, slots: Int32Array, tree: Growing): Observation {
    for (let calls = 0; ; calls++) {
      assert(calls < MAX_CALLS, `${fn.of.who} asks without end`)
      const way = tree.begin()
      const observation = this.#observe(fn, slots, way)
      if (way.isBroken) {
        if (tree.hasFrames) throw new Leaked(fn.of.who)
        throw new Failure(fn.of, impure(fn.of.who, 'read the same values twice and then behaved differently'))
      }
      if (way.isStopped) {
        const outcome = tree.outcomeOn(slots)
        if (outcome !== undefined) return { reads: [], outcome }
        continue
      }
      const { outcome } = observation
      throwIfFinal(fn, outcome)
      way.conclude(outcome)
      if (way.isBroken) throw new Leaked(fn.of.who)
      return observation
    }
  }

  #observe(fn: LearnableFunction, slots: Int32Array, way?: Way): Observation {
    this.trackedCalls++
    return fn.observe(slots, way)
  }

  /**
   * A state for which the tree gives an outcome that the function was perhaps never called for: it agrees in the slots
   * that the outcome may depend on, and may answer the questions in other ways.
   */
  #elsewhere(
    slots: Int32Array,
    outcome: FunctionResult,
    tree: Growing,
  ): { slots: Int32Array; outcome: FunctionResult } | undefined {
    const { known, reads } = tree.follow(slots)
    if (known.size === reads.size) return undefined
    for (let attempt = 0; attempt < Math.min(ATTEMPTS, tree.recent.length); attempt++) {
      const background = tree.recent[this.#rng(tree.recent.length)]!
      const probe = this.#probe(slots, known, outcome, background)
      const { outcome: expected } = tree.follow(probe)
      if (expected !== undefined) return { slots: probe, outcome: expected }
    }
    return undefined
  }

  #requirePure(fn: LearnableFunction, slots: Int32Array, observation: Observation, reference: Answer): void {
    const isRepeated = sameObservation(observation, this.#observe(fn, slots)) && sameAnswer(reference, refer(fn, slots))
    if (isRepeated) return
    throw new Failure(fn.of, impure(fn.of.who, 'two calls with the same state gave different results'))
  }

  /**
   * Whether reference evaluation gives the outcome on other states that agree with `slots` in the slots read.
   *
   * @param isProbed - whether another probe has confirmed the outcome already
   */
  #isConfirmed(
    fn: LearnableFunction,
    slots: Int32Array,
    read: ReadonlySet<Slot>,
    outcome: FunctionResult,
    isProbed: boolean = false,
  ): boolean {
    const agreesOn = (probe: Int32Array): boolean => confirms(outcome, probe, refer(fn, probe))
    const isStep = slots.length > this.#layout.slots.length
    const path = this.#confirmed.get(fn) ?? 0
    this.#confirmed.set(fn, path + 1)
    const isInTurn = !isProbed && path < IN_TURN && path % 2 === 1
    const probesEmpty = (isStep || isInTurn) && this.#mayBeEmpty(slots, read)
    const probesAny = !isProbed && (isStep || !probesEmpty)
    if (probesAny && !agreesOn(this.#probe(slots, read, outcome, this.#background()))) return false
    return !probesEmpty || agreesOn(this.#empty(slots, read, outcome))
  }

  /**
   * Whether a collection that the path did not read wholly may be empty. All empty collections of a kind are one object,
   * so a comparison of identities may say there what it says nowhere else.
   */
  #mayBeEmpty(slots: Int32Array, read: ReadonlySet<Slot>): boolean {
    const count = this.#layout.slots.length
    const isStep = slots.length > count
    return this.#collections.some(({ kind, first, end }) => {
      if (kind !== 'set') return !read.has(first) || (isStep && !read.has(count + first))
      for (let slot = first; slot < end; slot++) {
        if (!read.has(slot) || (isStep && !read.has(count + slot))) return true
      }
      return false
    })
  }

  /** A state or step whose collections are as empty as the contents that were read allow. */
  #empty(slots: Int32Array, read: ReadonlySet<Slot>, outcome: FunctionResult): Int32Array {
    const blind = outcome.kind === 'successors' ? outcome.writes[0] : undefined
    const count = this.#layout.slots.length
    const probe = new Int32Array(slots.length)
    for (let base = 0; base < slots.length; base += count) {
      const part = slots.subarray(base, base + count)
      const isRead = (slot: Slot): boolean => read.has(base + slot)
      probe.set(probeOf(this.#layout, part, isRead, blind, alwaysZero), base)
    }
    return probe
  }

  #background(): Int32Array {
    const count = this.#layout.slots.length
    if (this.#samples++ % SAMPLES_PER_BACKGROUND === 0 || this.#shared === undefined) {
      this.#shared = probeOf(this.#layout, new Int32Array(count), () => false, undefined, this.#rng)
    }
    return this.#shared
  }

  /** @param background - a state, or a step as two states in a row, for the parts that are not read */
  #probe(slots: Int32Array, read: ReadonlySet<Slot>, outcome: FunctionResult, background: Int32Array): Int32Array {
    const count = this.#layout.slots.length
    const blind = outcome.kind === 'successors' ? outcome.writes[0] : undefined
    const probe = new Int32Array(slots.length)
    for (let base = 0; base < slots.length; base += count) {
      const part = slots.subarray(base, base + count)
      const behind = background.length === slots.length ? background.subarray(base, base + count) : background
      probe.set(
        probeOf(this.#layout, part, (slot) => read.has(base + slot), blind, this.#rng, behind),
        base,
      )
    }
    return probe
  }
}

const alwaysZero: Rng = () => 0

/** The sets, lists and bags of a place. */
function collectionsIn(shape: Shape): readonly Shape[] {
  switch (shape.kind) {
    case 'scalar':
      return []
    case 'optional':
      return collectionsIn(shape.inner)
    case 'union':
      return shape.variants.flatMap(collectionsIn)
    case 'map':
    case 'record':
      return shape.children.flatMap(collectionsIn)
    default:
      return [shape]
  }
}

/** Throws an error that another call does not avoid. */
function throwIfFinal(fn: LearnableFunction, outcome: FunctionResult): void {
  const isFinal = outcome.kind === 'error' && (outcome.error.code === 'KR502' || outcome.error.code === 'KR510')
  if (isFinal) throw new Failure(fn.of, outcome.error)
}

/** A result of reference evaluation: successors, a truth value, a number, or the code of the error. */
type Answer = readonly Int32Array[] | boolean | number | string

/** Makes a call by reference. */
export function refer(fn: LearnableFunction, slots: Int32Array): Answer {
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
