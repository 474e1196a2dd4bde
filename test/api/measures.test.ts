/** Measures: the least and the greatest of a number over all states or steps, without other effects. */
import { describe, expect, it } from 'vitest'
import {
  action,
  check,
  compare,
  constant,
  members,
  model,
  ofStep,
  oneOf,
  range,
  schema,
  setOf,
  spec,
  type CheckOptions,
} from '../../src/index.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import { checkText } from '../../src/report/text/check.ts'
import { compareText } from '../../src/report/text/compare.ts'
import { checkDocument } from '../../src/report/json/documents.ts'
import { PLAIN, styleFor } from '../../src/report/text/style.ts'

const State = schema({ n: range(-2, 6), idle: range(0, 1) })
type State = ReturnType<typeof State>

const COUNTING = {
  init: State({ n: 0, idle: 0 }),
  actions: {
    up: (s: State) => (s.n < 6 ? s.set('n', s.n + 1) : undefined),
    fall: (s: State) => (s.n === 6 ? s.set('n', -2) : undefined),
    stay: (s: State) => s,
  },
}

const specOf = (parts: object) =>
  spec({ name: 'counting', model: () => model(State, { ...COUNTING, ...parts } as never) })

/** By name: the least and the greatest value. */
async function measured(parts: object, options: CheckOptions = {}): Promise<{ [name: string]: unknown }> {
  const { measures } = await check(specOf(parts), options)
  return Object.fromEntries(measures.map(({ name, minimum, maximum }) => [name, [minimum, maximum]]))
}

const height = (s: State): number => s.n
const jump = ofStep(({ before, after }: { before: State; after: State }) => after.n - before.n)

describe.each([false, true])('a measure, interpreted: %s', (interpret) => {
  it('is evaluated on each state, or on each step that changes something', async () => {
    const isStay = ofStep(({ action: name }: { action: string }) => (name === 'stay' ? 1 : 0))
    expect(await measured({ measures: { height, jump, isStay, three: () => 3 } }, { interpret })).toEqual({
      height: [-2, 6],
      jump: [-8, 1],
      isStay: [0, 0],
      three: [3, 3],
    })
  })

  it('is unknown without values', async () => {
    const parts = { actions: { stay: COUNTING.actions.stay }, measures: { jump, height } }
    expect(await measured(parts, { interpret })).toEqual({ jump: [undefined, undefined], height: [0, 0] })
  })

  it('is evaluated on the same states as properties if there are constraints', async () => {
    const parts = { constraints: { low: (s: State) => s.n < 3 }, measures: { height, jump } }
    expect(await measured(parts, { interpret })).toEqual({ height: [0, 3], jump: [1, 1] })
  })

  it('covers the explored part if a bound or a violation ends the run, and the report says so', async () => {
    const parts = { measures: { height, jump }, invariants: { low: (s: State) => s.n < 4 } }
    expect(await measured(parts, { interpret, maxDepth: 3 })).toEqual({ height: [0, 2], jump: [1, 1] })
    expect(await measured(parts, { interpret })).toEqual({ height: [0, 4], jump: [1, 1] })
    expect(await measured(parts, { interpret, continue: true })).toEqual({ height: [-2, 6], jump: [-8, 1] })
    const lines = checkText(await check(specOf(parts) as AnySpec, { interpret }), PLAIN)
    expect(lines).toContain('measures, so far')
    expect(lines).toContain('  height  over states  0..4')
    const whole = checkText(await check(specOf(parts) as AnySpec, { interpret, continue: true }), PLAIN)
    expect(whole).toContain('measures')
    expect(whole).toContain('  jump    over steps   -8..1')
  })

  it('is evaluated whichever properties are checked, and decides nothing', async () => {
    const parts = { measures: { height }, invariants: { low: (s: State) => s.n < 4, any: () => true } }
    const { verdict, measures } = await check(specOf(parts) as AnySpec, { interpret, properties: ['any'] })
    expect(verdict).toBe('holds')
    expect(measures).toEqual([{ name: 'height', over: 'states', minimum: -2, maximum: 6 }])
  })

  it.each<[string, unknown, RegExp]>([
    ['KR509', (s: State) => s.n / 2, /measure "odd".*returned 0.5/],
    ['KR509', (s: State) => s.n / s.n - 1, /measure "odd".*returned NaN/],
    ['KR509', () => undefined, /measure "odd".*returned undefined/],
    ['KR509', (s: State) => s.n > 0, /measure "odd".*returned (true|false)/],
    ['KR509', ofStep(() => 2 ** 60), /measure "odd".*returned 1152921504606847000/],
    ['KR509', () => 2n, /measure "odd".*returned 2/],
    ['KR503', ofStep(({ after }: any) => after.n.size.size), /measure "odd" threw/],
    ['KR502', () => Date.now(), /measure "odd"/],
  ])('is named in its error: %s %s', async (code, odd, message) => {
    await expect(check(specOf({ measures: { odd } }), { interpret })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  it('is shown at the state in which it fails', async () => {
    const late = (s: State): number => (s.n === 3 ? 0.5 : s.n)
    const failed = await check(specOf({ measures: { late } }), { interpret }).catch((thrown: unknown) => thrown)
    expect(failed).toMatchObject({ code: 'KR509', trace: { property: 'late', kind: 'error' } })
    expect((failed as { trace: { steps: unknown[] } }).trace.steps).toHaveLength(4)
  })
})

describe('a measure', () => {
  it('is right even if it cannot be learned, and a warning names it', async () => {
    const Held = schema({ held: setOf(range(0, 5)) })
    const held = spec({
      name: 'held',
      model: () =>
        model(Held, {
          init: Held(),
          actions: { add: action({ e: range(0, 5) }, (s, { e }) => s.update('held', (them) => them.add(e))) },
          // immutable.js returns the same set if nothing changed: a question answered without reading.
          measures: {
            without: (s) => [0, 1, 2].filter((e) => s.held.add(e) !== s.held).length,
            changed: ofStep(({ before, after }) => (before.held.add(0) === before.held ? after.held.size : 0)),
          },
        }),
    })
    const { measures, warnings } = await check(held)
    expect(measures.map(({ minimum, maximum }) => [minimum, maximum])).toEqual([
      [0, 3],
      [0, 6],
    ])
    expect(warnings.map(({ code, name }) => [code, name])).toEqual([
      ['interpreted', 'without'],
      ['interpreted', 'changed'],
    ])
    expect(warnings[0]!.text).toMatch(/^measure "without" compares immutable values/)
  })

  it('must be symmetric, or the run is refused', async () => {
    const A = members('a', 3, { symmetric: true })
    const On = schema({ on: setOf(A) })
    const on = (measures: object) =>
      spec({
        name: 'on',
        model: () =>
          model(On, {
            init: On(),
            deadlock: false,
            actions: { turn: action({ a: A }, (s, { a }) => s.update('on', (them) => them.add(a))) },
            measures: measures as { size: (s: ReturnType<typeof On>) => number },
          }),
      })
    const size = (s: ReturnType<typeof On>): number => s.on.size
    expect(await check(on({ size }))).toMatchObject({ symmetry: 'on', measures: [{ minimum: 0, maximum: 3 }] })
    const first = (s: ReturnType<typeof On>): number => (s.on.has('a1') ? 1 : 0)
    await expect(check(on({ first }))).rejects.toMatchObject({ code: 'KR508' })
    expect((await check(on({ first }), { symmetry: false })).measures).toMatchObject([{ minimum: 0, maximum: 1 }])
  })

  it('appears in the document, and in a table below the matrix of a comparison', async () => {
    const varied = spec({
      name: 'varied',
      constants: { most: constant(range(1, 9), 3, 'most'), design: constant(oneOf('a', 'b'), 'a', 'design') },
      model: ({ most, design }) =>
        model(State, {
          init: State({ n: 0, idle: 0 }),
          deadlock: false,
          actions: { up: (s) => (s.n < most ? s.set('n', s.n + 1) : undefined) },
          invariants: { low: (s) => s.n < 9 },
          measures: { height, ...(design === 'b' && { jump }) },
        }),
    })
    const document = checkDocument(await check(varied), { peakMemoryBytes: null })
    expect(document['measures']).toEqual([{ name: 'height', over: 'states', minimum: 0, maximum: 3 }])
    const comparison = await compare(varied, { vary: [{ constant: 'design' }] })
    // Both have the same states and differ only in their measures.
    expect(comparison.warnings).toEqual([])
    const lines = compareText(comparison, styleFor({ color: false, width: 100 }))
    expect(lines.slice(-5)).toEqual([
      expect.stringMatching(/^b .* 4 /),
      '',
      'design  height  jump/step',
      'a         0..3          –',
      'b         0..3          1',
    ])
    const cut = await compare(varied, { vary: [{ constant: 'design', values: ['a'] }], maxDepth: 2 })
    expect(compareText(cut, PLAIN)).toContain('a       0..1 so far')
  })

  it.each<[string, object, RegExp]>([
    ['KR206', { measures: { odd: 3 } }, /"odd" in measures must be a measure/],
    ['KR206', { measures: { odd: { kind: 'forAll' } } }, /"odd" in measures must be a measure/],
    ['KR206', { measures: [] }, /"measures" of the model/],
    ['KR205', { measures: { 'a,b': () => 1 } }, /measure "a,b"/],
  ])('is refused if it is invalid (%s): %j', async (code, parts, message) => {
    const refused = check(specOf(parts))
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it('of steps must be a function', () => {
    expect(() => ofStep(3 as never)).toThrow(/ofStep\(\.\.\.\)/)
  })
})
