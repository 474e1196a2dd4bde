/** Writes traces of `check` in the Informal Trace Format, and replays them. */
import { readdirSync } from 'node:fs'
import { List, Map, Set } from 'immutable'
import { describe, expect, it } from 'vitest'
import {
  bool,
  check,
  type FailedRun,
  eventually,
  eventuallyAlways,
  listOf,
  mapOf,
  members,
  model,
  oneOf,
  optional,
  range,
  record,
  replay,
  schema,
  setOf,
  spec as defineSpec,
  union,
  value,
  weak,
} from '../../src/index.ts'
import { itfDocument } from '../../src/report/json/itf.ts'
import { PLAIN } from '../../src/report/text/style.ts'
import { traceText } from '../../src/report/text/trace.ts'
import { parseTrace } from '../../src/trace/replay/recorded-trace.ts'
import { replayRecorded } from '../../src/api/replay.ts'
import type { Replay } from '../../src/trace/replay/replay.ts'
import { listConstant } from '../../src/spec/constant.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import type { Trace } from '../../src/index.ts'
import { ALL, first } from '../support/amount.ts'

const SPECS = new URL('../../specs/', import.meta.url)
const files = readdirSync(SPECS, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !/^(kernel|truncate-dma)\//.test(path),
)

type Constants = { readonly [name: string]: unknown }

/** A trace as in a file. It is printed and parsed again, as other tools may do. */
function written(spec: string, constants: Constants, trace: Trace): any {
  return JSON.parse(JSON.stringify(itfDocument(trace, { spec, file: 'spec.ts', constants })))
}

function replayed(spec: AnySpec, document: unknown, constants: Constants = {}): Replay {
  return replayRecorded(spec, parseTrace('trace.itf.json', JSON.stringify(document)), constants)
}

async function loaded(path: string): Promise<AnySpec> {
  return ((await import(new URL(path, SPECS).href)) as { default: AnySpec }).default
}

/** A variant for each design, if the spec has designs. */
function variantsOf({ name, constants }: AnySpec): Constants[] {
  const { design } = constants
  if (name === 'stale-exposure') return [{ zeroing: 'cached', commitFlush: 'no' }]
  return design === undefined ? [{}] : first(2, listConstant(design)!).map((it) => ({ design: it }))
}

describe.each(files.sort())('the traces of specs/%s', (path) => {
  it('replay to the same verdict', async () => {
    const spec = await loaded(path)
    let failing = 0
    for (const constants of variantsOf(spec)) {
      const { traces, constants: all, spec: name } = await check(spec, { constants, maxStates: 40_000 })
      for (const trace of traces) {
        const { divergence, trace: again } = replayed(spec, written(name, all, trace))
        expect(divergence, JSON.stringify(constants)).toBeUndefined()
        // Each run makes its own record classes, so states are compared as text. A replay knows of no shorter trace.
        const [headline, ...lines] = traceText(trace, PLAIN, { full: true })
        expect(traceText(again, PLAIN, { full: true })).toEqual([
          headline!.replace(/ \(not .* shortest\)$/, ''),
          ...lines,
        ])
        failing++
      }
    }
    // This protocol is right; all others have a violation.
    if (ALL) expect(failing > 0).toBe(path !== 'classic/two-phase-commit.ts')
  })
})

const Who = members('who', 2)
const Card = record({ at: range(0, 3), tags: setOf(Who) })
const Ask = record({ type: oneOf('ask'), who: Who, urgent: bool() })
const Tell = record({ type: oneOf('tell'), n: range(0, 4) })
const State = schema({
  message: union(Ask, Tell),
  sent: setOf(union(Ask, Tell)),
  n: range(0, 4),
  holder: optional(Who),
  cards: mapOf(Who, Card),
  queue: listOf(oneOf('a', 'b'), 3),
  deep: optional(Card),
  open: value<unknown>(List()),
})

/** All kinds of values in a state, and a violation at the end. */
const everything = defineSpec({
  name: 'everything',
  model: () =>
    model(State, {
      init: State(),
      actions: {
        go: (s) =>
          s
            .set('message', s.n === 2 ? Ask({ who: 'who2' }) : Tell({ n: s.n }))
            .set('sent', s.sent.add(s.message).delete(Tell({ n: 0 })))
            .set('n', s.n + 1)
            .set('holder', s.n === 1 ? 'who2' : null)
            .setIn(['cards', 'who1', 'at'], s.n % 3)
            .set('queue', s.queue.push('a').takeLast(3))
            .set('deep', s.n === 2 ? Card({ tags: Set(['who2' as const]) }) : null)
            .set(
              'open',
              Map<unknown, unknown>([
                [s.n, Set([0.5, -1, null, true])],
                [List([s.n]), 2n ** 70n],
              ]),
            ),
      },
      invariants: { few: (s) => s.n < 4 },
    }),
})

describe('a trace', () => {
  it('keeps all kinds of values', async () => {
    const { traces, constants } = await check(everything)
    const document = written('everything', constants, traces[0]!)
    expect(document.vars).toEqual(['message', 'sent', 'n', 'holder', 'cards', 'queue', 'deep', 'open'])
    expect(document.states.at(-1)).toEqual({
      '#meta': { index: 4, action: 'go', bindings: {} },
      message: { type: 'tell', n: { '#bigint': '3' } },
      sent: {
        '#set': [
          { type: 'ask', who: 'who1', urgent: false },
          { type: 'ask', who: 'who2', urgent: false },
          { type: 'tell', n: { '#bigint': '1' } },
        ],
      },
      n: { '#bigint': '4' },
      holder: { '#tup': [] },
      cards: {
        '#map': [
          ['who1', { at: { '#bigint': '0' }, tags: { '#set': [] } }],
          ['who2', { at: { '#bigint': '0' }, tags: { '#set': [] } }],
        ],
      },
      queue: ['a', 'a', 'a'],
      deep: { '#tup': [] },
      open: {
        '#map': [
          [{ '#bigint': '3' }, { '#set': expect.arrayContaining([{ '#unserializable': '0.5' }, { '#tup': [] }]) }],
          [[{ '#bigint': '3' }], { '#bigint': String(2n ** 70n) }],
        ],
      },
    })
    expect(replayed(everything, document)).toMatchObject({ divergence: undefined, trace: { steps: { length: 5 } } })
  })

  it('may have plain integers, sets in any order and no actions, like the files of other tools', async () => {
    const { traces, constants } = await check(everything)
    const document = written('everything', constants, traces[0]!)
    for (const state of document.states) {
      delete state['#meta']
      state.n = Number(state.n['#bigint'])
      state.open['#map']?.reverse()
    }
    expect(replayed(everything, document).divergence).toBeUndefined()
  })

  it.each<[string, (document: any) => void, object]>([
    [
      'another value',
      (it) => (it.states[2].cards['#map'][0][1].at = { '#bigint': '3' }),
      { step: 2, action: 'go', problem: 'leads-elsewhere', places: [{ path: 'cards[who1].at', spec: 1, trace: 3 }] },
    ],
    [
      'another field of a message',
      (it) => (it.states[3].message.urgent = true),
      { step: 3, action: 'go', places: [{ path: 'message.urgent', spec: false, trace: true }] },
    ],
    [
      'another message',
      (it) => (it.states[2].message = { type: 'ask', who: 'who1', urgent: false }),
      { step: 2, action: 'go', places: [{ path: 'message', trace: Map({ type: 'ask', who: 'who1', urgent: false }) }] },
    ],
    [
      'two other values',
      (it) => Object.assign(it.states[3], { holder: 'who9', queue: [] }),
      {
        step: 3,
        problem: 'leads-elsewhere',
        places: [
          { path: 'holder', spec: null, trace: 'who9' },
          { path: 'queue', spec: List(['a', 'a', 'a']), trace: List() },
        ],
      },
    ],
    [
      'another first state',
      (it) => (it.states[0].n = 1),
      { step: 0, problem: 'not-initial', places: [{ path: 'n', spec: 0, trace: 1 }] },
    ],
    [
      'an action that there is not',
      (it) => (it.states[1]['#meta'].action = 'gone'),
      { step: 1, action: 'gone', problem: 'no-such-action', places: [], instead: ['go'] },
    ],
    [
      'a variable that there is not',
      (it) => (it.states[0].more = true),
      { step: 0, places: [{ path: 'more', spec: undefined, trace: true }] },
    ],
    ['its last state cut off', (it) => it.states.pop(), { step: 3, action: 'go', problem: 'not-violated', places: [] }],
    ['a loop that does not close', (it) => (it.loop = 1), { step: 5, problem: 'no-return' }],
  ])('with %s is refused at the difference', async (_, tamper, expected) => {
    const { traces, constants } = await check(everything)
    const document = written('everything', constants, traces[0]!)
    tamper(document)
    expect(replayed(everything, document).divergence).toMatchObject(expected)
  })

  it('is refused wherever its values are changed', async () => {
    const spec = await loaded('classic/die-hard.ts')
    const { traces, constants } = await check(spec)
    const original = written('die-hard', constants, traces[0]!)
    for (const step of original.states.keys()) {
      for (const name of original.vars as string[]) {
        const document = structuredClone(original)
        document.states[step][name] = { '#bigint': '9' }
        const { divergence } = replayed(spec, document)
        expect([divergence!.step, divergence!.places.map(({ path }) => path)]).toEqual([step, [name]])
      }
    }
  })
})

describe('a lasso', () => {
  const Light = schema({ light: oneOf('off', 'red', 'green') })
  const lightsWith = (isFair: boolean): AnySpec =>
    defineSpec({
      name: 'lights',
      model: () =>
        model(Light, {
          init: Light(),
          actions: {
            on: (s) => (s.light === 'off' ? s.set('light', 'red') : undefined),
            change: (s) => (s.light === 'off' ? undefined : s.set('light', s.light === 'red' ? 'green' : 'red')),
          },
          temporal: {
            goesOut: eventuallyAlways((s) => s.light === 'off'),
            turnsGreen: eventually((s) => s.light === 'green'),
          },
          fairness: { ...(isFair && { changes: weak('change') }) },
        }),
    })
  const lights = lightsWith(false)
  const step = (action: string, light: 'off' | 'red' | 'green'): Trace['steps'][number] => ({
    ...{ action, bindings: {}, thread: undefined, changes: [] },
    state: Light({ light }) as never,
  })
  const lasso = (...steps: Trace['steps'][number][]): Trace => ({
    ...{ property: 'goesOut', kind: 'temporal', bindings: {}, failed: [], loop: 1, steps },
  })
  const once = [step('init', 'off'), step('on', 'red'), step('change', 'green')]

  it('repeats no state, and closes by the recorded action', () => {
    const document = written('lights', {}, lasso(...once, step('change', 'red')))
    expect(document).toMatchObject({ loop: 1, states: { length: 3 }, '#meta': { returns: { action: 'change' } } })
    expect(replayed(lights, document)).toMatchObject({
      divergence: undefined,
      trace: { loop: 1, steps: { length: 4 } },
    })
    document['#meta'].returns.action = 'on'
    expect(replayed(lights, document).divergence).toMatchObject({ step: 3, action: 'on', problem: 'not-enabled' })
  })

  it('may continue without a change', () => {
    const document = written('lights', {}, { ...lasso(...once, step('stutter', 'green')), loop: 2 })
    expect(document).toMatchObject({ loop: 2, states: { length: 3 }, '#meta': { returns: { action: 'stutter' } } })
    expect(replayed(lights, document)).toMatchObject({
      divergence: undefined,
      trace: { loop: 2, steps: { length: 4 } },
    })
    expect(replayed(lights, { ...document, loop: 1 }).divergence).toMatchObject({
      ...{ step: 3, action: 'stutter', problem: 'leads-elsewhere' },
      places: [{ path: 'light', spec: 'green', trace: 'red' }],
      instead: ['change'],
    })
    delete document['#meta'].returns
    expect(replayed(lights, document)).toMatchObject({
      divergence: undefined,
      trace: { loop: 2, steps: { length: 4 } },
    })
  })

  it('violates only false formulas, and only if it is fair', () => {
    const round = lasso(...once, step('change', 'red'))
    const document = written('lights', {}, { ...round, property: 'turnsGreen' })
    expect(replayed(lights, document).divergence).toMatchObject({ problem: 'not-violated' })
    const rest = written('lights', {}, { ...lasso(...once, step('stutter', 'green')), loop: 2 })
    expect(replayed(lights, rest).divergence).toBeUndefined()
    expect(replayed(lightsWith(true), rest).divergence).toMatchObject({ problem: 'not-violated' })
    expect(replayed(lightsWith(true), written('lights', {}, round))).toMatchObject({
      divergence: undefined,
      trace: { fairness: [{ name: 'changes', how: 'taken', step: 2 }] },
    })
  })

  it('closes by any step if none is recorded', () => {
    const document = written('lights', {}, lasso(...once))
    expect(document['#meta'].returns).toBeUndefined()
    expect(replayed(lights, document)).toMatchObject({ divergence: undefined, trace: { steps: { length: 4 } } })
    expect(replayed(lights, { ...document, loop: 0 }).divergence).toMatchObject({ problem: 'no-return' })
  })
})

describe('a loop', () => {
  it('does not violate an invariant', async () => {
    const spec = await loaded('classic/die-hard.ts')
    const { traces, constants } = await check(spec)
    const document = written('die-hard', constants, { ...traces[0]!, steps: traces[0]!.steps.slice(0, 2) })
    expect(replayed(spec, { ...document, loop: 1 }).divergence).toMatchObject({ step: 2, problem: 'not-violated' })
  })
})

describe('a trace to a failure', () => {
  it('replays to the same failure', async () => {
    const { default: spec } = (await import('../cli/specs/counter.ts')) as { default: AnySpec }
    const constants = { fault: 'throw' }
    const failed = (await check(spec, { constants }).catch((thrown: unknown) => thrown)) as FailedRun
    const document = written('counter', constants, failed.trace)
    expect(replayed(spec, document).failure).toMatchObject({ code: 'KR503', message: failed.message })
    expect(replayed(spec, document, { fault: 'none' }).divergence).toMatchObject({ step: 2, problem: 'not-violated' })
  })
})

describe('a file that is not a trace', () => {
  const good = { '#meta': { property: { name: 'p', kind: 'goal' } }, vars: ['n'], states: [{ n: 1 }] }
  it.each<[string, string, RegExp]>([
    ['an empty file', '', /cannot replay t: it is empty/],
    ['a truncated one', JSON.stringify(good).slice(0, 40), /JSON/],
    ['a list', '[]', /JSON object/],
    ['one without variables', '{"states":[{}]}', /"vars"/],
    ['one without states', '{"vars":[],"states":[]}', /"states"/],
    ['one of no property', JSON.stringify({ ...good, '#meta': {} }), /"#meta".*property/],
    ['one with a state that is none', JSON.stringify({ ...good, states: [3] }), /state 0/],
    ['one with a state that lacks a variable', JSON.stringify({ ...good, states: [{}] }), /state 0 .* "n"/],
    ['one with a loop to nowhere', JSON.stringify({ ...good, loop: 7 }), /"loop".* 7/],
    ['one with constants that are none', JSON.stringify({ ...good, '#meta': { constants: 3 } }), /constants/],
  ])('such as %s is refused with one sentence', (_, text, message) => {
    expect(() => parseTrace('t', text)).toThrow(message)
  })
})

describe('replay, from TypeScript,', () => {
  it('accepts the text or the parsed JSON of a trace, and reports whether it is still a trace of the spec', async () => {
    const spec = await loaded('classic/peterson.ts')
    const constants = { design: 'own-turn' }
    const { traces } = await check(spec, { constants, properties: ['mutualExclusion'] })
    const document = written('peterson', constants, traces[0]!)
    const { trace, divergence, failure } = replay(spec, document)
    expect([divergence, failure]).toEqual([undefined, undefined])
    expect(trace.steps.at(-1)!.state.equals(traces[0]!.steps.at(-1)!.state)).toBe(true)
    expect(replay(spec, JSON.stringify(document))).toEqual(replay(spec, document))
    const right = replay(spec, document, { constants: { design: 'peterson' } })
    expect(right.divergence).toMatchObject({ problem: 'leads-elsewhere' })
    expect(right.trace.steps.length).toBeLessThan(traces[0]!.steps.length)
  })

  it('refuses other values with one sentence (KR106)', async () => {
    const spec = await loaded('classic/peterson.ts')
    for (const bad of ['', '{}', [], { vars: [] }]) {
      expect(() => replay(spec, bad)).toThrow(expect.objectContaining({ code: 'KR106' }))
    }
    expect(() => replay(spec, '')).toThrow(/cannot replay the trace: it is empty/)
  })
})
