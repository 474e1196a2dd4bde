/**
 * Reference evaluation: decode the state, call the spec's function, encode the result.
 *
 * It is slow, obvious and right. Everything faster is compared with it. It tracks nothing and caches nothing.
 */
import type { Bindings } from '../spec/bindings.ts'
import { beginCall, endCall, isRecording } from '../spec/calls.ts'
import { chosen } from '../spec/choice.ts'
import { decode, encode } from '../state/codec.ts'
import { packInto, unpack, type Layout } from '../state/layout.ts'
import type { ActionInstance, MeasureInstance, PredicateInstance, Question } from '../spec/instances.ts'
import type { State } from '../spec/model.ts'
import type { StepView } from '../spec/claim.ts'
import { failureOf, Failure } from './failure.ts'
import {
  type EvaluationProfile,
  type Evaluator,
  type Measured,
  type NextState,
  type Remark,
  type StepWatch,
  type Watch,
  type Watched,
} from './contract.ts'
import { UNKNOWN_STEP, type Successors } from './successors.ts'
import { purely } from '../spec/purity.ts'

export class ReferenceEvaluator implements Evaluator {
  readonly next: NextState
  specCalls = 0
  readonly #layout: Layout
  readonly #instances: readonly ActionInstance[]
  readonly #slots: Int32Array
  /** The state whose slots are in `#slots`. */
  #decoded: State | undefined
  #callsByAction: number[] = []

  constructor(layout: Layout, instances: readonly ActionInstance[]) {
    this.#layout = layout
    this.#instances = instances
    this.#slots = new Int32Array(layout.slots.length)
    this.next = { successors: (words, offset, out) => this.#successors(words, offset, out) }
  }

  /** The state at `words[offset..]`. */
  decode(words: Int32Array, offset: number): State {
    unpack(this.#layout, words, offset, this.#slots)
    return (this.#decoded = decode(this.#layout, this.#slots))
  }

  /**
   * The successors of `state` by one instance, as slots.
   *
   * @param of - the slots of the state, if the caller has them
   * @param choices - receives for each successor the values that the action chose, by name
   * @throws {Failure}
   */
  successorSlots(instance: ActionInstance, state: State, of?: Int32Array, choices?: Bindings[]): Int32Array[] {
    this.specCalls++
    this.#callsByAction[instance.action] = (this.#callsByAction[instance.action] ?? 0) + 1
    try {
      this.#begin(instance.who, state, of)
      return purely(() =>
        Array.from(instance.run(state), (successor) => {
          const slots = new Int32Array(this.#layout.slots.length)
          encode(this.#layout, successor, slots)
          choices?.push(chosen())
          return slots
        }),
      )
    } catch (thrown) {
      throw new Failure(instance, failureOf(instance, thrown))
    } finally {
      endCall()
    }
  }

  /** Evaluates a predicate on a state or step. @throws {Failure} */
  holds(predicate: PredicateInstance, subject: unknown, of?: Int32Array): boolean {
    return this.#ask(predicate, subject, of, () => predicate.holds(subject as never))
  }

  /** Evaluates a measure on a state or step. @throws {Failure} */
  value(measure: MeasureInstance, subject: unknown, of?: Int32Array): number {
    return this.#ask(measure, subject, of, () => measure.value(subject as never))
  }

  /** Evaluates a question on `subject`. `of` holds its slots, if the caller has them. @throws {Failure} */
  answer(question: Question, subject: unknown, of?: Int32Array): boolean | number {
    return 'holds' in question ? this.holds(question, subject, of) : this.value(question, subject, of)
  }

  #ask<T>(question: Question, subject: unknown, of: Int32Array | undefined, answer: () => T): T {
    this.specCalls++
    try {
      this.#begin(question.who, subject, of)
      return purely(answer)
    } catch (thrown) {
      throw new Failure(question, failureOf(question, thrown))
    } finally {
      endCall()
    }
  }

  /** Records that a call begins. @throws {CheckerError} KR510 if the call is known not to return */
  #begin(who: string, subject: unknown, of: Int32Array | undefined): void {
    if (!isRecording()) return
    beginCall(who, this.#layout.interner.isShared ? undefined : (of ?? this.#slotsOf(subject)))
  }

  /** The slots of a state, or of both states of a step. */
  #slotsOf(subject: unknown): Int32Array {
    if (subject === this.#decoded) return this.#slots
    const isStep = Object.getPrototypeOf(subject) === Object.prototype
    const states = isStep ? bothStates(subject as StepView<State>) : [subject as State]
    const count = this.#layout.slots.length
    const slots = new Int32Array(states.length * count)
    states.forEach((state, index) => encode(this.#layout, state, slots.subarray(index * count, (index + 1) * count)))
    return slots
  }

  /** Appends the successors of one instance to `out`, or its failure. */
  append(index: number, state: State, out: Successors, of?: Int32Array): void {
    const { width } = this.#layout
    for (const slots of this.#tried(index, state, out, of)) {
      out.reserve(1)
      packInto(this.#layout, slots, out.words, out.size * width)
      out.instance[out.size] = index
      out.step[out.size] = UNKNOWN_STEP
      out.size++
    }
  }

  #tried(index: number, state: State, out: Successors, of: Int32Array | undefined): readonly Int32Array[] {
    try {
      return this.successorSlots(this.#instances[index]!, state, of)
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      out.failure ??= thrown
      return []
    }
  }

  #successors(words: Int32Array, offset: number, out: Successors): void {
    out.size = 0
    out.failure = undefined
    const state = this.decode(words, offset)
    for (let index = 0; index < this.#instances.length; index++) this.append(index, state, out, this.#slots)
  }

  watch(predicates: readonly Watched[], measures: readonly Measured[] = []): Watch {
    const dropped = new Set<number>()
    return {
      check: (words, offset, _, report) => {
        const state = this.decode(words, offset)
        predicates.forEach(({ predicate, expected }, index) => {
          if (!dropped.has(index) && this.holds(predicate, state) !== expected) report(index)
        })
        for (const { measure, note } of measures) note(this.value(measure, state))
      },
      suspects: () => dropped.size < predicates.length || measures.length > 0,
      drop: (indexes) => indexes.forEach((index) => dropped.add(index)),
    }
  }

  watchSteps(predicates: readonly Watched[], measures: readonly Measured[] = []): StepWatch {
    const dropped = new Set<number>()
    const slots = new Int32Array(2 * this.#slots.length)
    return {
      check: (words, from, after, to, instance, report) => {
        const before = this.decode(words, from)
        slots.set(this.#slots)
        const view = stepView(this.#instances[instance]!, before, this.decode(after, to))
        slots.set(this.#slots, this.#slots.length)
        predicates.forEach(({ predicate, expected }, index) => {
          if (!dropped.has(index) && this.holds(predicate, view, slots) !== expected) report(index)
        })
        for (const { measure, note } of measures) note(this.value(measure, view, slots))
      },
      concerns: () => dropped.size < predicates.length || measures.length > 0,
      drop: (indexes) => indexes.forEach((index) => dropped.add(index)),
    }
  }

  remarks(): readonly Remark[] {
    return []
  }

  /** Runs `body`, whose calls do not count. */
  withoutCounting(body: () => void): void {
    const [calls, byAction] = [this.specCalls, [...this.#callsByAction]]
    try {
      body()
    } finally {
      this.specCalls = calls
      this.#callsByAction = byAction
    }
  }

  profile(action: number): EvaluationProfile {
    const specCalls = this.#callsByAction[action] ?? 0
    return { evaluation: 'interpreted', specCalls, treeNodes: undefined, slotsRead: undefined, remark: undefined }
  }
}

/** The view of a step that transition properties and measures receive. */
export function stepView({ definition, bindings }: ActionInstance, before: State, after: State): object {
  const { name, thread } = definition
  return { action: name, bindings, thread: thread?.name, label: thread?.label, before, after }
}

function bothStates({ before, after }: StepView<State>): [State, State] {
  return [before, after]
}
