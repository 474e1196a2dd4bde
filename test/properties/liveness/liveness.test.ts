/** Known mistakes of checkers of temporal properties, each on a graph small enough to verify by eye. */
import { describe, expect, it } from 'vitest'
import { check, model, range, schema, spec, type CheckOptions, type Outcome } from '../../../src/index.ts'
import {
  always,
  alwaysEventually,
  and,
  enabled,
  eventually,
  eventuallyAlways,
  implies,
  leadsTo,
  not,
  or,
  steps,
  strong,
  taken,
  until,
  weak,
  type FormulaLike,
} from '../../../src/index.ts'
import type { FairLike } from '../../../src/spec/fairness.ts'
import type { Model } from '../../../src/spec/model.ts'

const State = schema({ n: range(0, 9) })
type State = ReturnType<typeof State>
type Edge = readonly [from: number, to: number]

/** A model whose states are numbers from 0 and whose actions are lists of steps. */
function graph(
  actions: { readonly [name: string]: readonly Edge[] },
  claim: FormulaLike<State>,
  fairness: { readonly [name: string]: FairLike } = {},
): Model {
  const by = (edges: readonly Edge[]) => (s: State) =>
    edges.filter(([from]) => from === s.n).map(([, to]) => s.set('n', to))
  return model(State, {
    init: State(),
    actions: Object.fromEntries(Object.entries(actions).map(([name, edges]) => [name, by(edges)])),
    temporal: { claim },
    fairness,
    deadlock: false,
  })
}

function run(it: Model, options: CheckOptions = {}): Promise<Outcome> {
  return check(spec({ name: 'small', model: () => it }), options)
}

/** `holds`, `unknown`, or the states of the lasso, such as `0 1 (2 1)`; the cycle is in brackets. */
async function verdict(it: Model, options: CheckOptions = {}): Promise<string> {
  const { properties, traces } = await run(it, options)
  const { result, trace } = properties.find(({ name }) => name === 'claim')!
  if (result !== 'violated') return result
  const { steps: all, loop } = traces[trace!]!
  const states = all.map(({ state }) => state.get('n') as number)
  expect(states.at(-1)).toBe(states[loop!])
  return `${states.slice(0, loop!).join(' ')} (${states.slice(loop!, -1).join(' ')})`.trim()
}

const at =
  (...states: readonly number[]) =>
  (s: State): boolean =>
    states.includes(s.n)

describe('stuttering', () => {
  it('is always possible, unless fairness forbids it', async () => {
    const line = { go: [[0, 1]] as Edge[] }
    expect(await verdict(graph(line, eventually(at(1))))).toBe('(0)')
    expect(await verdict(graph(line, eventually(at(1)), { go: weak('go') }))).toBe('holds')
  })

  it('is the only step of a state without successors, forever', async () => {
    const line = { go: [[0, 1]] as Edge[] }
    expect(await verdict(graph(line, alwaysEventually(at(0)), { go: weak('go') }))).toBe('0 (1)')
    expect(await verdict(graph(line, eventuallyAlways(at(1)), { go: weak('go') }))).toBe('holds')
  })

  it('is a step that changes nothing: it does not count as taken, and does not enable its action', async () => {
    const loops = { stay: [[0, 0]] as Edge[], go: [[0, 1]] as Edge[] }
    // If the self-loop were a step of `both`, taking it forever would be fair to both.
    expect(await verdict(graph(loops, eventually(at(1)), { both: weak('stay', 'go') }))).toBe('holds')
    expect(await verdict(graph(loops, eventually(taken('stay')), { stay: weak('stay') }))).toBe('(0)')
    expect(await verdict(graph(loops, always(not(enabled('stay')))))).toBe('holds')
  })
})

describe('weak fairness', () => {
  it('is met by a cycle on which the steps are disabled at some moment', async () => {
    const cycle = {
      turn: [
        [0, 1],
        [1, 0],
      ] as Edge[],
      leave: [[1, 2]] as Edge[],
    }
    const fairness = { turn: weak('turn'), leave: weak('leave') }
    expect(await verdict(graph(cycle, eventually(at(2)), fairness))).toBe('(0 1)')
  })

  it('forbids a cycle on which they are always enabled and never taken', async () => {
    const cycle = {
      turn: [
        [0, 1],
        [1, 0],
      ] as Edge[],
      leave: [
        [0, 2],
        [1, 2],
      ] as Edge[],
    }
    expect(await verdict(graph(cycle, eventually(at(2)), { leave: weak('leave') }))).toBe('holds')
  })

  it('of several actions together is met by taking either; of each separately, only by taking each', async () => {
    const cycle = {
      turn: [
        [0, 1],
        [1, 0],
      ] as Edge[],
      leave: [
        [0, 2],
        [1, 2],
      ] as Edge[],
    }
    expect(await verdict(graph(cycle, eventually(at(2)), { any: weak('turn', 'leave') }))).toBe('(0 1)')
    expect(await verdict(graph(cycle, eventually(at(2)), { turn: weak('turn'), leave: weak('leave') }))).toBe('holds')
  })

  it('counts a step of two actions as a step of both', async () => {
    const cycle = {
      one: [
        [0, 1],
        [1, 0],
      ] as Edge[],
      two: [
        [0, 1],
        [1, 0],
      ] as Edge[],
    }
    const never = always(or(at(0), at(1)))
    expect(await verdict(graph(cycle, not(never), { one: weak('one'), two: weak('two') }))).toBe('(0 1)')
  })
})

describe('strong fairness', () => {
  const cycle = {
    turn: [
      [0, 1],
      [1, 0],
    ] as Edge[],
    leave: [[1, 2]] as Edge[],
  }

  it('forbids a cycle on which the steps are enabled again and again and never taken', async () => {
    expect(await verdict(graph(cycle, eventually(at(2)), { turn: weak('turn'), leave: strong('leave') }))).toBe('holds')
  })

  it('is evaluated on the cycle, not on its component: part of an unfair component may be fair', async () => {
    // 0 and 1 form one component, in which `leave` is enabled and never taken. Staying at 0 is fair.
    expect(await verdict(graph(cycle, eventually(at(2)), { leave: strong('leave') }))).toBe('(0)')
    const wider = {
      turn: [
        [0, 1],
        [1, 0],
        [0, 3],
        [3, 4],
        [4, 0],
      ] as Edge[],
      leave: [[1, 2]] as Edge[],
    }
    const fairness = { turn: strong('turn'), leave: strong('leave') }
    expect(await verdict(graph(wider, eventually(at(2)), fairness))).toBe('(0 3 4)')
  })

  it("of two constraints that each exclude the other's cycle leaves nothing", async () => {
    const both = {
      turn: [
        [0, 1],
        [1, 0],
        [0, 2],
        [2, 0],
      ] as Edge[],
      one: [[1, 3]] as Edge[],
      two: [[2, 3]] as Edge[],
    }
    const fairness = { turn: weak('turn'), one: strong('one'), two: strong('two') }
    expect(await verdict(graph(both, eventually(at(3)), fairness))).toBe('holds')
  })
})

describe('a lasso', () => {
  it('is a cycle that meets every constraint, not just a component that could', async () => {
    const star = {
      a: [
        [0, 1],
        [1, 0],
      ] as Edge[],
      b: [
        [0, 2],
        [2, 0],
      ] as Edge[],
      c: [
        [0, 3],
        [3, 0],
      ] as Edge[],
      out: [[0, 9]] as Edge[],
    }
    const fairness = { a: strong('a'), b: strong('b'), c: weak('c') }
    const lasso = await verdict(graph(star, eventually(at(9)), fairness))
    expect(lasso).toBe('(0 1 0 2)')
  })

  it('reports where the cycle meets each constraint', async () => {
    const cycle = {
      turn: [
        [0, 1],
        [1, 0],
      ] as Edge[],
      leave: [[1, 2]] as Edge[],
      never: [[2, 3]] as Edge[],
    }
    const fairness = { turn: weak('turn'), leave: weak('leave'), never: strong('never') }
    const { traces } = await run(graph(cycle, eventually(at(2)), fairness))
    expect(traces[0]!.loop).toBe(0)
    expect(traces[0]!.fairness).toEqual([
      { name: 'turn', bindings: {}, fairness: 'weak', how: 'taken', step: 1 },
      { name: 'leave', bindings: {}, fairness: 'weak', how: 'disabled', step: 0 },
      { name: 'never', bindings: {}, fairness: 'strong', how: 'never-enabled', step: 0 },
    ])
  })

  it('has the shortest stem there is', async () => {
    const far = {
      go: [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 4],
        [0, 5],
        [5, 5],
      ] as Edge[],
    }
    expect(await verdict(graph(far, eventually(at(9)), { go: weak('go') }))).toBe('0 (5)')
  })
})

describe('formulas', () => {
  it('are decided on cycles, and at joining paths', async () => {
    // From 1 and from 2 a behavior reaches 3, but only through 1 it passes the goal.
    const diamond = {
      go: [
        [0, 1],
        [0, 2],
        [1, 3],
        [2, 3],
        [3, 3],
      ] as Edge[],
    }
    expect(await verdict(graph(diamond, eventually(at(1)), { go: weak('go') }))).toBe('0 2 (3)')
    const ring = {
      go: [
        [0, 1],
        [1, 2],
        [2, 0],
      ] as Edge[],
      aside: [
        [1, 3],
        [3, 1],
      ] as Edge[],
    }
    expect(await verdict(graph(ring, alwaysEventually(at(0)), { go: weak('go') }))).toBe('0 1 (3)')
    expect(await verdict(graph(ring, alwaysEventually(at(0)), { go: strong('go'), aside: weak('aside') }))).toBe(
      'holds',
    )
  })

  it('can be nested', async () => {
    const ring = {
      go: [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 0],
      ] as Edge[],
    }
    const fairness = { go: weak('go') }
    expect(await verdict(graph(ring, always(implies(at(1), until(at(1, 2), at(3)))), fairness))).toBe('holds')
    expect(await verdict(graph(ring, always(implies(at(1), until(at(1), at(3)))), fairness))).toBe('(0 1 2 3)')
    expect(await verdict(graph(ring, leadsTo(and(at(1), taken('go')), at(0)), fairness))).toBe('holds')
    expect(await verdict(graph(ring, implies(alwaysEventually(at(2)), alwaysEventually(at(3))), fairness))).toBe(
      'holds',
    )
    expect(await verdict(graph(ring, implies(alwaysEventually(enabled('go')), eventually(at(3)))))).toBe('(0)')
  })

  it('speak of steps as in TLA+: of the action at this moment', async () => {
    const two = {
      a: [
        [0, 1],
        [0, 2],
      ] as Edge[],
      b: [[0, 3]] as Edge[],
    }
    const fairness = { any: weak('a', 'b') }
    expect(await verdict(graph(two, eventually(taken('a')), fairness))).toBe('0 (3)')
    expect(await verdict(graph(two, or(eventually(taken('a')), eventually(taken(steps('b')))), fairness))).toBe('holds')
  })
})

describe('a verdict', () => {
  const counter = (parts: { constrained?: boolean; claim: FormulaLike<State> }): Model =>
    model(State, {
      init: State(),
      actions: { up: (s) => (s.n < 9 ? s.set('n', s.n + 1) : undefined) },
      fairness: { up: weak('up') },
      temporal: { claim: parts.claim },
      ...(parts.constrained === true && { constraints: { small: (s) => s.n < 5 } }),
      deadlock: false,
    })

  it('is unknown if a bound or a constraint cut the graph, unless there is a counterexample inside', async () => {
    expect(await verdict(counter({ claim: eventually(at(9)) }))).toBe('holds')
    expect(await verdict(counter({ claim: eventually(at(9)) }), { maxDepth: 3 })).toBe('unknown')
    expect(await verdict(counter({ claim: eventually(at(3)), constrained: true }))).toBe('unknown')
    // At the border the outward step is enabled, so staying there is unfair.
    expect(await verdict(counter({ claim: eventually(at(9)), constrained: true }))).toBe('unknown')
  })

  it('comes with a warning if the property says little', async () => {
    const codes = async (claim: FormulaLike<State>): Promise<string[]> =>
      (await run(counter({ claim }))).warnings.map(({ code }) => code)
    expect(await codes(leadsTo((s) => s.n > 9, at(0)))).toEqual(['antecedent-never-true'])
    const even = at(0, 2, 4)
    expect(await codes(or(eventually(even), always(not(even))))).toEqual(['always-true'])
    expect(await codes(leadsTo(at(1), at(9)))).toEqual([])
  })

  it('is a mistake of the spec if a formula names unknown steps, and a failure if a predicate throws', async () => {
    expect(() => counter({ claim: eventually(taken('upp')) })).toThrow('the model has no action "upp"')
    const throwing = counter({
      claim: always((s) => {
        if (s.n === 2) throw new Error('two')
        return true
      }),
    })
    await expect(run(throwing)).rejects.toMatchObject({ code: 'KR503', trace: { steps: { length: 3 } } })
  })
})
