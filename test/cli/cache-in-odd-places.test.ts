/** The cache only saves time: wherever it would lie, a run neither fails nor hangs nor becomes slow because of it. */
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { first, itInAll } from '../support/amount.ts'
import { kripke, kripkeProcess, type Result } from './kripke.ts'

/** A run takes half a second; one that hangs is ended after this long, and then has no exit status. */
const HANGS_MS = 20_000

const IS_LINUX = process.platform === 'linux'
const HAS_PIPES = process.platform !== 'win32'

const SPEC = `
import { model, range, schema, spec } from 'kripke'
const State = schema({ n: range(0, 3) })
export default spec({ name: 'small', model: () => model(State, {
  init: State(),
  actions: { up: (s) => (s.n < 3 ? s.set('n', s.n + 1) : s) },
}) })
`

let folder = ''
let cache = ''
let path = ''
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'kripke-test-')))
  cache = join(folder, 'cache')
  path = join(folder, 'small.ts')
  writeFileSync(path, SPEC)
})
afterEach(() => rmSync(folder, { recursive: true }))

const check = (env: NodeJS.ProcessEnv, ...options: string[]): Promise<Result> =>
  kripke(['check', path, ...options], { cwd: folder, env, timeout: HANGS_MS })

/** For places where opening a file can wait forever, which only a process survives. */
const checkInProcess = (env: NodeJS.ProcessEnv, ...options: string[]): Promise<Result> =>
  kripkeProcess(['check', path, ...options], { cwd: folder, env, timeout: HANGS_MS })

/** What a run prints that the cache does not disturb. */
const UNDISTURBED = { status: 0, stdout: 'small holds\n', stderr: '' }

/** The environment of someone whose home this is, without settings of their own. */
const livingIn = (home: string): NodeJS.ProcessEnv => ({ HOME: home, XDG_CACHE_HOME: '', KRIPKE_CACHE: '' })

function makePipe(at: string): void {
  const { status } = spawnSync('mkfifo', ['-m', '600', at])
  if (status !== 0) throw new Error('mkfifo is needed for this test')
}

const inFolder = (...parts: string[]): string => join(folder, ...parts)

describe.skipIf(!IS_LINUX)('a home on a file system of the kernel (needs Linux)', () => {
  it.each(first(1, ['/proc', '/proc/self', '/proc/self/fd', '/sys', '/dev/null', '/dev/full', '/dev/fd']))(
    '%s',
    async (home) => {
      expect((await check(livingIn(home))).status).toBe(0)
      expect(await check({ XDG_CACHE_HOME: home, KRIPKE_CACHE: '' }, '--quiet')).toEqual(UNDISTURBED)
      expect(await check({ KRIPKE_CACHE: join(home, 'far', 'below') }, '--quiet')).toEqual(UNDISTURBED)
    },
  )
})

/** The files of compiled specs in a cache. Processes keep Kripke's own compiled code there too. */
function specFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => !name.endsWith('.code'))
}

describe('a home', () => {
  it.each<[string, () => string]>(
    first(1, [
      ['that is a file', () => path],
      ['that does not exist', () => inFolder('nobody')],
      ['that is not an absolute path', () => 'home'],
      ['that is empty', () => ''],
      ['whose name is too long', () => `/${'x'.repeat(5000)}`],
      ['that is a link to nowhere', () => (symlinkSync('nowhere', inFolder('link')), inFolder('link'))],
      ['that is a link to itself', () => (symlinkSync('link', inFolder('link')), inFolder('link'))],
    ]),
  )('%s is left as it is', async (_, make) => {
    const home = make()
    const before = readdirSync(folder)
    expect(await check(livingIn(home), '--quiet')).toEqual(UNDISTURBED)
    expect(readdirSync(folder)).toEqual(before)
  })

  itInAll('gets the folders that are missing', async () => {
    mkdirSync(inFolder('home'))
    expect(await check(livingIn(inFolder('home')), '--quiet')).toEqual(UNDISTURBED)
    const own = process.platform === 'darwin' ? ['Library', 'Caches', 'kripke'] : ['.cache', 'kripke']
    expect(specFiles(inFolder('home', ...own))).toHaveLength(2)
  })
})

describe('a cache folder', () => {
  itInAll('is made with all folders above it', async () => {
    expect(await check({ KRIPKE_CACHE: join(cache, 'a', 'b', 'c') }, '--quiet')).toEqual(UNDISTURBED)
    expect(specFiles(join(cache, 'a', 'b', 'c'))).toHaveLength(2)
  })

  it.each<[string, () => void]>(
    first(1, [
      ['a file', () => writeFileSync(cache, '')],
      ['a link to nowhere', () => symlinkSync('nowhere', cache)],
      ['a link to itself', () => symlinkSync('cache', cache)],
    ]),
  )('that is %s is done without', async (_, make) => {
    make()
    expect(await check({ KRIPKE_CACHE: cache }, '--quiet')).toEqual(UNDISTURBED)
    expect(await check({ KRIPKE_CACHE: join(cache, 'below') }, '--quiet')).toEqual(UNDISTURBED)
  })

  it.skipIf(!HAS_PIPES)('that is a pipe is done without', async () => {
    makePipe(cache)
    expect(await checkInProcess({ KRIPKE_CACHE: cache }, '--quiet')).toEqual(UNDISTURBED)
  })

  itInAll('with very many files is tidied a part at a time', async () => {
    const files = 5_000
    mkdirSync(cache, { mode: 0o700 })
    const yesterday = new Date(Date.now() - 24 * 3_600_000)
    for (let i = 0; i < files; i++) {
      const old = join(cache, `${String(i).padStart(64, '0')}.mjs`)
      writeFileSync(old, '')
      utimesSync(old, yesterday, yesterday)
    }
    expect(await check({ KRIPKE_CACHE: cache }, '--quiet')).toEqual(UNDISTURBED)
    const left = readdirSync(cache).length
    expect(left).toBeLessThan(files)
    expect(left).toBeGreaterThan(files - 2000)
  })
})

describe('a cache file', () => {
  it.skipIf(!HAS_PIPES).each(first(0, ['.json', '.mjs']))(
    'whose place (%s) a pipe has is compiled anew',
    async (extension) => {
      await check({ KRIPKE_CACHE: cache }, '--quiet')
      const file = join(
        cache,
        readdirSync(cache).find((name) => name.endsWith(extension))!,
      )
      rmSync(file)
      makePipe(file)
      expect(await checkInProcess({ KRIPKE_CACHE: cache }, '--quiet')).toEqual(UNDISTURBED)
    },
  )

  it.each(first(1, ['.json', '.mjs']))('whose place (%s) a folder or a link has is done without', async (extension) => {
    await check({ KRIPKE_CACHE: cache }, '--quiet')
    const file = join(
      cache,
      readdirSync(cache).find((name) => name.endsWith(extension))!,
    )
    rmSync(file)
    mkdirSync(join(file, 'full'), { recursive: true })
    expect(await check({ KRIPKE_CACHE: cache }, '--quiet')).toEqual(UNDISTURBED)
    expect(specFiles(cache)).toHaveLength(2)
    rmSync(file, { recursive: true })
    symlinkSync(file, file)
    expect(await check({ KRIPKE_CACHE: cache }, '--quiet')).toEqual(UNDISTURBED)
    expect(specFiles(cache)).toHaveLength(2)
  })

  it.each(first(1, ['.json', '.mjs']))('that is far too large (%s) is not read', async (extension) => {
    await check({ KRIPKE_CACHE: cache }, '--quiet')
    const file = join(
      cache,
      readdirSync(cache).find((name) => name.endsWith(extension))!,
    )
    // Takes no room on the disk, and more than the buffer of a process can hold.
    truncateSync(file, 2 ** 33)
    expect(await check({ KRIPKE_CACHE: cache }, '--quiet')).toEqual(UNDISTURBED)
  })
})

describe('what a spec is made from', () => {
  it.each(first(1, ['tsconfig.json', 'package.json']))(
    'may have a link to itself or to nowhere in the place of %s',
    async (name) => {
      for (const target of [name, 'nowhere']) {
        symlinkSync(target, inFolder(name))
        expect(await check({ KRIPKE_CACHE: cache }, '--quiet')).toEqual(UNDISTURBED)
        rmSync(inFolder(name))
      }
    },
  )

  it.skipIf(!HAS_PIPES).each(first(0, ['tsconfig.json', 'package.json', 'part.ts']))(
    'names a pipe in the place of %s, and does not wait for it',
    async (name) => {
      writeFileSync(inFolder('part.ts'), 'export {}\n')
      writeFileSync(path, `import './part.ts'\n${SPEC}`)
      expect((await check({ KRIPKE_CACHE: cache })).status).toBe(0)
      rmSync(inFolder(name), { force: true })
      makePipe(inFolder(name))
      for (const env of [{ KRIPKE_CACHE: cache }, { KRIPKE_CACHE: 'off' }]) {
        const { status, stderr } = await checkInProcess(env)
        expect(status).toBe(150)
        expect(stderr).toMatch(new RegExp(`^error KR201: .*${name}`))
      }
    },
  )
})

/** Another file system, of 64 KiB, mounted at `at`; undefined if this user, or this system, cannot have one. */
function mountSmall(at: string, options: string): { unmount: () => void } | undefined {
  if (!IS_LINUX) return undefined
  mkdirSync(at)
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', at])
  return status === 0 ? { unmount: () => void spawnSync('umount', [at]) } : undefined
}

describe('a file system', () => {
  it.for(first(1, ['size=64k,mode=700', 'ro,mode=700']))('with %s is done without', async (options, { skip }) => {
    const at = inFolder('mounted')
    const mounted = mountSmall(at, options)
    if (mounted === undefined) return skip('needs the right to mount a file system')
    try {
      // A compiled spec takes a few kilobytes; there is no room for one.
      if (options.startsWith('size')) spawnSync('sh', ['-c', `cat /dev/zero > ${join(at, 'full')} 2> /dev/null`])
      const before = readdirSync(at)
      expect(await check({ KRIPKE_CACHE: at }, '--quiet')).toEqual(UNDISTURBED)
      expect(await check({ KRIPKE_CACHE: join(at, 'below') }, '--quiet')).toEqual(UNDISTURBED)
      expect(await check(livingIn(at), '--quiet')).toEqual(UNDISTURBED)
      expect(readdirSync(at).filter((name) => name !== 'below' && name !== '.cache')).toEqual(before)
    } finally {
      mounted.unmount()
    }
  })
})

describe('a temporary folder', () => {
  it.each<[string, () => string]>([
    ['does not exist', () => inFolder('nowhere')],
    ['is a file', () => path],
  ])('that %s matters only without a cache', async (_, make) => {
    const TMPDIR = make()
    const { status, stdout, stderr } = await check({ KRIPKE_CACHE: 'off', TMPDIR })
    expect({ status, stdout }).toEqual({ status: 153, stdout: '' })
    expect(stderr).toMatch(/^error KR105: cannot write to .*ENO(?:ENT|TDIR)\)?\n {2}hint: set TMPDIR to .*\n$/)
    expect(await check({ KRIPKE_CACHE: cache, TMPDIR }, '--quiet')).toEqual(UNDISTURBED)
  })

  it('is left empty', async () => {
    mkdirSync(inFolder('temporary'))
    const env = { KRIPKE_CACHE: 'off', TMPDIR: inFolder('temporary') }
    expect(await check(env, '--quiet')).toEqual(UNDISTURBED)
    expect(existsSync(inFolder('temporary'))).toBe(true)
    expect(readdirSync(inFolder('temporary'))).toEqual([])
  })
})
