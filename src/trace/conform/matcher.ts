/** Events, compiled for a model: which action instances they may stand for, and which states they accept. */
import { badEvent, nearestName } from '../../errors.ts'
import type { ModelContext } from '../../semantics/context.ts'
import type { ActionInstance } from '../../spec/instances.ts'
import { inWords, show } from '../../spec/show.ts'
import { actionsOf, ANY, INIT, problemOf, textOf, type LogEvent, type PlacedEvent } from './event.ts'
import { same } from './given-value.ts'
import { ANYTHING, compileObservation, type Observation, type Outside } from './observation.ts'

/** A compiled event. */
export interface Matcher {
  readonly id: number
  readonly event: LogEvent
  /** For each action instance: whether the event may stand for a step of it. Undefined for an event without an action. */
  readonly isMeant: readonly boolean[] | undefined
  readonly observation: Observation
  /** Bound and observed values that are not in their domain. */
  readonly outside: readonly Outside[]
  /** Names of actions that the spec does not have. */
  readonly unknown: readonly string[]
  /** Whether the event says in which state the run began. */
  readonly isStart: boolean
}

/** Compiles events, equal ones once. */
export class Matchers {
  readonly #context: Pick<ModelContext, 'name' | 'layout' | 'instances' | 'model'>
  readonly #known = new Map<string, Matcher>()
  #count = 0

  constructor(context: Pick<ModelContext, 'name' | 'layout' | 'instances' | 'model'>) {
    this.#context = context
  }

  /**
   * @param where - the place of the event, as the subject of a sentence
   * @throws {CheckerError} KR108 for what is not an event of the spec
   */
  of({ event }: PlacedEvent, where: () => string): Matcher {
    const problem = problemOf(event)
    if (problem !== undefined) throw badEvent(where(), problem)
    const text = textOf(event)
    const known = text === undefined ? undefined : this.#known.get(text)
    if (known !== undefined) return known
    const matcher = this.#compile(event, where)
    if (text !== undefined) this.#known.set(text, matcher)
    return matcher
  }

  #compile(event: LogEvent, where: () => string): Matcher {
    const { layout, instances } = this.#context
    const complain = (what: string, hint?: string): never => {
      throw badEvent(where(), what, hint)
    }
    const outside: Outside[] = []
    const { observes } = event
    const observation =
      observes === undefined
        ? ANYTHING
        : compileObservation(layout, observes, complain, (value) => void outside.push(value))
    const names = actionsOf(event)
    const isStart = this.#isStart(names)
    const isStep = names !== undefined && !isStart
    const unknown = isStep ? this.#unknownOf(event, names, where) : []
    if (isStep) outside.push(...this.#outside(event, names))
    const isMeant = isStep ? instances.map((instance) => isMeantBy(event, names, instance)) : undefined
    return { id: this.#count++, event, isMeant, observation, outside, unknown, isStart }
  }

  /** @throws {CheckerError} KR108 for an event about the initial state that is not the first one */
  refuseStart(where: string, index: number): never {
    throw badEvent(
      where,
      `is about the initial state ("${INIT}") and must be the first event, but is event ${index + 1}`,
    )
  }

  #isStart(names: readonly string[] | undefined): boolean {
    return names?.length === 1 && names[0] === INIT && this.#context.model.actions.every(({ name }) => name !== INIT)
  }

  /** The names that the spec does not have as actions. Other constants may bring them. @throws {CheckerError} KR108 */
  #unknownOf({ bindings = {} }: LogEvent, names: readonly string[], where: () => string): string[] {
    const { actions } = this.#context.model
    const unknown = names.filter((name) => name !== ANY && actions.every((action) => action.name !== name))
    if (unknown.length > 0) return unknown
    const named = actions.filter(({ name }) => names.includes(ANY) || names.includes(name))
    const parameters = [...new Set(named.flatMap(({ parameters: own }) => Object.keys(own)))]
    for (const name of Object.keys(bindings)) {
      if (parameters.includes(name)) continue
      const problem = `binds "${name}", but ${names.join(' or ')} does not have this parameter`
      throw badEvent(where(), problem, parameters.length === 0 ? undefined : nearestName(name, parameters))
    }
    return []
  }

  /** The bound values that no parameter of the actions can have. */
  #outside({ bindings = {} }: LogEvent, names: readonly string[]): Outside[] {
    const named = this.#context.instances.filter((instance) => isNamed(names, instance))
    return Object.entries(bindings).flatMap(([name, value]) => {
      const values = named.flatMap(({ bindings: own }) => (Object.hasOwn(own, name) ? [own[name]] : []))
      if (values.length === 0 || values.some((own) => same(own, value))) return []
      return [
        { path: name, log: value, expected: [...new Set(values.map(show))].join(', '), hint: hintOf(value, values) },
      ]
    })
  }
}

/** How to write a value that differs from one of the possible values in its type alone. */
function hintOf(value: unknown, values: readonly unknown[]): string | undefined {
  const other = values.find((it) => String(it) === String(value))
  if (other === undefined || typeof other === typeof value) return undefined
  return `write ${inWords(other)}: the domain contains the ${typeof other}, not the ${typeof value}`
}

function isNamed(names: readonly string[], { definition }: ActionInstance): boolean {
  return names.includes(ANY) || names.includes(definition.name)
}

function isMeantBy({ bindings = {} }: LogEvent, names: readonly string[], instance: ActionInstance): boolean {
  return (
    isNamed(names, instance) &&
    Object.entries(bindings).every(
      ([name, value]) => Object.hasOwn(instance.bindings, name) && same(instance.bindings[name], value),
    )
  )
}
