import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kripke, kripkeJson } from './kripke.ts'

const COUNTER = 'test/cli/specs/counter.ts'
const TRUNCATE = 'specs/truncate-dma.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kripke-replay-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Checks a spec and returns where its trace was written. */
async function traced(name: string, args: readonly string[]): Promise<{ status: number | null; path: string }> {
  const path = join(folder, `${name}.itf.json`)
  const { status } = await kripke(['check', ...args, '--trace', `itf:${path}`])
  return { status, path }
}

/** Changes a trace file. */
function edit(path: string, change: (document: any) => void): void {
  const document = JSON.parse(readFileSync(path, 'utf8'))
  change(document)
  writeFileSync(path, JSON.stringify(document))
}

describe('kripke replay', () => {
  it.each<[string, number, RegExp]>([
    ['deadlock', 11, /^replays: deadlock is violated at step \d\n$/],
    ['invariant', 12, /^replays: notTwo is violated at step 2\n$/],
    ['transition', 13, /^replays: upwards is violated at step 4\n$/],
    ['throw', 75, /^replays: up fails at step 2\n$/],
    ['domain', 75, /^replays: up fails at step 3\n$/],
  ])('has the status of check, from the trace alone: %s', async (fault, status, line) => {
    const { status: checked, path } = await traced(fault, [COUNTER, '-c', `fault=${fault}`])
    const { status: replayed, stdout, stderr } = await kripke(['replay', path, '--quiet'])
    expect([checked, replayed, stdout], stderr).toEqual([status, status, expect.stringMatching(line)])
    expect(stderr).toMatch(status === 75 ? /^error KR\d+: [^]*counter\.ts:\d+/ : /^$/)
  })

  it('is 0 for a goal that is reached', async () => {
    const { path } = await traced('goal', [COUNTER, '--property', 'full'])
    expect(await kripke(['replay', path, '--quiet'])).toMatchObject({
      status: 0,
      stdout: 'replays: full is reached at step 3\n',
    })
  })

  it('shows the steps as check does, then the verdict', async () => {
    const { path } = await traced('steps', [TRUNCATE])
    const { stdout } = await kripke(['replay', path])
    const checked = (await kripke(['check', TRUNCATE])).stdout
    const steps = /^invariant noFreeUnderDma[^]*owner\[block1\] = free\n/m
    expect(steps.exec(stdout)![0]).toBe(steps.exec(checked)![0])
    expect(stdout).toMatch(/\nreplays: noFreeUnderDma\(user1, block1\) .*step 5\n$/)
  })

  it('says at which step and place a trace and its spec differ', async () => {
    const { path } = await traced('tampered', [TRUNCATE])
    edit(path, ({ states }) => (states[5].owner['#map'][0][1] = 'file2'))
    const { status, stdout } = await kripke(['replay', path])
    expect(status).toBe(124)
    expect(stdout).toMatch(/\n {2}4 {2}truncCheck\(file1\) /)
    expect(stdout).toMatch(
      /\ndoes not replay: .*\b4\b.* truncFree\(file1\) .*\n {2}owner\[block1\]: .*\bfree\b.*\bfile2\n$/,
    )
    const { status: again, document } = await kripkeJson(['replay', path])
    expect(again).toBe(124)
    expect(document).toMatchObject({
      spec: 'truncate-dma',
      property: { name: 'noFreeUnderDma', kind: 'invariant' },
      replays: false,
      result: 'unknown',
      differs: {
        step: 5,
        action: 'truncFree(file1)',
        problem: 'leads-elsewhere',
        variables: [{ path: 'owner[block1]', spec: 'free', trace: 'file2' }],
      },
      trace: { steps: { length: 5 } },
    })
  })

  it('tries a trace with other constants', async () => {
    const { path } = await traced('other', [TRUNCATE])
    expect(await kripke(['replay', path, '--quiet', '-c', 'design=fail'])).toMatchObject({
      status: 124,
      stdout: 'does not replay: after step 3, truncCheck(file1) is not enabled\n',
    })
    expect(await kripke(['replay', path, '-c', 'design=nothing'])).toMatchObject({
      status: 151,
      stderr: expect.stringMatching(/KR103/),
    })
  })

  it('finds the spec beside the trace, wherever both have gone', async () => {
    const [from, to] = [join(folder, 'from'), join(folder, 'to')]
    mkdirSync(join(from, 'traces'), { recursive: true })
    writeFileSync(join(from, 'counter.ts'), readFileSync(COUNTER))
    await kripke(['check', 'counter.ts', '-c', 'fault=invariant', '--trace', 'itf:traces/t.itf.json'], { cwd: from })
    renameSync(from, to)
    expect((await kripke(['replay', 'to/traces/t.itf.json'], { cwd: folder })).status).toBe(12)
    rmSync(join(to, 'counter.ts'))
    expect(await kripke(['replay', 'to/traces/t.itf.json'], { cwd: folder })).toMatchObject({
      status: 151,
      stderr: expect.stringMatching(/KR106: .*\.\.\/counter\.ts.*\n.*--spec /),
    })
    expect((await kripke(['replay', join(to, 'traces/t.itf.json'), '--spec', COUNTER])).status).toBe(12)
  })

  it('refuses what it cannot read in a sentence', async () => {
    expect(await kripke(['replay', join(folder, 'nowhere.itf.json')])).toMatchObject({
      status: 153,
      stderr: expect.stringMatching(/KR105: .*nowhere\.itf\.json: .*\(ENOENT\)\n/),
    })
    const { path } = await traced('cut', [COUNTER, '-c', 'fault=invariant'])
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 400))
    const { status, stderr } = await kripke(['replay', path])
    expect([status, stderr]).toEqual([
      151,
      expect.stringMatching(/^error KR106: .*cut\.itf\.json: .*\n {2}hint: .*\n$/),
    ])
  })
})

describe('kripke check --trace', () => {
  it('writes one trace to a file that can hold but one, and the others beside it', async () => {
    const at = (name: string): string => join(folder, 'several', name)
    mkdirSync(join(folder, 'several'))
    const args = [
      '--trace',
      `itf:${at('t.itf.json')}`,
      '--trace',
      `mermaid:${at('t.mmd')}`,
      '--trace',
      `html:${at('t.html')}`,
    ]
    await kripke(['check', COUNTER, '-c', 'fault=invariant', '--continue', ...args])
    expect(readdirSync(join(folder, 'several')).sort()).toEqual(
      ['t.full.itf.json', 't.full.mmd', 't.html', 't.itf.json', 't.mmd'].sort(),
    )
    const { '#meta': meta } = JSON.parse(readFileSync(at('t.itf.json'), 'utf8'))
    expect(meta).toMatchObject({ property: { name: 'notTwo', kind: 'invariant' }, constants: { fault: 'invariant' } })
    expect(readFileSync(at('t.html'), 'utf8').match(/"headline":/g)).toHaveLength(2)
  })

  it('names the formats if given another', async () => {
    const { status, stderr } = await kripke(['check', COUNTER, '--trace', 'pdf:t.pdf'])
    expect([status, stderr]).toEqual([
      151,
      expect.stringMatching(/KR101: --trace .*\n.*\btext, json, itf, mermaid, html\b/),
    ])
  })
})
