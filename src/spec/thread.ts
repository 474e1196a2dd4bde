/**
 * Threads: paths through labels, in the manner of PlusCal.
 *
 * The schema declares a thread, so its program counter is a variable like any other: `s.truncate.get(file)` is the
 * current label of that instance. The model gives the steps at each label. Steps do not write the program counter: a
 * step that returns a state continues at the next label, and a step that returns `goto(label, state)` continues at that
 * label.
 */
import { badDefinition, badDomain } from '../errors.ts'
import type { AnyDomain, Fields, FieldValues, ThreadDomain } from './domain.ts'
import { mapOf, oneOf, requireListable } from './domain-constructors.ts'
import type { Fairness } from './fairness.ts'
import { here, place, type Origin } from './origin.ts'
import { requireFunction, requireOptions, requireParameters } from './parts.ts'

/**
 * Declares a thread by its labels in code order. It starts at the first label.
 *
 * `thread({ file: File }, 'idle', 'locked')` has one instance for each file. `thread('idle', 'locked')` has a single
 * instance.
 */
export function thread<I extends Fields, const L extends readonly string[]>(
  instance: I,
  ...labels: L
): ThreadDomain<I, L[number]>
export function thread<const L extends readonly string[]>(...labels: L): ThreadDomain<{}, L[number]>
export function thread(...parts: readonly (Fields | string)[]): ThreadDomain {
  const [first, ...rest] = parts
  const instance = typeof first === 'object' ? first : {}
  const labels = (typeof first === 'object' ? rest : parts) as string[]
  const parameters = Object.entries(instance)
  if (labels.length === 0) {
    throw badDomain(
      'thread()',
      'must have a label, but has none',
      "name its labels in code order: thread({ file: File }, 'idle', 'locked')",
    )
  }
  if (parameters.length > 1) {
    throw badDefinition(
      'thread()',
      'must have at most one instance parameter, but has several',
      'combine them into one parameter whose domain lists all instances',
      place(here()),
    )
  }
  const label = oneOf(...labels)
  for (const [, domain] of parameters) requireListable('thread', 'instances', domain)
  const counter = parameters.length === 0 ? label : mapOf(parameters[0]![1], label)
  return { kind: 'thread', instance, labels, counter: counter as AnyDomain }
}

/** The next label of a step, and the next state. */
export class Goto<L extends string, S> {
  readonly label: L
  /** Undefined stands for the state in which the step began. */
  readonly state: S | undefined

  constructor(label: L, state: S | undefined) {
    this.label = label
    this.state = state
  }
}

/** Continues at `label`, in `state` if the step changed anything. */
export function goto<const L extends string, S = never>(label: L, state?: S): Goto<L, S> {
  return new Goto(label, state)
}

/** The result of a step: no step (`undefined`, `null`, `false`), one, or several. */
export type StepOutcome<S, L extends string> =
  S | Goto<L, S> | undefined | null | false | Iterable<S | Goto<L, S> | undefined | null | false>

/** A step of a thread at a label, as a function of the state and the bindings. */
export type StepFunction<S, B, L extends string> = (state: S, bindings: B) => StepOutcome<S, L>

/** A step with its own parameters, in addition to the thread's instance. */
export interface Step<S, B, L extends string> {
  readonly kind: 'step'
  readonly parameters: Fields
  next(state: S, bindings: B): StepOutcome<S, L>
  readonly fair: Fairness | undefined
  readonly origin: Origin
}

/** Options of a step. */
export interface StepOptions {
  /** The fairness of the step for each instance of the thread, whatever its own parameters: PlusCal's `label:+`. */
  readonly fair?: Fairness | undefined
}

/** Correct calls, for hints. */
const BOUND = "step({ block: Block }, (s, { file, block }) => ..., { fair: 'weak' })"
const BARE = "step((s, { file }) => ..., { fair: 'weak' })"

/** A step with parameters. Kripke binds them to all values of their domains. */
export function step<S, B, L extends string, P extends Fields>(
  parameters: P,
  next: (state: S, bindings: B & FieldValues<P>) => StepOutcome<S, L>,
  options?: StepOptions,
): Step<S, B, L>
/** A step without its own parameters but with options. */
export function step<S, B, L extends string>(
  next: (state: S, bindings: B) => StepOutcome<S, L>,
  options?: StepOptions,
): Step<S, B, L>
export function step(first: unknown, second?: unknown, third?: unknown): Step<never, never, never> {
  const isBare = typeof first === 'function' && !('kind' in first)
  const [parameters, next, options = {}] = isBare ? [{}, first, second] : [first, second, third]
  const right = isBare ? BARE : BOUND
  requireParameters('step', parameters, `${BOUND}, or ${BARE}`)
  requireFunction('step', next, right)
  requireOptions('step', options, ['fair'], right)
  const { fair } = options as StepOptions
  return {
    kind: 'step',
    parameters: parameters as Fields,
    next: next as Step<never, never, never>['next'],
    fair,
    origin: here(),
  }
}

/** The steps at a label: one step, named after the label, or several by name. `{}` ends the thread. */
export type StepsAt<S, B, L extends string> =
  StepFunction<S, B, L> | Step<S, B, L> | { readonly [name: string]: StepFunction<S, B, L> | Step<S, B, L> }

/** The behavior of a thread. */
export interface ThreadBody<S, I extends Fields, L extends string> {
  /** Disables all steps of the instance while it is false. */
  readonly guard?: (state: S, bindings: FieldValues<I>) => boolean
  /** Whether the steps of each instance, taken together, are fair: PlusCal's `fair process`. */
  readonly fair?: Fairness
  /** Labels at which a fair instance may stay forever: PlusCal's `label:-`. */
  readonly unfair?: readonly L[]
  /** The steps by label. */
  readonly at: { readonly [K in L]: StepsAt<S, FieldValues<I>, L> }
}
