/** Definitions: what the author gives to `model`. */
import type { ActionLike } from './action.ts'
import type { Claim, Conjuncts, ForAll, StepView } from './claim.ts'
import type { Fields, ThreadDomain } from './domain.ts'
import type { FairLike } from './fairness.ts'
import type { MeasureLike } from './measure.ts'
import type { State } from './model.ts'
import type { StateOf } from './schema.ts'
import type { FormulaLike } from './formula.ts'
import type { ThreadBody } from './thread.ts'

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
