/** The type of a procedure's behavior. */
import type { AnyProcedure, FieldValues, Procedure } from './domain.ts'
import type { ProcedureResult, ReturnedTo } from './procedure.ts'
import type { StepsAt } from './thread.ts'

/** The bindings of a procedure's step: its parameters and locals, its thread's instance, and what was returned to it. */
export type ProcedureBindings<P extends AnyProcedure, Q, I> =
  P extends Procedure<any, infer A, infer V, any, any>
    ? FieldValues<A> & FieldValues<V> & ReturnedTo<Q> & { readonly self: I }
    : never

/** The behavior of a procedure. `I` are the instances of the threads that call it, `Q` the procedures of the schema. */
export interface ProcedureBody<S, P extends AnyProcedure, Q extends AnyProcedure, I> {
  /** The steps by label. `ret` ends a call. */
  readonly at: {
    readonly [K in P['labels'][number]]: StepsAt<
      S,
      ProcedureBindings<P, Q, I>,
      P['labels'][number],
      ProcedureResult<P, Q, S>
    >
  }
}
