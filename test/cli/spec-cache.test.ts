import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { first, itInAll } from '../support/amount.ts'
import { kripke, kripkeProcess, ROOT, type Result } from './kripke.ts'

let folder = ''
let cache = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kripke-test-'))
  cache = join(folder, 'cache')
  write('limit.ts', 'export const LIMIT: number = 3\n')
})
afterEach(() => rmSync(folder, { recursive: true }))

const SPEC = `
import { model, range, schema, spec } from 'kripke'
import { LIMIT } from './limit.ts'
const State = schema({ n: range(0, 3) })
export default spec({ name: 'small', model: () => model(State, {
  init: State(),
  actions: { up: (s) => (s.n < 3 ? s.set('n', s.n + 1) : s) },
  invariants: { few: (s) => s.n < LIMIT },
}) })
`

/** Writes a file beside the spec and returns its path. */
function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const check = (path: string, env: NodeJS.ProcessEnv = {}): Promise<Result> =>
  kripke(['check', path, '--quiet'], { env: { KRIPKE_CACHE: cache, ...env } })

/** Checks a spec where there is no compiler, which only a spec from the cache survives. */
const checkCached = (path: string): Promise<Result> =>
  kripkeProcess(['check', path, '--quiet'], { env: { KRIPKE_CACHE: cache, ESBUILD_BINARY_PATH: '/bin/false' } })

/** The files of specs in a folder. Processes keep their own compiled code there too. */
const keptIn = (cache: string): string[] => readdirSync(cache).filter((name) => !name.endsWith('.code'))

const cached = (extension: string): string[] => readdirSync(cache).filter((name) => name.endsWith(extension))

describe('the cache of compiled specs', () => {
  it('spares the compiler the second time, and is the user’s alone', async () => {
    const path = write('small.ts', SPEC)
    expect((await checkCached(path)).status).toBe(255)
    const first = await check(path)
    expect(first).toMatchObject({ status: 12, stdout: 'small is violated: few\n' })
    expect(await checkCached(path)).toEqual(first)
    expect([cached('.mjs').length, cached('.json').length, keptIn(cache).length]).toEqual([1, 1, 2])
    const modes = [cache, ...readdirSync(cache).map((name) => join(cache, name))].map((it) => statSync(it).mode & 0o777)
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600])
  })

  it.each<[string, () => void]>(
    first(1, [
      ['the spec', () => write('small.ts', SPEC.replace('small', 'other'))],
      ['a file that it imports', () => write('limit.ts', 'export const LIMIT: number = 4\n')],
      ['a tsconfig.json above it', () => write('tsconfig.json', '{}')],
      ['what a tsconfig.json extends', () => write('base.json', '{ "compilerOptions": { "target": "es2022" } }')],
      ['a package.json above it', () => write('package.json', '{ "type": "module" }')],
      ['a file looked for earlier', () => write('sooner.ts', "export const SOONER = 'really'\n")],
      ['a package nearer to it', () => writePackage('node_modules/far', 'near')],
    ]),
  )('compiles again after a change of %s', async (_, change) => {
    mkdirSync(join(folder, 'specs'))
    writePackage('../node_modules/far', 'far')
    write('sooner.js', "export const SOONER = 'later'\n")
    write('base.json', '{}')
    write('specs/tsconfig.json', '{ "extends": ["../base"], }')
    const more =
      "import { SOONER } from './sooner'\nimport './specs/part.ts'\nimport far from 'far'\nvoid far, void SOONER\n"
    write('specs/part.ts', 'export const part = 1\n')
    const path = write('small.ts', more + SPEC)
    const { status, stderr } = await check(path)
    expect(status, stderr).toBe(12)
    expect((await checkCached(path)).status).toBe(12)
    change()
    expect((await checkCached(path)).status).toBe(255)
  })

  it('gives what a changed import says now', async () => {
    const path = write('small.ts', SPEC)
    expect((await check(path)).status).toBe(12)
    write('limit.ts', 'export const LIMIT: number = 4\n')
    expect(await check(path)).toMatchObject({ status: 0, stdout: 'small holds\n' })
    write('limit.ts', 'export const LIMIT: number = 3\n')
    expect((await check(path)).status).toBe(12)
  })

  it.each<[string, string, (path: string) => void]>(
    first(2, [
      ['cut short', '.mjs', (path) => writeFileSync(path, readFileSync(path).subarray(0, -20))],
      ['changed', '.mjs', (path) => writeFileSync(path, 'process.exit(1)')],
      ['lost', '.mjs', (path) => rmSync(path)],
      ['cut short', '.json', (path) => writeFileSync(path, readFileSync(path).subarray(0, -20))],
      ['emptied', '.json', (path) => writeFileSync(path, '{}')],
      ['open to others', '.mjs', (path) => chmodSync(path, 0o666)],
    ]),
  )('compiles again what was %s (%s)', async (_, extension, damage) => {
    const path = write('small.ts', SPEC)
    await check(path)
    damage(join(cache, cached(extension)[0]!))
    expect((await checkCached(path)).status).toBe(255)
    expect((await check(path)).status).toBe(12)
    expect((await checkCached(path)).status).toBe(12)
  })

  it('does without where it cannot be written, or others may write', async () => {
    const path = write('small.ts', SPEC)
    expect((await check(path, { KRIPKE_CACHE: join(path, 'cache') })).status).toBe(12)
    mkdirSync(cache)
    chmodSync(cache, 0o777)
    expect((await check(path)).status).toBe(12)
    expect(readdirSync(cache)).toEqual([])
  })

  it('does without where it cannot be told what a spec was made from', async () => {
    const path = write('small.ts', SPEC)
    mkdirSync(join(folder, 'tsconfig.json'))
    expect((await check(path)).status).toBe(12)
    expect(keptIn(cache)).toEqual([])
  })

  it('lies where caches lie, and can be switched off', async () => {
    const path = write('small.ts', SPEC)
    const temporary = join(folder, 'temporary')
    mkdirSync(temporary)
    const env = { XDG_CACHE_HOME: cache, TMPDIR: temporary }
    expect((await check(path, { ...env, KRIPKE_CACHE: 'off' })).status).toBe(12)
    expect(readdirSync(folder).toSorted()).toEqual(['limit.ts', 'small.ts', 'temporary'])
    expect((await check(path, { ...env, KRIPKE_CACHE: '' })).status).toBe(12)
    expect(readdirSync(cache)).toEqual(['kripke'])
    expect(keptIn(join(cache, 'kripke'))).toHaveLength(2)
    expect(readdirSync(temporary)).toEqual([])
  })

  itInAll('leaves nothing behind when it is off and a signal ends the run', async () => {
    const temporary = join(folder, 'temporary')
    mkdirSync(temporary)
    const run = kripkeProcess(['check', join(ROOT, 'test/cli/specs/endless.ts'), '--quiet', '--engine', 'explicit'], {
      env: { KRIPKE_CACHE: 'off', TMPDIR: temporary },
      kill: { signal: 'SIGHUP', after: /goes on/ },
    })
    const seen = new Set<string>()
    const watch = setInterval(() => readdirSync(temporary).forEach((name) => seen.add(name)), 20)
    expect((await run).status).toBe(null)
    clearInterval(watch)
    expect([seen.size, readdirSync(temporary)]).toEqual([1, []])
  })

  itInAll('serves runs at the same time', async () => {
    const path = write('small.ts', SPEC)
    const one = (): Promise<Result> => kripkeProcess(['check', path, '--quiet'], { env: { KRIPKE_CACHE: cache } })
    const results = await Promise.all(Array.from({ length: 4 }, one))
    expect(results.map(({ status }) => status)).toEqual([12, 12, 12, 12])
    expect(keptIn(cache)).toHaveLength(2)
  })

  it('forgets what was not used for long, and touches no other file', async () => {
    const path = write('small.ts', SPEC)
    mkdirSync(cache, { mode: 0o700 })
    const old = (name: string, days: number): void => {
      writeFileSync(join(cache, name), '')
      const when = new Date(Date.now() - days * 24 * 3_600_000)
      utimesSync(join(cache, name), when, when)
    }
    for (let i = 0; i < 150; i++) old(`${String(i).padStart(64, '0')}.mjs`, 1 + i / 10)
    old(`${'a'.repeat(64)}.json`, 31)
    old('notes.txt', 400)
    await check(path)
    const left = readdirSync(cache)
    expect(left).toHaveLength(128 + 1)
    expect(left).toContain('notes.txt')
    expect(left).toContain(`${'0'.repeat(64)}.mjs`)
    expect((await checkCached(path)).status).toBe(12)
  })
})

describe('what is wrong with a spec', () => {
  const LIMIT = "import { LIMIT } from './limit.ts'"
  it.each(
    first(2, [
      ['when it is loaded', SPEC.replace(LIMIT, 'const LIMIT = (undefined as any).limit')],
      ['in a file that it imports', SPEC.replace('LIMIT }', 'LIMIT, oops }').replace('n < LIMIT', 'n < oops(s)')],
      ['in a definition', SPEC.replace('(s) => s.n < LIMIT', '3 as never')],
      ['in its model', SPEC.replace('init: State()', 'init: State({ n: 9 })')],
      ['when an action writes', SPEC.replace("s.set('n', s.n + 1)", "s.set('n', 99)")],
      ['when an action returns', SPEC.replace("s.set('n', s.n + 1)", '({}) as never')],
      ['in that it is none', 'export const nothing = 1\n'],
    ]),
  )('%s is told alike whether it was compiled now or before', async (_, text) => {
    write('limit.ts', 'export const LIMIT: number = 3\n\nexport const oops = (s: any) => s.m.n\n')
    const path = write('wrong.ts', text)
    const uncached = await check(path, { KRIPKE_CACHE: 'off' })
    expect(uncached.stderr).toMatch(/error KR\d/)
    if (!text.startsWith('export')) expect(uncached.stderr).toMatch(/(?:wrong|limit)\.ts:\d+:\d+/)
    expect(await check(path)).toEqual(uncached)
    expect(await checkCached(path)).toEqual(uncached)
  })
})

/** Writes a package that exports `value`. */
function writePackage(path: string, value: string): void {
  const home = path.startsWith('..') ? join(folder, path.slice(3)) : join(folder, path)
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'index.js'), `export default '${value}'\n`)
}
