/**
 * Compares `specs/gup-fast-remove.ts` with the tables of its design page, "gup-fast, page-map references and forced
 * unmap on surprise remove". Brute-force enumerations computed them. They were written from a description of the
 * mechanism in mathematical notation, before the spec and independently of it.
 */
import { describe, expect, it } from 'vitest'
import gupFastRemove from '../../specs/gup-fast-remove.ts'
import { check, type Outcome } from '../../src/index.ts'
import { some } from '../support/amount.ts'
import { compareVariants } from '../support/compare-variants.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

type Constants = { readonly [name: string]: string | number }
type Found = { readonly [property: string]: number }

interface Row {
  readonly constants: Constants
  readonly states: number
  /** States up to permutations of CPUs, and of pfns if they are interchangeable. */
  readonly orbits?: number
  /** Lengths of shortest counterexamples in steps. Other properties hold. */
  readonly found: Found
  /** Whether removal ends; omitted if the page does not decide it. */
  readonly ends?: boolean
}

const STATUS_QUO: Constants = { pgmapRef: 'yes', unmap: 'none', sync: 'none' }
const SERIES: Constants = { pgmapRef: 'no', unmap: 'pfn-loop', sync: 'none' }
const SERIES_WITH_IPI: Constants = { ...SERIES, sync: 'ipi' }
const BOTH: Constants = { pgmapRef: 'yes', unmap: 'pfn-loop', sync: 'none' }

/** All properties except the temporal one, which prevents reduction. */
const OF_STATES = ['noStructPageUAF', 'noPinAcrossRemove', 'noCrossDomainPin', 'noPfnMappedAfterRemove', 'deadlock']

/** A line of the page's table: the states for each `sync`. */
interface Line {
  readonly constants: Constants
  readonly states: { readonly [sync: string]: number }
  readonly found?: Found
  readonly ends?: boolean
}

const STALE: Found = { noCrossDomainPin: 14, noPfnMappedAfterRemove: 8 }
const STALE_WITHOUT_PGMAP: Found = { noStructPageUAF: 10, noCrossDomainPin: 13, noPfnMappedAfterRemove: 8 }

const LINES: readonly Line[] = [
  ...['yes', 'no'].flatMap((recheck): Line[] => [
    {
      constants: { pgmapRef: 'yes', unmap: 'none', recheck },
      states: { none: 978, 'kill-gp': 1288 },
      found: STALE,
    },
    {
      constants: { pgmapRef: 'no', unmap: 'none', recheck },
      states: { none: 656, 'kill-gp': 1216 },
      found: STALE_WITHOUT_PGMAP,
      ends: false,
    },
  ]),

  {
    constants: { pgmapRef: 'yes', unmap: 'pfn-loop', recheck: 'yes' },
    states: { none: 953, 'kill-gp': 1310, ipi: 691 },
  },
  {
    constants: { pgmapRef: 'yes', unmap: 'pfn-loop', recheck: 'no' },
    states: { none: 985, 'kill-gp': 1342 },
    found: { noCrossDomainPin: 16 },
  },
  { constants: { pgmapRef: 'yes', unmap: 'pfn-loop', recheck: 'no' }, states: { ipi: 691 } },
  {
    constants: { pgmapRef: 'no', unmap: 'pfn-loop', recheck: 'yes' },
    states: { none: 608, 'kill-gp': 1252 },
    found: { noStructPageUAF: 12 },
  },
  { constants: { pgmapRef: 'no', unmap: 'pfn-loop', recheck: 'yes' }, states: { ipi: 472 } },
  {
    constants: { pgmapRef: 'no', unmap: 'pfn-loop', recheck: 'no' },
    states: { none: 632, 'kill-gp': 1276 },
    found: { noStructPageUAF: 12, noCrossDomainPin: 15 },
  },
  { constants: { pgmapRef: 'no', unmap: 'pfn-loop', recheck: 'no' }, states: { ipi: 472 } },

  // One call for both pfns: one step less.
  { constants: { pgmapRef: 'yes', unmap: 'range', recheck: 'yes' }, states: { none: 847, 'kill-gp': 1153, ipi: 631 } },
  {
    constants: { pgmapRef: 'yes', unmap: 'range', recheck: 'no' },
    states: { none: 879, 'kill-gp': 1185 },
    found: { noCrossDomainPin: 15 },
  },
  { constants: { pgmapRef: 'yes', unmap: 'range', recheck: 'no' }, states: { ipi: 631 } },
  {
    constants: { pgmapRef: 'no', unmap: 'range', recheck: 'yes' },
    states: { none: 543, 'kill-gp': 1095 },
    found: { noStructPageUAF: 11 },
  },
  { constants: { pgmapRef: 'no', unmap: 'range', recheck: 'yes' }, states: { ipi: 399 } },
  {
    constants: { pgmapRef: 'no', unmap: 'range', recheck: 'no' },
    states: { none: 567, 'kill-gp': 1119 },
    found: { noStructPageUAF: 11, noCrossDomainPin: 14 },
  },
  { constants: { pgmapRef: 'no', unmap: 'range', recheck: 'no' }, states: { ipi: 399 } },
]

/** Two pfns, two CPUs; removal waits for references, and the idle check follows the kill. */
const DESIGNS: readonly Row[] = LINES.flatMap(({ constants, states, found = {}, ends = true }) =>
  Object.entries(states).map(([sync, count]) => ({ constants: { ...constants, sync }, states: count, found, ends })),
)

const KNOBS: readonly Row[] = [
  { constants: SERIES_WITH_IPI, states: 472, orbits: 282, found: {}, ends: true },
  { constants: { ...SERIES_WITH_IPI, waitRefs: 'no' }, states: 504, found: { noPinAcrossRemove: 13 } },
  { constants: { ...BOTH, waitRefs: 'no' }, states: 1409, found: { noStructPageUAF: 13, noPinAcrossRemove: 14 } },
  { constants: { ...SERIES_WITH_IPI, pins: 'long-term' }, states: 472, found: {}, ends: false },
  {
    constants: { ...SERIES_WITH_IPI, idleCheck: 'before-kill', mount: 'on' },
    states: 1056,
    found: { noPfnMappedAfterRemove: 9, noStructPageUAF: 11, noCrossDomainPin: 14 },
  },
  { constants: { ...SERIES_WITH_IPI, mount: 'on' }, states: 482, found: {} },

  { constants: { ...STATUS_QUO, pfns: 1 }, states: 197, found: STALE },
  { constants: { ...SERIES_WITH_IPI, pfns: 1 }, states: 96, found: {} },
  { constants: { ...BOTH, pfns: 1 }, states: 207, found: {} },
]

const LARGE: readonly Row[] = [
  { constants: { ...SERIES_WITH_IPI, pfns: 2, cpus: 3 }, states: 2864, found: {} },
  { constants: { ...SERIES_WITH_IPI, pfns: 3, cpus: 3 }, states: 14627, found: {} },
  { constants: { ...SERIES_WITH_IPI, pfns: 4, cpus: 3 }, states: 59034, found: {} },
  { constants: { ...SERIES_WITH_IPI, pfns: 3, cpus: 4 }, states: 136119, found: {} },
  { constants: { ...BOTH, pfns: 2, cpus: 3 }, states: 7385, found: {} },
  { constants: { ...BOTH, pfns: 3, cpus: 3 }, states: 33529, found: {} },
  { constants: { ...BOTH, pfns: 4, cpus: 3 }, states: 122577, found: {} },
  { constants: { ...BOTH, pfns: 3, cpus: 4 }, states: 374361, found: {} },
]

/** Selects rows for `npm test`. */
const isSmall = ({ states = 0 }: Row, index: number): boolean => states < 3000 && index % 4 === 0

const title = ({ constants }: Row): string =>
  Object.entries(constants)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

/** The lengths of the counterexamples, except lassos. */
const lengths = ({ properties, traces }: Outcome): Found =>
  Object.fromEntries(
    properties.flatMap(({ name, kind, result, trace }) =>
      result === 'violated' && kind !== 'temporal' ? [[name, traces[trace!]!.steps.length - 1]] : [],
    ),
  )

describe.each([
  ['designs', DESIGNS],
  ['knobs', KNOBS],
  ['large models', LARGE],
])('gup-fast-remove: %s', (_, rows) => {
  it.each(some(rows, isSmall).map((row) => [title(row), row] as const))('%s', async (_title, row) => {
    const { constants, states, found, ends } = row
    const properties = ends === undefined ? { properties: OF_STATES } : {}
    const outcome = await check(gupFastRemove as AnySpec, { constants, continue: true, symmetry: false, ...properties })
    expect(outcome.complete).toBe(true)
    expect(outcome.states.distinct).toBe(states)
    expect(lengths(outcome)).toEqual(found)
    const { result } = outcome.properties.find(({ name }) => name === 'removeEnds') ?? {}
    if (ends !== undefined) expect(result).toBe(ends ? 'holds' : 'violated')
  })

  it.each(some(rows, isSmall).map((row) => [title(row), row] as const))(
    '%s, reduced by symmetry',
    async (_title, row) => {
      const { constants, orbits, found } = row
      const outcome = await check(gupFastRemove as AnySpec, { constants, continue: true, properties: OF_STATES })
      expect(outcome.symmetry).toBe('on')
      if (orbits !== undefined) expect(outcome.states.distinct).toBe(orbits)
      expect(lengths(outcome)).toEqual(found)
    },
  )
})

describe('gup-fast-remove', () => {
  const stepsTo = async (constants: Constants, property: string): Promise<readonly string[]> => {
    const { traces } = await check(gupFastRemove as AnySpec, { constants, properties: [property] })
    return traces[0]!.steps.slice(1).map(({ action }) => action.replace('removal.', ''))
  }

  it("leaves a stale pte behind today, which leads to a pin of the new owner's page", async () => {
    const mapped = await stepsTo(STATUS_QUO, 'noPfnMappedAfterRemove')
    expect(mapped.toSorted()).toEqual(
      [
        ...['devPagemapKill', 'fault', 'killDax', 'checkIdle'],
        ...['noUnmap', 'putPages', 'devPagemapCleanup', 'archRemoveMemory'],
      ].toSorted(),
    )
    const pinned = await stepsTo(STATUS_QUO, 'noCrossDomainPin')
    expect(pinned.slice(-4)).toEqual(['readPte', 'getPgmap', 'getPage', 'recheck'])
  })

  it('does not wait, in the series, for a walk that has seen a pte before it was cleared', async () => {
    for (const sync of ['none', 'kill-gp']) {
      const steps = await stepsTo({ ...SERIES, sync }, 'noStructPageUAF')
      expect(steps.toSorted()).toEqual(
        [
          ...['devPagemapKill', 'fault', 'killDax', 'checkIdle', 'readPte', 'unmapPfn', 'unmapPfn', 'unmapDone'],
          ...['putPages', 'devPagemapCleanup', 'archRemoveMemory', 'getPage'],
        ].toSorted(),
      )
      // A grace period since the kill does not help, because the walk began after it.
      if (sync === 'kill-gp') expect(steps.indexOf('readPte')).toBeGreaterThan(steps.indexOf('devPagemapKill'))
      expect(steps.indexOf('readPte')).toBeLessThan(steps.lastIndexOf('unmapPfn'))
      expect(steps.at(-1)).toBe('getPage')
    }
  })

  it('lets overlapping pins delay removal forever if nothing is unmapped, even with strong fairness', async () => {
    const { traces } = await check(gupFastRemove, {
      constants: { ...STATUS_QUO, pgmapRef: 'no' },
      properties: ['removeEnds'],
    })
    // Removal is not enabled in the cycle, so it is strongly fair too. So are the CPUs, which take steps.
    const met = traces[0]!.fairness!.map(({ name, how }) => [name, how])
    expect(met).toEqual([
      ['removal', 'never-enabled'],
      ['cpu', 'taken'],
      ['cpu', 'taken'],
    ])
  })

  it('waits forever for a long-term pin', async () => {
    const { traces } = await check(gupFastRemove, {
      constants: { ...SERIES_WITH_IPI, pins: 'long-term' },
      properties: ['removeEnds'],
    })
    expect(traces[0]!.loop).toBe(11)
    expect(traces[0]!.steps[11]!.state.get('removal')).toBe('devPagemapCleanup')
  })
})

describe('what the gup-fast designs cost', () => {
  const costs = async (constants: Constants) => {
    const { measures } = await check(gupFastRemove as AnySpec, { constants, continue: true, properties: OF_STATES })
    expect(measures.map(({ minimum }) => minimum)).toEqual([0, 0, 0, 0])
    return Object.fromEntries(measures.map(({ name, maximum }) => [name, maximum]))
  }
  /** The page: "unmap calls (pfn-loop NA, range 1)". */
  const callsOf = (constants: Constants, pfns: number): number =>
    ({ none: 0, 'pfn-loop': pfns, range: 1 })[constants['unmap'] as string]!
  /** Each CPU may be in a walk when the wait begins. */
  const awaitedOf = ({ sync, unmap }: Constants, cpus: number): number =>
    sync === 'kill-gp' || (sync === 'ipi' && unmap !== 'none') ? cpus : 0

  const few = DESIGNS.map((row) => ({ row, pfns: 2, cpus: 2 }))
  const other = DESIGNS.filter(({ constants }) => constants['recheck'] === 'yes').flatMap((row) => [
    { row, pfns: 3, cpus: 1 },
    { row, pfns: 1, cpus: 3 },
  ])
  it.each(
    some([...few, ...other], (_, index) => index % 8 === 0).map(
      (size) => [title(size.row), size.pfns, size.cpus, size] as const,
    ),
  )('%s, %i pfns and %i CPUs', async (_title, pfns, cpus, { row: { constants, found } }) => {
    expect(await costs({ ...constants, pfns, cpus })).toEqual({
      unmapCalls: callsOf(constants, pfns),
      cpusAwaited: awaitedOf(constants, cpus),
      // Each CPU may have pinned a page before.
      refsAwaited: cpus,
      ptesLeft: found['noPfnMappedAfterRemove'] === undefined ? 0 : pfns,
    })
  })

  it('waits for no references in designs that do not wait', async () => {
    expect(await costs({ ...SERIES_WITH_IPI, waitRefs: 'no' })).toMatchObject({ refsAwaited: 0 })
  })
})

compareVariants('gup-fast-remove.ts')
