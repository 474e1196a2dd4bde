/** Messages between the explorer and a thread that searches for it. */
import type { ErrorDocument, EvaluatedDocument, SearchResult } from '../protocol.ts'

/** What the thread works with, and what it does. */
export interface SearchTask {
  /** The URL of the compiled spec. */
  readonly module: string
  readonly constants: { readonly [name: string]: string }
  readonly path: readonly string[]
  /** The source of a function of a state and the constants, as JavaScript; undefined without an expression. */
  readonly source: string | undefined
  /** Undefined to evaluate the function in each state of the path. */
  readonly search:
    | {
        readonly until: 'expression' | 'violation' | 'here'
        readonly from: 'start' | 'here'
        readonly how: 'shortest' | 'random'
        readonly seed: number
        readonly memoryBytes: number
      }
    | undefined
}

export type SearchReport =
  | { readonly kind: 'found'; readonly result: SearchResult }
  | { readonly kind: 'values'; readonly values: readonly EvaluatedDocument[] }
  | { readonly kind: 'failed'; readonly error: ErrorDocument['error'] }
