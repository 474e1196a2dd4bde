/** Lassos are shortest ones, stem and cycle together. If that is not known, the report says so. */
import { describe, expect, it } from 'vitest'
import {
  action,
  always,
  alwaysEventually,
  bool,
  check,
  eventually,
  eventuallyAlways,
  forAll,
  implies,
  leadsTo,
  members,
  model,
  not,
  range,
  schema,
  setOf,
  spec,
  steps,
  strong,
  taken,
  weak,
  type CheckOptions,
  type FormulaLike,
  type Trace,
} from '../../../src/index.ts'
import { checkText } from '../../../src/report/text/check.ts'
import { compareText } from '../../../src/report/text/compare.ts'
import { traceDocument } from '../../../src/report/json/documents.ts'
import { PLAIN } from '../../../src/report/text/style.ts'
import { headline, traceText } from '../../../src/report/text/trace.ts'
import type { FairLike } from '../../../src/spec/fairness.ts'
import { stepCount } from '../../../src/trace/trace.ts'
import { itInAll } from '../../support/amount.ts'
import { shortestLength } from '../../support/shortest-lasso-oracle.ts'

const State = schema({ n: range(0, 9) })
type State = ReturnType<typeof State>
type Edge = readonly [from: number, to: number]

const at =
  (...states: readonly number[]) =>
  (s: State): boolean =>
    states.includes(s.n)

/** The lasso of a graph whose states are numbers from 0 and whose actions are lists of steps. */
async function lassoOf(
  actions: { readonly [name: string]: readonly Edge[] },
  claim: FormulaLike<State>,
  fairness: { readonly [name: string]: FairLike } = {},
  options: CheckOptions = {},
): Promise<Trace> {
  const by = (edges: readonly Edge[]) => (s: State) =>
    edges.filter(([from]) => from === s.n).map(([, to]) => s.set('n', to))
  const small = spec({
    name: 'small',
    model: () =>
      model(State, {
        init: State(),
        actions: Object.fromEntries(Object.entries(actions).map(([name, edges]) => [name, by(edges)])),
        temporal: { claim },
        fairness,
        deadlock: false,
      }),
  })
  return (await check(small, options)).traces[0]!
}

/** `0 1 (2 1)`: the cycle is in brackets. */
function textOf({ steps: all, loop }: Trace): string {
  const states = all.map(({ state }) => state.get('n') as number)
  return `${states.slice(0, loop!).join(' ')} (${states.slice(loop!, -1).join(' ')})`.trim()
}

describe('a shortest lasso', () => {
  it('has the fewest steps in stem and cycle together, not the shortest stem', async () => {
    const edges: Edge[] = [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
      [5, 1],
      [1, 6],
      [6, 7],
      [7, 6],
    ]
    const lasso = await lassoOf({ go: edges }, eventually(at(9)), { go: weak('go') })
    // The first state on a cycle is 1, whose cycle has five steps. Through 6 there are two more, and then two.
    expect([textOf(lasso), lasso.isShortest]).toEqual(['0 1 (6 7)', true])
  })

  it('begins its cycle at once if the formula can be false at once', async () => {
    const Switch = schema({ on: bool() })
    const flips = spec({
      name: 'flips',
      model: () =>
        model(Switch, {
          init: Switch(),
          actions: { flip: action({ to: bool() }, (s, { to }) => s.set('on', to)) },
          temporal: {
            once: always(
              implies(
                (s) => s.on,
                always(
                  implies(
                    (s) => !s.on,
                    always((s) => !s.on),
                  ),
                ),
              ),
            ),
          },
        }),
    })
    const [trace] = (await check(flips)).traces
    expect(trace).toMatchObject({ loop: 0, isShortest: true })
    expect(trace!.steps.map(({ state }) => state.get('on'))).toEqual([false, true, false])
  })

  it('counts the steps that meet fairness constraints', async () => {
    const star = (leaf: number): Edge[] => [
      [0, leaf],
      [leaf, 0],
    ]
    const actions = { a: star(1), b: star(2), c: star(3) }
    const fairness = { a: strong('a'), b: strong('b'), c: strong('c') }
    expect(textOf(await lassoOf(actions, eventually(at(9)), fairness))).toBe('(0 1 0 2 0 3)')
    const far: Edge[] = [
      [0, 4],
      [4, 5],
      [5, 0],
    ]
    const lasso = await lassoOf({ ...actions, far }, eventually(at(9)), { ...fairness, far: strong('far') })
    expect([stepCount(lasso), lasso.isShortest]).toEqual([9, true])
  })

  it('avoids the requirements of strong fairness if that is shorter', async () => {
    // In 1 the long way to 9 is enabled. A cycle through 2 and 3 never enables it.
    const actions = {
      go: [
        [0, 1],
        [1, 0],
        [0, 2],
        [2, 3],
        [3, 0],
      ] as Edge[],
      long: [
        [1, 4],
        [4, 5],
        [5, 6],
        [6, 0],
      ] as Edge[],
    }
    const fairness = { go: weak('go'), long: strong('long') }
    const lasso = await lassoOf(actions, eventually(at(9)), fairness)
    expect(textOf(lasso)).toBe('(0 2 3)')
    expect(lasso.fairness!.map(({ how }) => how)).toEqual(['taken', 'never-enabled'])
  })

  it('is the shortest over all instances of a property, not of the first violated one', async () => {
    const Goal = members('goal', 3)
    const edges: Edge[] = [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 2],
      [0, 4],
      [4, 0],
    ]
    // Each goal is missed by a different cycle.
    const missed = { goal1: [0, 4, 1, 9], goal2: [2, 3], goal3: [9] } as { readonly [goal: string]: number[] }
    const lasso = await lassoOf(
      { go: edges },
      forAll({ goal: Goal }, ({ goal }) => eventuallyAlways(at(...missed[goal]!))),
      { go: weak('go') },
    )
    expect([textOf(lasso), lasso.bindings]).toEqual(['(0 4)', { goal: 'goal2' }])
  })

  it('stutters if a formula asks whether a step is taken', async () => {
    const lasso = await lassoOf(
      {
        up: [
          [0, 1],
          [1, 2],
          [2, 0],
        ],
      },
      eventuallyAlways(not(taken('up'))),
      {},
    )
    expect([textOf(lasso), stepCount(lasso)]).toEqual(['(0 1 2)', 3])
    expect(
      textOf(
        await lassoOf(
          {
            up: [
              [0, 1],
              [1, 2],
              [2, 0],
            ],
          },
          alwaysEventually(taken('up')),
        ),
      ),
    ).toBe('(0)')
  })
})

describe('the length of a lasso', () => {
  const rest = {
    go: [
      [0, 1],
      [1, 2],
    ] as Edge[],
  }
  const round = {
    go: [
      [0, 1],
      [1, 2],
      [2, 1],
    ] as Edge[],
  }

  it('never counts a stutter as a step', async () => {
    const halt = await lassoOf(rest, eventually(at(9)), { go: weak('go') })
    expect(headline(halt, PLAIN)).toBe('temporal claim is violated in 2 steps, then nothing more happens')
    expect(traceText(halt, PLAIN).filter((line) => /[↻↺]|^ +\d/.test(line))).toEqual([
      '  0  initial state   n 0',
      '  1  go              n 0 → 1',
      '  2  go              n 1 → 2',
      '   ↻ from here on, nothing more happens',
    ])
    expect(traceDocument(halt)).toMatchObject({ loop: 2, length: 2, shortest: true })
    const again = await lassoOf(round, eventually(at(9)), { go: weak('go') })
    expect(headline(again, PLAIN)).toBe('temporal claim is violated in 3 steps: 1 step, then 2 steps again and again')
    expect(traceDocument(again)).toMatchObject({ loop: 1, length: 3, shortest: true })
  })

  it('is the same in the verdict, the heading and the matrix', async () => {
    const Counter = schema({ n: range(0, 5) })
    const counter = spec({
      name: 'counter',
      constants: {},
      model: () =>
        model(Counter, {
          init: Counter(),
          actions: { up: (s) => s.n < 5 && s.set('n', s.n + 1) },
          fairness: { up: weak('up') },
          temporal: { stays: always((s) => s.n < 5) },
          deadlock: false,
        }),
    })
    const lines = checkText(await check(counter), PLAIN)
    expect(lines).toContain('  ✗ stays  temporal  violated in 5 steps')
    expect(lines).toContain('temporal stays is violated in 5 steps, then nothing more happens')
  })
})

describe('a lasso that may not be a shortest one', () => {
  /** A ring of states. The automaton of its property has two states. */
  const ring = (size: number) => {
    const Ring = schema({ n: range(0, size - 1), side: bool() })
    return spec({
      name: 'ring',
      constants: {},
      model: () =>
        model(Ring, {
          init: Ring(),
          actions: { go: (s) => s.set('n', (s.n + 1) % size) },
          fairness: { go: weak('go') },
          temporal: {
            halts: leadsTo(
              (s) => s.n === 1,
              (s) => s.n === size,
            ),
          },
          deadlock: false,
        }),
    })
  }

  itInAll('is one of a product of more than 20,000 states', async () => {
    const flagOf = async (size: number) => (await check(ring(size))).traces[0]!.isShortest
    expect(await flagOf(10_000)).toBe(true)
    expect(await flagOf(10_001)).toBe(false)
  })

  it('is marked as such wherever its length appears', async () => {
    // The cycle begins where the property fails. Beginning at once would take one step less.
    const outcome = await check(ring(10_001))
    const lines = checkText(outcome, PLAIN)
    expect(lines).toContain('  ✗ halts  temporal  violated in 10,002 steps (not necessarily shortest)')
    expect(lines.find((line) => line.startsWith('temporal halts'))).toMatch(/ \(not necessarily shortest\)$/)
    expect(traceDocument(outcome.traces[0]!)).toMatchObject({ length: 10_002, shortest: false })
    const varied = { spec: 'ring', vary: [], complete: true, warnings: [] }
    const comparison = { ...varied, variants: [{ varied: {}, outcome, error: undefined }] }
    expect(compareText(comparison, PLAIN).join('\n')).toContain('violated (≤ 10,002 steps)')
  })

  it('is one whose search would take too much work, independent of the clock', { timeout: 60_000 }, async () => {
    const Bit = members('bit', 10)
    const Bits = schema({ on: setOf(Bit) })
    const bits = spec({
      name: 'bits',
      constants: {},
      model: () =>
        model(Bits, {
          init: Bits(),
          actions: {
            flip: action({ bit: Bit }, (s, { bit }) => s.set('on', s.on.has(bit) ? s.on.delete(bit) : s.on.add(bit))),
          },
          fairness: { each: forAll({ bit: Bit }, ({ bit }) => strong(steps('flip', { bit }))) },
          temporal: { claim: alwaysEventually((s) => s.on.size === 10) },
          deadlock: false,
        }),
    })
    const { traces } = await check(bits)
    expect(traces[0]!.isShortest).toBe(false)
    expect((await check(bits)).traces).toEqual(traces)
    expect((await check(bits, { engine: 'symbolic' })).traces).toEqual(traces)
  })

  it('is one found by diagrams alone', async () => {
    const options = { engine: 'symbolic', tuning: { explicitUpTo: 0 } } as const
    expect((await lassoOf({ go: [[0, 1]] }, eventually(at(9)), {}, options)).isShortest).toBe(false)
    expect((await lassoOf({ go: [[0, 1]] }, eventually(at(9)), {}, { engine: 'symbolic' })).isShortest).toBe(true)
  })
})

describe('the oracle of lengths', () => {
  it('finds the length of a shortest lasso', () => {
    const pair = {
      size: 2,
      initial: [0],
      actions: {
        a: [
          [0, 1],
          [1, 0],
        ] as Edge[],
      },
      q: [],
      fairness: [],
    }
    const lengthOf = (op: 'eventually' | 'always' | 'eventuallyAlways', p: readonly number[]) =>
      shortestLength({ ...pair, p, formula: { op, of: { op: 'p' } } }, 9, 1e5)
    expect(lengthOf('eventually', [])).toBe(0)
    expect(lengthOf('always', [0])).toBe(1)
    expect(lengthOf('always', [0, 1])).toBeUndefined()
    // The behavior stops at 1, which is one step away.
    expect(lengthOf('eventuallyAlways', [0])).toBe(1)
  })
})
