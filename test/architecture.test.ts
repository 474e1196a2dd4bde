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

/** Imports of every kind: besides those at the top, `import()` as a call and as a type. */
function allImportsOf(source: Source): string[] {
  return [...importsOf(source), ...[...source.text.matchAll(/\bimport\(\s*'([^']+)'/g)].map((match) => match[1]!)]
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

/** The engines; what they share lies beside them. */
const ENGINES = ['explicit', 'symbolic', 'simulation']

/** Every import of one engine by another, or of a policy, which chooses among engines, by an engine. */
function engineTrespasses(all: readonly Source[]): string[] {
  const policies = ['auto', 'symbolic-first', 'policy', 'explore'].map((name) => join('engine', `${name}.ts`))
  return all.flatMap((source) => {
    const [layer, engine] = source.path.split(sep)
    if (layer !== 'engine' || !ENGINES.includes(engine!)) return []
    return allImportsOf(source).flatMap((name) => {
      const target = join(dirname(source.path), name)
      const other = target.split(sep)[1]!
      const isOther = target.startsWith('engine') && ENGINES.includes(other) && other !== engine
      return isOther || policies.includes(target) ? [`${source.path} imports ${name}`] : []
    })
  })
}

/** The cycles of imports, each as its files in order of path: what Tarjan's algorithm finds, without files on their own. */
function importCycles(all: readonly Source[]): string[][] {
  const imports = new Map(
    all.map((source) => [
      source.path,
      allImportsOf(source)
        .filter((name) => name.startsWith('.'))
        .map((name) => join(dirname(source.path), name)),
    ]),
  )
  const cycles: string[][] = []
  const numbers = new Map<string, number>()
  const stack: string[] = []
  /** Visits a file. @returns the least number that can be reached from it among the files on the stack */
  const visit = (path: string): number => {
    const number = numbers.size
    let least = number
    numbers.set(path, number)
    stack.push(path)
    for (const target of imports.get(path)!) {
      if (!imports.has(target)) continue
      if (!numbers.has(target)) least = Math.min(least, visit(target))
      else if (stack.includes(target)) least = Math.min(least, numbers.get(target)!)
    }
    if (least === number) {
      const cycle = stack.splice(stack.indexOf(path))
      if (cycle.length > 1 || imports.get(path)!.includes(path)) cycles.push(cycle.sort())
    }
    return least
  }
  for (const path of imports.keys()) if (!numbers.has(path)) visit(path)
  return cycles
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

  it('have no cycle of imports, types included', () => {
    expect(importCycles(sources)).toEqual([])
  })

  it.each([
    ['values', "import { next } from './second.ts'", "export { next } from './first.ts'"],
    ['types alone', "import type { Next } from './second.ts'", "import type {\n  Next,\n} from './first.ts'"],
    ['a type in place', "let next: import('./second.ts').Next", "import type { Next } from './first.ts'"],
    ['a dynamic import', "const { next } = await import('./second.ts')", "import './first.ts'"],
  ])('would be seen to have a cycle of %s', (_, first, second) => {
    const planted = [
      { path: join('spec', 'first.ts'), text: first },
      { path: join('spec', 'second.ts'), text: second },
      { path: join('spec', 'third.ts'), text: "import { next } from './first.ts'" },
    ]
    expect(importCycles(planted)).toEqual([[join('spec', 'first.ts'), join('spec', 'second.ts')]])
    expect(importCycles(planted.slice(1))).toEqual([])
  })

  it('would be seen to have a cycle through several files, or of one file', () => {
    const importing = (path: string, ...targets: readonly string[]): Source => ({
      path: join('spec', path),
      text: targets.map((target) => `import './${target}'`).join('\n'),
    })
    const planted = [
      importing('a.ts', 'b.ts', 'd.ts'),
      importing('b.ts', 'c.ts'),
      importing('c.ts', 'a.ts'),
      importing('d.ts'),
    ]
    expect(importCycles(planted)).toEqual([['a.ts', 'b.ts', 'c.ts'].map((path) => join('spec', path))])
    expect(importCycles([importing('a.ts', 'a.ts')])).toEqual([[join('spec', 'a.ts')]])
  })

  it('have engines that do not know each other', () => {
    expect(engineTrespasses(sources)).toEqual([])
    const planted = [
      { path: join('engine', 'symbolic', 'planted.ts'), text: "import type { Search } from '../explicit/search.ts'" },
      { path: join('engine', 'explicit', 'planted.ts'), text: "const { auto } = await import('../auto.ts')" },
    ]
    expect(engineTrespasses(planted)).toHaveLength(2)
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
