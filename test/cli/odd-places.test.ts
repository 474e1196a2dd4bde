/** Places where commands cannot write, or from where they cannot read: one sentence, the right status, and no result lost. */
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TRACE_FORMATS } from '../../src/cli/commands/trace-files.ts'
import { ALL, first, itInAll } from '../support/amount.ts'
import { kripke, kripkeJson, ROOT, type Result } from './kripke.ts'

const COUNTER = join(ROOT, 'test/cli/specs/counter.ts')
const MAIN = join(ROOT, 'dist/cli/main.js')

const HAS_SHELL = process.platform !== 'win32'
const HAS_FULL = existsSync('/dev/full')

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kripke-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs `kripke` as part of a shell command, in which it is `$K`. */
function inShell(command: string, cwd: string = folder): Result {
  const K = `"${process.execPath}" "${MAIN}"`
  const script = command.replaceAll('$K', K).replaceAll('$COUNTER', `"${COUNTER}"`)
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { cwd, encoding: 'utf8', timeout: 50_000 })
  return { status, stdout, stderr }
}

/** Expects KR105 with a path, the system's code and a hint, and nothing else. */
function expectFileError(stderr: string, path: string, reason: string): void {
  expect(stderr).toMatch(/^error KR105: .*\n {2}hint: .*\n$/)
  expect(stderr).toContain(` ${path}: `)
  expect(stderr).toContain(` (${reason})\n`)
}

describe.skipIf(!HAS_FULL)('standard output on a full disk (needs /dev/full)', () => {
  it.each([
    'check $COUNTER',
    'check $COUNTER --json',
    'check $COUNTER --ndjson',
    'check $COUNTER --quiet',
    'check $COUNTER --engine symbolic',
    'check $COUNTER -c fault=invariant',
    'check $COUNTER -c fault=throw --json',
    'check no-such-spec.ts --json',
    'compare $COUNTER --vary fault=none,invariant',
    'compare $COUNTER --vary fault=none,invariant --json',
    'bench $COUNTER --sweep most=2..3',
    'bench $COUNTER --sweep most=2..3 --json',
    'bench $COUNTER --sweep most=2..3 --csv',
    'simulate $COUNTER --runs 10',
    'simulate $COUNTER --runs 10 --json',
    'graph $COUNTER',
    'info $COUNTER',
    'info $COUNTER --json',
    '--help',
  ])('%s', async (args) => {
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = await kripke(args.replace('$COUNTER', COUNTER).split(' '), { stdout: full })
    closeSync(full)
    expect(status).toBe(153)
    expectFileError(stderr, 'standard output', 'ENOSPC')
  })

  itInAll('standard error on a full disk changes nothing', () => {
    expect(inShell('$K check $COUNTER -c fault=invariant --quiet 2> /dev/full')).toMatchObject({
      status: 12,
      stdout: expect.stringContaining('is violated'),
    })
  })
})

describe.skipIf(!HAS_SHELL)('a reader that leaves early (needs a shell)', () => {
  it.each(
    first(1, [
      'check $COUNTER',
      'check $COUNTER --json',
      'compare $COUNTER --vary fault=none,invariant --json',
      'bench $COUNTER --sweep most=2..3 --csv',
      'simulate $COUNTER --runs 10 --json',
      'graph $COUNTER',
      'info $COUNTER --json',
    ]),
  )('of %s is no error', (args) => {
    const { status, stdout, stderr } = inShell(`{ $K ${args}; } | head -n 1`)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.split('\n')).toHaveLength(2)
  })
})

describe('a trace that cannot be written', () => {
  const violated = [COUNTER, '-c', 'fault=invariant']

  it.each(TRACE_FORMATS)('as %s is told before any work is done, if that is known by then', async (format) => {
    for (const command of ['check', 'simulate']) {
      for (const [path, reason] of [
        [join(folder, 'nowhere', 'trace'), 'ENOENT'],
        [join(COUNTER, 'trace'), 'ENOTDIR'],
        [folder, 'EISDIR'],
      ] as const) {
        const { status, stdout, stderr } = await kripke([command, ...violated, '--trace', `${format}:${path}`])
        expect({ status, stdout }).toEqual({ status: 153, stdout: '' })
        expectFileError(stderr, path, reason)
      }
    }
    expect(readdirSync(folder)).toEqual([])
  })

  it.skipIf(!HAS_FULL).each(TRACE_FORMATS)('as %s does not hide the results (needs /dev/full)', async (format) => {
    for (const command of ['check', 'simulate']) {
      const args = [command, ...violated, '--trace', `${format}:/dev/full`]
      const { status, stdout, stderr } = await kripke(args)
      expect(stdout).toContain('violated in 2 steps')
      expect(status).toBe(153)
      expectFileError(stderr, '/dev/full', 'ENOSPC')
      const { status: again, document } = await kripkeJson(args)
      expect(again).toBe(153)
      expect(document).toMatchObject({ verdict: 'violated', error: { code: 'KR105' } })
      expect(document.traces).toHaveLength(1)
    }
  })

  it.skipIf(!HAS_FULL)('does not keep another from being written (needs /dev/full)', async () => {
    const path = join(folder, 'trace.json')
    const { status } = await kripke(['check', ...violated, '--trace', 'json:/dev/full', '--trace', `json:${path}`])
    expect(status).toBe(153)
    expect(JSON.parse(readFileSync(path, 'utf8')).traces).toHaveLength(1)
    rmSync(path)
  })

  it.skipIf(!HAS_FULL)('does not hide that a function of the spec failed (needs /dev/full)', async () => {
    const args = ['check', COUNTER, '-c', 'fault=throw', '--trace', 'itf:/dev/full']
    const { status, stderr } = await kripke(args)
    expect(status).toBe(75)
    expect(stderr).toMatch(/cannot write \/dev\/full: .*ENOSPC\)\n[^]*error KR503: action "up" threw TypeError: no two/)
    const { status: again, document } = await kripkeJson(args)
    expect([again, document.error.code]).toEqual([75, 'KR503'])
  })

  it.skipIf(!HAS_FULL)('as a picture does not hide the table (needs /dev/full)', async () => {
    const args = ['bench', COUNTER, '--sweep', 'most=2..3', '--svg', '/dev/full']
    const { status, stdout } = await kripke(args)
    expect(status).toBe(153)
    expect(stdout).toMatch(/most +distinct/)
    const { document } = await kripkeJson(args)
    expect(document).toMatchObject({ rows: [{}, {}], error: { code: 'KR105' } })
    expect((await kripke(['graph', COUNTER, '--out', '/dev/full'])).status).toBe(153)
  })

  it('is told of pictures before any work is done, too', async () => {
    const path = join(folder, 'nowhere', 'picture')
    for (const args of [
      ['bench', COUNTER, '--sweep', 'most=2..3', '--svg', path],
      ['graph', COUNTER, '--out', path],
    ]) {
      const { status, stdout, stderr } = await kripke(args)
      expect({ status, stdout }).toEqual({ status: 153, stdout: '' })
      expectFileError(stderr, path, 'ENOENT')
    }
  })
})

describe('a trace that cannot be read', () => {
  it.skipIf(!HAS_FULL)('has no end (needs /dev/full)', async () => {
    const { status, stderr } = await kripke(['replay', '/dev/full'])
    expect(status).toBe(153)
    expect(stderr).toMatch(/^error KR105: .*\/dev\/full.*256 MiB\n/)
  })

  it('is a folder, or empty', async () => {
    expect(await kripke(['replay', folder])).toMatchObject({ status: 153, stdout: '' })
    writeFileSync(join(folder, 'empty'), '')
    expect(await kripke(['replay', join(folder, 'empty')])).toMatchObject({ status: 151, stdout: '' })
    rmSync(join(folder, 'empty'))
  })

  it.skipIf(!ALL || !HAS_SHELL)('comes through a pipe (needs a shell)', async () => {
    const path = join(folder, 'trace.itf.json')
    await kripke(['check', COUNTER, '-c', 'fault=invariant', '--trace', `itf:${path}`])
    const { status, stdout } = inShell(`cat ${path} | $K replay /dev/stdin --spec $COUNTER --quiet`)
    expect({ status, stdout }).toMatchObject({ status: 12, stdout: expect.stringContaining('replays') })
    rmSync(path)
  })
})

describe('a current folder', () => {
  const SMALL = `
import { model, range, schema, spec } from 'kripke'
const State = schema({ n: range(0, 3) })
export default spec({ name: 'small', model: () => model(State, { init: State(), actions: { up: (s) => s } }) })
`
  it
    .skipIf(!HAS_SHELL)
    .each(
      first(1, [
        'check $COUNTER',
        'check $COUNTER --trace text:trace.txt',
        'compare $COUNTER --vary fault',
        'bench $COUNTER --sweep most=2..3 --svg picture.svg',
        'graph $COUNTER --out graph.dot',
        'simulate $COUNTER',
        'info spec.ts',
      ]),
    )('that was removed is an error of %s (needs a shell)', (args) => {
    const gone = join(folder, 'gone')
    mkdirSync(gone)
    const { status, stderr } = inShell(`rmdir ${gone}; $K ${args}`, gone)
    expect(status).toBe(153)
    expect(stderr).toMatch(/^error KR105: .*ENOENT\)\n {2}hint: .*\n$/)
  })

  it('that cannot be written to does for a spec, wherever the cache is', async ({ skip }) => {
    const at = join(folder, 'mounted')
    mkdirSync(at)
    const isMounted = (options: string): boolean =>
      process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', at]).status === 0
    if (!isMounted('size=64k')) return skip('needs the right to mount a file system')
    try {
      writeFileSync(join(at, 'small.ts'), SMALL)
      if (!isMounted('remount,ro')) return skip('needs the right to mount a file system')
      for (const KRIPKE_CACHE of ['off', join(folder, 'cache')]) {
        for (const args of [
          ['check'],
          ['check', '--engine', 'symbolic'],
          ['check', '--interpret'],
          ['info'],
          ['graph'],
        ]) {
          const options = { cwd: at, env: { KRIPKE_CACHE } }
          const { status, stderr } = await kripke([args[0]!, 'small.ts', ...args.slice(1)], options)
          expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
        }
      }
      const { status, stderr } = await kripke(['check', 'small.ts', '--trace', 'text:trace.txt'], { cwd: at })
      expect(status).toBe(153)
      expectFileError(stderr, 'trace.txt', 'EROFS')
      expect(readdirSync(at)).toEqual(['small.ts'])
    } finally {
      spawnSync('umount', [at])
      rmSync(join(folder, 'cache'), { recursive: true, force: true })
    }
  })
})

describe.skipIf(!HAS_SHELL)('an empty environment (needs a shell)', () => {
  it.each(
    first(1, [
      ['check $COUNTER --quiet', 'counter holds\n'],
      ['check $COUNTER --quiet --engine symbolic', 'counter holds\n'],
      ['check $COUNTER --quiet --engine explicit --workers 2', 'counter holds\n'],
      ['check $COUNTER --quiet --interpret', 'counter holds\n'],
      ['compare $COUNTER --vary fault=none --quiet', 'fault '],
      ['bench $COUNTER --sweep most=2..3 --quiet', 'most '],
      ['simulate $COUNTER --runs 10 --quiet', 'counter is undecided'],
      ['graph $COUNTER', 'digraph '],
      ['info $COUNTER', 'counter'],
    ]),
  )('does for %s', (args, expected) => {
    // Without a HOME it is the one of the password database.
    const { status, stdout, stderr } = inShell(`env -i KRIPKE_CACHE=${folder}/cache $K ${args}`)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.startsWith(expected)).toBe(true)
    expect(statSync(join(folder, 'cache')).isDirectory()).toBe(true)
  })

  itInAll('does without a folder for the cache', () => {
    expect(inShell('env -i $K check $COUNTER --quiet')).toEqual({ status: 0, stdout: 'counter holds\n', stderr: '' })
  })
})

describe('a schema', () => {
  const written = (text: string): string => {
    const path = join(folder, 'schema.ts')
    writeFileSync(path, text)
    return path
  }
  const ENGINES = [['--engine', 'explicit'], ['--engine', 'symbolic'], ['--engine', 'auto'], ['--interpret']]

  it('without a variable is an error of every command', async () => {
    const path = written(`
import { model, schema, spec } from 'kripke'
const State = schema({})
export default spec({ name: 'empty', model: () => model(State, { init: State(), actions: {} }) })
`)
    const commands = [
      ...ENGINES.map((it) => ['check', path, ...it]),
      ['info', path],
      ['simulate', path],
      ['graph', path],
    ]
    for (const args of commands) {
      const { status, stderr } = await kripke(args)
      expect(status).toBe(150)
      expect(stderr).toMatch(/^error KR206: schema\(\{\}\).*\n {2}at .*schema\.ts:3:15\n {2}hint: /)
    }
  })

  it('that needs no bit has one state, in every engine', async () => {
    const path = written(`
import { model, oneOf, range, schema, spec } from 'kripke'
const State = schema({ n: range(5, 5), of: oneOf('x') })
export default spec({ name: 'one', model: () => model(State, {
  init: State(), actions: { stay: (s) => s }, invariants: { five: (s) => s.n === 5 },
}) })
`)
    for (const engine of ENGINES) {
      const { status, document } = await kripkeJson(['check', path, ...engine])
      expect(status).toBe(0)
      expect(document.states).toMatchObject({ initial: 1, distinct: 1, generated: 2, depth: 1 })
    }
    const { document } = await kripkeJson(['simulate', path, '--runs', '3'])
    expect(document.states).toMatchObject({ initial: 1, distinct: 1 })
  })
})
