/**
 * The verdict table of `specs/seen-set.ts`. The counts and lengths are Kripke's own; for two workers `every-spec.test.ts` holds them
 * against a brute-force explorer.
 */
import { describe, expect, it } from 'vitest'
import seenSet from '../../specs/seen-set.ts'
import { check } from '../../src/index.ts'

type Found = { readonly [property: string]: number }

interface Row {
  readonly constants: { readonly [name: string]: string | number }
  readonly states: number
  /** Shortest counterexamples, in steps. What is not listed holds, or is reached. */
  readonly found: Found
}

/** Three workers, a table of two places that grows to four. */
const DESIGNS: readonly Row[] = [
  { constants: { design: 'claim-then-publish' }, states: 27747, found: {} },
  {
    constants: { design: 'publish-first' },
    states: 38619,
    found: { noneTwice: 13, noneLost: 11, newOnce: 19, complete: 59 },
  },
  { constants: { design: 'no-cas' }, states: 91193, found: { noneTwice: 34, noneLost: 10, newOnce: 12, complete: 43 } },
  { constants: { design: 'no-reread' }, states: 70248, found: { noneTwice: 14, newOnce: 14, complete: 52 } },
  { constants: { design: 'ignore-locked' }, states: 62848, found: { noneTwice: 13, newOnce: 13, complete: 49 } },
  {
    constants: { design: 'no-acquire' },
    states: 50277,
    found: { noneTwice: 17, noneLost: 10, newOnce: 17, complete: 44 },
  },
  {
    constants: { design: 'grow-without-parking' },
    states: 58658,
    found: { noneTwice: 19, noneLost: 12, newOnce: 16, noneInsideGrowth: 7, complete: 40 },
  },
  { constants: { design: 'check-before-park' }, states: 21363, found: { deadlock: 25 } },
  { constants: { design: 'leave-without-looking' }, states: 13591, found: { deadlock: 22 } },
  { constants: { design: 'gate-without-epoch' }, states: 28322, found: { noneInsideGrowth: 43 } },
]

const KNOBS: readonly Row[] = [
  { constants: { workers: 2 }, states: 1055, found: {} },
  { constants: { plainReads: 'current' }, states: 22557, found: {} },
  // On a machine without stale reads, the load that makes the first word visible could be spared.
  { constants: { design: 'no-acquire', plainReads: 'current' }, states: 19782, found: {} },
  // It takes a third worker to close the gate again while a second is inside.
  { constants: { design: 'gate-without-epoch', workers: 2 }, states: 1055, found: {} },
  // The table may not grow: all end, out of memory, and nobody hangs.
  { constants: { maxCapacity: 2 }, states: 6569, found: {} },
  { constants: { maxCapacity: 8 }, states: 30318, found: {} },
  { constants: { work: 'long', maxCapacity: 8 }, states: 150412, found: {} },
  {
    constants: { work: 'long', maxCapacity: 8, design: 'gate-without-epoch' },
    states: 180133,
    found: { noneTwice: 71, noneLost: 49, newOnce: 71, noneInsideGrowth: 45, complete: 81, deadlock: 72 },
  },
]

const title = ({ constants }: Row): string =>
  Object.entries(constants)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

describe.each([
  ['designs', DESIGNS],
  ['knobs', KNOBS],
])('seen-set: %s', (_, rows) => {
  it.each(rows.map((row) => [title(row), row] as const))(
    '%s',
    async (_title, { constants, states: distinct, found }) => {
      const { states, properties, traces, complete } = await check(seenSet, { constants, continue: true })
      expect(complete).toBe(true)
      expect(states.distinct).toBe(distinct)
      const violated = properties.flatMap(({ name, result, trace }) =>
        result === 'violated' ? [[name, traces[trace!]!.steps.length - 1]] : [],
      )
      expect(Object.fromEntries(violated)).toEqual(found)
      expect(properties.filter(({ result }) => result === 'unreached')).toEqual([])
    },
  )
})

describe('seen-set', () => {
  it('takes a half-written vector for another when the last word is stored first', async () => {
    const constants = { design: 'publish-first' }
    const { traces } = await check(seenSet, { constants, properties: ['noneLost'] })
    const end = traces[0]!.steps.at(-1)!.state.toJS()
    // Someone found a, whose first word is 0, in the place of b; then b was finished.
    expect(end).toMatchObject({ last: { 0: 2 }, first: { 0: 1 } })
  })

  it('runs out of memory on some schedule, but not on every', async () => {
    const constants = { maxCapacity: 4 }
    const { properties, warnings } = await check(seenSet, { constants, properties: ['complete'] })
    expect(properties.map(({ result }) => result)).toEqual(['holds'])
    expect(warnings.filter(({ code }) => code !== 'never-taken')).toEqual([])
  })
})
