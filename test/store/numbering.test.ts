/** Compares the numbering by generated code with a map from states to numbers. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocateSharedMemory, partitionOf } from '../../src/engine/explicit/parallel/shared-memory.ts'
import { ownerOf } from '../../src/store/owner.ts'
import { Numbering, OUTSIDE } from '../../src/store/numbering.ts'
import type { StateIndex } from '../../src/store/state-index.ts'
import { StateSet } from '../../src/store/state-set.ts'
import { Batch } from '../../src/semantics/successor-batch.ts'
import { hash } from '../../src/semantics/hash.ts'
import { OCCUPIED } from '../../src/state/layout.ts'

/** A state that differs from others only in its first word, or only in its last. */
function packed(state: number, width: number): Int32Array {
  const words = new Int32Array(width)
  words[0] = state
  words[width - 1] = state | OCCUPIED
  return words
}

function oneSet(states: readonly number[], width: number): StateIndex {
  const set = new StateSet(width, Infinity, 2)
  for (const state of states) set.add(packed(state, width), 0)
  return set
}

/** The states in several tables, like those of several threads. */
function inParts(states: readonly number[], width: number, threads: number): StateIndex {
  const commons = allocateSharedMemory({
    width,
    threads,
    instances: 1,
    maxBytes: 2 ** 24,
    states: states.length,
    pageStates: 8,
  })
  const parts = Array.from({ length: threads }, (_, thread) => partitionOf(commons, thread))
  for (const state of states) {
    const words = packed(state, width)
    parts[ownerOf(hash(words, 0, width), threads)]!.add(words, 0)
  }
  const most = Math.max(...parts.map(({ places }) => places))
  return {
    places: threads * most,
    partitions: parts,
    placeOf: () => -1,
    readPlace: (place, into, at) => parts[Math.floor(place / most)]!.readPlace(place % most, into, at),
  }
}

/** Numbers batches of states, and checks each number. */
function agree(
  index: StateIndex,
  width: number,
  known: ReadonlySet<number>,
  batches: readonly (readonly number[])[],
): void {
  const numbering = new Numbering(index, width, known.size)
  const numbers = new Map<number, number>()
  for (const states of batches) {
    const batch = new Batch(width, new Float64Array(1), false)
    for (const state of states) {
      batch.reserve(1)
      batch.append(packed(state, width), 0, 0, 0)
    }
    const found = [...numbering.assign(batch).subarray(0, states.length)]
    const expected = states.map((state) => {
      if (!known.has(state)) return OUTSIDE
      if (!numbers.has(state)) numbers.set(state, numbers.size)
      return numbers.get(state)!
    })
    expect(found).toEqual(expected)
  }
  expect(numbering.count).toBe(numbers.size)
  const read = new Int32Array(width * numbers.size)
  numbering.read(0, numbers.size, read)
  for (const [state, number] of numbers) {
    expect([...read.subarray(width * number, width * (number + 1))]).toEqual([...packed(state, width)])
  }
}

describe('Numbering', () => {
  it.each([1, 2, 3, 9])('numbers states of %i words in the order of discovery', (width) => {
    const state = fc.nat(60)
    fc.assert(
      fc.property(
        fc.uniqueArray(state),
        fc.array(fc.array(state, { maxLength: 200 }), { maxLength: 8 }),
        fc.constantFrom(1, 2, 3),
        (states, batches, threads) => {
          const index = threads === 1 ? oneSet(states, width) : inParts(states, width, threads)
          agree(index, width, new Set(states), batches)
        },
      ),
    )
  })

  it('recognizes a state after others with the same place in the filter', () => {
    const states = Array.from({ length: 60_000 }, (_, state) => state)
    agree(oneSet(states, 1), 1, new Set(states), [states, states.toReversed(), states.map((state) => state * 3)])
  })
})
