/** What the watch tells the thread of a run. */
import type { TextSink } from '../output.ts'
import type { Supervision } from '../supervisor/supervised-command.ts'

/** What the thread gets when it starts. */
export interface WatchedData extends Supervision {
  readonly argv: readonly string[]
  /** Whether to load the compiler before there is something to compile. */
  readonly isAhead: boolean
}

/** Begins the run. The size of the terminal may have changed since the thread started. */
export interface BeginMessage {
  readonly stdout: Pick<TextSink, 'isTTY' | 'columns'>
  readonly stderr: Pick<TextSink, 'isTTY' | 'columns'>
}
