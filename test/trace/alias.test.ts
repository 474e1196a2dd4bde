/** What traces show instead of variables. */
import { List, Map } from 'immutable'
import { describe, expect, it } from 'vitest'
import {
  action,
  check,
  eventually,
  formatTrace,
  listOf,
  members,
  model,
  range,
  replay,
  schema,
  simulate,
  spec,
  toHtml,
  toItf,
  toMermaid,
  type AnySpec,
  type Trace,
} from '../../src/index.ts'
import { traceDocument } from '../../src/report/json/documents.ts'
import { traceViewDocument } from '../../src/report/json/trace-view.ts'

const Job = members('job', 2)
const State = schema({ queue: listOf(Job, 3), hidden: range(0, 9) })
type S = ReturnType<typeof State>
type Alias = (s: S, step: { action: string; before: S; index: number }) => { readonly [name: string]: unknown }

const jobs = (alias?: Alias): AnySpec =>
  spec({
    name: 'jobs',
    model: () =>
      model(State, {
        init: State(),
        actions: {
          tick: (s) => (s.hidden === 0 ? s.set('hidden', 1) : undefined),
          push: action({ job: Job }, (s, { job }) =>
            s.hidden === 1 && s.queue.size < 3 ? s.update('queue', (queue) => queue.push(job)) : undefined,
          ),
        },
        invariants: { short: (s) => s.queue.size < 2 },
        temporal: { fills: eventually((s) => s.queue.size === 3) },
        deadlock: false,
        alias,
      }),
  })

const waiting: Alias = (s, { action, before, index }) => ({
  waiting: s.queue.size,
  all: [...s.queue],
  nested: { last: s.queue.last() ?? null },
  by: action === 'push' ? index : undefined,
  grew: s.queue.size - before.queue.size,
})

async function traceOf(of: AnySpec, property = 'short'): Promise<Trace> {
  return (await check(of, { properties: [property] })).traces[0]!
}

describe('the alias of a model', () => {
  it('gives each entry of a trace its values and how they differ', async () => {
    const { steps, aliasFailure } = await traceOf(jobs(waiting))
    expect(aliasFailure).toBeUndefined()
    expect(steps.map(({ alias }) => alias!.values.toObject())).toEqual([
      { waiting: 0, all: List(), nested: Map({ last: null }), grew: 0 },
      { waiting: 0, all: List(), nested: Map({ last: null }), grew: 0 },
      { waiting: 1, all: List(['job1']), nested: Map({ last: 'job1' }), by: 2, grew: 1 },
      { waiting: 2, all: List(['job1', 'job1']), nested: Map({ last: 'job1' }), by: 3, grew: 1 },
    ])
    expect(steps.map(({ alias }) => alias!.changes.map(({ path }) => path))).toEqual([
      [],
      [],
      ['waiting', 'all', 'nested', 'grew', 'by'],
      ['waiting', 'all', 'by'],
    ])
  })

  it('changes no verdict, state, change or reason', async () => {
    const [plain, aliased] = [await traceOf(jobs()), await traceOf(jobs(waiting))]
    // toEqual ignores undefined.
    expect({ ...aliased, steps: aliased.steps.map((step) => ({ ...step, alias: undefined })) }).toEqual(plain)
    expect(plain.steps.every((step) => !('alias' in step))).toBe(true)
  })

  it('is shown as text and as a diagram; variables only with full', async () => {
    const trace = await traceOf(jobs(waiting))
    const text = formatTrace(trace)
    expect(text).toContain('waiting 1 → 2')
    expect(text).not.toMatch(/hidden/)
    // The invariant is about the variables, whatever the trace shows.
    expect(text).toContain('because queue')
    expect(formatTrace(trace, { full: true })).toMatch(/waiting 2.*hidden 1/s)
    const diagram = toMermaid(trace, { spec: 'jobs', constants: {} })
    expect(diagram).toContain('waiting 1 → 2')
    expect(diagram).not.toContain('hidden')
  })

  it('is in the document of a page, beside the variables', async () => {
    const trace = await traceOf(jobs(waiting))
    const { entries, variables, values, initial } = traceViewDocument(trace, { spec: 'jobs', constants: {} })
    expect(entries.map(({ alias }) => alias![0]![0])).toEqual(entries.map(() => 'waiting'))
    expect(JSON.stringify([initial, entries])).not.toContain('hidden')
    const hidden = entries.map(({ state }) => values[state[variables.indexOf('hidden')]!])
    expect(hidden.slice(1).map((it) => JSON.stringify(it))).toEqual(Array(3).fill('{"kind":"value","text":"1"}'))
  })

  it('stands beside the state in JSON and in saved traces, which replay after it is gone', async () => {
    const trace = await traceOf(jobs(waiting))
    const document: any = traceDocument(trace)
    expect(document.steps[3].state).toEqual({ queue: ['job1', 'job1'], hidden: 1 })
    expect(document.steps[3].alias).toEqual({
      waiting: 2,
      all: ['job1', 'job1'],
      nested: { last: 'job1' },
      by: 3,
      grew: 1,
    })
    const saved: any = toItf(trace, { spec: 'jobs', constants: {} })
    expect(saved.vars).toEqual(['queue', 'hidden'])
    expect(saved.states[3]['#meta'].alias.waiting).toEqual({ '#bigint': '2' })
    expect(replay(jobs(), saved).divergence).toBeUndefined()
    expect(replay(jobs(waiting), saved).trace.steps).toEqual(trace.steps)
  })

  it('is there for lassos and simulations', async () => {
    const lasso = await traceOf(jobs(waiting), 'fills')
    expect(lasso.loop).toBeDefined()
    expect(lasso.steps.every(({ alias }) => alias !== undefined)).toBe(true)
    const { traces } = await simulate(jobs(waiting), { seed: 1, runs: 100, properties: ['short'] })
    expect(traces[0]!.steps.at(-1)!.alias!.values.get('waiting')).toBe(2)
  })

  it.each([
    [
      'throws',
      'KR503',
      (): never => {
        throw new TypeError('no alias')
      },
    ],
    ['returns a value without a name', 'KR511', (s: S): never => s.hidden as never],
    ['returns an array', 'KR511', (): never => [1] as never],
    ['returns a promise', 'KR511', (): never => Promise.resolve({}) as never],
    ['reads what is not declared', 'KR203', (s: S): never => ({ n: (s as any).n }) as never],
    ['reads the clock', 'KR502', (): never => ({ now: Date.now() }) as never],
  ])('that %s is one error (%s), and the trace is shown without it', async (_, code, wrong) => {
    const alias: Alias = (s, { index }) => (index < 2 ? { waiting: s.queue.size } : wrong(s))
    const { aliasFailure, ...trace } = await traceOf(jobs(alias))
    expect(aliasFailure).toMatchObject({ step: 2, error: { code } })
    expect(trace).toEqual(await traceOf(jobs()))
    const failed = { ...trace, aliasFailure: aliasFailure! }
    expect(formatTrace(failed).match(new RegExp(code, 'g'))).toHaveLength(1)
    expect(traceDocument(failed)).toMatchObject({ aliasFailure: { step: 2, error: { code } } })
    expect(toHtml(failed, { spec: 'jobs', constants: {} })).toContain(code)
  })
})
