/**
 * The cases of `npm run cliffs`: the specs of this folder, with constants that make each cliff as high as a minute
 * allows.
 */
import type { AnySpec } from '../../src/spec/spec.ts'
import constrained, { counts as ofConstrained } from './constrained.ts'
import type { Counts } from './counts.ts'
import deep, { counts as ofDeep } from './deep.ts'
import manyInstances, { counts as ofManyInstances } from './many-instances.ts'
import manySteps, { counts as ofManySteps } from './many-steps.ts'
import messageSets, { counts as ofMessageSets } from './message-sets.ts'
import neverSettling, { counts as ofNeverSettling } from './never-settling.ts'
import openValues, { counts as ofOpenValues } from './open-values.ts'
import transitionHeavy, { counts as ofTransitionHeavy } from './transition-heavy.ts'
import wide, { counts as ofWide } from './wide.ts'

export type Constants = { readonly [name: string]: string | number }

/** A spec, its formula for the counts, and constants. */
export interface Family {
  readonly spec: AnySpec
  /** Takes the values of all constants. */
  readonly counts: (constants: never) => Counts
  /** Constants to measure. Omitted ones take their defaults. */
  readonly large: readonly Constants[]
  /** The same cliffs, low enough for a brute-force explorer. */
  readonly small: readonly Constants[]
}

export const FAMILIES: readonly Family[] = [
  {
    spec: wide,
    counts: ofWide,
    large: [{ words: 4 }, { words: 8 }, { words: 20 }, { words: 40 }, { words: 20, bits: 15 }],
    small: [
      { words: 3, top: 1 },
      { words: 20, top: 1 },
      { words: 20, bits: 15, top: 2 },
    ],
  },
  {
    spec: manyInstances,
    counts: ofManyInstances,
    large: [{ guards: 'own' }, { guards: 'shared', rounds: 300 }],
    small: [
      { members: 5, rounds: 1 },
      { members: 7, rounds: 3 },
      { guards: 'shared', members: 8, rounds: 5 },
    ],
  },
  {
    spec: neverSettling,
    counts: ofNeverSettling,
    large: [{ clock: 'none' }, { clock: 'chosen', total: 4 }, { clock: 'ticking', total: 4 }],
    small: [
      { clock: 'none', slots: 4, total: 3 },
      { clock: 'chosen', slots: 4, total: 3, beats: 5 },
      { clock: 'ticking', slots: 4, total: 3, beats: 5 },
    ],
  },
  {
    spec: deep,
    counts: ofDeep,
    large: [{ digits: 6 }, { digits: 5, lanes: 10 }],
    small: [{ digits: 2 }, { digits: 2, lanes: 10 }],
  },
  {
    spec: manySteps,
    counts: ofManySteps,
    large: [{ many: 'successors' }, { many: 'values', places: 4000 }],
    small: [
      { many: 'successors', places: 9, rounds: 2 },
      { many: 'successors', places: 20, rounds: 4 },
      { many: 'values', places: 50, lanes: 3 },
    ],
  },
  {
    spec: openValues,
    counts: ofOpenValues,
    large: [{ queue: 'list' }, { queue: 'open' }],
    small: [
      { queue: 'list', kinds: 2, capacity: 3 },
      { queue: 'open', kinds: 3, capacity: 2 },
    ],
  },
  {
    spec: messageSets,
    counts: ofMessageSets,
    large: [{ sent: 'apart' }, { sent: 'together' }, { sent: 'messages' }, { sent: 'open' }, { ballots: 3 }],
    small: ['apart', 'together', 'messages', 'open'].map((sent) => ({ sent, ballots: 1 })),
  },
  {
    spec: transitionHeavy,
    counts: ofTransitionHeavy,
    large: [{ claims: 'single', top: 5 }, { claims: 'whole' }],
    small: [
      { processes: 3, top: 2 },
      { claims: 'single', processes: 2, top: 4 },
      { claims: 'whole', processes: 4, top: 1 },
    ],
  },
  {
    spec: constrained,
    counts: ofConstrained,
    large: [{ by: 'each' }, { by: 'sum', processes: 10, most: 9 }],
    small: [
      { by: 'each', processes: 3, most: 2 },
      { by: 'sum', processes: 4, most: 3 },
    ],
  },
]

/** The counts of the spec by its formula. Omitted constants take their defaults. */
export function expected({ spec, counts }: Family, given: Constants): Counts {
  const defaults = Object.fromEntries(Object.entries(spec.constants).map(([name, { initial }]) => [name, initial]))
  return counts({ ...defaults, ...given } as never)
}
