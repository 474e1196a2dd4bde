/**
 * Compares `specs/kmem-remove.ts` with the tables of its design page, "unbinding dax memory onlined as System RAM
 * (kmem)". A brute-force enumeration computed them. It was written from a description of the mechanism in mathematical
 * notation, before the spec and independently of it. Questions that the page leaves open, and figures that it does not
 * give, are compared with `kmem-enumeration.ts`.
 */
import { describe, expect, it } from 'vitest'
import kmemRemove from '../../specs/kmem-remove.ts'
import { check, type Outcome } from '../../src/index.ts'
import { first, some } from '../support/amount.ts'
import { compareVariants } from '../support/compare-variants.ts'
import { enumerate, staysForever, type Enumeration, type Knobs } from './kmem-enumeration.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

type Constants = { readonly [name: string]: string | number }
type Found = { readonly [property: string]: number }

interface Row {
  readonly constants: Constants
  readonly states: number
  /** Omitted if it was not counted. */
  readonly transitions?: number
  readonly depth?: number
  /** Lengths of shortest counterexamples in steps. Other properties hold. */
  readonly found: Found
  /** Violated temporal properties; omitted if the page does not decide them. */
  readonly forever?: readonly string[]
}

const BURNT: Found = { regionNeverBurnt: 2 }
/**
 * The page says 2, because it counts the failing unbind. That step changes nothing, and transition properties do not
 * see such steps, so here the trace ends before it.
 */
const REFUSED: Found = { unbindNeverFails: 1 }
const RIPPED: Found = { noKernelPageRipped: 3, noPinnedPageRipped: 4, noMemmapRipped: 3 }

/** The designs, with two devices of one page each, both zones, and memmaps anywhere. */
const DESIGNS: readonly Row[] = [
  {
    constants: { design: 'burn' },
    ...{ states: 353, transitions: 1438, depth: 8 },
    found: BURNT,
    forever: ['burntRecovers'],
  },
  {
    constants: { design: 'refuse' },
    ...{ states: 118, transitions: 612, depth: 6 },
    found: REFUSED,
    forever: [],
  },
  {
    constants: { design: 'mf-force' },
    ...{ states: 197, transitions: 612, depth: 7 },
    found: RIPPED,
    forever: [],
  },
  {
    constants: { design: 'mf-movable' },
    ...{ states: 353, transitions: 1438, depth: 12 },
    found: BURNT,
    forever: ['burntRecovers'],
  },
  {
    constants: { design: 'wait-offline' },
    ...{ states: 353, transitions: 1320, depth: 8 },
    found: {},
    forever: ['unbindTerminates'],
  },
]

const RESTRICTIONS: readonly Row[] = [
  {
    constants: { design: 'burn', zones: 'movable' },
    ...{ states: 64, transitions: 256, depth: 8 },
    found: BURNT,
  },
  {
    constants: { design: 'mf-force', zones: 'movable' },
    ...{ states: 34, transitions: 120, depth: 7 },
    found: { noPinnedPageRipped: 4 },
  },
  {
    constants: { design: 'mf-movable', zones: 'movable' },
    ...{ states: 64, transitions: 256, depth: 12 },
    found: { regionNeverBurnt: 4 },
  },
  {
    constants: { design: 'wait-offline', zones: 'movable' },
    ...{ states: 64, transitions: 240 },
    found: {},
    forever: [],
  },
  { constants: { design: 'mf-force', zones: 'normal' }, states: 82, transitions: 220, found: RIPPED },
  { constants: { design: 'mf-movable', zones: 'normal' }, states: 136, transitions: 522, found: BURNT },
  {
    constants: { design: 'mf-force', memmap: 'boot' },
    ...{ states: 155, transitions: 540 },
    found: { noKernelPageRipped: 3, noPinnedPageRipped: 4 },
  },
  {
    constants: { design: 'mf-force', memmap: 'self', pages: 2, zones: 'movable' },
    ...{ states: 369, transitions: 1560 },
    found: { noPinnedPageRipped: 4 },
  },
  {
    constants: { design: 'burn', phys: 'on' },
    ...{ states: 566, transitions: 1736 },
    found: { ...BURNT, noKernelPageRipped: 4, noPinnedPageRipped: 5, noMemmapRipped: 4, noUserPageRipped: 4 },
  },
  {
    constants: { design: 'mf-movable', phys: 'on', zones: 'movable' },
    ...{ states: 94, transitions: 304 },
    found: { regionNeverBurnt: 4, noPinnedPageRipped: 5, noUserPageRipped: 6 },
  },
]

/** The largest is in `large.long.ts`. */
const LARGE: readonly Row[] = [
  { constants: { design: 'burn', pages: 2 }, states: 4473, found: BURNT },
  { constants: { design: 'mf-movable', pages: 2 }, states: 4473, found: BURNT },
  { constants: { design: 'burn', devices: 3 }, states: 8561, found: BURNT },
  { constants: { design: 'mf-movable', devices: 3 }, states: 8561, found: BURNT },
]

const title = ({ constants }: Row): string =>
  Object.entries(constants)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

/** All properties except temporal ones, which prevent reduction. */
const OF_STATES = [
  ...['noKernelPageRipped', 'noPinnedPageRipped', 'noMemmapRipped', 'noUserPageRipped'],
  ...['regionNeverBurnt', 'unbindNeverFails', 'deadlock'],
]

/** The lengths of the counterexamples, except lassos. */
const lengths = ({ properties, traces }: Outcome): Found =>
  Object.fromEntries(
    properties.flatMap(({ name, kind, result, trace }) =>
      result === 'violated' && kind !== 'temporal' ? [[name, traces[trace!]!.steps.length - 1]] : [],
    ),
  )

describe.each([
  ['designs', DESIGNS],
  ['restrictions', RESTRICTIONS],
  ['large models', LARGE],
])('kmem-remove: %s', (_, rows) => {
  it.each(rows.map((row) => [title(row), row] as const))('%s', async (_title, row) => {
    const { constants, found, forever, ...counts } = row
    const properties = forever === undefined ? { properties: OF_STATES } : {}
    const outcome = await check(kmemRemove as AnySpec, { constants, continue: true, symmetry: false, ...properties })
    expect(outcome.complete).toBe(true)
    const { distinct, generated, initial, depth } = outcome.states
    expect({ states: distinct, transitions: generated! - initial, depth: depth! - 1 }).toMatchObject(counts)
    expect(lengths(outcome)).toEqual(found)
    if (forever === undefined) return
    const temporal = outcome.properties.filter(({ kind, result }) => kind === 'temporal' && result === 'violated')
    expect(temporal.map(({ name }) => name)).toEqual(forever)
  })

  it.each(rows.map((row) => [title(row), row] as const))('%s, reduced by symmetry', async (_title, row) => {
    const { constants, found, depth } = row
    const outcome = await check(kmemRemove as AnySpec, { constants, continue: true, properties: OF_STATES })
    expect(outcome.symmetry).toBe('on')
    expect(outcome.states.distinct).toBeLessThan(row.states)
    if (depth !== undefined) expect(outcome.states.depth! - 1).toBe(depth)
    expect(lengths(outcome)).toEqual(found)
  })
})

/** The properties of the spec in the terms of the enumeration, except `unbindNeverFails`. */
const ERRORS: { readonly [what: string]: string } = {
  kernel: 'noKernelPageRipped',
  pinned: 'noPinnedPageRipped',
  memmap: 'noMemmapRipped',
  user: 'noUserPageRipped',
  burnt: 'regionNeverBurnt',
}

/**
 * The findings of the enumeration in the terms of the spec: a state from which unbinding is refused is one step before
 * the refusal.
 */
const foundByHand = ({ found, taken }: Enumeration): Found => ({
  ...Object.fromEntries(Object.entries(found).map(([what, steps]) => [ERRORS[what]!, steps])),
  ...(taken['UnbindRefused'] && { unbindNeverFails: taken['UnbindRefused'].first - 1 }),
})

/** By violated temporal property: the fewest steps after which it need not become true any more. */
const foreverByHand = (knobs: Knobs): Found => {
  const [burnt, unbinding] = [staysForever(knobs, 4), staysForever(knobs, 5)]
  return {
    ...(burnt !== undefined && { burntRecovers: burnt }),
    ...(unbinding !== undefined && { unbindTerminates: unbinding }),
  }
}

/** The actions of the spec in the enumeration, if the names differ. */
const LABELS: { readonly [action: string]: string } = {
  ...{ probeOnOther: 'Probe', probeOnSelf: 'Probe', freeMovable: 'FreeM', freeKernel: 'FreeU' },
}

describe('kmem-remove: the enumeration of the page', () => {
  it.each(
    some([...DESIGNS, ...RESTRICTIONS, ...LARGE], ({ states = 0 }) => states < 400).map(
      (row) => [title(row), row] as const,
    ),
  )('has the figures of the page with %s', (_title, { constants, found, forever, ...counts }) => {
    const enumeration = enumerate(constants)
    expect(enumeration).toMatchObject(counts)
    expect(foundByHand(enumeration)).toEqual(found)
    if (forever !== undefined) expect(Object.keys(foreverByHand(constants))).toEqual(forever)
  })

  /** All variants that are small. */
  const variants = (design: string) => {
    const isBurning = design === 'burn' || design === 'mf-movable'
    return ['both', 'movable', 'normal'].flatMap((zones) =>
      ['any', 'boot', 'self'].flatMap((memmap) =>
        (isBurning ? ['off', 'on'] : ['off']).flatMap((phys) =>
          (design === 'wait-offline' ? ['transient', 'long-term'] : ['transient']).flatMap((pins) =>
            [
              { devices: 1, pages: 2 },
              { devices: 2, pages: 1 },
            ].flatMap((size) =>
              memmap === 'self' && size.pages === 1 ? [] : [{ zones, memmap, phys, pins, ...size }],
            ),
          ),
        ),
      ),
    )
  }

  it.each(first(1, DESIGNS).map(({ constants }) => constants['design'] as string))(
    'takes each step as often as the spec, and finds the same, with %s',
    async (design) => {
      for (const variant of variants(design)) {
        const constants = { design, ...variant }
        const enumeration = enumerate(constants)
        const outcome = await check(kmemRemove as AnySpec, { constants, continue: true, symmetry: false })
        const taken: { [label: string]: number } = {}
        for (const { name, generated } of outcome.actions) {
          const label = LABELS[name] ?? name[0]!.toUpperCase() + name.slice(1)
          if (generated! > 0) taken[label] = (taken[label] ?? 0) + generated!
        }
        const forever = foreverByHand(constants)
        const lassos = outcome.traces.flatMap(({ property, loop }) =>
          loop === undefined ? [] : ([[property, loop]] as const),
        )
        // A shortest lasso may have a longer stem than necessary, and therefore a shorter cycle.
        for (const [property, loop] of lassos) expect(loop).toBeGreaterThanOrEqual(forever[property]!)
        expect({
          constants,
          ...{ states: outcome.states.distinct, depth: outcome.states.depth! - 1, taken },
          ...{ found: lengths(outcome), forever: lassos.map(([property]) => property) },
        }).toEqual({
          constants,
          ...{ states: enumeration.states, depth: enumeration.depth },
          taken: Object.fromEntries(Object.entries(enumeration.taken).map(([label, { times }]) => [label, times])),
          ...{ found: foundByHand(enumeration), forever: Object.keys(forever) },
        })
      }
    },
  )

  it('has its figures for memmap=self if a memmap may also lie where it does with memmap=boot', () => {
    const self = { design: 'mf-force', memmap: 'self', pages: 2, zones: 'movable' }
    expect(enumerate(self)).toMatchObject({ states: 369, transitions: 1560, depth: 11 })
    // Otherwise the first page always holds the memmap, and the model has one page less.
    const { taken, ...counts } = enumerate({ ...self, selfOrBoot: false })
    expect(counts).toEqual({ states: 34, transitions: 120, depth: 7, found: { pinned: 4 } })
    expect({ taken, ...counts }).toEqual(enumerate({ ...self, memmap: 'boot', pages: 1 }))
  })

  it('has its figures if removed memory keeps no zone', () => {
    expect(enumerate({ design: 'burn' })).toMatchObject({ states: 353, transitions: 1438 })
    expect(enumerate({ design: 'burn', keepsZone: true })).toMatchObject({ states: 425, transitions: 1754 })
  })

  it('refuses first in the second step, which changes nothing, so the property fails one step earlier', async () => {
    const { taken } = enumerate({ design: 'refuse' })
    expect(taken['UnbindRefused']).toEqual({ times: 172, changing: 0, first: 2 })
    const outcome = await check(kmemRemove, { constants: { design: 'refuse' }, continue: true, symmetry: false })
    expect(outcome.actions.find(({ name }) => name === 'unbindRefused')!.generated).toBe(172)
    expect(lengths(outcome)).toEqual({ unbindNeverFails: 1 })
  })
})

describe('kmem-remove', () => {
  const stepsTo = async (constants: Constants, property: string): Promise<readonly string[]> => {
    const { traces } = await check(kmemRemove as AnySpec, { constants, properties: [property] })
    return traces[0]!.steps.slice(1).map(({ action }) => action)
  }

  it('burns idle memory today without trying', async () => {
    expect(await stepsTo({ design: 'burn' }, 'regionNeverBurnt')).toEqual(['probe', 'unbindBurn'])
  })

  it('removes memory that the kernel uses, and the memmap of another device', async () => {
    expect(await stepsTo({ design: 'mf-force' }, 'noKernelPageRipped')).toEqual(['probe', 'allocKernel', 'unbindForce'])
    expect(await stepsTo({ design: 'mf-force' }, 'noMemmapRipped')).toEqual(['probe', 'probeOnOther', 'unbindForce'])
  })

  it('waits forever for kernel allocations', async () => {
    const { traces } = await check(kmemRemove, {
      constants: { design: 'wait-offline' },
      properties: ['unbindTerminates'],
    })
    expect(traces[0]!.steps.slice(1, 4).map(({ action }) => action)).toEqual(['probe', 'allocKernel', 'unbindWait'])
    expect(traces[0]!.loop).toBe(3)
  })

  it('keeps all promises by waiting if memory is movable and pins are transient', async () => {
    const constants = { design: 'wait-offline', zones: 'movable' }
    expect((await check(kmemRemove as AnySpec, { constants })).verdict).toBe('holds')
    expect(
      (await check(kmemRemove as AnySpec, { constants: { ...constants, memmap: 'self', pages: 2 } })).verdict,
    ).toBe('holds')
  })

  it.each([{ zones: 'normal' }, { zones: 'movable', pins: 'long-term' }])(
    'breaks some promise in each design, with %j',
    async (constants) => {
      for (const { design } of DESIGNS.map((row) => row.constants)) {
        const outcome = await check(kmemRemove as AnySpec, { constants: { ...constants, design: design! } })
        expect([design, outcome.verdict]).toEqual([design, 'violated'])
      }
    },
  )

  it('waits forever for a long-term pin', async () => {
    const { traces } = await check(kmemRemove, {
      constants: { design: 'wait-offline', zones: 'movable', pins: 'long-term' },
      properties: ['unbindTerminates'],
    })
    expect(traces[0]!.steps.slice(1, 5).map(({ action }) => action)).toEqual([
      'probe',
      'allocMovable',
      'pin',
      'unbindWait',
    ])
    expect(traces[0]!.loop).toBe(4)
  })

  it('loses live pages when a burnt device is pulled out', async () => {
    const steps = await stepsTo({ design: 'burn', phys: 'on' }, 'noUserPageRipped')
    expect(steps.at(-1)).toBe('physRemove')
    expect(steps).toContain('allocMovable')
  })
})

describe('what the kmem designs cost', () => {
  /** The page: "number of st=4 devices x NPG", "M pages at forced removal", and the devices in st=5. */
  const expected = (design: string, zones: string, devices: number, pages: number) => ({
    burntPages: design === 'burn' || design === 'mf-movable' ? devices * pages : 0,
    // mf-movable kills only in ZONE_MOVABLE.
    pagesKilled: design === 'mf-force' || (design === 'mf-movable' && zones !== 'normal') ? pages : 0,
    waitingUnbinds: design === 'wait-offline' ? devices : 0,
  })

  it.each(
    DESIGNS.flatMap(({ constants }) =>
      first(1, ['both', 'movable', 'normal']).flatMap((zones) =>
        [
          [1, 2],
          [2, 1],
          [2, 2],
        ].map(([devices, pages]) => [constants['design'] as string, zones, devices!, pages!] as const),
      ),
    ),
  )('%s, zones=%s, %i devices of %i pages', async (design, zones, devices, pages) => {
    const constants = { design, zones, devices, pages }
    const { measures } = await check(kmemRemove as AnySpec, { constants, continue: true, properties: OF_STATES })
    expect(Object.fromEntries(measures.map(({ name, maximum }) => [name, maximum]))).toEqual(
      expected(design, zones, devices, pages),
    )
    expect(measures.map(({ minimum }) => minimum)).toEqual([0, 0, 0])
  })
})

compareVariants('kmem-remove.ts')
