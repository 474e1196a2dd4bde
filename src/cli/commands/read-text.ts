/** Reads files that users name. */
import { createReadStream } from 'node:fs'
import { fileFailed } from '../../errors.ts'
import { bytes } from '../../report/show.ts'

/**
 * The text of a file, or of a pipe.
 *
 * @param most - the bound in bytes, for endless devices such as /dev/zero
 * @param hint - what to do about a larger file
 * @throws {CheckerError} KR105
 */
export async function readText(path: string, most: number, hint: string): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > most) break
      chunks.push(chunk)
    }
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException
    throw fileFailed('read', path, code ?? message)
  }
  if (size > most) throw fileFailed('read', path, `it is larger than ${bytes(most)}`, hint)
  return Buffer.concat(chunks).toString()
}
