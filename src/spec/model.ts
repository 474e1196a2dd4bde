/**
 * Models: the meaning of a spec with fixed constants, as flat lists of actions and properties.
 *
 * `define-model.ts` builds them from the author's definition. Users of a model do not see threads, except the names
 * that traces show.
 */
import type { SpecFunction } from '../errors.ts'
import type { Alias } from './alias.ts'
import type { Bindings } from './bindings.ts'
import type { Fields } from './domain.ts'
import type { Fairness } from './fairness.ts'
import type { Note } from './note.ts'
import type { Origin } from './origin.ts'
import type { Schema } from './schema.ts'
import type { Steps } from './steps.ts'
import type { Struct } from './struct.ts'
import type { View } from './view.ts'
import type { FormulaNode } from './formula.ts'

/** Any state. The schema determines its variables. */
export type State = Struct<{ [name: string]: unknown }>

/** An action of a model: an action of the author, or a step of a thread. */
export interface ActionDefinition {
  readonly name: string
  readonly parameters: Fields
  /** The function. It includes the handling of program counters. */
  readonly next: (state: State, bindings: Bindings) => unknown
  /** For a thread's step: whether the instance is at its label. Otherwise the step is not enabled. */
  readonly isAt?: ((state: State, bindings: Bindings) => boolean) | undefined
  /** The declared fairness of the action or step. */
  readonly fair: Fairness | undefined
  /** What a trace says about its steps: a text, or a function of the step that gives one. The function has precedence. */
  readonly doc: string | undefined
  readonly note: Note<never, never> | undefined
  readonly thread: ThreadStep | undefined
  /** The author's function, and the place of the call that declared it, if there is one. */
  readonly source: SpecFunction
  readonly origin: Origin | undefined
}

/** The place of a thread's step. */
export interface ThreadStep {
  readonly name: string
  readonly label: string
  /** The parameter that distinguishes instances. */
  readonly instance: string | undefined
  /** The procedure that the step belongs to; its label begins with that name. */
  readonly procedure: string | undefined
}

export type PropertyKind = 'invariant' | 'transition' | 'refinement' | 'goal' | 'unreachable' | 'temporal' | 'deadlock'

/** A property of a model, or a constraint, with explicit conjuncts and parameters. */
export interface PropertyDefinition<K extends PropertyKind | 'constraint' | 'fairness' = PropertyKind> {
  readonly name: string
  readonly kind: K
  readonly parameters: Fields
  /**
   * A property without named conjuncts has one conjunct with the name ''. Deadlock and temporal properties have none.
   */
  readonly conjuncts: readonly Conjunct[]
  /** For a temporal property. */
  readonly formula?: FormulaNode
  /** For a refinement: the conjuncts that initial states must meet. Its other conjuncts are about steps. */
  readonly initially?: readonly Conjunct[]
  readonly origin: Origin | undefined
}

/** Whether steps decide a property. Initial states may decide a refinement too. */
export function isOfSteps({ kind }: { readonly kind: PropertyKind | 'constraint' | 'fairness' | 'measure' }): boolean {
  return kind === 'transition' || kind === 'refinement'
}

/** A predicate over a state, or over a `StepView` for transition properties and refinements. */
export type PredicateFunction = (subject: never, bindings: Bindings) => unknown

/** A conjunct of a property or constraint. */
export interface Conjunct {
  /** '' for a claim without named conjuncts; `each.low` for one inside the conjunct `each`. */
  readonly name: string
  /** The conjunct's own parameters, in addition to those of the property. */
  readonly parameters?: Fields
  readonly holds: PredicateFunction
  /** The author's function, if `holds` is not that. */
  readonly source?: SpecFunction
  /** The origin of the innermost `forAll` around it. */
  readonly origin?: Origin | undefined
}

/** A refinement of a model, before its abstract spec is instantiated. */
export interface RefinementDefinition {
  readonly name: string
  /** A `Spec`. That type depends on this file. */
  readonly abstract: object
  readonly constants: { readonly [name: string]: unknown }
  readonly map: (state: never) => unknown
  readonly origin: Origin
}

/** A measure of a model. */
export interface MeasureDefinition {
  readonly name: string
  readonly kind: 'measure'
  /** Whether the measure is a function of a state, or of a step that changes something. */
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
  /** The steps that the constraint is about, taken together. */
  readonly steps: readonly Steps[]
  /** The condition under which the steps count as enabled, and as taken; undefined for none. */
  readonly when: ((state: never) => unknown) | undefined
}

/** A priority with its parameters bound: steps of `low` wait while one of `high` is enabled. */
export interface PriorityDefinition {
  readonly name: string
  readonly bindings: Bindings
  readonly high: Steps
  readonly low: readonly Steps[]
}

/** The names and the state of a model; exists only in types. */
export declare const TYPES: unique symbol

/**
 * A model: the schema, the initial states, flat lists of actions and properties. Made by `model`.
 *
 * `P` are the names of its properties, `S` is its state, `A` are the names of its actions.
 */
export interface Model<P extends string = string, S = any, A extends string = any> {
  readonly [TYPES]?: { readonly property: P; readonly state: S; readonly action: A }
  readonly schema: Schema
  readonly init: () => unknown
  readonly actions: readonly ActionDefinition[]
  /** Invariants, transition properties, goals, temporal properties and, last, deadlock. */
  readonly properties: readonly PropertyDefinition[]
  readonly constraints: readonly PropertyDefinition<'constraint'>[]
  readonly measures: readonly MeasureDefinition[]
  readonly refinements: readonly RefinementDefinition[]
  /** The assumptions of temporal properties. */
  readonly fairness: readonly FairnessDefinition[]
  /** The next-state functions of the actions respect them. */
  readonly priorities: readonly PriorityDefinition[]
  /** Whether deadlock is checked unless the command line says otherwise. */
  readonly deadlock: boolean
  /** States without successors that are ends, not deadlocks; undefined without such a rule. */
  readonly end: ((state: State) => boolean) | undefined
  /** What the search compares states by; undefined if it compares whole states. */
  readonly view: View<State> | undefined
  /** What traces show instead of the variables; undefined if they show the variables. */
  readonly alias: Alias<State> | undefined
  readonly origin: Origin
}
