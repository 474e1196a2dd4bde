/**
 * The catalogue: the specs in `specs/`, the constants that make up their designs, and the sizes to measure. An entry
 * whose spec does not exist is skipped. A spec without an entry is checked by `npm run verdicts`, but not measured.
 */

/** Values of constants, by name. */
export type Constants = { readonly [constant: string]: unknown }

/** A spec and the constants to vary. */
export interface Entry {
  /** `specs/<spec>.ts`. */
  readonly spec: string
  /** Constants to vary: each combination of their values is a variant, ... */
  readonly vary: readonly string[]
  /** ... or only these values, as the command line spells them, ... */
  readonly values?: { readonly [constant: string]: readonly string[] }
  /** ... except combinations in which one of them does not matter. */
  readonly moot?: (constants: Constants) => boolean
  /** Constants for the benchmark; others have their defaults. Omitted if the spec has one size only. */
  readonly benchmark?: { readonly [constant: string]: number | string }
  /** The varied values to measure at benchmark size; all if omitted. Other designs are too large at that size. */
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
    // Without unmapping no interrupts are sent.
    moot: ({ unmap, sync }) => unmap === 'none' && sync === 'ipi',
    benchmark: { pfns: 3, cpus: 3 },
  },
  {
    spec: 'poison-recovery',
    vary: ['design', 'order'],
    // The order belongs to writes that recover. These designs do not have them.
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
  {
    spec: 'kernel/spinlock',
    vary: ['design', 'lock'],
    benchmark: { cpus: 3 },
    only: { design: ['irqsave'] },
  },
  { spec: 'kernel/queued-lock', vary: ['design'], benchmark: { cpus: 4 } },
  { spec: 'kernel/store-buffer', vary: ['test'] },
  {
    spec: 'kernel/write-ahead-log',
    vary: ['flushes', 'recovery'],
    values: { flushes: ['[log,commit,checkpoint]', '[commit,checkpoint]', '[log,checkpoint]', '[log,commit]'] },
    benchmark: { blocks: 3 },
  },
  { spec: 'classic/sliding-puzzle', vary: ['puzzle'] },
  {
    spec: 'classic/teaching-concurrency',
    vary: ['registers', 'order'],
    benchmark: { processes: 8 },
    only: { order: ['write-first'] },
  },
  { spec: 'classic/peterson', vary: ['design'] },
  { spec: 'classic/bakery', vary: ['design'], benchmark: { processes: 3 } },
  { spec: 'classic/dining-philosophers', vary: ['design'] },
  { spec: 'classic/readers-writers', vary: ['design'] },
  {
    spec: 'classic/two-phase-commit',
    vary: ['resourceManagers'],
    values: { resourceManagers: ['3', '5', '7', '8'] },
  },
  { spec: 'classic/paxos', vary: ['design'], benchmark: { ballots: 3 }, only: { design: ['paxos'] } },
  { spec: 'classic/german', vary: ['design'], benchmark: { nodes: 4 }, only: { design: ['german'] } },
  { spec: 'classic/chang-roberts', vary: ['design', 'ring'], benchmark: { nodes: 6 } },
  { spec: 'classic/yo-yo', vary: ['design'], benchmark: { network: 'any' } },
]

/** The name of a variant: the value of the varied constant, or all values with their names. */
export function nameOf({ vary }: Entry, constants: Constants): string {
  if (vary.length === 1) return String(constants[vary[0]!])
  return vary.map((name) => `${name}=${String(constants[name])}`).join(' ')
}
