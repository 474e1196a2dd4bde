/** The compiled code of Kripke itself, which processes keep beside compiled specs. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { itInAll } from '../support/amount.ts'
import { kripkeProcess, type Result } from './kripke.ts'

let cache = ''
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'kripke-test-'))
})
afterEach(() => rmSync(cache, { recursive: true }))

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Result> =>
  kripkeProcess(args, { env: { KRIPKE_CACHE: cache, ...env } })

const DIE_HARD = ['check', 'specs/classic/die-hard.ts', '--quiet']
const VIOLATED = { status: 12, stdout: 'die-hard is violated: bigIsNotFour\n', stderr: '' }

const codes = (): string[] => readdirSync(cache).filter((name) => name.endsWith('.code'))

describe('the cache of compiled code', () => {
  it('is used again, and made again after damage', async () => {
    expect(await run(DIE_HARD)).toEqual(VIOLATED)
    const [name] = codes()
    const path = join(cache, name!)
    const whole = readFileSync(path)
    expect([whole.length > 100_000, statSync(path).mode & 0o777]).toEqual([true, 0o600])
    expect(await run(DIE_HARD)).toEqual(VIOLATED)
    expect([codes(), readFileSync(path).equals(whole)]).toEqual([[name], true])
    // V8 would run this.
    const damaged = Uint8Array.from(whole)
    damaged.fill(0, whole.length >> 1, (whole.length >> 1) + 1000)
    writeFileSync(path, damaged)
    expect(await run(DIE_HARD)).toEqual(VIOLATED)
    expect([codes(), readFileSync(path).equals(damaged)]).toEqual([[name], false])
  })

  itInAll('is kept for each command that reached a verdict, and for other flags of Node apart', async () => {
    expect((await run(['check', 'no-such-spec.ts'])).status).toBe(150)
    expect((await run(['--version'])).status).toBe(0)
    expect(codes()).toHaveLength(0)
    await run(DIE_HARD)
    await run(['info', 'specs/classic/die-hard.ts'])
    expect(codes()).toHaveLength(2)
    for (let times = 0; times < 2; times++)
      expect(await run(DIE_HARD, { NODE_OPTIONS: '--stack-trace-limit=20' })).toEqual(VIOLATED)
    expect(codes()).toHaveLength(3)
    expect(await run(DIE_HARD)).toEqual(VIOLATED)
  })

  itInAll('is left alone when it is off', async () => {
    expect(await run(DIE_HARD, { KRIPKE_CACHE: 'off' })).toEqual(VIOLATED)
    expect(readdirSync(cache)).toEqual([])
  })
})
