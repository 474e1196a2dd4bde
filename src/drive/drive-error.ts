/** The error with which a test of a system fails. */
import type { Problem } from './session.ts'

/** A step of a failing run. */
export interface DrivenStep {
  /** `setup`, a call such as `put(key1)`, or `wait` for an observation without a call. */
  readonly call: string
  /** What the call returned. */
  readonly returned: unknown
  /** The variables that the test observed. */
  readonly observed: { readonly [name: string]: unknown }
  /** The states that the spec allows here, at most five. */
  readonly allowed: readonly unknown[]
}

/** A system does not follow its spec. The message shows the steps, and how to repeat them. */
export class DriveError extends Error {
  override readonly name: string = 'DriveError'
  /**
   * `observed`: the spec does not allow what was observed. `returned`: it does not allow what the call returned. `refused`: it
   * does not allow a refusal. `threw`: the system, or a function of `results`, threw an error, which is the `cause`. `late`: a call did not return in time.
   * `not-linearizable`: no order of concurrent calls explains what they returned.
   */
  readonly problem: Problem['kind'] | 'not-linearizable'
  /** The steps of a failing run; empty for concurrent calls. */
  readonly steps: readonly DrivenStep[]
  /** The calls of the run, for `paths: { path }`; empty for concurrent calls. */
  readonly path: readonly string[]

  constructor(
    message: string,
    problem: Problem['kind'] | 'not-linearizable',
    { steps = [], path = [], cause }: { steps?: readonly DrivenStep[]; path?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.problem = problem
    this.steps = steps
    this.path = path
  }
}
