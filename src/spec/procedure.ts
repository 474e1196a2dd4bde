/**
 * Procedures, in the manner of PlusCal: labelled steps with parameters, locals and a returned value.
 *
 * A thread declares the procedures that it may call, so its call stack is part of the state: see `call-stack.ts`. The
 * model gives the steps of a procedure once, for all threads that call it.
 */
import { badDefinition, nameClash } from '../errors.ts'
import type { AnyProcedure, Domain, Fields, FieldValues, Procedure } from './domain.ts'
import { record } from './domain-constructors.ts'
import { here, place } from './origin.ts'
import { requireOptions, requireParameters } from './parts.ts'
import { inWords } from './show.ts'
import { requireLabels, splitLabels } from './labels.ts'
import { Assign, Call, Return } from './move.ts'

/** Parts of a procedure besides its parameters and labels. */
export interface ProcedureOptions<A extends Fields, V extends Fields, R, L extends string> {
  /** Its local variables, with their domains. Each begins with the first value of its domain. */
  readonly locals?: V
  /** Other initial values of locals, or a function of the arguments that gives them. */
  readonly initial?:
    NoInfer<Partial<FieldValues<V>>> | ((args: FieldValues<NoInfer<A>>) => NoInfer<Partial<FieldValues<V>>>)
  /** The domain of the value that it returns. Without it, the procedure returns no value. */
  readonly returns?: Domain<R>
  /** Labels of atomic sections: no other thread interrupts a run through them. */
  readonly atomic?: readonly NoInfer<L>[]
}

/** Names of frame fields and bindings that parameters and locals must not have. */
const RESERVED = ['procedure', 'to', 'self', 'returned']

const RIGHT = "procedure('acquire', { node: Node }, 'swap', 'wait', { locals: { prev: optional(Node) } })"

/**
 * Declares a procedure by its labels in code order. A call starts at the first label.
 *
 * `procedure('acquire', { node: Node }, 'swap', 'wait', { locals: { prev: optional(Node) }, returns: bool() })`. Name it
 * in `calls` of each thread that may call it, and give its steps in `procedures` of the model.
 *
 * @throws {CheckerError} KR205 or KR206 for missing labels and for names that clash
 */
export function procedure<
  const N extends string,
  A extends Fields,
  const L extends readonly string[],
  V extends Fields = {},
  R = void,
>(
  name: N,
  parameters: A,
  ...parts: [...labels: L, options: ProcedureOptions<A, V, R, L[number]>]
): Procedure<N, A, V, R, L[number]>
export function procedure<const N extends string, A extends Fields, const L extends readonly string[]>(
  name: N,
  parameters: A,
  ...labels: L
): Procedure<N, A, {}, void, L[number]>
export function procedure(name: string, parameters: Fields, ...parts: readonly unknown[]): AnyProcedure {
  const at = place(here())
  if (typeof name !== 'string' || !/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)) {
    throw badDefinition(
      'procedure(...)',
      `must be given a name first, but was given ${inWords(name)}`,
      `write ${RIGHT}`,
      at,
    )
  }
  const call = `procedure '${name}'`
  requireParameters('procedure', parameters, RIGHT)
  const { labels, options } = splitLabels(call, parts, RIGHT)
  requireOptions('procedure', options, ['locals', 'initial', 'returns', 'atomic'], RIGHT)
  const {
    locals = {},
    initial = {},
    returns,
    atomic = [],
  } = options as ProcedureOptions<Fields, Fields, unknown, string>
  const names = [...Object.keys(parameters), ...Object.keys(locals)]
  names.forEach((one, index) => {
    const problem = RESERVED.includes(one) ? 'is reserved' : 'is used twice'
    if (names.indexOf(one) === index && !RESERVED.includes(one)) return
    throw nameClash('name', one, `of ${call} ${problem}`, at)
  })
  // `record` rejects names that immutable.js uses, and values that are not domains.
  if (names.length > 0) record({ ...parameters, ...locals })
  requireLabels(call, 'atomic', atomic, labels)
  return {
    kind: 'procedure',
    name,
    parameters,
    locals,
    initial: (typeof initial === 'function' ? initial : () => initial) as AnyProcedure['initial'],
    returns,
    labels,
    atomic,
  }
}

/**
 * Calls a procedure in `state`. The caller goes on at its next label; `goto(label, call(...))` names another label.
 *
 * PlusCal's `call acquire(node)`. In a procedure, `ret(call(...))` is a tail call.
 */
export function call<N extends string, A extends Fields, R, S = never>(
  procedure: Procedure<N, A, any, R, any>,
  args: NoInfer<FieldValues<A>>,
  state?: S,
): Call<N, R, S> {
  if ((procedure as Partial<AnyProcedure> | null)?.kind !== 'procedure' || typeof args !== 'object' || args === null) {
    throw badDefinition(
      'call(...)',
      'must be given a procedure and an object of arguments, but was not',
      'write call(acquire, { node })',
    )
  }
  return new Call(procedure, args, state)
}

/** Gives locals and parameters of the running procedure new values, and goes on in `state`. */
export function assign<const W extends object, S = never>(values: W, state?: S): Assign<keyof W, W, S> {
  return new Assign(values, state)
}

/**
 * Returns from the running procedure.
 *
 * `ret(value, state)` returns a value, `ret(state)` returns from a procedure without one. Without `state`, nothing else
 * changes. `ret(call(other, { ... }))` is a tail call: `other` returns to the caller.
 */
export function ret<const A extends readonly unknown[]>(...args: A): Return<A> {
  return new Return(args)
}

/** Calls of some procedures. */
export type CallsOf<P, S> = P extends Procedure<infer N, any, any, infer R, any> ? Call<N, R, S> : never

/** Calls of the procedures that return an `R`. */
type CallsReturning<P, R, S> =
  P extends Procedure<infer N, any, any, infer Q, any> ? ([Q] extends [R] ? Call<N, Q, S> : never) : never

/** The values that procedures return. */
type Values<P> = P extends Procedure<any, any, any, infer R, any> ? ([R] extends [void] ? never : R) : never

/** What a caller of these procedures reads at the label to which they return. */
export type ReturnedTo<P> = [Values<P>] extends [never] ? {} : { readonly returned: Values<P> | undefined }

type AssignIn<P extends AnyProcedure, S> =
  P extends Procedure<any, infer A, infer V, any, any>
    ? Assign<keyof A | keyof V, Partial<FieldValues<A> & FieldValues<V>>, S>
    : never

type ReturnsIn<P extends AnyProcedure, Q extends AnyProcedure, S> =
  P extends Procedure<any, any, any, infer R, any>
    ? [R] extends [void]
      ? Return<readonly []> | Return<readonly [S | CallsReturning<Q, void, S>]>
      : Return<readonly [R | CallsReturning<Q, R, S>]> | Return<readonly [R, S]>
    : never

/** What a step of a procedure `P` may return besides states and gotos. */
export type ProcedureResult<P extends AnyProcedure, Q extends AnyProcedure, S> =
  AssignIn<P, S> | CallsOf<Q, S | AssignIn<P, S>> | ReturnsIn<P, Q, S>
