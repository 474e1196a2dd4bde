/**
 * Compiled specs, kept from one run to the next.
 *
 * ```text
 * <key>.json     an entry: the hash of a module, and all that it was made from
 * <hash>.mjs     a module, named by the hash of its own content
 * ```
 *
 * The key says who compiles what: the versions, the installation, the options and the path of the spec. A module never changes
 * once it has its name, so a run can import it again, whatever other runs write meanwhile. Each file is written to a draft and
 * renamed, and checked before use. If it is damaged, out of date or not the user's, Kripke compiles the spec again. The cache
 * only saves time, so a failure to read or write it is not an error.
 */
import { randomUUID } from 'node:crypto'
import { constants, lstatSync, opendirSync, realpathSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { VERSION } from '../../report/version.ts'
import { areUnchanged, hashOf, type Inputs } from './bundle-inputs.ts'
import { bundleOptions, COMPILATION, OWN_PACKAGES } from './bundle-options.ts'
import { cacheFolder, isOurs } from './cache-folder.ts'
import { readPlainFile } from './plain-file.ts'

/** As many entries, and as many modules, are kept: a few megabytes. */
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
const OURS = /^[0-9a-f]{64}\.(?:json|mjs)(?:\.[0-9a-f-]{36})?$/

interface Entry {
  readonly module: string
  readonly inputs: Inputs
}

/** A place in the cache for one spec. */
export class SpecCache {
  readonly #folder: string
  readonly #entry: string

  private constructor(folder: string, key: string) {
    this.#folder = folder
    this.#entry = `${key}.json`
  }

  /** The place for the spec at `absolute`; undefined if there is no cache. */
  static for(absolute: string): SpecCache | undefined {
    const folder = cacheFolder()
    if (folder === undefined) return undefined
    const [node] = process.versions.node.split('.')
    const { NODE_PATH = '' } = process.env
    try {
      const compiled = [
        VERSION,
        COMPILATION,
        node,
        OWN_PACKAGES,
        bundleOptions(absolute),
        realpathSync(absolute),
        NODE_PATH,
      ]
      return new SpecCache(folder, hashOf(JSON.stringify(compiled)))
    } catch {
      // The file was removed meanwhile. The compiler will report that.
      return undefined
    }
  }

  /** The compiled spec; undefined if there is none, or none that can be trusted to be up to date. */
  find(): { readonly file: string; readonly inputs: Inputs } | undefined {
    try {
      const { module, inputs } = JSON.parse(this.#read(this.#entry).toString()) as Entry
      const name = `${module}.mjs`
      if (!areUnchanged(inputs) || hashOf(this.#read(name)) !== module) return undefined
      this.#touch(this.#entry, name)
      return { file: join(this.#folder, name), inputs }
    } catch {
      return undefined
    }
  }

  /** Keeps the compiled spec and returns its file; undefined if that is impossible. */
  add(code: string, inputs: Inputs): string | undefined {
    try {
      const module = hashOf(code)
      const file = this.#write(`${module}.mjs`, code)
      this.#write(this.#entry, JSON.stringify({ module, inputs } satisfies Entry))
      this.#prune()
      return file
    } catch {
      return undefined
    }
  }

  /** The content of a file that only the user can have written. */
  #read(name: string): Buffer {
    return readPlainFile(join(this.#folder, name), (found) => isOurs(found) && found.size <= MAX_BYTES, O_NOFOLLOW)
  }

  #write(name: string, content: string): string {
    if (content.length > MAX_BYTES) throw new Error('too large to keep')
    const path = join(this.#folder, name)
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
  #touch(...names: readonly string[]): void {
    const now = new Date()
    try {
      for (const name of names) utimesSync(join(this.#folder, name), now, now)
    } catch {
      // Then they are older than they need to be.
    }
  }

  /** Names in the folder, at most as many as one run looks at. */
  #names(): string[] {
    const folder = opendirSync(this.#folder)
    try {
      const names: string[] = []
      for (let entry; names.length < LOOKED_AT && (entry = folder.readSync()) !== null;) names.push(entry.name)
      return names
    } finally {
      folder.closeSync()
    }
  }

  /** Removes what was not used for a month, or is not among the last used and not in use. */
  #prune(): void {
    const used = this.#names()
      .filter((name) => OURS.test(name))
      .flatMap((name) => {
        const path = join(this.#folder, name)
        const found = lstatSync(path, { throwIfNoEntry: false })
        return found === undefined ? [] : [{ path, ageMs: Date.now() - found.mtimeMs }]
      })
      .toSorted((one, other) => one.ageMs - other.ageMs)
    for (const [rank, { path, ageMs }] of used.entries()) {
      if (ageMs > MONTH_MS || (rank >= 2 * KEPT && ageMs > HOUR_MS)) rmSync(path, { force: true })
    }
  }
}
