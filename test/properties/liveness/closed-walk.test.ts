/** Compares the search for a shortest fair cycle with a plain one that tries each start and skips nothing. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shortestClosedWalk } from '../../../src/properties/liveness/closed-walk.ts'
import type { FairnessConstraint } from '../../../src/properties/liveness/alphabet.ts'
import type { FairComponents } from '../../../src/properties/liveness/fair-components.ts'
import { GrowingStack } from '../../../src/properties/liveness/growing-stack.ts'
import { Marks } from '../../../src/properties/liveness/marks.ts'
import type { TightProduct } from '../../../src/properties/liveness/tight-product.ts'
import { WorkBudget } from '../../../src/properties/liveness/work-budget.ts'
import { runs } from '../../support/amount.ts'

interface Edge {
  readonly from: number
  readonly to: number
  readonly length: number
  /** By constraint: 0 not enabled, 1 enabled, 2 taken. By acceptance set: whether the edge is in it. */
  readonly constraints: readonly number[]
  readonly acceptanceSets: readonly boolean[]
}

interface Case {
  readonly distances: readonly number[]
  readonly fairness: readonly ('weak' | 'strong')[]
  readonly edges: readonly Edge[]
}

const FAIRNESS = ['weak', 'strong', 'strong', 'weak'] as const
const PROMISES = 2

const cases: fc.Arbitrary<Case> = fc.noBias(
  fc.tuple(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 0, max: 4 })).chain(([size, count]) => {
    const node = fc.nat(size - 1)
    const edge = fc.record({
      from: node,
      to: node,
      length: fc.constantFrom(0, 1, 1, 1),
      constraints: fc.array(fc.constantFrom(0, 1, 1, 2), { minLength: count, maxLength: count }),
      acceptanceSets: fc.array(fc.constantFrom(true, false, false), { minLength: PROMISES, maxLength: PROMISES }),
    })
    return fc.record({
      distances: fc
        .array(fc.nat(6), { minLength: size, maxLength: size })
        .map((some) => [...some].sort((a, b) => a - b)),
      fairness: fc.constant(FAIRNESS.slice(0, count)),
      edges: fc.array(edge, { minLength: size, maxLength: 3 * size, size: 'max' }),
    })
  }),
)

/** The effect of edges, for the plain search: as text, so that it does not rely on the marks of src. */
type Done = readonly (number | boolean)[]

function plainLength({ distances, fairness, edges }: Case): number | undefined {
  const join = (done: Done, { constraints, acceptanceSets }: Edge): Done => [
    ...constraints.map((how, index) => {
      const before = done[index] as number
      // A weak constraint is met by a moment without such an enabled step, or by such a step.
      return fairness[index] === 'weak' ? Math.max(before, how === 1 ? 0 : 1) : Math.max(before, how)
    }),
    ...acceptanceSets.map((kept, index) => kept || (done[fairness.length + index] as boolean)),
  ]
  const isEnough = (done: Done): boolean =>
    done.every((own, index) => (index >= fairness.length ? own : fairness[index] === 'weak' ? own === 1 : own !== 1))
  let best: number | undefined
  distances.forEach((distance, start) => {
    const begun: Done = [...fairness.map(() => 0), false, false]
    const known = new Map([[`${start} ${begun.join()}`, 0]])
    const todo: { node: number; done: Done; length: number }[] = [{ node: start, done: begun, length: 0 }]
    for (const { node, done, length } of todo) {
      for (const edge of edges) {
        if (edge.from !== node) continue
        const next = join(done, edge)
        const along = length + edge.length
        if (edge.to === start && isEnough(next)) best = Math.min(best ?? Infinity, distance + along)
        const key = `${edge.to} ${next.join()}`
        if ((known.get(key) ?? Infinity) <= along) continue
        known.set(key, along)
        todo.push({ node: edge.to, done: next, length: along })
      }
    }
  })
  return best
}

/** The same graph as parts of a product. */
function partsOf({ distances, fairness, edges }: Case): FairComponents {
  const constraints = fairness.map((kind, bit) => ({ definition: { fairness: kind }, bit }) as FairnessConstraint)
  const marks = new Marks(constraints, PROMISES)
  const size = distances.length
  const sorted = distances.flatMap((_, node) => edges.filter(({ from }) => from === node))
  const back = distances.flatMap((_, node) => sorted.filter(({ to }) => to === node))
  const firstsOf = (all: readonly Edge[], end: 'from' | 'to'): Int32Array =>
    Int32Array.from({ length: size + 1 }, (_, node) => all.filter((edge) => edge[end] < node).length)
  const markWords = new GrowingStack()
  for (const { constraints: how, acceptanceSets } of sorted) {
    // Like a graph with one state and one label.
    const has = (expected: number) => (_: number, bit: number) =>
      how[bit] === expected || (expected === 1 && how[bit] === 2)
    const graph = { hasLabelBit: has(2), hasStateBit: has(1) } as unknown as TightProduct['graph']
    const kept = acceptanceSets.reduce((all, one, index) => all | (one ? 1 << index : 0), 0)
    marks.of(graph, 0, 0, kept).forEach((word) => markWords.push(word))
  }
  const distanceStack = new GrowingStack()
  distances.forEach((distance) => distanceStack.push(distance))
  return {
    product: { marks, markWords, distances: distanceStack } as unknown as TightProduct,
    nodes: Int32Array.from(distances.keys()),
    firsts: firstsOf(sorted, 'from'),
    backFirsts: firstsOf(back, 'to'),
    targets: Int32Array.from(sorted, ({ to }) => to),
    lengths: Uint8Array.from(sorted, ({ length }) => length),
    marks: Int32Array.from(sorted.keys()),
    sources: Int32Array.from(back, ({ from }) => from),
    backLengths: Uint8Array.from(back, ({ length }) => length),
  }
}

function finish<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value as T
  }
}

describe('shortestClosedWalk', () => {
  it('finds the same as the plain search, and a walk of the length that it reports', () => {
    let found = 0
    let long = 0
    fc.assert(
      fc.property(cases, (one) => {
        const parts = partsOf(one)
        const expected = plainLength(one)
        const { walk, isDone } = finish(shortestClosedWalk(parts, 1000, new WorkBudget(1e6), () => false))
        expect([walk?.length, isDone]).toEqual([expected, true])
        if (walk === undefined) return
        found++
        if (walk.cycle.length > 4) long++
        expect(walk.cycle.at(-1)).toBe(walk.cycle[0])
        // Finds nothing shorter, and exactly that one.
        expect(finish(shortestClosedWalk(parts, walk.length, new WorkBudget(1e6), () => false)).walk).toBeUndefined()
        const again = finish(shortestClosedWalk(parts, walk.length + 1, new WorkBudget(1e6), () => false)).walk
        expect(again?.length).toBe(walk.length)
      }),
      { numRuns: runs(5000) },
    )
    expect(found).toBeGreaterThan(runs(500))
    expect(long).toBeGreaterThan(runs(100))
  })

  it('reports an incomplete search if the work does not suffice', () => {
    const acceptanceSets = [true, true]
    const edges = [0, 1, 2, 3].map((from) => ({ from, to: (from + 1) % 4, length: 1, constraints: [], acceptanceSets }))
    const parts = partsOf({ distances: [0, 1, 2, 3], fairness: [], edges })
    const { walk, isDone } = finish(shortestClosedWalk(parts, 1000, new WorkBudget(5), () => false))
    expect([walk, isDone]).toEqual([undefined, false])
    expect(finish(shortestClosedWalk(parts, 1000, new WorkBudget(500), () => false))).toMatchObject({
      ...{ walk: { length: 4, cycle: [0, 1, 2, 3, 0] }, isDone: true },
    })
  })
})
