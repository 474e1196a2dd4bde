/**
 * Compares `specs/poison-recovery.ts` with the tables of the design page "clearing poison on write (RWF_RECOVERY_DATA
 * and alternatives)". The page's counts come from a brute-force enumeration that is independent of Kripke: states,
 * transitions (successors without the initial state), and the length of the shortest counterexample to each violated
 * property.
 */
import { describe, expect, it } from 'vitest'
import poisonRecovery from '../../specs/poison-recovery.ts'
import { check } from '../../src/index.ts'
import { first, some } from '../support/amount.ts'
import { compareVariants } from '../support/compare-variants.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

type Constants = { readonly [name: string]: string | number }

/** Lengths of shortest counterexamples in steps. Other properties hold. */
type Found = { readonly [property: string]: number }

interface Row {
  readonly constants: Constants
  readonly states: number
  /** Omitted if it was not counted. */
  readonly transitions?: number
  readonly found: Found
  /** Whether a bad block becomes good eventually. Omitted if the page does not decide it. */
  readonly heals?: boolean
}

/** A write to poison that is not listed yet succeeds and clears nothing. The poison is found later. */
const LATENT: Found = { ackReadable: 4, ackNotListed: 5 }
const MERGED: Constants = { design: 'merged' }

/** One block, one writer, one poisoning, one power failure. */
const DESIGNS: readonly Row[] = [
  { constants: { design: 'plain' }, states: 42, transitions: 90, found: LATENT, heals: false },
  {
    constants: { design: 'flag' },
    states: 94,
    transitions: 190,
    found: { noSilentJunk: 6, ...LATENT },
    heals: true,
  },
  { constants: MERGED, states: 76, transitions: 138, found: { noSilentJunk: 6, ...LATENT }, heals: true },
  { constants: { design: 'auto' }, states: 36, transitions: 72, found: {}, heals: false },
  {
    constants: { design: 'auto', wgate: 'no' },
    states: 44,
    transitions: 84,
    found: { ackNotListed: 5, driverListPrecise: 5, fsListPrecise: 5 },
    heals: false,
  },
]

const ORDERS: readonly Row[] = [
  { constants: { ...MERGED, crashes: 0 }, states: 34, transitions: 47, found: LATENT, heals: true },
  {
    constants: { ...MERGED, order: 'list-clear-write', crashes: 0 },
    states: 61,
    transitions: 80,
    found: { noSilentJunk: 7, ...LATENT, driverListPrecise: 11, fsListPrecise: 11 },
    heals: true,
  },
  {
    constants: { ...MERGED, order: 'clear-list-write', crashes: 0 },
    states: 34,
    transitions: 47,
    found: { noSilentJunk: 6, ...LATENT },
    heals: true,
  },
  {
    constants: { ...MERGED, order: 'write-clear-write-list' },
    states: 86,
    transitions: 150,
    found: { noSilentJunk: 7, ...LATENT },
    heals: true,
  },
  {
    constants: { ...MERGED, order: 'write-clear-write-list', clear: 'preserve' },
    states: 82,
    transitions: 146,
    found: LATENT,
    heals: true,
  },
  {
    constants: { ...MERGED, order: 'write-clear-list' },
    states: 85,
    found: { noSilentJunk: 7, ...LATENT },
    heals: true,
  },
  {
    constants: { ...MERGED, order: 'write-clear-list', clear: 'preserve' },
    states: 78,
    found: LATENT,
    heals: true,
  },
  { constants: { ...MERGED, order: 'atomic' }, states: 68, transitions: 128, found: LATENT, heals: true },
]

const KNOBS: readonly Row[] = [
  {
    constants: { ...MERGED, fsNotify: 'no', crashes: 0 },
    states: 34,
    transitions: 47,
    found: { ...LATENT, fsListPrecise: 10 },
    heals: true,
  },
  {
    constants: { ...MERGED, order: 'atomic', latentFix: 'yes' },
    states: 131,
    transitions: 264,
    found: { knownPoisonListed: 9 },
    heals: true,
  },
  {
    constants: { ...MERGED, latentFix: 'yes', crashes: 0 },
    states: 99,
    transitions: 153,
    found: { noSilentJunk: 3, knownPoisonListed: 10 },
    heals: true,
  },
  {
    constants: { ...MERGED, writers: 2, lock: 'no', crashes: 0 },
    states: 284,
    transitions: 617,
    found: { noSilentJunk: 10, ...LATENT },
    heals: true,
  },
  {
    constants: { ...MERGED, order: 'atomic', writers: 2, lock: 'no', crashes: 0 },
    states: 222,
    transitions: 493,
    found: LATENT,
    heals: true,
  },
]

const title = ({ constants }: Row): string =>
  Object.entries(constants)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

/** All properties except temporal ones, which prevent reduction. */
const OF_STATES = [
  'noSilentJunk',
  'ackReadable',
  'ackNotListed',
  'driverListPrecise',
  'fsListPrecise',
  'knownPoisonListed',
  'deadlock',
]

describe.each([
  ['designs', DESIGNS],
  ['orders', ORDERS],
  ['knobs', KNOBS],
])('poison-recovery: %s', (_, rows) => {
  it.each(rows.map((row) => [title(row), row] as const))('%s', async (_title, row) => {
    const { states, properties, traces, complete } = await check(poisonRecovery, {
      constants: row.constants,
      continue: true,
      symmetry: false,
    })
    expect(complete).toBe(true)
    const { constants: _constants, found: expected, heals, ...counted } = row
    expect({ states: states.distinct, transitions: states.generated! - states.initial }).toMatchObject(counted)
    const found = properties.flatMap(({ name, kind, result, trace }) =>
      result === 'violated' && kind !== 'temporal' ? [[name, traces[trace!]!.steps.length - 1]] : [],
    )
    expect(Object.fromEntries(found)).toEqual(expected)
    expect(properties.find(({ name }) => name === 'heals')?.result).toBe(heals ? 'holds' : 'violated')
  })
})

describe('poison-recovery', () => {
  it('forgets new poison together with the old record of it', async () => {
    const { traces } = await check(poisonRecovery, {
      constants: { ...MERGED, poisonings: 2 },
      properties: ['knownPoisonListed'],
    })
    expect(traces[0]!.steps).toHaveLength(12 + 1)
  })

  it.each(
    first(1, [
      [3920, { ...MERGED, blocks: 2, writers: 2, poisonings: 2 }],
      [78870, { ...MERGED, blocks: 3, writers: 2, poisonings: 3 }],
      [137763, { ...MERGED, blocks: 3, writers: 2, poisonings: 3, crashes: 2 }],
      [39469, { ...MERGED, blocks: 2, writers: 2, poisonings: 2, lock: 'no' }],
    ]),
  )('has %i states with %j', async (distinct, constants) => {
    const { states } = await check(poisonRecovery as AnySpec, {
      ...{ constants, continue: true, symmetry: false, properties: OF_STATES },
    })
    expect(states.distinct).toBe(distinct)
  })

  it('has 1,057 orbits with two blocks and two writers', async () => {
    const constants = { ...MERGED, blocks: 2, writers: 2, poisonings: 2 }
    const { states } = await check(poisonRecovery as AnySpec, { constants, continue: true, properties: OF_STATES })
    expect(states.distinct).toBe(1057)
  })
})

describe('what the poison-recovery designs cost', () => {
  const costs = async (constants: Constants) => {
    const { measures } = await check(poisonRecovery as AnySpec, { constants, continue: true, properties: OF_STATES })
    expect(measures.map(({ minimum }) => minimum)).toEqual([0, 0, 0, 0])
    return Object.fromEntries(measures.map(({ name, maximum }) => [name, maximum]))
  }

  it.each(
    some([...DESIGNS, ...ORDERS, ...KNOBS], (_, index) => index % 3 === 0).map((row) => [title(row), row] as const),
  )('%s', async (_, row) => {
    const { constants, found } = row
    const { staleRecords, blocksLost, refusedWrites } = await costs(constants)
    // There is one block, and the page says whether the lists may be wrong about it.
    expect(staleRecords).toBe(found['driverListPrecise'] === undefined ? 0 : 1)
    expect(blocksLost).toBe(found['fsListPrecise'] === undefined ? 0 : 1)
    expect(refusedWrites).toBe(constants['design'] === 'merged' || constants['wgate'] === 'no' ? 0 : 1)
  })

  it.each([
    [0, MERGED],
    // Poison is discovered again between the end of the record and the clear, so the next write clears a good block.
    [1, { ...MERGED, order: 'list-clear-write', crashes: 0 }],
    [0, { ...MERGED, order: 'clear-list-write', crashes: 0 }],
    // Two writers have seen the same record.
    [1, { ...MERGED, writers: 2, lock: 'no', crashes: 0 }],
    [0, { ...MERGED, writers: 2, crashes: 0 }],
    // Recovers whether the block is listed or not.
    [1, { ...MERGED, latentFix: 'yes', crashes: 0, poisonings: 0 }],
    [0, { ...MERGED, crashes: 0, poisonings: 0 }],
    [0, { design: 'auto', wgate: 'no' }],
  ])('makes at most %i needless calls of the firmware in a step with %j', async (most, constants) => {
    expect((await costs(constants))['needlessClears']).toBe(most)
  })

  it('loses all blocks that were ever bad if nobody informs the file system', async () => {
    for (const poisonings of [0, 1, 2]) {
      const constants = { ...MERGED, blocks: 2, poisonings, crashes: 0 }
      expect(await costs({ ...constants, fsNotify: 'no' })).toMatchObject({ blocksLost: poisonings, staleRecords: 0 })
      expect(await costs(constants)).toMatchObject({ blocksLost: 0, staleRecords: 0 })
    }
  })
})

compareVariants('poison-recovery.ts')
