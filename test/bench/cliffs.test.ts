/**
 * The specs of `bench/cliffs` at sizes that can be counted in three ways: by formula, by brute force, and by the
 * checker with either evaluator.
 */
import { describe, expect, it } from 'vitest'
import { expected, FAMILIES } from '../../bench/cliffs/cases.ts'
import { check } from '../../src/index.ts'
import type { Model } from '../../src/spec/model.ts'
import { instantiate } from '../../src/spec/spec.ts'
import { bruteForce } from '../support/brute-force.ts'

/**
 * The model with guards instead of constraints. It has as many distinct states, but does not generate steps that lead
 * outside.
 */
function guarded(model: Model): Model {
  const isInside = (state: unknown): boolean =>
    model.constraints.every(({ conjuncts }) => conjuncts.every(({ holds }) => holds(state as never, {})))
  const actions = model.actions.map((action) => ({
    ...action,
    next: (...of: Parameters<typeof action.next>) => {
      const after = action.next(...of)
      return after !== undefined && isInside(after) ? after : undefined
    },
  }))
  return { ...model, actions }
}

describe.each(FAMILIES.map((family) => [family.spec.name, family] as const))('bench/cliffs/%s', (_, family) => {
  it.each(family.small.map((constants) => [JSON.stringify(constants), constants] as const))(
    'has the counts of its formula by brute force and by both evaluators with %s',
    async (_, constants) => {
      const counts = expected(family, constants)
      const { model } = instantiate(family.spec, constants)
      const { initial, generated, distinct, depth, found } = bruteForce(guarded(model))!
      const isCut = model.constraints.length > 0
      expect({ initial, generated: isCut ? counts.generated : generated, distinct, depth }).toEqual(counts)
      if (isCut) expect(generated).toBeLessThan(counts.generated)
      // Except deadlocks, which the brute-force explorer reports even if the model allows them.
      expect(Object.keys(found).filter((name) => name !== 'deadlock')).toEqual([])
      for (const interpret of [false, true]) {
        const { states, verdict } = await check(family.spec, { constants, interpret })
        expect(states).toEqual(counts)
        expect(verdict).toBe('holds')
      }
    },
  )

  it('is measured with constants that exist', () => {
    for (const constants of family.large) {
      expect(() => instantiate(family.spec, constants)).not.toThrow()
      for (const count of Object.values(expected(family, constants))) expect(Number.isSafeInteger(count)).toBe(true)
    }
  })
})
