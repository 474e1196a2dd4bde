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
    spec: 'cluster',
    vary: ['design'],
    benchmark: { nodes: 3 },
    only: { design: ['epochs', 'no-epoch', 'early-epoch', 'keep-filter'] },
  },
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
  {
    spec: 'classic/lamport-mutex',
    vary: ['design'],
    // Without acknowledgments there are 19,019,347 states.
    values: { design: ['lamport', 'unordered', 'no-names'] },
    benchmark: { time: 6 },
    only: { design: ['lamport'] },
  },
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
  { spec: 'classic/ewd840', vary: ['design'], benchmark: { nodes: 5 } },
  { spec: 'classic/ewd998', vary: ['design'], benchmark: { messages: 2 }, only: { design: ['ewd998'] } },
  { spec: 'classic/yo-yo', vary: ['design'], benchmark: { network: 'any' } },
]

/** The name of a variant: the value of the varied constant, or all values with their names. */
export function nameOf({ vary }: Entry, constants: Constants): string {
  if (vary.length === 1) return String(constants[vary[0]!])
  return vary.map((name) => `${name}=${String(constants[name])}`).join(' ')
}

/** A spec whose mutants are checked: in a design that keeps its promises, and in a size whose mutants take seconds. */
export interface Mutated {
  /** `specs/<spec>.ts`. */
  readonly spec: string
  /** Constants with other values than their defaults. */
  readonly constants?: { readonly [constant: string]: number | string }
  /** Why mutants survive. */
  readonly survivors?: string
}

export const MUTATED: readonly Mutated[] = [
  {
    spec: 'truncate-dma',
    constants: { design: 'wait-allocated' },
    survivors:
      'No property depends on the locks of other designs, on who reuses a free block, or on users that do not ask.',
  },
  { spec: 'truncate-dma', constants: { design: 'sequester' } },
  {
    spec: 'dax-lease',
    survivors:
      'Some mutants skip a wait for the lock, or break leases that are already broken. No property depends on either.',
  },
  {
    spec: 'unbind',
    constants: { design: 'merged-allfreeze' },
    survivors:
      'No property of this design depends on thawing, on the marks that other designs read, or on a fault that tries again.',
  },
  {
    spec: 'gup-fast-remove',
    constants: { pgmapRef: 'no', unmap: 'range', sync: 'ipi' },
    survivors:
      'With `sync=ipi`, no property depends on the recheck, on the mark of the page map, or on a further wait.',
  },
  {
    spec: 'poison-recovery',
    constants: { design: 'auto' },
    survivors:
      'No property depends on the counters of crashes and poisonings, which only bound the run, or on a write that ends early.',
  },
  {
    spec: 'radix-sync',
    constants: { design: 'sol1-held' },
    survivors:
      'No property depends on the counters of calls, which only bound the run. Some mutants write a page back once more.',
  },
  { spec: 'radix-sync', constants: { design: 'sol2-late' } },
  {
    spec: 'stale-exposure',
    survivors:
      'Some mutants repeat a step that has no effect then. The others leave out one of two defenses, and each of them suffices.',
  },
  {
    spec: 'kmem-remove',
    constants: { design: 'wait-offline' },
    survivors: 'No property depends on when users take memory or give it back, as long as removal waits for them.',
  },
  { spec: 'seen-set' },
  {
    spec: 'cluster',
    survivors:
      'Messages that cannot change anything may stay, and some steps repeat without an effect. Without a restart, two nodes need neither epochs of messages nor an empty filter.',
  },
  { spec: 'kernel/spinlock' },
  {
    spec: 'kernel/queued-lock',
  },
  {
    spec: 'kernel/store-buffer',
    survivors:
      'A litmus test has one outcome. Mutants that lose a store or a load reach it too; other tests notice them.',
  },
  {
    spec: 'kernel/write-ahead-log',
    survivors:
      'A second write of a block, and a crash or a recovery at another time, are harmless. Without `writeBack`, a crash still keeps any subset of the cache.',
  },
  { spec: 'classic/die-hard', survivors: 'Its only invariant is violated on purpose, so no mutant can be noticed.' },
  {
    spec: 'classic/sliding-puzzle',
    constants: { puzzle: 'five' },
  },
  {
    spec: 'classic/teaching-concurrency',
    survivors:
      'Fairness matters for temporal properties only, and the spec has none. Regular registers work as well as atomic ones.',
  },
  {
    spec: 'classic/peterson',
    survivors: 'A process that leaves raises its flag again at once, which it may do anyway.',
  },
  {
    spec: 'classic/bakery',
    survivors: 'A process reads a ticket twice, or the door closes earlier. Both only take longer.',
  },
  { spec: 'classic/lamport-mutex' },
  {
    spec: 'classic/dining-philosophers',
    constants: { design: 'ordered' },
    survivors:
      'The philosophers take the forks in the opposite order, which is an order too. Some are hungry at once, or wait for a seat in addition.',
  },
  {
    spec: 'classic/readers-writers',
    survivors: 'A writer that does not write ends its writing once more, without an effect.',
  },
  {
    spec: 'classic/two-phase-commit',
    survivors:
      'The manager counts votes after its decision. A resource manager that has aborted prepares after all; `consistent` allows it until it commits.',
  },
  {
    spec: 'classic/paxos',
    survivors: 'Some mutants make fewer proposals, or promise a ballot that nobody has begun.',
  },
  {
    spec: 'classic/german',
  },
  {
    spec: 'classic/ewd840',
    survivors:
      'Initial states include all colors and all sets of active nodes, so fewer steps lead to the same states. Other mutants send the token once more, or mark more nodes.',
  },
  { spec: 'classic/ewd998', survivors: 'Some mutants send the token once more, or keep a node active for longer.' },
  {
    spec: 'classic/chang-roberts',
    survivors: 'A node sends its number once more, and others drop it. The ring in the other direction is a ring too.',
  },
  { spec: 'classic/yo-yo' },
]
