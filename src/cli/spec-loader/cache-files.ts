/**
 * The files of the cache, kept from one run to the next.
 *
 * Each file is written to a draft and renamed, and its owner is checked before use. The cache only saves time, so callers treat
 * a failure to read or write it like a missing file.
 */
import { randomUUID } from 'node:crypto'
import { constants, lstatSync, opendirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, isOurs } from './cache-folder.ts'
import { readPlainFile } from './plain-file.ts'

/** Twice as many files are kept: a few megabytes. */
const KEPT = 64
const MONTH_MS = 30 * 24 * 3_600_000
/** What was used this recently may be in use. */
const HOUR_MS = 3_600_000

/** Larger files are neither written nor read: compiling again takes about as long. */
const MAX_BYTES = 2 ** 26

/** How many names one run looks at to delete old files. It leaves the rest of a fuller folder to later runs. */
const LOOKED_AT = 1024

/** Windows has no such flag. */
const { O_NOFOLLOW = 0 } = constants

/** Files of the cache; in a folder that `KRIPKE_CACHE` names there may be others. */
const OURS = /^[0-9a-f]{64}\.(?:json|mjs|code)(?:\.[0-9a-f-]{36})?$/

export class CacheFiles {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  /** Undefined without a cache. */
  static open(): CacheFiles | undefined {
    const folder = cacheFolder()
    return folder === undefined ? undefined : new CacheFiles(folder)
  }

  /** The content of a file that only the user can have written. @throws if there is none */
  read(name: string): Buffer {
    return readPlainFile(join(this.folder, name), (found) => isOurs(found) && found.size <= MAX_BYTES, O_NOFOLLOW)
  }

  /** @returns the path */
  write(name: string, content: string | Uint8Array): string {
    if (content.length > MAX_BYTES) throw new Error('too large to keep')
    const path = join(this.folder, name)
    const draft = `${path}.${randomUUID()}`
    try {
      writeFileSync(draft, content, { mode: 0o600, flag: 'wx' })
      renameSync(draft, path)
    } finally {
      rmSync(draft, { force: true })
    }
    return path
  }

  /** Marks files as used, as far as they can be written to. */
  touch(...names: readonly string[]): void {
    const now = new Date()
    try {
      for (const name of names) utimesSync(join(this.folder, name), now, now)
    } catch {
      // Then they are older than they need to be.
    }
  }

  /** Removes what was not used for a month, or is not among the last used and not in use. */
  prune(): void {
    const used = this.#names()
      .filter((name) => OURS.test(name))
      .flatMap((name) => {
        const path = join(this.folder, name)
        const found = lstatSync(path, { throwIfNoEntry: false })
        return found === undefined ? [] : [{ path, ageMs: Date.now() - found.mtimeMs }]
      })
      .toSorted((one, other) => one.ageMs - other.ageMs)
    for (const [rank, { path, ageMs }] of used.entries()) {
      if (ageMs > MONTH_MS || (rank >= 2 * KEPT && ageMs > HOUR_MS)) rmSync(path, { force: true })
    }
  }

  /** Names in the folder, at most as many as one run looks at. */
  #names(): string[] {
    const folder = opendirSync(this.folder)
    try {
      const names: string[] = []
      for (let entry; names.length < LOOKED_AT && (entry = folder.readSync()) !== null;) names.push(entry.name)
      return names
    } finally {
      folder.closeSync()
    }
  }
}
