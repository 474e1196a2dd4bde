/** Compares several threads with one: the results must not depend on the number of threads. */
import { describe, expect, it } from 'vitest'
import type { CheckOptions, Outcome, Progress } from '../../../src/index.ts'
import type { AnySpec } from '../../../src/spec/spec.ts'
import { ALL, first, itInAll, runs } from '../../support/amount.ts'
import { moduleOf } from '../../support/module-of.ts'

// The built package, because threads run it.
const built = (await import(new URL('../../../dist/index.js', import.meta.url).href)) as {
  check(spec: AnySpec, options: CheckOptions): Promise<Outcome>
}
const { checkDocument } = await import('../../../src/report/json/documents.ts')

type Constants = { readonly [name: string]: string | number }

/** The document of `check --json`, without the parts that vary. */
async function documentOf(module: string, constants: Constants, options: CheckOptions): Promise<unknown> {
  const { default: spec } = (await import(module)) as { default: AnySpec }
  try {
    const outcome = await built.check(spec, { module, constants, ...options })
    const {
      seconds: _,
      bytesPerState: __,
      peakMemoryBytes: ___,
      workers: ____,
      specCalls: _____,
      ...rest
    } = checkDocument(outcome, { peakMemoryBytes: 0 }) as { [key: string]: unknown }
    return rest
  } catch (thrown) {
    const { code, message, trace, found } = thrown as { [key: string]: any }
    if (code === undefined) throw thrown
    return { code, message, steps: trace?.steps.length, states: found?.states }
  }
}

async function expectSame(module: string, constants: Constants, counts: readonly number[], options: CheckOptions = {}) {
  const alone = await documentOf(module, constants, { ...options, workers: 1 })
  for (const workers of counts) {
    // Pages of one or two states, so that each thread gets some of nearly every level.
    for (const parallelFrom of first(1, [1, 16])) {
      expect(
        await documentOf(module, constants, { ...options, workers, tuning: { ...options.tuning, parallelFrom } }),
      ).toEqual(alone)
    }
  }
  return alone
}

const specModule = (path: string): Promise<string> => moduleOf(`export { default } from '../specs/${path}'`)

describe('several workers', () => {
  it.each<[string, Constants]>(
    first(2, [
      ['classic/die-hard.ts', {}],
      ['classic/two-phase-commit.ts', { resourceManagers: 4 }],
      ['truncate-dma.ts', { design: 'none' }],
      ['truncate-dma.ts', { design: 'wait-layout', users: 1 }],
      ['truncate-dma.ts', { design: 'fail', race: 'check-then-free' }],
      ['seen-set.ts', { design: 'finish-early', capacity: 2 }],
    ]),
  )('find the same as one: %s %j', { timeout: 120_000 }, async (path, constants) => {
    const module = await specModule(path)
    await expectSame(module, constants, ALL ? [2, 3, 4, 8] : [3], { continue: true })
    await expectSame(module, constants, [2], {})
  })

  it('find the same as one in a spec that asks questions', { timeout: 60_000 }, async () => {
    const module = await moduleOf(`
      import { action, every, exists, mapOf, members, model, oneOf, range, schema, spec } from 'kripke'
      const Item = members('item', 4)
      const State = schema({ at: mapOf(Item, oneOf('a', 'b', 'c', 'd')), found: range(0, 3) })
      const next = { a: 'b', b: 'c', c: 'd', d: 'a' }
      const isAt = (s, item, at) => s.at.get(item) === at
      export default spec({
        name: 'asking',
        model: () => model(State, {
          init: State(),
          actions: {
            move: action({ item: Item }, (s, { item }) =>
              s.at.some((at) => at === 'd') && s.at.get(item) === 'a'
                ? undefined
                : s.setIn(['at', item], next[s.at.get(item)])),
            count: (s) => (s.at.count((at) => at === 'b') > 1 ? s.set('found', s.at.count((at) => at === 'c')) : undefined),
            reset: (s) => (s.found > 0 && every(Item, (item) => !isAt(s, item, 'a')) ? s.set('found', 0) : undefined),
          },
          invariants: {
            apart: (s) => !exists({ one: Item, other: Item }, ({ one, other }) =>
              one < other && s.at.get(one) === 'd' && s.at.get(other) === 'd' && s.found === 3),
          },
          deadlock: false,
        }),
      })
    `)
    const alone = await expectSame(module, {}, [2, 3], { continue: true })
    const { states, properties } = (await documentOf(module, {}, { continue: true, interpret: true })) as Outcome
    expect(alone).toMatchObject({ states, properties })
  })

  itInAll('see what one sees without symmetry', { timeout: 120_000 }, async () => {
    const module = await specModule('truncate-dma.ts')
    await expectSame(module, { design: 'none' }, [2, 3], { continue: true, symmetry: false })
  })

  itInAll('measure what one measures, with symmetry and without', { timeout: 120_000 }, async () => {
    const module = await specModule('truncate-dma.ts')
    const properties = ['noFreeUnderDma']
    for (const symmetry of [true, false]) {
      const options = { continue: true, symmetry, properties }
      const alone = await expectSame(module, { design: 'sequester', users: 3, blocks: 3 }, [2, 3], options)
      expect(alone).toMatchObject({
        symmetry: symmetry ? 'on' : 'off',
        measures: [
          { name: 'strandedBlocks', minimum: 0, maximum: 3 },
          { name: 'strandedUnderDma', minimum: 0, maximum: 3 },
          { name: 'waitingTruncates', minimum: 0, maximum: 0 },
          { name: 'failures', over: 'steps', minimum: 0, maximum: 0 },
          { name: 'transfers', minimum: 0, maximum: 3 },
        ],
      })
      await expectSame(module, { design: 'fail', race: 'check-then-free' }, [2, 3], options)
      await expectSame(module, { design: 'none' }, [2, 3], { symmetry, properties })
    }
  })

  itInAll('leave for decision diagrams where one does', { timeout: 60_000 }, async () => {
    const module = await specModule('classic/two-phase-commit.ts')
    const options = { symmetry: false, tuning: { symbolicFrom: 20_000 } }
    const alone = await expectSame(module, { resourceManagers: 6 }, [2, 3], options)
    expect(alone).toMatchObject({ engine: 'symbolic', states: { distinct: 50_816, depth: 20 } })
  })

  it.each([
    ['left-first', 'on'],
    ['waiter', 'off'],
  ] as const)('agree with one about partial-order reduction: %s', async (design, por) => {
    const module = await specModule('classic/dining-philosophers.ts')
    const options = { por: 'on', properties: ['noNeighborsEat'] } as const
    const philosophers = por === 'on' ? 6 : 5
    const tuning = por === 'on' ? {} : { reduceFrom: 200 }
    expect(await expectSame(module, { design, philosophers }, [2], { ...options, tuning })).toMatchObject({ por })
  })

  itInAll('put together what each has measured', { timeout: 60_000 }, async () => {
    // Each state and step has a different value, so each bound is seen by a single thread.
    const module = await moduleOf(`
      import { model, ofStep, range, schema, spec } from 'kripke'
      const State = schema({ a: range(0, 30), b: range(0, 30) })
      const mixed = (by) => (s) => ((s.a * 31 + s.b) * by) % 977
      const factors = [101, 211, 307, 401, 503, 601]
      export default spec({
        name: 'mixed',
        model: () => model(State, {
          init: State(),
          deadlock: false,
          actions: {
            a: (s) => (s.a < 30 ? s.set('a', s.a + 1) : undefined),
            b: (s) => (s.b < 30 ? s.set('b', s.b + 1) : undefined),
          },
          measures: Object.fromEntries(factors.flatMap((by) => [
            ['of' + by, mixed(by)],
            ['from' + by, ofStep(({ action, before }) => mixed(by)(before) * (action === 'a' ? 1 : -1))],
          ])),
        }),
      })`)
    const alone = await expectSame(module, {}, [2, 3])
    expect((alone as { measures: { maximum: number }[] }).measures.map(({ maximum }) => maximum > 900)).not.toContain(
      false,
    )
    await expectSame(module, {}, [2], { interpret: true })
  })

  it('find the same as one in random models', { timeout: 240_000 }, async () => {
    const count = runs(24)
    const module = await moduleOf(`
      import fc from 'fast-check'
      import { constant, range, spec } from 'kripke'
      import { modelOf, plan } from './support/random-spec.ts'
      const plans = fc.sample(plan, { numRuns: ${count}, seed: 20261120 })
      export default spec({
        name: 'random',
        constants: { which: constant(range(0, ${count - 1}), 0, 'the model') },
        model: ({ which }) => modelOf(plans[which]),
      })`)
    let failures = 0
    for (let which = 0; which < count; which++) {
      const alone = await expectSame(module, { which }, which % 8 === 0 && ALL ? [2, 3, 4, 8] : [2, 3], {
        continue: true,
      })
      if (typeof alone === 'object' && alone !== null && 'code' in alone) failures++
    }
    if (ALL) expect(failures).toBeLessThan(count / 2)
  })

  const counters = (): Promise<string> =>
    moduleOf(`
      import process from 'node:process'
      // Taken before it could be refused.
      const { exit } = process
      import { isMainThread } from 'node:worker_threads'
      import { bool, constant, model, oneOf, range, schema, spec } from 'kripke'
      const State = schema({ a: range(0, 60), b: range(0, 60), flag: bool() })
      export default spec({
        name: 'counters',
        constants: { fault: constant(oneOf('none', 'throw', 'exit', 'domain'), 'none', 'what goes wrong') },
        model: ({ fault }) => model(State, {
          init: State({}),
          actions: {
            a: (s) => {
              if (fault === 'throw' && s.a === 20 && s.b === 20) throw new Error('broken')
              if (fault === 'exit' && s.a === 3 && !isMainThread) exit(3)
              if (fault === 'domain' && s.a === 20 && s.b === 20) return s.set('a', 99)
              return s.a < 60 ? s.set('a', s.a + 1) : undefined
            },
            b: (s) => (s.b < 60 ? s.set('b', s.b + 1) : undefined),
          },
          invariants: { small: (s) => s.a + s.b < 119 },
        }),
      })`)

  it.each(['throw', 'domain'])('report a failing spec function like one: %s', { timeout: 60_000 }, async (fault) => {
    const alone = await expectSame(await counters(), { fault }, [2, 3])
    expect(alone).toMatchObject({ steps: 41 })
  })

  it('end the run with an error when a thread is lost', { timeout: 60_000 }, async () => {
    const found = await documentOf(await counters(), { fault: 'exit' }, { workers: 3, tuning: { parallelFrom: 1 } })
    expect(found).toMatchObject({ code: 'KR902' })
  })

  it('end the run as incomplete when memory runs out', { timeout: 60_000 }, async () => {
    const module = await specModule('classic/two-phase-commit.ts')
    const constants = { resourceManagers: 7 }
    const bounds = { workers: 3, tuning: { parallelFrom: 64 }, memoryBytes: 400_000, symmetry: false }
    const found = await documentOf(module, constants, bounds)
    expect(found).toMatchObject({
      verdict: 'incomplete',
      complete: false,
      warnings: [{ code: 'budget', name: 'memory' }],
    })
  })

  it('end the run on request', { timeout: 60_000 }, async () => {
    const module = await specModule('classic/two-phase-commit.ts')
    const asking = new AbortController()
    const onProgress = ({ depth }: Progress): void => {
      if (depth >= 6) asking.abort()
    }
    const found = await documentOf(
      module,
      { resourceManagers: 12 },
      {
        workers: 3,
        tuning: { parallelFrom: 64 },
        signal: asking.signal,
        onProgress,
        symmetry: false,
        engine: 'explicit',
      },
    )
    expect(found).toMatchObject({ verdict: 'incomplete', warnings: [{ code: 'budget', name: 'interrupted' }] })
  })

  it('grow the table together', { timeout: 60_000 }, async () => {
    const module = await specModule('classic/two-phase-commit.ts')
    const found = await documentOf(
      module,
      { resourceManagers: 7 },
      { workers: 3, tuning: { parallelFrom: 64 }, symmetry: false },
    )
    // As published for TLC; see classic.test.ts.
    expect(found).toMatchObject({ verdict: 'holds', states: { generated: 2_744_706, distinct: 296_448, depth: 23 } })
  })

  it('require a valid number of workers', async () => {
    const { default: spec } = (await import(await counters())) as { default: AnySpec }
    await expect(built.check(spec, { workers: 0 })).rejects.toMatchObject({ code: 'KR101' })
    await expect(built.check(spec, { workers: 2 })).rejects.toMatchObject({ code: 'KR101' })
  })
})
