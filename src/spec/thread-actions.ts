/**
 * Turns threads into actions: each step becomes an action that is enabled at its label and moves the program counter.
 */
import { badStep, notABoolean, notAState, type SpecFunction } from '../errors.ts'
import type { Fields, ThreadDomain } from './domain.ts'
import type { ActionDefinition, State } from './model.ts'
import type { Bindings } from './bindings.ts'
import type { Schema } from './schema.ts'
import { Goto, type Step, type StepFunction, type ThreadBody } from './thread.ts'
import { inWords } from './show.ts'

type Body = ThreadBody<State, Fields, string>
type AnyStep = StepFunction<State, Bindings, string> | Step<State, Bindings, string>

/** The threads of a schema by name, in declaration order. */
export function threadsOf(schema: Schema): readonly (readonly [name: string, domain: ThreadDomain])[] {
  return Object.entries(schema.variables).flatMap(([name, domain]) =>
    domain.kind === 'thread' ? [[name, domain as ThreadDomain] as const] : [],
  )
}

/** The actions of all threads, in the order of their labels. */
export function threadActions(schema: Schema, bodies: { readonly [name: string]: Body }): ActionDefinition[] {
  return threadsOf(schema).flatMap(([thread, domain]) =>
    domain.labels.flatMap((label) =>
      stepsAt(thread, label, bodies[thread]!.at[label]).map(([name, step]) =>
        stepAction({ thread, domain, label, name, step, body: bodies[thread]! }),
      ),
    ),
  )
}

/** The steps at a label with their names. A single step is named after its thread and label. */
export function stepsAt(thread: string, label: string, at: Body['at'][string] | undefined): [string, AnyStep][] {
  if (at === undefined) return []
  if (typeof at === 'function' || ('kind' in at && at.kind === 'step')) return [[`${thread}.${label}`, at as AnyStep]]
  return Object.entries(at as { [name: string]: AnyStep | undefined }).filter(
    (entry): entry is [string, AnyStep] => entry[1] !== undefined,
  )
}

interface StepParts {
  readonly thread: string
  readonly domain: ThreadDomain
  readonly label: string
  readonly name: string
  readonly step: AnyStep
  readonly body: Body
}

function stepAction({ thread, domain, label, name, step, body }: StepParts): ActionDefinition {
  const instance = Object.keys(domain.instance)[0]
  const counter = programCounter(thread, instance)
  const run = typeof step === 'function' ? step : step.next
  const following = domain.labels[domain.labels.indexOf(label) + 1]
  const who = `step "${name}" of thread "${thread}" at "${label}"`

  const moveOn = (outcome: State | Goto<string, State>, from: State, bindings: Bindings): State => {
    const target = outcome instanceof Goto ? outcome.label : following
    const gone = outcome instanceof Goto ? outcome.state : outcome
    const state = gone === undefined ? from : gone
    if (target === undefined) {
      throw badStep(
        who,
        'must go to a label, but there is no label after the last one',
        `return goto('${domain.labels[0]}', state), or add a last label with {}`,
      )
    }
    if (!domain.labels.includes(target)) {
      throw badStep(
        who,
        `must go to a label, but went to "${target}"`,
        `use one of the labels ${domain.labels.join(', ')}`,
      )
    }
    // The program counter is read from a state only.
    if (typeof (state as Partial<State> | null | undefined)?.get !== 'function') throw notAState(who, inWords(state))
    if (counter.read(state, bindings) !== label) {
      throw badStep(
        who,
        'must not write its own program counter, but does',
        `return goto('${target}', state) instead of writing "${thread}"`,
      )
    }
    return counter.write(state, bindings, target)
  }

  const moveAllOn = function* (
    outcomes: Iterable<State | Goto<string, State> | undefined | null | false>,
    from: State,
    bindings: Bindings,
  ): Generator<unknown> {
    for (const one of outcomes) yield isNoStep(one) ? undefined : moveOn(one, from, bindings)
  }

  const next = (state: State, bindings: Bindings): unknown => {
    if (counter.read(state, bindings) !== label) return undefined
    if (body.guard !== undefined) {
      const isOpen: unknown = body.guard(state, bindings as never)
      if (typeof isOpen !== 'boolean') throw notABoolean(`the guard of thread "${thread}"`, inWords(isOpen), body.guard)
      if (!isOpen) return undefined
    }
    const outcome = run(state, bindings)
    if (isNoStep(outcome)) return undefined
    if (outcome instanceof Goto || state.constructor === (outcome as State).constructor) {
      return moveOn(outcome as State | Goto<string, State>, state, bindings)
    }
    if (typeof (outcome as Iterable<unknown>)[Symbol.iterator] !== 'function') return outcome
    return moveAllOn(outcome as Iterable<State | Goto<string, State> | undefined>, state, bindings)
  }

  return {
    name,
    parameters: { ...domain.instance, ...(typeof step === 'function' ? {} : step.parameters) },
    next,
    fair: typeof step === 'function' ? undefined : step.fair,
    thread: { name: thread, label, instance },
    source: run as SpecFunction,
    origin: typeof step === 'function' ? undefined : step.origin,
  }
}

/** A result that means that the step is not enabled. */
function isNoStep(outcome: unknown): outcome is undefined | null | false {
  return outcome === undefined || outcome === null || outcome === false
}

/** Reads and writes the program counter of the bound instance. */
function programCounter(
  thread: string,
  instance: string | undefined,
): {
  read(state: State, bindings: Bindings): unknown
  write(state: State, bindings: Bindings, label: string): State
} {
  if (instance === undefined) {
    return {
      read: (state) => state.get(thread),
      write: (state, _, label) => state.set(thread, label),
    }
  }
  type Counters = { get(key: unknown): unknown }
  return {
    read: (state, bindings) => (state.get(thread) as Counters).get(bindings[instance]),
    write: (state, bindings, label) => state.setIn([thread, bindings[instance]] as never, label as never),
  }
}
