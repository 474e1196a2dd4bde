/** Loads the spec of a session again whenever a file that it depends on is saved. */
import { CheckerError } from '../../errors.ts'
import { openWalk } from '../../api/walk/walk.ts'
import { loadSpec, type LoadedSpec } from '../spec-loader/load-spec.ts'
import { crashError } from '../supervisor/errors.ts'
import { FileWatcher } from '../watch/file-watcher.ts'
import type { Session } from './session.ts'

/** A spec with the files that it depends on. */
export interface WatchedSpec extends LoadedSpec {
  readonly inputs: ReadonlySet<string>
  /** When loading began, by the clock. */
  readonly sinceMs: number
}

/** Loads a spec, and remembers its files. @throws {CheckerError} as `loadSpec` */
export async function loadWatched(path: string, inputs: Set<string> = new Set()): Promise<WatchedSpec> {
  const sinceMs = Date.now()
  const loaded = await loadSpec(path, (paths) => {
    for (const input of paths) inputs.add(input)
  })
  return { ...loaded, inputs, sinceMs }
}

/** Watches the files of a session's spec. A version that cannot be loaded leaves the session as it is. */
export class Reloading {
  readonly #session: Session
  readonly #files: FileWatcher
  /** The compiled code of the session's spec: a save that changes nothing in it is not a new version. */
  #module: string
  #isLoading = false
  #isStale = false

  constructor(session: Session, { inputs, sinceMs, module }: WatchedSpec) {
    this.#session = session
    this.#module = module
    this.#files = new FileWatcher(() => void this.#load())
    this.#files.watch(inputs, sinceMs)
  }

  close(): void {
    this.#files.close()
  }

  /** Loads the spec. A save meanwhile makes it load once more. */
  async #load(): Promise<void> {
    this.#isStale = true
    if (this.#isLoading) return
    this.#isLoading = true
    while (this.#isStale) {
      this.#isStale = false
      await this.#loadOnce()
    }
    this.#isLoading = false
  }

  async #loadOnce(): Promise<void> {
    const inputs = new Set<string>()
    const sinceMs = Date.now()
    const { changes } = this.#session
    try {
      const loaded = await loadWatched(this.#session.file, inputs)
      // A model that cannot be made is an error of the save too.
      openWalk(loaded.spec)
      const isNew = loaded.module !== this.#module
      this.#module = loaded.module
      if (isNew) this.#session.replace(loaded)
      else if (changes.version.error !== undefined) changes.report(undefined)
    } catch (thrown) {
      changes.report(thrown instanceof CheckerError ? thrown : crashError(thrown))
    }
    this.#files.watch(inputs, sinceMs)
  }
}
