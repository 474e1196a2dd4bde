/** The advice about a function that reads too much must suit its kind. */
import { expect, it } from 'vitest'
import { action, always, bool, forAll, model, ofStep, range, schema } from '../../../src/index.ts'
import { howToReadLess } from '../../../src/semantics/learned/advice.ts'
import { actionInstances, measureInstance, predicateInstances } from '../../../src/spec/instances.ts'
import { temporalInstances } from '../../../src/spec/temporal-instances.ts'

it('mentions parameters only if the function can have some', () => {
  const State = schema({ n: range(0, 3) })
  const { properties, constraints, measures, ...made } = model(State, {
    init: State(),
    actions: { act: action({ k: bool() }, (s) => s) },
    invariants: { inv: (s) => s.n < 4 },
    transitions: { step: () => true },
    goals: { goal: forAll({ k: bool() }, (s) => s.n > 2) },
    temporal: { always: always((s) => s.n < 4) },
    constraints: { small: (s) => s.n < 4 },
    measures: { size: (s) => s.n, change: ofStep(() => 1) },
  })
  const [temporal] = temporalInstances(properties.find(({ kind }) => kind === 'temporal')!)
  const { formula } = temporal as any
  const advice = [
    ...actionInstances({ ...made, properties, constraints, measures }).slice(0, 1),
    ...[...properties, ...constraints].flatMap(predicateInstances),
    formula.of.predicate,
    ...measures.map(measureInstance),
  ].map((of) => [of.who, /parameter|forAll|forEach/.exec(howToReadLess(of))?.[0]])
  expect(advice).toEqual([
    ['action "act(k=false)"', 'parameter'],
    ['invariant "inv"', 'forAll'],
    ['transition "step"', 'forAll'],
    ['goal "goal"', undefined],
    ['constraint "small"', 'forAll'],
    ['temporal "always"', 'forAll'],
    ['measure "size"', undefined],
    ['measure "change"', undefined],
  ])
})
