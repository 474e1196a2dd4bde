/** A module in a folder of its own, which lasts as long as the process: threads that it starts may import the module again. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileFailed } from '../errors.ts'

/** Signals that end a process which does not listen to them. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A module on disk, removed when the process exits. */
export class TemporaryModule {
  readonly file: string
  readonly #folder: string

  /** Writes the module. @throws {CheckerError} KR105 if there is no room for it */
  constructor(code: string) {
    try {
      this.#folder = mkdtempSync(join(tmpdir(), 'kripke-'))
      process.on('exit', () => this.#remove())
      this.file = join(this.#folder, 'spec.mjs')
      writeFileSync(this.file, code)
    } catch (thrown) {
      const { code: reason, message } = thrown as NodeJS.ErrnoException
      throw fileFailed('write to', tmpdir(), reason ?? message, 'set TMPDIR to a folder that you may write to')
    }
  }

  /**
   * Has the module removed also when a signal ends the process, one that nobody else listens to. For when the module was
   * imported: a listener is called between other code, so a module that never comes to an end could not be interrupted.
   */
  removeOnSignals(): void {
    for (const signal of SIGNALS) {
      const onSignal = (): void => {
        if (process.listenerCount(signal) > 1) return
        this.#remove()
        process.off(signal, onSignal)
        process.kill(process.pid, signal)
      }
      process.on(signal, onSignal)
    }
  }

  #remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
