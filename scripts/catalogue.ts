/**
 * The specs in `specs/`, and the sizes at which they are measured: a line for each. A line whose spec is not there is passed over; a spec
 * without a line is checked by `npm run verdicts`, and not measured.
 */

/** A spec and what is varied. */
export interface Entry {
  /** `specs/<spec>.ts`. */
  readonly spec: string
  /** The constant of which every value is a variant. */
  readonly vary: string
  /** Constants at which it is a benchmark; else it has its defaults. Left out if it has one size only. */
  readonly benchmark?: { readonly [constant: string]: number | string }
  /** The variants that are measured there; all if left out. Of some, such a size is too large. */
  readonly only?: readonly string[]
}

export const CATALOGUE: readonly Entry[] = [
  {
    spec: 'truncate-dma',
    vary: 'design',
    benchmark: { blocks: 3, users: 3 },
    only: [
      'none',
      'fail',
      'wait-layout',
      'wait-allocated',
      'wait-allocated-v3',
      'sequester',
      'extent-busy',
      'disable-dax',
    ],
  },
  { spec: 'dax-lease', vary: 'design', benchmark: { leases: 3 }, only: ['v3'] },
  { spec: 'unbind', vary: 'design', benchmark: { processes: 3 }, only: ['base', 'merged', 'sync-kill-walk'] },
  { spec: 'gup-fast-remove', vary: 'unmap', benchmark: { pfns: 3, cpus: 3 } },
  { spec: 'poison-recovery', vary: 'design', benchmark: { blocks: 3, writers: 2, poisonings: 3 } },
  { spec: 'radix-sync', vary: 'design', benchmark: { pages: 2, rounds: 1, stores: 1 } },
  { spec: 'stale-exposure', vary: 'zeroing' },
  { spec: 'kmem-remove', vary: 'design', benchmark: { devices: 3, pages: 2 }, only: ['burn', 'mf-movable'] },
  { spec: 'seen-set', vary: 'design', benchmark: { workers: 3 }, only: ['owned-parts'] },
]
