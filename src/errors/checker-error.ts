/** The error that Kripke explains, and its parts. It imports nothing. */

export type Detail = readonly [label: string, value: string]

/** The parts of a `CheckerError`. */
export interface ErrorParts {
  /** `KR` and three digits. */
  readonly code: string
  /** One sentence without a full stop, usually: SUBJECT must ..., but ... */
  readonly message: string
  readonly details?: readonly Detail[]
  /** What to do, as an imperative. */
  readonly hint?: string
  /** The place in the user's file, as `path:line:column`. */
  readonly at?: string | undefined
  /** The user's function that caused the error. Its own place is better than `at`. */
  readonly source?: SpecFunction | undefined
}

/** A function that the user wrote. */
export type SpecFunction = (...values: never[]) => unknown

/** The place of an error: as text, or a function that may be located later, with a fallback. */
export type Where = string | Pick<ErrorParts, 'at' | 'source'>

/** The parts of an error that say where it is. */
export function whereOf(where: Where | undefined): Pick<ErrorParts, 'at' | 'source'> {
  return typeof where === 'object' ? where : { at: where }
}

/** An error that Kripke explains: printed as code, sentence, labelled values and hint, without a stack trace. */
export class CheckerError extends Error {
  readonly code: string
  readonly details: readonly Detail[]
  readonly hint: string | undefined
  at: string | undefined
  readonly source: SpecFunction | undefined

  constructor({ code, message, details = [], hint, at, source }: ErrorParts) {
    super(message)
    this.name = 'CheckerError'
    this.code = code
    this.details = details
    this.hint = hint
    this.at = at
    this.source = source
  }
}
