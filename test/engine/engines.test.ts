import { describe, expect, it } from 'vitest'
import philosophers from '../../specs/classic/dining-philosophers.ts'
import twoPhaseCommit from '../../specs/classic/two-phase-commit.ts'
import {
  action,
  bool,
  check,
  forAll,
  leadsTo,
  mapOf,
  members,
  model,
  ofStep,
  range,
  schema,
  setOf,
  spec,
} from '../../src/index.ts'
import { checkText } from '../../src/report/text/check.ts'
import { checkDocument } from '../../src/report/json/documents.ts'
import { PLAIN } from '../../src/report/text/style.ts'
import type { Outcome } from '../../src/api/outcome.ts'
import { itInAll } from '../support/amount.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

const OF_STATES = ['noNeighborsEat', 'deadlock']

/** Reads all of its flags, in each combination that occurs. */
const nosy = spec({
  name: 'nosy',
  model: () => {
    const Flag = members('flag', 40)
    const State = schema({ up: setOf(Flag), count: range(0, 40) })
    return model(State, {
      init: State(),
      deadlock: false,
      actions: {
        raise: action({ flag: Flag }, (s, { flag }) => s.set('up', s.up.add(flag))),
        count: (s) => s.set('count', Flag.filter((flag) => s.up.has(flag)).length),
      },
    })
  },
})

/** Twenty lamps that can be switched on and off. */
const lampsWith = (measured: readonly string[]) =>
  spec({
    name: 'lamps',
    model: () => {
      const Lamp = members('lamp', 20)
      const State = schema({ on: mapOf(Lamp, bool()) })
      type State = ReturnType<typeof State>
      const first = Lamp[0]!
      const lit = (s: State): number => Lamp.filter((lamp) => s.on.get(lamp)!).length
      const measures = {
        lit,
        lighting: ofStep<{ after: State }>(({ after }) => lit(after)),
        first: (s: State) => Number(s.on.get(first)!),
        switched: ofStep<{ before: State; after: State; bindings: { lamp: typeof first } }>(
          ({ before, after, bindings: { lamp } }) => Number(after.on.get(lamp)!) - Number(before.on.get(lamp)!),
        ),
      }
      return model(State, {
        init: State(),
        actions: {
          flip: action({ lamp: Lamp }, (s, { lamp }) => s.update('on', (on) => on.update(lamp, (it) => !it))),
        },
        measures: Object.fromEntries(Object.entries(measures).filter(([name]) => measured.includes(name))) as never,
      })
    },
  })

/**
 * Climbers on separate ladders. Each one must go on to the top if the constraint demands it, and stays there or
 * restarts.
 */
const climbers = (count: number, fair: 'weak' | 'strong' | undefined) =>
  spec({
    name: 'climbers',
    model: () => {
      const Climber = members('climber', count)
      const State = schema({ at: mapOf(Climber, range(0, 3)) })
      type State = ReturnType<typeof State>
      const parameters = { climber: Climber }
      return model(State, {
        init: State(),
        actions: {
          up: action(
            parameters,
            (s, { climber }) => s.at.get(climber)! < 3 && s.update('at', (at) => at.update(climber, (it) => it! + 1)),
            fair && { fair },
          ),
          begin: action(parameters, (s, { climber }) => s.at.get(climber) === 3 && s.setIn(['at', climber], 0)),
        },
        temporal: {
          arrives: forAll(parameters, ({ climber }) =>
            leadsTo(
              (s: State) => s.at.get(climber) === 1,
              (s: State) => s.at.get(climber) === 3,
            ),
          ),
        },
      })
    },
  })

/** Cells whose value determines the next one. Only the first eight change. */
const cells = (count: number, values: number) =>
  spec({
    name: 'cells',
    model: () => {
      const Cell = members('cell', count)
      const State = schema({ cells: mapOf(Cell, range(1, values)) })
      return model(State, {
        init: State(),
        deadlock: false,
        actions: {
          write: action({ cell: Cell }, (s, { cell }) => Cell.indexOf(cell) < 8 && s.setIn(['cells', cell], 2)),
        },
      })
    },
  })

/** Forty climbers on separate ladders, who start one after another. Half of them start soon. */
const crowd = spec({
  name: 'crowd',
  model: () => {
    const Climber = members('climber', 40)
    const State = schema({ started: mapOf(Climber, bool()), at: mapOf(Climber, range(0, 5)) })
    const parameters = { climber: Climber }
    return model(State, {
      init: State(),
      deadlock: false,
      actions: {
        start: action(parameters, (s, { climber }) => {
          const before = Climber[Climber.indexOf(climber) - 1]
          const mayStart = before === undefined || s.started.get(before)!
          return mayStart && s.setIn(['started', climber], true)
        }),
        up: action(parameters, (s, { climber }) => {
          const at = s.at.get(climber)!
          return at < 5 && s.setIn(['at', climber], at + 1)
        }),
        down: action(parameters, (s, { climber }) => {
          const at = s.at.get(climber)!
          return s.started.get(climber)! && at > 1 && s.setIn(['at', climber], at - 2)
        }),
      },
      invariants: {
        fewStart: forAll(parameters, (s, { climber }) => !(s.started.get(Climber[20]!)! && s.at.get(climber)! < 5)),
      },
    })
  },
})

const lamps = lampsWith(['lit', 'lighting', 'first', 'switched'])
const countedLamps = lampsWith(['first'])

describe('the symbolic engine', () => {
  it("gives TLC's counts", async () => {
    // tlaplus/Examples, specifications/transaction_commit: see classic.test.ts.
    const { engine, states, symmetry } = await check(twoPhaseCommit, {
      engine: 'symbolic',
      constants: { resourceManagers: 10 },
    })
    expect({ engine, symmetry, ...states }).toEqual({
      ...{ engine: 'symbolic', symmetry: 'off', depth: 32 },
      ...{ initial: 1, generated: 817_760_258, distinct: 61_515_776 },
    })
  })

  itInAll('does not look for the depth where levels would take long', async () => {
    const depthOf = async (resourceManagers: number): Promise<number | undefined> => {
      return (await check(twoPhaseCommit, { engine: 'symbolic', constants: { resourceManagers } })).states.depth
    }
    // Each additional manager adds three levels: seven have 23, nine have 29.
    expect(await depthOf(20)).toBe(62)
    expect(await depthOf(40)).toBeUndefined()
  })

  it('knows the depth if it searched levels to show a finding', async () => {
    const options = { continue: true, constants: { philosophers: 4 }, properties: [...OF_STATES, 'feast'] } as const
    const explicit = await check(philosophers as AnySpec, { ...options, engine: 'explicit', symmetry: false })
    const { states, traces } = await check(philosophers as AnySpec, { ...options, engine: 'symbolic' })
    expect(traces).toHaveLength(2)
    expect(states).toEqual(explicit.states)
  })

  it('counts exactly beyond the range of a double', async () => {
    const outcome = await check(twoPhaseCommit, { engine: 'symbolic', constants: { resourceManagers: 30 } })
    const { states } = checkDocument(outcome, { peakMemoryBytes: null })
    // Without "Commit" and "Abort", each manager has prepared and was heard, has prepared, works, or has aborted. See
    // TwoPhase.tla.
    expect(outcome.states.distinct).toBeCloseTo(Number(outcome.states.exact!.distinct))
    expect(states).toMatchObject({ exact: { distinct: String(outcome.states.exact!.distinct) } })
    expect(outcome.states.exact!.distinct).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER))
  })

  it('reports that it works in one thread', async () => {
    const module = new URL('../../specs/classic/two-phase-commit.ts', import.meta.url).href
    const { workers } = await check(twoPhaseCommit, { engine: 'symbolic', workers: 2, module })
    expect(workers).toBe(1)
  })

  it('knows the depth after a search by levels', async () => {
    const options = { constants: { philosophers: 3 }, properties: OF_STATES, symmetry: false }
    const explicit = await check(philosophers as AnySpec, options)
    const { states, properties, traces, ending } = await check(philosophers as AnySpec, {
      ...options,
      engine: 'symbolic',
    })
    expect(ending).toBe('violated')
    expect({ states, properties, traces: traces.length }).toEqual({
      ...{ states: explicit.states, properties: explicit.properties, traces: 1 },
    })
  })

  itInAll('refuses a function that reads too much, by name', { timeout: 240_000 }, async () => {
    await expect(check(nosy, { engine: 'symbolic' })).rejects.toMatchObject({
      code: 'KR404',
      message: expect.stringMatching(/action "count" reads 40 of 41 slots in more than 65,536 combinations/),
    })
  })

  it.each([
    [cells(1001, 2), /(?=.*\b1,001\b).*\b1,000\b/],
    [cells(8, 300_000), /(?=.*cells\[cell1\])(?=.*300,000).*262,143/],
  ])('refuses states that diagrams cannot represent', async (roomy, why) => {
    await expect(check(roomy, { engine: 'symbolic' })).rejects.toMatchObject({
      ...{ code: 'KR404', message: expect.stringMatching(why) },
    })
  })

  it('accepts the greatest number of slots that its error names', async () => {
    const { states } = await check(cells(1000, 2), { engine: 'symbolic' })
    expect(states.distinct).toBe(2 ** 8)
  })

  it('reports a property that reads too much as undecided, and decides the others', async () => {
    const { properties, verdict, warnings } = await check(philosophers, {
      engine: 'symbolic',
      constants: { philosophers: 9, design: 'ordered' },
      properties: ['noNeighborsEat', 'feast'],
    })
    expect(verdict).toBe('incomplete')
    expect(properties.map(({ result }) => result)).toEqual(['holds', 'unknown'])
    expect(warnings).toMatchObject([{ code: 'undecided', name: 'feast' }])
  })

  itInAll('says of a measure that reads too much that it is not taken, and takes the others', async () => {
    const { measures, verdict, warnings } = await check(lamps, { engine: 'symbolic' })
    expect(verdict).toBe('holds')
    expect(measures).toEqual([
      { name: 'lit', over: 'states', minimum: undefined, maximum: undefined },
      { name: 'lighting', over: 'steps', minimum: undefined, maximum: undefined },
      { name: 'first', over: 'states', minimum: 0, maximum: 1 },
      { name: 'switched', over: 'steps', minimum: -1, maximum: 1 },
    ])
    expect(warnings).toMatchObject([
      { code: 'undecided', name: 'lit' },
      { code: 'undecided', name: 'lighting' },
    ])
  })

  it('decides temporal properties of more states than the explicit engine can store', async () => {
    const { properties, states, warnings } = await check(climbers(12, 'weak'), { engine: 'symbolic' })
    expect(states.distinct).toBe(4 ** 12)
    expect(properties.find(({ kind }) => kind === 'temporal')).toEqual({
      ...{ name: 'arrives', kind: 'temporal', result: 'holds' },
    })
    expect(warnings).toEqual([])
  })

  it('shows a lasso among more states than the explicit engine can store', async () => {
    const many = await check(climbers(12, undefined), { engine: 'symbolic' })
    expect([many.verdict, many.states.distinct, many.warnings]).toEqual(['violated', 4 ** 12, []])
    const few = await check(climbers(4, undefined), { engine: 'symbolic' })
    const shown = ({ traces }: Outcome) => traces.map(({ steps, loop }) => [steps.map(({ action }) => action), loop])
    // A climber that does not continue stays on the first rung forever.
    expect(shown(few)).toEqual([[['init', 'up', 'stutter'], 1]])
    expect(shown(many)).toEqual(shown(few))
  })

  it('leaves failing functions to the explicit engine, and reports that', async () => {
    const State = schema({ n: range(0, 3), flags: mapOf(members('flag', 2), bool()) })
    const failing = spec({
      name: 'failing',
      model: () =>
        model(State, { init: State(), deadlock: false, actions: { up: (s) => s.set('n', (s.n + 1) as never) } }),
    })
    await expect(check(failing, { engine: 'symbolic' })).rejects.toMatchObject({ code: 'KR302' })
  })

  it('ends at the time limit', async () => {
    const { ending, verdict } = await check(philosophers as AnySpec, {
      ...{ engine: 'symbolic', constants: { philosophers: 60 }, properties: OF_STATES, timeoutMs: 1500 },
    })
    expect(ending).toBe('time')
    expect(verdict).not.toBe('holds')
  })

  it('reports a violation even if showing it exceeds the bounds', async () => {
    const { ending, properties, traces, warnings } = await check(crowd, {
      ...{ engine: 'symbolic', continue: true, memoryBytes: 2 ** 20 },
    })
    expect({ ending, properties, traces }).toEqual({
      ...{ ending: 'memory', traces: [] },
      properties: [{ name: 'fewStart', kind: 'invariant', result: 'violated' }],
    })
    expect(warnings).toMatchObject([{ code: 'budget', name: 'memory' }])
  })

  it('reports no counts that were incomplete when it ended', async () => {
    const outcome = await check(twoPhaseCommit, {
      ...{ engine: 'symbolic', constants: { resourceManagers: 100 }, memoryBytes: 2 ** 21 },
    })
    expect(outcome).toMatchObject({
      ending: 'memory',
      verdict: 'incomplete',
      states: { generated: undefined, depth: undefined },
    })
    expect(outcome.actions.map(({ generated }) => generated)).toEqual(Array(7).fill(undefined))
    const { states } = checkDocument(outcome, { peakMemoryBytes: null })
    expect(states).toMatchObject({
      generated: null,
      exact: { generated: null, distinct: expect.stringMatching(/^\d+$/) },
    })
    expect(checkText(outcome, PLAIN).find((line) => line.includes('distinct'))).toMatch(
      /^[\d,]+ distinct states, [\d.]+ s, [\d,]+ calls of the spec, by decision diagrams;$/,
    )
  })

  it('does not report which action reached how many states first', async () => {
    const { actions } = await check(twoPhaseCommit, { engine: 'symbolic', attribute: true })
    expect(new Set(actions.map(({ distinct }) => distinct))).toEqual(new Set([undefined]))
  })
})

describe('the engine "auto"', () => {
  const constants = { resourceManagers: 7 }

  it('switches to diagrams at many states', async () => {
    const { engine, engineChange, states, verdict } = await check(twoPhaseCommit, {
      ...{ engine: 'auto', tuning: { symbolicFrom: 1000 }, constants, symmetry: false },
    })
    expect({ engine, verdict, distinct: states.distinct }).toEqual({
      ...{ engine: 'symbolic', verdict: 'holds', distinct: 296_448 },
    })
    expect(engineChange).toMatch(/[\d,]+ states$/)
  })

  it('is the default', async () => {
    const options = { constants, symmetry: false, properties: ['consistent'] }
    const { engine, states } = await check(twoPhaseCommit as AnySpec, { ...options, tuning: { symbolicFrom: 1000 } })
    expect([engine, states.depth]).toEqual(['symbolic', 23])
    const { engine: bounded } = await check(twoPhaseCommit as AnySpec, {
      ...options,
      tuning: { symbolicFrom: 1000 },
      maxDepth: 30,
    })
    expect(bounded).toBe('explicit')
  })

  it('switches from states up to symmetry, and reports that', async () => {
    const outcome = await check(twoPhaseCommit, { constants: { resourceManagers: 8 }, tuning: { symbolicFrom: 1000 } })
    expect(outcome).toMatchObject({
      ...{ engine: 'symbolic', symmetry: 'off', states: { distinct: 1_745_408 }, unreduced: 'engine' },
      engineChange: expect.stringMatching(/\d+ states up to symmetry/),
    })
    expect(checkText(outcome, PLAIN).at(-1)).toMatch(/not reduced by symmetry/)
  })

  it('switches with measures', async () => {
    const { engine, measures } = await check(countedLamps, { engine: 'auto', tuning: { symbolicFrom: 1000 } })
    expect(engine).toBe('symbolic')
    expect(measures).toEqual([{ name: 'first', over: 'states', minimum: 0, maximum: 1 }])
  })

  it('switches with temporal properties', async () => {
    const { engine, verdict, states } = await check(climbers(10, 'weak'), { tuning: { symbolicFrom: 1000 } })
    expect([engine, verdict, states.distinct]).toEqual(['symbolic', 'holds', 4 ** 10])
  })

  it('switches with a violated temporal property if the explicit engine would not search for a lasso either', async () => {
    const large = await check(climbers(12, undefined), { tuning: { symbolicFrom: 1000 } })
    expect([large.engine, large.verdict, large.traces.length]).toEqual(['symbolic', 'violated', 1])
    const small = await check(climbers(6, undefined), { tuning: { symbolicFrom: 1000 } })
    expect([small.engine, small.verdict]).toEqual(['explicit', 'violated'])
  })

  it('stays with the explicit engine at few states', async () => {
    const { engine, engineChange } = await check(twoPhaseCommit, { engine: 'auto', constants: { resourceManagers: 3 } })
    expect([engine, engineChange]).toEqual(['explicit', undefined])
  })

  itInAll('goes on where diagrams are of no use, and says so', async () => {
    const { engine, engineChange, ending } = await check(nosy, {
      ...{ engine: 'auto', tuning: { symbolicFrom: 50_000 }, timeoutMs: 20_000, memoryBytes: 2 ** 24 },
    })
    expect([engine, ending]).toEqual(['explicit', 'memory'])
    expect(engineChange).toMatch(/symbolic engine/)
  })

  it.each([cells(1001, 2), cells(8, 300_000)])('continues if states have too many slots or values', async (roomy) => {
    const { engine, verdict, states } = await check(roomy, { engine: 'auto', tuning: { symbolicFrom: 10 } })
    expect({ engine, verdict, distinct: states.distinct }).toEqual({
      ...{ engine: 'explicit', verdict: 'holds', distinct: 2 ** 8 },
    })
  })
})
