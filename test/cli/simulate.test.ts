import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TRACE_FORMATS } from '../../src/cli/commands/trace-files.ts'
import { kripke, kripkeJson } from './kripke.ts'

const COUNTER = 'test/cli/specs/counter.ts'
const ENDLESS = 'test/cli/specs/endless.ts'
const DIE_HARD = 'specs/classic/die-hard.ts'
const TWO_PHASE = 'specs/classic/two-phase-commit.ts'

describe('kripke simulate: the exit status', () => {
  it.each<[string, number, string[]]>([
    ['is 0 if nothing is found', 0, []],
    ['is 10 for a false assumption', 10, ['-c', 'fault=deadlock', '-c', 'most=1']],
    ['is 11 for a deadlock', 11, ['-c', 'fault=deadlock']],
    ['is 12 for an invariant', 12, ['-c', 'fault=invariant']],
    ['is 13 for a transition property', 13, ['-c', 'fault=transition']],
    ['is 75 for a function that throws', 75, ['-c', 'fault=throw']],
    ['is 75 for a write outside its domain', 75, ['-c', 'fault=domain']],
    ['is 75 for a function that reads the clock', 75, ['-c', 'fault=clock']],
    ['is 151 for an option that makes no sense', 151, ['--seconds', 'soon']],
    ['is 151 for no walks', 151, ['--runs', '0']],
    ['is 151 for an unknown property', 151, ['--property', 'nothing']],
  ])('%s', async (_, expected, args) => {
    const { status, stderr } = await kripke(['simulate', COUNTER, '--seed', '1', '--runs', '200', ...args])
    expect(status, stderr).toBe(expected)
    expect(stderr).not.toMatch(/^ {4}at /m)
  })

  it('is 130 after an interrupt, and what was found is printed first', async () => {
    const { status, stdout } = await kripke(['simulate', ENDLESS, '--runs', '1000000000', '--workers', '1'], {
      kill: { signal: 'SIGINT', after: /goes on/ },
    })
    expect(status).toBe(130)
    expect(stdout).toMatch(/seed \d+, [\d,]+ walks[^]*distinct states seen[^]*interrupted[^]*proves nothing/)
  })
})

describe('kripke simulate', () => {
  it('prints the seed, the shortened trace, and how to make the walk again', async () => {
    const { stdout } = await kripke(['simulate', DIE_HARD, '--seed', '7'])
    expect(stdout).toMatch(/bigIsNotFour +invariant +violated in 6 steps/)
    expect(stdout).toMatch(/found by walk 1; shortened from 11 steps to 6/)
    expect(stdout).toMatch(/^seed 7, 2 walks .* 100 steps/m)
    const again = /^again: npx kripke (.*)$/m.exec(stdout)![1]!
    const repeated = await kripke(again.split(' '))
    expect(repeated.status).toBe(12)
    const trace = (text: string): string => /^invariant[^]*^ {2}because.*$/m.exec(text)![0]
    expect(trace(repeated.stdout)).toBe(trace(stdout))
  })

  it('takes another seed each time, and prints it', async () => {
    const seedOf = async () =>
      (await kripkeJson(['simulate', TWO_PHASE, '--runs', '1', '--deadlock', 'off'])).document.seed
    expect(await seedOf()).not.toBe(await seedOf())
  })

  it('never says that something holds', async () => {
    const args = ['simulate', TWO_PHASE, '--property', 'consistent', '--runs', '100', '--seed', '1']
    const { stdout } = await kripke(args)
    expect(stdout).not.toMatch(/holds|✓/)
    expect(stdout).toMatch(/proves nothing/)
    expect((await kripke([...args, '--quiet'])).stdout).toMatch(/^two-phase-commit is undecided.*\(seed 1\)\n$/)
    const { document } = await kripkeJson(args)
    expect(document).toMatchObject({
      verdict: 'incomplete',
      complete: false,
      ending: 'walked',
      seed: 1,
      violation: null,
    })
    expect(document.properties).toEqual([{ name: 'consistent', kind: 'invariant', result: 'unknown' }])
  })

  it('has in its document what the reference shows', async () => {
    const { document, status } = await kripkeJson(['simulate', DIE_HARD, '--seed', '7'])
    expect(status).toBe(12)
    expect(document).toMatchObject({
      verdict: 'violated',
      seed: 7,
      walks: { made: 2, cut: 0, steps: 111, longest: 100, depth: 100 },
      violation: { number: 1, steps: 11, shortened: 6 },
      states: { initial: 1, distinct: 11, error: 0 },
      ending: 'violated',
    })
    expect(document.traces[0].steps).toHaveLength(7)
  })

  it('gives the error of a spec function as a document, with its trace', async () => {
    const { document } = await kripkeJson(['simulate', COUNTER, '-c', 'fault=throw', '--seed', '1'])
    expect(document.error).toMatchObject({ code: 'KR503' })
    expect(document.error.trace.steps.length).toBeGreaterThan(0)
  })
})

describe('kripke simulate --trace', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kripke-simulate-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('writes a violation in every format, as it is shown', async () => {
    const files = TRACE_FORMATS.map((format) => `--trace ${format}:${join(folder, format)}`)
    const args = ['simulate', DIE_HARD, '--seed', '7', ...files.join(' ').split(' ')]
    const { status, stdout, stderr } = await kripke(args)
    expect(status, stderr).toBe(12)
    const [text, json, , mermaid, html] = TRACE_FORMATS.map((format) => readFileSync(join(folder, format), 'utf8'))
    const steps = /^invariant bigIsNotFour[^]*^ {2}because.*$/m
    expect(steps.exec(text!)![0]).toBe(steps.exec(stdout)![0])
    const again = /^again: npx kripke simulate .* --first 1 .*$/m
    expect(again.exec(text!)![0]).toBe(again.exec(stdout)![0])
    const { document } = await kripkeJson(['simulate', DIE_HARD, '--seed', '7'])
    expect(JSON.parse(json!).traces).toEqual(document.traces)
    expect(mermaid).toMatch(/^sequenceDiagram/m)
    expect(html).toMatch(/"again":"npx kripke simulate/)
  })

  it.each([
    ['deadlock', 11],
    ['invariant', 12],
    ['transition', 13],
    ['throw', 75],
  ])('writes what can be replayed: %s', async (fault, expected) => {
    const path = join(folder, `${fault}.itf.json`)
    const given = [COUNTER, '-c', `fault=${fault}`, '--seed', '1']
    const { status } = await kripke(['simulate', ...given, '--trace', `itf:${path}`])
    const { status: replayed, stdout } = await kripke(['replay', path, '--quiet'])
    expect([status, replayed]).toEqual([expected, expected])
    expect(stdout).toMatch(/^replays: /)
  })

  it('writes no file where there is no trace, and never over the spec', async () => {
    const path = join(folder, 'none.itf.json')
    await kripke(['simulate', TWO_PHASE, '--property', 'consistent', '--runs', '10', '--trace', `itf:${path}`])
    expect(existsSync(path)).toBe(false)
    expect((await kripke(['simulate', COUNTER, '--trace', `itf:${COUNTER}`])).status).toBe(151)
  })
})
