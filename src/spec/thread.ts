/**
 * Threads: paths through labels, in the manner of PlusCal.
 *
 * The schema declares a thread, so its program counter is a variable like any other: `s.truncate.get(file)` is the
 * current label of that instance. The model gives the steps at each label. Steps do not write the program counter: a
 * step that returns a state continues at the next label, and a step that returns `goto(label, state)` continues at that
 * label. A thread that calls procedures has a call stack beside its label: see `call-stack.ts`.
 */
import { badDefinition } from '../errors.ts'
import { positionDomain } from './call-stack.ts'
import type { AnyDomain, AnyProcedure, Fields, FieldValues, ProcedureLabel, ThreadDomain } from './domain.ts'
import { mapOf, requireListable } from './domain-constructors.ts'
import type { Fairness } from './fairness.ts'
import { requireLabels, splitLabels } from './labels.ts'
import type { Goto, Return } from './move.ts'
import { requireNote, type Note, type NoteOptions } from './note.ts'
import { here, place, type Origin } from './origin.ts'
import { requireFunction, requireOptions, requireParameters } from './parts.ts'
import type { CallsOf, ReturnedTo } from './procedure.ts'

/** Parts of a thread besides its instances and labels. */
export interface ThreadOptions<L extends string, P extends AnyProcedure> {
  /** The procedures that it may call, directly or from one another. */
  readonly calls?: readonly P[]
  /** How many calls may be in progress at once. Default: 1. */
  readonly depth?: number
  /** Labels of atomic sections: no other thread interrupts a run through them. */
  readonly atomic?: readonly NoInfer<L>[]
}

/** Correct declarations, for hints. */
const DECLARED = "thread({ file: File }, 'idle', 'locked')"
const CALLING = "thread({ cpu: Cpu }, 'idle', 'locked', { calls: [acquire, release], depth: 2 })"

/**
 * Declares a thread by its labels in code order. It starts at the first label.
 *
 * `thread({ file: File }, 'idle', 'locked')` has one instance for each file. `thread('idle', 'locked')` has a single
 * instance. Options come last: `{ calls, depth, atomic }`.
 */
export function thread<I extends Fields, const L extends readonly string[]>(
  instance: I,
  ...labels: L
): ThreadDomain<I, L[number]>
export function thread<const L extends readonly string[]>(...labels: L): ThreadDomain<{}, L[number]>
export function thread<I extends Fields, const L extends readonly string[], P extends AnyProcedure = never>(
  instance: I,
  ...parts: [...labels: L, options: ThreadOptions<L[number], P>]
): ThreadDomain<I, L[number], P>
export function thread<const L extends readonly string[], P extends AnyProcedure = never>(
  ...parts: [...labels: L, options: ThreadOptions<L[number], P>]
): ThreadDomain<{}, L[number], P>
export function thread(...parts: readonly unknown[]): ThreadDomain<Fields, string, any> {
  const [first, ...rest] = parts
  const instance = (typeof first === 'object' && first !== null ? first : {}) as Fields
  const { labels, options } = splitLabels('thread()', instance === first ? rest : parts, DECLARED)
  requireOptions('thread', options, ['calls', 'depth', 'atomic'], CALLING)
  const { calls: procedures = [], depth = 1, atomic = [] } = options as ThreadOptions<string, AnyProcedure>
  const parameters = Object.entries(instance)
  if (parameters.length > 1) {
    throw badDefinition(
      'thread()',
      'must have at most one instance parameter, but has several',
      'combine them into one parameter whose domain lists all instances',
      place(here()),
    )
  }
  requireLabels('thread()', 'atomic', atomic, labels)
  const position = positionDomain(labels, procedures, depth)
  for (const [, domain] of parameters) requireListable('thread', 'instances', domain)
  const counter = parameters.length === 0 ? position : mapOf(parameters[0]![1], position)
  return { kind: 'thread', instance, labels, procedures, depth, atomic, counter: counter as AnyDomain }
}

/** What one step may do: give a state, go to a label, or something of `X`, such as a call. */
export type StepResult<S, L extends string, X = never> = S | X | Goto<L, S | Exclude<X, Return<any>>>

/** The result of a step: no step (`undefined`, `null`, `false`), one, or several. */
export type StepOutcome<S, L extends string, X = never> =
  StepResult<S, L, X> | undefined | null | false | Iterable<StepResult<S, L, X> | undefined | null | false>

/** A step of a thread at a label, as a function of the state and the bindings. */
export type StepFunction<S, B, L extends string, X = never> = (state: S, bindings: B) => StepOutcome<S, L, X>

/** A step with its own parameters, in addition to the thread's instance. */
export interface Step<S, B, L extends string, X = never> {
  readonly kind: 'step'
  readonly parameters: Fields
  next(state: S, bindings: B): StepOutcome<S, L, X>
  readonly fair: Fairness | undefined
  readonly doc: string | undefined
  readonly note: Note<any, any> | undefined
  readonly origin: Origin
}

/** Options of a step, for states `S` and bindings `B`. */
export interface StepOptions<S, B> extends NoteOptions<S, B> {
  /** The fairness of the step for each instance of the thread, whatever its own parameters: PlusCal's `label:+`. */
  readonly fair?: Fairness | undefined
}

/** Correct calls, for hints. */
const BOUND = "step({ block: Block }, (s, { file, block }) => ..., { fair: 'weak' })"
const BARE = "step((s, { file }) => ..., { fair: 'weak' })"

/** A step with parameters. Kripke binds them to all values of their domains. */
export function step<S, B, L extends string, P extends Fields, X = never>(
  parameters: P,
  next: (state: S, bindings: B & FieldValues<P>) => StepOutcome<S, L, NoInfer<X>>,
  options?: StepOptions<NoInfer<S>, NoInfer<B> & FieldValues<P>>,
): Step<S, B, L, X>
/** A step without its own parameters but with options. */
export function step<S, B, L extends string, X = never>(
  next: (state: S, bindings: B) => StepOutcome<S, L, NoInfer<X>>,
  options?: StepOptions<NoInfer<S>, NoInfer<B>>,
): Step<S, B, L, X>
export function step(first: unknown, second?: unknown, third?: unknown): Step<never, never, never> {
  const isBare = typeof first === 'function' && !('kind' in first)
  const [parameters, next, options = {}] = isBare ? [{}, first, second] : [first, second, third]
  const right = isBare ? BARE : BOUND
  requireParameters('step', parameters, `${BOUND}, or ${BARE}`)
  requireFunction('step', next, right)
  requireOptions('step', options, ['fair', 'doc', 'note'], right)
  const { fair, doc, note } = options as StepOptions<any, any>
  requireNote('step', { doc, note })
  return {
    kind: 'step',
    parameters: parameters as Fields,
    next: next as Step<never, never, never>['next'],
    fair,
    doc,
    note,
    origin: here(),
  }
}

/** The steps at a label: one step, named after the label, or several by name. `{}` ends the thread. */
export type StepsAt<S, B, L extends string, X = never> =
  StepFunction<S, B, L, X> | Step<S, B, L, X> | { readonly [name: string]: StepFunction<S, B, L, X> | Step<S, B, L, X> }

/** The behavior of a thread. */
export interface ThreadBody<S, I extends Fields, L extends string, P extends AnyProcedure = never> {
  /** Disables all steps of the instance while it is false. */
  readonly guard?: (state: S, bindings: FieldValues<I>) => boolean
  /** Whether the steps of each instance, taken together, are fair: PlusCal's `fair process`. */
  readonly fair?: Fairness
  /** Labels at which a fair instance may stay forever: PlusCal's `label:-`. */
  readonly unfair?: readonly (L | ProcedureLabel<P>)[]
  /** The steps by label. */
  readonly at: { readonly [K in L]: StepsAt<S, FieldValues<I> & ReturnedTo<P>, L, CallsOf<P, S>> }
}
