/** Partial-order reduction and the parts of the language: each is reduced soundly, or says why it is not. */
import { Set } from 'immutable'
import { describe, expect, it } from 'vitest'
import {
  always,
  anyOf,
  anySubset,
  assign,
  bag,
  call,
  channel,
  check,
  forAll,
  goto,
  mapOf,
  members,
  messages,
  model,
  preempts,
  procedure,
  range,
  refines,
  ret,
  schema,
  setOf,
  spec,
  steps,
  thread,
  unreachable,
  weak,
} from '../../src/index.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import { compareReduced } from '../support/compare-reduced.ts'

/** Reduces from the first state. */
const early = { tuning: { reduceFrom: 0 } }

const Cpu = members('cpu', 2)
type Step = (s: any, of: any) => any

/** Two CPUs, each with a task. Every task adds to a sum in the end, and counts on its own before. */
function tasksOf(
  thread: object,
  { at, more = {}, fields = {} }: { at: object; more?: object; fields?: object },
): AnySpec {
  const State = schema({ sum: range(0, 6), own: mapOf(Cpu, range(0, 3)), task: thread, ...fields } as never) as any
  return spec({
    name: 'tasks',
    model: () => model(State, { init: State(), deadlock: true, threads: { task: { at } }, ...more } as never),
  }) as AnySpec
}

const count: Step = (s, { cpu }) => s.updateIn(['own', cpu], (n: number) => Math.min(3, n + 1))
const add: Step = (s, { cpu }) => s.set('sum', Math.min(6, s.sum * 2 + s.own.get(cpu)))
const sums = { goals: { three: (s: any) => s.sum === 3, six: (s: any) => s.sum === 6, one: (s: any) => s.sum === 1 } }

const SPECS: Readonly<Record<string, AnySpec>> = {
  threads: tasksOf(thread({ cpu: Cpu }, 'a', 'b', 'c', 'end'), {
    at: { a: count, b: count, c: add, end: {} },
    more: sums,
  }),
  'atomic sections': tasksOf(thread({ cpu: Cpu }, 'z', 'a', 'b', 'c', 'end', { atomic: ['b', 'c'] }), {
    at: { z: count, a: count, b: count, c: add, end: {} },
    more: sums,
  }),
  'atomic sections that block': tasksOf(thread({ cpu: Cpu }, 'z', 'a', 'b', 'c', 'end', { atomic: ['b', 'c'] }), {
    at: { z: count, a: count, b: (s: any) => s, c: (s: any, of: any) => s.own.get('cpu2') > 1 && add(s, of), end: {} },
    more: sums,
  }),
  priorities: tasksOf(thread({ cpu: Cpu }, 'a', 'b', 'c', 'end'), {
    at: { a: count, b: count, c: add, end: {} },
    fields: { irq: thread({ cpu: Cpu }, 'off', 'x', 'y', 'end') },
    more: {
      ...sums,
      threads: {
        task: { at: { a: count, b: count, c: add, end: {} } },
        irq: { at: { off: (s: any) => s, x: count, y: (s: any) => s, end: {} } },
      },
      priorities: {
        irqFirst: forAll({ cpu: Cpu }, ({ cpu }) =>
          preempts(steps('irq', { cpu }, { except: ['off'] }), steps('task', { cpu })),
        ),
      },
    },
  }),
  procedures: (() => {
    const adding = procedure('adding', { extra: range(0, 1) }, 'one', 'two', { locals: { n: range(0, 3) } })
    return tasksOf(thread({ cpu: Cpu }, 'a', 'b', 'end', { calls: [adding] }), {
      at: { a: count, b: () => call(adding, { extra: 1 }), end: {} },
      more: {
        ...sums,
        procedures: {
          adding: {
            at: {
              one: (s: any, { extra }: any) => assign({ n: 1 + extra }, s),
              two: (s: any, { n }: any) => ret(s.set('sum', Math.min(6, s.sum * 2 + n))),
            },
          },
        },
      },
    })
  })(),
  'choices of an element': tasksOf(thread({ cpu: Cpu }, 'a', 'b', 'c', 'end'), {
    at: {
      a: count,
      b: (s: any, { cpu }: any) => anyOf([0, 2, 3], (n) => s.setIn(['own', cpu], n)),
      c: (s: any, of: any) => anyOf(range(0, 1), (n) => (n === 0 ? goto('c', s.set('sum', 1)) : add(s, of))),
      end: {},
    },
    more: sums,
  }),
  'choices of a subset': tasksOf(thread({ cpu: Cpu }, 'a', 'b', 'end'), {
    at: {
      a: count,
      b: (s: any) => anySubset(s.dirty, (kept) => s.merge({ dirty: Set(), disk: s.disk.union(kept) })),
      end: {},
    },
    fields: { dirty: setOf(Cpu), disk: setOf(Cpu), flusher: thread('w', 'x', 'end') },
    more: {
      threads: {
        task: {
          at: {
            a: count,
            b: (s: any) => anySubset(s.dirty, (kept) => s.merge({ dirty: Set(), disk: s.disk.union(kept) })),
            end: {},
          },
        },
        flusher: {
          at: {
            w: (s: any) => s.set('dirty', s.dirty.add('cpu1')),
            x: (s: any) => s.set('dirty', s.dirty.add('cpu2')),
            end: {},
          },
        },
      },
      goals: { both: (s: any) => s.disk.size === 2, first: (s: any) => s.disk.equals(Set(['cpu1'])) },
    },
  }),
  'a channel and a bag': tasksOf(thread({ cpu: Cpu }, 'a', 'b', 'end'), {
    at: {},
    fields: {
      queue: channel(range(1, 2), 2),
      net: bag(range(1, 2), 2),
      reader: thread('x', 'y', 'z', 'end'),
    },
    more: {
      threads: {
        task: {
          at: {
            a: (s: any, of: any) => count(s, of),
            b: (s: any, { cpu }: any) =>
              s.queue.size < 2 &&
              s.net.size < 2 &&
              s.set('queue', s.queue.push(cpu === 'cpu1' ? 1 : 2)).set('net', s.net.add(s.own.get(cpu))),
            end: {},
          },
        },
        reader: {
          at: {
            x: (s: any) => s.queue.size > 0 && s.set('sum', s.queue.first()).set('queue', s.queue.shift()),
            y: (s: any) => s.net.has(1) && s.set('net', s.net.remove(1)),
            z: (s: any) => s.queue.size > 0 && s.set('sum', s.sum + 2 * s.queue.first()).set('queue', s.queue.shift()),
            end: {},
          },
        },
      },
      goals: { five: (s: any) => s.sum === 5, four: (s: any) => s.sum === 4 },
    },
  }),
  'claims of what must not be reached': tasksOf(thread({ cpu: Cpu }, 'a', 'b', 'c', 'end'), {
    at: { a: count, b: count, c: add, end: {} },
    more: { goals: { six: unreachable((s: any) => s.sum === 6), five: unreachable((s: any) => s.sum === 5) } },
  }),
  'an alias, notes and conditions of fairness': tasksOf(thread({ cpu: Cpu }, 'a', 'b', 'c', 'end'), {
    at: { a: count, b: count, c: add, end: {} },
    more: {
      ...sums,
      alias: (s: any) => ({ sum: s.sum }),
      fairness: { tasks: weak('task', { when: (s: any) => s.sum < 3 }) },
    },
  }),
}

describe('a reduced search', () => {
  it.each(Object.entries(SPECS))('finds what the search without reduction finds, with %s', async (name, given) => {
    const { full, reduced } = compareReduced(given)!
    // A step into an atomic section stops all other threads, so it conflicts with their steps.
    expect(reduced < full).toBe(!name.startsWith('atomic'))
    const [off, on] = await Promise.all(
      (['off', 'on'] as const).map(async (por) => await check(given, { por, ...early })),
    )
    expect(on!.verdict).toBe(off!.verdict)
    expect(on!.properties.map(({ name, result }) => [name, result])).toEqual(
      off!.properties.map(({ name, result }) => [name, result]),
    )
  })
})

const State = schema({ n: range(0, 3), m: range(0, 3), sent: setOf(Cpu) })
type S = ReturnType<typeof State>
const actions = {
  n: (s: S) => (s.n < 3 ? s.set('n', s.n + 1) : undefined),
  m: (s: S) => (s.m < 3 ? s.set('m', s.m + 1) : undefined),
}
const counter = spec({
  name: 'counter',
  model: () => {
    const Counter = schema({ n: range(0, 3) })
    return model(Counter, { init: Counter(), actions: { n: (s) => (s.n < 3 ? s.set('n', s.n + 1) : undefined) } })
  },
})

describe('with an option that asks for a reduction', () => {
  it.each([
    ['refinements', State, { refinements: { counts: refines(counter, (s: S) => ({ n: s.n })) } }],
    [
      'a temporal property under fairness',
      State,
      { temporal: { low: always((s: S) => s.n < 4) }, fairness: { n: weak('n') } },
    ],
    ['sets of messages', schema({ n: range(0, 3), m: range(0, 3), sent: messages(Cpu) }), {}],
    ['large bags of messages', schema({ n: range(0, 3), m: range(0, 3), sent: bag(range(1, 99), 2) }), {}],
  ] as const)('a search without reduction explores a spec with %s', async (_, Schema, definition) => {
    const given = spec({
      name: 'two',
      model: () =>
        model(Schema as never, { init: (Schema as any)(), actions, deadlock: false, ...definition } as never),
    }) as AnySpec
    expect(compareReduced(given, {}, {}) === undefined).toBe(Schema !== State)
    const { por, notReduced, states } = await check(given, { por: 'on', ...early })
    expect([por, notReduced !== undefined, states.distinct]).toEqual(['off', true, 16])
  })

  it('a search reduces the other properties of such a spec', async () => {
    const given = spec({
      name: 'two',
      model: () =>
        model(State, {
          init: State(),
          actions,
          deadlock: false,
          invariants: { low: (s) => s.n < 4 },
          temporal: { always: always((s) => s.n < 4) },
          refinements: { counts: refines(counter, (s) => ({ n: s.n })) },
        }),
    })
    const { por, states } = await check(given, { por: 'on', properties: ['low'], ...early })
    expect([por, states.distinct]).toEqual(['on', 7])
  })
})
