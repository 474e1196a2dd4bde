/** A module in a temporary folder. It exists as long as the process, because other threads may import the module again. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileFailed } from '../../errors.ts'
import { postToMain } from '../supervisor/supervision.ts'

/** A module on disk. The main thread removes it when the process exits. */
export class TemporaryModule {
  readonly file: string
  readonly #folder: string

  /** Writes the module. @throws {CheckerError} KR105 if there is no room for it */
  constructor(code: string) {
    try {
      this.#folder = mkdtempSync(join(tmpdir(), 'kripke-'))
      postToMain({ kind: 'folder', path: this.#folder })
      this.file = join(this.#folder, 'spec.mjs')
      writeFileSync(this.file, code)
    } catch (thrown) {
      const { code: reason, message } = thrown as NodeJS.ErrnoException
      throw fileFailed('write to', tmpdir(), reason ?? message, 'set TMPDIR to a folder that you may write to')
    }
  }
}
