/**
 * Compares `specs/radix-sync.ts` with the tables of the design page "clearing radix dirty tags on fsync/sync of DAX
 * mappings". The page's counts come from brute-force enumerations that are independent of Kripke: states, transitions
 * (successors without the initial state), depth (levels minus one), and the length of the shortest counterexample to
 * each violated property.
 */
import { describe, expect, it } from 'vitest'
import radixSync from '../../specs/radix-sync.ts'
import { check, type Outcome } from '../../src/index.ts'
import { valuesOf } from '../../src/spec/domain-values.ts'
import { first, itInAll } from '../support/amount.ts'
import { compareVariants } from '../support/compare-variants.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

type Constants = { readonly [name: string]: string | number }

/** Lengths of shortest counterexamples in steps. Other properties hold. */
type Found = { readonly [property: string]: number }

const found = ({ properties, traces }: Outcome): Found =>
  Object.fromEntries(
    properties.flatMap(({ name, result, trace }) =>
      result === 'violated' ? [[name, traces[trace!]!.steps.length - 1]] : [],
    ),
  )

const explore = (constants: Constants) => check(radixSync, { constants, continue: true, symmetry: false })

/** All properties except temporal ones, which prevent reduction. */
const OF_STATES = ['dirtyDataTagged', 'writableImpliesTagged', 'durableAfterSync', 'deadlock']
const orbitsOf = async (constants: Constants): Promise<number> => {
  const { states, symmetry } = await check(radixSync as AnySpec, { constants, continue: true, properties: OF_STATES })
  expect(symmetry).toBe('on')
  return states.distinct
}

interface Row {
  readonly design: string
  /** With one caller, which races only with faults and stores: states, and steps to a sync that breaks its promise. */
  readonly alone: readonly [states: number, durableAfterSync?: number]
  /** With two callers. */
  readonly two: readonly [states: number, transitions: number, depth: number]
  readonly found: Found
  /** With one caller, checking for needless flushes. */
  readonly noRedundantFlush?: number
}

const untagged = (durableAfterSync: number, dirtyDataTagged: number, writableImpliesTagged: number): Found => ({
  durableAfterSync,
  dirtyDataTagged,
  writableImpliesTagged,
})

const DESIGNS: readonly Row[] = [
  { design: 'noflush', alone: [71, 6], two: [685, 1632, 16], found: { durableAfterSync: 6 } },
  { design: 'v1', alone: [385, 14], two: [28517, 74056, 37], found: untagged(11, 9, 8) },
  { design: 'v2', alone: [361, 13], two: [14621, 37320, 26], found: untagged(9, 8, 7) },
  { design: 'v2m', alone: [350, 13], two: [17054, 43279, 28], found: untagged(9, 8, 7), noRedundantFlush: 15 },
  { design: 'v3', alone: [139], two: [5331, 12153, 20], found: { durableAfterSync: 9 }, noRedundantFlush: 11 },
  { design: 'v9', alone: [161], two: [7279, 16531, 21], found: { durableAfterSync: 11 }, noRedundantFlush: 12 },
  { design: 'sol1-held', alone: [125], two: [757, 968, 23], found: {} },
  { design: 'sol1-before', alone: [228, 13], two: [1551, 2294, 25], found: untagged(13, 8, 7) },
  {
    design: 'sol1-after',
    alone: [221, 5],
    two: [1359, 2216, 24],
    found: { durableAfterSync: 5 },
    noRedundantFlush: 16,
  },
  {
    design: 'sol1-held-v2order',
    alone: [163, 13],
    two: [969, 1258, 22],
    found: { durableAfterSync: 13, dirtyDataTagged: 8 },
  },
  { design: 'sol2', alone: [340], two: [15238, 36323, 26], found: { durableAfterSync: 10 } },
  { design: 'sol2-late', alone: [340], two: [11976, 29581, 26], found: {} },
  { design: 'sol2-tagonly', alone: [350, 14], two: [21371, 49120, 30], found: untagged(9, 9, 8) },
  { design: 'sol2-late-tagonly', alone: [350, 14], two: [14081, 33264, 28], found: untagged(12, 9, 8) },
  { design: 'sol2-noWP', alone: [212, 14], two: [8032, 17661, 22], found: untagged(10, 9, 8) },
  { design: 'sol2-earlyD', alone: [340], two: [12240, 30101, 26], found: { durableAfterSync: 10 } },
  {
    design: 'sol2-flushfirst',
    alone: [430, 15],
    two: [19924, 48513, 26],
    found: { durableAfterSync: 10, dirtyDataTagged: 10 },
  },
]

describe('radix-sync', () => {
  it('has a row for each design', () => {
    expect(DESIGNS.map(({ design }) => design)).toEqual(valuesOf(radixSync.constants.design.domain))
  })

  it.each(DESIGNS)('$design, one caller', async ({ design, alone: [distinct, durableAfterSync] }) => {
    const outcome = await explore({ design, callers: 1 })
    expect(outcome.states.distinct).toBe(distinct)
    expect(found(outcome).durableAfterSync).toBe(durableAfterSync)
  })

  it.each(first(2, DESIGNS))('$design, two callers', async ({ design, two, found: expected }) => {
    const outcome = await explore({ design })
    const { distinct, generated, initial, depth } = outcome.states
    expect([distinct, generated! - initial, depth! - 1]).toEqual(two)
    expect(found(outcome)).toEqual(expected)
  })

  it.each(first(4, DESIGNS))('$design, needless flushes', async ({ design, noRedundantFlush }) => {
    const outcome = await explore({ design, callers: 1, metric: 'on' })
    expect(found(outcome).noRedundantFlush).toBe(noRedundantFlush)
  })

  it.each(
    first(1, [
      ['sol2', 15278],
      ['sol2-late', 12016],
      ['v3', 5705],
      ['v9', 7721],
    ]),
  )('%s has %i states with the metric', async (design, distinct) => {
    expect((await explore({ design, metric: 'on' })).states.distinct).toBe(distinct)
  })

  it.each(
    first(3, [
      ['v2', 7481],
      ['v3', 2735],
      ['sol1-held', 393],
      ['sol2', 7770],
      ['sol2-late', 6136],
    ]),
  )('%s has %i states up to symmetry', async (design, orbits) => {
    expect(await orbitsOf({ design })).toBe(orbits)
  })

  it.each(
    first(1, [
      [33612, { design: 'sol2-late', pages: 2, rounds: 1, stores: 1 }],
      [38758, { design: 'sol2-late', mappers: 2 }],
      [56560, { design: 'sol1-held', pages: 2, mappers: 2 }],
    ]),
  )('has %i states with %j, and holds', async (distinct, constants) => {
    const { states, verdict } = await explore(constants)
    expect([states.distinct, verdict]).toEqual([distinct, 'holds'])
  })

  itInAll('has as many orbits with two mappers and two callers as were counted', async () => {
    expect(await orbitsOf({ design: 'sol2-late', mappers: 2 })).toBe(11712)
  })
})

describe('radix-sync: counterexamples', () => {
  const shown = async (design: string, property: string): Promise<(string | undefined)[]> => {
    const { traces } = await check(radixSync as AnySpec, { constants: { design }, properties: [property] })
    return traces[0]!.steps
      .slice(1)
      .map(({ action, bindings: { caller } }) => [action, caller].filter(Boolean).join(' '))
  }

  it('has the race because of which v3 of the patches stopped clearing tags', async () => {
    expect(await shown('v2', 'writableImpliesTagged')).toEqual([
      'pfnMkwrite',
      'syncStart caller1',
      'sync.findEntry caller1',
      'sync.lookUp caller1',
      'sync.flush caller1',
      'sync.mkclean caller1',
      'fault.wpPageReuse',
    ])
  })

  it('lets a second caller return before the first one, which took the tag, has flushed', async () => {
    const steps = await shown('sol2', 'durableAfterSync')
    expect(steps.slice(-3)).toEqual(['sync.lookUp caller1', 'sync.findEntry caller2', 'sync.syncReturn caller2'])
  })
})

describe('what the radix-sync designs cost', () => {
  const costs = async (constants: Constants) => {
    const { measures } = await check(radixSync as AnySpec, { constants, continue: true, properties: OF_STATES })
    expect(measures.map(({ minimum }) => minimum)).toEqual(measures.map(() => 0))
    return Object.fromEntries(measures.map(({ name, maximum }) => [name, maximum]))
  }

  it.each(first(4, DESIGNS))('$design: needless flushes left', async ({ design, noRedundantFlush }) => {
    const { flushesInVain } = await costs({ design, callers: 1, metric: 'on' })
    expect(flushesInVain).toBe(noRedundantFlush === undefined ? 0 : 1)
  })

  it.each([1, 2])('leaves each of %i pages to be flushed again, if DIRTY is never cleared', async (pages) => {
    const constants = { callers: 1, stores: 1, metric: 'on', pages }
    expect((await costs({ ...constants, design: 'v3' }))['flushesInVain']).toBe(pages)
    expect((await costs({ ...constants, design: 'v9' }))['flushesInVain']).toBe(pages)
    expect((await costs({ ...constants, design: 'sol2-late' }))['flushesInVain']).toBe(0)
  })

  it.each(
    first(2, [
      [1, 1, 1],
      [2, 1, 1],
      [1, 2, 1],
      [2, 2, 1],
      [1, 1, 2],
      [2, 1, 2],
    ]),
  )('delays faults of %i pages, %i mappers, %i callers', async (pages, mappers, callers) => {
    const constants = { pages, mappers, callers, rounds: 1, stores: 1 }
    const heldOff = async (design: string) => (await costs({ ...constants, design }))['faultsHeldOff']
    // The semaphore covers the whole mapping. An entry covers a page, and each caller locks at most one.
    expect(await heldOff('sol1-held')).toBe(pages * mappers)
    expect(await heldOff('sol2-late')).toBe(mappers * Math.min(callers, pages))
    for (const design of ['noflush', 'v2', 'v3', 'v9']) expect(await heldOff(design)).toBe(0)
  })

  it('delays no process that stores already, if nothing is write-protected', async () => {
    expect(await costs({ design: 'sol2-noWP' })).toMatchObject({ faultsHeldOff: 0 })
    expect(await costs({ design: 'sol2-noWP', mappers: 2, rounds: 1 })).toMatchObject({ faultsHeldOff: 1 })
  })

  it('makes callers wait for each other, and for a fault', async () => {
    const of = async (constants: Constants) => (await costs(constants))['syncsHeldOff']
    // A fault delays both callers. Another caller delays only one.
    for (const design of ['sol1-held', 'sol2-late']) expect([design, await of({ design })]).toEqual([design, 2])
    for (const design of ['sol1-before', 'sol2-tagonly']) expect([design, await of({ design })]).toEqual([design, 1])
    expect(await of({ design: 'sol1-before', callers: 1 })).toBe(0)
    expect(await of({ design: 'v9' })).toBe(0)
  })
})

compareVariants('radix-sync.ts')
