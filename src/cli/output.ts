/**
 * Standard output and error of the command.
 *
 * Every thread writes synchronously, so ending a thread does not lose its earlier output.
 */
import { writeSync } from 'node:fs'
import { fileFailed } from '../errors.ts'
import { styleFor, type Style } from '../report/text/style.ts'
import type { StreamFacts } from './supervisor/supervision.ts'

/** How long to wait before another try to write to a full pipe. */
const FULL_PIPE_MS = 2

/** Columns to fill if there is no terminal, and the environment does not say how many. */
const WIDTH_ELSEWHERE = 120

const never = new Int32Array(new SharedArrayBuffer(4))

/** The columns that the variable COLUMNS names, as shells do for programs that are not in a terminal. */
function columnsElsewhere(): number {
  const columns = Number(process.env['COLUMNS'])
  return Number.isSafeInteger(columns) && columns > 0 ? columns : WIDTH_ELSEWHERE
}

/** Where the text of a stream goes. */
export interface TextSink {
  readonly isTTY: boolean
  /** Characters that fit in a line of the terminal. */
  readonly columns: number
  /** Writes the whole text, or throws the error of the system. */
  write(text: string): void
}

/** One of the two streams. */
export class Output {
  /** Called once when the reader of the stream has gone. */
  onClosed: () => void = () => {}
  /** Whether the reader has gone, so that writing is impossible. */
  isLost = false
  readonly #sink: TextSink

  constructor(sink: TextSink) {
    this.#sink = sink
  }

  get isTTY(): boolean {
    return this.#sink.isTTY
  }

  /** Characters that fit in a line of the terminal. */
  get columns(): number {
    return this.#sink.columns
  }

  /** Writes text. Once the reader has gone, nothing happens. @throws {CheckerError} KR105 if it cannot be written */
  write(text: string): void {
    if (this.isLost) return
    try {
      this.#sink.write(text)
    } catch (thrown) {
      this.isLost = true
      const { code, message } = thrown as NodeJS.ErrnoException
      if (code === 'EPIPE') return this.onClosed()
      throw fileFailed('write', 'standard output', code ?? message)
    }
  }
}

/** The style for a stream: colors on a terminal, unless NO_COLOR is set, or anywhere with FORCE_COLOR. */
export function styleOf(stream: Output): Style {
  const { NO_COLOR, FORCE_COLOR } = process.env
  const isForbidden = NO_COLOR !== undefined && NO_COLOR !== ''
  const isForced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0'
  const color = !isForbidden && (isForced || (stream.isTTY && process.env['TERM'] !== 'dumb'))
  return styleFor({ color, width: stream.isTTY ? stream.columns : columnsElsewhere() })
}

/** A standard stream of this process. */
export function descriptorSink(descriptor: number, { isTTY, columns }: StreamFacts): TextSink {
  return {
    isTTY,
    get columns() {
      return Atomics.load(columns, 0)
    },
    write: (text) => writeAll(descriptor, text),
  }
}

function writeAll(descriptor: number, text: string): void {
  let rest: Uint8Array = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EAGAIN') throw thrown
      Atomics.wait(never, 0, 0, FULL_PIPE_MS)
    }
  }
}
