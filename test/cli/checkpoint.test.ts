/** `kripke check --checkpoint` and `--resume`. */
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kripke, kripkeProcess } from './kripke.ts'
import { runKilled } from './kills.ts'

const TWO_PHASE = ['specs/classic/two-phase-commit.ts', '-c', 'resourceManagers=6', '--symmetry', 'off']
const COUNTER = 'test/cli/specs/counter.ts'
const ENDLESS = 'test/cli/specs/endless.ts'

let root = ''
let made = 0
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'kripke-test-'))
})
afterAll(() => rmSync(root, { recursive: true }))

const fresh = (): string => join(root, `run-${made++}`)

/** A folder whose run stopped at a time limit, after some levels of a search without end. */
async function stopped(...args: readonly string[]): Promise<string> {
  const folder = fresh()
  const { status, stderr } = await kripke(['check', ENDLESS, '--checkpoint', folder, '--timeout', '300ms', ...args])
  expect(stderr).toContain(`the run is kept; go on with: npx kripke check --resume ${folder}`)
  expect(status).toBe(124)
  return folder
}

describe('check --checkpoint', () => {
  it('keeps the report of a run that ended, and no states', async () => {
    const folder = fresh()
    const { status, stdout } = await kripke(['check', ...TWO_PHASE, '--checkpoint', folder])
    expect(status).toBe(0)
    expect(readdirSync(folder)).toEqual(['manifest'])
    const again = await kripke(['check', '--resume', folder])
    expect([again.status, again.stdout]).toEqual([0, stdout])
    const document = JSON.parse((await kripke(['check', '--resume', folder, '--json'])).stdout) as object
    expect(document).toMatchObject({ verdict: 'holds', states: { distinct: 50_816 } })
    const quiet = await kripke(['check', '--resume', folder, '--quiet'])
    expect(quiet.stdout).toBe('two-phase-commit holds\n')
  })

  it('keeps the exit status and the trace of a violation', async () => {
    const folder = fresh()
    const args = ['check', 'specs/truncate-dma.ts', '-c', 'design=none', '--checkpoint', folder]
    const { status, stdout } = await kripke(args)
    expect(status).toBe(12)
    expect(await kripke(['check', '--resume', folder])).toMatchObject({ status: 12, stdout })
    // A run that ended gives way to another one.
    expect((await kripke(args)).status).toBe(12)
  })

  it('goes on with a run that a limit ended, from where it was', async () => {
    const folder = await stopped()
    const distinct = async (): Promise<number> => {
      const args = ['check', '--resume', folder, '--timeout', '300ms', '--json']
      const { stdout, status } = await kripke(args)
      expect(status).toBe(124)
      return (JSON.parse(stdout) as { states: { distinct: number } }).states.distinct
    }
    const first = await distinct()
    expect(await distinct()).toBeGreaterThan(first)
  })

  it('writes a last checkpoint when it is interrupted', async () => {
    const folder = fresh()
    const begun = /goes on/
    for (const [index, signal] of (['SIGINT', 'SIGTERM'] as const).entries()) {
      const which = index === 0 ? [ENDLESS, '--checkpoint', folder] : ['--resume', folder]
      const { status, stderr } = await kripkeProcess(['check', ...which], { kill: { signal, after: begun } })
      expect(status).toBe(signal === 'SIGINT' ? 130 : 143)
      expect(stderr).toContain('the run is kept; go on with')
    }
  })

  it('refuses what it cannot go on from', async () => {
    const folder = await stopped()
    const error = async (...args: readonly string[]): Promise<string> => {
      const { stderr, status } = await kripke(['check', ...args])
      expect(status).toBe(151)
      return stderr
    }
    expect(await error('--resume', folder, '-c', 'n=3')).toContain('--constant is given')
    expect(await error(COUNTER, '--resume', folder)).toContain('--resume must be given without a spec')
    expect(await error('--resume', fresh())).toContain('the folder has no checkpoint')
    expect(await error(ENDLESS, '--checkpoint', folder)).toContain('without an unfinished run')
    expect(await error(COUNTER, '--every', '5m')).toContain(
      '--every must be given with --checkpoint, --disk or --resume',
    )
    expect(await error(COUNTER, '--checkpoint', folder, '--disk', folder)).toContain('--disk must be given without')
    expect(await error(COUNTER, '--checkpoint', folder, '--watch')).toContain('without --watch')
    expect(await error(COUNTER, '--checkpoint', root)).toContain('must name an empty folder')
    expect(await error(COUNTER, '--checkpoint', fresh(), '--por', 'on')).toContain('without partial-order reduction')
    expect(await error()).toContain('check must get a spec')
    writeFileSync(join(folder, 'lock'), '1')
    expect(await error('--resume', folder)).toContain('process 1 uses the folder')
    rmSync(join(folder, 'lock'))
    const states = join(
      folder,
      readdirSync(folder).find((name) => name.startsWith('states-'))!,
    )
    const bytes = readFileSync(states)
    bytes[bytes.length - 3]! ^= 1
    writeFileSync(states, bytes)
    expect(await error('--resume', folder)).toContain('is damaged')
    truncateSync(states, statSync(states).size - 4)
    expect(await error('--resume', folder)).toContain('is too short')
    rmSync(states)
    expect(await error('--resume', folder)).toContain('is missing')
    writeFileSync(join(folder, 'manifest'), 'kripke checkpoint 1\nabcd efgh')
    expect(await error('--resume', folder)).toContain('manifest is damaged')
    writeFileSync(join(folder, 'manifest'), 'something')
    expect(await error('--resume', folder)).toContain('not a manifest of this version')
  })

  it('keeps nothing of a run that a mistake ended', async () => {
    const folder = fresh()
    const wrong = await kripke(['check', COUNTER, '--checkpoint', folder, '--property', 'nope'])
    expect(wrong.status).toBe(151)
    expect((await kripke(['check', ...TWO_PHASE, '--checkpoint', folder])).status).toBe(0)
    // A run that a function of the spec ended gives way to the corrected spec.
    const path = join(root, 'throws.ts')
    const text = `import { model, range, schema, spec } from 'kripke'
const State = schema({ n: range(0, 9) })
const up = (s: ReturnType<typeof State>) => { if (s.n === 3) throw new Error('no'); return s.set('n', (s.n + 1) % 9) }
export default spec({ name: 'throws', model: () => model(State, { init: State(), actions: { up } }) })
`
    writeFileSync(path, text)
    const again = fresh()
    const thrown = await kripke(['check', path, '--checkpoint', again, '--every', '1ms'])
    expect(thrown.status).toBe(75)
    writeFileSync(path, text.replace('n === 3', 'n === 30'))
    expect((await kripke(['check', path, '--checkpoint', again])).status).toBe(0)
    const { status, stderr } = await kripke(['check', COUNTER, '--checkpoint', path])
    expect([status, stderr]).toEqual([151, expect.stringContaining('is a file')])
  })

  it.each(['--checkpoint', '--disk'])('takes states that do not fit into memory with %s', async (option) => {
    const folder = fresh()
    const args = ['check', ...TWO_PHASE, '--engine', 'explicit', '--json', option, folder]
    const { status, stderr, stdout } = await kripke([...args, '--memory', '300KB'])
    expect(stderr).toMatch(/^memory is full at [\d,]+ states: from here on, states go to /m)
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ states: { distinct: 50_816, generated: 402_306, depth: 20 } })
    expect(readdirSync(folder)).toEqual(['manifest'])
  })

  it('goes on with a run whose states were on disk, in files that it checks', async () => {
    const folder = fresh()
    const args = ['check', ENDLESS, '--disk', folder, '--memory', '100KB', '--timeout', '2s', '--json']
    const { status, stdout } = await kripke(args)
    expect(status).toBe(124)
    const distinctOf = (text: string): number => (JSON.parse(text) as { states: { distinct: number } }).states.distinct
    const names = readdirSync(folder)
    expect(names.filter((name) => name.startsWith('slot-'))).toHaveLength(64)
    const again = await kripke(['check', '--resume', folder, '--timeout', '1s', '--json'])
    expect(again.status).toBe(124)
    expect(distinctOf(again.stdout)).toBeGreaterThan(distinctOf(stdout))
    const slot = join(
      folder,
      names.find((name) => name.startsWith('slot-'))!,
    )
    const bytes = readFileSync(slot)
    bytes[2]! ^= 1
    writeFileSync(slot, bytes)
    const damaged = await kripke(['check', '--resume', folder])
    expect([damaged.status, damaged.stderr]).toEqual([151, expect.stringMatching(/slot-\d+ is damaged/)])
  })

  it('refuses a spec that has changed', async () => {
    const path = join(root, 'changing.ts')
    copyFileSync(ENDLESS, path)
    const folder = fresh()
    expect((await kripke(['check', path, '--checkpoint', folder, '--timeout', '300ms'])).status).toBe(124)
    writeFileSync(path, readFileSync(path, 'utf8').replace('size === 3', 'size === 2'))
    const { status, stderr } = await kripke(['check', '--resume', folder, '--timeout', '300ms'])
    expect(status).toBe(151)
    expect(stderr).toContain('has changed since the run began')
  })

  it.each([
    [TWO_PHASE],
    [['specs/truncate-dma.ts', '-c', 'design=wait-allocated']],
    [['specs/classic/paxos.ts']],
    [['specs/classic/die-hard.ts', '--continue']],
  ])('gives the same report after kills: %j', { timeout: 300_000 }, async (args) => {
    const moments = [300, 450, 600].map((moment) => moment + Math.random() * 300)
    const { expected, found } = await runKilled(args, fresh(), moments)
    expect(found).toEqual(expected)
  })
})
