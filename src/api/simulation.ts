/** What a simulation gives: never that something holds, for walks prove nothing. */
import type { SimulationEnding } from '../engine/simulation/simulation-run.ts'
import type { HasProperties, PropertyOutcome, Warning } from './outcome.ts'
import type { EvaluationProfile } from '../semantics/contract.ts'
import type { Trace } from '../trace/trace.ts'

/** An action as walks met it. */
export interface WalkedAction extends EvaluationProfile {
  readonly name: string
  readonly instances: number
  /** Successors it gave to the states that were walked through. */
  readonly generated: number
  /** How often it was taken. */
  readonly taken: number
}

/** The walk that violated something, and what became of it. */
export interface ViolatingWalk {
  /** Its number, from 0: with the seed it can be made again alone. */
  readonly number: number
  /** Its steps, and those of the trace that is shown. */
  readonly steps: number
  readonly shortened: number
}

/** The result of simulating a spec for one choice of constants. `P` are the names of its properties, `S` is its state. */
export interface Simulation<P extends string = string, S = any> {
  readonly spec: string
  readonly constants: { readonly [name: string]: unknown }
  /** `violated`, and `traces` shows how; or `incomplete`: nothing was found, which proves nothing. Never `holds`. */
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
    /** The most steps that a walk might have. */
    readonly depth: number
  }
  readonly violation: ViolatingWalk | undefined
  readonly states: {
    readonly initial: number
    /** Distinct states walked through: counted, or estimated. */
    readonly distinct: number
    /** Standard error of `distinct`, in proportion to it; 0 if it was counted. */
    readonly error: number
  }
  readonly ending: SimulationEnding
  readonly specCalls: number
  readonly workers: number
  readonly seconds: number
  readonly actions: readonly WalkedAction[]
  readonly warnings: readonly Warning[]
}

/** The result of a simulation, which can be asked for a property by name. */
export type SimulationResult<P extends string = string, S = any> = Simulation<P, S> & HasProperties<P, S>
