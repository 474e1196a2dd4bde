/**
 * Models: what a spec means once its constants have values, as flat lists of actions and properties.
 *
 * `define-model.ts` makes them of what the author wrote. Nothing that uses a model knows of threads, apart from the names that
 * traces show.
 */
import type { SpecFunction } from '../errors.ts'
import type { Bindings } from './bindings.ts'
import type { Fields } from './domain.ts'
import type { Fairness } from './fairness.ts'
import type { Origin } from './origin.ts'
import type { Schema } from './schema.ts'
import type { Steps } from './steps.ts'
import type { Struct } from './struct.ts'
import type { FormulaNode } from './formula.ts'

/** Any state. Which variables it has is the schema's affair. */
export type State = Struct<{ [name: string]: unknown }>

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

/** A conjunct of a property or constraint. */
export interface Conjunct {
  /** '' for a claim without named conjuncts; `each.low` for one inside the conjunct `each`. */
  readonly name: string
  /** The conjunct's own parameters, in addition to those of the property. */
  readonly parameters?: Fields
  readonly holds: PredicateFunction
  /** The origin of the innermost `forAll` around it. */
  readonly origin?: Origin | undefined
}

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

/** A fairness constraint with its parameters bound. */
export interface FairnessDefinition {
  readonly name: string
  readonly bindings: Bindings
  readonly fairness: Fairness
  /** It is about these steps taken together. */
  readonly steps: readonly Steps[]
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
