import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kripke, kripkeJson, ROOT } from './kripke.ts'

const DIE_HARD = 'specs/classic/die-hard.ts'
const TRUNCATE = 'specs/truncate-dma.ts'
const TRACE = 'specs/truncate-dma/wait-allocated.trace'
const MAP = 'specs/truncate-dma/trace-map.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kripke-conform-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Writes a file of these lines. */
function file(name: string, ...lines: readonly string[]): string {
  const path = join(folder, name)
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''))
  return path
}

describe('kripke conform', () => {
  it('follows a log, and says where it leaves the spec', async () => {
    const good = file('good.ndjson', '{"action":"fillBig"}', '{"action":"bigToSmall","observes":{"big":2}}')
    const bad = file('bad.ndjson', '{"action":"fillBig"}', '', '{"action":"bigToSmall","observes":{"big":3}}')
    expect(await kripke(['conform', DIE_HARD, good])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/✓ .*good\.ndjson {2}conforms {2}2 events, 2 of 6 actions named/),
    })
    const { status, stdout, stderr } = await kripke(['conform', DIE_HARD, bad])
    expect([status, stderr]).toEqual([14, ''])
    expect(stdout).toMatch(/✗ .*bad\.ndjson {2}deviates {2}at event 2, line 3/)
    expect(stdout).toMatch(/the last event that fits is event 1, line 1:\n +fillBig\n/)
    expect(stdout).toMatch(/the nearest miss is bigToSmall\n +big: the spec has 2, the log 3/)
  })

  it('has the worst status of several logs, and reports each', async () => {
    const good = file('good.ndjson', '{"action":"fillBig"}')
    const bad = file('bad.ndjson', '{"action":"bigToSmall","observes":{"big":3}}')
    const empty = file('empty.ndjson', '')
    const broken = file('broken.ndjson', '{"action":"fillBig"}', '{"action":')
    const statusOf = async (...logs: string[]) => (await kripke(['conform', DIE_HARD, ...logs, '--quiet'])).status
    expect(await statusOf(good, bad)).toBe(14)
    expect(await statusOf(empty, bad, good)).toBe(124)
    const { status, stdout } = await kripke(['conform', DIE_HARD, broken, good, bad, empty])
    expect(status).toBe(151)
    const verdicts = [
      /broken\.ndjson +cannot be read/,
      /good\.ndjson +conforms/,
      /bad\.ndjson +deviates/,
      /empty\.ndjson +incomplete/,
    ]
    for (const line of verdicts) expect(stdout).toMatch(line)
    expect(stdout).toMatch(/error KR108: .*broken\.ndjson:2 must be a JSON object, but is not valid JSON/)
  })

  it('goes on with the other logs after an error of a spec function, and names the line', async () => {
    const spec = 'test/cli/specs/counter.ts'
    const bad = file('bad.ndjson', '', '{"action":"*"}', '{"action":"*"}', '{"action":"*"}', '{"action":"*"}')
    const good = file('good.ndjson', '{"action":"init"}')
    const { status, stdout } = await kripke(['conform', spec, bad, good, '-c', 'fault=throw'])
    expect(stdout).toMatch(/bad\.ndjson +a spec function failed\n.*good\.ndjson +conforms/)
    expect(stdout).toMatch(/error KR503[^]*for +.*bad\.ndjson:\d/)
    expect(status).toBe(75)
    const { document } = await kripkeJson(['conform', spec, bad, good, '-c', 'fault=throw'])
    expect(document).toMatchObject({ verdict: 'failed', logs: [{ verdict: 'failed' }, { verdict: 'conforms' }] })
  })

  it('prints a document', async () => {
    const bad = file('bad.ndjson', '{"action":"bigToSmall","observes":{"big":3}}')
    const { status, document } = await kripkeJson(['conform', DIE_HARD, bad])
    expect([status, document.verdict]).toEqual([14, 'deviates'])
    expect(document.logs).toMatchObject([
      { verdict: 'deviates', events: 0, deviation: { event: { number: 1, line: 1 }, problem: 'leads-elsewhere' } },
    ])
  })

  it('follows the sample of ftrace with the design that waits, and not without', async () => {
    const run = (design: string) => kripke(['conform', TRUNCATE, TRACE, '--map', MAP, '-c', `design=${design}`])
    expect(await run('wait-allocated')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/conforms {2}9 events/),
    })
    const none = await run('none')
    expect(none.status).toBe(14)
    expect(none.stdout).toMatch(/deviates {2}at event 5, line 12/)
    expect(none.stdout).toMatch(/truncate\[file1\]: the spec has freeing, the log waiting/)
    // The log of a truncate that does not wait is the other way around.
    const lines = readFileSync(join(ROOT, TRACE), 'utf8').trimEnd().split('\n')
    const hasty = file(
      'hasty.trace',
      ...lines.filter((line) => !line.includes('dax_dma_done') && !line.includes('result=wait')),
    )
    const runHasty = (design: string) => kripke(['conform', TRUNCATE, hasty, '--map', MAP, '-c', `design=${design}`])
    expect((await runHasty('none')).status).toBe(0)
    expect((await runHasty('wait-allocated')).status).toBe(14)
  })

  it('marks the sample as synthetic', () => {
    expect(readFileSync(join(ROOT, TRACE), 'utf8')).toMatch(/^# SYNTHETIC\./)
  })

  it('takes hidden actions and bounds', async () => {
    const log = file('log.ndjson', '{"observes":{"big":2,"small":3}}')
    const status = async (...options: string[]) => (await kripke(['conform', DIE_HARD, log, ...options])).status
    expect(await status()).toBe(14)
    expect(await status('--hidden', 'fillBig,bigToSmall')).toBe(0)
    expect(await status('--hidden', '*', '--max-hidden', '1')).toBe(124)
    expect(await status('--hidden', '*', '--max-hidden', '2', '--interpret')).toBe(0)
    expect(await status('--hidden', '*', '--max-states', '2')).toBe(124)
    expect(await status('--hidden', 'fillBgi')).toBe(151)
    expect(await status('--max-hidden', 'few')).toBe(151)
    const { stderr } = await kripke(['conform', DIE_HARD, log, '--max-hidden', '-1'])
    expect(stderr).toMatch(/must be an integer from 0 on/)
  })

  it('names the mistake in files that it cannot use', async () => {
    const log = file('log.ndjson', '{"action":"fillBig"}')
    const said = async (...args: string[]) => {
      const { status, stderr } = await kripke(['conform', ...args])
      return `${status} ${stderr}`
    }
    expect(await said(DIE_HARD, join(folder, 'none.ndjson'))).toMatch(/^153 error KR105: cannot read/)
    expect(await said(DIE_HARD, log, '--map', DIE_HARD)).toMatch(/^151 error KR109: .*must have a map of logs/)
    expect(await said(DIE_HARD, log, '--map', join(folder, 'none.ts'))).toMatch(/^150 error KR201/)
    expect(await said(TRUNCATE, log, '--map', MAP, '--format', 'ndjson')).toMatch(
      /^151 error KR101: --format must be ftrace/,
    )
    expect(await said(DIE_HARD)).toMatch(/^151 /)
    const map = file(
      'map.ts',
      "import { logMap } from 'kripke'",
      'export default logMap({ evnt: () => undefined } as any)',
    )
    expect(await said(DIE_HARD, log, '--map', map)).toMatch(
      /^150 error KR206: .*"evnt"[^]*map\.ts:2[^]*did you mean "event"/,
    )
  })
})
