/**
 * Failures of spec functions. An error thrown by a function becomes an error that names the function and its place in
 * the author's file.
 */
import { CheckerError, impure, threw, type SpecFunction } from '../errors.ts'
import { CallsStopped } from '../spec/calls.ts'
import type { ActionInstance, Question } from '../spec/instances.ts'
import { Leaked } from './leaked.ts'
import { place, type Origin } from '../spec/origin.ts'
import { NewElements } from '../state/new-elements.ts'
import { Unshareable } from '../state/unshareable.ts'

/** A spec function failed on a state: it threw, returned an invalid value, or wrote outside a domain. */
export class Failure extends Error {
  readonly subject: ActionInstance | Question
  override readonly cause: CheckerError

  constructor(subject: ActionInstance | Question, cause: CheckerError) {
    super(cause.message)
    this.name = 'Failure'
    this.subject = subject
    this.cause = cause
  }
}

/** A function of the spec, with its name and its place. */
export interface NamedFunction {
  readonly who: string
  readonly definition: { readonly origin: Origin | undefined }
  readonly source?: SpecFunction
}

/**
 * The error of a spec function. A `CheckerError` stays, with the function among its details. Anything else becomes
 * KR503.
 */
export function failureOf({ who, definition: { origin }, source }: NamedFunction, thrown: unknown): CheckerError {
  if (thrown instanceof Unshareable || thrown instanceof CallsStopped) throw thrown
  if (thrown instanceof NewElements || thrown instanceof Leaked) throw thrown
  const error = thrown instanceof CheckerError ? thrown : threw(who, textOf(thrown), hintFor(thrown))
  if (error.code === 'KR901') return error
  const { code, message, details, hint, at } = error
  const found = at ?? (thrown instanceof Error ? place(thrown) : undefined)
  return new CheckerError({
    code,
    message: message.replace(/^a spec function/, who),
    details: message.includes(who) || code === 'KR502' ? details : [['in', who], ...details],
    ...(hint === undefined ? {} : { hint }),
    ...(found === undefined ? { at: origin && place(origin), source: error.source ?? source } : { at: found }),
  })
}

/**
 * The error for a function that fails now but did not fail before. It is impure, unless it failed with an error that
 * says so. Other errors stay as they are.
 */
export function failureOnRepeat(thrown: unknown): unknown {
  if (!(thrown instanceof Failure)) return thrown
  const { subject, cause } = thrown
  return cause.code === 'KR502'
    ? cause
    : impure(subject.who, `failed only on a second call with the same state: ${cause.message}`)
}

function hintFor(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined
  const { message } = thrown
  if (message.startsWith('Cannot set on an immutable')) {
    return "return s.set('name', value): a state cannot be changed in place"
  }
  return message.startsWith('Cannot read properties of undefined')
    ? 'check the value for undefined first: for example, get(...) gives undefined for a missing key'
    : undefined
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
}
