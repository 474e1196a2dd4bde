/** Priorities and atomic sections: random threads against a plain interpreter, and their rules one by one. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  action,
  anyOf,
  call,
  check,
  forAll,
  goto,
  listOf,
  members,
  model,
  preempts,
  procedure,
  range,
  ret,
  schema,
  setOf,
  spec,
  steps,
  thread,
  type AnySpec,
  type CheckerError,
} from '../../src/index.ts'
import { infoOf } from '../../src/api/info.ts'
import { infoText } from '../../src/report/text/info.ts'
import { PLAIN } from '../../src/report/text/style.ts'
import { runs, SEED } from '../support/amount.ts'

const ACTORS = ['task1', 'task2', 'irq', 'tick'] as const
type Actor = (typeof ACTORS)[number]
const LABELS = ['l0', 'l1', 'l2'] as const

interface Alternative {
  readonly when: number | undefined
  readonly write: number | undefined
  readonly to: number
}

/** The steps of an actor at a label; all of them without a label. */
interface Selected {
  readonly actor: Actor
  readonly label: number | undefined
}

interface Plan {
  readonly task: readonly (readonly Alternative[])[]
  readonly irq: readonly (readonly Alternative[])[]
  readonly tick: readonly Alternative[]
  readonly atomic: { readonly task: readonly number[]; readonly irq: readonly number[] }
  readonly priorities: readonly { readonly high: Selected; readonly low: Selected }[]
}

const alternative = fc.record({
  when: fc.option(fc.nat(2), { nil: undefined }),
  write: fc.option(fc.nat(2), { nil: undefined }),
  to: fc.nat(2),
})
const code = fc.array(fc.array(alternative, { minLength: 1, maxLength: 2 }), { minLength: 3, maxLength: 3 })
const selected = fc.record({
  actor: fc.constantFrom(...ACTORS),
  label: fc.option(fc.nat(2), { nil: undefined }),
})
const section = fc.oneof(fc.constant<number[]>([]), fc.subarray([0, 1, 2], { minLength: 2 }))
const plans: fc.Arbitrary<Plan> = fc.record({
  task: code,
  irq: code,
  tick: fc.array(alternative, { maxLength: 1 }),
  atomic: fc.record({ task: section, irq: section }),
  priorities: fc.array(fc.record({ high: selected, low: selected }), { maxLength: 3 }),
})

/** @param meet - called with each state as text */
function specOf({ task, irq, tick, atomic, priorities }: Plan, meet: (state: string) => void): AnySpec {
  const Task = members('task', 2)
  const sections = (labels: readonly number[]) => ({ atomic: labels.map((label) => LABELS[label]!) })
  const State = schema({
    n: range(0, 2),
    task: thread({ task: Task }, ...LABELS, sections(atomic.task)),
    irq: thread(...LABELS, sections(atomic.irq)),
  })
  const outcomes = (s: any, alternatives: readonly Alternative[]) =>
    alternatives
      .filter(({ when }) => when === undefined || s.n === when)
      .map(({ write, to }) => [write === undefined ? s : s.set('n', write), LABELS[to]!] as const)
  const at = (plan: Plan['task']): any =>
    Object.fromEntries(
      plan.map((alternatives, label) => [
        LABELS[label],
        (s: unknown) => outcomes(s, alternatives).map(([state, to]) => goto(to, state)),
      ]),
    )
  const named = ({ actor, label }: Selected) => {
    if (actor === 'tick') return steps('tick')
    const name = actor === 'irq' ? 'irq' : 'task'
    const own = actor === 'irq' ? {} : { task: actor }
    return steps(label === undefined ? name : `${name}.${LABELS[label]}`, own)
  }
  return spec({
    name: 'scheduled',
    model: () =>
      model(State, {
        init: State(),
        actions: { tick: (s) => outcomes(s, tick).map(([state]) => state as typeof s) },
        threads: { task: { at: at(task) }, irq: { at: at(irq) } },
        priorities: Object.fromEntries(
          priorities.map(({ high, low }, index) => [`p${index}`, preempts(named(high), named(low))]),
        ),
        invariants: {
          seen: (s) => {
            meet(JSON.stringify(s.toJS()))
            return true
          },
        },
      }),
  })
}

interface Plain {
  n: number
  at: { task1: number; task2: number; irq: number }
  holder: Actor | null
}

const keyOf = (actor: Actor, label: number): string => (actor === 'tick' ? 'tick' : `${actor} ${label}`)

/** By step, the steps that pre-empt it, directly or not; undefined if there is a cycle. */
function higher({ priorities }: Plan): Map<string, Set<string>> | undefined {
  const keys = ({ actor, label }: Selected): string[] =>
    label === undefined ? [0, 1, 2].map((one) => keyOf(actor, one)) : [keyOf(actor, label)]
  const above = new Map<string, Set<string>>()
  const pairs = priorities.flatMap(({ high, low }) =>
    keys(low).flatMap((one) => keys(high).map((by) => [one, by] as const)),
  )
  for (const [one, by] of pairs) above.set(one, (above.get(one) ?? new Set()).add(by))
  for (let changed = true; changed;) {
    changed = false
    for (const set of above.values()) {
      for (const by of [...set]) {
        for (const further of above.get(by) ?? []) {
          if (set.has(further)) continue
          set.add(further)
          changed = true
        }
      }
    }
  }
  return [...above].some(([one, set]) => set.has(one)) ? undefined : above
}

function interpret(plan: Plan, above: Map<string, Set<string>>) {
  const codeOf = (actor: Actor, { at }: Plain): readonly Alternative[] =>
    actor === 'tick' ? plan.tick : plan[actor === 'irq' ? 'irq' : 'task'][at[actor]]!
  const possible = (actor: Actor, state: Plain): readonly Alternative[] =>
    codeOf(actor, state).filter(({ when }) => when === undefined || when === state.n)
  const labelOf = (actor: Actor, { at }: Plain): number => (actor === 'tick' ? 0 : at[actor])
  const sectionOf = (actor: Actor): readonly number[] =>
    actor === 'tick' ? [] : plan.atomic[actor === 'irq' ? 'irq' : 'task']
  const initial: Plain = { n: 0, at: { task1: 0, task2: 0, irq: 0 }, holder: null }
  const shown = ({ n, at, holder }: Plain): string =>
    JSON.stringify({
      n,
      task: { task1: LABELS[at.task1], task2: LABELS[at.task2] },
      irq: LABELS[at.irq],
      ...(plan.atomic.task.length > 0 && { task_atomic: holder === 'irq' ? null : holder }),
      ...(plan.atomic.irq.length > 0 && { irq_atomic: holder === 'irq' }),
    })
  const seen = new Set([shown(initial)])
  const queue = [initial]
  let generated = 1
  let deadlocked = false
  for (const state of queue) {
    const { holder } = state
    const isHeld = holder !== null && possible(holder, state).length > 0
    const running = ACTORS.filter((actor) => {
      if (isHeld) return actor === holder
      const by = above.get(keyOf(actor, labelOf(actor, state))) ?? new Set()
      return !ACTORS.some((other) => by.has(keyOf(other, labelOf(other, state))) && possible(other, state).length > 0)
    })
    let count = 0
    for (const actor of running) {
      for (const { write, to } of possible(actor, state)) {
        count++
        const stays = sectionOf(actor).includes(labelOf(actor, state)) && sectionOf(actor).includes(to)
        const after: Plain = {
          n: write ?? state.n,
          at: actor === 'tick' ? state.at : { ...state.at, [actor]: to },
          holder: stays ? actor : null,
        }
        const text = shown(after)
        if (seen.has(text)) continue
        seen.add(text)
        queue.push(after)
      }
    }
    generated += count
    deadlocked ||= count === 0
  }
  return { seen, generated, deadlocked }
}

describe('random threads with priorities and atomic sections', () => {
  let cycles = 0
  let held = 0
  it('behave like a plain interpreter', { timeout: 120_000 }, async () => {
    const compare = async (plan: Plan): Promise<void> => {
      const above = higher(plan)
      const seen = new Set<string>()
      if (above === undefined) {
        cycles++
        const thrown: unknown = await check(specOf(plan, () => {})).catch((error: unknown) => error)
        expect((thrown as CheckerError).code).toBe('KR206')
        expect((thrown as CheckerError).message).toContain('cycle')
        return
      }
      const expected = interpret(plan, above)
      held += [...expected.seen].some((text) => text.includes('"task_atomic":"task') || text.includes(':true')) ? 1 : 0
      const interpreted = await check(
        specOf(plan, (state) => seen.add(state)),
        { interpret: true, continue: true, engine: 'explicit' },
      )
      expect(seen).toEqual(expected.seen)
      expect(interpreted.states.generated).toBe(expected.generated)
      expect(interpreted.property('deadlock').result).toBe(expected.deadlocked ? 'violated' : 'holds')
      for (const engine of ['explicit', 'symbolic'] as const) {
        const learned = await check(
          specOf(plan, () => {}),
          { continue: true, engine },
        )
        expect(learned.states.distinct).toBe(expected.seen.size)
        expect(learned.property('deadlock').result).toBe(expected.deadlocked ? 'violated' : 'holds')
        if (engine === 'explicit') expect(learned.states).toEqual(interpreted.states)
      }
    }
    await fc.assert(fc.asyncProperty(plans, compare), { numRuns: runs(300), ...(SEED && { seed: SEED }) })
    expect(cycles).toBeGreaterThan(0)
    expect(held).toBeGreaterThan(runs(300) / 10)
  })
})

describe('priorities', () => {
  const Cpu = members('cpu', 2, { symmetric: true })
  const State = schema({
    n: range(0, 3),
    irq: thread({ cpu: Cpu }, 'idle', 'run'),
    task: thread({ cpu: Cpu }, 'a', 'b'),
  })
  const prioritized = (priorities: object, spins = false): AnySpec =>
    spec({
      name: 'prioritized',
      model: () =>
        model(State, {
          init: State(),
          threads: {
            irq: { at: { idle: (s) => s, run: (s) => (spins ? goto('run', s) : goto('idle', s)) } },
            task: { at: { a: (s) => s, b: (s) => goto('a', s) } },
          },
          priorities: priorities as {},
          transitions: {
            preempted: ({ before, thread: name, bindings }) =>
              name !== 'task' || before.irq.get(bindings['cpu'] as never) === 'idle',
          },
        }),
    })

  it('hold for each binding, also with symmetry', async () => {
    const { properties } = await check(prioritized({}), { continue: true })
    expect(properties[0]).toMatchObject({ name: 'preempted', result: 'violated' })
    const each = forAll({ cpu: Cpu }, ({ cpu }) =>
      preempts(steps('irq', { cpu }, { except: ['idle'] }), steps('task', { cpu })),
    )
    const reduced = await check(prioritized({ each }), { continue: true })
    expect(reduced.property('preempted').result).toBe('holds')
    expect(reduced.symmetry).toBe('on')
  })

  it('count a step that changes nothing as enabled', async () => {
    const each = forAll({ cpu: Cpu }, ({ cpu }) =>
      preempts(steps('irq', { cpu }, { except: ['idle'] }), steps('task', { cpu })),
    )
    const { property } = await check(prioritized({ each }, true), { continue: true })
    expect(property('preempted').result).toBe('holds')
    expect(property('deadlock').result).toBe('holds')
  })

  /** Lines of work arrive, are handled, or, if no line can be handled, something else is done. */
  const handling = (): AnySpec => {
    const Line = members('line', 2)
    const Lines = schema({ pending: setOf(Line), handled: listOf(Line, 2), n: range(0, 2) })
    return spec({
      name: 'handling',
      model: () =>
        model(Lines, {
          init: Lines(),
          actions: {
            raise: action({ line: Line }, (s, { line }) =>
              s.pending.has(line) || s.handled.includes(line) ? undefined : s.set('pending', s.pending.add(line)),
            ),
            // Line 2 has to wait for line 1. So the first choices may be impossible, or all of them.
            handle: (s) =>
              anyOf(s.pending, (line) =>
                line === 'line2' && s.handled.isEmpty()
                  ? undefined
                  : s.merge({ pending: s.pending.delete(line), handled: s.handled.push(line) }),
              ),
            work: (s) => anyOf([1, 2], (by) => (s.n + by <= 2 ? s.set('n', s.n + by) : undefined)),
          },
          priorities: { handlerFirst: preempts('handle', 'work') },
          goals: { worked: (s) => s.n === 2 && s.handled.size === 2 && s.pending.isEmpty() },
          deadlock: false,
        }),
    })
  }

  it.each([[{}], [{ interpret: true }]])('ask whether a choice is possible without making it: %o', async (options) => {
    const { states, property } = await check(handling(), { ...options, continue: true })
    // Written without the spec. Line 1 and line 2 are 1 and 2.
    const seen = new Set(['||0'])
    let generated = 1
    for (const text of seen) {
      const [pending, handled, n] = text.split('|') as [string, string, string]
      const possible = [...pending].filter((line) => line === '1' || handled !== '')
      const after = [
        ...['1', '2'].flatMap((line) =>
          (pending + handled).includes(line) ? [] : [[[...pending, line].sort().join(''), handled, n]],
        ),
        ...possible.map((line) => [pending.replace(line, ''), handled + line, n]),
        ...(possible.length > 0 ? [] : [1, 2]).flatMap((by) =>
          Number(n) + by <= 2 ? [[pending, handled, String(Number(n) + by)]] : [],
        ),
      ].map((parts) => parts.join('|'))
      generated += after.length
      for (const one of after) seen.add(one)
    }
    expect([states.distinct, states.generated]).toEqual([seen.size, generated])
    // The values that a handler would have chosen are not among those that the work chose.
    const { trace } = property('worked')
    const chosen = trace!.steps.map(({ action: name, chosen: values }) => [name, values])
    expect(chosen.filter(([name]) => name === 'work')).toEqual([['work', { by: 2 }]])
    expect(chosen.filter(([name]) => name === 'handle')).toEqual([
      ['handle', { line: 'line1' }],
      ['handle', { line: 'line2' }],
    ])
  })

  it('are listed by info, like atomic sections', () => {
    const Atomic = schema({ n: range(0, 1), cpu: thread({ cpu: Cpu }, 'a', 'b', 'c', { atomic: ['a', 'b'] }) })
    const atomic = spec({
      name: 'atomic',
      model: () =>
        model(Atomic, {
          init: Atomic(),
          actions: { tick: (s) => s },
          threads: { cpu: { at: { a: (s) => s, b: (s) => s, c: {} } } },
          priorities: { tickLast: preempts('cpu', 'tick') },
        }),
    })
    const listed = infoOf(atomic, {})
    expect(listed.priorities).toEqual([{ name: 'tickLast', high: 'cpu', low: ['tick'] }])
    expect(listed.atomic).toEqual([{ thread: 'cpu', labels: ['a', 'b'], variable: 'cpu_atomic' }])
    const text = infoText(listed, PLAIN).join('\n')
    expect(text).toMatch(/^priorities\n {2}tickLast {2}cpu pre-empts tick$/m)
    expect(text).toMatch(/^atomic sections\n {2}cpu {2}a, b {2}cpu_atomic$/m)
    const each = forAll({ cpu: Cpu }, ({ cpu }) => preempts(steps('irq', { cpu }, { except: ['idle'] }), 'task'))
    expect(infoOf(prioritized({ each }), {}).priorities).toEqual([
      { name: 'each(cpu1)', high: 'irq(cpu1) except idle', low: ['task'] },
      { name: 'each(cpu2)', high: 'irq(cpu2) except idle', low: ['task'] },
    ])
  })

  it.each([
    ['a cycle', { one: preempts('irq', 'task'), two: preempts('task', 'irq') }, 'KR206'],
    ['a step over itself', { one: preempts('irq', 'irq') }, 'KR206'],
    ['an unknown action', { one: preempts('irq', 'tasks') }, 'KR210'],
    ['something else', { one: 'irq' }, 'KR206'],
  ])('refuse %s', async (_, priorities, code) => {
    const thrown: unknown = await check(prioritized(priorities)).catch((error: unknown) => error)
    expect((thrown as CheckerError).code).toBe(code)
  })
})

describe('atomic sections', () => {
  it('go through procedures', async () => {
    const add = procedure('add', {}, 'read', 'write', { atomic: ['read', 'write'] })
    const Cpu = members('cpu', 2)
    const State = schema({
      n: range(0, 2),
      cpu: thread({ cpu: Cpu }, 'start', 'end', { calls: [add], atomic: ['start'] }),
    })
    const counting = (isAtomic: boolean): AnySpec =>
      spec({
        name: 'counting',
        model: () =>
          model(State, {
            init: State(),
            threads: { cpu: { at: { start: () => call(add, {}), end: {} } } },
            procedures: { add: { at: { read: (s) => s, write: (s) => ret(s.set('n', s.n + 1)) } } },
            invariants: {
              together: (s) => !isAtomic || s.cpu.count(({ at }) => at.startsWith('add')) < 2,
            },
          }),
      })
    const { property } = await check(counting(true), { continue: true })
    expect(property('together').result).toBe('holds')
    expect(property('deadlock').result).toBe('holds')
  })
})
