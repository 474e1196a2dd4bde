import { describe, expect, it } from 'vitest'
import { action, model, range, refines, schema, spec } from '../../../src/index.ts'
import type { StepWatch } from '../../../src/semantics/contract.ts'
import { LearnedEvaluator } from '../../../src/semantics/learned/learned-evaluator.ts'
import { AllowedSteps } from '../../../src/semantics/learned/learned-mapping.ts'
import { rngFrom } from '../../../src/semantics/learned/probe.ts'
import { ReferenceEvaluator } from '../../../src/semantics/reference.ts'
import { instantiateRefined } from '../../../src/semantics/refinement/refined-model.ts'
import { actionInstances, predicateInstances } from '../../../src/spec/instances.ts'
import { wordsOf } from '../../../src/state/layout.ts'
import { layOutWhole } from '../../../src/state/symmetry/closure.ts'
import { runs } from '../../support/amount.ts'

const Abstract = schema({ m: range(0, 3) })
const Concrete = schema({ which: range(0, 3), a: range(0, 1), b: range(0, 1), c: range(0, 1) })

/** A mapping whose first variable decides which others it reads. Some values are outside the abstract domain. */
function watched(seed: number) {
  const rng = rngFrom(seed)
  const values = Array.from({ length: 8 }, () => (rng(12) === 0 ? 4 : rng(4)))
  const reads = Array.from({ length: 4 }, () => [rng(2) === 0, rng(2) === 0, rng(2) === 0])
  const allowed = Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => rng(3) > 0))
  const upper = spec({
    name: 'upper',
    model: () =>
      model(Abstract, {
        init: Abstract(),
        actions: {
          go: action({ to: range(0, 3) }, (s, { to }) => (allowed[s.m]![to] === true ? s.set('m', to) : undefined)),
        },
      }),
  })
  const lower = spec({
    name: 'lower',
    model: () =>
      model(Concrete, {
        init: Concrete(),
        actions: { stay: (s) => s },
        refinements: {
          up: refines(upper, (s) => {
            const [a, b, c] = reads[s.which]!
            return { m: values[(a === true ? s.a : 0) + 2 * (b === true ? s.b : 0) + 4 * (c === true ? s.c : 0)]! }
          }),
        },
      }),
  })
  const { model: it } = instantiateRefined(lower)
  const layout = layOutWhole(it.schema)
  const instances = actionInstances(it)
  const property = it.properties.find(({ kind }) => kind === 'refinement')!
  const predicates = predicateInstances(property).map((predicate) => ({ predicate, expected: true }))
  const reference = new ReferenceEvaluator(layout, instances).watchSteps(predicates)
  const learned = new LearnedEvaluator(layout, instances, seed).watchSteps(predicates)
  const states = Array.from({ length: 32 }, (_, n) =>
    wordsOf(layout, Int32Array.of(n & 3, (n >> 2) & 1, (n >> 3) & 1, n >> 4)),
  )
  return { reference, learned, states, rng }
}

function isAllowed(watch: StepWatch, before: Int32Array, after: Int32Array): boolean {
  let allowed = true
  watch.check(before, 0, after, 0, 0, () => (allowed = false))
  return allowed
}

describe('LearnedMapping', () => {
  it('allows the steps that reference evaluation allows, while it learns and afterwards', () => {
    // With seed 53, a step that is allowed reads a further variable for the first time.
    for (let seed = 50; seed < 50 + runs(300); seed++) {
      const { reference, learned, states, rng } = watched(seed)
      const pairs = states.flatMap((before) => states.map((after) => ({ before, after, rank: rng(2 ** 30) })))
      for (const { before, after } of pairs.sort((one, other) => one.rank - other.rank)) {
        const expected = isAllowed(reference, before, after)
        expect([seed, before, after, isAllowed(learned, before, after)]).toEqual([seed, before, after, expected])
      }
    }
  })
})

describe('AllowedSteps', () => {
  it('knows only steps that were added, by the bits of the mask', () => {
    // Sixteen places, so that most steps replace others.
    const [mask, rng] = [Int32Array.of(0b1101, -1), rngFrom(1)]
    const steps = new AllowedSteps(mask, 64)
    const added = new Set<string>()
    let found = 0
    for (let step = 0; step < 5000; step++) {
      const words = Int32Array.from({ length: 4 }, () => rng(4))
      const key = words.map((word, index) => word & mask[index % 2]!).join()
      const isKnown = steps.find(words, 0, words, 2)
      if (isKnown) expect(added).toContain(key)
      found += Number(isKnown)
      added.add(key)
      steps.add()
    }
    expect(found).toBeGreaterThan(100)
  })
})
