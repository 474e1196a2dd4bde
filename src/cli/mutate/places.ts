/** Places of the code in the author's files. */
import { SourceMap } from 'node:module'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MutantPlace } from '../../api/mutants/mutation.ts'

/** Leads from the code to the author's lines. */
export class Places {
  readonly #map: SourceMap
  readonly #root: string
  readonly #cwd: string
  readonly #lines: number[]

  constructor(code: string, cwd: string) {
    const [, data = ''] = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(code) ?? []
    const payload = JSON.parse(Buffer.from(data, 'base64').toString()) as ConstructorParameters<typeof SourceMap>[0]
    this.#map = new SourceMap(payload)
    this.#root = payload.sourceRoot
    this.#cwd = cwd
    this.#lines = [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)]
  }

  /** Undefined for code of packages, and for code that the compiler added. */
  at(offset: number): Omit<MutantPlace, 'kind' | 'original' | 'replacement'> | undefined {
    const line = this.#lines.findLastIndex((start) => start <= offset)
    const entry = this.#map.findEntry(line, offset - this.#lines[line]!)
    if (!('originalSource' in entry)) return undefined
    const url = new URL(entry.originalSource, this.#root)
    if (url.protocol !== 'file:' || url.pathname.includes('/node_modules/')) return undefined
    const file = relative(this.#cwd, fileURLToPath(url))
    return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 }
  }
}
