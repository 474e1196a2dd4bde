/** Two workers of one search, stepped by hand: how they divide the states, and how they detect the end of a level. */
import { describe, expect, it } from 'vitest'
import {
  allocateSharedMemory,
  pageBytes,
  partitionOf,
  type SharedMemory,
} from '../../../src/engine/explicit/parallel/shared-memory.ts'
import {
  ABANDON,
  nextPagesOf,
  HALT,
  ORDER,
  pagesOf,
  PARITY,
  PENDING,
  sizeOf,
  takenOf,
  WORKING,
} from '../../../src/engine/explicit/parallel/control.ts'
import { ownerOf } from '../../../src/store/owner.ts'
import { Abandoned, ExpansionWorker } from '../../../src/engine/explicit/parallel/expansion-worker.ts'
import { OutOfMemory } from '../../../src/store/memory.ts'
import { Search, type StateExpander } from '../../../src/engine/explicit/search.ts'
import { StateSet } from '../../../src/store/state-set.ts'
import { hash } from '../../../src/semantics/hash.ts'
import type { NextState } from '../../../src/semantics/contract.ts'
import type { Successors } from '../../../src/semantics/successors.ts'
import { OCCUPIED } from '../../../src/state/layout.ts'

/** The successors of a state. */
type Leads = (state: number) => readonly number[]

/** 600 states that no other state leads to. */
const ownSix: Leads = (state) => Array.from({ length: 600 }, (_, which) => state * 1000 + which + 1)

/** The same 40 successors for each state. */
const same: Leads = () => Array.from({ length: 40 }, (_, which) => 5000 + which)

const observer = { dead() {}, failed() {}, discovered() {}, suspects: () => false }

function engineFor(leads: Leads): StateExpander {
  const next: NextState = {
    successors(words: Int32Array, offset: number, out: Successors) {
      const found = leads(words[offset]! & ~OCCUPIED)
      out.size = 0
      out.failure = undefined
      out.reserve(found.length)
      for (const state of found) {
        out.words[out.size] = state | OCCUPIED
        out.instance[out.size] = 0
        out.step[out.size++] = 0
      }
    },
  }
  return new Search(next, 1, observer, new StateSet(1)).expansion
}

/** A level of `states` states, one on each page, all in the first thread's list. */
function two(leads: Leads, states: number, { maxBytes = 2 ** 24, threads = 2, pageStates = 1 } = {}) {
  const memory = allocateSharedMemory({ width: 1, threads: 2, instances: 1, maxBytes, states: 0, pageStates })
  const shares = [0, 1].map((thread) => new ExpansionWorker(memory, thread, engineFor(leads), observer)) as [
    ExpansionWorker,
    ExpansionWorker,
  ]
  for (let state = 1; state <= states; state++) {
    const { id, words } = shares[0].pages.take()
    words[0] = state | OCCUPIED
    shares[0].pages.publish(id, 1, 0)
  }
  const { control } = memory
  control[PARITY] = 1
  control[pagesOf(0)] = states
  control[nextPagesOf(0)] = 0
  control[WORKING] = threads
  control[PENDING] = threads
  for (const share of shares) share.begin()
  return { shares, memory, control, sizes: () => [control[sizeOf(0)]!, control[sizeOf(1)]!] as const }
}

/** Steps the workers in turn, one slice each, until both are done. */
function finish(shares: readonly ExpansionWorker[]): void {
  const open = new Set(shares)
  for (let turns = 0; open.size > 0; turns++) {
    expect(turns).toBeLessThan(100_000)
    for (const share of open) {
      let asked = 0
      if (share.work(() => ++asked > 2) === 'done') open.delete(share)
    }
  }
}

/** The states on the pages of the next level. */
function found({ control, lists, sizes, arena, pageWords }: SharedMemory): number[] {
  const half = lists.length / 4
  return [0, 1]
    .flatMap((thread) => {
      const from = (2 * thread + 1 - control[PARITY]!) * half
      return [...lists.subarray(from, from + control[nextPagesOf(thread)]!)]
    })
    .flatMap((page) => [...arena.subarray(page * pageWords, page * pageWords + sizes[page]!)])
    .map((word) => word & ~OCCUPIED)
    .sort((a, b) => a - b)
}

const never = (): boolean => false

describe('ExpansionWorker', () => {
  it.each([1, 8, 512])('finds each state once, in the partition of its owner, with messages of %i', (pageStates) => {
    const { shares, memory, sizes } = two(ownSix, 9, { pageStates })
    finish(shares)
    const expected = Array.from({ length: 9 }, (_, index) => ownSix(index + 1)).flat()
    expect(found(memory)).toEqual(expected)
    expect(sizes()[0] + sizes()[1]).toBe(expected.length)
    for (const state of expected) {
      const words = Int32Array.of(state | OCCUPIED)
      const owner = ownerOf(hash(words, 0, 1), 2)
      expect([0, 1].map((thread) => partitionOf(memory, thread).has(words, 0))).toEqual([owner === 0, owner === 1])
    }
  })

  it('finds a state once if both threads reach it', () => {
    const { shares, memory } = two(same, 2)
    finish(shares)
    expect(found(memory)).toEqual(same(0))
  })

  it('is not done while one of its messages is under way', () => {
    const { shares, control } = two(same, 1)
    const [one, other] = shares
    expect(one.work(never)).toBe('waiting')
    expect(control[PENDING]).toBeGreaterThan(1)
    expect(other.work(never)).toBe('waiting')
    expect(one.work(never)).toBe('done')
    expect(other.work(never)).toBe('done')
  })

  it('does not sleep through a message that arrives after its check', () => {
    const { shares } = two(same, 1)
    const [one, other] = shares
    expect(other.work(() => false)).not.toBe('done')
    expect(one.work(never)).not.toBe('paused')
    const startedMs = performance.now()
    other.wait(30_000)
    expect(performance.now() - startedMs).toBeLessThan(10_000)
  })

  it('waits while too many of its messages are not unpacked', () => {
    const { shares, memory } = two(ownSix, 20)
    expect(shares[0].work(never)).toBe('waiting')
    expect(memory.control[PENDING]).toBeGreaterThan(200)
    expect(memory.control[takenOf(0)]).toBeLessThan(10)
    finish(shares)
    expect(found(memory)).toHaveLength(20 * 600)
  })

  it('inserts into both partitions when it works alone', () => {
    const { shares, memory, sizes } = two(ownSix, 3, { threads: 1 })
    expect(shares[0].work(never)).toBe('done')
    expect(found(memory)).toHaveLength(1800)
    expect(Math.min(...sizes())).toBeGreaterThan(800)
  })

  it('continues after working alone, and so does the other thread', () => {
    const { shares, memory, control } = two(ownSix, 1, { threads: 1 })
    expect(shares[0].work(never)).toBe('done')
    control[PARITY] = 0
    control[pagesOf(0)] = control[nextPagesOf(0)]!
    control[nextPagesOf(0)] = 0
    control[WORKING] = control[PENDING] = 2
    for (const share of shares) share.begin()
    const before = control[sizeOf(0)]! + control[sizeOf(1)]!
    finish(shares)
    expect(control[sizeOf(0)]! + control[sizeOf(1)]! - before).toBe(found(memory).length)
    expect(found(memory)).toHaveLength(new Set(found(memory)).size)
  })

  it('runs out of memory if its partition may not grow', () => {
    const { shares } = two(ownSix, 4, { maxBytes: 10_000, threads: 1 })
    expect(() => shares[0].work(never)).toThrow(OutOfMemory)
  })

  it('stops on request, and does not wait after a thread is lost', () => {
    const { shares, control } = two(ownSix, 2)
    control[ORDER] = HALT
    expect(shares[0].work(never)).toBe('paused')
    control[ORDER] = ABANDON
    expect(() => shares[1].work(never)).toThrow(Abandoned)
  })

  it('reuses pages and messages that it has read', () => {
    const { shares, memory } = two(same, 50)
    finish(shares)
    expect(pageBytes(memory)).toBeLessThan((50 + 40 + 2 * 40 * 4 * 8) * 4 * 2)
  })
})
