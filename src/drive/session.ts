/**
 * One run of the system, and the states of the spec that it may be in.
 *
 * The system may choose among successors, and may take hidden steps. So a run keeps every state that agrees with all calls and
 * observations so far. The run fails when none is left. For systems whose outputs are what a test observes, that is the relation
 * ioco: after each sequence of calls, the system shows only what the spec allows.
 *
 * @see Tretmans, "Model Based Testing with Labelled Transition Systems", in Formal Methods and Testing, LNCS 4949, 2008. We do
 *   not test that a system stays quiet, except that each call must return.
 */
import type { State } from '../spec/model.ts'
import { inTime, LATE, refused, type AnyDriver, type Observation } from './driver.ts'
import { agrees, isReturned, requireObservation } from './observation.ts'
import type { Call, StateGraph } from './state-graph.ts'

/** One row of a run: the setup, or a call, with what was observed after it. */
export interface Entry {
  /** Undefined for the setup, and for an observation without a call. */
  readonly call: Call | undefined
  readonly returned: unknown
  readonly observed: Observation
  /** The states that the spec allows here, before they are compared with what was observed. */
  readonly allowed: readonly number[]
  /** Those of them that agree with it. */
  readonly states: readonly number[]
}

/** Why a run does not fit the spec. */
export type Problem =
  | { readonly kind: 'observed' | 'refused' }
  | { readonly kind: 'returned'; readonly expected: readonly unknown[] }
  | {
      readonly kind: 'threw'
      readonly error: unknown
      readonly where: string
      /** Whether the test threw it in `results`, not the system. */
      readonly isOfTest?: boolean
    }
  | { readonly kind: 'late'; readonly where: string }

/** The end of a run that does not fit the spec. Its last entry is the step at which that showed. */
export interface Failure {
  readonly problem: Problem
  readonly entries: readonly Entry[]
}

/** The names of the calls of a run. */
export function callsOf({ entries }: Pick<Failure, 'entries'>): string[] {
  return entries.flatMap(({ call }) => (call === undefined ? [] : [call.name]))
}

/** Work of the system, or how it ended instead. */
type Ended<T> = { readonly value: T } | { readonly problem: Problem }

const NO_RUN = { pause: async (): Promise<void> => {} }

export class Session {
  readonly entries: Entry[] = []
  /** How the run ended; undefined while it fits the spec. */
  failure: Failure | undefined
  readonly #graph: StateGraph
  readonly #driver: AnyDriver
  #system: unknown

  private constructor(graph: StateGraph, driver: AnyDriver) {
    this.#graph = graph
    this.#driver = driver
  }

  /** Sets up a system, and observes it. Ends it if that throws. @throws what `setup` throws, and KR101 or KR102 for `observe` */
  static async begin(graph: StateGraph, driver: AnyDriver): Promise<Session> {
    const session = new Session(graph, driver)
    session.#system = await driver.setup(NO_RUN)
    try {
      await session.#observe(undefined, undefined, graph.closure(graph.initial))
    } catch (error) {
      await session.end()
      throw error
    }
    return session
  }

  get system(): unknown {
    return this.#system
  }

  /** The states that the system may be in. */
  get states(): readonly number[] {
    return this.entries.at(-1)?.states ?? []
  }

  /** The calls that each of these states allows, in the order of the spec. */
  calls(): Call[] {
    const [first, ...others] = this.states
    if (this.failure !== undefined || first === undefined) return []
    return [...this.#graph.callsFrom(first).values()].filter(
      ({ name, isOutside }) => !isOutside && others.every((state) => this.#graph.callsFrom(state).has(name)),
    )
  }

  /** Calls the system, and observes it. */
  async call(call: Call): Promise<void> {
    const { name, action, bindings } = call
    const before = this.#graph.closure(this.states)
    const ended = await this.#ended(name, () => this.#driver.actions[action]!(this.#system, bindings))
    if ('problem' in ended) return this.#fail(ended.problem, call, before)
    const returned = ended.value
    if (returned === refused) {
      const refusing = before.filter((state) => !this.#graph.callsFrom(state).has(name))
      if (refusing.length === 0) return this.#fail({ kind: 'refused' }, call, before)
      return await this.#observe(call, returned, this.#graph.closure(refusing))
    }
    const result = this.#driver.results?.[action]
    const after = new Set<number>()
    const expected: unknown[] = []
    for (const state of before) {
      for (const to of this.#graph.callsFrom(state).get(name)?.to ?? []) {
        if (result === undefined) {
          after.add(to)
          continue
        }
        let value: unknown
        try {
          value = result(this.#stateAt(state), bindings, this.#stateAt(to))
        } catch (error) {
          const problem = { kind: 'threw', error, where: `results.${action}`, isOfTest: true } as const
          return this.#fail(problem, call, before, returned)
        }
        if (isReturned(value, returned)) after.add(to)
        else expected.push(value)
      }
    }
    if (after.size === 0) return this.#fail({ kind: 'returned', expected }, call, before, returned)
    await this.#observe(call, returned, this.#graph.closure([...after]))
  }

  /** Observes the system again: it may have taken hidden steps. */
  async wait(): Promise<void> {
    await this.#observe(undefined, undefined, this.#graph.closure(this.states))
  }

  /** Ends the system. @throws what `teardown` throws */
  async end(): Promise<void> {
    await this.#driver.teardown?.(this.#system)
  }

  async #observe(call: Call | undefined, returned: unknown, allowed: readonly number[]): Promise<void> {
    const { observe } = this.#driver
    const ended = await this.#ended('observe', async () => (observe === undefined ? {} : await observe(this.#system)))
    if ('problem' in ended) return this.#fail(ended.problem, call, allowed, returned)
    const { spec, variables } = this.#graph.walk
    const observed = requireObservation(ended.value, variables, spec)
    const states = allowed.filter((state) => agrees(this.#stateAt(state), observed))
    this.entries.push({ call, returned, observed, allowed, states })
    if (states.length === 0) this.failure = { problem: { kind: 'observed' }, entries: this.entries }
  }

  async #ended<T>(where: string, work: () => T | PromiseLike<T>): Promise<Ended<T>> {
    try {
      const value = await inTime(this.#driver, work)
      return value === LATE ? { problem: { kind: 'late', where } } : { value }
    } catch (error) {
      return { problem: { kind: 'threw', error, where } }
    }
  }

  #fail(problem: Problem, call: Call | undefined, allowed: readonly number[], returned?: unknown): void {
    this.entries.push({ call, returned, observed: {}, allowed, states: [] })
    this.failure = { problem, entries: this.entries }
  }

  #stateAt(index: number): State {
    return this.#graph.states[index]!
  }
}
