/** What a step of a thread may return besides a state: where its thread goes on. */
import type { AnyProcedure } from './domain.ts'

/** A move of a thread's position, with the state in which it happens. */
export abstract class Move<S> {
  /** Its name in errors. */
  readonly kind: string
  /** Undefined stands for the state in which the step began. */
  readonly state: S | undefined

  constructor(kind: string, state: S | undefined) {
    this.kind = kind
    this.state = state
  }
}

/** The next label of a step, and the next state. */
export class Goto<L extends string, S> extends Move<S> {
  readonly label: L

  constructor(label: L, state: S | undefined) {
    super('a goto', state)
    this.label = label
  }
}

/**
 * Continues at `label`, in `state` if the step changed anything.
 *
 * `goto(label, call(...))` calls a procedure that returns to `label`.
 */
export function goto<const L extends string, S = never>(label: L, state?: S): Goto<L, S> {
  return new Goto(label, state)
}

/** A call of a procedure. Made by `call`. */
export class Call<N extends string, R, S> extends Move<S> {
  readonly procedure: AnyProcedure
  readonly args: { readonly [name: string]: unknown }
  declare readonly called: N
  declare readonly result: R

  constructor(procedure: AnyProcedure, args: { readonly [name: string]: unknown }, state: S | undefined) {
    super('a call', state)
    this.procedure = procedure
    this.args = args
  }
}

export type AnyCall = Call<string, unknown, unknown>

/** New values of locals and parameters. Made by `assign`. */
export class Assign<K extends PropertyKey, W, S> extends Move<S> {
  readonly values: W
  declare readonly names: K

  constructor(values: W, state: S | undefined) {
    super('an assignment', state)
    this.values = values
  }
}

/** A return from a procedure. Made by `ret`. */
export class Return<A extends readonly unknown[]> extends Move<never> {
  readonly args: A

  constructor(args: A) {
    super('a return', undefined)
    this.args = args
  }
}
