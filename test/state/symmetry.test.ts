/** Compares representatives with brute force over all permutations, applied to values instead of slots. */
import fc from 'fast-check'
import { List } from 'immutable'
import { describe, expect, it } from 'vitest'
import { rngFrom } from '../../src/semantics/learned/probe.ts'
import { valuesOf } from '../../src/spec/domain-values.ts'
import type { AnyDomain } from '../../src/spec/domain.ts'
import type { State } from '../../src/spec/model.ts'
import { encode } from '../../src/state/codec.ts'
import { layOut, packInto, type Layout } from '../../src/state/layout.ts'
import { permuted } from '../../src/state/symmetry/permuted.ts'
import { composed, inverse, Symmetry } from '../../src/state/symmetry/symmetry.ts'
import { bool, listOf, mapOf, members, oneOf, optional, range, record, schema, setOf, union } from '../../src/index.ts'
import { runs } from '../support/amount.ts'
import { renamings, schemaOf, valueOf, world, type World } from '../support/random-symmetric.ts'

function pack(layout: Layout, state: State): Int32Array {
  const slots = new Int32Array(layout.slots.length)
  encode(layout, state, slots)
  const words = new Int32Array(layout.width)
  packInto(layout, slots, words, 0)
  return words
}

/** The layout and symmetry of a world, and random states by seed. */
function worldOf(given: World) {
  const { sets, State } = schemaOf(given)
  const layout = layOut(State)
  const symmetry = new Symmetry(
    layout,
    sets.map((names) => ({ label: names[0]!.slice(0, -1), names })),
  )
  const stateOf = (seed: number): State => {
    const rng = rngFrom(seed)
    // Few choices make many ties.
    const most = 1 + rng(3)
    const choose = (bound: number): number => rng(Math.min(bound, most))
    const values = Object.entries(State.variables).map(([name, domain]) => [name, valueOf(domain as AnyDomain, choose)])
    return State(Object.fromEntries(values)) as unknown as State
  }
  return { sets, layout, symmetry, stateOf }
}

describe('Symmetry', () => {
  it('gives all states of an orbit one representative, which is one of them', () => {
    fc.assert(
      fc.property(world, fc.nat(), (given, seed) => {
        const { sets, layout, symmetry, stateOf } = worldOf(given)
        const state = stateOf(seed)
        const orbit = renamings(sets).map((rename) => pack(layout, permuted(state, rename) as State))
        const representatives = orbit.map((words) => {
          const own = words.slice()
          symmetry.represent(own, 0)
          return own.join()
        })
        expect(new Set(representatives).size).toBe(1)
        expect(orbit.map((words) => words.join())).toContain(representatives[0])
      }),
      { numRuns: runs(500) },
    )
  })

  it('gives the permutation that leads to the representative, and permutes like renamed values', () => {
    fc.assert(
      fc.property(world, fc.nat(), (given, seed) => {
        const { layout, symmetry, stateOf } = worldOf(given)
        const state = stateOf(seed)
        const words = pack(layout, state)
        const representative = words.slice()
        const permutation = symmetry.represent(representative, 0).slice()
        const renamed = pack(layout, permuted(state, symmetry.renaming(permutation)) as State)
        expect(renamed).toEqual(representative)
        const there = words.slice()
        symmetry.permute(there, 0, permutation)
        expect(there).toEqual(representative)
        symmetry.permute(there, 0, inverse(permutation))
        expect(there).toEqual(words)
        const any = symmetry.shuffle(rngFrom(seed))
        expect(composed(any, inverse(any))).toEqual(any.map((_, member) => member))
      }),
      { numRuns: runs(300) },
    )
  })

  it('does not try all permutations of many paired members', () => {
    const A = members('a', 12, { symmetric: true })
    const B = members('b', 12, { symmetric: true })
    const State = schema({ pair: mapOf(A, mapOf(B, bool())), marked: setOf(A) })
    const layout = layOut(State as never)
    const symmetry = new Symmetry(layout, [
      { label: 'a', names: [...A] },
      { label: 'b', names: [...B] },
    ])
    const paired = (shift: number) =>
      State({
        pair: A.reduce((map, one, index) => map.setIn([one, B[(5 * index + shift) % 12]!], true), State().pair),
      }) as unknown as State
    const [one, other] = [pack(layout, paired(0)), pack(layout, paired(7))]
    symmetry.represent(one, 0)
    symmetry.represent(other, 0)
    expect(other).toEqual(one)
  })

  it("distinguishes a list's length from a field whose name is spelled like it", () => {
    const A = members('a', 2, { symmetric: true })
    const Entry = record({
      q: listOf(range(1, 3), 2),
      qsize: range(0, 2),
      'q?': bool(),
      p: optional(record({ x: bool() })),
      'p?': bool(),
    })
    const State = schema({ by: mapOf(A, Entry) })
    const layout = layOut(State as never)
    const symmetry = new Symmetry(layout, [{ label: 'a', names: [...A] }])
    const state = State().setIn(['by', 'a1'], Entry({ q: List([3, 2]), 'p?': true })) as unknown as State
    const words = pack(layout, state)
    symmetry.permute(words, 0, Int32Array.of(1, 0))
    const expected = permuted(state, (name) => (name === 'a1' ? 'a2' : name === 'a2' ? 'a1' : name)) as State
    expect(words).toEqual(pack(layout, expected))
  })

  it('interprets shared slots by the tags of unions, for each value', () => {
    const A = members('a', 2, { symmetric: true })
    const Inner = union(record({ it: oneOf('one'), who: optional(A) }), record({ it: oneOf('all') }))
    const Whole = union(
      record({ type: oneOf('queue'), queue: listOf(A, 2) }),
      record({ type: oneOf('numbers'), n: range(0, 2), k: range(0, 1) }),
      record({ type: oneOf('inner'), inner: Inner, last: A }),
      record({ type: oneOf('sets'), flag: bool(), marked: setOf(A) }),
      record({ type: oneOf('deep'), deep: optional(record({ of: mapOf(A, range(0, 1)), last: A })) }),
      record({ type: oneOf(...A), owner: bool() }),
    )
    const State = schema({ by: mapOf(A, Whole), list: listOf(Whole, 1) })
    const layout = layOut(State as never)
    const symmetry = new Symmetry(layout, [{ label: 'a', names: [...A] }])
    const values = valuesOf(Whole) as never[]
    const rename = (name: string): string => (name === 'a1' ? 'a2' : name === 'a2' ? 'a1' : name)
    for (const [index, one] of values.entries()) {
      for (const two of values) {
        const list = List(index % 2 === 0 ? [] : [two])
        const state = State({ by: State().by.set('a1', one).set('a2', two), list }) as unknown as State
        const [words, image] = [pack(layout, state), pack(layout, permuted(state, rename) as State)]
        const exchanged = words.slice()
        symmetry.permute(exchanged, 0, Int32Array.of(1, 0))
        expect(exchanged, String(state)).toEqual(image)
        const representatives = [words.slice(), image.slice()]
        for (const own of representatives) symmetry.represent(own, 0)
        expect(representatives[0]).toEqual(representatives[1])
        expect([words.join(), image.join()]).toContain(representatives[0]!.join())
      }
    }
  })

  it('shows a permutation as text', () => {
    const A = members('a', 5, { symmetric: true })
    const symmetry = new Symmetry(layOut(schema({ all: setOf(A) }) as never), [{ label: 'a', names: [...A] }])
    expect(symmetry.inWords(Int32Array.of(1, 0, 3, 4, 2))).toBe('a1 ↔ a2, a3 → a4 → a5 → a3')
  })
})
