/**
 * Compiled specs, kept from one run to the next.
 *
 * ```text
 * <key>.json     an entry: the hash of a module, and all that it was made from
 * <hash>.mjs     a module, named by the hash of its own content
 * ```
 *
 * The key says who compiles what: the versions, the installation, the options and the path of the spec. A module never changes
 * once it has its name, so a run can import it again, whatever other runs write meanwhile. Each file is checked before use. If it
 * is damaged, out of date or not the user's, Kripke compiles the spec again.
 */
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { VERSION } from '../../report/version.ts'
import { areUnchanged, hashOf, type Inputs } from './bundle-inputs.ts'
import { bundleOptions, COMPILATION, OWN_PACKAGES } from './bundle-options.ts'
import { CacheFiles } from './cache-files.ts'

interface Entry {
  readonly module: string
  readonly inputs: Inputs
}

/** A place in the cache for one spec. */
export class SpecCache {
  readonly #files: CacheFiles
  readonly #entry: string

  private constructor(files: CacheFiles, key: string) {
    this.#files = files
    this.#entry = `${key}.json`
  }

  /** The place for the spec at `absolute`; undefined if there is no cache. */
  static for(absolute: string): SpecCache | undefined {
    const files = CacheFiles.open()
    if (files === undefined) return undefined
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
      return new SpecCache(files, hashOf(JSON.stringify(compiled)))
    } catch {
      // The file was removed meanwhile. The compiler will report that.
      return undefined
    }
  }

  /** The compiled spec; undefined if there is none, or none that can be trusted to be up to date. */
  find(): { readonly file: string; readonly inputs: Inputs } | undefined {
    const files = this.#files
    try {
      const { module, inputs } = JSON.parse(files.read(this.#entry).toString()) as Entry
      const name = `${module}.mjs`
      if (!areUnchanged(inputs) || hashOf(files.read(name)) !== module) return undefined
      files.touch(this.#entry, name)
      return { file: join(files.folder, name), inputs }
    } catch {
      return undefined
    }
  }

  /** Keeps the compiled spec and returns its file; undefined if that is impossible. */
  add(code: string, inputs: Inputs): string | undefined {
    const files = this.#files
    try {
      const module = hashOf(code)
      const file = files.write(`${module}.mjs`, code)
      files.write(this.#entry, JSON.stringify({ module, inputs } satisfies Entry))
      files.prune()
      return file
    } catch {
      return undefined
    }
  }
}
