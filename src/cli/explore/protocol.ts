/**
 * What the page of `kripke explore` asks, and what it gets. Any editor may ask the same.
 *
 * Every request is a POST of JSON with the token in a header. It names constants and a path, so the server keeps nothing of a page.
 */
import type { GraphDocument } from '../../report/json/graph-view.ts'
import type { TraceViewDocument } from '../../report/json/trace-view.ts'
import type { DisabledDocument, PathDocument, StepsDocument } from '../../report/json/walk.ts'

/** Where a page is: constants by name as text, and the names of a path. An empty path leads to the first initial state. */
export interface Position {
  readonly constants: { readonly [name: string]: string }
  readonly path: readonly string[]
  /** The index of the entry that the page shows. Default: the last. */
  readonly at?: number | undefined
}

/** The spec and what can be chosen. */
export interface SpecDocument {
  readonly spec: string
  readonly file: string
  readonly doc: string
  readonly constants: readonly {
    readonly name: string
    /** Its domain as text. */
    readonly values: string
    readonly default: string
    readonly doc: string
    /** How a form asks for a value. A text is written as on a command line. */
    readonly input:
      | { readonly kind: 'check' | 'text' }
      | { readonly kind: 'choice'; readonly options: readonly string[] }
      | { readonly kind: 'number'; readonly low: number; readonly high: number }
  }[]
  readonly variables: readonly string[]
  readonly properties: readonly { readonly name: string; readonly kind: string }[]
  /** The names of the initial states. */
  readonly initial: readonly string[]
}

/** A path, and what the state at `at` allows. */
export interface PositionDocument extends PathDocument {
  readonly at: number
  readonly steps: StepsDocument
  /** Values of all constants, as text. */
  readonly constants: { readonly [name: string]: string }
}

export interface ErrorDocument {
  readonly error: {
    readonly code: string
    readonly message: string
    readonly details?: readonly (readonly [label: string, value: string])[]
    /** What to do. */
    readonly hint?: string
    /** A place in the spec's files, such as `design.ts:12:3`. */
    readonly at?: string
  }
}

/** The version of the spec. Each save begins another one. */
export interface VersionDocument {
  readonly version: number
  /** Why the latest save could not be loaded. The earlier version stays. */
  readonly failure: ErrorDocument['error'] | null
}

/** How far the check with the constants of a page is. */
export interface CheckDocument {
  readonly isRunning: boolean
  /** States found so far, levels, and seconds. */
  readonly distinct: number
  readonly depth: number
  readonly seconds: number
  /** Empty while the check runs. */
  readonly properties: readonly {
    readonly name: string
    readonly kind: string
    readonly result: string
    readonly reason: string | null
    /** Whether there is a trace: a counterexample, or the way to a goal. */
    readonly hasTrace: boolean
  }[]
  /** How the check failed. */
  readonly failure: ErrorDocument['error'] | null
}

/** The verdict on a property with the constants of a variant. */
export interface CellDocument {
  readonly result: string
  /** Steps of the trace; null if there is none. */
  readonly steps: number | null
  /** False if there may be a shorter trace. */
  readonly isShortest: boolean
  readonly reason: string | null
}

export interface VariantDocument {
  /** The values of the varied constants, as text. */
  readonly values: readonly string[]
  /** The constants with which a page shows this variant. */
  readonly constants: Position['constants']
  /** Whether the page that asks has these constants. */
  readonly isCurrent: boolean
  readonly state: 'waiting' | 'running' | 'done'
  readonly distinct: number
  readonly seconds: number
  /** A cell for each property; null if it is not decided, or if the variant does not have the property. */
  readonly cells: readonly (CellDocument | null)[]
  readonly failure: ErrorDocument['error'] | null
}

/** A comparison as far as it is. */
export interface CompareDocument {
  /** All constants, with the number of their values; null if there are too many to vary it. */
  readonly choices: readonly { readonly name: string; readonly values: number | null }[]
  /** The constants that vary; the last one varies fastest. */
  readonly vary: readonly string[]
  readonly properties: readonly { readonly name: string; readonly kind: string }[]
  readonly variants: readonly VariantDocument[]
}

/** A trace as a path. */
export interface TraceDocument {
  readonly path: readonly string[]
  /** For a lasso: the index of the entry to which the last one returns. */
  readonly loop: number | null
}

/** What a search found. */
export interface SearchResult {
  /** From the initial state on; null if there is none. */
  readonly path: readonly string[] | null
  /** States explored, or random steps taken. */
  readonly explored: number
  /** Whether the search covered every state. Without a path, such a state does not exist then. */
  readonly isExhaustive: boolean
}

/** The value of an expression in a state, or why it has none. */
export interface EvaluatedDocument {
  readonly text: string
  readonly isError: boolean
}

/** A path as a trace. */
export interface TracePosition extends Pick<Position, 'constants' | 'path'> {
  /** For a lasso: the index of the entry to which the last one returns. */
  readonly loop?: number | undefined
  /** The property of which the path is a trace; absent or empty if there is none. */
  readonly property?: string | undefined
}

/** The formats in which a trace can be saved. */
export const SAVE_FORMATS = ['itf', 'mermaid', 'html'] as const
export type SaveFormat = (typeof SAVE_FORMATS)[number]

/** A file for the browser to save. */
export interface SavedDocument {
  readonly name: string
  /** Its media type. */
  readonly type: string
  readonly text: string
}

/** The requests by name, with their bodies and answers. */
export interface Requests {
  spec: { body: Pick<Position, 'constants'>; answer: SpecDocument }
  position: { body: Position; answer: PositionDocument }
  disabled: { body: Position; answer: { readonly disabled: readonly DisabledDocument[] } }
  /** Waits some seconds for a version other than `version`. */
  version: { body: { readonly version: number }; answer: VersionDocument }
  /** Begins the check if it has not begun. */
  check: { body: Pick<Position, 'constants'>; answer: CheckDocument }
  /** Checks variants one after another, as long as a page asks. Without names it varies the first constant that has names as values. */
  compare: {
    body: Pick<Position, 'constants'> & { readonly vary: readonly string[] }
    answer: CompareDocument
  }
  /** The trace of a property that the check has decided. */
  trace: { body: Pick<Position, 'constants'> & { readonly property: string }; answer: TraceDocument }
  /** The states around the entry at `at`, up to some steps away; or the whole graph, merged by the variables of `project`. */
  graph: {
    body: Position & {
      readonly scope: 'around' | 'whole'
      readonly project: readonly string[]
      readonly steps: number
      /** Colors the nodes; empty for none. */
      readonly expression: string
    }
    answer: GraphDocument
  }
  /** A shortest path to a node of the whole graph. */
  way: {
    body: Pick<Position, 'constants'> & { readonly project: readonly string[]; readonly node: number }
    answer: { readonly path: readonly string[] }
  }
  /** Searches for a path. It takes as long as it takes; the page ends it by closing the connection. */
  search: {
    body: Position & {
      /** A state in which the expression is true, any violation, or the state at `at`. */
      readonly until: 'expression' | 'violation' | 'here'
      /** TypeScript. It may name the variables, the constants, `s` for the state, and functions of Kripke and immutable.js. */
      readonly expression: string
      readonly from: 'start' | 'here'
      readonly how: 'shortest' | 'random'
      readonly seed: number
    }
    answer: SearchResult
  }
  /** The value of an expression in each state of a path. */
  evaluate: {
    body: Position & { readonly expression: string }
    answer: { readonly values: readonly EvaluatedDocument[] }
  }
  lanes: { body: TracePosition; answer: TraceViewDocument }
  save: { body: TracePosition & { readonly format: SaveFormat }; answer: SavedDocument }
  /** Takes random steps from the entry at `at`. */
  random: { body: Position & { readonly steps: number; readonly seed: number }; answer: PositionDocument }
}

export type RequestName = keyof Requests

/** The header that carries the token. */
export const TOKEN_HEADER = 'x-kripke-token'
