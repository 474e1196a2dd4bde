import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DecisionTrees, UNKNOWN } from '../../../src/semantics/learned/decision-tree.ts'

/** Three narrow slots and a wide one, for both kinds of nodes. */
const SIZES = Int32Array.of(2, 3, 4, 5000)

/** A deterministic function of four slots, and its order of reads: each read depends on the contents read before. */
function evaluate(slots: Int32Array): { reads: number[]; leaf: number } {
  const reads: number[] = []
  const read = (slot: number): number => {
    if (!reads.includes(slot)) reads.push(slot)
    return slots[slot]!
  }
  if (read(1) === 0) return { reads, leaf: -1 }
  if (read(3) % 7 === 0) return { reads, leaf: -2 - read(0) }
  return { reads, leaf: read(1) === 1 ? -5 - read(2) : -20 }
}

const slots = fc.tuple(fc.nat(1), fc.nat(2), fc.nat(3), fc.nat(60)).map(([a, b, c, d]) => Int32Array.of(a, b, c, d))

describe('DecisionTrees', () => {
  it('follow the inserted paths, and lead nowhere else', () => {
    fc.assert(
      fc.property(fc.array(slots, { maxLength: 60 }), fc.array(slots), (learned, asked) => {
        const trees = new DecisionTrees(SIZES)
        let root = UNKNOWN
        const paths = new Set<string>()
        const pathOf = (it: Int32Array): string =>
          evaluate(it)
            .reads.map((slot) => `${slot}=${it[slot]}`)
            .join()
        for (const it of learned) {
          if (trees.walk(root, it) !== UNKNOWN) continue
          const { reads, leaf } = evaluate(it)
          root = trees.insert(root, reads, it, leaf)!.root
          paths.add(pathOf(it))
        }
        for (const it of [...learned, ...asked]) {
          expect(trees.walk(root, it)).toBe(paths.has(pathOf(it)) ? evaluate(it).leaf : UNKNOWN)
        }
      }),
    )
  })

  it('are a leaf for a function that reads nothing', () => {
    expect(new DecisionTrees(SIZES).insert(UNKNOWN, [], Int32Array.of(0, 0, 0, 0), -3)).toEqual({ root: -3, added: 0 })
  })

  it('refuse a path that reads another slot than the tree (KR901)', () => {
    const trees = new DecisionTrees(SIZES)
    const { root } = trees.insert(UNKNOWN, [0, 1], Int32Array.of(0, 0, 0, 0), -1)!
    expect(trees.insert(root, [1], Int32Array.of(0, 1, 0, 0), -1)).toBeUndefined()
  })

  it('know that a leaf is the only one if all values of the other slots lead there', () => {
    const trees = new DecisionTrees(SIZES)
    const at = (b: number): Int32Array => Int32Array.of(0, b, 0, 0)
    const leadsOnly = (root: number, contents: [number, number][]): boolean =>
      trees.leadsOnlyTo(-1, root, new Map(contents), { left: 100 })
    let { root } = trees.insert(UNKNOWN, [1], at(0), -1)!
    trees.insert(root, [1], at(1), -1)
    expect(leadsOnly(root, [])).toBe(false)
    expect(leadsOnly(root, [[1, 0]])).toBe(true)
    expect(leadsOnly(root, [[1, 2]])).toBe(false)
    ;({ root } = trees.insert(root, [1], at(2), -1)!)
    expect(leadsOnly(root, [])).toBe(true)
  })
})
