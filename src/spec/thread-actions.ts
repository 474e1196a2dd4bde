/**
 * Turns threads into actions: each step becomes an action that is enabled at its label and moves the position of its
 * thread. The steps of a procedure become actions of each thread that may call it.
 */
import { notABoolean, type SpecFunction } from '../errors.ts'
import type { Bindings } from './bindings.ts'
import { Positions } from './call-stack.ts'
import type { LooseDefinition } from './definition.ts'
import type { AnyProcedure, AnyThread, Fields } from './domain.ts'
import { labelIn } from './labels.ts'
import type { ActionDefinition, State } from './model.ts'
import { Move } from './move.ts'
import type { Schema } from './schema.ts'
import { inWords } from './show.ts'
import { mover, type Code } from './step-outcome.ts'
import type { Step, StepFunction, ThreadBody } from './thread.ts'

type Body = ThreadBody<State, Fields, string>
type AnyStep = StepFunction<State, Bindings, string> | Step<State, Bindings, string>

/** The steps by label, of a thread or a procedure. */
export type StepsByLabel = Body['at']

/** The threads of a schema by name, in declaration order. */
export function threadsOf(schema: Schema): readonly (readonly [name: string, domain: AnyThread])[] {
  return Object.entries(schema.variables).flatMap(([name, domain]) =>
    domain.kind === 'thread' ? [[name, domain as AnyThread] as const] : [],
  )
}

/** The procedures that threads of the schema may call, in the order of first mention. */
export function proceduresOf(schema: Schema): readonly AnyProcedure[] {
  return [...new Set(threadsOf(schema).flatMap(([, { procedures }]) => procedures))]
}

/** The actions of all threads: their own labels in order, then those of the procedures that they may call. */
export function threadActions(schema: Schema, { threads = {}, procedures = {} }: LooseDefinition): ActionDefinition[] {
  return threadsOf(schema).flatMap(([thread, domain]) => {
    const body = threads[thread]!
    const positions = new Positions(thread, domain)
    const actionsOf = (
      procedure: AnyProcedure | undefined,
      labels: readonly string[],
      at: StepsByLabel,
    ): ActionDefinition[] =>
      labels.flatMap((label) =>
        stepsAt(`${thread}.${labelIn(procedure, label)}`, at[label]).map(([own, step]) => {
          // Named steps of a procedure occur in each thread that calls it.
          const isNamed = step !== at[label]
          const name = isNamed && procedure !== undefined ? `${thread}.${procedure.name}.${own}` : own
          return stepAction({ thread, domain, positions, procedure, labels, label, name, step, body })
        }),
      )
    const ofProcedures = domain.procedures.flatMap((it) =>
      actionsOf(it, it.labels as string[], procedures[it.name]!.at),
    )
    return [...actionsOf(undefined, domain.labels, body.at), ...ofProcedures]
  })
}

/** The steps at a label with their names. A single step has the name `single`. */
export function stepsAt(single: string, at: StepsByLabel[string] | undefined): [string, AnyStep][] {
  if (at === undefined) return []
  if (typeof at === 'function' || ('kind' in at && at.kind === 'step')) return [[single, at as AnyStep]]
  return Object.entries(at as { [name: string]: AnyStep | undefined }).filter(
    (entry): entry is [string, AnyStep] => entry[1] !== undefined,
  )
}

interface StepParts {
  readonly thread: string
  readonly domain: AnyThread
  readonly positions: Positions
  readonly procedure: AnyProcedure | undefined
  /** The labels of the procedure, or of the thread. */
  readonly labels: readonly string[]
  readonly label: string
  readonly name: string
  readonly step: AnyStep
  readonly body: Body
}

function stepAction({
  thread,
  domain,
  positions,
  procedure,
  labels,
  label,
  name,
  step,
  body,
}: StepParts): ActionDefinition {
  const instance = Object.keys(domain.instance)[0]
  const run = typeof step === 'function' ? step : step.next
  const here = labelIn(procedure, label)
  const who = `step "${name}" of thread "${thread}" at "${here}"`
  const code: Code = { thread, positions, procedure, labels, label, who }
  const move = mover(code)
  const given = scopeOf(code, instance)

  const moveAllOn = function* (outcomes: Iterable<unknown>, from: State, bindings: Bindings): Generator<unknown> {
    for (const one of outcomes) yield isNoStep(one) ? undefined : move(one, from, bindings)
  }

  const next = (state: State, bindings: Bindings): unknown => {
    if (positions.label(state, bindings) !== here) return undefined
    if (body.guard !== undefined) {
      const isOpen: unknown = body.guard(state, bindings as never)
      if (typeof isOpen !== 'boolean') throw notABoolean(`the guard of thread "${thread}"`, inWords(isOpen), body.guard)
      if (!isOpen) return undefined
    }
    const outcome: unknown = run(state, given(state, bindings))
    if (isNoStep(outcome)) return undefined
    if (outcome instanceof Move || state.constructor === (outcome as State).constructor)
      return move(outcome, state, bindings)
    if (typeof (outcome as Iterable<unknown>)[Symbol.iterator] !== 'function') return outcome
    return moveAllOn(outcome as Iterable<unknown>, state, bindings)
  }

  return {
    name,
    parameters: { ...domain.instance, ...(typeof step === 'function' ? {} : step.parameters) },
    next,
    isAt: (state, bindings) => positions.label(state, bindings) === here,
    fair: typeof step === 'function' ? undefined : step.fair,
    doc: typeof step === 'function' ? undefined : step.doc,
    note: typeof step === 'function' ? undefined : step.note,
    thread: { name: thread, label: here, instance, procedure: procedure?.name as string | undefined },
    source: run as SpecFunction,
    origin: typeof step === 'function' ? undefined : step.origin,
  }
}

/**
 * Gives a step what it may read besides the state: in a procedure the parameters and locals, and the instance as `self`.
 * They are read on access, so that a step depends only on the names that it uses.
 */
function scopeOf(
  { positions, procedure }: Code,
  instance: string | undefined,
): (state: State, bindings: Bindings) => Bindings {
  const names = procedure === undefined ? [] : [...Object.keys(procedure.parameters), ...Object.keys(procedure.locals)]
  if (procedure === undefined && !positions.hasReturned) return (_, bindings) => bindings
  return (state, bindings) => {
    const scope: { [name: string]: unknown } = { ...bindings }
    const define = (name: string, get: () => unknown): void => {
      Object.defineProperty(scope, name, { get, enumerable: true })
    }
    if (positions.hasReturned) define('returned', () => positions.returned(state, bindings))
    if (procedure === undefined) return scope
    if (instance !== undefined) {
      delete scope[instance]
      scope['self'] = bindings[instance]
    }
    for (const name of names) define(name, () => positions.local(state, bindings, name))
    return scope
  }
}

/** A result that means that the step is not enabled. */
function isNoStep(outcome: unknown): outcome is undefined | null | false {
  return outcome === undefined || outcome === null || outcome === false
}
