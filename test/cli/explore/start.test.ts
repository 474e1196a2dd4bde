/** Where the explorer's page begins, and the token that keeps its links. */
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fromFragment } from '../../../src/cli/explore/place.ts'
import { startOf } from '../../../src/cli/explore/start.ts'
import { ownToken } from '../../../src/cli/explore/token.ts'
import { itfDocument } from '../../../src/report/json/itf.ts'
import { readTrace } from '../../../src/trace/replay/recorded-trace.ts'
import type { Recorded } from '../../../src/trace/replay/recorded-value.ts'
import { check } from '../../../src/index.ts'
import philosophers from '../../../specs/classic/dining-philosophers.ts'
import truncateDma from '../../../specs/truncate-dma.ts'
import { ask, closeAll, open } from './ask.ts'

afterAll(closeAll)

const NOTHING = { constant: {}, property: undefined, recorded: undefined }

describe('the start of the page', () => {
  it('is the first initial state by default', async () => {
    const session = await open('specs/truncate-dma.ts')
    expect(startOf(session, NOTHING)).toBe('#')
  })

  it('may name constants and a property', async () => {
    const session = await open('specs/truncate-dma.ts')
    const { properties } = session.walk({})
    const property = properties[0]!.name
    const place = fromFragment(startOf(session, { ...NOTHING, constant: { design: 'none' }, property }))
    expect(place).toMatchObject({ constants: { design: 'none' }, property, path: [], view: 'trace' })
    expect(() => startOf(session, { ...NOTHING, property: 'nothing' })).toThrow(
      expect.objectContaining({ code: 'KR102' }),
    )
  })

  it.each([
    ['a violated invariant', 'specs/truncate-dma.ts', truncateDma, { users: 3 }],
    ['a lasso', 'specs/classic/dining-philosophers.ts', philosophers, { fair: 'weak', philosophers: 2 }],
  ])('may be a saved trace: %s', async (_, path, spec, constants) => {
    const session = await open(path)
    const outcome = await check(spec as never, { constants: constants as never, continue: true })
    for (const trace of outcome.traces) {
      const origin = { spec: outcome.spec, file: path, constants: outcome.constants }
      const recorded = readTrace('trace', itfDocument(trace, origin) as Recorded)
      const place = fromFragment(startOf(session, { ...NOTHING, recorded }))
      // Constants with their default values are left out.
      expect(place.constants).toEqual(Object.fromEntries(Object.entries(constants).map(([k, v]) => [k, String(v)])))
      expect(place).toMatchObject({ property: trace.property, at: trace.steps.length - 1 })
      expect(place.loop).toBe(trace.loop)
      const { entries, departure } = await ask(session, 'position', place)
      expect(departure).toBeNull()
      expect(entries).toHaveLength(trace.steps.length)
    }
  })
})

describe('the token', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kripke-token-'))
  const file = join(folder, 'explore-token')
  const { KRIPKE_CACHE } = process.env
  beforeEach(() => {
    process.env['KRIPKE_CACHE'] = folder
  })
  afterEach(() => rmSync(file, { force: true }))
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
    if (KRIPKE_CACHE === undefined) delete process.env['KRIPKE_CACHE']
    else process.env['KRIPKE_CACHE'] = KRIPKE_CACHE
  })

  it('is the same in every run of a user', () => {
    const token = ownToken()
    expect(token).toMatch(/^[\w-]{32}$/)
    expect(ownToken()).toBe(token)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('is another one if others could have read or chosen it', () => {
    const token = ownToken()
    chmodSync(file, 0o644)
    expect(ownToken()).not.toBe(token)
    writeFileSync(file, 'short', { mode: 0o600 })
    expect(ownToken()).toMatch(/^[\w-]{32}$/)
  })

  it('changes with each run without a cache', () => {
    process.env['KRIPKE_CACHE'] = 'off'
    expect(ownToken()).not.toBe(ownToken())
  })
})
