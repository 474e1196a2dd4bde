import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { itInAll } from '../support/amount.ts'
import { elementsOf } from '../support/xml.ts'
import { kripke, kripkeJson, kripkeProcess } from './kripke.ts'

const COUNTER = 'test/cli/specs/counter.ts'
const ENDLESS = 'test/cli/specs/endless.ts'
const TWO_PHASE = 'specs/classic/two-phase-commit.ts'
const TRUNCATE = 'specs/truncate-dma.ts'

/** Rows of the table, without the columns that depend on the machine: seconds and states per second. */
const timeless = (text: string): string[] =>
  text.split('\n').map((line) => line.replace(/ +\d+\.\d+ +[\d,]+( +\d+\.\d(?: |$))/, ' T$1').trimEnd())

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kripke-bench-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('kripke bench', () => {
  it('prints counts, speed, memory and growth, and predicts the next size', async () => {
    const { status, stdout } = await kripke([
      'bench',
      TWO_PHASE,
      '--symmetry',
      'off',
      '--sweep',
      'resourceManagers=2..5',
    ])
    expect(status).toBe(0)
    const [title, table, growth] = stdout.split('\n\n')
    expect(title).toBe('two-phase-commit')
    // tlaplus/Examples, TwoPhase.cfg, has 3 resource managers: 288 distinct, 1,146 generated, depth 11.
    expect(timeless(table!)).toEqual([
      'resourceManagers  distinct  generated  depth  seconds  states/s  bytes/state  growth',
      '               2        56        154      8 T        438.9',
      '               3       288      1,146     11 T         85.3    5.14',
      '               4     1,568      8,258     14 T         18.3    5.44',
      '               5     8,832     58,146     17 T         11.6    5.63',
    ])
    // The rate, the size on which it was checked, by how much it is off there, and the next size.
    expect(growth).toMatch(/\bresourceManagers\b[^]* 5\.41\b[^]*\b5: 7 %[^]*\bresourceManagers=6\b[^]* 46,700\b/)
  })

  it('gives a series for each combination of the other sweeps, marks violations, and shows the table alone with --quiet', async () => {
    const args = ['bench', COUNTER, '--sweep', 'fault=none,invariant', '--sweep', 'most=1..5..2', '--deadlock', 'off']
    const { status, stdout } = await kripke([...args, '--quiet'])
    expect(status).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(7)
    expect(stdout).toMatch(/^none +5 +12 +14 .* 1\.50$/m)
    expect(stdout).toMatch(/^invariant +3 .* ✗ notTwo$/m)
    const { stdout: whole } = await kripke(args)
    expect(whole.split('\n\n')[2]!.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^fault=none: no prediction: .*\b3$/),
      expect.stringMatching(/^fault=invariant: no prediction: .*\b3$/),
    ])
    expect(whole).toMatch(/^counter idle=false\n\n/)
  })

  it('prints the document of the conventions with --json', async () => {
    const { status, document } = await kripkeJson([
      'bench',
      TWO_PHASE,
      '--symmetry',
      'off',
      '--sweep',
      'resourceManagers=1..4',
      '--runs',
      '2',
    ])
    expect(status).toBe(0)
    expect(document).toMatchObject({ spec: 'two-phase-commit', axis: 'resourceManagers', runs: 2, complete: true })
    expect(Object.keys(document.rows[0]).slice(0, 7)).toEqual([
      ...['constants', 'states', 'seconds', 'statesPerSecond', 'bytesPerState', 'peakMemoryBytes', 'complete'],
    ])
    expect(document.rows[2]).toMatchObject({
      constants: { resourceManagers: 3 },
      states: { initial: 1, generated: 1146, distinct: 288, depth: 11 },
      ...{ complete: true, predicted: false, verdict: 'holds', growth: expect.closeTo(288 / 56, 9) },
    })
    const { seconds, statesPerSecond, peakMemoryBytes } = document.rows[2]
    expect(statesPerSecond).toBe(Math.round(288 / seconds))
    expect(peakMemoryBytes).toBeGreaterThan(30e6)
    expect(document.series).toMatchObject([
      {
        constants: {},
        growth: { kind: 'exponential', rate: expect.closeTo(5.08, 1), checkedOn: 4, error: expect.closeTo(0.1, 1) },
        next: { size: 5, distinct: expect.closeTo(8000, -3) },
      },
    ])
  })

  itInAll('measures each row in a process of its own: the peak of memory falls again', async () => {
    const { document } = await kripkeJson([
      'bench',
      TRUNCATE,
      '--symmetry',
      'off',
      '-c',
      'files=3',
      '--sweep',
      'design=busy-page,fail',
    ])
    const [large, small] = document.rows
    expect(small.peakMemoryBytes).toBeLessThan(large.peakMemoryBytes)
    expect(document).toMatchObject({ axis: null, series: [{ growth: null, next: null }, { growth: null }] })
  })

  it('prints comma-separated values with --csv', async () => {
    const { stdout } = await kripke([
      'bench',
      COUNTER,
      '--sweep',
      'fault=invariant,deadlock',
      '--sweep',
      'most=1,2',
      '--csv',
    ])
    const lines = stdout.split('\r\n')
    expect(lines[0]).toBe(
      'most,fault,idle,distinct,generated,depth,seconds,statesPerSecond,bytesPerState,peakMemoryBytes,growth,verdict,complete,predicted,remark',
    )
    expect(lines).toHaveLength(6)
    expect(lines[2]).toMatch(/^2,invariant,false,6,8,4,[\d.]+,\d+,[\d.]+,\d+,1\.5,violated,true,false,✗ notTwo$/)
    expect(lines[3]).toBe('1,deadlock,false,,,,,,,,,,false,false,KR104')
    expect(lines[5]).toBe('')
  })

  it('quotes fields of --csv that need it', async () => {
    const { stdout } = await kripke(['bench', 'test/cli/specs/quoting.ts', '--sweep', 'mark=say "a"', '--csv'])
    expect(stdout.split('\r\n')[1]).toMatch(/^"say ""a""","a,b",2,/)
  })

  it('draws every series with --svg', async () => {
    const file = join(folder, 'growth.svg')
    const args = ['bench', COUNTER, '--sweep', 'most=1..4', '--sweep', 'fault=none,invariant', '--svg', file]
    expect((await kripke(args)).status).toBe(0)
    const texts = elementsOf(readFileSync(file, 'utf8')).map(({ text }) => text)
    expect(texts).toEqual(expect.arrayContaining(['counter', 'most', 'fault=none', 'fault=invariant', 'idle=false']))
    expect(readdirSync(folder)).toEqual(['growth.svg'])
    const unwritable = await kripke([...args.slice(0, -1), join(folder, 'nowhere/growth.svg')])
    expect([unwritable.status, unwritable.stderr]).toEqual([153, expect.stringMatching(/KR105.*cannot write/)])
  })

  // Four sizes take milliseconds, and all others take minutes. So the speed of the machine does not decide which row is cut.
  itInAll('cuts a row after --max-seconds, predicts it, and does not try the larger ones', async () => {
    const slow = ['bench', ENDLESS, '--engine', 'explicit', '-c', 'slowFrom=9']
    const args = [...slow, '--sweep', 'bits=5,6,7,8,9,10,40', '--max-seconds', '8']
    const { status, document } = await kripkeJson(args)
    expect(status).toBe(0)
    expect(document.rows.map(({ complete }: any) => complete)).toEqual([true, true, true, true, false, false, false])
    const [first, second, last] = document.rows.slice(4)
    expect(['time', 'not tried']).toContain(first.cut)
    expect(first).toMatchObject({ predicted: true, peakMemoryBytes: null })
    expect(first.states.distinct / document.rows[3].states.distinct).toBeCloseTo(2, 1)
    expect(second.cut).toBe('not tried')
    expect(last).toMatchObject({ cut: 'not tried', predicted: false, states: { distinct: null }, seconds: null })
    expect(last.withheld).toMatch(/\b40\b/)
    const { stdout } = await kripke([...slow, '--sweep', 'bits=7..9', '--max-seconds', '4'])
    expect(stdout).toMatch(/^ +9 +(~[\d,]+|–) +– +– .*(cut: time|would not fit)$/m)
  })

  it('goes on past a row that fails or makes no sense, and says why', async () => {
    const args = ['bench', COUNTER, '--sweep', 'fault=none,throw,domain', '--sweep', 'most=1..3']
    const { status, stdout } = await kripke(args)
    expect(status).toBe(75)
    expect(stdout).toMatch(/^none +3 +8 /m)
    expect(stdout).toMatch(/^throw +3 +– .* KR503$/m)
    expect(stdout).toMatch(
      /^fault=throw most=3: KR503 action "up" threw TypeError: no two \(test\/cli\/specs\/counter.ts:24:\d+\)$/m,
    )
    const senseless = await kripkeJson(['bench', COUNTER, '--sweep', 'fault=deadlock', '--sweep', 'most=1..2'])
    expect(senseless.status).toBe(10)
    expect(senseless.document.rows).toMatchObject([
      { complete: false, states: { distinct: null }, error: { code: 'KR104', hint: expect.any(String) } },
      { complete: true, states: { distinct: 3 }, verdict: 'violated' },
    ])
  })

  it('sweeps sets', async () => {
    const log = ['bench', 'specs/kernel/write-ahead-log.ts', '-c', 'transactions=1', '-c', 'blocks=1']
    const { status, document } = await kripkeJson([...log, '--sweep', 'flushes=[log],[commit,checkpoint]'])
    expect(status).toBe(0)
    expect(document.rows).toMatchObject([
      { constants: { flushes: ['log'] }, complete: true },
      { constants: { flushes: ['checkpoint', 'commit'] }, complete: true },
    ])
  })

  it('prints what was found when interrupted, and leaves no process behind', async () => {
    const args = ['bench', ENDLESS, '--engine', 'explicit', '--sweep', 'bits=2,40', '--json', '--memory', '1GiB']
    const { status, stdout } = await kripkeProcess(args, { kill: { signal: 'SIGINT', after: /goes on/ } })
    expect(status).toBe(130)
    expect(JSON.parse(stdout).rows).toMatchObject([{ complete: true }, { complete: false, cut: 'interrupted' }])
    const processes = existsSync('/proc') ? readdirSync('/proc') : []
    const commands = processes.flatMap((id) => {
      const file = `/proc/${id}/cmdline`
      return /^\d+$/.test(id) && existsSync(file) ? [readFileSync(file, 'utf8')] : []
    })
    expect(commands.filter((it) => it.includes('bits=40') && it.includes('--ndjson'))).toEqual([])
  })

  it.each([
    [[]],
    [['--sweep', 'most']],
    [['--sweep', 'most=']],
    [['--sweep', '=1..4']],
    [['--sweep', 'most=1,,2']],
    [['--sweep', 'most=4..1']],
    [['--sweep', 'most=1..4..0']],
    [['--sweep', 'most=a..b']],
    [['--sweep', 'most=1..']],
    [['--sweep', 'fault=1..2']],
    [['--sweep', 'most=5..12']],
    [['--sweep', 'most=1..1000000000000']],
    [['--sweep', 'most=1,1']],
    [['--sweep', 'most=1', '--sweep', 'most=2']],
    [['--sweep', 'least=1..2']],
    [['--sweep', 'toString=1..2']],
    [['-c', 'most=1', '--sweep', 'most=1..2']],
    [['-c', 'fault=nonsense', '--sweep', 'most=1..2']],
    [['--sweep', 'most=1..2', '--property', 'nonsense']],
    [['--sweep', 'most=1..2', '--runs', '0']],
    [['--sweep', 'most=1..2', '--max-seconds', '0']],
    [['--sweep', 'fault=none', '--svg', 'never.svg']],
    [['--sweep', 'most=1..2', '--svg', COUNTER]],
  ])('refuses %j (151)', async (args) => {
    const { status, stderr, stdout } = await kripke(['bench', COUNTER, ...args])
    expect([status, stdout]).toEqual([151, ''])
    expect(stderr).toMatch(/^error KR10[123]: /)
    expect(stderr).not.toMatch(/\n +at .*\.js/)
    expect(existsSync('never.svg')).toBe(false)
  })

  it('says what is wrong with the spec as the other commands do', async () => {
    expect((await kripke(['bench', 'nowhere.ts', '--sweep', 'n=1..2'])).status).toBe(150)
    const both = await kripkeJson(['bench', COUNTER, '--sweep', 'most=1..2', '--csv'])
    expect([both.status, both.document.error.message]).toEqual([151, expect.stringMatching(/--json.*--csv/)])
    const { document } = await kripkeJson(['bench', COUNTER, '--sweep', 'most=9..1'])
    expect(document.error).toMatchObject({ code: 'KR101', hint: expect.stringContaining('1..9') })
  })
})
