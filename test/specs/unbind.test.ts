/**
 * Compares `specs/unbind.ts` with the design page "driver unbind with a mounted filesystem (MF_MEM_PRE_REMOVE)". A
 * brute-force enumeration computed the page's figures. It was written from a description in mathematical notation,
 * before the spec and independently of it. The figures are states, transitions (successors without the initial states),
 * depth (levels minus one), and the length of the shortest counterexample to each violated property. Questions that the
 * page leaves open, and figures that it does not give, are compared with `unbind-enumeration.ts`. The bench sizes are
 * in `unbind.long.ts`.
 */
import { describe, expect, it } from 'vitest'
import unbind from '../../specs/unbind.ts'
import { check, type Outcome } from '../../src/index.ts'
import { first, some } from '../support/amount.ts'
import { compareVariants } from '../support/compare-variants.ts'
import { enumerate } from './unbind-enumeration.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

type Constants = { readonly [name: string]: string | number }
type Found = { readonly [property: string]: number }

interface Row {
  readonly constants: Constants
  /** Omitted if they were not counted. */
  readonly states?: number
  readonly transitions?: number
  readonly depth?: number
  /** Lengths of shortest counterexamples in steps. */
  readonly found: Found
  /** Whether the unbind ends, if the page decides it. */
  readonly ends?: boolean
}

/** The designs, with the records DMD and two processes. Properties that are not in `found` hold. */
const DESIGNS: readonly Row[] = [
  {
    constants: { design: 'base' },
    states: 24644,
    transitions: 72608,
    depth: 27,
    found: { noPfnMappedAfterRemove: 6, allRecordsVisited: 3, noDirtyLost: 7, noStoreAfterRemove: 7 },
    ends: true,
  },
  {
    constants: { design: 'base-return0' },
    states: 28496,
    transitions: 83804,
    depth: 28,
    found: { noPfnMappedAfterRemove: 7, allRecordsVisited: 4, noDirtyLost: 8, noStoreAfterRemove: 8 },
    ends: true,
  },
  {
    constants: { design: 'v5' },
    states: 46012,
    transitions: 154816,
    depth: 34,
    found: { noPfnMappedAfterRemove: 13, fsDownAfterRemove: 10, noDirtyLost: 14, noStoreAfterRemove: 14 },
    ends: true,
  },
  {
    constants: { design: 'v6' },
    states: 51396,
    transitions: 174456,
    depth: 36,
    found: { noPfnMappedAfterRemove: 15, fsDownAfterRemove: 12, noDirtyLost: 16, noStoreAfterRemove: 16 },
    ends: true,
  },
  {
    constants: { design: 'fix61' },
    states: 48828,
    transitions: 148992,
    depth: 28,
    found: { noPfnMappedAfterRemove: 13, noDirtyLost: 11, noStoreAfterRemove: 14 },
    ends: true,
  },
  {
    constants: { design: 'v6+fix' },
    states: 56904,
    transitions: 178452,
    depth: 37,
    found: { noPfnMappedAfterRemove: 16, noDirtyLost: 17, noStoreAfterRemove: 17 },
    ends: true,
  },
  {
    constants: { design: 'merged' },
    states: 11888,
    transitions: 38624,
    depth: 25,
    found: { noPfnMappedAfterRemove: 16 },
    ends: true,
  },
  {
    constants: { design: 'merged-allfreeze' },
    states: 10799,
    transitions: 34990,
    depth: 21,
    found: {},
    ends: true,
  },
  {
    constants: { design: 'shutdown-first' },
    states: 11552,
    transitions: 37776,
    depth: 21,
    found: { noPfnMappedAfterRemove: 10, allRecordsVisited: 6 },
    ends: true,
  },
  {
    constants: { design: 'kill-first-naive' },
    states: 13460,
    transitions: 46408,
    depth: 22,
    found: { noPfnMappedAfterRemove: 4, fsDownAfterRemove: 4, noDirtyLost: 5, noStoreAfterRemove: 5 },
    ends: true,
  },
  {
    constants: { design: 'kill-first' },
    states: 22664,
    transitions: 80428,
    depth: 25,
    found: { noDirtyLost: 14 },
    ends: false,
  },
  { constants: { design: 'kill-first', wakeup: 'strong' }, states: 22664, found: { noDirtyLost: 14 }, ends: true },
  {
    constants: { design: 'sync-kill-walk' },
    states: 8615,
    transitions: 27712,
    depth: 20,
    found: {},
    ends: false,
  },
  { constants: { design: 'sync-kill-walk', wakeup: 'strong' }, states: 8615, found: {}, ends: true },
  {
    constants: { design: 'devdax', kinds: 'DD', install: 'inside' },
    states: 9008,
    transitions: 32804,
    depth: 19,
    found: {},
    ends: true,
  },
  {
    constants: { design: 'devdax', kinds: 'DD', install: 'after' },
    states: 15044,
    transitions: 56936,
    depth: 20,
    found: { noPfnMappedAfterRemove: 7, noStoreAfterRemove: 8 },
    ends: true,
  },
]

/** States up to permutations of two processes, and states with one process. */
const SIZES: readonly { design: string; orbits?: number; ofOne: number }[] = [
  { design: 'base', orbits: 12398, ofOne: 668 },
  { design: 'v6', orbits: 25860, ofOne: 1500 },
  { design: 'fix61', ofOne: 1488 },
  { design: 'merged', orbits: 5996, ofOne: 376 },
  { design: 'sync-kill-walk', orbits: 4344, ofOne: 267 },
]

const MOUNTING: Constants = { sb: 'mounting', start: 'unmapped', processes: 1 }
const GRABBING: Constants = { sb: 'umount', grab: 'yes', processes: 1 }

/** The other knobs. The page decides only the listed violations and the properties under `holds`. */
const KNOBS: readonly (Row & { readonly holds?: readonly string[] })[] = [
  { constants: { design: 'v6', install: 'inside' }, states: 44916, found: { noPfnMappedAfterRemove: 15 } },
  { constants: { design: 'merged', install: 'inside' }, states: 11776, found: { noPfnMappedAfterRemove: 16 } },

  { constants: { design: 'v6', collect: 'current-only' }, found: { noPfnMappedAfterRemove: 12 } },
  { constants: { design: 'merged', collect: 'current-only' }, found: { noPfnMappedAfterRemove: 13 } },
  { constants: { design: 'merged-allfreeze', collect: 'current-only' }, found: { noPfnMappedAfterRemove: 13 } },
  { constants: { design: 'sync-kill-walk', collect: 'current-only' }, found: { noPfnMappedAfterRemove: 13 } },

  { constants: { design: 'v5', ...MOUNTING }, found: { syncOnLiveSb: 2 } },
  { constants: { design: 'v6', ...MOUNTING }, states: 1506, found: { noPfnMappedAfterRemove: 9 } },
  { constants: { design: 'merged', ...MOUNTING }, states: 638, found: { noPfnMappedAfterRemove: 9 } },
  { constants: { design: 'merged-allfreeze', ...MOUNTING }, found: { noPfnMappedAfterRemove: 9 } },

  { constants: { design: 'v5', sb: 'umount' }, found: { syncOnLiveSb: 3 } },
  { constants: { design: 'v6', sb: 'umount' }, found: { syncOnLiveSb: 4 } },
  { constants: { design: 'merged', sb: 'umount' }, found: { syncOnLiveSb: 4 } },
  { constants: { design: 'sync-kill-walk', sb: 'umount' }, found: { syncOnLiveSb: 3 } },
  { constants: { design: 'v6', ...GRABBING }, states: 1506, found: {}, holds: ['syncOnLiveSb'] },
  { constants: { design: 'merged', ...GRABBING }, states: 382, found: {}, holds: ['syncOnLiveSb'] },
  { constants: { design: 'sync-kill-walk', ...GRABBING }, states: 279, found: {}, holds: ['syncOnLiveSb'] },

  { constants: { design: 'v6', agf: 'yes' }, found: { deadlock: 8 }, ends: false },
  { constants: { design: 'fix61', agf: 'yes' }, found: { deadlock: 5 }, ends: false },
  { constants: { design: 'merged', agf: 'yes' }, found: {}, holds: ['deadlock'], ends: true },
]

/** All properties except the temporal one, which prevents reduction. */
const OF_STATES = [
  'noPfnMappedAfterRemove',
  'allRecordsVisited',
  'syncOnLiveSb',
  'fsDownAfterRemove',
  'noDirtyLost',
  'noStoreAfterRemove',
  'deadlock',
]

const title = (constants: Constants): string =>
  Object.entries(constants)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

const counted = ({ states: { distinct, generated, initial, depth } }: Outcome) => ({
  states: distinct,
  transitions: generated! - initial,
  depth: depth! - 1,
})

/** Lengths of shortest counterexamples in steps, except lassos. */
const found = ({ properties, traces }: Outcome): Found =>
  Object.fromEntries(
    properties.flatMap(({ name, kind, result, trace }) =>
      result === 'violated' && kind !== 'temporal' ? [[name, traces[trace!]!.steps.length - 1] as const] : [],
    ),
  )

const resultOf = ({ properties }: Outcome, property: string) => properties.find(({ name }) => name === property)?.result

async function explore({ constants, found: _found, ends, ...counts }: Row): Promise<Outcome> {
  const outcome = await check(unbind, { constants, continue: true, symmetry: false })
  expect(outcome.complete).toBe(true)
  expect(counted(outcome)).toMatchObject(counts)
  if (ends !== undefined) expect(resultOf(outcome, 'unbindEnds')).toBe(ends ? 'holds' : 'violated')
  return outcome
}

describe('unbind: designs', () => {
  it.each(first(2, DESIGNS).map((row) => [title(row.constants), row] as const))('%s', async (_, row) => {
    expect(found(await explore(row))).toEqual(row.found)
  })
})

describe('unbind: knobs', () => {
  it.each(
    some(KNOBS, ({ constants }) => constants['processes'] === 1).map((row) => [title(row.constants), row] as const),
  )('%s', async (_, { holds = [], ...row }) => {
    const outcome = await explore(row)
    expect(found(outcome)).toMatchObject(row.found)
    for (const property of holds) expect(resultOf(outcome, property)).toBe('holds')
  })
})

describe('unbind: sizes', () => {
  it.each(first(1, SIZES))('$design', async ({ design, orbits, ofOne }) => {
    const one = await check(unbind as AnySpec, {
      constants: { design, processes: 1 },
      continue: true,
      properties: OF_STATES,
    })
    expect(one.states.distinct).toBe(ofOne)
    if (orbits === undefined) return

    const reduced = await check(unbind as AnySpec, { constants: { design }, continue: true, properties: OF_STATES })
    expect(reduced.symmetry).toBe('on')
    expect(reduced.states.distinct).toBe(orbits)
    const row = DESIGNS.find(({ constants }) => constants['design'] === design)!
    expect(found(reduced)).toEqual(row.found)
    expect(reduced.states.depth! - 1).toBe(row.depth)
  })
})

/** Variants of a system with one process. */
const VARIANTS: readonly Constants[] = [
  ...[{}, { install: 'inside' }, { collect: 'current-only' }, { start: 'unmapped' }, { kinds: 'MD' }],
  ...[{ sb: 'mounting' }, { sb: 'umount' }, { sb: 'umount', grab: 'yes' }],
  ...[{ agf: 'yes' }, { agf: 'yes', sb: 'umount', collect: 'current-only' }, { agf: 'yes', kinds: 'MD' }],
]

describe('unbind: the enumeration of the page', () => {
  // The largest take some seconds each. The others are in `unbind.long.ts`.
  const isSmall = ({ constants, states }: Row): boolean => states! < 16_000 && constants['wakeup'] === undefined
  it.each(first(1, DESIGNS.filter(isSmall)).map((row) => [title(row.constants), row] as const))(
    'has the figures of the page with %s',
    (_title, { constants, ...figures }) => expect(enumerate(constants)).toMatchObject(figures),
  )

  it.each(SIZES)('has the states of the page with one process, $design', ({ design, ofOne }) =>
    expect(enumerate({ design, processes: 1 }).states).toBe(ofOne),
  )

  it.each(
    KNOBS.filter(({ constants }) => constants['processes'] === 1).map((row) => [title(row.constants), row] as const),
  )('has the figures of the page with %s', (_title, { constants, holds = [], ...figures }) => {
    const enumeration = enumerate(constants)
    expect(enumeration).toMatchObject(figures)
    for (const property of holds) expect(enumeration.found).not.toHaveProperty(property)
  })

  it.each(first(1, [...new Set(DESIGNS.map(({ constants }) => constants['design'] as string))]))(
    'takes each step as often as the spec, and finds the same, with %s',
    async (design) => {
      for (const variant of VARIANTS) {
        const constants = { design, processes: 1, ...(design === 'devdax' && { kinds: 'DD' }), ...variant }
        const { ends, ...enumeration } = enumerate(constants)
        const outcome = await check(unbind as AnySpec, { constants, continue: true, symmetry: false })
        const taken: { [label: string]: number } = {}
        for (const { name, generated } of outcome.actions) {
          const isOfOthers = /^(fault|store|mountDone|umount)/.test(name)
          const label = isOfOthers ? name[0]!.toUpperCase() + name.slice(1) : 'Unbind'
          if (generated! > 0) taken[label] = (taken[label] ?? 0) + generated!
        }
        const explored = {
          ...counted(outcome),
          taken,
          found: found(outcome),
          unbindEnds: resultOf(outcome, 'unbindEnds'),
        }
        expect({ constants, ...explored }).toEqual({
          constants,
          ...{ ...enumeration, unbindEnds: ends ? 'holds' : 'violated' },
        })
      }
    },
  )
})

describe('unbind', () => {
  const stepsTo = async (constants: Constants, property: string): Promise<string[]> => {
    const { traces } = await check(unbind as AnySpec, { constants, properties: [property] })
    return traces[0]!.steps.slice(1).map(({ action }) => action!.replace('unbind.', ''))
  }

  it('leaves file data after metadata mapped, without the patch', async () => {
    expect(await stepsTo({ design: 'base' }, 'noPfnMappedAfterRemove')).toEqual([
      ...['notify_failure', 'rmap_query', 'rmap_query', 'clear_alive', 'synchronize_srcu', 'release'],
    ])
  })

  it('lets a fault map a page again behind the walk of the patch, because DAXDEV_ALIVE is cleared too late', async () => {
    const steps = await stepsTo({ design: 'v6' }, 'noPfnMappedAfterRemove')
    expect(steps.filter((step) => step.startsWith('fault'))).toEqual(['faultStart', 'faultPfn', 'faultInstall'])
    expect(steps.indexOf('faultPfn')).toBeLessThan(steps.indexOf('clear_alive'))
    expect(steps.at(-1)).toBe('faultInstall')
  })

  it('needs a read fault for that if the file system is frozen', async () => {
    const { traces } = await check(unbind, {
      constants: { design: 'merged' },
      properties: ['noPfnMappedAfterRemove'],
    })
    const begun = traces[0]!.steps.filter(({ action }) => action === 'faultStart')
    expect(begun.map(({ bindings }) => bindings['access'])).toEqual(['read'])
  })

  it('cannot walk after its own shutdown', async () => {
    const steps = await stepsTo({ design: 'shutdown-first' }, 'allRecordsVisited')
    expect(steps.slice(-2)).toEqual(['force_shutdown', 'rmap_query'])
  })

  it('misses a mapping from a mount that completes after the SB_BORN check', async () => {
    const steps = await stepsTo({ design: 'merged', ...MOUNTING }, 'noPfnMappedAfterRemove')
    expect(steps.slice(0, 3)).toEqual(['notify_failure', 'check_born', 'mountDone'])
  })

  it('blocks a writer forever that needs the AGF buffer of the walk', async () => {
    const steps = await stepsTo({ design: 'fix61', agf: 'yes' }, 'deadlock')
    expect(steps.filter((step) => step === 'faultStart')).toHaveLength(2)
    expect(steps.filter((step) => step === 'rmap_query')).toHaveLength(1)
  })

  it('waits forever for an entry lock that failing faults take in turns', async () => {
    const { traces } = await check(unbind, {
      constants: { design: 'sync-kill-walk' },
      properties: ['unbindEnds'],
    })
    const { steps, loop } = traces[0]!
    expect(steps.slice(loop! + 1).map(({ action }) => action)).toContain('faultFail')
  })
})

/**
 * The page names costs without figures. So they are compared with its verdicts, or with consequences of the kinds of
 * records and the number of processes.
 */
describe('what the unbind designs cost', () => {
  const costs = async (constants: Constants) => {
    const { measures } = await check(unbind, { constants, continue: true, properties: ['deadlock'] })
    expect(measures.map(({ minimum }) => minimum)).toEqual(measures.map(() => 0))
    return Object.fromEntries(measures.map(({ name, maximum }) => [name, maximum]))
  }

  it.each(first(2, DESIGNS).map((row) => [title(row.constants), row] as const))(
    '%s',
    async (_, { constants, found }) => {
      const { ptesLeft, filesLost } = await costs(constants)
      // Each process reaches each file. In some designs only the faults in progress come through, one for each process.
      const most = constants['design'] === 'devdax' ? 2 : 2 * 2
      expect(ptesLeft).toBe(found['noPfnMappedAfterRemove'] === undefined ? 0 : most)
      const lost = found['noDirtyLost'] === undefined ? 0 : 2
      expect(filesLost).toBe(constants['design'] === 'devdax' ? undefined : lost)
    },
  )

  it.each(some(['DMD', 'D', 'DM', 'MD', 'DD', 'DMDD', 'DMDMD'], (kinds) => kinds.length < 3))(
    'leaves out of %s the file data after metadata',
    async (kinds) => {
      const after = kinds.includes('M') ? kinds.slice(kinds.indexOf('M')) : ''
      const left = {
        ...{ base: after, 'base-return0': after, fix61: '', v6: '', merged: '' },
        // Shut down before the walk begins.
        'shutdown-first': kinds,
      }
      for (const [design, records] of Object.entries(left)) {
        const { filesNotWalked } = await costs({ design, kinds, processes: 1 })
        expect([design, filesNotWalked]).toEqual([design, records.replaceAll('M', '').length])
      }
    },
  )

  it.each(first(1, [1, 2]))("waits for as many of %i processes' faults as its locks allow", async (processes) => {
    const awaited = {
      // One fault holds an entry lock.
      ...{ base: 1, v6: 1, 'kill-first': 1 },
      // A freeze waits for all faults. There is one on each of two files.
      ...{ merged: processes, 'sync-kill-walk': processes },
      'kill-first-naive': 0,
    }
    for (const [design, faults] of Object.entries(awaited)) {
      expect([design, (await costs({ design, processes }))['faultsAwaited']]).toEqual([design, faults])
    }
    expect((await costs({ design: 'merged', kinds: 'D', processes }))['faultsAwaited']).toBe(1)
    // No entries, no locks: SRCU waits for each process.
    const devdax = { design: 'devdax', kinds: 'DD', processes }
    expect((await costs({ ...devdax, install: 'inside' }))['faultsAwaited']).toBe(processes)
    expect((await costs({ ...devdax, install: 'after' }))['faultsAwaited']).toBe(0)
  })
})

compareVariants('unbind.ts')
