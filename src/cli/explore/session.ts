/**
 * What the pages of `kripke explore` work with: a spec, and walks through it by the values of its constants.
 *
 * A session keeps nothing of a page. A page sends constants and the names of a path with each request, so two pages do not disturb
 * each other, and a link is enough to come back. What a state allows is kept, so that a long path is followed at once.
 */
import { RememberingWalk } from '../../api/walk/remembering-walk.ts'
import { openWalk, type Walk } from '../../api/walk/walk.ts'
import type { AnySpec } from '../../spec/spec.ts'
import type { Given } from '../commands/options.ts'
import type { LoadedSpec } from '../spec-loader/load-spec.ts'
import { Changes } from './changes.ts'
import { Checks, type BackgroundCheck } from './checks.ts'

/** Walks that are kept, with their states. */
const MAX_WALKS = 8

export class Session {
  /** The path of its file, as given. */
  readonly file: string
  readonly changes: Changes = new Changes()
  readonly #memoryBytes: number
  /** By the text of the constants, the latest last. */
  readonly #walks = new Map<string, RememberingWalk>()
  #loaded: LoadedSpec
  #checks: Checks

  constructor(loaded: LoadedSpec, file: string, memoryBytes: number) {
    this.file = file
    this.#memoryBytes = memoryBytes
    this.#loaded = loaded
    this.#checks = new Checks(loaded.spec, loaded.module, memoryBytes)
  }

  get spec(): AnySpec {
    return this.#loaded.spec
  }

  /** The URL of the compiled spec. */
  get module(): string {
    return this.#loaded.module
  }

  /** Goes on with a new version of the spec, and drops what was found in the old one. */
  replace(loaded: LoadedSpec): void {
    void this.#checks.close()
    this.#loaded = loaded
    this.#checks = new Checks(loaded.spec, loaded.module, this.#memoryBytes)
    this.#walks.clear()
    this.changes.report(undefined)
  }

  /** The check with these constants. */
  check(constants: Given): BackgroundCheck {
    return this.#checks.get(constants)
  }

  get checks(): Checks {
    return this.#checks
  }

  /** Ends the checks. */
  async close(): Promise<void> {
    this.changes.close()
    await this.#checks.close()
  }

  /** The walk with these constants. @throws {CheckerError} for a mistake in the spec or the constants */
  walk(constants: Given): Walk {
    const key = keyOf(constants)
    const walk = this.#walks.get(key) ?? new RememberingWalk(openWalk(this.spec, { constants }))
    this.#walks.delete(key)
    this.#walks.set(key, walk)
    for (const oldest of this.#walks.keys()) {
      if (this.#walks.size <= MAX_WALKS) break
      this.#walks.delete(oldest)
    }
    return walk
  }
}

function keyOf(constants: Given): string {
  return JSON.stringify(Object.entries(constants).sort(([one], [other]) => (one < other ? -1 : 1)))
}
