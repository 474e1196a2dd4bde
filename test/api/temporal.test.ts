/** Temporal properties within a run: with pauses, within bounds, and audited. */
import { describe, expect, it } from 'vitest'
import {
  action,
  always,
  check,
  eventually,
  forAll,
  leadsTo,
  members,
  model,
  range,
  schema,
  setOf,
  spec,
  steps,
  taken,
  weak,
} from '../../src/index.ts'
import { rngFrom } from '../../src/semantics/learned/probe.ts'
import { PLAIN } from '../../src/report/text/style.ts'
import { checkText } from '../../src/report/text/check.ts'
import { prepareRun, type TestRun } from '../support/explicit-run.ts'
import { auditGraph } from '../../src/audit/temporal-audit.ts'
import { decideAll, prepareGraph } from '../../src/engine/explicit/temporal.ts'
import type { TemporalFinding } from '../../src/engine/temporal-results.ts'
import type { Model, PropertyDefinition } from '../../src/spec/model.ts'
import { temporalInstances } from '../../src/spec/temporal-instances.ts'
import { itInAll } from '../support/amount.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

const Item = members('item', 4)
const State = schema({ taken: setOf(Item), n: range(0, 3) })

/** Items are taken one by one, and returned all at once. */
const shelf = spec({
  name: 'shelf',
  model: (): Model =>
    model(State, {
      init: State(),
      actions: {
        take: action({ item: Item }, (s, { item }) => !s.taken.has(item) && s.set('taken', s.taken.add(item))),
        clear: (s) => s.taken.size === 4 && s.set('taken', s.taken.clear()).set('n', (s.n + 1) % 4),
      },
      fairness: { clear: weak('clear'), each: forAll({ item: Item }, ({ item }) => weak(steps('take', { item }))) },
      temporal: {
        fills: eventually((s) => s.taken.size === 4),
        clears: leadsTo(
          (s) => s.taken.size === 4,
          (s) => s.taken.isEmpty(),
        ),
        neverClears: always((s) => s.n === 0),
        isCleared: eventually(taken('clear')),
      },
      invariants: { few: (s) => s.taken.size < 5 },
      deadlock: false,
    }),
})

class Over extends Error {}

/** A run that has explored all states. */
function explored(of: Parameters<typeof prepareRun>[0] = shelf): TestRun {
  const run = prepareRun(of, {})
  run.search.begin(run.initial)
  while (run.search.frontier.words > 0) run.search.expandLevel()
  return run
}

/** The decided properties if other tasks always want a turn, and the work ends after this many turns. */
async function decided(turns: number): Promise<Map<PropertyDefinition, TemporalFinding>> {
  const found = new Map<PropertyDefinition, TemporalFinding>()
  let left = turns
  const rest = async (): Promise<void> => {
    if (--left < 0) throw new Over()
  }
  await decideAll(explored(), { pause: () => true, rest }, found).catch((thrown: unknown) => {
    if (!(thrown instanceof Over)) throw thrown
  })
  return found
}

function resultsOf(found: ReadonlyMap<PropertyDefinition, TemporalFinding>): (readonly [string, string])[] {
  return Array.from(found, ([{ name }, { result }]) => [name, result] as const)
}

const RESULTS = [
  ['fills', 'holds'],
  ['clears', 'holds'],
  ['neverClears', 'violated'],
  ['isCleared', 'holds'],
]

describe('decideAll', () => {
  it('decides the same with pauses', async () => {
    const whole = await check(shelf, { continue: true })
    const temporal = whole.properties.filter(({ kind }) => kind === 'temporal')
    expect(temporal.map(({ name, result }) => [name, result])).toEqual(RESULTS)
    const found = await decided(Infinity)
    expect(resultsOf(found)).toEqual(RESULTS)
    const [lasso] = [...found.values()].flatMap(({ trace }) => trace ?? [])
    expect(lasso).toEqual(whole.traces[0])
  })

  it('keeps decided properties when the work ends early', async () => {
    const seen = new Set<number>()
    for (let turns = 0; seen.size === 0 || Math.max(...seen) < RESULTS.length; turns++) {
      const found = await decided(turns)
      expect(resultsOf(found)).toEqual(RESULTS.slice(0, found.size))
      seen.add(found.size)
    }
    expect([...seen]).toEqual([0, 1, 2, 3, 4])
  })

  it('pauses while it builds a lasso', async () => {
    const states = 5000
    const Counter = schema({ n: range(0, states) })
    const long = spec({
      name: 'long',
      model: () =>
        model(Counter, {
          init: Counter(),
          actions: { up: (s) => (s.n < states ? s.set('n', s.n + 1) : undefined) },
          fairness: { up: weak('up') },
          temporal: { never: always((s) => s.n < states) },
          deadlock: false,
        }),
    })
    let slices = 0
    const found = new Map<PropertyDefinition, TemporalFinding>()
    await decideAll(explored(long), { pause: () => true, rest: async () => void slices++ }, found)
    expect([...found.values()][0]!.trace!.steps).toHaveLength(states + 2)
    // For example, a slice for each state that reference evaluation confirms.
    expect(slices).toBeGreaterThan(states)
  })
})

describe('a bound that ends the decision of temporal properties', () => {
  /** A predicate that takes longer than the test may. */
  const slow = spec({
    name: 'slow',
    model: () => {
      const Counter = schema({ n: range(0, 50_000) })
      return model(Counter, {
        init: Counter(),
        actions: { up: (s) => (s.n < 50_000 ? s.set('n', s.n + 1) : s.set('n', 0)) },
        temporal: {
          claim: eventually((s) => {
            let sum = s.n
            for (let turn = 0; turn < 1_000_000; turn++) sum = (sum * 31 + turn) % 1009
            return sum < 0
          }),
        },
        invariants: { natural: (s) => s.n >= 0 },
      })
    },
  })

  itInAll('ends the run as incomplete, and says what is not decided', async () => {
    const outcome = await check(slow, { timeoutMs: 3000 })
    expect(outcome).toMatchObject({ verdict: 'incomplete', ending: 'time', complete: true, traces: [] })
    expect(outcome.properties).toEqual([
      { name: 'natural', kind: 'invariant', result: 'holds' },
      { name: 'claim', kind: 'temporal', result: 'unknown', reason: expect.stringContaining('--timeout') },
      { name: 'deadlock', kind: 'deadlock', result: 'holds' },
    ])
    const text = expect.stringMatching(/--timeout.*temporal/)
    expect(outcome.warnings[0]).toEqual({ code: 'budget', name: 'time', text })
  })

  it('may be an interruption by the user', async () => {
    const controller = new AbortController()
    const outcome = await check(slow, {
      signal: controller.signal,
      onProgress: ({ pending }) => pending === 0 && controller.abort(),
    })
    expect(outcome).toMatchObject({ verdict: 'incomplete', ending: 'interrupted' })
    expect(outcome.properties.find(({ name }) => name === 'claim')!.result).toBe('unknown')
  })
})

describe('auditGraph', () => {
  /** Changes a graph and audits it. */
  function audited(change: (graph: ReturnType<typeof prepareGraph>) => void): () => void {
    const run = explored()
    const formulas = run.settings.properties.filter(({ kind }) => kind === 'temporal').flatMap(temporalInstances)
    const parts = prepareGraph(run, formulas)
    for (const _ of parts.graph.build(() => false));
    change(parts)
    return () => auditGraph(run, parts.graph, parts.alphabet, rngFrom(1))
  }

  const flip = (array: Int32Array, words: number, bit: number): void => {
    for (let at = bit >>> 5; at < array.length; at += words) array[at]! ^= 1 << (bit & 31)
  }

  it('accepts a right graph', () => {
    expect(audited(() => {})).not.toThrow()
  })

  it.each([
    ['a predicate', 5],
    ['which steps are enabled', 0],
  ])('detects a graph with wrong answers about %s (KR501)', (_, bit) => {
    const wrong = audited(({ graph, alphabet }) => {
      expect(alphabet.stepSets).toHaveLength(5)
      flip(graph.bits, graph.words, bit)
    })
    expect(wrong).toThrow(expect.objectContaining({ code: 'KR501' }))
  })

  it('detects a graph with wrong answers about which steps are taken (KR501)', () => {
    const wrong = audited(({ graph }) => flip(graph.labelBits, graph.words, 1))
    expect(wrong).toThrow(expect.objectContaining({ code: 'KR501' }))
  })
})

describe('the report of a check without symmetry reduction', () => {
  const Twin = members('twin', 2, { symmetric: true })
  const Twins = schema({ awake: setOf(Twin) })
  const twins = spec({
    name: 'twins',
    model: () =>
      model(Twins, {
        init: Twins(),
        actions: { wake: action({ twin: Twin }, (s, { twin }) => s.set('awake', s.awake.add(twin))) },
        temporal: { someone: eventually((s) => !s.awake.isEmpty()) },
        fairness: { wake: weak('wake') },
        invariants: { few: (s) => s.awake.size < 3 },
      }),
  })
  const line = expect.stringMatching(/^not reduced by symmetry.*temporal/)

  it('names temporal properties as the reason, and only then', async () => {
    const lines = async (options: Parameters<typeof check>[1]): Promise<string[]> =>
      checkText(await check(twins as AnySpec, options), PLAIN)
    expect(await lines({})).toContainEqual(line)
    expect(await lines({ properties: ['few'] })).not.toContainEqual(line)
    expect(await lines({ symmetry: false })).not.toContainEqual(line)
  })
})
