/**
 * Compares `specs/truncate-dma.ts` with brute-force enumerations. They were written from a description of the mechanism
 * in mathematical notation, before the spec and independently of it. They give states, transitions (successors without
 * the initial state), depth (levels minus one), and the length of the shortest counterexample to each violated
 * property.
 */
import { describe, expect, it } from 'vitest'
import truncateDma from '../../specs/truncate-dma.ts'
import { check } from '../../src/index.ts'
import { some } from '../support/amount.ts'
import { compareVariants } from '../support/compare-variants.ts'
import { truncateByHand } from '../support/truncate-by-hand.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

type Found = { readonly [property: string]: number }

interface Row {
  readonly constants: { readonly [name: string]: string | number }
  readonly states: number
  /** States up to permutations of files, blocks and users. */
  readonly orbits?: number
  /** Omitted if it was not counted. */
  readonly transitions?: number
  readonly depth?: number
  /** Lengths of shortest counterexamples in steps. Other properties hold. */
  readonly found: Found
  /** Violated temporal properties; omitted if they were not decided. */
  readonly forever?: readonly string[]
}

const UNSAFE: Found = { noFreeUnderDma: 5, noReallocUnderDma: 6 }
const OWN_LEASE: Found = { noWaitCycle: 2, deadlock: 6 }

/** All properties except temporal ones, which prevent reduction. */
const OF_STATES = ['noFreeUnderDma', 'noReallocUnderDma', 'noWaitCycle', 'noUnexpectedFailure', 'deadlock']

/** Selects rows for `npm test`. At least one row of each table is selected. */
const isSmall = ({ states }: Row, index: number): boolean => states < 2000 || index === 0

/** The designs, with two files, two blocks and two users. */
const DESIGNS: readonly Row[] = [
  {
    constants: { design: 'none' },
    orbits: 249,
    states: 1633,
    transitions: 6214,
    depth: 16,
    forever: [],
    found: UNSAFE,
  },
  {
    constants: { design: 'fail' },
    orbits: 38,
    states: 181,
    transitions: 654,
    depth: 7,
    forever: [],
    found: { noUnexpectedFailure: 4 },
  },
  {
    constants: { design: 'wait-layout' },
    orbits: 373,
    states: 2517,
    transitions: 8808,
    depth: 12,
    forever: ['truncateEnds', 'gupEnds'],
    found: OWN_LEASE,
  },
  {
    constants: { design: 'wait-allocated' },
    orbits: 544,
    states: 3777,
    transitions: 14840,
    depth: 12,
    forever: ['truncateEnds'],
    found: {},
  },
  {
    constants: { design: 'wait-allocated-v3' },
    states: 2517,
    transitions: 8808,
    depth: 12,
    forever: ['truncateEnds', 'gupEnds'],
    found: OWN_LEASE,
  },
  { constants: { design: 'sequester' }, orbits: 55, states: 288, transitions: 956, depth: 10, forever: [], found: {} },
  { constants: { design: 'extent-busy' }, states: 288, transitions: 956, depth: 10, forever: [], found: {} },
  {
    constants: { design: 'busy-page' },
    orbits: 5638,
    states: 42577,
    transitions: 156090,
    depth: 29,
    forever: ['truncateEnds'],
    found: {},
  },
  {
    constants: { design: 'disable-dax' },
    orbits: 70,
    states: 333,
    transitions: 1434,
    depth: 10,
    forever: [],
    found: {},
  },
]

/** The table of knobs. */
const KNOBS: readonly Row[] = [
  {
    constants: { design: 'wait-layout', files: 1, blocks: 1, users: 1 },
    states: 11,
    found: { noWaitCycle: 2, deadlock: 4 },
  },
  {
    constants: { design: 'wait-layout', dio: 'break-then-pin' },
    states: 1449,
    transitions: 5728,
    depth: 10,
    found: {},
  },
  {
    constants: { design: 'wait-allocated', newPins: 'blocked' },
    states: 3777,
    transitions: 13496,
    forever: [],
    found: {},
  },
  {
    constants: { design: 'wait-allocated', gupFast: 'on' },
    states: 10273,
    transitions: 42404,
    depth: 18,
    found: UNSAFE,
  },
  {
    constants: { design: 'wait-allocated', gupOrder: 'ref-first' },
    states: 93473,
    transitions: 321504,
    depth: 23,
    found: UNSAFE,
  },
  {
    constants: { design: 'fail', race: 'check-then-free' },
    states: 1093,
    transitions: 4606,
    found: { ...UNSAFE, noUnexpectedFailure: 4 },
  },
  { constants: { design: 'sequester', race: 'check-then-free' }, states: 1844, transitions: 7010, found: UNSAFE },
  {
    constants: { design: 'wait-allocated', race: 'check-then-free' },
    states: 37657,
    transitions: 146148,
    found: UNSAFE,
  },
  {
    constants: { design: 'wait-allocated', pagesPerGup: 2, newPins: 'blocked', holdLock: 'yes' },
    states: 5955,
    transitions: 18908,
    found: { noWaitCycle: 5, deadlock: 5 },
  },
  {
    constants: { design: 'wait-allocated', pagesPerGup: 2, newPins: 'blocked' },
    states: 5955,
    transitions: 19436,
    found: {},
  },
  {
    constants: { design: 'sequester', reclaim: 'never' },
    states: 288,
    forever: ['nothingStranded'],
    found: { deadlock: 8 },
  },
  {
    constants: { design: 'sequester', reclaim: 'at-mount', umount: 'no-drain' },
    states: 1520,
    transitions: 5695,
    depth: 15,
    found: UNSAFE,
  },
  {
    constants: { design: 'sequester', reclaim: 'at-mount', umount: 'drain' },
    states: 288,
    transitions: 915,
    forever: ['nothingStranded'],
    found: {},
  },
  { constants: { design: 'extent-busy', umount: 'no-drain' }, states: 1520, found: UNSAFE },
  { constants: { design: 'extent-busy', umount: 'drain' }, states: 288, found: {} },
  {
    constants: { design: 'busy-page', umount: 'no-drain' },
    states: 58865,
    transitions: 216026,
    found: { noFreeUnderDma: 10, noReallocUnderDma: 11 },
  },
  { constants: { design: 'busy-page', umount: 'drain' }, states: 42577, found: {} },
  {
    constants: { design: 'busy-page', scanFirst: 'yes' },
    states: 55901,
    transitions: 211162,
    found: { noFreeUnderDma: 9, noReallocUnderDma: 10 },
  },
  {
    constants: { design: 'busy-page', newPins: 'blocked' },
    states: 30457,
    transitions: 113384,
    forever: [],
    found: {},
  },
]

/** The outcome of a waiting truncate. */
const WAITS: readonly Row[] = [
  {
    constants: { design: 'wait-allocated', newPins: 'blocked', pins: 'long-term' },
    states: 3777,
    forever: ['truncateEnds', 'gupEnds'],
    found: {},
  },
  { constants: { design: 'wait-allocated', wakeup: 'strong' }, states: 3777, forever: ['truncateEnds'], found: {} },
  { constants: { design: 'wait-allocated', users: 1 }, states: 417, forever: ['truncateEnds'], found: {} },
  { constants: { design: 'wait-allocated', users: 1, wakeup: 'strong' }, states: 417, forever: [], found: {} },
]

/** Large models. */
const LARGE: readonly Row[] = [
  { constants: { design: 'none', blocks: 3, users: 3 }, states: 122047, found: UNSAFE },
  { constants: { design: 'wait-allocated', blocks: 3, users: 3 }, states: 381129, found: {} },
  { constants: { design: 'wait-allocated', blocks: 3, pagesPerGup: 2 }, states: 75543, found: {} },
  { constants: { design: 'sequester', blocks: 3, users: 3 }, states: 9984, found: {} },
  { constants: { design: 'sequester', files: 3, blocks: 4, users: 3 }, states: 402478, found: {} },
]

const title = ({ constants }: Row): string =>
  Object.entries(constants)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

describe.each([
  ['designs', DESIGNS],
  ['knobs', KNOBS],
  ['waits', WAITS],
  ['large models', LARGE],
])('truncate-dma: %s', (_, rows) => {
  it.each(some(rows, isSmall).map((row) => [title(row), row] as const))('%s', async (_title, row) => {
    const { states, properties, traces, complete } = await check(truncateDma, {
      constants: row.constants,
      continue: true,
      symmetry: false,
    })
    expect(complete).toBe(true)
    const { constants: _constants, found: expected, orbits: _orbits, forever, ...counted } = row
    const { distinct, generated, initial, depth } = states
    expect({ states: distinct, transitions: generated! - initial, depth: depth! - 1 }).toMatchObject(counted)
    const found = properties.flatMap(({ name, kind, result, trace }) =>
      result === 'violated' && kind !== 'temporal' ? [[name, traces[trace!]!.steps.length - 1]] : [],
    )
    expect(Object.fromEntries(found)).toEqual(expected)
    if (forever === undefined) return
    const temporal = properties.filter(({ kind, result }) => kind === 'temporal' && result === 'violated')
    expect(temporal.map(({ name }) => name)).toEqual(forever)
  })

  it.each(some(rows, isSmall).map((row) => [title(row), row] as const))(
    '%s, reduced by symmetry',
    async (_title, row) => {
      const { states, properties, traces, symmetry } = await check(truncateDma as AnySpec, {
        constants: row.constants,
        continue: true,
        properties: OF_STATES,
      })
      if (row.orbits !== undefined) expect(states.distinct).toBe(row.orbits)
      if (row.depth !== undefined) expect(states.depth! - 1).toBe(row.depth)

      const isReducible = ['files', 'blocks', 'users'].some((set) => row.constants[set] !== 1)
      expect(symmetry).toBe(isReducible ? 'on' : 'off')
      const found = properties.flatMap(({ name, result, trace }) =>
        result === 'violated' ? [[name, traces[trace!]!.steps.length - 1]] : [],
      )
      expect(Object.fromEntries(found)).toEqual(row.found)
    },
  )
})

describe('what the truncate designs cost', () => {
  it.each(some(DESIGNS, isSmall).map((row) => [row.constants['design'] as string, row] as const))(
    '%s',
    async (design, row) => {
      const byHand = truncateByHand(design)
      // The counts agree with the table, so it is the same model.
      expect(byHand).toMatchObject({ states: row.states, transitions: row.transitions })
      for (const symmetry of [true, false]) {
        const { measures, actions } = await check(truncateDma as AnySpec, {
          constants: row.constants,
          properties: OF_STATES,
          continue: true,
          symmetry,
        })
        expect(Object.fromEntries(measures.map(({ name, maximum }) => [name, maximum]))).toEqual({
          strandedBlocks: byHand.stranded,
          strandedUnderDma: byHand.strandedUnderDma,
          waitingTruncates: byHand.waiting,
          failures: Math.min(1, byHand.failures),
          transfers: byHand.transfers,
        })
        expect(measures.map(({ minimum }) => minimum)).toEqual([0, 0, 0, 0, 0])
        const failing = actions.find(({ name }) => name === 'truncFail')
        if (!symmetry) expect(failing?.generated ?? 0).toBe(byHand.failures)
      }
    },
  )

  it.each([
    [3, 1],
    [3, 2],
    [2, 3],
  ])('sequester, with %i blocks and %i users', async (blocks, users) => {
    const constants = { design: 'sequester', blocks, users }
    const { measures, states } = await check(truncateDma as AnySpec, {
      constants,
      properties: OF_STATES,
      symmetry: false,
    })
    const most = (name: string): unknown => measures.find((measure) => measure.name === name)!.maximum
    const { stranded, strandedUnderDma, states: distinct } = truncateByHand('sequester', blocks, users)
    expect([states.distinct, most('strandedBlocks'), most('strandedUnderDma')]).toEqual([
      distinct,
      stranded,
      strandedUnderDma,
    ])
    // The number of users bounds the blocks under DMA, but not the stranded blocks: a block without DMA stays stranded
    // until it is reclaimed.
    expect([stranded, strandedUnderDma]).toEqual([blocks, Math.min(blocks, users)])
  })
})

describe('truncate-dma', () => {
  it('shows counterexamples of the kinds that the thread discusses', async () => {
    const actions = async (design: string, property: string): Promise<(string | undefined)[]> => {
      const { traces } = await check(truncateDma as AnySpec, { constants: { design }, properties: [property] })
      return traces[0]!.steps.slice(1).map(({ action }) => action)
    }
    expect(await actions('none', 'noFreeUnderDma')).toEqual([
      'alloc',
      'gupStart',
      'truncLock',
      'truncCheck',
      'truncFree',
    ])
    expect((await actions('none', 'noReallocUnderDma')).at(-1)).toBe('alloc')
    expect(await actions('wait-layout', 'noWaitCycle')).toEqual(['alloc', 'gupStart'])
    // With overlapping leases one is always present: truncate waits forever, four steps from the beginning.
    const { traces } = await check(truncateDma, {
      constants: { design: 'wait-allocated' },
      properties: ['truncateEnds'],
    })
    expect(traces[0]!.loop).toBe(4)
    expect(await actions('fail', 'noUnexpectedFailure')).toEqual(['alloc', 'gupStart', 'truncLock', 'truncFail'])
  })
})

compareVariants('truncate-dma.ts')
