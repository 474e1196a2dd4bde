/** Compares state graphs, built in batches by generated code, with a map from states to steps made by plain calls. */
import { describe, expect, it } from 'vitest'
import twoPhaseLive from '../../../bench/liveness/two-phase-live.ts'
import bakery from '../../../specs/classic/bakery.ts'
import diningPhilosophers from '../../../specs/classic/dining-philosophers.ts'
import peterson from '../../../specs/classic/peterson.ts'
import type { Alphabet } from '../../../src/properties/liveness/alphabet.ts'
import type { StateGraph } from '../../../src/properties/liveness/state-graph.ts'
import { ParallelSearch } from '../../../src/engine/explicit/parallel/parallel-search.ts'
import { always, eventually, model, range, schema, spec, weak } from '../../../src/index.ts'
import { ZERO_THRESHOLDS } from '../../../src/semantics/learned/codegen/thresholds.ts'
import { LearnedEvaluator } from '../../../src/semantics/learned/learned-evaluator.ts'
import { Successors } from '../../../src/semantics/successors.ts'
import { prepareRun, type TestRun } from '../../support/explicit-run.ts'
import { prepareGraph } from '../../../src/engine/explicit/temporal.ts'
import { momentsOf } from '../../../src/trace/lasso-trace.ts'
import type { AnySpec } from '../../../src/spec/spec.ts'
import { temporalInstances } from '../../../src/spec/temporal-instances.ts'
import { first } from '../../support/amount.ts'

type Constants = { readonly [name: string]: unknown }

const Numbers = schema({ n: range(0, 511) })

/**
 * From 0 and 511, nine actions lead to each number with their bit: more labels than a byte can represent, and many
 * steps from one state.
 */
const bits = spec({
  name: 'bits',
  model: () => {
    const names = Array.from({ length: 9 }, (_, bit) => `action${bit}`)
    const by = (bit: number) => (s: ReturnType<typeof Numbers>) =>
      [0, 511].includes(s.n) &&
      Array.from({ length: 512 }, (_, n) => 511 - n).flatMap((n) => ((n >> bit) & 1 ? [s.set('n', n)] : []))
    return model(Numbers, {
      init: Numbers(),
      actions: Object.fromEntries(names.map((name, bit) => [name, by(bit)])),
      fairness: Object.fromEntries(names.map((name) => [name, weak(name)])),
      temporal: { odd: eventually((s) => s.n % 2 === 1), small: always((s) => s.n < 500) },
      deadlock: false,
    })
  },
})

/** A run that has explored all states. With several threads it has several tables. */
function explored(of: AnySpec, constants: Constants): TestRun {
  const run = prepareRun(of, { constants })
  run.search.begin(run.initial)
  while (run.search.frontier.words > 0) run.search.expandLevel()
  return run
}

function built(run: TestRun): { graph: StateGraph; alphabet: Alphabet } {
  const formulas = run.settings.properties.filter(({ kind }) => kind === 'temporal').flatMap(temporalInstances)
  const parts = prepareGraph(run, formulas)
  for (const _ of parts.graph.build(() => false));
  return parts
}

/** Everything that a graph contains about its states, in the order of discovery, so independent of their numbers. */
function told(graph: StateGraph): unknown {
  const { firsts, targets, labelBits, words } = graph
  const states = new Set(Array.from({ length: graph.initial }, (_, state) => state))
  // The map grows during the iteration.
  return Array.from(states, (state) => {
    const steps = Array.from({ length: firsts[state + 1]! - firsts[state]! }, (_, index) => firsts[state]! + index)
    for (const step of steps) states.add(targets[step]!)
    return {
      state: graph.state(state),
      bits: graph.bits.slice(state * words, (state + 1) * words),
      steps: steps.map((step) => {
        const label = graph.labels[step] ?? 0
        return [graph.state(targets[step]!), labelBits.slice(label * words, (label + 1) * words)]
      }),
    }
  })
}

/** Compares a graph with plain calls of the spec's functions. */
function agree(run: TestRun, { graph, alphabet }: ReturnType<typeof built>): void {
  const { reference } = run
  const out = new Successors(run.layout.width)
  const numbers = new Map(Array.from({ length: graph.size }, (_, state) => [graph.state(state).join(), state]))
  expect(numbers.size).toBe(graph.size)
  for (let state = 0; state < graph.size; state++) {
    const words = graph.state(state)
    const { enabled } = [...momentsOf(run, [words, words])][0]!
    alphabet.stepSets.forEach((set, bit) => {
      expect(graph.hasStateBit(state, bit)).toBe([...enabled].some((instance) => set[instance] === 1))
    })
    alphabet.predicates.forEach((predicate, index) => {
      const truth = reference.holds(predicate, reference.decode(words, 0))
      expect(graph.hasStateBit(state, alphabet.stepSets.length + index)).toBe(truth)
    })
    const targets = graph.targets.subarray(graph.firsts[state]!, graph.firsts[state + 1]!)
    reference.next.successors(words, 0, out)
    const successors = Array.from({ length: out.size }, (_, at) =>
      out.words.slice(at * out.width, (at + 1) * out.width),
    )
    const others = new Set(successors.map((it) => numbers.get(it.join())!).filter((it) => it !== state))
    expect([...targets]).toEqual([...others])
    for (const target of targets) {
      const { taken } = [...momentsOf(run, [words, graph.state(target)])][0]!
      expect(taken.size).toBeGreaterThan(0)
      const label = graph.labelOf(state, target)
      alphabet.stepSets.forEach((set, bit) => {
        expect(graph.hasLabelBit(label, bit)).toBe([...taken].some((instance) => set[instance] === 1))
      })
    }
  }
}

describe.each<[string, AnySpec, Constants]>(
  first(4, [
    ['peterson', peterson, {}],
    ['bakery', bakery, { tickets: 2 }],
    ['dining-philosophers', diningPhilosophers, { design: 'put-back', philosophers: 3 }],
    ['two-phase-live', twoPhaseLive, { resourceManagers: 3 }],
    ['bits', bits, {}],
  ]),
)('the state graph of %s', (_, of, constants) => {
  it('agrees with plain calls', () => {
    const run = explored(of, constants)
    agree(run, built(run))
  })

  it('is the same learned, with generated code from the start, and by reference', () => {
    const run = explored(of, constants)
    const expected = told(built({ ...run, evaluator: run.reference }).graph)
    expect(told(built(run).graph)).toEqual(expected)
    const evaluator = new LearnedEvaluator(run.layout, run.instances, 7, { thresholds: ZERO_THRESHOLDS })
    expect(told(built({ ...run, evaluator }).graph)).toEqual(expected)
  })

  it('is the same whichever tables hold the states', () => {
    const run = explored(of, constants)
    const expected = told(built(run).graph)
    const begun = prepareRun(of, { constants })
    begun.search.begin(begun.initial)
    begun.search.expandLevel()
    const observer = { dead() {}, failed() {}, discovered() {}, suspects: () => false }
    const sharing = { threads: 3, from: 8, maxBytes: 2 ** 24 }
    const search = new ParallelSearch(begun.search, observer, sharing)
    const rest = async (): Promise<void> => {}
    const finish = async (): Promise<void> => {
      while (search.frontier.words > 0)
        await search.expandLevel(
          undefined,
          undefined,
          () => false,
          rest,
          (share) => share(),
        )
    }
    return finish().then(() => expect(told(built({ ...begun, search: search as never }).graph)).toEqual(expected))
  })
})
