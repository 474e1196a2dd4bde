/**
 * Explores each variant of a spec once in each way, and compares the results: brute force, reference and learned
 * evaluation, the explicit engine with and without symmetry, and the symbolic engine.
 */
import { describe, expect, it } from 'vitest'
import { check, type Outcome, type Trace } from '../../src/index.ts'
import { itfDocument } from '../../src/report/json/itf.ts'
import { instantiate, type AnySpec } from '../../src/spec/spec.ts'
import { parseTrace } from '../../src/trace/replay/recorded-trace.ts'
import { replayRecorded } from '../../src/api/replay.ts'
import { ALL } from './amount.ts'
import { bruteForce } from './brute-force.ts'
import { compareEvaluators } from './evaluators.ts'
import { compareOutcomes } from './twins.ts'
import { SPECS, variantsOf, type Constants } from './variants.ts'

/**
 * Maximal number of states that `npm test` compares by reference and learned evaluation, which takes most of the time.
 */
const MAX_COMPARED = 100

/** Compares the ways on the variants of `variants.ts`. Call it in the tests of the spec. */
export function compareVariants(path: string): void {
  describe(`specs/${path}, explored in each way`, () => {
    it.each(variantsOf(path).map((constants) => [JSON.stringify(constants), constants] as const))(
      'gives the same results with %s',
      { timeout: 180_000 },
      async (_, constants) => {
        const { default: spec } = (await import(new URL(path, SPECS).href)) as { default: AnySpec }
        await compareWays(spec, constants)
      },
    )
  })
}

async function compareWays(spec: AnySpec, constants: Constants): Promise<void> {
  const { model } = instantiate(spec, constants)
  const expected = bruteForce(model)!
  // The comparison of evaluators does not know constraints, without which there may be infinitely many states.
  const bound = model.constraints.length > 0 ? expected.distinct : Infinity
  const most = Math.min(bound, ALL ? Infinity : MAX_COMPARED)
  expect(compareEvaluators(model, most)).toBe(Math.min(expected.distinct, most))

  const whole = { constants, continue: true, deadlock: true } as const
  const explicit = await check(spec, { ...whole, symmetry: false, engine: 'explicit' })
  const { initial, generated, distinct, depth, found } = expected
  expect(explicit.states).toEqual({ initial, generated, distinct, depth })
  expect(stepsTo(explicit)).toEqual(found)

  // Brute force does not decide temporal properties, and they prevent reduction.
  const names = (isTemporal: boolean): string[] =>
    model.properties.filter(({ kind }) => (kind === 'temporal') === isTemporal).map(({ name }) => name)
  const reduced = await check(spec, { ...whole, properties: names(false) })
  expect(reduced.states.depth).toBe(depth)
  expect(stepsTo(reduced)).toEqual(found)

  compareOutcomes(explicit, await check(spec, { ...whole, symmetry: false, engine: 'symbolic' }))
  // Without a violation the search would not stop sooner.
  if (explicit.verdict === 'violated') {
    const first = { constants, symmetry: false } as const
    compareOutcomes(
      await check(spec, { ...first, engine: 'explicit' }),
      await check(spec, { ...first, engine: 'symbolic' }),
    )
  }
  const temporal = names(true)
  if (temporal.length > 0) await compareLassos(spec, { constants, properties: temporal })
}

/** The lengths of the traces by property, except lassos. */
function stepsTo({ properties, traces }: Pick<Outcome, 'properties' | 'traces'>): { [property: string]: number } {
  return Object.fromEntries(
    properties.flatMap(({ name, kind, trace }) =>
      trace === undefined || kind === 'temporal' ? [] : [[name, traces[trace]!.steps.length - 1] as const],
    ),
  )
}

/** Finds lassos on sets of states, and replays them. */
async function compareLassos(
  spec: AnySpec,
  options: { readonly constants: Constants; readonly properties: readonly string[] },
): Promise<void> {
  const explicit = await check(spec, { ...options, symmetry: false })
  // The explicit engine is not used.
  const onSets = await check(spec, { ...options, engine: 'symbolic', symmetry: false, tuning: { explicitUpTo: 0 } })
  const told = ({ properties }: Outcome) => properties.map(({ name, result, trace }) => [name, result, trace])
  expect(told(onSets)).toEqual(told(explicit))
  onSets.traces.forEach((trace, index) => {
    expect(divergence(spec, onSets, trace)).toBeUndefined()
    // The path to the cycle may be longer, because the hull also contains states that lead to a cycle.
    expect(trace.steps.length).toBeLessThan(2 * explicit.traces[index]!.steps.length)
  })
}

/** The point where a trace and its spec diverge, if they do. */
function divergence(given: AnySpec, { constants, spec: name }: Outcome, trace: Trace) {
  const document = JSON.stringify(itfDocument(trace, { spec: name, file: 'spec.ts', constants }))
  return replayRecorded(given, parseTrace('trace.itf.json', document)).divergence
}
