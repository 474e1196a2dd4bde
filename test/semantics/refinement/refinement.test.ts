/** Refinements: what a model does is what an abstract spec allows. */
import { List } from 'immutable'
import { describe, expect, it } from 'vitest'
import {
  action,
  alwaysEventually,
  bool,
  check,
  constant,
  formatResult,
  listOf,
  members,
  model,
  oneOf,
  optional,
  range,
  refines,
  replay,
  schema,
  simulate,
  spec,
  strong,
  toItf,
  toHtml,
  toMermaid,
  weak,
  type AnySpec,
  type CheckerError,
  type CheckOptions,
} from '../../../src/index.ts'
import type { Fair } from '../../../src/spec/fairness.ts'
import { checkDocument } from '../../../src/report/json/documents.ts'
import { moduleOf } from '../../support/module-of.ts'
import { runs } from '../../support/amount.ts'
import { randomPair } from '../../support/random-refinement.ts'

const Job = members('job', 2)
const Queue = schema({ queue: listOf(Job, 2) })
const queue = spec({
  name: 'queue',
  model: () =>
    model(Queue, {
      init: Queue(),
      actions: {
        put: action({ job: Job }, (s, { job }) =>
          s.queue.size < 2 ? s.update('queue', (all) => all.push(job)) : undefined,
        ),
        take: action((s) => (s.queue.isEmpty() ? undefined : s.update('queue', (all) => all.shift())), {
          fair: 'weak',
        }),
      },
      temporal: { drains: alwaysEventually((s) => s.queue.size < 2) },
    }),
})

const Fifo = schema({ buffer: listOf(Job, 2), slot: optional(Job) })
const fifo = spec({
  name: 'fifo',
  constants: { bug: constant(oneOf('none', 'lifo', 'full', 'jump', 'begin'), 'none'), fair: constant(bool(), true) },
  model: ({ bug, fair }) => {
    const own = fair ? ({ fair: 'weak' } as const) : {}
    return model(Fifo, {
      init: Fifo(bug === 'begin' ? { slot: 'job1' } : {}),
      actions: {
        put: action({ job: Job }, (s, { job }) =>
          s.buffer.size + (s.slot === null || bug === 'full' ? 0 : 1) < 2
            ? s.update('buffer', (all) => all.push(job))
            : undefined,
        ),
        move: action((s) => {
          if (s.slot !== null || s.buffer.isEmpty()) return undefined
          return bug === 'lifo'
            ? s.merge({ slot: s.buffer.last()!, buffer: s.buffer.pop() })
            : s.merge({ slot: s.buffer.first()!, buffer: s.buffer.shift() })
        }, own),
        take: action((s) => (s.slot === null ? undefined : s.set('slot', null)), own),
        ...(bug === 'jump' && { lose: (s) => (s.buffer.size === 2 ? s.set('buffer', List()) : undefined) }),
      },
      refinements: {
        queue: refines(queue, (s) => ({ queue: s.slot === null ? s.buffer : List([s.slot, ...s.buffer]) })),
      },
      deadlock: false,
    })
  },
})

const WAYS: readonly (readonly [string, CheckOptions])[] = [
  ['learned', {}],
  ['--interpret', { interpret: true }],
  ['symbolic', { engine: 'symbolic' }],
]

describe.each(WAYS)('a refinement (%s)', (_, options) => {
  it('holds, with the fairness and the temporal properties of the abstract spec', async () => {
    const { properties, verdict } = await check(fifo, options)
    expect(verdict).toBe('holds')
    expect(properties.map(({ name, kind, result }) => [name, kind, result])).toEqual([
      ['queue', 'refinement', 'holds'],
      ['queue.fair.take', 'temporal', 'holds'],
      ['queue.drains', 'temporal', 'holds'],
    ])
  })

  it('fails in liveness alone if the model is not fair', async () => {
    const result = await check(fifo, { ...options, constants: { fair: false } })
    expect(result.properties.map((it) => it.result)).toEqual(['holds', 'violated', 'violated'])
    const { trace } = result.property('queue.fair.take')
    expect(trace!.loop).toBeDefined()
    expect(trace!.abstract!.entries.map(({ by }) => by?.action)).toEqual(['init', 'put', 'stutter'])
  })

  it('fails at a step that the abstract spec does not allow, which the trace explains', async () => {
    const result = await check(fifo, { ...options, constants: { bug: 'lifo' } })
    const { trace, result: verdict } = result.property('queue')
    expect(verdict).toBe('violated')
    expect(trace!.steps.map(({ action }) => action)).toEqual(['init', 'put', 'put', 'move'])
    const { entries, options: allowed, spec } = trace!.abstract!
    expect(spec).toBe('queue')
    expect(entries.map(({ by }) => by?.action)).toEqual(['init', 'put', 'put', undefined])
    expect(allowed!.map(({ action }) => action)).toEqual(['take'])
    expect((allowed![0]!.state as ReturnType<typeof Queue>).queue.size).toBe(1)
  })

  it('fails where a mapped value is outside its domain, and says where', async () => {
    const result = await check(fifo, { ...options, constants: { bug: 'full' } })
    const last = result.property('queue').trace!.abstract!.entries.at(-1)!
    expect(last.outside?.code).toBe('KR302')
    expect(last.outside?.message).toMatch(/"queue"/)
    expect(last.state).toBeUndefined()
  })

  it('fails in an initial state that the abstract spec does not have', async () => {
    const result = await check(fifo, { ...options, constants: { bug: 'begin' } })
    const { trace } = result.property('queue')
    expect(trace!.steps).toHaveLength(1)
    expect(trace!.abstract!.options!.map(({ action }) => action)).toEqual(['init'])
    expect(replay(fifo, toItf(trace!, result)).divergence).toBeUndefined()
  })
})

describe('a refinement', () => {
  it('is reported as text, as a page, as a diagram and as JSON', async () => {
    const result = await check(fifo, { constants: { bug: 'lifo' } })
    const { trace } = result.property('queue')
    expect(formatResult(result)).toMatch(/refinement .*queue: put\(job\d\).*take: queue\[0\] -job\d/s)
    for (const shown of [toHtml(trace!, result), toMermaid(trace!, result)]) expect(shown).toContain('queue: put(job')
    const document: any = checkDocument(result, { peakMemoryBytes: null })
    expect(document.traces[0].abstract.entries.map((it: any) => it.action)).toEqual(['init', 'put', 'put', null])
    expect(document.traces[0].abstract.options[0].action).toBe('take')
  })

  it('is found by random walks, and replays from a saved trace', async () => {
    for (const bug of ['lifo', 'full', 'begin', 'jump'] as const) {
      const result = await simulate(fifo, { constants: { bug }, seed: 3, runs: 500, properties: ['queue'] })
      const { trace } = result.property('queue')
      const best = await check(fifo, { constants: { bug }, properties: ['queue'] })
      expect([bug, trace!.steps.length]).toEqual([bug, best.property('queue').trace!.steps.length])
      const again = replay(fifo, toItf(trace!, result))
      expect(again.divergence).toBeUndefined()
      expect(again.trace.abstract).toEqual(trace!.abstract)
    }
    const held = await simulate(fifo, { seed: 3, runs: 200, properties: ['queue'] })
    expect(held.property('queue').trace).toBeUndefined()
  })

  it('gives the same with several workers', async () => {
    // The built package, because threads run it.
    const built = (await import(new URL('../../../dist/index.js', import.meta.url).href)) as { check: typeof check }
    const module = await moduleOf(`export { fifo as default } from './support/refined-fifo.ts'`)
    const { default: spec } = (await import(module)) as { default: AnySpec }
    for (const bug of ['none', 'lifo', 'begin']) {
      const options = { constants: { bug, jobs: 3 }, module, continue: true }
      const one = await built.check(spec, options)
      const two = await built.check(spec, { ...options, workers: 2, tuning: { parallelFrom: 1 } })
      const stepsOf = ({ traces }: typeof one) => traces.map(({ steps }) => steps.map(({ action }) => action))
      expect(two.properties).toEqual(one.properties)
      expect(stepsOf(two)).toEqual(stepsOf(one))
      expect(one.properties[0]!.result).toBe(bug === 'none' ? 'holds' : 'violated')
    }
  })

  it('of a model by itself holds, whatever the model', async () => {
    const self: AnySpec = spec({
      name: 'self',
      model: () =>
        model(Queue, {
          init: [Queue(), Queue({ queue: List(['job2']) })],
          actions: { turn: (s) => s.update('queue', (all) => (all.isEmpty() ? all.push('job1') : all.pop())) },
          refinements: {
            self: refines<any, string, ReturnType<typeof Queue>, ReturnType<typeof Queue>>(self as never, (s) => s),
          },
        }),
    })
    expect((await check(self)).verdict).toBe('holds')
  })

  it('fails on a mapping that throws or leaves out a variable with an error that names the refinement', async () => {
    const broken = (map: (s: ReturnType<typeof Queue>) => any): AnySpec =>
      spec({
        name: 'broken',
        model: () =>
          model(Queue, {
            init: Queue(),
            actions: { put: (s) => (s.queue.isEmpty() ? s.update('queue', (all) => all.push('job1')) : undefined) },
            refinements: { queue: refines(queue, map) },
          }),
      })
    const codes = [
      ['KR503', () => [].at(0)!['queue']],
      ['KR513', () => ({})],
      ['KR513', () => 3],
      ['KR513', (s: ReturnType<typeof Queue>) => ({ queue: s.queue, more: 1 })],
      ['KR203', (s: any) => ({ queue: s.queues })],
    ] as const
    for (const [code, map] of codes) {
      const failed = check(broken(map as never), { deadlock: false })
      const error = await failed.catch((thrown: unknown) => thrown as CheckerError)
      expect((error as CheckerError).code).toBe(code)
      expect([(error as CheckerError).message, ...(error as CheckerError).details].join()).toContain(
        'refinement "queue"',
      )
    }
  })
})

describe('a mapping', () => {
  it('may begin to read a variable late', async () => {
    const Counter = schema({ n: range(0, 2) })
    const counter = spec({
      name: 'counter',
      model: () =>
        model(Counter, { init: Counter(), actions: { up: (s) => (s.n < 2 ? s.set('n', s.n + 1) : undefined) } }),
    })
    const Late = schema({ counts: bool(), x: range(0, 2) })
    const late = spec({
      name: 'late',
      model: () =>
        model(Late, {
          init: Late(),
          actions: {
            begin: (s) => (s.counts ? undefined : s.set('counts', true)),
            jump: (s) => (s.counts && s.x === 0 ? s.set('x', 2) : undefined),
          },
          refinements: { counter: refines(counter, (s) => ({ n: s.counts ? s.x : 0 })) },
          deadlock: false,
        }),
    })
    for (const [, options] of WAYS) {
      const { trace } = (await check(late, options)).property('counter')
      expect(trace!.steps.map(({ action: name }) => name)).toEqual(['init', 'begin', 'jump'])
    }
  })
})

describe('fairness under a condition in the abstract spec', () => {
  const Ring = schema({ m: range(0, 2) })
  /** From 0, `a` leads to 2 and `b` to 1. From 1, `a` leads to 2. From 2, `b` leads to 0. */
  const ring = (a: Fair<any>): AnySpec =>
    spec({
      name: 'ring',
      model: () =>
        model(Ring, {
          init: Ring(),
          actions: {
            a: (s) => (s.m < 2 ? s.set('m', 2) : undefined),
            b: (s) => (s.m === 0 ? s.set('m', 1) : s.m === 2 ? s.set('m', 0) : undefined),
          },
          fairness: { a },
        }),
    })
  /** Goes around, by `b`, `a` and `b` again. It may stay at 0 if it is patient. */
  const around = (a: Fair<any>, isPatient: boolean): AnySpec =>
    spec({
      name: 'around',
      model: () =>
        model(Ring, {
          init: Ring(),
          actions: {
            start: action((s) => (s.m === 0 ? s.set('m', 1) : undefined), isPatient ? {} : { fair: 'weak' }),
            go: action((s) => (s.m > 0 ? s.set('m', (s.m + 1) % 3) : undefined), { fair: 'weak' }),
          },
          refinements: { ring: refines(ring(a), (s) => s) },
        }),
    })
  const at = (m: number) => ({ when: (s: ReturnType<typeof Ring>) => s.m === m })

  it.each<[string, Fair<any>, boolean, string]>([
    // `a` is taken, but only from 1.
    ['strong, anywhere', strong('a'), false, 'holds'],
    ['strong, at 0', strong('a', at(0)), false, 'violated'],
    ['strong, at 1', strong('a', at(1)), false, 'holds'],
    ['weak, at 0', weak('a', at(0)), false, 'holds'],
    // It is not taken from 0, where it is always enabled.
    ['weak, anywhere, if it stays at 0', weak('a'), true, 'violated'],
    ['weak, at 0, if it stays there', weak('a', at(0)), true, 'violated'],
    ['weak, at 1, if it stays at 0', weak('a', at(1)), true, 'holds'],
  ])('%s', async (_, a, isPatient, expected) => {
    for (const [, options] of WAYS.slice(0, 2)) {
      const { property } = await check(around(a, isPatient), options)
      expect(property('ring').result).toBe('holds')
      expect(property('ring.fair.a').result).toBe(expected)
    }
  })
})

describe('random pairs', () => {
  it('are judged as by brute force, and their fairness as by formulas about single steps', async () => {
    const seen = { safe: 0, unsafe: 0, unfair: 0, fair: 0 }
    for (let seed = 1; seed <= runs(150); seed++) {
      const { refined, violatedIn } = randomPair(seed)
      const results = []
      for (const [, options] of WAYS) {
        const result = await check(refined, { ...options, continue: true })
        const { trace } = result.property('up')
        expect([seed, trace && trace.steps.length - 1]).toEqual([seed, violatedIn])
        const [fair, own] = [result.property('up.fair.a'), result.property('fair')]
        expect([seed, fair.result]).toEqual([seed, own.result])
        if (fair.trace?.isShortest === true && own.trace?.isShortest === true) {
          expect([seed, fair.trace.steps.length]).toEqual([seed, own.trace.steps.length])
        }
        expect([seed, result.property('up.again').result]).toEqual([seed, result.property('again').result])
        results.push(result.properties.map((it) => it.result))
      }
      expect([seed, results[1], results[2]]).toEqual([seed, results[0], results[0]])
      seen[violatedIn === undefined ? 'safe' : 'unsafe']++
      seen[results[0]!.includes('violated') ? 'unfair' : 'fair']++
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(runs(150) / 25)
  })
})
