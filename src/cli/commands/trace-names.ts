/** Names for the files of traces: no two traces of a run share a file, and no trace overwrites the spec. */
import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fullPath } from '../spec-loader/full-path.ts'

/**
 * Most bytes of a file's name. File systems allow more, which leaves room for the longer name of a temporary file beside it.
 */
const MAX_BYTES = 200

/** Names files after properties. */
export class TraceNames {
  readonly #taken: Set<string>

  /** @param reserved - paths that no trace may get: the requested files, and the spec */
  constructor(reserved: readonly string[]) {
    this.#taken = new Set(reserved.map(identityOf))
  }

  /**
   * The file beside `path` for the trace of a property: `traces/t.itf.json` with `noReuse` gives `traces/t.noReuse.itf.json`.
   *
   * A hash of the property's name makes the file unique if the name is too long or another trace already has that file. Names
   * that differ only in case count as the same file.
   */
  beside(path: string, property: string): string {
    const name = basename(path)
    const stem = name.replace(/(?:\.itf)?\.\w+$/, '')
    const folder = path.slice(0, path.length - name.length)
    const named = (middle: string): string => `${folder}${stem}.${middle}${name.slice(stem.length)}`
    const safe = property.normalize('NFC').replaceAll(/[^\p{L}\p{M}\p{N}_-]/gu, '_')
    const hash = createHash('sha256').update(property).digest('hex').slice(0, 8)
    const room = MAX_BYTES - Buffer.byteLength(name)
    const short = Buffer.byteLength(safe) > room ? `${cut(safe, Math.max(0, room - 9))}-${hash}` : safe
    let middle = short
    for (let count = 1; this.#taken.has(identityOf(named(middle))); count++) {
      middle = `${cut(safe, Math.max(0, room - 12))}-${hash}${count === 1 ? '' : `-${count}`}`
    }
    this.#taken.add(identityOf(named(middle)))
    return named(middle)
  }
}

/** A key that is equal for two paths that may be the same file. */
export function identityOf(path: string): string {
  return realPath(fullPath(path)).normalize('NFC').toLowerCase()
}

/** The path with its links resolved, as far as it exists. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    const folder = dirname(path)
    return folder === path ? path : join(realPath(folder), basename(path))
  }
}

/** The beginning of a text, without splitting a character. */
function cut(text: string, bytes: number): string {
  let kept = ''
  let length = 0
  for (const letter of text) {
    length += Buffer.byteLength(letter)
    if (length > bytes) break
    kept += letter
  }
  return kept
}
