/**
 * The states of a spec as far as a test met them, by index, and the calls between them.
 *
 * Everything here is reference evaluation. Kripke evaluates a state once, when a test asks for its calls.
 */
import { Map as ValueMap } from 'immutable'
import { badOption, unknownName } from '../errors.ts'
import { openWalk, type Walk } from '../api/walk/walk.ts'
import { callText, chosenText, type Bindings } from '../spec/bindings.ts'
import type { State } from '../spec/model.ts'
import type { AnySpec } from '../spec/spec.ts'
import { HIDDEN_STEPS, type AnyDriver } from './driver.ts'

/** A call that a state allows. */
export interface Call {
  /** Tells the call from others: `put(key1)`, or `crash {kept: block1}` if the test chooses. */
  readonly name: string
  readonly action: string
  /** The parameters, and what the test chooses. */
  readonly bindings: Bindings
  /** The states after it, each once. The system chooses among them. */
  readonly to: readonly number[]
  /** Whether the constraints of the spec exclude all of them. */
  readonly isOutside: boolean
}

interface Expanded {
  readonly calls: ReadonlyMap<string, Call>
  /** The states after each hidden step. */
  readonly hidden: readonly number[]
}

export class StateGraph {
  readonly walk: Walk
  readonly initial: readonly number[]
  readonly states: State[] = []
  readonly #driver: AnyDriver
  readonly #indexes: ValueMap<State, number> = ValueMap<State, number>().asMutable()
  readonly #expanded: (Expanded | undefined)[] = []
  readonly #closures: (readonly number[] | undefined)[] = []

  /** @throws {CheckerError} KR101 or KR102 if the driver does not fit the spec, and the errors of the spec */
  constructor(spec: AnySpec, driver: AnyDriver) {
    this.#driver = driver
    this.walk = openWalk(spec, { constants: driver.constants, properties: [] })
    requireFit(this.walk, driver)
    this.initial = this.walk.initialStates.map((state) => this.indexOf(state))
  }

  /** The index of a state. Equal states have the same index. */
  indexOf(state: State): number {
    const known = this.#indexes.get(state)
    if (known !== undefined) return known
    const index = this.states.push(state) - 1
    this.#indexes.set(state, index)
    return index
  }

  /** The calls that a state allows, by name, in the order of the spec. */
  callsFrom(state: number): ReadonlyMap<string, Call> {
    return this.#expand(state).calls
  }

  /** The states after a hidden step. */
  hiddenFrom(state: number): readonly number[] {
    return this.#expand(state).hidden
  }

  /** The states after at most so many hidden steps as the driver allows, in breadth-first order. */
  closure(states: readonly number[]): readonly number[] {
    return [...new Set(states.flatMap((state) => (this.#closures[state] ??= this.#closureOf(state))))]
  }

  #closureOf(state: number): readonly number[] {
    const met = new Set([state])
    let level: readonly number[] = [state]
    for (let steps = this.#driver.hiddenSteps ?? HIDDEN_STEPS; steps > 0 && level.length > 0; steps--) {
      const next: number[] = []
      for (const after of level.flatMap((it) => this.hiddenFrom(it))) {
        if (!met.has(after)) next.push(after)
        met.add(after)
      }
      level = next
    }
    return [...met]
  }

  #expand(index: number): Expanded {
    return (this.#expanded[index] ??= this.#expandedOf(this.states[index]!))
  }

  /** @throws {CheckerError} the error of a function that fails */
  #expandedOf(state: State): Expanded {
    const { enabled, failed } = this.walk.stepsFrom(state)
    if (failed[0] !== undefined) throw failed[0].error
    const { hidden = [], skip = [], chosenByTest = [] } = this.#driver
    const calls = new Map<string, Call & { readonly to: number[]; isOutside: boolean }>()
    const unseen = new Set<number>()
    for (const { action, bindings, chosen, state: after, isOutside } of enabled) {
      if (skip.includes(action)) continue
      const to = this.indexOf(after)
      if (hidden.includes(action)) {
        unseen.add(to)
        continue
      }
      const isChosen = chosen !== undefined && chosenByTest.includes(action)
      const name = callText(action, bindings) + (isChosen ? chosenText(chosen) : '')
      const call = calls.get(name)
      if (call === undefined) {
        calls.set(name, {
          name,
          action,
          bindings: isChosen ? { ...bindings, ...chosen } : bindings,
          to: [to],
          isOutside,
        })
      } else {
        if (!call.to.includes(to)) call.to.push(to)
        call.isOutside &&= isOutside
      }
    }
    return { calls, hidden: [...unseen] }
  }
}

/** @throws {CheckerError} KR102 for a name that the spec does not have, KR101 for an action without a role */
function requireFit(walk: Walk, { actions, results = {}, hidden = [], skip = [], chosenByTest = [] }: AnyDriver): void {
  const names = [...new Set(walk.instances.map(({ action }) => action))]
  const driven = Object.keys(actions).filter((name) => actions[name] !== undefined)
  for (const name of [...driven, ...Object.keys(results), ...hidden, ...skip, ...chosenByTest]) {
    if (!names.includes(name)) throw unknownName('action', name, names, walk.spec)
  }
  for (const name of names) {
    const roles = [driven, hidden, skip].filter((it) => it.includes(name)).length
    if (roles === 1) continue
    throw badOption(
      roles === 0
        ? `the test must say what becomes of the action "${name}", but does not mention it`
        : `the action "${name}" must have one role in the test, but has several`,
      'name it in actions if the test calls it, in hidden if the system takes it by itself, in skip if it never occurs',
    )
  }
}
