/** Values as text. All reports show them in the same way. */
import { List, Map as ImmutableMap, OrderedSet, Set as ImmutableSet } from 'immutable'
import { describe, expect, it } from 'vitest'
import {
  action,
  check,
  forAll,
  mapOf,
  model,
  oneOf,
  range,
  record,
  schema,
  setOf,
  spec,
  value,
} from '../../src/index.ts'
import { graph } from '../../src/api/graph.ts'
import { graphDot } from '../../src/report/graph-dot.ts'
import { PLAIN } from '../../src/report/text/style.ts'
import { traceViewDocument } from '../../src/report/json/trace-view.ts'
import { traceMermaid } from '../../src/report/trace-mermaid.ts'
import { traceText } from '../../src/report/text/trace.ts'
import { inWords, show } from '../../src/spec/show.ts'

const Job = record({ what: oneOf('home', 'away'), by: oneOf('0', '1') })

describe('a value as text', () => {
  it.each<[unknown, string]>([
    ['file1', 'file1'],
    ['0', '0'],
    ['1.5', '1.5'],
    ['true', '"true"'],
    ['null', '"null"'],
    ['', '""'],
    ['a b', '"a b"'],
    ['a,b', '"a,b"'],
    [0, '0'],
    [null, 'null'],
    [true, 'true'],
    [List(['0', 1]), '[0, 1]'],
    [ImmutableSet(['b10', 'b2']), '{b2, b10}'],
    [OrderedSet([2, 10, 1]), '{1, 2, 10}'],
    [ImmutableMap({ a: List([Job()]) }), '{ a: [{ what: home, by: 0 }] }'],
    [ImmutableMap(), '{}'],
  ])('%o is %s', (given, text) => expect(show(given)).toBe(text))

  it.each<[unknown, string]>([
    ['0', '"0"'],
    [0, '0'],
    [Job(), 'the record { what: home, by: 0 }'],
    [List([1]), 'the list [1]'],
    [ImmutableSet([1]), 'the set {1}'],
    [ImmutableMap({ a: 1 }), 'the map { a: 1 }'],
    [[1, { a: 1 }], 'the array [1, a plain object]'],
    [Object.create(null), 'a plain object'],
    [new Map(), 'a JavaScript Map'],
    [new Date(0), 'an object of class Date'],
    [Promise.resolve(), 'a promise'],
    [() => 1, 'a function'],
    [List(Array(100).fill(1)), `the list [${'1, '.repeat(23)}1…`],
  ])('%o is %s in an error', (given, text) => expect(inWords(given)).toBe(text))
})

describe('every report', () => {
  const State = schema({ jobs: setOf(Job), last: value<unknown>(0), at: mapOf(Job, range(0, 1)), n: oneOf('0', '1') })
  const jobs = spec({
    name: 'jobs',
    model: () =>
      model(State, {
        init: State(),
        deadlock: false,
        actions: {
          add: action({ job: Job }, (s, { job }) =>
            job.what === 'home' && job.by === '0'
              ? s
                  .update('jobs', (all) => all.add(job))
                  .setIn(['at', job], 1)
                  .set('last', job)
                  .set('n', '1')
              : undefined,
          ),
        },
        invariants: {
          none: forAll(
            { job: Job },
            (s, { job }) => !(s.jobs.has(job) && s.at.get(job) === 1 && s.last !== 0 && s.n === '1'),
          ),
        },
      }),
  })

  it('shows records, and labels that look like numbers, like the steps of a trace', async () => {
    const { traces } = await check(jobs)
    const text = traceText(traces[0]!, PLAIN).join('\n')
    expect(text).toContain('invariant none(job={ what: home, by: 0 }) is violated')
    expect(text).toContain('because jobs ∋ { what: home, by: 0 } · at[{ what: home, by: 0 }] = 1')
    expect(text).toContain('last = { what: home, by: 0 } · n = 1')
    const page = JSON.stringify(traceViewDocument(traces[0]!, { spec: 'jobs', constants: {} }))
    const all = [text, page, traceMermaid(traces[0]!, 'jobs'), graphDot(await graph(jobs))]
    for (const report of all) {
      expect(report).toContain('{ what: home, by: 0 }')
      expect(report).not.toMatch(/Record|by: ["&#\\]/)
    }
  })
})
