/** Definitions: the arguments of `model`. */
import type { ActionLike } from './action.ts'
import type { Alias } from './alias.ts'
import type { Claim, Conjuncts, ForAll, StepView } from './claim.ts'
import type { Fields, FieldValues, ThreadDomain } from './domain.ts'
import type { FairLike } from './fairness.ts'
import type { MeasureLike } from './measure.ts'
import type { Refinement } from './refinement.ts'
import type { State } from './model.ts'
import type { PriorityLike } from './priorities.ts'
import type { ProcedureBody } from './procedure-body.ts'
import type { StateOf } from './schema.ts'
import type { FormulaLike } from './formula.ts'
import type { ThreadBody } from './thread.ts'
import type { View } from './view.ts'
import type { GoalLike } from './unreachable.ts'

type ThreadKeys<V extends Fields> = { [K in keyof V]: V[K] extends ThreadDomain<any, any, any> ? K : never }[keyof V]

// `ThreadBody` must stay outside the conditional type, because inference does not look into conditionals.
type InstanceOf<D> = D extends ThreadDomain<infer I, any, any> ? I : never
type LabelOf<D> = D extends ThreadDomain<any, infer L, any> ? L : never
type ProceduresOf<D> = D extends ThreadDomain<any, any, infer P> ? P : never

/** The procedures that threads of a schema may call. */
type ProceduresIn<V extends Fields> = ProceduresOf<V[ThreadKeys<V>]>

/** The values of an instance parameter; undefined for a thread without instances. */
type Self<I extends Fields> = keyof I extends never ? undefined : FieldValues<I>[keyof I]

/** The instances of the threads that may call a procedure. */
type CallersOf<V extends Fields, N> = {
  [K in ThreadKeys<V>]: N extends ProceduresOf<V[K]>['name'] ? Self<InstanceOf<V[K]>> : never
}[ThreadKeys<V>]

type ProcedureBodies<V extends Fields> = [ProceduresIn<V>] extends [never]
  ? { readonly procedures?: never }
  : {
      /** The behavior of each procedure that a thread may call. */
      readonly procedures: {
        readonly [P in ProceduresIn<V> as P['name']]: ProcedureBody<
          StateOf<V>,
          P,
          ProceduresIn<V>,
          CallersOf<V, P['name']>
        >
      }
    }

/** The behavior of threads and procedures. */
type Threads<V extends Fields> = ThreadBodies<V> & ProcedureBodies<V>

type ThreadBodies<V extends Fields> = [ThreadKeys<V>] extends [never]
  ? { readonly threads?: never }
  : {
      /** The behavior of each thread of the schema. */
      readonly threads: {
        readonly [K in ThreadKeys<V>]: ThreadBody<StateOf<V>, InstanceOf<V[K]>, LabelOf<V[K]>, ProceduresOf<V[K]>>
      }
    }

/** The names of the actions of a model. Any string if threads add names. */
export type StepName<V extends Fields, N extends string> = [ThreadKeys<V>] extends [never] ? N : string

/**
 * The definition that the author writes. `N` are the names of actions. `I`, `T`, `G` and `L` are the names of invariants,
 * transition properties, goals and temporal properties. `R` are the names of refinements.
 */
export type Definition<
  V extends Fields,
  N extends string,
  I extends string,
  T extends string,
  G extends string,
  L extends string,
  R extends string,
> = Threads<V> & {
  /** The initial state or states, or a function that gives them. */
  readonly init: StateOf<V> | Iterable<StateOf<V>> | (() => StateOf<V> | Iterable<StateOf<V>>)
  readonly actions?: { readonly [K in N]?: ActionLike<StateOf<V>> | undefined }
  /** Claims about every reachable state. */
  readonly invariants?: { readonly [K in I]?: Claim<StateOf<V>> | undefined }
  /** Claims about every step that changes something. */
  readonly transitions?: {
    // `forAll` accepts any action name, because inference through it does not wait for the names of the actions.
    readonly [K in T]?:
      Conjuncts<ForAll<StepView<StateOf<V>>> | ((step: StepView<StateOf<V>, StepName<V, N>>) => boolean)> | undefined
  }
  /** Goals: each is true in some reachable state, where all its conjuncts are true. `unreachable` says the opposite. */
  readonly goals?: { readonly [K in G]?: GoalLike<StateOf<V>> | undefined }
  /** Claims about every fair behavior. */
  readonly temporal?: { readonly [K in L]?: FormulaLike<StateOf<V>> | undefined }
  /** Claims that each behavior, mapped, is a behavior of a more abstract spec. */
  readonly refinements?: { readonly [K in R]?: Refinement<StateOf<V>> | undefined }
  /** Fairness constraints, in addition to those of actions, steps and threads. */
  readonly fairness?: { readonly [name: string]: FairLike<StateOf<V>> | undefined }
  /** Steps that no other steps are taken instead of: `preempts(high, low)`. */
  readonly priorities?: { readonly [name: string]: PriorityLike | undefined }
  /**
   * Whether a state without successors is an error, and which such states are legitimate ends. Default: each one is an
   * error.
   */
  readonly deadlock?: boolean | { readonly unless: (state: StateOf<V>) => boolean }
  /** States outside the constraints are counted as generated and checked, but not explored. The report says so. */
  readonly constraints?: { readonly [name: string]: Claim<StateOf<V>> | undefined }
  /** The costs of a design. The report gives the least and the greatest value of each measure. */
  readonly measures?: { readonly [name: string]: MeasureLike<StateOf<V>> | undefined }
  /**
   * What the search compares states by. States with equal values count as one, and the first one found stands for the
   * others. Danger: `holds` is only as good as the view.
   */
  readonly view?: View<StateOf<V>> | undefined
  /** What traces show of a state instead of its variables. It decides nothing, and can hide what matters. */
  readonly alias?: Alias<StateOf<V>> | undefined
}

/** The definition without its types. */
export interface LooseDefinition {
  readonly init: unknown
  readonly actions?: { readonly [name: string]: ActionLike<State> | undefined }
  readonly threads?: { readonly [name: string]: ThreadBody<State, Fields, string> }
  readonly procedures?: { readonly [name: string]: Pick<ThreadBody<State, Fields, string>, 'at'> }
  readonly invariants?: { readonly [name: string]: Claim<State> | undefined }
  readonly transitions?: { readonly [name: string]: Claim<StepView<State>> | undefined }
  readonly goals?: { readonly [name: string]: GoalLike<State> | undefined }
  readonly temporal?: { readonly [name: string]: FormulaLike<State> | undefined }
  readonly refinements?: { readonly [name: string]: Refinement<State> | undefined }
  readonly fairness?: { readonly [name: string]: FairLike | undefined }
  readonly priorities?: { readonly [name: string]: PriorityLike | undefined }
  readonly deadlock?: boolean | { readonly unless: (state: State) => boolean }
  readonly constraints?: { readonly [name: string]: Claim<State> | undefined }
  readonly measures?: { readonly [name: string]: MeasureLike<State> | undefined }
  readonly view?: View<State> | undefined
  readonly alias?: Alias<State> | undefined
}
