/** When code is worth generating. What is found does not depend on it. */
export interface CodegenThresholds {
  /** Instances evaluated the plain way before code is generated: a smaller model is done before the code would be warm. */
  readonly expanding: number
  /** Instances walked as data before code is generated anew. */
  readonly expandingAgain: number
  /** And in both cases as many for every node of the trees: V8 takes the longer to warm up, the more code there is. */
  readonly perNode: number
  /** States checked by walking trees before code for predicates is generated, and before it is generated anew. */
  readonly checking: number
  readonly checkingAgain: number
}

/** Of a run. */
export const DEFAULT_THRESHOLDS: CodegenThresholds = {
  expanding: 200_000,
  expandingAgain: 100_000,
  perNode: 4000,
  checking: 4000,
  checkingAgain: 50_000,
}

/** Generates code at the first opportunity, and whenever there is anything new: for tests. */
export const ZERO_THRESHOLDS: CodegenThresholds = {
  expanding: 0,
  expandingAgain: 1,
  perNode: 0,
  checking: 0,
  checkingAgain: 1,
}
