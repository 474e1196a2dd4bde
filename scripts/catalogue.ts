/**
 * The specs in `specs/`, what is a design of each, and the sizes at which they are measured: a line for each. A line whose spec is not there
 * is passed over; a spec without a line is checked by `npm run verdicts`, and not measured.
 */

/** Values of constants, by name. */
export type Constants = { readonly [constant: string]: unknown }

/** A spec and what is varied. */
export interface Entry {
  /** `specs/<spec>.ts`. */
  readonly spec: string
  /** The constants of which every combination of values is a variant, ... */
  readonly vary: readonly string[]
  /** ... but for those where one of them does not matter, which are no variant of their own. */
  readonly moot?: (constants: Constants) => boolean
  /** Constants at which it is a benchmark; else it has its defaults. Left out if it has one size only. */
  readonly benchmark?: { readonly [constant: string]: number | string }
  /** The values of what is varied that are measured there; all if left out. Of some, such a size is too large. */
  readonly only?: { readonly [constant: string]: readonly string[] }
}

export const CATALOGUE: readonly Entry[] = [
  {
    spec: 'truncate-dma',
    vary: ['design'],
    benchmark: { blocks: 3, users: 3 },
    only: {
      design: [
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
  },
  { spec: 'dax-lease', vary: ['design'], benchmark: { leases: 3 }, only: { design: ['v3'] } },
  {
    spec: 'unbind',
    vary: ['design'],
    benchmark: { processes: 3 },
    only: { design: ['base', 'merged', 'sync-kill-walk'] },
  },
  {
    spec: 'gup-fast-remove',
    vary: ['pgmapRef', 'unmap', 'sync'],
    // Where nothing is unmapped no interrupts are sent.
    moot: ({ unmap, sync }) => unmap === 'none' && sync === 'ipi',
    benchmark: { pfns: 3, cpus: 3 },
  },
  {
    spec: 'poison-recovery',
    vary: ['design', 'order'],
    // The order is that of writes that recover, which these designs do not have.
    moot: ({ design, order }) => (design === 'plain' || design === 'auto') && order !== 'clear-write-list',
    benchmark: { blocks: 3, writers: 2, poisonings: 3 },
    only: { order: ['clear-write-list'] },
  },
  { spec: 'radix-sync', vary: ['design'], benchmark: { pages: 2, rounds: 1, stores: 1 } },
  { spec: 'stale-exposure', vary: ['zeroing', 'commitFlush'] },
  {
    spec: 'kmem-remove',
    vary: ['design'],
    benchmark: { devices: 3, pages: 2 },
    only: { design: ['burn', 'mf-movable'] },
  },
  { spec: 'seen-set', vary: ['design'], benchmark: { workers: 3 }, only: { design: ['owned-parts'] } },
]

/** What a variant is called: by the value of what is varied, or by all of them with their names. */
export function nameOf({ vary }: Entry, constants: Constants): string {
  if (vary.length === 1) return String(constants[vary[0]!])
  return vary.map((name) => `${name}=${String(constants[name])}`).join(' ')
}
