/**
 * Every spec of `specs/`: learned evaluation against reference evaluation on the whole graph, and the outcome against a
 * brute-force explorer. A spec that has no entry here makes the test fail.
 */
import { describe, expect, it } from 'vitest'
import { check, type Outcome } from '../../src/index.ts'
import { instantiate, type AnySpec } from '../../src/spec/spec.ts'
import { bruteForce } from '../support/brute-force.ts'
import { compareEvaluators } from '../support/evaluators.ts'
import { paths, SPECS, VARIANTS } from '../support/variants.ts'

/** The lengths of the traces, by property; of lassos none. */
function stepsTo({ properties, traces }: Pick<Outcome, 'properties' | 'traces'>): { [property: string]: number } {
  return Object.fromEntries(
    properties.flatMap(({ name, kind, trace }) =>
      trace === undefined || kind === 'temporal' ? [] : [[name, traces[trace]!.steps.length - 1] as const],
    ),
  )
}

describe.each(paths)('specs/%s', (path) => {
  it.each((VARIANTS[path] ?? []).map((constants) => [JSON.stringify(constants), constants] as const))(
    'is the same learned, by reference and by brute force with %s',
    { timeout: 180_000 },
    async (_, constants) => {
      const { default: spec } = (await import(new URL(path, SPECS).href)) as { default: AnySpec }
      const { model } = instantiate(spec, constants)
      const expected = bruteForce(model)!
      expect(compareEvaluators(model, Infinity)).toBe(expected.distinct)

      const { states, properties, traces } = await check(spec, {
        ...{ constants, continue: true, deadlock: true, symmetry: false },
      })
      const { initial, generated, distinct, depth, found } = expected
      expect(states).toEqual({ initial, generated, distinct, depth })
      expect(stepsTo({ properties, traces })).toEqual(found)

      // Of whole behaviors brute force knows nothing, and they are decided on the model as it is.
      const others = model.properties.filter(({ kind }) => kind !== 'temporal').map(({ name }) => name)
      const reduced = await check(spec, { constants, continue: true, deadlock: true, properties: others })
      expect(reduced.states.depth).toBe(depth)
      expect(stepsTo(reduced)).toEqual(found)
    },
  )

  it('has variants to be tried with', () => {
    expect(VARIANTS[path]).toBeDefined()
  })
})
