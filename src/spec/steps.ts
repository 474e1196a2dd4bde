/**
 * Sets of steps in fairness constraints and temporal formulas: the steps of an action or a thread, with some parameters
 * bound.
 */
import { badDefinition } from '../errors.ts'
import type { Bindings } from './bindings.ts'
import { here, place, type Origin } from './origin.ts'
import { inWords } from './show.ts'

/** Steps by name. Made by `steps`. */
export interface Steps {
  readonly kind: 'steps'
  /** The name of an action, a thread, or a thread's step. */
  readonly name: string
  /** Fixed parameters. Other parameters may have any value. */
  readonly bindings: Bindings
  /** For a thread: labels or steps to leave out. */
  readonly except: readonly string[]
  readonly origin: Origin
}

/** The steps of a thread to leave out: labels, or names of steps. */
export interface StepsOptions {
  readonly except?: readonly string[]
}

/**
 * The steps of an action, of a thread, or of one step of a thread.
 *
 * `steps('truncate', { file })` means the steps of one instance of the thread, and `steps('truncate')` the steps of any
 * instance. Like TLA+'s `<<A>>_vars`, only steps that change the state count.
 *
 * @param bindings - the fixed parameters; others may have any value
 */
export function steps(name: string, bindings: Bindings = {}, { except = [] }: StepsOptions = {}): Steps {
  const isNamed = typeof name === 'string' && typeof bindings === 'object' && bindings !== null
  if (!isNamed || !Array.isArray(except)) {
    throw badDefinition(
      'steps(...)',
      'must be given a name and an object of parameters, but was not',
      "write steps('truncate', { file }, { except: ['idle'] })",
      place(here()),
    )
  }
  return { kind: 'steps', name, bindings, except, origin: here() }
}

/** Steps as an author may give them. The name of an action or thread is enough. */
export type StepsLike = string | Steps

/** @throws {CheckerError} KR206 for a value that is neither a name nor made by `steps` */
export function stepsOf(call: string, given: unknown): Steps {
  if (typeof given === 'string') return steps(given)
  if ((given as Partial<Steps> | null | undefined)?.kind === 'steps') return given as Steps
  throw badDefinition(
    `${call}(...)`,
    `must be given steps, but was given ${inWords(given)}`,
    `write ${call}('tick'), or ${call}(steps('truncate', { file }))`,
    place(here()),
  )
}
