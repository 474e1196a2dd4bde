/** What a test tells `drive` about the system that it runs. */
import type { Constants, GivenConstants } from '../spec/constant.ts'
import type { INSIDE } from '../spec/map-types.ts'

/**
 * What an action returns if the system refused the call. The spec must then have a possible state in which the action is
 * not enabled.
 */
export const refused: unique symbol = Symbol('refused')

/** What `setup` gets. */
export interface Run {
  /**
   * A point in the system at which another client may go on. `driveConcurrently` decides by its seed who goes on. In `drive`,
   * where calls follow one another, it does nothing.
   */
  readonly pause: () => Promise<void>
}

/** The names of the variables of a state. */
type VariableOf<S> = S extends { readonly [INSIDE]: { readonly fields: infer F } } ? keyof F & string : string

/**
 * What a test observes: some variables of the state, as values of the spec or as plain values, perhaps in part. A plain object
 * stands for some keys of a map or fields of a record. An array stands for a whole list, set or bag. `undefined` was not observed.
 */
export type Observation<S = any> = { readonly [K in VariableOf<S>]?: unknown }

/** A value, or a promise of it. */
type Awaitable<T> = T | PromiseLike<T>

/** The system under test, and how its calls and states relate to the spec. */
export interface Driver<R, C extends Constants = any, S = any, A extends string = any> {
  /** Values of constants by name. Default: the defaults of the spec. */
  readonly constants?: GivenConstants<C> | undefined
  /** Makes a new system in an initial state of the spec. */
  readonly setup: (run: Run) => Awaitable<R>
  /** Calls the system. The parameters of the action are in `bindings`. */
  readonly actions: { readonly [K in A]?: (system: R, bindings: any) => unknown }
  /** Observes the system after each call, without changing it. */
  readonly observe?: ((system: R) => Awaitable<Observation<S>>) | undefined
  /** What an action returns as a whole, as a function of the states before and after it. Default: anything. */
  readonly results?: { readonly [K in A]?: (before: S, bindings: any, after: S) => unknown } | undefined
  /** Ends a system, also after a failure. */
  readonly teardown?: ((system: R) => Awaitable<void>) | undefined
  /** The actions that the system takes by itself, at any time. */
  readonly hidden?: readonly A[] | undefined
  /** How many hidden steps there may be before a call, and after it. Default 8. */
  readonly hiddenSteps?: number | undefined
  /** The actions that never occur in the test. */
  readonly skip?: readonly A[] | undefined
  /**
   * Actions with `anyOf` or `anySubset` whose choices the test makes. Their functions get the chosen values in `bindings`, too.
   * For other actions the system chooses.
   */
  readonly chosenByTest?: readonly A[] | undefined
  /** How long a call may take, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number | undefined
}

/** A driver of any system. */
export type AnyDriver = Driver<any>

/** How many hidden steps there may be unless the driver says otherwise. */
export const HIDDEN_STEPS = 8

/** How long a call may take unless the driver says otherwise. As long as a test of vitest. */
const TIMEOUT_MS = 5000

/** Marks a call that did not return in time. */
export const LATE: unique symbol = Symbol('late')

declare const setTimeout: (callback: () => void, ms: number) => unknown
declare const clearTimeout: (timer: unknown) => void

/** The result of a call; `LATE` if it takes too long. */
export async function inTime<T>(
  { timeoutMs = TIMEOUT_MS }: AnyDriver,
  work: () => Awaitable<T>,
): Promise<T | typeof LATE> {
  let timer: unknown
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), timeoutMs)
  })
  try {
    return await Promise.race([(async () => await work())(), late])
  } finally {
    clearTimeout(timer)
  }
}
