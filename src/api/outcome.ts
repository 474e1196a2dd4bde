/** The result of a run: a verdict, traces and counts. */
import type { MeasureDefinition, PropertyKind } from '../spec/model.ts'
import type { Trace } from '../trace/trace.ts'
import type { Ending } from '../engine/ending.ts'
import type { EngineName } from '../engine/settings.ts'

/**
 * `holds`: Kripke checked every property, and all hold. `violated`: some property is violated, and `traces` shows how.
 * `incomplete`: a bound ended the run before a verdict.
 */
export type Verdict = 'holds' | 'violated' | 'incomplete'

/** A goal is `reached` or `unreached`, another property `holds` or is `violated`; `unknown` if the run ended before. */
export type PropertyResult = 'holds' | 'violated' | 'reached' | 'unreached' | 'unknown'

export interface PropertyOutcome<P extends string = string> {
  readonly name: P
  readonly kind: PropertyKind
  readonly result: PropertyResult
  /** The index of its trace: a counterexample, or a way to the goal. Missing if the run ended before Kripke found it. */
  readonly trace?: number
  /** Why the result is `unknown`, as a clause. */
  readonly reason?: string
  /** What the verdict does not cover, as a clause; undefined if it covers all behaviors. */
  readonly caveat?: string
}

/**
 * The least and the greatest value of a measure, over the explored states or the steps that change something.
 * Both are undefined if nothing was measured.
 */
export interface MeasureOutcome {
  readonly name: string
  readonly over: MeasureDefinition['over']
  readonly minimum: number | undefined
  readonly maximum: number | undefined
}

export interface ActionOutcome {
  readonly name: string
  /** Bindings of its parameters. */
  readonly instances: number
  /** Its successors; undefined if Kripke did not count them. */
  readonly generated: number | undefined
  /** The states that it was the first to reach; undefined without the option `attribute`. */
  readonly distinct: number | undefined
  readonly evaluation: 'learned' | 'interpreted'
  readonly specCalls: number
  readonly treeNodes: number | undefined
  readonly slotsRead: number | undefined
  readonly remark: string | undefined
}

/** A caveat on the verdict. */
export interface Warning {
  readonly code:
    | 'never-taken'
    | 'antecedent-never-true'
    | 'always-true'
    | 'unused-constant'
    | 'constrained'
    | 'budget'
    | 'interpreted'
    | 'same-results'
    | 'nothing-checked'
    | 'not-reduced'
    | 'symmetry-sampled'
    | 'view'
    | 'view-differs'
    | 'undecided'
  /** The action, property, constant, set or budget in question. */
  readonly name: string
  readonly text: string
}

/** The result of checking a spec for one choice of constants. `P` are the names of its properties, `S` is its state. */
export interface Outcome<P extends string = string, S = any> {
  readonly spec: string
  readonly constants: { readonly [name: string]: unknown }
  readonly verdict: Verdict
  readonly properties: readonly PropertyOutcome<P>[]
  readonly traces: readonly Trace<S>[]
  /** The ranges over the explored states, which are all states only if the run is complete. */
  readonly measures: readonly MeasureOutcome[]
  readonly states: {
    readonly initial: number
    /** Undefined if Kripke did not count them. */
    readonly generated: number | undefined
    readonly distinct: number
    /** Undefined if the search did not go level by level. */
    readonly depth: number | undefined
    /** The exact `generated` and `distinct`, if they exceed the safe integers. */
    readonly exact?: { readonly generated: bigint | undefined; readonly distinct: bigint }
  }
  /** Whether Kripke explored every reachable state. */
  readonly complete: boolean
  readonly ending: Ending
  /** The engine that gave the verdicts. */
  readonly engine: EngineName
  /** Why another engine took over or ran beside it; undefined if none did. */
  readonly engineChange: string | undefined
  /** `on`: Kripke explored and counted one state per symmetry class. */
  readonly symmetry: 'on' | 'off'
  /**
   * Why Kripke did not use the symmetric sets: the option `symmetry`, temporal properties, or the symbolic engine.
   * Undefined if it used them, or if there are none.
   */
  readonly unreduced: 'option' | 'temporal' | 'engine' | undefined
  /** `on`: partial-order reduction left out orders of independent steps, and the counts do not include them. */
  readonly por: 'on' | 'off'
  /** Why partial-order reduction was not applied, if it was requested. */
  readonly notReduced: string | undefined
  /** The number of calls of spec functions. */
  readonly specCalls: number
  readonly workers: number
  readonly seconds: number
  /** Bytes of the seen set and the levels, for each distinct state. */
  readonly bytesPerState: number
  readonly actions: readonly ActionOutcome[]
  readonly warnings: readonly Warning[]
}

/** The result of one property. */
export interface PropertyReport<P extends string = string, S = any> extends Omit<PropertyOutcome<P>, 'trace'> {
  /** Its trace: a counterexample, or a way to the goal. Undefined if there is none. */
  readonly trace: Trace<S> | undefined
}

/** The lookup of a property by its name. */
export interface HasProperties<P extends string = string, S = any> {
  /** @throws {CheckerError} KR102 if the run did not check such a property */
  property(name: P): PropertyReport<P, S>
}

/** The outcome of a check, with a lookup of properties by name. */
export type CheckResult<P extends string = string, S = any> = Outcome<P, S> & HasProperties<P, S>
