/** The packed package, installed into an empty project elsewhere and used there as a user would. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from './cli/kripke.ts'
import { itInAll } from './support/amount.ts'

const SPEC = `
import { List } from 'immutable'
import { action, check, members, model, range, schema, setOf, spec, value } from 'kripke'
import { LIMIT } from './limit.ts'

const Item = members('item', 3)
const State = schema({ held: setOf(Item), taken: range(0, 9), log: value(List<string>()) })

export default spec({
  name: 'shelf',
  model: () =>
    model(State, {
      init: State(),
      actions: {
        take: action({ item: Item }, (s, { item }) =>
          s.held.has(item) ? undefined : s.set('held', s.held.add(item)).set('log', s.log.push(item)),
        ),
      },
      invariants: { few: (s) => s.held.size < LIMIT },
      deadlock: false,
    }),
})
export const run = check
`

/** Checks the same spec by the library, on two threads, as a program of the project. */
const PROGRAM = `
import { Set } from 'immutable'
import { isMainThread } from 'node:worker_threads'
import { action, check, CheckerError, members, model, schema, setOf, spec } from 'kripke'

const Item = members('item', 12)
const State = schema({ held: setOf(Item) })

const shelf = spec({
  name: 'shelf',
  model: () =>
    model(State, {
      init: State(),
      actions: { take: action({ item: Item }, (s, { item }) => s.set('held', s.held.add(item))) },
      invariants: { few: (s) => s.held.size < 12 },
      deadlock: false,
    }),
})

async function run() {
  const { verdict, states, traces } = await check(shelf, { workers: 2, tuning: { parallelFrom: 1 } })
  const isShared = traces[0].steps.at(-1).state.held instanceof Set
  const error = await check(shelf, { workers: 0 }).catch((thrown) => thrown)
  console.log(JSON.stringify({ verdict, states, isShared, isError: error instanceof CheckerError }))
}

export default shelf
if (isMainThread) void run()
else console.error('a thread has imported the spec')
`

let project = ''
/** The installed package. */
const installed = (...path: string[]): string => join(project, 'node_modules/kripke', ...path)

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'kripke-package-'))
  // Scripts would build again, under the feet of other tests.
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', project], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }]
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }))
  execFileSync('npm', ['install', '--no-audit', '--no-fund', `./${filename}`, 'immutable@5'], { cwd: project })
  writeFileSync(join(project, 'shelf.ts'), SPEC)
  writeFileSync(join(project, 'limit.ts'), 'export const LIMIT: number = 3\n')
}, 240_000)
afterAll(() => rmSync(project, { recursive: true, force: true }))

describe('the installed package', () => {
  it('writes a new spec that it can check', () => {
    const cwd = join(project, 'fresh')
    mkdirSync(cwd)
    const run = (...args: string[]) => spawnSync('npx', ['kripke', ...args], { cwd, encoding: 'utf8' })
    expect(run('init', 'my-design')).toMatchObject({ status: 0, stderr: '' })
    expect(run('check', 'my-design.ts', '--quiet').status).toBe(12)
    rmSync(cwd, { recursive: true })
  })

  it('runs a spec written in the project, with what it imports', () => {
    const { status, stdout } = spawnSync('npx', ['kripke', 'check', 'shelf.ts', '--json'], {
      cwd: project,
      encoding: 'utf8',
    })
    const document = JSON.parse(stdout) as { states: object; traces: { steps: { state: object }[] }[] }
    expect(status).toBe(12)
    expect(document.states).toEqual({ initial: 1, generated: 16, distinct: 16, depth: 4 })
    expect(document.traces[0]!.steps.at(-1)!.state).toEqual({
      held: ['item1', 'item2', 'item3'],
      taken: 0,
      log: ['item1', 'item2', 'item3'],
    })
  })

  it.each([
    ['classic/die-hard', 'bigIsNotFour'],
    // With what it shares with others.
    ['gup-fast-remove', 'noPfnMappedAfterRemove'],
  ])('runs the bundled spec %s', (path, violated) => {
    const { status, stdout } = spawnSync(
      'npx',
      ['kripke', 'check', `node_modules/kripke/specs/${path}.ts`, '--quiet'],
      {
        cwd: project,
        encoding: 'utf8',
      },
    )
    expect([status, stdout]).toEqual([12, `${path.split('/').at(-1)} is violated: ${violated}\n`])
  })

  it('refuses to draw a chart before any work if Vega is not installed', () => {
    const spec = 'node_modules/kripke/specs/classic/two-phase-commit.ts'
    const args = ['kripke', 'bench', spec, '--sweep', 'resourceManagers=1..2', '--svg', 'growth.svg']
    const { status, stdout, stderr } = spawnSync('npx', args, { cwd: project, encoding: 'utf8' })
    expect([status, stdout]).toEqual([151, ''])
    expect(stderr).toMatch(/^error KR107: .*\n.*npm install --save-dev vega vega-lite\b/)
    expect(stderr).not.toContain('resourceManagers')
    expect(existsSync(join(project, 'growth.svg'))).toBe(false)
  })

  it('runs a spec from a folder without packages', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'kripke-bare-'))
    try {
      writeFileSync(join(elsewhere, 'shelf.ts'), SPEC.replace("import { LIMIT } from './limit.ts'", 'const LIMIT = 4'))
      const bare = spawnSync('npx', ['kripke', 'check', join(elsewhere, 'shelf.ts'), '--quiet'], {
        cwd: project,
        encoding: 'utf8',
      })
      expect([bare.status, bare.stdout]).toEqual([0, 'shelf holds\n'])
    } finally {
      rmSync(elsewhere, { recursive: true })
    }
  })

  it('is a library that shares the immutable.js of the project, on several threads too', () => {
    writeFileSync(join(project, 'program.js'), PROGRAM)
    const { stdout, stderr } = spawnSync(process.execPath, ['program.js'], { cwd: project, encoding: 'utf8' })
    expect(JSON.parse(stdout)).toEqual({
      verdict: 'violated',
      states: { initial: 1, generated: 1 + 12 * 2 ** 12 - 12, distinct: 2 ** 12, depth: 13 },
      isShared: true,
      isError: true,
    })
    expect(stderr).toBe('a thread has imported the spec\n')
    // Of the package there is one copy, and none in a folder of Kripke's own.
    expect(existsSync(installed('node_modules/immutable'))).toBe(false)
  })

  it('runs specs on several threads', () => {
    const args = ['kripke', 'check', 'shelf.ts', '--json', '--workers', '2']
    const { status, stdout } = spawnSync('npx', args, { cwd: project, encoding: 'utf8' })
    expect(status).toBe(12)
    expect(JSON.parse(stdout)).toMatchObject({ states: { distinct: 16 } })
  })

  it('names an optional package that a command needs and that is not installed', () => {
    expect(existsSync(join(project, 'node_modules/@viz-js'))).toBe(false)
    const args = ['kripke', 'graph', 'shelf.ts', '--out', 'shelf.svg']
    const { status, stderr } = spawnSync('npx', args, { cwd: project, encoding: 'utf8' })
    expect(status).toBe(151)
    expect(stderr).toMatch(/^error KR107: .*@viz-js\/viz.*\n {2}hint: .*npm install --save-dev @viz-js\/viz\b.*\n$/)
  })

  it('leaves next to nothing in a bundle that uses next to nothing of it', async () => {
    const { outputFiles } = await build({
      stdin: { contents: "import { range } from 'kripke'\nconsole.log(range(0, 3))", resolveDir: project },
      ...{
        bundle: true,
        write: false,
        format: 'esm',
        platform: 'node',
        external: ['immutable', 'msgpackr', 'piscina'],
      },
    })
    expect(outputFiles![0]!.text).toContain('function range(')
    expect(outputFiles![0]!.contents.length).toBeLessThan(20_000)
  })

  // So a bundler may leave out what is imported and not used, as `sideEffects` of package.json allows.
  it('changes nothing by being imported', () => {
    writeFileSync(
      join(project, 'effects.js'),
      `// Node makes some values when they are first read.
const valueOf = (it, key) => { try { return it[key] } catch { return undefined } }
const owners = { globalThis, console, process, performance, Math, Date, Reflect, Object, Array, Map, Set, Promise }
const all = () => Object.entries(owners).flatMap(([name, owner]) =>
  [[name, owner], [name + '.prototype', owner.prototype ?? {}]].flatMap(([path, it]) =>
    Reflect.ownKeys(it).map((key) => [path + ' ' + String(key), valueOf(it, key)])))
all()
const before = new Map(all())
await Promise.all(process.argv.slice(2).map((name) => import(name)))
const changed = all().filter(([path, value]) => !before.has(path) || !Object.is(before.get(path), value))
console.log(JSON.stringify(changed.map(([path]) => path)))
`,
    )
    const changedBy = (...modules: string[]): unknown =>
      JSON.parse(execFileSync(process.execPath, ['effects.js', ...modules], { cwd: project, encoding: 'utf8' }))
    const { exports } = JSON.parse(readFileSync(installed('package.json'), 'utf8')) as { exports: object }
    // The matchers of `kripke/vitest` are an effect on purpose. `kripke/fast-check` needs a package that is not installed.
    const others = ['./vitest', './fast-check']
    const entries = Object.keys(exports).filter((name) => !name.endsWith('.json') && !others.includes(name))
    expect(changedBy(...entries.map((name) => name.replace('.', 'kripke')))).toEqual([])
    writeFileSync(join(project, 'planted.js'), 'Math.random = () => 0\nglobalThis.planted = 1\n')
    expect(changedBy('./planted.js')).toEqual(['globalThis planted', 'Math random'])
  })

  /** What the compiler complains of in the project, by lines. */
  function complaints(skipLibCheck: boolean): string[] {
    const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
    const compilerOptions = {
      ...{ strict: true, noEmit: true, target: 'es2023', module: 'nodenext', skipLibCheck, types: [] },
      allowImportingTsExtensions: true,
    }
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
    // With several threads each would repeat most of the work.
    const { stdout } = spawnSync(process.execPath, [tsc, '--singleThreaded', '--project', project], {
      encoding: 'utf8',
      cwd: project,
    })
    return stdout.split('\n').filter((line) => line.includes('error TS'))
  }

  it('has types that check the spec', () => {
    expect(complaints(true)).toEqual([])
    writeFileSync(join(project, 'wrong.ts'), SPEC.replace('s.held.has(item)', "s.held.has('item4')"))
    try {
      expect(complaints(true).join('\n')).toMatch(/^wrong\.ts\(\d+,\d+\): error/)
    } finally {
      rmSync(join(project, 'wrong.ts'))
    }
  })

  /** The first line of types, by which compilers do not check them. */
  const UNCHECKED = '// @ts-nocheck\n'

  itInAll(
    'has declarations without a mistake',
    () => {
      const files = readdirSync(installed('dist')).filter((name) => name.endsWith('.d.ts'))
      const texts = files.map((name) => readFileSync(installed('dist', name), 'utf8'))
      // The one mistake that is found shows that declarations are checked.
      writeFileSync(join(project, 'wrong.d.ts'), 'export declare const wrong: Absent\n')
      try {
        for (const [index, name] of files.entries()) {
          writeFileSync(installed('dist', name), texts[index]!.replace(UNCHECKED, ''))
        }
        expect(complaints(false).map((line) => line.replace(/\(.*/, ''))).toEqual(['wrong.d.ts'])
      } finally {
        for (const [index, name] of files.entries()) writeFileSync(installed('dist', name), texts[index]!)
        rmSync(join(project, 'wrong.d.ts'))
      }
    },
    240_000,
  )

  it('has few files of types, with comments, that compilers do not check', () => {
    const files = readdirSync(installed('dist')).filter((name) => name.endsWith('.d.ts'))
    const texts = files.map((name) => readFileSync(installed('dist', name), 'utf8'))
    expect(texts.filter((text) => !text.startsWith(UNCHECKED))).toEqual([])
    expect(texts.join('\n')).toMatch(/\/\*\*[^]{0,2000}\*\/\ndeclare function check\b/)
    // One for each entry, and at most as many that they share.
    const { exports } = JSON.parse(readFileSync(installed('package.json'), 'utf8')) as { exports: object }
    expect(files.length).toBeLessThan(2 * Object.keys(exports).length)
  })

  it('contains what it runs on, and nothing else', () => {
    expect(readdirSync(installed()).toSorted()).toEqual(
      [
        'CHANGELOG.md',
        'CONTRIBUTING.md',
        'LICENSE',
        'README.md',
        'dist',
        'docs',
        'examples',
        'package.json',
        'schemas',
        'specs',
        'templates',
      ].toSorted(),
    )
    const strays = readdirSync(installed('dist'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.(?:[cm]?js|d\.ts|map)$|^cli.package\.json$|^explore.(?:index\.html|app\.css)$/.test(path)
        ? false
        : path.includes('.'),
    )
    expect(strays).toEqual([])
    // npm says nothing of names in `files` that do not exist.
    const { files } = JSON.parse(readFileSync(installed('package.json'), 'utf8')) as { files: string[] }
    expect(files.filter((name) => !existsSync(installed(name)))).toEqual([])
  })

  it('has what its pages link to', () => {
    const all = ['docs', 'examples', 'specs'].flatMap((folder) =>
      readdirSync(installed(folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
    )
    const pages = [...readdirSync(installed()), ...all].filter((path) => path.endsWith('.md'))
    expect(pages.length).toBeGreaterThan(20)
    const broken = pages.flatMap((page) => {
      const text = readFileSync(installed(page), 'utf8').replaceAll(/^```[^]*?^```/gm, '')
      const targets = [...text.matchAll(/\]\(([^)#\s]+)/g)].map(([, target]) => target!)
      const local = targets.filter((target) => !/^\w+:/.test(target))
      return local.filter((to) => !existsSync(installed(dirname(page), to))).map((to) => `${page}: ${to}`)
    })
    expect(broken).toEqual([])
  })
})
