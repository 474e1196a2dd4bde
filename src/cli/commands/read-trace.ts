/** Reads files of traces. */
import { createReadStream } from 'node:fs'
import { fileFailed } from '../../errors.ts'
import { parseTrace, type RecordedTrace } from '../../trace/replay/recorded-trace.ts'

/** No trace is longer than this. The bound is for endless devices such as /dev/zero. */
const MAX_BYTES = 2 ** 28

/** The trace in a file, or in what comes through a pipe. @throws {CheckerError} KR105, KR106 */
export async function readTrace(path: string): Promise<RecordedTrace> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > MAX_BYTES) break
      chunks.push(chunk)
    }
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException
    throw fileFailed('read', path, code ?? message)
  }
  if (bytes > MAX_BYTES) throw fileFailed('read', path, 'it is larger than 256 MiB', 'name a file that holds a trace')
  return parseTrace(path, Buffer.concat(chunks).toString())
}
