/** The command line as a function: what it returns, and what it leaves behind. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CommandIo, main as Main } from '../../src/cli/command-line.ts'
import { ROOT } from './kripke.ts'

const { main } = (await import(pathToFileURL(join(ROOT, 'dist/cli/command-line.mjs')).href)) as { main: typeof Main }
const COUNTER = join(ROOT, 'test/cli/specs/counter.ts')
const ENDLESS = join(ROOT, 'test/cli/specs/endless.ts')

/** Streams that collect what is printed. */
function collecting(): { printed: { stdout: string; stderr: string }; io: CommandIo } {
  const printed = { stdout: '', stderr: '' }
  const sink = (name: 'stdout' | 'stderr') => ({
    isTTY: false,
    columns: 0,
    write: (text: string) => {
      printed[name] += text
    },
  })
  return { printed, io: { stdout: sink('stdout'), stderr: sink('stderr') } }
}

describe('main', () => {
  const { TMPDIR } = process.env
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kripke-test-'))
    process.env['TMPDIR'] = folder
  })
  afterAll(() => {
    if (TMPDIR === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = TMPDIR
    rmSync(folder, { recursive: true })
  })

  it('returns the status and leaves console, stack traces, exit code and temporary folder as they were', async () => {
    const stacks: { stackTraceLimit: number; prepareStackTrace?: unknown } = Error
    const state = () => [
      globalThis.console,
      stacks.stackTraceLimit,
      stacks.prepareStackTrace,
      process.sourceMapsEnabled,
      process.exitCode,
      readdirSync(folder),
    ]
    const before = state()
    const { printed, io } = collecting()
    expect(await main(['check', COUNTER, '-c', 'fault=throw'], io)).toBe(75)
    expect(printed.stderr).toMatch(/KR503[^]*counter\.ts:\d+:\d+/)
    expect(await main(['check', COUNTER, '--depth', '3'], io)).toBe(151)
    expect(state()).toEqual(before)
    expect(globalThis.console).toBe(before[0])
  })

  it('tells its supervisor where it is, and ends as a signal would have it end', async () => {
    const asked = new AbortController()
    const kinds = new Set<string>()
    const { printed, io } = collecting()
    const status = await main(['check', ENDLESS, '--engine', 'explicit'], {
      ...io,
      signal: asked.signal,
      post: ({ kind }) => {
        kinds.add(kind)
        if (kind === 'listening') asked.abort('SIGTERM')
      },
    })
    expect(status).toBe(143)
    expect(printed.stdout).toContain('interrupted')
    expect([...kinds]).toEqual(expect.arrayContaining(['limit', 'folder', 'listening']))
  })

  it('refuses to run beside another command, and does not disturb it', async () => {
    const [one, other] = [collecting(), collecting()]
    const running = main(['check', COUNTER, '--quiet'], one.io)
    await expect(main(['info', COUNTER], other.io)).rejects.toThrow('one command at a time')
    expect(await running).toBe(0)
    expect([one.printed.stdout, other.printed.stdout]).toEqual(['counter holds\n', ''])
  })
})
