import { List, Set, Stack } from 'immutable'
import { describe, expect, it } from 'vitest'
import {
  action,
  bool,
  check,
  constant,
  forAll,
  goto,
  implies,
  listOf,
  mapOf,
  members,
  model,
  oneOf,
  range,
  record,
  schema,
  setOf,
  spec,
  thread,
  value,
  type CheckOptions,
  type Outcome,
} from '../../src/index.ts'
import { FailedRun } from '../../src/api/failed-run.ts'
import type { Model } from '../../src/spec/model.ts'
import { ALL, itInAll } from '../support/amount.ts'

const Counter = schema({ n: range(0, 9) })
const up = (s: ReturnType<typeof Counter>) => (s.n < 9 ? s.set('n', s.n + 1) : undefined)

function run(it: Model, options: CheckOptions = {}): Promise<Outcome> {
  return check(spec({ name: 'small', model: () => it }), options)
}

function resultOf({ properties }: Outcome, name: string): string | undefined {
  return properties.find((property) => property.name === name)?.result
}

function stepsTo({ properties, traces }: Outcome, name: string): number | undefined {
  const trace = properties.find((property) => property.name === name)?.trace
  return trace === undefined ? undefined : traces[trace]!.steps.length - 1
}

describe('check', () => {
  it('finds a deadlock, except in a state that the spec declares as an end', async () => {
    const parts = { init: Counter(), actions: { up } }
    expect(stepsTo(await run(model(Counter, parts)), 'deadlock')).toBe(9)
    const ending = model(Counter, { ...parts, deadlock: { unless: (s) => s.n === 9 } })
    expect(resultOf(await run(ending), 'deadlock')).toBe('holds')
    const wrongEnd = model(Counter, { ...parts, deadlock: { unless: (s) => s.n === 8 } })
    expect(stepsTo(await run(wrongEnd), 'deadlock')).toBe(9)
  })

  it('checks deadlock if the spec or the caller asks for it', async () => {
    const off = model(Counter, { init: Counter(), actions: { up }, deadlock: false })
    expect((await run(off)).properties).toEqual([])
    expect(resultOf(await run(off, { deadlock: true }), 'deadlock')).toBe('violated')
    const on = model(Counter, { init: Counter(), actions: { up } })
    expect((await run(on, { deadlock: false })).properties).toEqual([])
  })

  it('counts a step that changes nothing as a successor', async () => {
    const it = model(Counter, { init: Counter(), actions: { up, stay: (s) => s } })
    const { states, verdict } = await run(it)
    expect(states).toEqual({ initial: 1, generated: 1 + 9 + 10, distinct: 10, depth: 10 })
    expect(verdict).toBe('holds')
  })

  it('accepts one initial state or many, and counts repeats once as distinct', async () => {
    const many = model(Counter, { init: [Counter(), Counter({ n: 5 }), Counter()], actions: { up }, deadlock: false })
    expect((await run(many)).states).toMatchObject({ initial: 2, distinct: 10 })
    const lazy = model(Counter, {
      *init() {
        yield Counter({ n: 3 })
      },
      actions: { up },
      deadlock: false,
    })
    expect((await run(lazy)).states).toMatchObject({ initial: 1, distinct: 7 })
  })

  it('stops at the end of the level of the first violation, and reports other properties as unknown', async () => {
    const it = model(Counter, {
      init: Counter(),
      actions: { up, skip: (s) => (s.n < 8 ? s.set('n', s.n + 2) : undefined) },
      invariants: { small: (s) => s.n < 4, tiny: (s) => s.n !== 7 },
    })
    const outcome = await run(it)
    expect(outcome).toMatchObject({ verdict: 'violated', complete: false, ending: 'violated' })
    expect([resultOf(outcome, 'small'), resultOf(outcome, 'tiny')]).toEqual(['violated', 'unknown'])
    expect(outcome.states).toMatchObject({ distinct: 5, depth: 3 })
    const all = await run(it, { continue: true })
    expect(all.complete).toBe(true)
    expect([stepsTo(all, 'small'), stepsTo(all, 'tiny'), stepsTo(all, 'deadlock')]).toEqual([2, 4, 5])
  })

  it('decides goals, and fails a goal that is never reached', async () => {
    const it = model(Counter, {
      init: Counter(),
      actions: { up: (s) => (s.n < 5 ? s.set('n', s.n + 1) : s) },
      goals: { four: (s) => s.n === 4, six: (s) => s.n === 6 },
    })
    const outcome = await run(it)
    expect([resultOf(outcome, 'four'), resultOf(outcome, 'six')]).toEqual(['reached', 'unreached'])
    expect(stepsTo(outcome, 'four')).toBe(4)
    expect(outcome.verdict).toBe('violated')
    const one = await run(it, { properties: ['four'] })
    expect(one).toMatchObject({ verdict: 'holds', ending: 'settled', complete: false })
    expect(one.properties.map(({ name }) => name)).toEqual(['four'])
  })

  it('checks transition properties of steps that change something', async () => {
    const it = model(Counter, {
      init: Counter(),
      actions: { up, reset: (s) => (s.n === 3 ? s.set('n', 0) : undefined), stay: (s) => s },
      transitions: {
        grows: ({ before, after }) => after.n > before.n,
        neverResets: ({ action }) => action !== 'reset',
        named: forAll({ k: range(0, 2) }, ({ action, before }, { k }) => !(action === 'reset' && before.n === k)),
      },
    })
    const outcome = await run(it, { continue: true })
    expect([stepsTo(outcome, 'grows'), stepsTo(outcome, 'neverResets')]).toEqual([4, 4])
    expect(resultOf(outcome, 'named')).toBe('holds')
    expect(outcome.traces[0]!.steps.at(-1)!.action).toBe('reset')
    expect(outcome.traces[0]!.failed[0]!.read).toEqual([
      { path: "n'", value: 0 },
      { path: 'n', value: 3 },
    ])
  })

  it('names the false conjuncts, with their bindings and the values that they read', async () => {
    const Item = members('item', 2)
    const State = schema({ on: setOf(Item), n: range(0, 3), unread: bool() })
    const it = model(State, {
      init: State(),
      actions: { put: action({ item: Item }, (s, { item }) => s.update('on', (on) => on.add(item)).set('n', 2)) },
      invariants: {
        both: forAll(
          { item: Item },
          {
            isOff: (s, { item }) => !s.on.has(item),
            isLow: (s) => s.n < 3,
            isEven: (s) => s.n % 2 === 1,
          },
        ),
      },
    })
    const [trace] = (await run(it)).traces
    expect(trace).toMatchObject({ property: 'both', bindings: { item: 'item1' } })
    expect(trace!.failed).toEqual([{ name: 'isEven', bindings: {}, read: [{ path: 'n', value: 0 }] }])
  })

  it('shows bindings that are collections', async () => {
    const Item = members('item', 2)
    const State = schema({ held: setOf(Item) })
    const it = model(State, {
      init: State(),
      actions: { add: action({ item: Item }, (s, { item }) => s.update('held', (held) => held.add(item))) },
      invariants: { not: forAll({ group: setOf(Item) }, (s, { group }) => group.size < 2 || !s.held.equals(group)) },
      deadlock: false,
    })
    const [trace] = (await run(it)).traces
    expect(trace!.bindings).toEqual({ group: Set(['item1', 'item2']) })
    expect(trace!.steps.length - 1).toBe(2)
  })

  it('always gives the least of the shortest counterexamples', async () => {
    const Item = members('item', 3)
    const State = schema({ on: setOf(Item) })
    const it = model(State, {
      init: State(),
      actions: { put: action({ item: Item }, (s, { item }) => s.update('on', (on) => on.add(item))) },
      invariants: { atMostOne: (s) => s.on.size < 2 },
    })
    const runs = await Promise.all([run(it), run(it, { interpret: true }), run(it, { seed: 99 })])
    for (const { traces } of runs) {
      expect(traces[0]!.steps.map(({ action, bindings }) => [action, bindings['item']])).toEqual([
        ['init', undefined],
        ['put', 'item1'],
        ['put', 'item2'],
      ])
    }
  })

  describe('bounds', () => {
    const it_ = model(Counter, {
      init: Counter(),
      actions: { up },
      deadlock: false,
      invariants: { small: (s) => s.n < 99 },
    })
    const State = schema({ bits: setOf(range(0, 24)) })
    const huge = model(State, {
      init: State(),
      actions: { set: action({ bit: range(0, 24) }, (s, { bit }) => s.set('bits', s.bits.add(bit))) },
      invariants: { always: (s) => !s.bits.has(0) || s.bits.has(0) },
    })

    it.each<[string, Model, CheckOptions]>([
      ['states', huge, { maxStates: 1000 }],
      ['depth', huge, { maxDepth: 3 }],
      ['time', huge, { timeoutMs: 150 }],
      ['memory', huge, { memoryBytes: 2 ** 20 }],
      ['interrupted', huge, { signal: AbortSignal.abort() }],
    ])('of %s end a run as incomplete, with the results so far', async (ending, it, options) => {
      const outcome = await run(it, options)
      expect(outcome).toMatchObject({ verdict: 'incomplete', complete: false, ending })
      expect(outcome.properties.map(({ result }) => result)).toEqual(['unknown', 'unknown'])
      expect(outcome.warnings).toMatchObject([{ code: 'budget', name: ending }])
      expect(outcome.states.distinct).toBeGreaterThan(1)
      expect(outcome.states.distinct).toBeLessThan(2 ** 25)
    })

    it('change nothing if they are wide enough', async () => {
      const outcome = await run(it_, { maxStates: 10, maxDepth: 11, timeoutMs: 60_000, memoryBytes: 2 ** 30 })
      expect(outcome).toMatchObject({ verdict: 'holds', complete: true, warnings: [] })
      expect((await run(it_, { maxDepth: 10 })).verdict).toBe('incomplete')
    })

    it('keep a violation that was found before them', async () => {
      const it = model(Counter, { init: Counter(), actions: { up }, invariants: { low: (s) => s.n < 2 } })
      expect(await run(it, { maxDepth: 3, continue: true })).toMatchObject({ verdict: 'violated', ending: 'depth' })
    })

    it('must be positive (KR101)', async () => {
      await expect(run(it_, { maxDepth: 0 })).rejects.toMatchObject({ code: 'KR101' })
    })
  })

  describe('constraints', () => {
    const it_ = model(Counter, {
      init: Counter(),
      actions: { up },
      constraints: { low: (s) => s.n < 4 },
      invariants: { notFour: (s) => s.n !== 4, notFive: (s) => s.n !== 5 },
      goals: { six: (s) => s.n === 6 },
    })

    it('bound the search as in TLC: states outside are generated and checked, but not distinct and not explored', async () => {
      const outcome = await run(it_, { continue: true })
      expect(outcome.states).toEqual({ initial: 1, generated: 5, distinct: 4, depth: 4 })
      expect(stepsTo(outcome, 'notFour')).toBe(4)
      expect(resultOf(outcome, 'notFive')).toBe('holds')
      expect(resultOf(outcome, 'deadlock')).toBe('holds')
      expect(resultOf(outcome, 'six')).toBe('unreached')
    })

    it('make the outcome incomplete, and the outcome names them', async () => {
      const outcome = await run(it_, { properties: ['notFive'] })
      expect(outcome).toMatchObject({ verdict: 'holds', complete: false, ending: 'exhausted' })
      expect(outcome.warnings).toMatchObject([{ code: 'constrained', name: 'low' }])
      const all = await run(it_, { continue: true })
      expect(all.warnings[0]!.text).toMatch(/^1 step led outside/)
    })
  })

  describe('constraints that exclude all initial states', () => {
    it('leave nothing to explore', async () => {
      const it_ = model(Counter, {
        init: Counter(),
        actions: { up },
        invariants: { low: (s) => s.n < 5 },
        constraints: { late: (s) => s.n > 0 },
      })
      expect(await run(it_)).toMatchObject({ states: { generated: 1, distinct: 0, depth: 0 }, complete: false })
    })
  })

  describe('warnings', () => {
    it('name actions that are never taken, antecedents that are never true, and constants that nothing reads', async () => {
      const it = spec({
        name: 'vacuous',
        constants: {
          used: constant(range(0, 3), 1, 'read'),
          unused: constant(range(0, 3), 1, 'not read'),
        },
        model: (c) =>
          model(Counter, {
            init: Counter({ n: c.used }),
            actions: { up, never: (s) => (s.n === 0 ? s.set('n', 1) : undefined) },
            deadlock: false,
            invariants: {
              empty: implies(
                (s) => s.n === 0,
                (s) => s.n === 1,
              ),
              full: implies(
                (s) => s.n > 8,
                (s) => s.n === 9,
              ),
              some: forAll(
                { k: range(0, 3) },
                implies(
                  (s, { k }) => s.n === k,
                  (s) => s.n < 5,
                ),
              ),
            },
          }),
      })
      const codes = ({ warnings }: Outcome) => warnings.map(({ code, name }) => `${code} ${name}`)
      const expected = ['never-taken never', 'antecedent-never-true empty', 'unused-constant unused']
      expect(codes(await check(it))).toEqual(expected)
      expect(codes(await check(it, { interpret: true }))).toEqual(expected)
    })
  })

  describe('a spec function that fails', () => {
    const State = schema({
      n: range(0, 9),
      when: mapOf(members('item', 2), range(0, 3)),
      list: listOf(bool(), 2),
      open: value<unknown>(0),
    })
    const failing = (next: (s: ReturnType<typeof State>) => unknown): Model =>
      model(State, {
        init: State(),
        actions: {
          up: (s) => (s.n < 9 ? s.set('n', s.n + 1) : undefined),
          bad: (s) => (s.n === 3 ? (next(s) as typeof s) : undefined),
        },
      })

    it.each<[string, string, (s: ReturnType<typeof State>) => unknown, RegExp]>([
      [
        'throws',
        'KR503',
        () => {
          throw new TypeError('oops')
        },
        /action "bad" threw TypeError: oops/,
      ],
      ['returns a number', 'KR504', () => 7, /must return states, but returned 7/],
      ['returns a list of something', 'KR504', () => ['a'], /returned an iterable with "a"/],
      ['returns another record', 'KR504', () => Counter(), /must return states, but returned the record { n: 0 }/],
      ['writes outside a range', 'KR302', (s) => s.set('n', 10), /"n".* 10/],
      ['writes an unknown variable', 'KR203', (s) => s.set('m' as 'n', 1), /"m" is not a variable/],
      ['writes undefined', 'KR301', (s) => s.set('n', undefined as never), /undefined/],
      ['makes a list too long', 'KR302', (s) => s.set('list', List([true, true, true])), /of length 3/],
      ['drops a key', 'KR302', (s) => s.update('when', (all) => all.delete('item1')), /without the key "item1"/],
      ['adds a key', 'KR302', (s) => s.setIn(['when', 'item9' as 'item1'], 1), /with the key "item9"/],
      ['keeps a plain object', 'KR303', (s) => s.set('open', Set([{}])), /a plain object/],
    ])('that %s ends the run with %s and a trace', async (_, code, next, message) => {
      for (const interpret of [false, true]) {
        const error = await run(failing(next), { interpret }).catch((thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(FailedRun)
        const { trace, ...parts } = error as FailedRun
        expect(parts.code).toBe(code)
        expect((error as FailedRun).message).toMatch(message)
        expect(trace.steps.map(({ action }) => action)).toEqual(['init', 'up', 'up', 'up'])
      }
    })

    it('is reported for invariants, goals, constraints and transition properties too', async () => {
      const boom = (s: { n: number }): boolean => {
        if (s.n === 2) throw new RangeError('two')
        return true
      }
      const parts = { init: Counter(), actions: { up }, deadlock: false }
      const models = [
        model(Counter, { ...parts, invariants: { boom } }),
        model(Counter, { ...parts, goals: { boom: (s) => !boom(s) } }),
        model(Counter, { ...parts, constraints: { boom } }),
        model(Counter, { ...parts, transitions: { boom: ({ after }) => boom(after) } }),
        model(Counter, { ...parts, invariants: { boom: () => 1 as unknown as boolean } }),
        model(Counter, {
          ...parts,
          actions: { up: (s) => (s.n < 2 ? s.set('n', s.n + 1) : undefined) },
          deadlock: { unless: (s) => !boom(s) },
        }),
      ]
      for (const it of models) {
        for (const interpret of [false, true]) {
          await expect(run(it, { interpret })).rejects.toMatchObject({ code: expect.stringMatching(/KR50[36]/) })
        }
      }
    })

    it('keeps earlier findings', async () => {
      const it_ = model(Counter, {
        init: Counter(),
        actions: {
          up: (s) => {
            if (s.n === 5) throw new Error('late')
            return s.set('n', s.n + 1)
          },
        },
        invariants: { small: (s) => s.n < 2 },
      })
      const error = await run(it_, { continue: true }).catch((thrown: FailedRun) => thrown)
      expect(error).toBeInstanceOf(FailedRun)
      const { trace, found } = error as FailedRun
      expect(trace.steps.length - 1).toBe(5)
      expect(found).toMatchObject({ verdict: 'violated', ending: 'failed', complete: false })
      expect(stepsTo(found, 'small')).toBe(2)
    })

    itInAll('past the bound of a run is not met in finding its traces', async () => {
      const Wide = schema({ n: range(0, 40_000), k: range(0, 3), bad: bool() })
      const it_ = model(Wide, {
        init: Wide(),
        actions: {
          fan: (s) => (s.n === 0 ? Array.from({ length: 40_000 }, (_, n) => s.set('n', n + 1)) : undefined),
          go: (s) => {
            if (s.n === 40_000) throw new Error('late')
            return s.n === 1 ? s.set('bad', true) : undefined
          },
          more: action({ k: range(1, 3) }, (s, { k }) => (s.n > 0 && s.k === 0 ? s.set('k', k) : undefined)),
        },
        invariants: { good: (s) => !s.bad },
        deadlock: false,
      })
      const cut = await run(it_, { memoryBytes: 900_000, continue: true }).catch((thrown: unknown) => thrown)
      expect(cut).toMatchObject({ ending: 'memory', verdict: 'violated', traces: [{ steps: [{}, {}, {}] }] })
    })

    it('is impure if it did not fail at first (KR502)', async () => {
      let calls = 0
      const it_ = model(Counter, {
        init: Counter(),
        actions: {
          up: (s) => {
            if (++calls > 3) throw new Error('tired')
            return s.n < 9 ? s.set('n', s.n + 1) : undefined
          },
        },
        invariants: { small: (s) => s.n < 2 },
      })
      await expect(run(it_, { interpret: true })).rejects.toMatchObject({ code: 'KR502' })
    })

    it('is found in a constraint on an initial state, and reported as a constraint', async () => {
      const refuse = (): boolean => {
        throw new Error('no')
      }
      const it_ = model(Counter, { init: Counter(), actions: { up }, constraints: { refuse } })
      for (const interpret of [false, true]) {
        await expect(run(it_, { interpret })).rejects.toMatchObject({ message: 'constraint "refuse" threw Error: no' })
      }
    })

    it('is reported at its least depth, even if another function fails on the way', async () => {
      const Pair = schema({ a: range(0, 1), b: range(0, 2) })
      const refuseIf = (bad: boolean): void => {
        if (bad) throw new Error('no')
      }
      const failing = (b: number): Promise<unknown> => {
        const boom = (s: ReturnType<typeof Pair>): boolean => {
          refuseIf(s.b === b)
          return true
        }
        const up = (s: ReturnType<typeof Pair>): unknown => {
          refuseIf(s.a === 1 && s.b === 1)
          return s.b < 2 ? s.set('b', s.b + 1) : undefined
        }
        const init = [Pair({ a: 0, b: 0 }), Pair({ a: 1, b: 0 })]
        return run(model(Pair, { init, actions: { up: up as never }, invariants: { boom } })).catch((error) => error)
      }
      // With b=1 the action fails at depth 2, and so does the invariant. With b=2 the invariant would fail at depth 3.
      expect(await failing(1)).toMatchObject({
        message: 'invariant "boom" threw Error: no',
        trace: { steps: [{}, {}] },
      })
      expect(await failing(2)).toMatchObject({ message: 'action "up" threw Error: no', trace: { steps: [{}, {}] } })
    })

    it('is named for the first of several wrong values, in both evaluators', async () => {
      const Low = schema({ by: mapOf(oneOf('a', 'b'), range(0, 1)), list: listOf(range(0, 1), 2) })
      const writing = (go: (s: ReturnType<typeof Low>) => ReturnType<typeof Low>): Model =>
        model(Low, { init: Low({ list: List([0, 0]) }), actions: { go } })
      for (const interpret of [false, true]) {
        await expect(
          run(
            writing((s) => s.setIn(['by', 'b'], 9).setIn(['by', 'a'], 7)),
            { interpret },
          ),
        ).rejects.toMatchObject({ message: expect.stringContaining('"by[a]"') })
        await expect(
          run(
            writing((s) => s.update('list', (list) => list.set(1, 9).set(0, 7))),
            { interpret },
          ),
        ).rejects.toMatchObject({ message: expect.stringContaining('"list[0]"') })
      }
    })

    it('is reported with its bindings and its place in the file', async () => {
      const Item = members('item', 2)
      const it = model(State, {
        init: State(),
        actions: {
          pick: action({ item: Item }, (s, { item }) => {
            if (item === 'item2') throw new Error('no')
            return s
          }),
        },
      })
      await expect(run(it)).rejects.toMatchObject({
        message: 'action "pick(item2)" threw Error: no',
        at: expect.stringMatching(/check\.test\.ts:\d+:\d+$/),
      })
    })
  })

  describe('threads', () => {
    const File = members('file', 2)
    const State = schema({
      main: thread('start', 'work', 'done'),
      worker: thread({ file: File }, 'idle', 'busy', 'stopped'),
      allowed: bool(),
      log: range(0, 4),
    })
    const it_ = model(State, {
      init: State(),
      threads: {
        main: {
          at: { start: (s) => s.set('allowed', true), work: (s) => [goto('done'), s.set('allowed', false)], done: {} },
        },
        worker: {
          guard: (s, { file }) => s.allowed || s.worker.get(file) === 'busy',
          fair: 'weak',
          at: {
            idle: { begin: (s) => goto('busy', s.set('log', Math.min(4, s.log + 1))), quit: () => goto('stopped') },
            busy: (s, { file }) => (file === 'file1' ? goto('idle') : s),
            stopped: {},
          },
        },
      },
      goals: { everyoneStops: (s) => s.main === 'done' && s.worker.every((label) => label === 'stopped') },
    })

    it('go to the next label unless a step says otherwise, and end at a label without steps', async () => {
      const outcome = await run(it_)
      // The main thread is done and the guard is false, so an idle worker is stuck. That is not a legitimate end.
      expect(resultOf(outcome, 'deadlock')).toBe('violated')
      expect(stepsTo(outcome, 'deadlock')).toBe(2)
      const goal = await run(it_, { properties: ['everyoneStops'] })
      expect(stepsTo(goal, 'everyoneStops')).toBe(4)
      const taken = goal.traces[0]!.steps.map(({ action, thread }) => `${action} ${thread?.label}`)
      expect(taken.slice(1).sort()).toEqual(['main.start start', 'main.work work', 'quit idle', 'quit idle'])
    })

    it('take no step while their guard is false', async () => {
      const outcome = await run(it_, { properties: ['everyoneStops'] })
      expect(outcome.traces[0]!.steps[1]!.action).toBe('main.start')
    })

    it('require booleans from guards and ends, and states from goto', async () => {
      const One = schema({ n: range(0, 2), t: thread('a', 'b') })
      type S = ReturnType<typeof One>
      const go = (s: S): S => s.set('n', 1)
      const models: [string, RegExp, Model][] = [
        ['KR506', /the guard of thread "t" must return a boolean, but returned undefined/, model(One, { init: One(), threads: { t: { guard: (() => undefined) as never, at: { a: go, b: {} } } } })],
        ['KR504', /returned the array/, model(One, { init: One(), threads: { t: { at: { a: (s) => goto('b', [go(s)] as never), b: {} } } } })],
        ['KR504', /returned null/, model(One, { init: One(), threads: { t: { at: { a: () => goto('b', null as never), b: {} } } } })],
        ['KR504', /returned false/, model(One, { init: One(), threads: { t: { at: { a: () => goto('b', false as never), b: {} } } } })],
        ['KR504', /action "up".*goto/, model(Counter, { init: Counter(), actions: { up: () => goto('b') as never } })],
        ['KR506', /"unless" must return a boolean, but returned null/, model(One, { init: One(), threads: { t: { at: { a: () => undefined, b: {} } } }, deadlock: { unless: () => null as never } })],
      ] // prettier-ignore
      for (const [code, message, it_] of models) {
        for (const interpret of [false, true]) {
          await expect(run(it_, { interpret })).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
        }
      }
    })

    it('report a step that falls off the last label, goes to an unknown label, or moves its own counter (KR505)', async () => {
      const One = schema({ t: thread('a', 'b') })
      const bodies = [
        { a: (s: ReturnType<typeof One>) => s, b: (s: ReturnType<typeof One>) => s },
        { a: () => goto('c' as 'a'), b: {} },
        { a: (s: ReturnType<typeof One>) => s.set('t', 'b'), b: {} },
      ]
      const messages = [/at "b"/, /went to "c"/, /program counter/]
      for (const [index, at] of bodies.entries()) {
        const it = model(One, { init: One(), threads: { t: { at } } })
        await expect(run(it)).rejects.toMatchObject({ code: 'KR505', message: expect.stringMatching(messages[index]!) })
      }
    })
  })

  it.each(['invariant', 'goal'])(
    'can be interrupted while it searches for the traces of its findings (an %s)',
    async (kind) => {
      const Wide = schema({ bits: setOf(range(0, 12)) })
      const controller = new AbortController()
      let isFound = false
      const isFull = (s: ReturnType<typeof Wide>): boolean => {
        if (s.bits.size < 13) return false
        return (isFound = true)
      }
      const it_ = model(Wide, {
        init: Wide(),
        actions: {
          set: action({ bit: range(0, 12) }, (s, { bit }) => {
            // The search has begun again from the start.
            if (isFound && s.bits.isEmpty()) controller.abort()
            return s.bits.has(bit) ? undefined : s.set('bits', s.bits.add(bit))
          }),
        },
        ...(kind === 'goal' ? { goals: { full: isFull } } : { invariants: { full: (s) => !isFull(s) } }),
        deadlock: false,
      })
      const outcome = await run(it_, { interpret: true, continue: true, signal: controller.signal })
      expect(outcome).toMatchObject({ ending: 'interrupted', complete: true, traces: [] })
      expect(outcome.properties).toEqual([{ name: 'full', kind, result: kind === 'goal' ? 'reached' : 'violated' }])
      expect(outcome.warnings).toMatchObject([{ code: 'budget', name: 'interrupted' }])
    },
  )

  it('handles open values: any immutable value, compared by value', async () => {
    const State = schema({ log: value<List<number>>(List()) })
    const it = model(State, {
      init: State(),
      actions: {
        append: action({ n: range(0, 1) }, (s, { n }) => (s.log.size < 3 ? s.set('log', s.log.push(n)) : undefined)),
      },
      deadlock: { unless: (s) => s.log.size === 3 },
      invariants: { noPattern: (s) => !s.log.equals(List([1, 0, 1])) },
    })
    const outcome = await run(it, { continue: true })
    expect(outcome.states).toMatchObject({ distinct: 1 + 2 + 4 + 8, generated: 15, depth: 4 })
    expect(outcome.traces[0]!.steps.at(-1)!.state.toJS()).toEqual({ log: [1, 0, 1] })
  })

  it('keeps records in open variables apart, even after later learning', async () => {
    const Part = record({ a: range(0, 2), b: bool() })
    const State = schema({ part: Part, kept: value<ReturnType<typeof Part> | null>(null) })
    const it = model(State, {
      init: State(),
      actions: {
        keep: action({ a: range(1, 2) }, (s, { a }) =>
          s.kept === null ? s.set('kept', s.part.set('a', a)) : undefined,
        ),
        // Learned after the first record was kept. It builds another record of the same kind.
        flip: (s) => s.setIn(['part', 'b'], !s.part.b),
      },
      invariants: {
        notOne: (s) => s.kept === null || s.kept.a !== 1,
        notTwo: (s) => s.kept === null || s.kept.a !== 2,
      },
    })
    for (const interpret of [false, true]) {
      const outcome = await run(it, { continue: true, interpret })
      expect([stepsTo(outcome, 'notOne'), stepsTo(outcome, 'notTwo')]).toEqual([1, 1])
      expect(outcome.states).toEqual({ initial: 1, generated: 15, distinct: 10, depth: 4 })
    }
  })

  it('rejects values in open variables that are mutable, lazy or missing', async () => {
    const State = schema({ list: listOf(bool(), 2), it: value<unknown>(0) })
    const storing = (what: (s: ReturnType<typeof State>) => unknown): Model =>
      model(State, { init: State(), actions: { store: (s) => s.set('it', what(s)) } })
    const refused: [string, (s: ReturnType<typeof State>) => unknown][] = [
      ['KR301', () => List([undefined])],
      ['KR303', (s) => s.list.asMutable()],
      ['KR303', (s) => s.list.valueSeq()],
      ['KR303', (s) => Stack([s.list])],
      ['KR303', () => ({})],
    ]
    for (const [code, what] of refused) {
      for (const interpret of [false, true])
        await expect(run(storing(what), { interpret })).rejects.toMatchObject({ code })
    }
  })

  it('allows as many different open values as the capacity allows', async () => {
    const State = schema({ it: value(0, { capacity: 3 }) })
    const upTo = (most: number): Model =>
      model(State, { init: State(), actions: { up: (s) => (s.it < most ? s.set('it', s.it + 1) : undefined) } })
    expect((await run(upTo(2))).states.distinct).toBe(3)
    await expect(run(upTo(3))).rejects.toMatchObject({ code: 'KR402' })
  })

  it('shows the same counterexample for any numbering of open values', async () => {
    const Key = oneOf('a', 'b')
    const State = schema({ by: mapOf(Key, value('')), n: range(0, 2) })
    const it = model(State, {
      init: State(),
      actions: {
        // Written in reverse order: the second value is found first.
        both: (s) => (s.n === 0 ? s.setIn(['by', 'b'], 'X').setIn(['by', 'a'], 'Y').set('n', 1) : undefined),
        pick: action({ key: Key }, (s, { key }) =>
          s.n === 1 ? s.update('by', (by) => by.map((_, other) => (other === key ? 'X' : 'Y'))).set('n', 2) : undefined,
        ),
      },
      invariants: { low: (s) => s.n < 2 },
    })
    const ends = await Promise.all([run(it), run(it, { interpret: true }), run(it, { seed: 5 })])
    const bindings = ends.map(({ traces }) => traces[0]!.steps.at(-1)!.bindings)
    expect(bindings).toEqual([{ key: 'b' }, { key: 'b' }, { key: 'b' }])
  })

  it('learns actions with very many instances', async () => {
    const State = schema({ on: bool() })
    const it = model(State, {
      init: State(),
      actions: {
        set: action({ n: range(0, ALL ? 65_535 : 9999), m: range(0, 2) }, (s, { n, m }) =>
          n === 3 && m === 2 ? s.set('on', true) : undefined,
        ),
      },
    })
    expect((await run(it, { deadlock: false })).states).toEqual({ initial: 1, generated: 3, distinct: 2, depth: 2 })
  })

  it('lets open variables of different capacities share their values', async () => {
    const State = schema({ few: value(0, { capacity: 4 }), many: value(0, { capacity: 100 }) })
    const it = model(State, {
      init: State(),
      actions: {
        up: (s) => (s.many < 50 ? s.set('many', s.many + 1) : undefined),
        copy: (s) => (s.many === 50 ? s.set('few', s.many) : undefined),
      },
      goals: { copied: (s) => s.few === 50 && s.many === 50 },
    })
    expect(resultOf(await run(it, { properties: ['copied'] }), 'copied')).toBe('reached')
  })

  it('ends as incomplete if open values exceed the capacity (KR402)', async () => {
    const State = schema({ n: value(0, { capacity: 8 }) })
    const it = model(State, { init: State(), actions: { up: (s) => s.set('n', s.n + 1) } })
    await expect(run(it)).rejects.toMatchObject({ code: 'KR402' })
  })

  it('reports progress, and can be interrupted', async () => {
    const State = schema({ bits: setOf(range(0, 30)), color: oneOf('red') })
    const it = model(State, {
      init: State(),
      actions: { set: action({ bit: range(0, 30) }, (s, { bit }) => s.set('bits', s.bits.add(bit))) },
    })
    const controller = new AbortController()
    const seen: number[] = []
    const outcome = await run(it, {
      // Decision diagrams would find all 2^31 states before anybody could interrupt.
      engine: 'explicit',
      signal: controller.signal,
      onProgress: ({ distinct, generated, depth, pending, elapsedMs }) => {
        seen.push(distinct)
        expect(generated).toBeGreaterThan(distinct)
        expect(depth + pending + elapsedMs).toBeGreaterThan(0)
        if (seen.length === 3) controller.abort()
      },
    })
    expect(outcome.ending).toBe('interrupted')
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
  })
})
