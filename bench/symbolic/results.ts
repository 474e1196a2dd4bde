/** What `npm run symbolic -- --save` writes. */

/** What one contestant took for one model. */
export interface Figures {
  /** Of whole processes, run by run. */
  readonly seconds: readonly number[]
  /** The median; null where it is not known. */
  readonly peakMemoryBytes: number | null
  readonly specCalls: number | null
  /** Exact: there may be more than a number can hold. */
  readonly distinct: string
  readonly depth: number | null
}

/** One model by all contestants. */
export interface Measured {
  readonly name: string
  readonly family: string
  readonly constants: { readonly [name: string]: string | number }
  readonly symmetry: boolean
  /** Seconds that the symbolic engine was to take at most. */
  readonly goalSeconds?: number
  /** By `explicit`, `symbolic` or `prototype`: figures, or why there are none. */
  readonly by: { readonly [contestant: string]: Figures | string }
}

export interface Results {
  readonly machine: string
  readonly node: string
  readonly commit: string
  readonly date: string
  readonly runs: number
  readonly timeoutSeconds: number
  /** Of the machine, before and after. */
  readonly load: readonly number[]
  readonly cases: readonly Measured[]
}
