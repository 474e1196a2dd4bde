import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Diagrams, type Diagram } from '../../../src/engine/symbolic/diagram/diagrams.ts'
import { EMPTY } from '../../../src/engine/symbolic/diagram/node-table.ts'
import { Permutation } from '../../../src/engine/symbolic/diagram/permutation.ts'
import { Sifting } from '../../../src/engine/symbolic/diagram/sifting.ts'

const PLACES = 6

function setOf(diagrams: Diagrams, tuples: readonly (readonly number[])[]): Diagram {
  return tuples.reduce<Diagram>((set, tuple) => diagrams.union(set, diagrams.tuple(tuple)), EMPTY)
}

function sifted(diagrams: Diagrams, set: Diagram, places: number, most: number = Infinity): Sifting {
  const sifting = new Sifting(diagrams, set, places, most)
  while (sifting.step());
  return sifting
}

describe('sifting', () => {
  it('keeps the set and knows the size of its diagram, however early it ends', () => {
    const tuples = fc.array(fc.array(fc.nat(3), { minLength: PLACES, maxLength: PLACES }), { minLength: 1 })
    fc.assert(
      fc.property(tuples, fc.nat(300), (all, most) => {
        const diagrams = new Diagrams()
        const set = setOf(diagrams, all)
        const sifting = sifted(diagrams, set, PLACES, most)
        expect(sifting.places.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5])
        expect(sifting.set()).toBe(new Permutation(diagrams, sifting.places).of(set))
        expect(sifting.size).toBe(diagrams.size(sifting.set()))
      }),
    )
  })

  it('puts equal places together', () => {
    // Six pairs with halves six places apart: 2⁶ paths in the middle.
    const pairs = 6
    const diagrams = new Diagrams()
    const halves = Array.from({ length: 2 ** pairs }, (_, bits) =>
      Array.from({ length: pairs }, (__, at) => (bits >> at) & 1),
    )
    const set = setOf(
      diagrams,
      halves.map((half) => [...half, ...half]),
    )
    const sifting = sifted(diagrams, set, 2 * pairs)
    expect(diagrams.size(set)).toBeGreaterThan(2 ** pairs)
    // Each pair takes four nodes if its halves are neighbors. One pair may end up around another.
    expect(sifting.size).toBeLessThanOrEqual(5 * pairs)
  })

  it('handles lists of any length', () => {
    const diagrams = new Diagrams()
    const values = 50_000
    let set: Diagram = EMPTY
    for (let value = values - 1; value >= 0; value--) set = diagrams.table.make(value, diagrams.tuple([value % 2]), set)
    expect(sifted(diagrams, set, 2).set()).not.toBe(EMPTY)
  })
})
