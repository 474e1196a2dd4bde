/**
 * Every spec of `specs/`: learned evaluation against reference evaluation on the whole graph, and the outcome against a
 * brute-force explorer. A spec that has no entry here makes the test fail.
 */
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { check, type Outcome } from '../../src/index.ts'
import { instantiate, type AnySpec } from '../../src/spec/spec.ts'
import { bruteForce } from '../support/brute-force.ts'
import { compareEvaluators } from '../support/evaluators.ts'
import { compareEngines } from '../support/twins.ts'

type Constants = { readonly [name: string]: string | number }

/** For each spec the constants to try, chosen so that every action of it is taken by some. */
const VARIANTS: { readonly [path: string]: readonly Constants[] } = {
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

/** The lengths of the traces, by property; of lassos none. */
function stepsTo({ properties, traces }: Pick<Outcome, 'properties' | 'traces'>): { [property: string]: number } {
  return Object.fromEntries(
    properties.flatMap(({ name, kind, trace }) =>
      trace === undefined || kind === 'temporal' ? [] : [[name, traces[trace]!.steps.length - 1] as const],
    ),
  )
}

const SPECS = new URL('../../specs/', import.meta.url)

/** `kernel/` has no specs, but what they share. */
const files = readdirSync(SPECS, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !path.startsWith('kernel/'),
)

describe.each(files.sort())('specs/%s', (path) => {
  it.each((VARIANTS[path] ?? []).map((constants) => [JSON.stringify(constants), constants] as const))(
    'is the same learned, by reference and by brute force with %s',
    async (_, constants) => {
      const { default: spec } = (await import(new URL(path, SPECS).href)) as { default: AnySpec }
      const { model } = instantiate(spec, constants)
      const expected = bruteForce(model)!
      expect(compareEvaluators(model, Infinity)).toBe(expected.distinct)

      const { states, properties, traces } = await check(spec, {
        ...{ constants, continue: true, deadlock: true, symmetry: false },
      })
      const { initial, generated, distinct, depth, found } = expected
      expect(states).toEqual({ initial, generated, distinct, depth })
      expect(stepsTo({ properties, traces })).toEqual(found)

      // Of whole behaviors brute force knows nothing, and they are decided on the model as it is.
      const others = model.properties.filter(({ kind }) => kind !== 'temporal').map(({ name }) => name)
      const reduced = await check(spec, { constants, continue: true, deadlock: true, properties: others })
      expect(reduced.states.depth).toBe(depth)
      expect(stepsTo(reduced)).toEqual(found)
    },
  )

  it.each((VARIANTS[path] ?? []).map((constants) => [JSON.stringify(constants), constants] as const))(
    'is the same by decision diagrams with %s',
    async (_, constants) => {
      const { default: spec } = (await import(new URL(path, SPECS).href)) as { default: AnySpec }
      expect(await compareEngines(spec, { constants, continue: true, deadlock: true })).toBe('symbolic')
      expect(await compareEngines(spec, { constants })).toBe('symbolic')
    },
  )

  it('has variants to be tried with', () => {
    expect(VARIANTS[path]).toBeDefined()
  })
})
