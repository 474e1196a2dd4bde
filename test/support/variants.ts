/** The variants of each spec of `specs/` on which tests compare the ways to explore. */
import { readdirSync, readFileSync } from 'node:fs'
import { some } from './amount.ts'

export type Constants = { readonly [name: string]: string | number | readonly string[] }

/** Variants with more than about 250 states, for `npm run test:all`. `npm test` uses smaller ones of the same spec. */
const LARGE = new Set<Constants>()

function large(constants: Constants): Constants {
  LARGE.add(constants)
  return constants
}

/** The constants to test for each spec. They are chosen so that some variant takes each action. */
export const VARIANTS: { readonly [path: string]: readonly Constants[] } = {
  'classic/bakery.ts': [
    large({}),
    large({ design: 'no-choosing' }),
    { tickets: 2 },
    { design: 'no-choosing', tickets: 2 },
    { design: 'no-names', tickets: 3 },
    large({ processes: 3, tickets: 3 }),
    large({ design: 'no-choosing', processes: 3, tickets: 3 }),
  ],
  'classic/chang-roberts.ts': [
    {},
    { design: 'pass-higher', nodes: 2 },
    large({ ring: 'descending', nodes: 4 }),
    large({ design: 'stay', ring: 'descending' }),
  ],
  'classic/die-hard.ts': [{}],
  'classic/dining-philosophers.ts': [
    ...['left-first', 'one-right-handed', 'ordered', 'waiter', 'put-back'].flatMap((design) => [
      large({ design }),
      { design, philosophers: 2 },
    ]),
    large({ design: 'no-forks', philosophers: 3 }),
    { design: 'no-forks', philosophers: 2 },
  ],
  'classic/ewd840.ts': [
    { nodes: 1 },
    { nodes: 2 },
    ...['ewd840', 'no-black-node', 'no-black-token', 'no-wait'].map((design) => large({ design, nodes: 3 })),
  ],
  'classic/ewd998.ts': [
    { design: 'no-mark', nodes: 2 },
    ...['ewd998', 'no-sum', 'no-wait'].map((design) => large({ design, nodes: 2 })),
  ],
  'classic/german.ts': [
    { nodes: 1, data: 0 },
    large({ nodes: 1, design: 'lost-writeback' }),
    ...['german', 'forget-shared', 'forget-exclusive', 'overwrite'].map((design) => large({ design, data: 0 })),
    large({ design: 'german', data: 2 }),
    large({ design: 'lost-writeback', data: 2 }),
  ],
  'classic/lamport-mutex.ts': [
    { processes: 2, time: 1 },
    ...['lamport', 'unordered', 'no-names'].map((design) => large({ design, processes: 2, time: 2 })),
  ],
  'classic/paxos.ts': [
    { acceptors: 1, values: 1 },
    large({ acceptors: 2 }),
    { design: 'any-value', acceptors: 1 },
    large({ design: 'small-quorum', acceptors: 2 }),
    large({ design: 'broken-promise', acceptors: 2 }),
  ],
  'classic/peterson.ts': ['peterson', 'no-turn', 'no-flag', 'turn-first', 'late-flag', 'own-turn'].map((design) => ({
    design,
  })),
  'classic/readers-writers.ts': [
    { actors: 1 },
    ...['queue', 'no-queue', 'late-check', 'writer-enters'].map((design) => large({ design, actors: 2 })),
  ],
  'classic/sliding-puzzle.ts': [{ puzzle: 'five' }, large({ puzzle: 'pennant' })],
  'classic/teaching-concurrency.ts': [
    { processes: 1 },
    {},
    large({ registers: 'regular' }),
    { order: 'read-first' },
    { order: 'read-first', registers: 'regular', processes: 3 },
  ],
  'classic/two-phase-commit.ts': [{ resourceManagers: 1 }, {}, large({ resourceManagers: 4 })],
  'classic/yo-yo.ts': [
    { network: 'any', nodes: 2 },
    { links: ['1-3', '2-3'], nodes: 3, design: 'keep-sinks' },
    ...['pruning', 'no-pruning', 'keep-sinks', 'prune-all', 'forget-early'].map((design) => large({ design })),
    large({ network: 'any', nodes: 4 }),
  ],
  'cluster.ts': [
    { losses: 0 },
    ...['no-count', 'no-hold', 'early-level'].map((design) => large({ design, losses: 0 })),
    large({}),
    large({ design: 'no-resend' }),
    large({ design: 'old-done' }),
    large({ design: 'drop-frontier' }),
  ],
  'dax-lease.ts': [
    ...['v3', 'no-reap-no-list-ref', 'no-write-barrier', 'no-read-barrier', 'wait-holding-lock', 'pin-first'].map(
      (design) => ({ design, leases: 1 }),
    ),
    { leaseFail: 'posted', leases: 1 },
  ],
  'gup-fast-remove.ts': [
    { cpus: 1 },
    { cpus: 1, recheck: 'no', waitRefs: 'no' },
    { cpus: 1, unmap: 'pfn-loop', sync: 'kill-gp' },
    { pfns: 1, cpus: 1, pgmapRef: 'no', unmap: 'pfn-loop', sync: 'ipi', idleCheck: 'before-kill', mount: 'on' },
    large({}),
    large({ recheck: 'no', waitRefs: 'no' }),
    large({ unmap: 'pfn-loop', sync: 'kill-gp' }),
    large({ pgmapRef: 'no', unmap: 'pfn-loop', pins: 'long-term' }),
    large({ pgmapRef: 'no', unmap: 'pfn-loop', sync: 'ipi', idleCheck: 'before-kill', mount: 'on' }),
    large({ pgmapRef: 'no', unmap: 'range', sync: 'ipi', pfns: 3 }),
  ],
  'kmem-remove.ts': [
    ...['burn', 'refuse', 'mf-force', 'mf-movable', 'wait-offline'].map((design) => ({ design })),
    { design: 'mf-movable', phys: 'on', zones: 'movable' },
    { design: 'mf-force', memmap: 'self', pages: 2, devices: 1 },
    { design: 'burn', memmap: 'boot', phys: 'on', zones: 'normal', pages: 2, devices: 1 },
    large({ design: 'wait-offline', zones: 'movable', pages: 2, pins: 'long-term' }),
  ],
  'kernel/queued-lock.ts': [
    ...['mcs', 'no-wait', 'no-cmpxchg', 'late-init'].map((design) => ({ design, cpus: 2 })),
    large({}),
  ],
  'kernel/spinlock.ts': [
    ...['irqsave', 'plain', 'late-save', 'early-restore'].map((design) => ({ design, cpus: 1 })),
    { lock: 'test-and-set', cpus: 1 },
    large({ lock: 'test-and-set' }),
    large({ design: 'plain', lock: 'test-and-set' }),
    large({}),
  ],
  'kernel/store-buffer.ts': [
    { test: 'SB' },
    { test: 'SB+mfences', design: 'sc' },
    { test: 'iwp2.4', entries: 1 },
    { test: 'n6', design: 'no-forwarding', entries: 1 },
    { test: 'dekker', entries: 1 },
    large({ test: 'peterson' }),
    large({ test: 'peterson+mfence' }),
    large({ test: 'amd6' }),
    large({ test: 'iwp2.7' }),
  ],
  'kernel/write-ahead-log.ts': [
    { transactions: 1, blocks: 1 },
    { transactions: 1, blocks: 1, flushes: ['log', 'checkpoint'] },
    { transactions: 1, blocks: 2, flushes: ['commit', 'checkpoint'], recovery: 'checksum' },
    {},
    { flushes: ['commit', 'checkpoint'] },
    { flushes: ['log', 'commit'] },
  ],
  'poison-recovery.ts': [
    { design: 'plain' },
    { design: 'plain', wgate: 'no' },
    { design: 'flag' },
    { design: 'flag', blocks: 2, crashes: 0 },
    { design: 'auto' },
    { design: 'auto', wgate: 'no' },
    ...['clear-write-list', 'list-clear-write', 'clear-list-write', 'write-clear-list', 'atomic'].map((order) => ({
      design: 'merged',
      order,
    })),
    { design: 'merged', order: 'write-clear-write-list', clear: 'preserve' },
    { design: 'merged', fsNotify: 'no' },
    { design: 'merged', latentFix: 'yes' },
    { design: 'merged', writers: 2 },
    large({ design: 'merged', writers: 2, lock: 'no', crashes: 0 }),
  ],
  'radix-sync.ts': [
    ...['noflush', 'v1', 'v2', 'v2m', 'v3', 'v9'].map((design) => ({ design, callers: 1, rounds: 1, metric: 'on' })),
    ...['sol1-held', 'sol1-before', 'sol1-after', 'sol1-held-v2order'].map((design) => ({ design, rounds: 1 })),
    large({ design: 'sol2', rounds: 1, stores: 1 }),
    ...['sol2-late', 'sol2-tagonly', 'sol2-late-tagonly', 'sol2-noWP', 'sol2-earlyD', 'sol2-flushfirst'].map(
      (design) => ({ design, callers: 1, rounds: 1 }),
    ),
    large({ design: 'sol2-late', callers: 1, rounds: 1, stores: 1, mappers: 2 }),
    { design: 'sol1-held', callers: 1, rounds: 1, stores: 1, pages: 2, metric: 'on' },
  ],
  // The others are in `large.long.ts`, like those of `dax-lease.ts`.
  'seen-set.ts': [{ design: 'one-part' }, large({ design: 'bell-late', capacity: 2 })],
  'stale-exposure.ts': [{}, { zeroing: 'cached' }, { zeroing: 'cached', commitFlush: 'no' }],
  'truncate-dma.ts': [
    ...['none', 'wait-layout', 'wait-allocated', 'wait-allocated-v3', 'sequester', 'extent-busy', 'busy-page'].map(
      (design): Constants => ({ design, users: 1, files: 1 }),
    ),
    { design: 'busy-page', users: 1, files: 1, umount: 'no-drain' },
    large({ design: 'none' }),
    { design: 'fail' },
    large({ design: 'fail', race: 'check-then-free' }),
    large({ design: 'wait-layout' }),
    large({ design: 'wait-layout', dio: 'break-then-pin', users: 1 }),
    large({ design: 'wait-allocated', newPins: 'blocked', users: 1 }),
    large({ design: 'wait-allocated' }),
    large({ design: 'wait-allocated', gupFast: 'on', users: 1 }),
    large({ design: 'wait-allocated', gupOrder: 'ref-first', users: 1 }),
    large({ design: 'wait-allocated', race: 'check-then-free', users: 1 }),
    large({ design: 'wait-allocated', pagesPerGup: 2, newPins: 'blocked', holdLock: 'yes', users: 1 }),
    large({ design: 'wait-allocated-v3' }),
    large({ design: 'sequester' }),
    large({ design: 'sequester', race: 'check-then-free' }),
    large({ design: 'sequester', reclaim: 'never' }),
    large({ design: 'sequester', reclaim: 'at-mount', umount: 'no-drain' }),
    large({ design: 'extent-busy', umount: 'drain' }),
    large({ design: 'busy-page', users: 1 }),
    large({ design: 'busy-page', users: 1, scanFirst: 'yes' }),
    large({ design: 'busy-page', users: 1, umount: 'no-drain' }),
    large({ design: 'busy-page', users: 1, newPins: 'blocked', umount: 'drain' }),
    large({ design: 'disable-dax' }),
  ],
  // Variants with more records and processes are in `unbind.long.ts`.
  'unbind.ts': [
    ...['base', 'base-return0', 'v5', 'fix61', 'v6+fix', 'merged-allfreeze', 'shutdown-first'],
    ...['kill-first-naive', 'kill-first', 'sync-kill-walk', 'devdax'],
  ]
    .map((design): Constants => ({ design, kinds: 'MD', processes: 1 }))
    .concat([
      large({ design: 'v6', processes: 1 }),
      large({ design: 'merged', kinds: 'D' }),
      { design: 'v5', kinds: 'DM', sb: 'mounting', processes: 1 },
      { design: 'v6', kinds: 'DM', sb: 'umount', processes: 1 },
      { design: 'merged', kinds: 'DM', sb: 'umount', grab: 'yes', processes: 1 },
      { design: 'v6', kinds: 'DM', agf: 'yes', collect: 'current-only', processes: 1 },
      large({ design: 'devdax', kinds: 'D', install: 'inside', start: 'unmapped' }),
    ]),
}

/** Maximal number of variants of a spec in `npm test`. */
const FEW = 5

/** Whether a variant has more than about 250 states. */
export function isLarge(constants: Constants): boolean {
  return LARGE.has(constants)
}

/** The variants of a spec for this run. `npm test` selects a few small ones from the whole table. */
export function variantsOf(path: string): readonly Constants[] {
  const small = some(VARIANTS[path] ?? [], (constants) => !LARGE.has(constants))
  return some(small, (_, index) => index % Math.ceil(small.length / FEW) === 0)
}

export const SPECS: URL = new URL('../../specs/', import.meta.url)

/** The specs by their paths in `specs/`. Other files there are parts that specs share. */
export const paths: readonly string[] = readdirSync(SPECS, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && readFileSync(new URL(path, SPECS), 'utf8').includes('export default spec('))
  .toSorted()
