/**
 * The code that V8 made of the program in an earlier run. With it, loading the program takes a third of the time.
 *
 * V8 refuses the code of another version, of other flags, and of a script of another length. It trusts the rest. So each file
 * begins with the hash of its content, and is named by the hash of the program and of the command, because commands use different
 * parts of the program.
 */
import { hashOf } from '../spec-loader/bundle-inputs.ts'
import { CacheFiles } from '../spec-loader/cache-files.ts'

/** Hexadecimal digits of a hash. */
const DIGITS = 64

export class CodeCache {
  readonly #files: CacheFiles
  readonly #name: string

  private constructor(files: CacheFiles, name: string) {
    this.#files = files
    this.#name = name
  }

  /** The place for a program that runs a command; undefined if there is no cache. */
  static for(program: string, command: string): CodeCache | undefined {
    const { NODE_OPTIONS } = process.env
    const files = CacheFiles.open()
    const key = hashOf(
      JSON.stringify([program, command, process.version, process.arch, process.execArgv, NODE_OPTIONS]),
    )
    return files && new CodeCache(files, `${key}.code`)
  }

  /** The code; undefined if there is none that can be trusted. */
  find(): Buffer | undefined {
    try {
      const content = this.#files.read(this.#name)
      const code = content.subarray(DIGITS)
      if (hashOf(code) !== content.toString('latin1', 0, DIGITS)) return undefined
      this.#files.touch(this.#name)
      return code
    } catch {
      return undefined
    }
  }

  add(code: Buffer): void {
    try {
      this.#files.write(this.#name, Buffer.concat([Buffer.from(hashOf(code), 'latin1'), code]))
      this.#files.prune()
    } catch {
      // The next run compiles the program again.
    }
  }
}
