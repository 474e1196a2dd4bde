/** The result of a simulation. It never says that a property holds, because walks prove nothing. */
import type { SimulationEnding } from '../engine/simulation/simulation-run.ts'
import type { HasProperties, PropertyOutcome, Warning } from './outcome.ts'
import type { EvaluationProfile } from '../semantics/contract.ts'
import type { Trace } from '../trace/trace.ts'

/** What the walks met of an action. */
export interface WalkedAction extends EvaluationProfile {
  readonly name: string
  readonly instances: number
  /** Its successors of the states of the walks. */
  readonly generated: number
  /** The steps of the walks that it made. */
  readonly taken: number
}

/** The walk that violated a property. */
export interface ViolatingWalk {
  /** Its number, from 0. The seed and the number repeat the walk. */
  readonly number: number
  /** Its steps. The trace has `shortened` steps. */
  readonly steps: number
  readonly shortened: number
}

/** The result of simulating a spec for one choice of constants. `P` are the names of its properties, `S` is its state. */
export interface Simulation<P extends string = string, S = any> {
  readonly spec: string
  readonly constants: { readonly [name: string]: unknown }
  /** `violated`, and `traces` shows how; or `incomplete` if the walks found no violation. Never `holds`. */
  readonly verdict: 'violated' | 'incomplete'
  readonly properties: readonly PropertyOutcome<P>[]
  readonly traces: readonly Trace<S>[]
  readonly seed: number
  readonly walks: {
    /** Walks that ended by themselves. Time or an interruption cut the others short. */
    readonly made: number
    readonly cut: number
    /** Steps of all walks, and of the longest. */
    readonly steps: number
    readonly longest: number
    /** The maximum number of steps of a walk. */
    readonly depth: number
  }
  readonly violation: ViolatingWalk | undefined
  readonly states: {
    readonly initial: number
    /** Distinct states of the walks, counted or estimated. */
    readonly distinct: number
    /** The relative standard error of `distinct`; 0 if Kripke counted them. */
    readonly error: number
  }
  readonly ending: SimulationEnding
  readonly specCalls: number
  readonly workers: number
  readonly seconds: number
  readonly actions: readonly WalkedAction[]
  readonly warnings: readonly Warning[]
}

/** The result of a simulation, with a lookup of properties by name. */
export type SimulationResult<P extends string = string, S = any> = Simulation<P, S> & HasProperties<P, S>
