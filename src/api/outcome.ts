/** What a run gives: a verdict, traces and counts. */
import type { MeasureDefinition, PropertyKind } from '../spec/model.ts'
import type { Trace } from '../trace/trace.ts'
import type { Ending } from '../engine/ending.ts'
import type { EngineName } from '../engine/settings.ts'

/**
 * `holds`: everything asked for was checked and is so. `violated`: something is not, and `traces` shows how.
 * `incomplete`: a bound ended the run before either was known.
 */
export type Verdict = 'holds' | 'violated' | 'incomplete'

/** Of goals `reached` or `unreached`, of others `holds` or `violated`; `unknown` if the run ended before it was decided. */
export type PropertyResult = 'holds' | 'violated' | 'reached' | 'unreached' | 'unknown'

export interface PropertyOutcome<P extends string = string> {
  readonly name: P
  readonly kind: PropertyKind
  readonly result: PropertyResult
  /** Index of its trace: of a violation, or of a way to reach a goal. None if the run was cut before it was found. */
  readonly trace?: number
  /** Why the result is `unknown`, as a clause. */
  readonly reason?: string
  /** What the verdict does not cover, as a clause; undefined if it covers all behaviors. */
  readonly caveat?: string
}

/**
 * The least and the greatest value of a measure, over the states met or the steps between them that change something.
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
  /** Successors it gave; undefined if they were not counted. */
  readonly generated: number | undefined
  /** States that it was the first to reach; undefined unless the option `attribute` asks for them. */
  readonly distinct: number | undefined
  readonly evaluation: 'learned' | 'interpreted'
  readonly specCalls: number
  readonly treeNodes: number | undefined
  readonly slotsRead: number | undefined
  readonly remark: string | undefined
}

/** Says that a verdict says less than it seems. */
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
  /** Of what was explored, which is everything only if the run was not ended before. */
  readonly measures: readonly MeasureOutcome[]
  readonly states: {
    readonly initial: number
    /** Undefined if they were not counted. */
    readonly generated: number | undefined
    readonly distinct: number
    /** Undefined if the states were not found level by level. */
    readonly depth: number | undefined
    /** What `generated` and `distinct` are exactly, if that is more than a number can say. */
    readonly exact?: { readonly generated: bigint | undefined; readonly distinct: bigint }
  }
  /** Whether everything reachable was explored. */
  readonly complete: boolean
  readonly ending: Ending
  /** What explored, and gave the verdicts. */
  readonly engine: EngineName
  /** Of a run that another engine began: why it did not end it. */
  readonly engineChange: string | undefined
  /** Whether states that symmetry makes the same were counted and explored as one. */
  readonly symmetry: 'on' | 'off'
  /**
   * What kept symmetric sets from being made use of: that they were not to be, temporal properties, or the engine, which
   * makes none of them. Undefined if nothing did.
   */
  readonly unreduced: 'option' | 'temporal' | 'engine' | undefined
  /** Calls of the spec's functions. */
  readonly specCalls: number
  readonly workers: number
  readonly seconds: number
  /** Bytes of seen states and levels, for each distinct state. */
  readonly bytesPerState: number
  readonly actions: readonly ActionOutcome[]
  readonly warnings: readonly Warning[]
}

/** The result of one property. */
export interface PropertyReport<P extends string = string, S = any> extends Omit<PropertyOutcome<P>, 'trace'> {
  /** The trace that decides it: to a violation, or to a goal. Undefined if there is none. */
  readonly trace: Trace<S> | undefined
}

/** What a run gives, which can be asked for a property by name. */
export interface HasProperties<P extends string = string, S = any> {
  /** @throws {CheckerError} KR102 if the run had no such property to check */
  property(name: P): PropertyReport<P, S>
}

/** The outcome of a check, which can be asked for a property by name. */
export type CheckResult<P extends string = string, S = any> = Outcome<P, S> & HasProperties<P, S>
