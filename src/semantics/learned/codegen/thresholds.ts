/** When generating code pays. The thresholds do not affect results. */
export interface CodegenThresholds {
  /**
   * Instances evaluated without generated code before the first generation. A smaller model is finished before the code
   * would be warm.
   */
  readonly expanding: number
  /** Instances walked as data before new code is generated. */
  readonly expandingAgain: number
  /** This many more in both cases for each node of the trees, because V8 takes longer to warm up more code. */
  readonly perNode: number
  /** States checked by walking trees before code for predicates is generated, and before it is generated again. */
  readonly checking: number
  readonly checkingAgain: number
}

/** The thresholds of a run. */
export const DEFAULT_THRESHOLDS: CodegenThresholds = {
  expanding: 200_000,
  expandingAgain: 100_000,
  perNode: 4000,
  checking: 4000,
  checkingAgain: 50_000,
}

/** For tests: generate code at the first opportunity, and after each change. */
export const ZERO_THRESHOLDS: CodegenThresholds = {
  expanding: 0,
  expandingAgain: 1,
  perNode: 0,
  checking: 0,
  checkingAgain: 1,
}
