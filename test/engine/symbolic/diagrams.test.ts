import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Counter } from '../../../src/engine/symbolic/diagram/counter.ts'
import { firstOf, leastOf, tuplesAt, valuesAt } from '../../../src/engine/symbolic/diagram/choice.ts'
import { Diagrams, type Diagram } from '../../../src/engine/symbolic/diagram/diagrams.ts'
import { EMPTY, TableFull, NodeTable } from '../../../src/engine/symbolic/diagram/node-table.ts'
import { Permutation } from '../../../src/engine/symbolic/diagram/permutation.ts'
import { Relations } from '../../../src/engine/symbolic/diagram/relations.ts'
import { Saturation } from '../../../src/engine/symbolic/diagram/saturation.ts'
import { runs } from '../../support/amount.ts'

const PLACES = 4
const VALUES = 3

type Tuple = readonly number[]

const value = fc.nat(VALUES - 1)
const tuple: fc.Arbitrary<Tuple> = fc.array(value, { minLength: PLACES, maxLength: PLACES })
const tuples = fc.array(tuple, { maxLength: 20 })

/** Sets of tuples as their texts. */
function texts(all: readonly Tuple[]): string[] {
  return [...new Set(all.map((it) => it.join()))].sort()
}

function diagramOf(diagrams: Diagrams, all: readonly Tuple[]): Diagram {
  return all.reduce<Diagram>((set, one) => diagrams.union(set, diagrams.tuple(one)), EMPTY)
}

function tuplesOf(diagrams: Diagrams, set: Diagram): Tuple[] {
  const census = new Counter(diagrams)
  const count = Number(census.count(set))
  return Array.from({ length: count }, (_, index) => census.at(set, BigInt(index)))
}

/**
 * A cube as a list: the content that each place must hold, and its content afterwards. Null stands for any content, or
 * for no change.
 */
type Cube = readonly (readonly [read: number | null, write: number | null])[]

const content: fc.Arbitrary<number | null> = fc.option(value, { freq: 2 })

const cube: fc.Arbitrary<Cube> = fc.array(fc.tuple(content, content), { minLength: PLACES, maxLength: PLACES })

function matches(one: Cube, it: Tuple): boolean {
  return one.every(([read], place) => read === null || read === it[place])
}

function after(one: Cube, it: Tuple): Tuple {
  return it.map((content, place) => one[place]![1] ?? content)
}

function relationOf(relations: Relations, one: Cube): Diagram {
  const contents = (which: 0 | 1) =>
    new Map(one.flatMap((pair, place) => (pair[which] === null ? [] : [[place, pair[which]] as const])))
  return relations.cube(contents(0), contents(1))
}

/**
 * Cubes that no tuple matches twice, like the paths of a decision tree: they read the same places, with different
 * contents.
 */
const disjoint: fc.Arbitrary<Cube[]> = fc
  .tuple(fc.subarray([0, 1, 2, 3], { minLength: 1 }), fc.array(cube, { minLength: 1, maxLength: 6 }))
  .map(([read, cubes]) => {
    const paths = new Map<string, Cube>()
    for (const one of cubes) {
      const path = one.map(([content, write], place) => [read.includes(place) ? (content ?? 0) : null, write] as const)
      paths.set(path.map(([content]) => content).join(), path)
    }
    return [...paths.values()]
  })

function union(diagrams: Diagrams, all: readonly Diagram[]): Diagram {
  return all.reduce((sum, one) => diagrams.union(sum, one), EMPTY)
}

describe('diagrams', () => {
  it('represent sets of tuples', () => {
    fc.assert(
      fc.property(tuples, tuples, tuple, (one, other, single) => {
        const diagrams = new Diagrams()
        const [a, b] = [diagramOf(diagrams, one), diagramOf(diagrams, other)]
        const inside = new Set(texts(other))
        const common = one.filter((it) => inside.has(it.join()))
        const left = one.filter((it) => !inside.has(it.join()))
        expect(texts(tuplesOf(diagrams, diagrams.union(a, b)))).toEqual(texts([...one, ...other]))
        expect(texts(tuplesOf(diagrams, diagrams.intersect(a, b)))).toEqual(texts(common))
        expect(texts(tuplesOf(diagrams, diagrams.minus(a, b)))).toEqual(texts(left))
        expect(diagrams.has(b, single)).toBe(inside.has(single.join()))
      }),
    )
  })

  it('have the same number for the same set, however it was built', () => {
    fc.assert(
      fc.property(tuples, tuples, (one, other) => {
        const diagrams = new Diagrams()
        const [a, b] = [diagramOf(diagrams, one), diagramOf(diagrams, other)]
        expect(diagramOf(diagrams, [...one, ...other].reverse())).toBe(diagrams.union(a, b))
        expect(diagrams.union(diagrams.minus(a, b), diagrams.intersect(a, b))).toBe(a)
      }),
    )
  })

  it('count their tuples beyond the range of a double', () => {
    const diagrams = new Diagrams()
    const places = 200
    let set = 1
    for (let place = 0; place < places; place++) set = diagrams.table.make(0, set, diagrams.table.make(1, set, EMPTY))
    expect(new Counter(diagrams).count(set)).toBe(2n ** 200n)
    expect(new Counter(diagrams).at(set, 2n ** 200n - 1n)).toEqual(Array(places).fill(1))
    expect(diagrams.size(set)).toBe(2 * places)
  })

  it('stay the same when others are collected', () => {
    fc.assert(
      fc.property(tuples, tuples, tuples, (one, other, later) => {
        const diagrams = new Diagrams()
        const a = diagramOf(diagrams, one)
        diagramOf(diagrams, other)
        diagrams.collect([a])
        const size = diagrams.table.size
        expect(texts(tuplesOf(diagrams, a))).toEqual(texts(one))
        const c = diagramOf(diagrams, later)
        expect(texts(tuplesOf(diagrams, diagrams.union(a, c)))).toEqual(texts([...one, ...later]))
        expect(diagramOf(diagrams, one)).toBe(a)
        diagrams.collect([a])
        expect(diagrams.table.size).toBe(size)
      }),
    )
  })

  it('grow up to their limit', () => {
    const table = new NodeTable(2 ** 15)
    let node = 1
    expect(() => {
      for (let index = 0; index < 2 ** 16; index++) node = table.make(index, node, EMPTY)
    }).toThrow(TableFull)
    expect(table.size).toBe(2 ** 15)
    table.collect([])
    expect(table.size).toBe(2)
    expect(table.make(7, 1, EMPTY)).toBeGreaterThan(1)
  })

  it('can be reordered', () => {
    fc.assert(
      fc.property(tuples, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (all, places) => {
        const diagrams = new Diagrams()
        const moved = new Permutation(diagrams, places).of(diagramOf(diagrams, all))
        const permuted = all.map((it) => places.map((place) => it[place]!))
        expect(moved).toBe(diagramOf(diagrams, permuted))
      }),
    )
  })

  it('choose the least tuple with places compared as one content', () => {
    fc.assert(
      fc.property(
        fc.array(tuple, { minLength: 1 }),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8], { minLength: 9 }),
        (all, [a, b, c, d], ranks) => {
          const diagrams = new Diagrams()
          const set = diagramOf(diagrams, all)
          const rank = (it: Tuple): number => ranks[VALUES * it[a!]! + it[c!]!]!
          const compare = (group: number, one: Tuple, other: Tuple): number =>
            group === 1
              ? ranks[VALUES * one[0]! + one[1]!]! - ranks[VALUES * other[0]! + other[1]!]!
              : one[0]! - other[0]!
          const least = all.toSorted((x, y) => x[b!]! - y[b!]! || rank(x) - rank(y) || x[d!]! - y[d!]!)[0]
          expect(leastOf(diagrams, new Relations(diagrams), set, [[b!], [a!, c!], [d!]], compare)).toEqual(least)
          const pairs = all.map((it) => [it[c!]!, it[a!]!])
          expect(texts(tuplesAt(diagrams, set, [c!, a!]))).toEqual(texts(pairs))
        },
      ),
    )
  })

  it('choose the least tuple by the given order of places', () => {
    fc.assert(
      fc.property(
        fc.array(tuple, { minLength: 1 }),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
        (all, places) => {
          const diagrams = new Diagrams()
          const set = diagramOf(diagrams, all)
          const compare = (place: number, a: number, b: number): number => (place === 2 ? b - a : a - b)
          const least = all.reduce((best, it) => {
            const place = places.find((at) => it[at] !== best[at])
            return place !== undefined && compare(place, it[place]!, best[place]!) < 0 ? it : best
          })
          const groups = places.map((place) => [place])
          const byPlace = (group: number, [a]: Tuple, [b]: Tuple): number => compare(places[group]!, a!, b!)
          expect(leastOf(diagrams, new Relations(diagrams), set, groups, byPlace)).toEqual(least)
          expect(valuesAt(diagrams, set, 1)).toEqual(new Set(all.map((it) => it[1])))
          expect(texts([firstOf(diagrams, set)])[0]).toBe(texts(all)[0])
        },
      ),
    )
  })
})

describe('relations', () => {
  it('give the image and preimage of their cubes', () => {
    fc.assert(
      fc.property(tuples, tuples, disjoint, (from, to, cubes) => {
        const diagrams = new Diagrams()
        const relations = new Relations(diagrams)
        const relation = union(
          diagrams,
          cubes.map((one) => relationOf(relations, one)),
        )
        const [set, goal] = [diagramOf(diagrams, from), diagramOf(diagrams, to)]
        const reached = from.flatMap((it) => cubes.filter((one) => matches(one, it)).map((one) => after(one, it)))
        expect(texts(tuplesOf(diagrams, relations.image(set, relation)))).toEqual(texts(reached))
        const wanted = new Set(texts(to))
        const back = from.filter((it) => cubes.some((one) => matches(one, it) && wanted.has(after(one, it).join())))
        expect(texts(tuplesOf(diagrams, relations.preimage(set, goal, relation)))).toEqual(texts(back))
      }),
      { numRuns: runs(500) },
    )
  })

  it('know which sets they cover', () => {
    fc.assert(
      fc.property(tuples, disjoint, (all, cubes) => {
        const diagrams = new Diagrams()
        const relations = new Relations(diagrams)
        const guards = cubes.map((one) => one.map(([read]) => [read, null] as const))
        const relation = union(
          diagrams,
          guards.map((one) => relationOf(relations, one)),
        )
        const spoken = all.filter((it) => guards.some((one) => matches(one, it)))
        expect(relations.covers(relation, diagramOf(diagrams, all))).toBe(spoken.length === all.length)
        expect(relations.covers(relation, diagramOf(diagrams, spoken))).toBe(true)
        const witness = relations.witness(relation, diagramOf(diagrams, all))
        expect(witness === undefined).toBe(spoken.length === all.length)
        if (witness === undefined) return
        expect(texts(all)).toContain(witness.join())
        expect(guards.some((one) => matches(one, witness))).toBe(false)
      }),
    )
  })

  it('reach the same states by saturation as step by step', () => {
    fc.assert(
      fc.property(tuples, fc.array(disjoint, { maxLength: 4 }), (from, groups) => {
        const diagrams = new Diagrams()
        const relations = new Relations(diagrams)
        const all = groups.map((cubes) =>
          union(
            diagrams,
            cubes.filter((one) => one.some(([, write]) => write !== null)).map((one) => relationOf(relations, one)),
          ),
        )
        const set = diagramOf(diagrams, from)
        let reached = set
        for (let before = EMPTY; before !== reached;) {
          before = reached
          for (const one of all) reached = diagrams.union(reached, relations.image(reached, one))
        }
        expect(new Saturation(diagrams, PLACES, all).reach(set)).toBe(reached)
      }),
      { numRuns: runs(500) },
    )
  })
})
