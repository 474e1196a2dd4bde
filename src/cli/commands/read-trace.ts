/** Reads files of traces. */
import { parseTrace, type RecordedTrace } from '../../trace/replay/recorded-trace.ts'
import { readText } from './read-text.ts'

/** No trace is longer than this. */
const MAX_BYTES = 2 ** 28

/** The trace in a file, or in what comes through a pipe. @throws {CheckerError} KR105, KR106 */
export async function readTrace(path: string): Promise<RecordedTrace> {
  return parseTrace(path, await readText(path, MAX_BYTES, 'name a file that holds a trace'))
}
