/** `kripke check --watch`, as a function: the runs have threads of their own, which a save ends. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { main as Main } from '../../src/cli/command-line.ts'
import { verdictChanges, verdictsOf } from '../../src/cli/watch/verdict-changes.ts'
import { kripke, ROOT } from './kripke.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kripke-test-'))
})
afterEach(async () => {
  await running?.stop()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

let running: Session | undefined

const file = (name: string): string => join(folder, name)
const write = (name: string, text: string): void => writeFileSync(file(name), text)

/** A counter up to 3, whose invariant says that it stays below the limit. */
const counting = (limit: string, { up = 's.n < 3 && s.set("n", s.n + 1)', head = '' } = {}): string => `
import { model, range, schema, spec } from 'kripke'
${head}
const State = schema({ n: range(0, 3) })
export default spec({ name: 'counting', model: () => model(State, {
  init: State(), actions: { up: (s) => ${up} }, invariants: { low: (s) => s.n < ${limit} }, deadlock: false }) })
`

/** A watch in progress. */
class Session {
  stdout = ''
  stderr = ''
  readonly #asked = new AbortController()
  readonly #status: Promise<number>
  #changed = (): void => {}

  constructor(main: typeof Main, args: readonly string[], isTTY: boolean) {
    const sink = (write: (text: string) => void) => ({
      isTTY,
      columns: 100,
      write: (text: string) => {
        write(text)
        this.#changed()
      },
    })
    this.#status = main(args, {
      stdout: sink((text) => (this.stdout += text)),
      stderr: sink((text) => (this.stderr += text)),
      signal: this.#asked.signal,
    })
  }

  /** Waits until a run has begun with a result, an error or something else in its output. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve
      })
    }
  }

  /** The lines of `--ndjson`, but for progress. */
  get events(): any[] {
    const lines = this.stdout.split('\n').slice(0, -1)
    return lines.map((line) => JSON.parse(line)).filter(({ event }) => event !== 'progress')
  }

  /** Waits until so many runs have ended by themselves. @returns the last lines: of the result, and of the end */
  async ended(runs: number): Promise<{ shown: any; end: any }> {
    const ends = (): any[] => this.events.filter(({ event }) => event === 'waiting')
    await this.until(() => ends().length >= runs)
    const { events } = this
    const at = events.indexOf(events.filter(({ event }) => event === 'waiting')[runs - 1])
    return { shown: events[at - 1], end: events[at] }
  }

  /** Interrupts the watch. @returns its exit status */
  stop(): Promise<number> {
    this.#asked.abort('SIGINT')
    return this.#status
  }
}

async function start(args: readonly string[], { isTTY = false } = {}): Promise<Session> {
  const { main } = (await import(pathToFileURL(join(ROOT, 'dist/cli/command-line.mjs')).href)) as { main: typeof Main }
  running = new Session(main, ['check', file('spec.ts'), '--watch', ...args], isTTY)
  return running
}

describe('kripke check --watch', () => {
  it('checks again when the spec is saved, and says which verdicts changed', async () => {
    write('spec.ts', counting('3'))
    const session = await start(['--ndjson'])
    const first = await session.ended(1)
    expect(first.shown).toMatchObject({ event: 'result', verdict: 'violated' })
    expect(first.end).toMatchObject({ run: 1, status: 12, changes: null })
    // Several saves at once make one run, and a save by a rename is a save.
    for (const limit of ['1', '2']) write('spec.ts', counting(limit))
    write('spec.ts.new', counting('4'))
    renameSync(file('spec.ts.new'), file('spec.ts'))
    const second = await session.ended(2)
    expect(second.shown).toMatchObject({ event: 'result', verdict: 'holds' })
    expect(second.end).toMatchObject({ run: 2, status: 0, changes: [{ name: 'low', from: 'violated', to: 'holds' }] })
    // Other files do not matter.
    write('other.ts', '')
    write('spec.ts', counting('5'))
    expect((await session.ended(3)).end).toMatchObject({ run: 3, status: 0, changes: [] })
    expect(await session.stop()).toBe(130)
  })

  it('goes on after errors: in the first run, in an import that disappears and comes back, and by exceptions', async () => {
    write('spec.ts', 'export default (')
    const session = await start(['--ndjson'])
    const first = await session.ended(1)
    expect([first.shown.error.code, first.end.status, first.end.changes]).toEqual(['KR201', 150, null])

    write('spec.ts', counting('LIMIT', { head: "import { LIMIT } from './parts/limit'" }))
    expect((await session.ended(2)).shown.error.code).toBe('KR201')
    mkdirSync(file('parts'))
    write('parts/limit.ts', 'export const LIMIT = 3\n')
    expect((await session.ended(3)).shown).toMatchObject({ verdict: 'violated' })

    rmSync(file('parts'), { recursive: true })
    expect((await session.ended(4)).end).toMatchObject({ status: 150, changes: null })
    mkdirSync(file('parts'))
    write('parts/limit.ts', 'export const LIMIT = 4\n')
    const fifth = await session.ended(5)
    expect(fifth.end).toMatchObject({ status: 0, changes: [{ name: 'low', from: 'violated', to: 'holds' }] })

    write('parts/limit.ts', "throw new Error('no limit')\nexport const LIMIT = 4\n")
    const sixth = await session.ended(6)
    expect([sixth.shown.error.code, sixth.shown.error.at]).toEqual(['KR201', expect.stringMatching(/limit\.ts:1:7$/)])
    write('parts/limit.ts', 'export const LIMIT = 4\n')
    expect((await session.ended(7)).end).toMatchObject({ status: 0, changes: [] })
    expect(await session.stop()).toBe(130)
  })

  it('gets out of a function that never returns, by a save and by an interrupt', async () => {
    const endless = 'console.log("here") ?? ((() => { for (;;); })())'
    write('spec.ts', counting('4', { up: endless }))
    const session = await start(['--ndjson'])
    await session.until(() => session.stderr.includes('here'))
    write('spec.ts', counting('4'))
    expect((await session.ended(1)).end).toMatchObject({ run: 2, status: 0 })
    const before = session.stderr.length
    write('spec.ts', counting('4', { up: endless }))
    await session.until(() => session.stderr.length > before)
    expect(await session.stop()).toBe(130)
    expect((await session.ended(1)).end).toMatchObject({ run: 2 })
  })

  it('names such a function when the time is up', async () => {
    write('spec.ts', counting('4', { up: 's.n < 2 ? s.set("n", s.n + 1) : (() => { for (;;); })()' }))
    const session = await start(['--ndjson', '--timeout', '2s'])
    const { shown, end } = await session.ended(1)
    expect([shown.error.code, end.status]).toEqual(['KR510', 75])
    expect(shown.error.message).toMatch(/^action "up" /)
    expect(await session.stop()).toBe(130)
  })

  it('clears a terminal for each run, and keeps the last counterexample there beside an error', async () => {
    write('spec.ts', counting('3'))
    vi.stubEnv('NO_COLOR', '1')
    const session = await start([], { isTTY: true })
    const screens = (): string[] => session.stdout.split('\u001B[H\u001B[2J').slice(1)
    const run = (number: number) => session.until(() => new RegExp(`run ${number}\\b`).test(session.stderr))
    await run(1)
    const [first] = screens()
    expect(first).toContain('n 2 → 3')
    write('spec.ts', 'export default (')
    await run(2)
    expect(screens()[1]!.startsWith(first!)).toBe(true)
    expect(screens()[1]!.slice(first!.length)).toMatch('KR201')
    write('spec.ts', counting('4'))
    await run(3)
    expect(screens()).toHaveLength(3)
    expect(screens()[2]).not.toMatch('KR201')
    expect(screens()[2]).toMatch(/low.*: violated → holds/)
    expect(await session.stop()).toBe(130)
    expect(session.stderr.endsWith('\r\u001B[2K')).toBe(true)
  })

  it('prints run after run where there is no terminal', async () => {
    write('spec.ts', counting('3'))
    const session = await start([])
    await session.until(() => /^run 1\b/m.test(session.stderr))
    write('spec.ts', counting('4'))
    await session.until(() => /^run 2\b/m.test(session.stderr))
    expect(session.stdout).not.toContain('\u001B')
    expect(session.stdout).toMatch(/violated in 3 steps[^]*\nlow: violated → holds\n$/)
    expect(await session.stop()).toBe(130)
  })

  it('begins with one run, also for a spec that was saved just before', async () => {
    write('spec.ts', counting('3'))
    // As if the watch had begun at once after the save.
    const soon = new Date(Date.now() + 60_000)
    utimesSync(file('spec.ts'), soon, soon)
    const session = await start(['--ndjson'])
    const { end } = await session.ended(1)
    expect(end).toMatchObject({ event: 'waiting', run: 1 })
    await session.stop()
  })

  it('does not go with --json', async () => {
    const { status, stdout } = await kripke(['check', 'test/cli/specs/counter.ts', '--watch', '--json'])
    expect(status).toBe(151)
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'KR101', hint: expect.stringMatching(/--ndjson/) })
  })
})

describe('what changed between two runs', () => {
  it('names properties that changed, are new, or are gone', () => {
    const before = verdictsOf([
      { name: 'a', result: 'violated' },
      { name: 'b', result: 'holds' },
      { name: 'c', result: 'unknown' },
    ])
    const after = verdictsOf([
      { name: 'd', result: 'reached' },
      { name: 'c', result: 'holds' },
      { name: 'b', result: 'holds' },
    ])
    expect(verdictChanges(before, after)).toEqual([
      { name: 'd', from: null, to: 'reached' },
      { name: 'c', from: 'unknown', to: 'holds' },
      { name: 'a', from: 'violated', to: null },
    ])
  })
})
