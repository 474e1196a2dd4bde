/**
 * Compares `specs/dax-lease.ts` with the design page "life cycle of one `dax_lease`". A brute-force enumeration
 * computed the page's tables. It was written before the spec and independently of it. The tables contain states,
 * transitions (successors without the initial state), depth (levels minus one), and the length of the shortest
 * counterexample to each violated property. Results that the page does not give are compared with
 * `dax-lease-enumeration.ts`. Three leases without reduction are in `large.long.ts`.
 */
import { describe, expect, it } from 'vitest'
import daxLease from '../../specs/dax-lease.ts'
import { check } from '../../src/index.ts'
import { first, some } from '../support/amount.ts'
import { compareVariants } from '../support/compare-variants.ts'
import { enumerate, type Knobs } from './dax-lease-enumeration.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

type Constants = { readonly [name: string]: string | number }
type Found = { readonly [property: string]: number }

interface Row {
  readonly constants: Constants
  /** Omitted, like the next two, if the page does not give them. */
  readonly states?: number
  readonly transitions?: number
  readonly depth?: number
  /** Lengths of shortest counterexamples in steps. Other properties hold. */
  readonly found: Found
  /** Violated temporal properties. */
  readonly forever?: readonly string[]
}

/**
 * Selects rows for `npm test`. Most rows have two leases and thousands of states. At least one row of each table is
 * selected.
 */
const isSmall = ({ states = 0 }: Row, index: number): boolean => index === 0 || (states > 0 && states < 2000)

const SIZES: readonly Row[] = [
  { constants: { leases: 1 }, states: 138, transitions: 241, depth: 16, found: {} },
  { constants: {}, states: 5316, transitions: 15939, depth: 28, found: {} },
]

/** The part of the patch that is missing. */
const DESIGNS: readonly Row[] = [
  { constants: { design: 'no-initial-ref' }, states: 5567, found: { noUAF: 6 } },
  { constants: { design: 'no-list-ref' }, states: 5316, found: {} },
  { constants: { design: 'no-reap-ref' }, states: 5476, found: { noUAF: 13 } },
  {
    constants: { design: 'no-reap-no-list-ref' },
    states: 4412,
    found: { noFreedOnList: 5, noUAF: 6, noResurrect: 7 },
  },
  { constants: { design: 'no-pages-wait' }, states: 13169, found: { leaseCoversPins: 7, noFreeUnderDma: 10 } },
  { constants: { design: 'no-write-barrier' }, states: 10102, found: { leaseCoversPins: 8, noFreeUnderDma: 11 } },
  { constants: { design: 'no-read-barrier' }, states: 13296, found: { leaseCoversPins: 10, noFreeUnderDma: 13 } },
  { constants: { design: 'no-break-bit' }, states: 5316, found: {} },
  { constants: { design: 'no-core-pending' }, states: 5316, found: {} },
  { constants: { design: 'no-break-bit-no-core-pending' }, states: 50205, found: { noLeak: 24 } },
  { constants: { design: 'no-break-bit-no-core-pending', leases: 1 }, found: { noLeak: 18 } },
  { constants: { design: 'no-break-ref' }, states: 5316, found: {} },
  { constants: { design: 'no-flush' }, states: 7652, found: {} },
  { constants: { design: 'no-break-ref-no-flush' }, states: 8472, found: { noUAF: 9 } },
  { constants: { design: 'put-without-get' }, states: 5597, found: { noUAF: 10 } },
  {
    constants: { design: 'wait-holding-lock' },
    states: 3302,
    found: { deadlock: 7 },
    forever: ['truncateEnds', 'leaseEnds'],
  },
  { constants: { design: 'pin-first' }, states: 2405, found: { noFreeUnderDma: 4 } },
]

const KNOBS: readonly Row[] = [
  { constants: { leaseFail: 'posted' }, states: 5596, found: { noLeak: 5 } },
  { constants: { leaseFail: 'posted', leases: 1 }, found: { noLeak: 4 } },
  { constants: { leaseFail: 'fixed' }, found: {} },
  { constants: { pins: 'long-term' }, states: 5316, found: {}, forever: ['truncateEnds', 'leaseEnds'] },
]

const title = ({ constants }: Row): string =>
  Object.entries(constants)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ') || 'as posted'

/** The whole graph: its counts in the page's terms, and its violations. */
async function explore(constants: Constants) {
  const { states, properties, traces, complete } = await check(daxLease, { constants, continue: true, symmetry: false })
  expect(complete).toBe(true)
  const violated = properties.filter(({ result }) => result === 'violated')
  return {
    counts: { states: states.distinct, transitions: states.generated! - states.initial, depth: states.depth! - 1 },
    found: Object.fromEntries(
      violated.flatMap(({ name, kind, trace }) =>
        kind === 'temporal' ? [] : [[name, traces[trace!]!.steps.length - 1]],
      ),
    ),
    forever: violated.flatMap(({ name, kind }) => (kind === 'temporal' ? [name] : [])),
  }
}

describe.each([
  ['sizes', SIZES],
  ['designs', DESIGNS],
  ['knobs', KNOBS],
])('dax-lease: %s', (_, rows) => {
  it.each(some(rows, isSmall).map((row) => [title(row), row] as const))('%s', async (_title, row) => {
    const { constants, found, forever = [], ...counts } = row
    const explored = await explore(constants)
    expect(explored.counts).toMatchObject(counts)
    expect(explored.found).toEqual(found)
    expect(explored.forever).toEqual(forever)
  })
})

describe('dax-lease: interchangeable leases', () => {
  it.each(
    first(1, [
      [2, 28, 2727],
      [3, 40, 42020],
    ]),
  )('has the orbits of the page with %i leases', async (leases, depth, orbits) => {
    const ofStates = [
      'noUAF',
      'noResurrect',
      'noFreedOnList',
      'noFreeUnderDma',
      'leaseCoversPins',
      'noLeak',
      'deadlock',
    ]
    const { states, verdict } = await check(daxLease as AnySpec, { constants: { leases }, properties: ofStates })
    expect({ verdict, depth: states.depth! - 1, orbits: states.distinct }).toEqual({ verdict: 'holds', depth, orbits })
  })

  it('does not exist if a walk of the list ends at a freed lease, because their order then matters', async () => {
    const knobs = { initRef: 1, listRef: false, reapRef: false }
    expect(enumerate(2, 1, knobs)).toMatchObject({ states: 4412, lopsided: 12 })
    expect(enumerate(2, 1, { ...knobs, goesOn: true })).toMatchObject({ states: 4400, lopsided: 0 })
    const { symmetry } = await check(daxLease, {
      constants: { design: 'no-reap-no-list-ref' },
      properties: ['noFreedOnList'],
    })
    expect(symmetry).toBe('off')
  })
})

/** Each design in the notation of the page. */
const KNOBS_OF_PAGE: readonly (readonly [Constants, Knobs])[] = [
  [{}, {}],
  [{ design: 'no-initial-ref' }, { initRef: 1 }],
  [{ design: 'no-list-ref' }, { initRef: 1, listRef: false }],
  [{ design: 'no-reap-ref' }, { reapRef: false }],
  [{ design: 'no-reap-no-list-ref' }, { initRef: 1, listRef: false, reapRef: false }],
  [{ design: 'no-pages-wait' }, { pagesWait: false }],
  [{ design: 'no-write-barrier' }, { writeBarrier: false }],
  [{ design: 'no-read-barrier' }, { readBarrier: false }],
  [{ design: 'no-break-bit' }, { breakBit: false }],
  [{ design: 'no-core-pending' }, { corePending: false }],
  [{ design: 'no-break-bit-no-core-pending' }, { breakBit: false, corePending: false }],
  [{ design: 'no-break-ref' }, { breakRef: false, breakPut: false }],
  [{ design: 'no-flush' }, { flush: false }],
  [{ design: 'no-break-ref-no-flush' }, { breakRef: false, breakPut: false, flush: false }],
  [{ design: 'put-without-get' }, { breakRef: false }],
  [{ design: 'wait-holding-lock' }, { waitHoldingLock: true }],
  [{ design: 'pin-first' }, { pinFirst: true }],
  [{ leaseFail: 'posted' }, { leaseFail: 'posted' }],
  [{ leaseFail: 'fixed' }, { leaseFail: 'fixed' }],
]

describe('dax-lease: the enumeration of the page', () => {
  it.each(KNOBS_OF_PAGE)('has the counts of the spec with %j', async (constants, design) => {
    const { states, transitions, depth } = enumerate(1, 1, design)
    expect((await explore({ ...constants, leases: 1 })).counts).toEqual({ states, transitions, depth })
  })

  it('has the counts of the spec with two leases on two pages', async () => {
    const { states, transitions, depth } = enumerate(2, 2, { initRef: 1 })
    const constants = { design: 'no-initial-ref', pages: 2 }
    expect((await explore(constants)).counts).toEqual({ states, transitions, depth })
  })
})

describe('what the lease designs cost', () => {
  const costs = async (constants: Constants) => {
    const { measures } = await check(daxLease, { constants, continue: true, properties: ['noUAF', 'deadlock'] })
    expect(measures.map(({ minimum }) => minimum)).toEqual([0, 0])
    return Object.fromEntries(measures.map(({ name, maximum }) => [name, maximum]))
  }

  it.each(KNOBS_OF_PAGE)('agrees with the enumeration, for one lease, with %j', async (constants, design) => {
    const { references, idleLeases } = enumerate(1, 1, design)
    expect(await costs({ ...constants, leases: 1 })).toEqual({ references, idleLeases })
  })

  it.each(
    first(2, [
      // The list's reference, that of gup or dl_reap_work, and dl_break_work's.
      [3, 1, {}, {}],
      [2, 1, { design: 'no-break-ref' }, { breakRef: false, breakPut: false }],
      // One more for each break.
      [6, 1, { design: 'no-break-bit-no-core-pending' }, { breakBit: false, corePending: false }],
      [3, 2, { design: 'no-reap-ref', pages: 2 }, { reapRef: false }],
    ]),
  )('has at most %i references, for two leases on %i pages, with %j', async (most, pages, constants, design) => {
    const { references, idleLeases } = enumerate(2, pages, design)
    expect(references).toBe(most)
    expect(await costs(constants)).toEqual({ references, idleLeases })
  })
})

describe('dax-lease: counterexamples', () => {
  const trace = async (constants: Constants, property: string) => {
    const { traces } = await check(daxLease as AnySpec, { constants, properties: [property] })
    return traces[0]!
  }
  const actions = async (constants: Constants, property: string) =>
    (await trace(constants, property)).steps.slice(1).map(({ action }) => action)

  it("frees with the list's reference the lease that gup will put, if there was one reference only", async () => {
    expect(await actions({ design: 'no-initial-ref' }, 'noUAF')).toEqual([
      ...['takeLease', 'pinFail', 'gup.setBitEmpty', 'gup.unlock', 'gup.flush', 'gup.put'],
    ])
  })

  it('shows the 0->1 transition that the review asked about', async () => {
    expect(await actions({ design: 'no-reap-no-list-ref' }, 'noResurrect')).toEqual([
      ...['takeLease', 'pin', 'gup.record', 'gup.setBit', 'gup.reap', 'truncate.lock', 'truncate.check'],
    ])
  })

  it('waits forever while a pin lasts forever: the work polls, and nothing else happens', async () => {
    const { steps, loop } = await trace({ pins: 'long-term' }, 'truncateEnds')
    expect(steps.slice(loop! + 1).map(({ action }) => action)).toEqual(['breakWork.queued', 'breakWork.poll'])
  })
})

compareVariants('dax-lease.ts')
