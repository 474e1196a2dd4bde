/** The layering rule: the allowed imports. They lead downwards and have no cycles. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const SRC = fileURLToPath(new URL('../src', import.meta.url))

/** The imports allowed for each layer besides itself. Every layer may import `errors`. */
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
  // What users import. These files are above the layers.
  formats: ['trace', 'api', 'report'],
  assertions: ['spec', 'trace', 'api', 'formats'],
  vitest: ['spec', 'api', 'assertions'],
  drive: ['spec', 'semantics', 'trace', 'api'],
  'fast-check': ['spec', 'drive'],
  index: ['spec', 'trace', 'api', 'formats', 'assertions'],
}

/** Layers that may import immutable.js. In other layers a state is words, and nobody needs it. */
const IMMUTABLE = new Set(['spec', 'state', 'semantics', 'trace', 'api', 'report', 'drive'])

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

/** All kinds of imports: those at the top, and `import()` as a call and as a type. */
function allImportsOf(source: Source): string[] {
  return [...importsOf(source), ...[...source.text.matchAll(/\bimport\(\s*'([^']+)'/g)].map((match) => match[1]!)]
}

/** The imports that the rules forbid. */
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
              (layer === 'vitest' && name === 'vitest') ||
              (layer === 'fast-check' && name === 'fast-check') ||
              (dirname(source.path) === join('report', 'chart') && /^vega(?:-lite)?$/.test(name)) ||
              (source.path === join('engine', 'threads', 'thread-pool.ts') && name === 'piscina') ||
              (source.path === join('state', 'value-log.ts') && name === 'msgpackr')
          : target === layer || target === 'errors' || BELOW[layer]?.includes(target) === true
      return isAllowed ? [] : [`${source.path} imports ${name}`]
    })
  })
}

/** The engines. Their common parts are in the folder above. */
const ENGINES = ['explicit', 'symbolic', 'simulation']

/** Imports of one engine by another, and imports of a policy by an engine. Policies choose among engines. */
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

/**
 * The cycles of imports, each as a list of its files ordered by path: strongly connected components by Tarjan's
 * algorithm, without single files.
 */
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
  it('import only downwards, and only the command line imports node modules', () => {
    expect(trespasses(sources)).toEqual([])
  })

  it('all have an entry in the rule', () => {
    expect([...new Set(sources.map(({ path }) => layerOf(path)))].sort()).toEqual(Object.keys(BELOW).sort())
  })

  it('are tested for forbidden imports: planted ones are found', () => {
    const planted = [
      { path: join('state', 'planted.ts'), text: "import { check } from '../api/check.ts'" },
      { path: join('store', 'planted.ts'), text: "import type { Map } from 'immutable'" },
      { path: join('report', 'planted.ts'), text: "import { writeFileSync } from 'node:fs'" },
      { path: join('spec', 'planted.ts'), text: "import {\n  unpack,\n} from '../state/layout.ts'" },
    ]
    expect(trespasses(planted)).toHaveLength(4)
  })

  it('load Vega only when a chart is drawn', () => {
    const eager = /^(?:import|export)\s(?!type\b)(?:[^'"()]*\sfrom\s)?'vega(?:-lite)?'/m
    expect(sources.filter(({ text }) => eager.test(text)).map(({ path }) => path)).toEqual([])
    expect("import { compile } from 'vega-lite'").toMatch(eager)
  })

  it('have no cycle of imports, types included', () => {
    expect(importCycles(sources)).toEqual([])
  })

  it.each([
    ['values', "import { next } from './second.ts'", "export { next } from './first.ts'"],
    ['types alone', "import type { Next } from './second.ts'", "import type {\n  Next,\n} from './first.ts'"],
    ['a type in place', "let next: import('./second.ts').Next", "import type { Next } from './first.ts'"],
    ['a dynamic import', "const { next } = await import('./second.ts')", "import './first.ts'"],
  ])('are tested for cycles of %s: a planted one is found', (_, first, second) => {
    const planted = [
      { path: join('spec', 'first.ts'), text: first },
      { path: join('spec', 'second.ts'), text: second },
      { path: join('spec', 'third.ts'), text: "import { next } from './first.ts'" },
    ]
    expect(importCycles(planted)).toEqual([[join('spec', 'first.ts'), join('spec', 'second.ts')]])
    expect(importCycles(planted.slice(1))).toEqual([])
  })

  it('are tested for cycles through several files and of a single file', () => {
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

  it('have engines that do not import each other', () => {
    expect(engineTrespasses(sources)).toEqual([])
    const planted = [
      { path: join('engine', 'symbolic', 'planted.ts'), text: "import type { Search } from '../explicit/search.ts'" },
      { path: join('engine', 'explicit', 'planted.ts'), text: "const { auto } = await import('../auto.ts')" },
    ]
    expect(engineTrespasses(planted)).toHaveLength(2)
  })

  it('never print or exit, except the command line', () => {
    const printing = sources.filter(
      ({ path, text }) => layerOf(path) !== 'cli' && /console\.\w+\(|process\.(stdout|stderr|exit)/.test(text),
    )
    expect(printing.map(({ path }) => path)).toEqual([])
  })

  it('do not mention the systems that specs/ models', () => {
    const knowing = sources.filter(({ text }) => /\b(dax|truncate-dma|pmem)\b/i.test(text))
    expect(knowing.map(({ path }) => path)).toEqual([])
  })
})
