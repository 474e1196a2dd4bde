/** Assertions about specs, for the tests of any test runner. */
import { check } from './api/check.ts'
import { conform, type ConformOptions, type ConformResult } from './api/conform.ts'
import type { CheckResult, PropertyResult } from './api/outcome.ts'
import type { CheckOptions } from './api/options.ts'
import { badOption, CheckerError } from './errors.ts'
import { formatConformance, formatError, formatResult } from './formats.ts'
import type { Constants } from './spec/constant.ts'
import type { Spec } from './spec/spec.ts'
import { stepCount } from './trace/trace.ts'

/** Options of an assertion about one property. */
export interface PropertyExpectation<C extends Constants = any, P extends string = any> extends Omit<
  CheckOptions<C, P>,
  'properties' | 'continue'
> {
  /** The number of steps of the trace. Default: any. */
  readonly steps?: number | undefined
}

/** What a check says about an expectation. */
export interface Judgement<P extends string = string, S = any> {
  /** Undefined if a bound ended the check before it was known. */
  readonly isMet: boolean | undefined
  /** What was found instead, or against `not`: a sentence, and the report of the check. */
  readonly message: string
  readonly result: CheckResult<P, S>
}

/** An assertion failed. */
export class CheckAssertionError<P extends string = string, S = any> extends Error {
  override readonly name: string = 'CheckAssertionError'
  /** The result of the check, with its traces. */
  readonly result: CheckResult<P, S>

  constructor({ message, result }: Judgement<P, S>) {
    super(message)
    this.result = result
  }
}

/**
 * Asserts that every property of a spec holds.
 *
 * @throws {CheckAssertionError} if one does not, or if a bound ended the check before that was known
 * @throws {CheckerError} for a mistake in the spec or the options, and if a spec function fails
 */
export async function assertHolds<C extends Constants, P extends string, S>(
  spec: Spec<C, P, S>,
  options: CheckOptions<NoInfer<C>, NoInfer<P>> = {},
): Promise<CheckResult<P, S>> {
  return met(await judgeHolds(spec, options))
}

/** Asserts that a spec violates a property. @throws as `assertHolds` does */
export async function assertViolates<C extends Constants, P extends string, S>(
  spec: Spec<C, P, S>,
  property: NoInfer<P>,
  options: PropertyExpectation<NoInfer<C>, NoInfer<P>> = {},
): Promise<CheckResult<P, S>> {
  return met(await judgeViolates(spec, property, options))
}

/** Asserts that a spec reaches a goal. @throws as `assertHolds` does */
export async function assertReaches<C extends Constants, P extends string, S>(
  spec: Spec<C, P, S>,
  goal: NoInfer<P>,
  options: PropertyExpectation<NoInfer<C>, NoInfer<P>> = {},
): Promise<CheckResult<P, S>> {
  return met(await judgeReaches(spec, goal, options))
}

function met<P extends string, S>(judgement: Judgement<P, S>): CheckResult<P, S> {
  if (judgement.isMet === true) return judgement.result
  throw new CheckAssertionError(judgement)
}

/** What following a log says about an expectation. */
export interface ConformJudgement {
  /** Undefined if the log has no verdict. */
  readonly isMet: boolean | undefined
  /** The verdict as a sentence, and the report. */
  readonly message: string
  readonly result: ConformResult
}

/** A log does not conform to its spec, or has no verdict. */
export class ConformAssertionError extends Error {
  override readonly name: string = 'ConformAssertionError'
  readonly result: ConformResult

  constructor({ message, result }: ConformJudgement) {
    super(message)
    this.result = result
  }
}

/**
 * Asserts that a recorded run is a behavior of a spec.
 *
 * @param log - events, entries for the map, or the text of a log
 * @throws {ConformAssertionError} if it is not, or if a bound ended the search
 * @throws {CheckerError} for a log that cannot be read, and if a spec function fails
 */
export function assertConforms<C extends Constants>(
  spec: Spec<C>,
  log: string | Iterable<unknown>,
  options: ConformOptions<NoInfer<C>> = {},
): ConformResult {
  const judgement = judgeConforms(spec, log, options)
  if (judgement.isMet !== true) throw new ConformAssertionError(judgement)
  return judgement.result
}

/** Judges whether a recorded run is a behavior of a spec. */
export function judgeConforms<C extends Constants>(
  spec: Spec<C>,
  log: string | Iterable<unknown>,
  options: ConformOptions<NoInfer<C>>,
): ConformJudgement {
  const result = explained(() => conform(spec, log, options))
  const { verdict } = result
  const isMet = verdict === 'incomplete' ? undefined : verdict === 'conforms'
  return { isMet, message: `the log ${CONFORMS[verdict]} ${spec.name}\n\n${formatConformance(result)}`, result }
}

const CONFORMS = {
  conforms: 'conforms to',
  deviates: 'deviates from',
  incomplete: 'neither conforms to nor deviates from',
} as const

/** Calls a function. The message of an error has what the command line prints. */
function explained<T>(make: () => T): T {
  try {
    return make()
  } catch (thrown) {
    if (thrown instanceof CheckerError) thrown.message = formatError(thrown)
    throw thrown
  }
}

/** Judges whether every property holds. */
export async function judgeHolds<C extends Constants, P extends string, S>(
  spec: Spec<C, P, S>,
  options: CheckOptions<NoInfer<C>, NoInfer<P>>,
): Promise<Judgement<P, S>> {
  const result = await checked(spec, options)
  const { verdict } = result
  const isMet = verdict === 'incomplete' ? undefined : verdict === 'holds'
  return { isMet, message: reported(`${spec.name} ${WORDS[verdict]}`, result), result }
}

const WORDS = { holds: 'holds', violated: 'is violated', incomplete: 'is undecided' } as const

/** Judges whether a property is violated, by a trace with so many steps. */
export function judgeViolates<C extends Constants, P extends string, S>(
  spec: Spec<C, P, S>,
  property: NoInfer<P>,
  options: PropertyExpectation<NoInfer<C>, NoInfer<P>>,
): Promise<Judgement<P, S>> {
  return judgeProperty(spec, property, options, VIOLATED)
}

/** Judges whether a goal is reached, by a trace with so many steps. */
export function judgeReaches<C extends Constants, P extends string, S>(
  spec: Spec<C, P, S>,
  goal: NoInfer<P>,
  options: PropertyExpectation<NoInfer<C>, NoInfer<P>>,
): Promise<Judgement<P, S>> {
  return judgeProperty(spec, goal, options, REACHED)
}

/** What an assertion expects of a property, with the word for it. */
interface Expected {
  readonly word: string
  readonly results: readonly PropertyResult[]
  readonly isForGoals: boolean
}

const VIOLATED: Expected = { word: 'violated', results: ['violated', 'unreached'], isForGoals: false }
const REACHED: Expected = { word: 'reached', results: ['reached'], isForGoals: true }

/** @throws {CheckerError} KR101 if a property that is not a goal should be reached */
async function judgeProperty<C extends Constants, P extends string, S>(
  spec: Spec<C, P, S>,
  name: NoInfer<P>,
  { steps, ...options }: PropertyExpectation<NoInfer<C>, NoInfer<P>>,
  { word, results, isForGoals }: Expected,
): Promise<Judgement<P, S>> {
  const result = await checked(spec, { ...options, properties: [name] } as CheckOptions<NoInfer<C>, NoInfer<P>>)
  const { result: found, trace, kind } = result.property(name)
  if (isForGoals && kind !== 'goal') {
    throw badOption(`"${name}" must be a goal, but is of the kind ${kind}`, 'use toHold or assertHolds for it')
  }
  const count = trace && stepCount(trace)
  const isMet = found === 'unknown' ? undefined : results.includes(found) && (steps === undefined || steps === count)
  const inSteps = (of: number | undefined): string =>
    of === undefined ? '' : ` in ${of} ${of === 1 ? 'step' : 'steps'}`
  const sentence = `${name} of ${spec.name} ${SAID[found]}${inSteps(count)}`
  const asked = `asked for: ${word}${inSteps(steps)}`
  return { isMet, message: reported(`${sentence} (${asked})`, result), result }
}

const SAID = {
  holds: 'holds',
  violated: 'is violated',
  reached: 'is reached',
  unreached: 'is unreached',
  unknown: 'is undecided',
} as const

/** Checks. The message of an error has what the command line prints. */
async function checked<C extends Constants, P extends string, S>(
  spec: Spec<C, P, S>,
  options: CheckOptions<NoInfer<C>, NoInfer<P>>,
): Promise<CheckResult<P, S>> {
  try {
    return await check(spec, options)
  } catch (thrown) {
    if (thrown instanceof CheckerError) thrown.message = formatError(thrown)
    throw thrown
  }
}

function reported(sentence: string, result: CheckResult): string {
  return `${sentence}\n\n${formatResult(result, { witnesses: true })}`
}
