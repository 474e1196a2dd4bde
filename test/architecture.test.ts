/** The layering rule: who may import whom. Arrows point down, and there are no cycles. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const SRC = fileURLToPath(new URL('../src', import.meta.url))

/** What each layer may import besides itself; `errors` is everyone's. */
const BELOW: { readonly [layer: string]: readonly string[] } = {
  errors: [],
  spec: [],
  state: ['spec'],
  semantics: ['spec', 'state'],
  store: ['semantics'],
  properties: ['spec', 'state', 'semantics', 'store'],
  trace: ['spec', 'state', 'semantics', 'properties'],
  audit: ['spec', 'state', 'semantics', 'store', 'properties'],
  engine: ['spec', 'state', 'semantics', 'store', 'properties', 'trace', 'audit'],
  api: ['spec', 'state', 'semantics', 'properties', 'trace', 'audit', 'engine'],
  report: ['spec', 'state', 'trace', 'api'],
  cli: ['spec', 'trace', 'api', 'report'],
  index: ['spec', 'trace', 'api'],
}

/** Layers that may import immutable.js. Below the waist a state is words, and nobody there needs it. */
const IMMUTABLE = new Set(['spec', 'state', 'semantics', 'trace', 'api', 'report'])

interface Source {
  readonly path: string
  readonly text: string
}

const sources: Source[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: readFileSync(join(SRC, path), 'utf8') }))

function layerOf(path: string): string {
  return path.split(sep)[0]!.replace(/\.ts$/, '')
}

function importsOf({ text }: Source): string[] {
  return [...text.matchAll(/^(?:import|export)\s(?:[^'"]*?\sfrom\s)?'([^']+)'/gm)].map((match) => match[1]!)
}

/** Every import that the rules do not allow. */
function trespasses(all: readonly Source[]): string[] {
  return all.flatMap((source) => {
    const layer = layerOf(source.path)
    return importsOf(source).flatMap((name) => {
      const target = name.startsWith('.') ? layerOf(relative(SRC, join(SRC, dirname(source.path), name))) : undefined
      const isAllowed =
        target === undefined
          ? name === 'immutable'
            ? IMMUTABLE.has(layer)
            : layer === 'cli' ||
              (layer === 'report' && name === 'picocolors') ||
              (source.path === join('engine', 'threads', 'thread-pool.ts') && name === 'piscina') ||
              (source.path === join('state', 'value-log.ts') && name === 'msgpackr')
          : target === layer || target === 'errors' || BELOW[layer]?.includes(target) === true
      return isAllowed ? [] : [`${source.path} imports ${name}`]
    })
  })
}

describe('the layers of src', () => {
  it('import only downwards, and only the command line knows node', () => {
    expect(trespasses(sources)).toEqual([])
  })

  it('are all named, so that none escapes the rule', () => {
    expect([...new Set(sources.map(({ path }) => layerOf(path)))].sort()).toEqual(Object.keys(BELOW).sort())
  })

  it('would be seen to trespass', () => {
    const planted = [
      { path: join('state', 'planted.ts'), text: "import { check } from '../api/check.ts'" },
      { path: join('store', 'planted.ts'), text: "import type { Map } from 'immutable'" },
      { path: join('report', 'planted.ts'), text: "import { writeFileSync } from 'node:fs'" },
      { path: join('spec', 'planted.ts'), text: "import {\n  unpack,\n} from '../state/layout.ts'" },
    ]
    expect(trespasses(planted)).toHaveLength(4)
  })

  it('never print or exit, but for the command line', () => {
    const printing = sources.filter(
      ({ path, text }) => layerOf(path) !== 'cli' && /console\.\w+\(|process\.(stdout|stderr|exit)/.test(text),
    )
    expect(printing.map(({ path }) => path)).toEqual([])
  })

  it('know nothing of the systems that specs/ models', () => {
    const knowing = sources.filter(({ text }) => /\b(dax|truncate-dma|pmem)\b/i.test(text))
    expect(knowing.map(({ path }) => path)).toEqual([])
  })
})
