import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ALL, first } from '../support/amount.ts'
import { kripke, kripkeJson, kripkeProcess, ROOT } from './kripke.ts'

const COUNTER = 'test/cli/specs/counter.ts'
const ENDLESS = 'test/cli/specs/endless.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kripke-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Writes a spec outside the project and returns its path. */
function written(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const small = (body: string): string => `
import { action, members, model, range, schema, spec } from 'kripke'
const State = schema({ n: range(0, 3) })
export default spec({ name: 'small', model: () => model(State, { init: State(), ${body} }) })
`

describe('kripke check: the exit status', () => {
  it.each<[string, number, string[]]>([
    ['is 0 if everything holds', 0, []],
    ['is 10 for a false assumption', 10, ['-c', 'fault=deadlock', '-c', 'most=1']],
    ['is 11 for a deadlock', 11, ['-c', 'fault=deadlock']],
    ['is 12 for an invariant', 12, ['-c', 'fault=invariant']],
    ['is 13 for a transition property', 13, ['-c', 'fault=transition']],
    ['is 75 for a function that throws', 75, ['-c', 'fault=throw']],
    ['is 75 for a write outside its domain', 75, ['-c', 'fault=domain']],
    ['is 75 for a function that reads the clock', 75, ['-c', 'fault=clock']],
    ['is 124 for a bound met before a verdict', 124, ['--max-depth', '2']],
    ['is 150 for warnings under --strict', 150, ['--strict']],
    ['is 151 for an unknown constant', 151, ['-c', 'fualt=none']],
    ['is 151 for a constant outside its domain', 151, ['-c', 'most=99']],
    ['is 151 for an unknown option', 151, ['--depth', '3']],
    ['is 151 for an option that makes no sense', 151, ['--timeout', 'soon']],
    ['is 151 for an unknown property', 151, ['--property', 'nothing']],
    ['is 153 for a file that cannot be written', 153, ['--trace', 'text:/nowhere/trace.txt']],
  ])('%s', async (_, expected, args) => {
    const { status, stderr, stdout } = await kripke(['check', COUNTER, ...args])
    expect(status, stderr + stdout).toBe(expected)
    expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+\)/)
    if ([10, 75, 151, 153].includes(expected)) expect(stderr).toMatch(/error KR\d\d\d: /)
  })

  it('is 150 for a missing file and what is no spec', async () => {
    expect(await kripke(['check', 'nowhere.ts'])).toMatchObject({
      status: 150,
      stderr: expect.stringMatching(/^error KR201: .*nowhere\.ts/),
    })
    expect(await kripke(['check', 'test'])).toMatchObject({
      status: 150,
      stderr: expect.stringMatching(/^error KR201: /),
    })
    expect((await kripke(['check', 'test/cli/specs/no-spec.ts'])).status).toBe(150)
    expect((await kripke(['check'])).status).toBe(151)
    expect((await kripke(['chekc', COUNTER])).stderr).toMatch(/Did you mean check\?/)
  })

  it('is 0 for help and version', async () => {
    expect(await kripke(['--help'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/Exit status:/) })
    for (const [command, option] of [
      ['check', '--trace'],
      ['compare', '--vary'],
      ['bench', '--sweep'],
      ['simulate', '--trace'],
    ] as const) {
      const { status, stdout } = await kripke([command, '--help'])
      expect([status, stdout]).toEqual([0, expect.stringContaining(`  ${option} `)])
      // Not what the program has for an option that is not given.
      expect(stdout).not.toMatch(/default:\s+(\[|\{|undefined)/)
    }
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(await kripke(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n` })
  })

  it.each(
    first(1, [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const),
  )('after %s is %i, and what was found so far is printed first', async (signal, expected) => {
    const { status, stdout } = await kripkeProcess(['check', ENDLESS, '--engine', 'explicit'], {
      kill: { signal, after: /goes on/ },
    })
    expect(status).toBe(expected)
    expect(stdout).toMatch(/\? deadlock +unknown/)
    expect(stdout).toMatch(/distinct states.*interrupted/)
  })
})

describe('kripke check: a mistake in a spec', () => {
  it.each([
    ['writes outside its domain', "actions: { up: (s) => s.set('n', 99) }", 'KR302'],
    ['returns no state', 'actions: { up: () => ({}) as never }', 'KR504'],
    ['never stops returning', 'actions: { up: function* (s) { for (;;) yield s } }', 'KR507'],
    ['reads what is not there', 'actions: { up: (s) => (s as any).m === 1 ? s : undefined }', 'KR203'],
    ['starts a timer', 'actions: { up: (s) => { setTimeout(() => {}, 1); return s } }', 'KR502'],
    ['ends the process', 'actions: { up: () => process.exit(0) }', 'KR502'],
    ['forgets to return', 'actions: { up: (s) => s },\n  invariants: { i: () => { true } }', 'KR506'],
  ])('that %s is told by line', async (_, parts, code) => {
    const path = written('mistaken.ts', small(parts as string))
    const { status, stderr } = await kripke(['check', path])
    expect(status).toBe(75)
    expect(stderr).toMatch(new RegExp(`error ${code as string}: [^]*mistaken\\.ts:\\d+:\\d+`))
  })
})

describe('kripke check: a spec that does not load', () => {
  it('is told by file, line and column, with status 150', async () => {
    const syntax = written(
      'syntax.ts',
      "import { spec } from 'kripke'\n\nexport default spec({ name: 'x', model: ( => 3 })\n",
    )
    expect(await kripke(['check', syntax])).toMatchObject({
      status: 150,
      stderr: expect.stringMatching(/KR201[^]*syntax\.ts:3:\d+/),
    })

    const missing = written('missing.ts', "import { x } from './not-there.ts'\nexport default x\n")
    expect(await kripke(['check', missing])).toMatchObject({
      status: 150,
      stderr: expect.stringMatching(/not-there\.ts[^]*missing\.ts:1:\d+/),
    })

    const throwing = written('throwing.ts', 'const nothing: any = undefined\n\nexport default nothing.spec\n')
    expect(await kripke(['check', throwing])).toMatchObject({
      status: 150,
      stderr: expect.stringMatching(/TypeError[^]*throwing\.ts:3:\d+/),
    })

    const wrong = written('wrong.ts', small('actions: { up: (s) => s },\n  invariants: { i: 3 as never }'))
    expect(await kripke(['check', wrong])).toMatchObject({
      status: 150,
      stderr: expect.stringMatching(/KR206[^]*wrong\.ts:4:\d+/),
    })

    const inModel = written(
      'in-model.ts',
      "import { spec } from 'kripke'\nexport default spec({ name: 'x', model: () =>\n  (undefined as any).x })\n",
    )
    expect(await kripke(['check', inModel])).toMatchObject({
      status: 150,
      stderr: expect.stringMatching(/KR209[^]*in-model\.ts:3:\d+/),
    })
  })
})

describe('kripke check: a spec function that fails', () => {
  it('is told with the trace to it and the line of the .ts file', async () => {
    const { status, stderr } = await kripke(['check', COUNTER, '-c', 'fault=throw'])
    expect(status).toBe(75)
    expect(stderr).toMatch(
      /1  up +n 0 → 1\n +2  up +n 1 → 2\n\nerror KR503: action "up" threw TypeError: no two\n +at +test\/cli\/specs\/counter\.ts:\d+:\d+/,
    )
  })

  it('is a document under --json', async () => {
    const { status, document } = await kripkeJson(['check', COUNTER, '-c', 'fault=domain'])
    expect(status).toBe(75)
    expect(document).toMatchObject({
      kripke: expect.any(String),
      error: { code: 'KR302', message: expect.stringMatching(/"n".* 10/), hint: expect.any(String) },
    })
    expect(document.error.trace.steps.at(-1).state).toEqual({ n: 3, light: 'red' })
    expect((await kripkeJson(['check', COUNTER, '--depth', '3'])).document.error.code).toBe('KR101')
  })
})

describe('kripke check --json', () => {
  it('prints one document, as documented', async () => {
    const { status, document } = await kripkeJson(['check', COUNTER, '-c', 'fault=invariant'])
    expect(status).toBe(12)
    const { seconds, peakMemoryBytes, bytesPerState, specCalls, ...rest } = document
    for (const figure of [seconds, peakMemoryBytes, bytesPerState, specCalls]) expect(figure).toBeGreaterThan(0)
    const reason = expect.any(String)
    expect(rest).toEqual({
      kripke: '0.1.0',
      spec: 'counter',
      constants: { most: 3, fault: 'invariant', idle: false },
      verdict: 'violated',
      properties: [
        { name: 'notTwo', kind: 'invariant', result: 'violated', trace: 0 },
        { name: 'small', kind: 'invariant', result: 'unknown', reason },
        { name: 'upwards', kind: 'transition', result: 'unknown', reason },
        { name: 'full', kind: 'goal', result: 'unknown', reason },
        { name: 'deadlock', kind: 'deadlock', result: 'unknown', reason },
      ],
      traces: [
        {
          property: 'notTwo',
          loop: null,
          steps: [
            { action: 'init', bindings: {}, state: { n: 0, light: 'red' } },
            { action: 'up', bindings: {}, state: { n: 1, light: 'red' } },
            { action: 'up', bindings: {}, state: { n: 2, light: 'red' } },
          ],
          bindings: {},
          failed: [{ conjunct: 'unequal', read: { n: 2 } }],
        },
      ],
      measures: [],
      states: { initial: 1, generated: 5, distinct: 5, depth: 3 },
      complete: false,
      engine: 'explicit',
      symmetry: 'off',
      por: 'off',
      workers: expect.any(Number),
      actions: [
        { name: 'up', instances: 1, generated: 3, distinct: null, evaluation: 'learned' },
        { name: 'light.red', instances: 1, generated: 1, distinct: null, evaluation: 'learned' },
      ],
      warnings: [{ code: 'unused-constant', name: 'idle', text: expect.any(String) }],
    })
  })

  it('reduces by partial orders when told to, and says so', async () => {
    const args = ['check', 'specs/classic/dining-philosophers.ts', '-c', 'design=left-first', '-c', 'philosophers=6']
    const safety = [...args, '--property', 'noNeighborsEat', '--por', 'on']
    const { document, status } = await kripkeJson(safety)
    const full = await kripkeJson([...args, '--property', 'noNeighborsEat'])
    expect([status, full.status]).toEqual([0, 0])
    expect([document['por'], full.document['por']]).toEqual(['on', 'off'])
    const distinct = ({ states }: { states?: { distinct: number } }): number => states!.distinct
    expect(distinct(document)).toBeLessThan(distinct(full.document))
    const { stdout } = await kripke(safety)
    expect(stdout).toContain(`${distinct(document)} distinct states after partial-order reduction`)

    const temporal = await kripkeJson([...args, '--por', 'on'])
    expect(temporal.document).toMatchObject({ por: 'off', notReduced: expect.stringContaining('someoneEats') })
    expect((await kripke([...args, '--por', 'on'])).stdout).toContain('no partial-order reduction')
    expect((await kripke([...args, '--por', 'perhaps'])).status).toBe(151)
  })

  it('explores by decision diagrams when told to', async () => {
    const { document, status } = await kripkeJson([
      'check',
      'specs/classic/two-phase-commit.ts',
      '--engine',
      'symbolic',
    ])
    expect(status).toBe(0)
    expect(document).toMatchObject({ engine: 'symbolic', symmetry: 'off', states: { distinct: 288, depth: 11 } })
    const { stdout } = await kripke(['check', 'specs/classic/two-phase-commit.ts', '--engine', 'symbolic'])
    expect(stdout).toMatch(
      /288 distinct states, 1,146 generated, depth 11, [\d.]+ s, \d+ calls of the spec, by decision diagrams/,
    )
    const wrong = await kripke(['check', 'specs/classic/two-phase-commit.ts', '--engine', 'quantum'])
    expect(wrong.status).toBe(151)
  })

  it('is the same every time, apart from times and memory', async () => {
    const stable = async (...args: string[]): Promise<string> => {
      const { document } = await kripkeJson(['check', 'specs/truncate-dma.ts', '--continue', ...args])
      return JSON.stringify({ ...document, seconds: 0, peakMemoryBytes: 0 })
    }
    const first = await stable()
    expect(await stable()).toBe(first)
    expect(await stable('--workers', 'auto')).toBe(first)
  })

  it('prints progress and result as lines with --ndjson', async () => {
    const { status, stdout } = await kripke(['check', COUNTER, '--ndjson'])
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string })
    expect(status).toBe(0)
    expect(lines.at(-1)).toMatchObject({ event: 'result', verdict: 'holds' })
  })

  it('says what each action cost with --profile', async () => {
    const { document } = await kripkeJson(['check', COUNTER, '--profile'])
    expect(document.actions[0]).toMatchObject({
      name: 'up',
      specCalls: 12 + 0,
      treeNodes: 1,
      slotsRead: 1,
      remark: null,
    })
  })
})

describe('kripke check: the report', () => {
  it('shows verdicts, what each step changed, why the last state is wrong, and the command that shows it again', async () => {
    const { stdout } = await kripke(['check', 'specs/classic/die-hard.ts'])
    const [title, verdicts, headline, steps, because, again, counts, ...rest] = stdout.trimEnd().split('\n\n')
    expect(title).toBe('die-hard')
    expect(verdicts!.split('\n')).toEqual([
      expect.stringMatching(/^  ✗ bigIsNotFour  invariant  violated .*\b6\b/),
      expect.stringMatching(/^  \? deadlock                 unknown: /),
    ])
    expect(headline).toMatch(/^invariant bigIsNotFour .*\b6\b/)
    expect(steps).toBe(`\
  0  initial state   small 0 · big 0
  1  fillBig         big 0 → 5
  2  bigToSmall      small 0 → 3 · big 5 → 2
  3  emptySmall      small 3 → 0
  4  bigToSmall      small 0 → 2 · big 2 → 0
  5  fillBig         big 0 → 5
  6  bigToSmall      small 2 → 3 · big 5 → 4`)
    expect(because).toMatch(/^  .*\bbig = 4$/)
    expect(again).toBe(
      'again: npx kripke check specs/classic/die-hard.ts --property bigIsNotFour\n' +
        'explore: npx kripke explore specs/classic/die-hard.ts --property bigIsNotFour',
    )
    expect(counts).toMatch(/^14 distinct states, 73 generated, depth 7, [\d.]+ s, 110 calls.*\n.*--continue/)
    expect(rest).toEqual([])
  })

  it('shows the trace again by the command it names', async () => {
    const { stdout } = await kripke(['check', 'specs/truncate-dma.ts', '-c', 'design=wait-layout', '--continue'])
    const again = [...stdout.matchAll(/^again: npx kripke (.*)$/gm)].map((match) => match[1]!)
    expect(again).toHaveLength(4)
    const traceOf = (text: string, property: string): string =>
      new RegExp(`^\\S* ?${property}[^]*?(?=^again)`, 'm').exec(text)![0]
    for (const command of again) {
      const property = /--property (\S+)/.exec(command)![1]!
      const repeated = await kripke(command.split(' '))
      expect(traceOf(repeated.stdout, property)).toBe(traceOf(stdout, property))
    }
  })

  it('colors a terminal only, heeds NO_COLOR, and can be told to', async () => {
    const escape = '\u001B['
    expect((await kripke(['check', COUNTER])).stdout).not.toContain(escape)
    expect((await kripke(['check', COUNTER], { env: { FORCE_COLOR: '1' } })).stdout).toContain(escape)
    expect((await kripke(['check', COUNTER], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain(
      escape,
    )
  })

  it('is one line with --quiet, and whole states with --full', async () => {
    const quiet = await kripke(['check', COUNTER, '-c', 'fault=invariant', '--quiet'])
    expect(quiet.stdout).toBe('counter is violated: notTwo\n')
    const full = await kripke(['check', COUNTER, '-c', 'fault=invariant', '--full'])
    expect(full.stdout).toMatch(/1  up +n 1 · light red/)
  })

  it('shows how a goal is reached if that is asked for', async () => {
    const { stdout } = await kripke(['check', COUNTER, '--property', 'full'])
    expect(stdout).toMatch(/\bfull\b.* 3 steps/)
    expect(stdout).toMatch(/3  up +n 2 → 3/)
  })

  it('shows how every goal is reached with --witness, and else names that option if there is one', async () => {
    const { stdout } = await kripke(['check', COUNTER, '--witness'])
    expect(stdout).toMatch(/3  up +n 2 → 3/)
    expect(stdout).not.toContain('--witness')
    expect((await kripke(['check', COUNTER])).stdout).toMatch(/--witness[^]*distinct states/)
    expect((await kripke(['check', COUNTER])).stdout).not.toMatch(/n 2 → 3/)
    expect((await kripke(['check', COUNTER, '--property', 'full'])).stdout).not.toContain('--witness')
    expect((await kripke(['check', COUNTER, '--property', 'small'])).stdout).not.toContain('--witness')
  })

  it('goes to files with --trace, whole or not at all', async () => {
    const [text, json] = [join(folder, 'trace.txt'), join(folder, 'trace.json')]
    await kripke(['check', COUNTER, '-c', 'fault=invariant', '--trace', `text:${text}`, '--trace', `json:${json}`])
    expect(readFileSync(text, 'utf8')).toMatch(/2  up +n 1 → 2/)
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ spec: 'counter', traces: [{ property: 'notTwo' }] })
    expect(existsSync(`${text}.part`)).toBe(false)
    expect((await kripke(['check', COUNTER, '--trace', 'pdf:x'])).status).toBe(151)
  })

  it('goes through links and into pipes with --trace, never over the spec, and as far as a failing run came', async () => {
    const [target, link] = [join(folder, 'target.txt'), join(folder, 'link.txt')]
    writeFileSync(target, '')
    chmodSync(target, 0o600)
    symlinkSync(target, link)
    const failing = ['check', COUNTER, '-c', 'fault=throw', '--continue']
    const { status, stdout, stderr } = await kripke([...failing, '--trace', `text:${link}`])
    expect([status, stdout]).toEqual([75, ''])
    expect(stderr).toMatch(/KR503/)
    expect(readFileSync(target, 'utf8')).toMatch(/up fails after 2 steps/)
    expect([lstatSync(link).isSymbolicLink(), statSync(target).mode & 0o777]).toEqual([true, 0o600])
    const fifo = join(folder, 'fifo')
    const script = `mkfifo ${fifo}; cat ${fifo} & ${process.execPath} dist/cli/main.js ${failing.join(' ')} --trace text:${fifo}; wait`
    const piped = spawnSync('sh', ['-c', script], { cwd: ROOT, encoding: 'utf8', timeout: 50_000 })
    expect(piped.stdout).toMatch(/up fails after 2 steps/)
    expect(statSync(fifo).isFIFO()).toBe(true)
    expect((await kripke(['check', COUNTER, '--trace', `text:${COUNTER}`])).status).toBe(151)
  })

  it('keeps what a spec prints apart from the results', async () => {
    const path = written('printing.ts', small('actions: { up: (s) => { console.log(s); return s } }'))
    const { document } = await kripkeJson(['check', path])
    expect(document.verdict).toBe('holds')
    expect((await kripke(['check', path])).stderr).toMatch(/^State \{ n: 0 \}$/m)
  })

  it('that cannot be printed is a system error (153), without a stack trace', () => {
    const full = openSync('/dev/full', 'w')
    const large = [
      'check',
      'specs/classic/two-phase-commit.ts',
      '-c',
      'resourceManagers=7',
      '--symmetry',
      'off',
      '--deadlock',
      'off',
      '--ndjson',
    ]
    for (const args of ALL ? [['check', COUNTER], large] : [large]) {
      const { status, stderr } = spawnSync(process.execPath, ['dist/cli/main.js', ...args], {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
        timeout: 20_000,
      })
      expect(status).toBe(153)
      expect(stderr).toMatch(/^error KR105: .*ENOSPC\)\n {2}hint: .*\n$/)
    }
    closeSync(full)
  })

  it('gives the same with --interpret', async () => {
    const verdicts = async (...more: string[]): Promise<string> => {
      const { stdout } = await kripke(['check', 'specs/truncate-dma.ts', '-c', 'design=fail', '--continue', ...more])
      return stdout.replace(/, [\d.]+ s, .*/, '')
    }
    expect(await verdicts('--interpret')).toBe(await verdicts())
  })
})
