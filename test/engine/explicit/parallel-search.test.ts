/** The index of the states found by several threads, seen from the main thread. */
import { describe, expect, it } from 'vitest'
import { ownerOf } from '../../../src/store/owner.ts'
import { ParallelSearch } from '../../../src/engine/explicit/parallel/parallel-search.ts'
import { Search } from '../../../src/engine/explicit/search.ts'
import { StateSet } from '../../../src/store/state-set.ts'
import { hash } from '../../../src/semantics/hash.ts'
import type { NextState } from '../../../src/semantics/contract.ts'
import type { Successors } from '../../../src/semantics/successors.ts'
import { OCCUPIED } from '../../../src/state/layout.ts'

const STATES = 3000

/** A binary tree: state n leads to 2n and 2n + 1. A state has two words, so that word indexes and places differ. */
const tree: NextState = {
  successors(words: Int32Array, offset: number, out: Successors) {
    const n = words[offset]!
    out.size = 0
    out.failure = undefined
    out.reserve(2)
    for (const state of [2 * n, 2 * n + 1]) {
      if (state > STATES) continue
      out.words.set(packed(state), 2 * out.size)
      out.instance[out.size] = 0
      out.step[out.size++] = 0
    }
  },
}

const observer = { dead() {}, failed() {}, discovered() {}, suspects: () => false }

function packed(state: number): Int32Array {
  return Int32Array.of(state, OCCUPIED)
}

/** A search of the whole tree. `threads` threads take it over after some levels, and the calling thread finishes it. */
async function searched(threads: number): Promise<ParallelSearch> {
  const search = new Search(tree, 1, observer, new StateSet(2))
  search.begin(packed(1))
  for (let level = 0; level < 5; level++) search.expandLevel()
  const parallel = new ParallelSearch(search, observer, { threads, from: 8, maxBytes: 2 ** 24 })
  while (parallel.frontier.words > 0) {
    await parallel.expandLevel(
      undefined,
      undefined,
      () => false,
      async () => {},
      (share) => share(),
    )
  }
  return parallel
}

describe.each([1, 2, 3, 5])('ParallelSearch.index with %i threads', (threads) => {
  it('has a different place for each state found, from which the state can be read', async () => {
    const { index, found } = await searched(threads)
    expect(found).toBe(STATES)
    const places = new Set<number>()
    const read = new Int32Array(4)
    for (let state = 1; state <= STATES; state++) {
      const words = packed(state)
      const place = index.placeOf(words, 0, hash(words, 0, 2))
      expect(place).toBeGreaterThanOrEqual(0)
      expect(place).toBeLessThan(index.places)
      index.readPlace(place, read, 2)
      expect([...read.subarray(2)]).toEqual([...words])
      places.add(place)
    }
    expect(places.size).toBe(STATES)
  })

  it('has adjacent places for each thread, in the order of `partitions`', async () => {
    const { index } = await searched(threads)
    const each = index.places / threads
    expect(index.partitions).toHaveLength(threads)
    for (let state = 1; state <= STATES; state++) {
      const words = packed(state)
      const hashed = hash(words, 0, 2)
      const place = index.placeOf(words, 0, hashed)
      const owner = ownerOf(hashed, threads)
      expect(Math.floor(place / each)).toBe(owner)
      expect(index.partitions[owner]!.table[2 * (place % each)]).toBe(state)
    }
  })

  it('has no place for a state that was not found', async () => {
    const { index } = await searched(threads)
    for (const state of [0, STATES + 1, 2 ** 30]) {
      const words = packed(state)
      expect(index.placeOf(words, 0, hash(words, 0, 2))).toBe(-1)
    }
  })
})
