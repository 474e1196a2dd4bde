/** A module in a temporary folder. It exists as long as the command runs, because other threads may import the module again. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileFailed } from '../../errors.ts'
import { postToSupervisor } from '../supervisor/supervision.ts'

const folders: string[] = []

/** Removes every module that this thread has written. */
export function removeTemporaryModules(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** A module on disk. `removeTemporaryModules` removes it when the command ends, or the main thread if the process ends before. */
export class TemporaryModule {
  readonly file: string
  readonly #folder: string

  /** Writes the module. @throws {CheckerError} KR105 if there is no room for it */
  constructor(code: string) {
    try {
      this.#folder = mkdtempSync(join(tmpdir(), 'kripke-'))
      folders.push(this.#folder)
      postToSupervisor({ kind: 'folder', path: this.#folder })
      this.file = join(this.#folder, 'spec.mjs')
      writeFileSync(this.file, code)
    } catch (thrown) {
      const { code: reason, message } = thrown as NodeJS.ErrnoException
      throw fileFailed('write to', tmpdir(), reason ?? message, 'set TMPDIR to a folder that you can write to')
    }
  }
}
