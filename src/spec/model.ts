/**
 * Models: what a spec means once its constants have values.
 *
 * `model` takes what the author wrote and turns it into flat lists of actions and properties. Threads become actions here:
 * a step is an action that is enabled at its label and moves the program counter. Nothing below this file knows of threads,
 * apart from the names that traces show.
 */
import type { SpecFunction } from '../errors.ts'
import type { ActionLike, Outcome } from './action.ts'
import { splitClaim, type Conjunct } from './conjuncts.ts'
import type { Fields, FieldValues, ThreadDomain } from './domain.ts'
import type { FairLike } from './fairness.ts'
import { fairnessOf, type FairnessDefinition } from './fairness-constraints.ts'
import type { MeasureLike } from './measure.ts'
import { here, type Origin } from './origin.ts'
import type { Claim, Conjuncts, ForAll, StepView } from './property.ts'
import type { Schema, StateOf } from './schema.ts'
import type { Struct } from './struct.ts'
import type { Fairness, ThreadBody } from './thread.ts'
import { nodeOf, type FormulaLike, type FormulaNode } from './temporal.ts'
import { threadActions } from './thread-actions.ts'
import { validateDefinition, validateModel } from './validate.ts'

/** Any state. Which variables it has is the schema's affair. */
export type State = Struct<{ [name: string]: unknown }>

/** Values by parameter name. */
export type Bindings = { readonly [name: string]: unknown }

/** An action of a model: one the author wrote as such, or a thread's step. */
export interface ActionDefinition {
  readonly name: string
  readonly parameters: Fields
  /** The function, with program counters already taken care of. */
  readonly next: (state: State, bindings: Bindings) => unknown
  /** The fairness that the action or step names itself. */
  readonly fair: Fairness | undefined
  /** Of a thread's step: its thread, the label, and the parameter that tells instances apart. */
  readonly thread: { readonly name: string; readonly label: string; readonly instance: string | undefined } | undefined
  /** What the author wrote, and, if a call marks the place, where. */
  readonly source: SpecFunction
  readonly origin: Origin | undefined
}

export type PropertyKind = 'invariant' | 'transition' | 'goal' | 'temporal' | 'deadlock'

/** A property of a model, or a constraint, with its conjuncts and parameters spelled out. */
export interface PropertyDefinition<K extends PropertyKind | 'constraint' = PropertyKind> {
  readonly name: string
  readonly kind: K
  readonly parameters: Fields
  /** One conjunct named '' for a property that has none by name. Of a deadlock or temporal property, none. */
  readonly conjuncts: readonly Conjunct[]
  /** Of a temporal property. */
  readonly formula?: FormulaNode
  readonly origin: Origin | undefined
}

/** A predicate over a state, or over a `StepView` for transition properties. */
export type PredicateFunction = (subject: never, bindings: Bindings) => unknown

/** A measure of a model. */
export interface MeasureDefinition {
  readonly name: string
  readonly kind: 'measure'
  /** Whether it is a function of a state, or of a step that changes something. */
  readonly over: 'states' | 'steps'
  /** Takes a state, or a `StepView`. */
  readonly measure: (subject: never) => unknown
  readonly origin: Origin | undefined
}

/** A model: the schema, the initial states, flat lists of actions and properties. Made by `model`. */
export interface Model {
  readonly schema: Schema
  readonly init: () => unknown
  readonly actions: readonly ActionDefinition[]
  /** Invariants, transition properties, goals, temporal properties and, last, deadlock. */
  readonly properties: readonly PropertyDefinition[]
  readonly constraints: readonly PropertyDefinition<'constraint'>[]
  /** What is measured, and decides nothing. */
  readonly measures: readonly MeasureDefinition[]
  /** What temporal properties may take for granted. */
  readonly fairness: readonly FairnessDefinition[]
  /** Whether deadlock is checked unless the command line says otherwise. */
  readonly deadlock: boolean
  /** States without successors that are ends, not deadlocks; undefined if there is no such rule. */
  readonly end: ((state: State) => boolean) | undefined
  readonly origin: Origin
}

type ThreadKeys<V extends Fields> = { [K in keyof V]: V[K] extends ThreadDomain<any, any> ? K : never }[keyof V]

// Not one conditional type around `ThreadBody`: inference looks through its arguments, but not into a conditional.
type InstanceOf<D> = D extends ThreadDomain<infer I, any> ? I : never
type LabelOf<D> = D extends ThreadDomain<any, infer L> ? L : never

type Threads<V extends Fields> = [ThreadKeys<V>] extends [never]
  ? { readonly threads?: never }
  : {
      /** What each thread of the schema does. */
      readonly threads: {
        readonly [K in ThreadKeys<V>]: ThreadBody<StateOf<V>, InstanceOf<V[K]>, LabelOf<V[K]>>
      }
    }

/** The names a transition property may compare with: of actions, or any where threads add theirs. */
type StepName<V extends Fields, N extends string> = [ThreadKeys<V>] extends [never] ? N : string

/** What the author writes. */
export type Definition<V extends Fields, N extends string> = Threads<V> & {
  /** The initial state or states, or a function that gives them. */
  readonly init: StateOf<V> | Iterable<StateOf<V>> | (() => StateOf<V> | Iterable<StateOf<V>>)
  readonly actions?: { readonly [K in N]?: ActionLike<StateOf<V>> | undefined }
  /** What is true of every reachable state. */
  readonly invariants?: { readonly [name: string]: Claim<StateOf<V>> | undefined }
  /** What is true of every step that changes something. */
  readonly transitions?: {
    // `forAll` gets plain names: inference through it does not wait for those of the actions.
    readonly [name: string]:
      Conjuncts<ForAll<StepView<StateOf<V>>> | ((step: StepView<StateOf<V>, StepName<V, N>>) => boolean)> | undefined
  }
  /** Goals: each is true of some reachable state, with all conjuncts true of the same state. */
  readonly goals?: { readonly [name: string]: Claim<StateOf<V>> | undefined }
  /** What is true of every behavior that is fair. */
  readonly temporal?: { readonly [name: string]: FormulaLike<StateOf<V>> | undefined }
  /** Which behaviors are fair, besides what actions, steps and threads say themselves. */
  readonly fairness?: { readonly [name: string]: FairLike | undefined }
  /** Whether a state without successors is an error, and which such states are legitimate ends. Default: an error. */
  readonly deadlock?: boolean | { readonly unless: (state: StateOf<V>) => boolean }
  /** States beyond these are counted as generated and checked, but not explored from. The report says so. */
  readonly constraints?: { readonly [name: string]: Claim<StateOf<V>> | undefined }
  /** What a design costs: numbers of which the report gives the least and the greatest. */
  readonly measures?: { readonly [name: string]: MeasureLike<StateOf<V>> | undefined }
}

/** The definition with its types forgotten. */
export interface LooseDefinition {
  readonly init: unknown
  readonly actions?: { readonly [name: string]: ActionLike<State> | undefined }
  readonly threads?: { readonly [name: string]: ThreadBody<State, Fields, string> }
  readonly invariants?: { readonly [name: string]: Claim<State> | undefined }
  readonly transitions?: { readonly [name: string]: Claim<StepView<State>> | undefined }
  readonly goals?: { readonly [name: string]: Claim<State> | undefined }
  readonly temporal?: { readonly [name: string]: FormulaLike<State> | undefined }
  readonly fairness?: { readonly [name: string]: FairLike | undefined }
  readonly deadlock?: boolean | { readonly unless: (state: State) => boolean }
  readonly constraints?: { readonly [name: string]: Claim<State> | undefined }
  readonly measures?: { readonly [name: string]: MeasureLike<State> | undefined }
}

/**
 * Defines a model over a schema.
 *
 * @throws {CheckerError} KR205 or KR206 for names that clash and parts of the wrong kind
 */
export function model<V extends Fields, const N extends string = never>(
  schema: Schema<V>,
  definition: Definition<V, N>,
): Model {
  return flatten(schema as unknown as Schema, definition as unknown as LooseDefinition, here())
}

function flatten(schema: Schema, definition: LooseDefinition, origin: Origin): Model {
  validateDefinition(schema, definition, origin)
  const { init, invariants, transitions, goals, temporal, constraints, measures, deadlock = true } = definition
  const actions = [
    ...present(definition.actions).map(([name, action]) => plainAction(name, action)),
    ...threadActions(schema, definition.threads ?? {}),
  ]
  const made: Model = {
    schema,
    init: typeof init === 'function' ? (init as () => unknown) : () => init,
    actions,
    properties: [
      ...present(invariants).map(([name, claim]) => property(name, 'invariant', claim)),
      ...present(transitions).map(([name, claim]) => property(name, 'transition', claim)),
      ...present(goals).map(([name, claim]) => property(name, 'goal', claim)),
      ...present(temporal).map(([name, given]) => temporalProperty(name, given)),
      { name: 'deadlock', kind: 'deadlock', parameters: {}, conjuncts: [], origin: undefined },
    ],
    constraints: present(constraints).map(([name, claim]) => property(name, 'constraint', claim)),
    measures: present(measures).map(([name, given]) => measureOf(name, given)),
    fairness: fairnessOf(schema, actions, definition),
    deadlock: deadlock !== false,
    end: legitimateEnd(definition),
    origin,
  }
  validateModel(made)
  return made
}

/** The entries that are there: what a condition left out is undefined. */
export function present<T>(parts: { readonly [name: string]: T | undefined } = {}): [string, T][] {
  return Object.entries(parts).filter((entry): entry is [string, T] => entry[1] !== undefined)
}

function plainAction(name: string, action: ActionLike<State>): ActionDefinition {
  const bare = typeof action === 'function'
  const next = (bare ? action : action.next) as (state: State, bindings: Bindings) => Outcome<State>
  return {
    name,
    parameters: bare ? {} : action.parameters,
    next,
    fair: bare ? undefined : action.fair,
    thread: undefined,
    source: next,
    origin: bare ? undefined : action.origin,
  }
}

function property<K extends PropertyKind | 'constraint', X>(
  name: string,
  kind: K,
  claim: Claim<X>,
): PropertyDefinition<K> {
  return { name, kind, ...splitClaim(`${kind} "${name}"`, claim) }
}

function measureOf(name: string, given: MeasureLike<State>): MeasureDefinition {
  if (typeof given === 'function') return { name, kind: 'measure', over: 'states', measure: given, origin: undefined }
  return { name, kind: 'measure', over: 'steps', measure: given.measure, origin: given.origin }
}

/** A formula for every value of some parameters shows them, as `forAll` does. */
function temporalProperty(name: string, given: FormulaLike<State>): PropertyDefinition<'temporal'> {
  const formula = nodeOf(`"${name}" in temporal`, given)
  const outer = formula.op === 'forEach' ? formula : undefined
  const parameters = outer?.parameters ?? {}
  return { name, kind: 'temporal', parameters, conjuncts: [], formula, origin: outer?.origin }
}

/** The author's rule, or that every thread has come to a label without steps, as PlusCal's `Done`. */
function legitimateEnd({ deadlock, threads = {} }: LooseDefinition): ((state: State) => boolean) | undefined {
  const unless = typeof deadlock === 'object' ? deadlock.unless : undefined
  const names = Object.keys(threads)
  const ends = new Map(
    names.map((name) => [
      name,
      new Set(Object.entries(threads[name]!.at).flatMap(([label, at]) => (isEmpty(at) ? [label] : []))),
    ]),
  )
  const finite = names.length > 0 && names.every((name) => ends.get(name)!.size > 0)
  if (!finite) return unless
  const finished = (state: State): boolean =>
    names.every((name) => {
      const counter = state.get(name) as string | FieldValues<{ [key: string]: never }>
      const labels =
        typeof counter === 'string' ? [counter] : [...(counter as unknown as Map<unknown, string>).values()]
      return labels.every((label) => ends.get(name)!.has(label))
    })
  return (state) => finished(state) || (unless === undefined ? false : unless(state))
}

function isEmpty(at: unknown): boolean {
  return typeof at === 'object' && at !== null && !('kind' in at) && Object.keys(at).length === 0
}
