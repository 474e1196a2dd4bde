/** A million initial states take a few seconds and little memory, whatever explores them; and an `init` without an end has one. */
import { describe, expect, it } from 'vitest'
import { kripke, kripkeJson } from './kripke.ts'
import { ENGINES, SIDE_PROPERTIES, statesOf } from './many-initial-states.ts'

const MILLION = ['test/cli/specs/many-initial.ts', '-c', 'side=100']

/** It takes 90 to 130 MB; before states were packed as they came, 530 MB to 2 GB. */
const ENOUGH_BYTES = 350e6

describe('a million initial states', () => {
  it.each(ENGINES)('are explored alike with %s', async (...options) => {
    const { status, document } = await kripkeJson(['check', ...MILLION, ...options, ...SIDE_PROPERTIES])
    expect(status).toBe(0)
    expect(document.states).toMatchObject(statesOf(100))
    expect(document.peakMemoryBytes).toBeLessThan(ENOUGH_BYTES)
    expect(document.seconds).toBeLessThan(60)
  })

  it.each(ENGINES)('lead to the same counterexample with %s', async (...options) => {
    const args = ['check', ...MILLION, '-c', 'fault=invariant', '--property', 'above', ...options]
    const { status, document } = await kripkeJson(args)
    expect(status).toBe(12)
    expect(document.traces[0].steps.map((it: any) => it.state)).toEqual([
      { a: 1, b: 1, c: 1 },
      { a: 0, b: 1, c: 1 },
    ])
  })

  it('are walked from', async () => {
    const { status, document } = await kripkeJson(['simulate', ...MILLION, '-c', 'fault=invariant', '--seed', '1'])
    expect([status, document.states.initial, document.traces[0].steps.length]).toEqual([12, 1_000_000, 2])
  })
})

describe('an init without an end', () => {
  it.each([
    ['check', '--engine', 'explicit'],
    ['check', '--engine', 'symbolic'],
    ['check', '--interpret'],
    ['simulate', '--runs', '10'],
    ['graph', '--max-states', '10'],
  ])('is an error of %s %s %s', async (...args) => {
    const [command, ...options] = args
    const spec = ['test/cli/specs/many-initial.ts', '-c', 'repeats=endless', '-c', 'side=2']
    const { status, stderr } = await kripke([command!, ...spec, ...options])
    expect(status).toBe(150)
    expect(stderr).toMatch(/^error KR211: .*10,000,000/m)
  })
})
