/** Two shares of one search, stepped by hand: how they grow the table together, and who sees to it when one has left. */
import { describe, expect, it } from 'vitest'
import { makeCommons, pageBytes } from '../../src/explore/parallel/commons.ts'
import {
  ACTIVE,
  CAPACITY,
  EXHAUSTED,
  FOLLOWING_PAGES,
  insertedBy,
  LEVEL_PAGES,
  ORDER,
  PARITY,
} from '../../src/explore/parallel/control.ts'
import { Abandoned, Share } from '../../src/explore/parallel/share.ts'
import { StateSet } from '../../src/explore/state-set.ts'
import type { NextState, Successors } from '../../src/next/next-state.ts'
import { OCCUPIED } from '../../src/state/layout.ts'

const SUCCESSORS = 600

/** Each state n has the successors 1000 n + 1 ... 1000 n + 600. */
const next: NextState = {
  successors(words: Int32Array, offset: number, out: Successors) {
    out.size = 0
    out.failure = undefined
    out.reserve(SUCCESSORS)
    for (let which = 0; which < SUCCESSORS; which++) {
      out.words[which] = ((words[offset]! & 0x7fffffff) * 1000 + which + 1) | OCCUPIED
      out.instance[which] = 0
      out.step[which] = 0
    }
    out.size = SUCCESSORS
  },
}
const observer = { dead() {}, failed() {}, discovered() {}, suspects: () => false }

/** Two shares of a level of `states` states, one on a page. */
function two(states: number, maxBytes = Infinity) {
  const seen = new StateSet(1, maxBytes, 1024, 'shared')
  const commons = makeCommons(seen, { threads: 2, instances: 1, maxBytes: 2 ** 24, pageStates: 1 })
  const shares = [0, 1].map((thread) => new Share(commons, thread, next, 1, observer, maxBytes)) as [Share, Share]
  for (let state = 1; state <= states; state++) {
    const { id, words } = shares[0].pages.take()
    words[0] = state | OCCUPIED
    shares[0].pages.publish(id, 1)
  }
  const { control } = commons
  control[PARITY] = 1
  control[LEVEL_PAGES] = states
  control[FOLLOWING_PAGES] = 0
  control[ACTIVE] = 2
  return { shares, commons, control, inserted: () => control[insertedBy(0)]! + control[insertedBy(1)]! }
}

const never = (): boolean => false

describe('Share', () => {
  it('parks when the table has to grow, and the last to park grows it', () => {
    const { shares, control, inserted } = two(4)
    const [one, other] = shares
    expect(one.work(never)).toBe('gate')
    const epoch = one.park()
    expect(one.hasPassed(epoch)).toBe(false)
    expect(other.work(never)).toBe('gate')
    const its = other.park()
    expect(one.hasPassed(epoch)).toBe(true)
    expect(other.hasPassed(its)).toBe(true)
    expect(control[CAPACITY]).toBeGreaterThan(1024)
    for (const share of shares) {
      while (share.work(never) === 'gate') share.park()
      share.leave()
    }
    expect(inserted()).toBe(4 * SUCCESSORS)
    expect(control[FOLLOWING_PAGES]).toBe(4 * SUCCESSORS)
  })

  it('grows the table for one that is parked when it leaves', () => {
    const { shares, control } = two(2)
    const [one, other] = shares
    expect(one.work(never)).toBe('gate')
    const epoch = one.park()
    const before = control[CAPACITY]
    other.leave()
    expect(one.hasPassed(epoch)).toBe(true)
    expect(control[CAPACITY]).toBeGreaterThan(before!)
  })

  it('says so when the table may not grow, and lets everybody go', () => {
    const { shares, control } = two(2, 10_000)
    shares[1].leave()
    for (let turns = 0; shares[0].work(never) === 'gate'; turns++) {
      expect(turns).toBeLessThan(5)
      shares[0].park()
    }
    expect(control[EXHAUSTED]).toBe(1)
    expect(shares[0].work(never)).toBe('paused')
  })

  it('waits for nobody once a thread is lost', () => {
    const { shares, control } = two(2)
    expect(shares[0].work(never)).toBe('gate')
    const epoch = shares[0].park()
    Atomics.store(control, ORDER, 2)
    expect(() => shares[0].hasPassed(epoch)).toThrow(Abandoned)
    expect(() => shares[1].work(never)).toThrow(Abandoned)
  })

  it('writes pages again that it has read', () => {
    const { shares, commons } = two(1)
    while (shares[0].work(never) === 'gate') {
      shares[0].park()
      shares[1].leave()
    }
    expect(pageBytes(commons)).toBeLessThan((SUCCESSORS + 4) * 4)
  })
})
