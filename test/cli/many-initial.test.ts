/** Very many initial states: a small twin of what `many-initial.long.ts` does with a million. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check } from '../../src/index.ts'
import manyInitial from './specs/many-initial.ts'
import { ENGINES, SIDE_PROPERTIES, statesOf } from './many-initial-states.ts'
import { kripke, kripkeJson } from './kripke.ts'

const SPEC = 'test/cli/specs/many-initial.ts'
const SIDE = 30

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kripke-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const ofSide = (side: number, ...more: string[]): string[] => [SPEC, '-c', `side=${side}`, ...more]

describe('very many initial states', () => {
  it.each(ENGINES)('are explored alike with %s', async (...options) => {
    const { status, document } = await kripkeJson(['check', ...ofSide(SIDE), ...options, ...SIDE_PROPERTIES])
    expect(status).toBe(0)
    expect(document.states).toMatchObject(statesOf(SIDE))
  })

  it.each(ENGINES)('are each counted once, however often init gives them, with %s', async (...options) => {
    const args = ['check', ...ofSide(SIDE, '-c', 'repeats=twice'), ...options, ...SIDE_PROPERTIES]
    const { document } = await kripkeJson(args)
    const { generated, ...others } = statesOf(SIDE)
    expect(document.states).toMatchObject({ ...others, generated: generated + SIDE ** 3 })
  })

  it.each(ENGINES)('lead to the same counterexample with %s', async (...options) => {
    const args = [
      ...ofSide(SIDE, '-c', 'fault=invariant', '--property', 'above'),
      ...['--trace', `itf:${folder}/trace.itf.json`],
    ]
    const { status, document } = await kripkeJson(['check', ...args, ...options])
    expect(status).toBe(12)
    const values = document.traces[0].steps.map(({ state }: { state: unknown }) => state)
    expect(values).toEqual([
      { a: 1, b: 1, c: 1 },
      { a: 0, b: 1, c: 1 },
    ])
    expect((await kripke(['replay', `${folder}/trace.itf.json`, '--quiet'])).status).toBe(12)
  })

  it('are compared, measured and walked from', async () => {
    const compared = await kripkeJson(['compare', ...ofSide(SIDE), '--vary', 'fault', ...SIDE_PROPERTIES])
    expect(compared.document.variants.map((it: any) => it.verdict)).toEqual(['holds', 'violated'])
    const benched = await kripkeJson(['bench', SPEC, '--sweep', `side=${SIDE}`, ...SIDE_PROPERTIES])
    expect(benched.document.rows[0].states).toMatchObject(statesOf(SIDE))
    const walked = await kripkeJson(['simulate', ...ofSide(SIDE), '--runs', '20', '--seed', '1'])
    expect([walked.status, walked.document.states.initial]).toEqual([0, SIDE ** 3])
    const found = await kripkeJson(['simulate', ...ofSide(SIDE, '-c', 'fault=invariant'), '--seed', '1'])
    expect([found.status, found.document.traces[0].steps.length]).toEqual([12, 2])
    expect((await kripke(['graph', ...ofSide(SIDE)])).status).toBe(124)
    expect((await kripke(['info', ...ofSide(SIDE)])).status).toBe(0)
  })
})

describe('while initial states are packed', () => {
  // Packing all of them would take a minute or more, so a run without a state ended by its limit.
  const slow = ofSide(30, '-c', 'pace=slow')

  it.each([
    ['check', '--engine', 'explicit'],
    ['check', '--engine', 'symbolic'],
    ['check', '--interpret'],
    ['simulate'],
  ])('%s %s %s ends by its time limit', async (command, ...options) => {
    const limit = command === 'simulate' ? ['--seconds', '0.5'] : ['--timeout', '500ms']
    const { status, document } = await kripkeJson([command, ...slow, ...options, ...limit])
    expect(status).toBe(command === 'simulate' ? 0 : 124)
    expect(document.verdict).toBe('incomplete')
    expect(document.properties.every(({ result }: any) => result === 'unknown')).toBe(true)
    expect(document.states).toMatchObject(command === 'simulate' ? { distinct: 0 } : { initial: 0, distinct: 0 })
  })

  it.each([
    ['check', '--engine', 'explicit'],
    ['check', '--engine', 'symbolic'],
    ['simulate', '--runs', '10'],
  ])('%s %s %s hears SIGINT, and says what it knows', async (...args) => {
    const [command, ...options] = args
    const { status, stdout } = await kripke([command!, ...slow, ...options], {
      kill: { signal: 'SIGINT', after: /packs states/ },
    })
    expect(status).toBe(130)
    expect(stdout).toContain('many-initial side=30')
    expect(stdout).toMatch(/interrupted/)
  })

  it('progress goes on', async () => {
    const asking = new AbortController()
    let reports = 0
    const outcome = await check(manyInitial, {
      constants: { side: 30, pace: 'slow' },
      signal: asking.signal,
      onProgress: () => ++reports === 3 && asking.abort(),
    })
    expect(outcome).toMatchObject({ ending: 'interrupted', states: { initial: 0 } })
  })
})
