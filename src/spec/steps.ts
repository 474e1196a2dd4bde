/** Sets of steps, as fairness and temporal formulas speak of them: those of an action, or of a thread, with some parameters bound. */
import { badDefinition } from '../errors.ts'
import type { Bindings } from './bindings.ts'
import { here, place, type Origin } from './origin.ts'

/** Steps by name. Made by `steps`. */
export interface Steps {
  readonly kind: 'steps'
  /** Of an action, a thread, or a thread's step. */
  readonly name: string
  /** Parameters that are fixed; the others are free. */
  readonly bindings: Bindings
  /** Of a thread: labels at which, or steps of which, none is meant. */
  readonly except: readonly string[]
  readonly origin: Origin
}

/** Which steps of a thread to leave out: labels, or names of steps. */
export interface StepsOptions {
  readonly except?: readonly string[]
}

/**
 * The steps of an action, of a thread, or of one step of a thread.
 *
 * `steps('truncate', { file })` are those of one instance of the thread; `steps('truncate')` those of any. Like TLA+'s `<<A>>_vars`, a
 * step is one that changes the state.
 *
 * @param bindings - the parameters that are fixed; any value of the others will do
 */
export function steps(name: string, bindings: Bindings = {}, { except = [] }: StepsOptions = {}): Steps {
  const isNamed = typeof name === 'string' && typeof bindings === 'object' && bindings !== null
  if (!isNamed || !Array.isArray(except)) {
    throw badDefinition(
      'steps(...)',
      'was not given a name, and parameters by name',
      "write steps('truncate', { file }, { except: ['idle'] })",
      place(here()),
    )
  }
  return { kind: 'steps', name, bindings, except, origin: here() }
}

/** Steps as an author may give them: those of an action or thread by its name alone, too. */
export type StepsLike = string | Steps

/** @throws {CheckerError} KR206 for what is neither a name nor made by `steps` */
export function stepsOf(call: string, given: unknown): Steps {
  if (typeof given === 'string') return steps(given)
  if ((given as Partial<Steps> | null | undefined)?.kind === 'steps') return given as Steps
  throw badDefinition(
    `${call}(...)`,
    'was given something that is no steps',
    `write ${call}('tick'), or ${call}(steps('truncate', { file }))`,
    place(here()),
  )
}
