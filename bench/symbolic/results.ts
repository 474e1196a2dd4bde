/** The file format of `npm run symbolic -- --save`. */

/** The figures of one contestant for one model. */
export interface Figures {
  /** Whole processes, run by run. */
  readonly seconds: readonly number[]
  /** The median; null if unknown. */
  readonly peakMemoryBytes: number | null
  readonly specCalls: number | null
  /** Exact text, because the number may be too large for a double. */
  readonly distinct: string
  readonly depth: number | null
}

/** One model with all contestants. */
export interface Measured {
  readonly name: string
  readonly family: string
  readonly constants: { readonly [name: string]: string | number }
  readonly symmetry: boolean
  /** Target for the symbolic engine in seconds. */
  readonly goalSeconds?: number
  /** By `explicit`, `symbolic` or `prototype`: figures, or a text that says why there are none. */
  readonly by: { readonly [contestant: string]: Figures | string }
}

export interface Results {
  readonly machine: string
  readonly node: string
  readonly commit: string
  readonly date: string
  readonly runs: number
  readonly timeoutSeconds: number
  /** Load of the machine, before and after. */
  readonly load: readonly number[]
  readonly cases: readonly Measured[]
}
