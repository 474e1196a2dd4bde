/** Aliases: what a trace shows of a state instead of its variables. */

/** The step that led to a state of a trace. */
export interface AliasStep<S> {
  /** The name of the action or of a thread's step; `init` for an initial state, `stutter` if nothing happens. */
  readonly action: string
  readonly bindings: { readonly [name: string]: unknown }
  /** For a thread's step: its thread and label. */
  readonly thread: string | undefined
  readonly label: string | undefined
  /** The state before the step. For an initial state: that state itself. */
  readonly before: S
  /** The position in the trace. An initial state has 0. */
  readonly index: number
}

/** Named values that a trace shows. A trace leaves out an `undefined` value. */
export type AliasValues = { readonly [name: string]: unknown }

/** The function that the author writes. */
export type Alias<S> = (state: S, step: AliasStep<S>) => AliasValues
