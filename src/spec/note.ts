/** Notes: what a trace says about a step beside its changes. They never affect verdicts or counts. */
import { badDefinition } from '../errors.ts'
import { here, place } from './origin.ts'
import { inWords } from './show.ts'

/** A step as a note sees it. */
export interface NotedStep<S, B> {
  /** The name of the action, or of a thread's step. */
  readonly action: string
  readonly bindings: B
  /** The values that `anyOf` and `anySubset` chose, by the names of their parameters. */
  readonly chosen: { readonly [name: string]: any }
  /** For a thread's step: its thread and label. */
  readonly thread: string | undefined
  readonly label: string | undefined
  readonly before: S
  readonly after: S
}

/** A text about a step; nothing if there is nothing to say. */
export type Note<S, B> = (step: NotedStep<S, B>) => string | undefined | null | false

/** Options that say what a trace shows beside the changes of a step. */
export interface NoteOptions<S, B> {
  /** One line about every step, for traces and `kripke info`. */
  readonly doc?: string | undefined
  /** A line computed from the step, for traces, such as `` ({ after }) => `old = ${after.old}` ``. It replaces `doc`. */
  readonly note?: Note<S, B> | undefined
}

/** @throws {CheckerError} KR206 for a `doc` that is not a text, or a `note` that is not a function */
export function requireNote(call: string, { doc, note }: NoteOptions<any, any>): void {
  const wrong = (problem: string, hint: string): Error => badDefinition(`${call}(...)`, problem, hint, place(here()))
  if (doc !== undefined && typeof doc !== 'string') {
    throw wrong(`must be given a text as doc, but was given ${inWords(doc)}`, "write doc: 'reads the tail'")
  }
  if (note !== undefined && typeof note !== 'function') {
    throw wrong(
      `must be given a function as note, but was given ${inWords(note)}`,
      'write note: ({ before, after }) => `...`, or doc for a fixed text',
    )
  }
}
