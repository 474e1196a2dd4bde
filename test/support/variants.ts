/** What every spec of `specs/` is tried with, whatever is held against what. */
import { readdirSync } from 'node:fs'

export type Constants = { readonly [name: string]: string | number }

/** For each spec the constants to try, chosen so that every action of it is taken by some. */
export const VARIANTS: { readonly [path: string]: readonly Constants[] } = {
  'classic/bakery.ts': [
    {},
    { design: 'no-choosing' },
    { design: 'no-names', tickets: 3 },
    { processes: 3, tickets: 3 },
    { design: 'no-choosing', processes: 3, tickets: 3 },
  ],
  'classic/die-hard.ts': [{}],
  'classic/dining-philosophers.ts': [
    ...['left-first', 'one-right-handed', 'ordered', 'waiter', 'put-back'].map((design) => ({ design })),
    { design: 'no-forks', philosophers: 3 },
    { design: 'waiter', philosophers: 2 },
  ],
  'classic/peterson.ts': ['peterson', 'no-turn', 'no-flag', 'turn-first', 'late-flag', 'own-turn'].map((design) => ({
    design,
  })),
  'classic/teaching-concurrency.ts': [
    { processes: 1 },
    {},
    { registers: 'regular' },
    { order: 'read-first' },
    { order: 'read-first', registers: 'regular', processes: 3 },
  ],
  'classic/two-phase-commit.ts': [{ resourceManagers: 1 }, {}, { resourceManagers: 4 }],
  'dax-lease.ts': [
    ...['v3', 'no-reap-no-list-ref', 'no-write-barrier', 'no-read-barrier', 'wait-holding-lock', 'pin-first'].map(
      (design) => ({ design, leases: 1 }),
    ),
    { leaseFail: 'posted', leases: 1 },
  ],
  'gup-fast-remove.ts': [
    {},
    { recheck: 'no', waitRefs: 'no' },
    { unmap: 'pfn-loop', sync: 'kill-gp' },
    { pgmapRef: 'no', unmap: 'pfn-loop', pins: 'long-term' },
    { pgmapRef: 'no', unmap: 'pfn-loop', sync: 'ipi', idleCheck: 'before-kill', mount: 'on' },
    { pgmapRef: 'no', unmap: 'range', sync: 'ipi', pfns: 3 },
  ],
  'kmem-remove.ts': [
    ...['burn', 'refuse', 'mf-force', 'mf-movable', 'wait-offline'].map((design) => ({ design })),
    { design: 'mf-movable', phys: 'on', zones: 'movable' },
    { design: 'mf-force', memmap: 'self', pages: 2, devices: 1 },
    { design: 'burn', memmap: 'boot', phys: 'on', zones: 'normal', pages: 2, devices: 1 },
    { design: 'wait-offline', zones: 'movable', pages: 2, pins: 'long-term' },
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
    { design: 'merged', writers: 2, lock: 'no', crashes: 0 },
  ],
  'radix-sync.ts': [
    ...['noflush', 'v1', 'v2', 'v2m', 'v3', 'v9'].map((design) => ({ design, callers: 1, rounds: 1, metric: 'on' })),
    ...['sol1-held', 'sol1-before', 'sol1-after', 'sol1-held-v2order'].map((design) => ({ design, rounds: 1 })),
    { design: 'sol2', rounds: 1, stores: 1 },
    ...['sol2-late', 'sol2-tagonly', 'sol2-late-tagonly', 'sol2-noWP', 'sol2-earlyD', 'sol2-flushfirst'].map(
      (design) => ({ design, callers: 1, rounds: 1 }),
    ),
    { design: 'sol2-late', callers: 1, rounds: 1, stores: 1, mappers: 2 },
    { design: 'sol1-held', callers: 1, rounds: 1, stores: 1, pages: 2, metric: 'on' },
  ],
  // The rest in `large.long.ts`, as of `dax-lease.ts`.
  'seen-set.ts': [{ design: 'one-part' }, { design: 'bell-late', capacity: 2 }],
  'stale-exposure.ts': [{}, { zeroing: 'cached' }, { zeroing: 'cached', commitFlush: 'no' }],
  'truncate-dma.ts': [
    { design: 'none' },
    { design: 'fail' },
    { design: 'fail', race: 'check-then-free' },
    { design: 'wait-layout' },
    { design: 'wait-layout', dio: 'break-then-pin', users: 1 },
    { design: 'wait-allocated', newPins: 'blocked', users: 1 },
    { design: 'wait-allocated' },
    { design: 'wait-allocated', gupFast: 'on', users: 1 },
    { design: 'wait-allocated', gupOrder: 'ref-first', users: 1 },
    { design: 'wait-allocated', race: 'check-then-free', users: 1 },
    { design: 'wait-allocated', pagesPerGup: 2, newPins: 'blocked', holdLock: 'yes', users: 1 },
    { design: 'wait-allocated-v3' },
    { design: 'sequester' },
    { design: 'sequester', race: 'check-then-free' },
    { design: 'sequester', reclaim: 'never' },
    { design: 'sequester', reclaim: 'at-mount', umount: 'no-drain' },
    { design: 'extent-busy', umount: 'drain' },
    { design: 'busy-page', users: 1 },
    { design: 'busy-page', users: 1, scanFirst: 'yes' },
    { design: 'busy-page', users: 1, umount: 'no-drain' },
    { design: 'busy-page', users: 1, newPins: 'blocked', umount: 'drain' },
    { design: 'disable-dax' },
  ],
  // With more records and processes in `unbind.long.ts`.
  'unbind.ts': [
    ...['base', 'base-return0', 'v5', 'fix61', 'v6+fix', 'merged-allfreeze', 'shutdown-first'],
    ...['kill-first-naive', 'kill-first', 'sync-kill-walk', 'devdax'],
  ]
    .map((design): Constants => ({ design, kinds: 'MD', processes: 1 }))
    .concat([
      { design: 'v6', processes: 1 },
      { design: 'merged', kinds: 'D' },
      { design: 'v5', kinds: 'DM', sb: 'mounting', processes: 1 },
      { design: 'v6', kinds: 'DM', sb: 'umount', processes: 1 },
      { design: 'merged', kinds: 'DM', sb: 'umount', grab: 'yes', processes: 1 },
      { design: 'v6', kinds: 'DM', agf: 'yes', collect: 'current-only', processes: 1 },
      { design: 'devdax', kinds: 'D', install: 'inside', start: 'unmapped' },
    ]),
}

export const SPECS: URL = new URL('../../specs/', import.meta.url)

/** The specs, by their paths in `specs/`. `kernel/` has none, but what they share. */
export const paths: readonly string[] = readdirSync(SPECS, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.startsWith('kernel/'))
  .toSorted()
