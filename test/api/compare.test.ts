import { describe, expect, it } from 'vitest'
import twoPhaseCommit from '../../specs/classic/two-phase-commit.ts'
import { compareText } from '../../src/report/text/compare.ts'
import { PLAIN } from '../../src/report/text/style.ts'
import {
  compare,
  constant,
  model,
  oneOf,
  range,
  schema,
  spec,
  type CompareOptions,
  type FailedRun,
} from '../../src/index.ts'
import { checkDocument } from '../../src/report/json/documents.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import { first } from '../support/amount.ts'
import { moduleOf } from '../support/module-of.ts'

const State = schema({ n: range(0, 3) })
const faulty = spec({
  name: 'faulty',
  constants: { fault: constant(oneOf('none', 'undeclared', 'throws'), 'none', 'what goes wrong') },
  model: ({ fault }) =>
    model(State, {
      init: State(),
      actions: {
        up: (s) => {
          if (fault === 'undeclared') return (s as unknown as { m: number }).m === 1 ? s : undefined
          if (fault === 'throws') throw new Error('no')
          return s.set('n', (s.n + 1) % 4)
        },
      },
      invariants: { small: (s) => s.n < 4 },
    }),
})

describe('compare', () => {
  it('continues after a variant in which a function of the spec fails, however it fails', async () => {
    const { variants, complete, warnings } = await compare(faulty, { vary: [{ constant: 'fault' }] })
    expect(variants.map(({ outcome, error }) => error?.code ?? outcome?.verdict)).toEqual(['holds', 'KR203', 'KR503'])
    // No warning about constants, because failed variants have no counts to compare.
    //
    expect([complete, warnings]).toEqual([true, []])
  })

  it('names the variants that another engine decided, and counts exactly', async () => {
    const comparison = await compare(twoPhaseCommit as AnySpec, {
      ...{
        vary: [{ constant: 'resourceManagers', values: ['3', '30'] }],
        tuning: { symbolicFrom: 1000 },
        symmetry: false,
      },
    })
    const [small, large] = comparison.variants.map(({ outcome }) => outcome!)
    expect([small!.engine, large!.engine]).toEqual(['explicit', 'symbolic'])
    const lines = compareText(comparison, PLAIN)
    expect(lines.join('\n')).toContain(large!.states.exact!.distinct.toLocaleString('en'))
    expect(lines.at(-1)).toBe(`resourceManagers=30: (symbolic engine: ${large!.engineChange})`)
  })

  it('reports how many variants an interruption left out', async () => {
    const controller = new AbortController()
    const { variants, complete, warnings } = await compare(faulty, {
      vary: [{ constant: 'fault' }],
      signal: controller.signal,
      onVariant: () => controller.abort(),
    })
    expect([variants.length, complete]).toEqual([1, false])
    expect(warnings).toMatchObject([{ code: 'budget', text: expect.stringContaining('2 of 3') }])
  })
})

// The built package, because threads run it.
const built = (await import(new URL('../../dist/index.js', import.meta.url).href)) as { compare: typeof compare }

/** A comparison by several threads that are all there from the beginning, and by one thread. */
async function byThreads(
  module: string,
  workers: number,
  options: Partial<CompareOptions> & Pick<CompareOptions, 'vary'>,
) {
  const { default: spec } = (await import(module)) as { default: AnySpec }
  const begun: unknown[] = []
  const comparison = await built.compare(spec, {
    ...options,
    module,
    workers,
    ...(workers > 1 && { tuning: { parallelFrom: 1_000_000 } }),
    onVariant: (varied) => begun.push(varied),
  })
  const results = comparison.variants.map(({ varied, outcome, error }) => ({
    varied,
    error: error && { code: error.code, message: error.message, at: error.at, steps: stepsOf(error) },
    outcome: outcome && {
      document: checkDocument(
        { ...outcome, seconds: 0, bytesPerState: 0, workers: 0, specCalls: 0 },
        { peakMemoryBytes: 0 },
      ),
      // As text, because records of two threads have different classes.
      traces: outcome.traces.map(({ steps }) =>
        steps.map(({ state, changes }) => `${state} ${JSON.stringify(changes)}`),
      ),
    },
  }))
  return { results, begun, warnings: comparison.warnings }
}

const stepsOf = (error: unknown): number | undefined => (error as Partial<FailedRun>).trace?.steps.length

describe('several threads', () => {
  it.each<[string, Pick<CompareOptions, 'vary'> & Partial<CompareOptions>]>(
    first(1, [
      ['specs/classic/peterson.ts', { vary: [{ constant: 'design' }] }],
      ['specs/truncate-dma.ts', { vary: [{ constant: 'design' }], constants: { users: 1 } }],
      ['specs/poison-recovery.ts', { vary: [{ constant: 'design' }] }],
      ['specs/seen-set.ts', { vary: [{ constant: 'design' }] }],
    ]),
  )('give the results of one, in its order: %s', async (path, options) => {
    const module = await moduleOf(`export { default } from '../${path}'`)
    const one = await byThreads(module, 1, options)
    for (const workers of first(1, [3, 2])) {
      const several = await byThreads(module, workers, options)
      expect(several.results).toEqual(one.results)
      expect(several.warnings).toEqual(one.warnings)
    }
  })

  it('leave to one thread what fails, and show it at its place', async () => {
    const module = await moduleOf(FAULTY)
    const options = { vary: [{ constant: 'fault' }] }
    const one = await byThreads(module, 1, options)
    const several = await byThreads(module, 3, options)
    expect(several.results).toEqual(one.results)
    expect(several.results.map(({ error }) => error?.code)).toEqual([undefined, 'KR203', undefined, 'KR503', undefined])
    // Each begins once in some thread, and those that fail or have a trace with an odd record begin again in this one, in order.
    const begun = several.begun.map((varied) => (varied as { fault: string }).fault)
    expect(begun.slice(0, 5)).toEqual(['none', 'undeclared', 'open', 'throws', 'none-again'])
    const again = begun.slice(5)
    expect(again).toEqual(begun.filter((fault) => again.includes(fault)).slice(0, again.length))
    expect(again.length).toBeGreaterThan(0)
  })

  it('throw what concerns all variants, as one does', async () => {
    const module = await moduleOf(FAULTY)
    const options = { vary: [{ constant: 'fault' }], properties: ['large'] }
    for (const workers of [1, 3]) {
      await expect(byThreads(module, workers, options)).rejects.toMatchObject({ code: 'KR102' })
    }
  })

  it('stop when they are interrupted', async () => {
    const module = await moduleOf(ENDLESS)
    const { default: spec } = (await import(module)) as { default: AnySpec }
    const controller = new AbortController()
    const { variants, complete } = await built.compare(spec, {
      vary: [{ constant: 'kind' }],
      module,
      workers: 3,
      tuning: { parallelFrom: 1_000_000_000 },
      engine: 'explicit',
      signal: controller.signal,
      onProgress: ({ distinct }) => distinct > 0 && controller.abort(),
    })
    expect(complete).toBe(false)
    expect(variants.every(({ outcome }) => outcome?.ending === 'interrupted')).toBe(true)
    expect(variants.length).toBeGreaterThan(0)
  })

  it('share the memory, and give a variant all of it if its share was too small', async () => {
    const module = await moduleOf("export { default } from '../specs/classic/two-phase-commit.ts'")
    const options = {
      vary: [{ constant: 'resourceManagers', values: ['4', '5', '3'] }],
      properties: ['consistent', 'deadlock'],
      engine: 'explicit',
      symmetry: false,
    } as const
    const { default: spec } = (await import(module)) as { default: AnySpec }
    const alone = await built.compare(spec, { ...options, module })
    const { states, bytesPerState } = alone.variants[1]!.outcome!
    const several = await byThreads(module, 3, { ...options, memoryBytes: 1.5 * states.distinct * bytesPerState })
    expect(several.results).toEqual((await byThreads(module, 1, options)).results)
    expect(several.begun.slice(3)).toEqual([{ resourceManagers: '5' }])
  })
})

const FAULTY = `
  import { constant, model, oneOf, range, schema, spec, value } from 'kripke'
  import { Record } from 'immutable'
  const FAULTS = ['none', 'undeclared', 'open', 'throws', 'none-again'] as const
  const Odd = Record({ n: 0 })
  export default spec({
    name: 'faulty',
    constants: { fault: constant(oneOf(...FAULTS), 'none', 'what goes wrong') },
    model: ({ fault }) => {
      const State = schema({ n: range(0, 3), odd: value(Odd()) })
      return model(State, {
        init: State(),
        actions: {
          up: (s) => {
            if (fault === 'undeclared' && s.n === 2) return (s as any).m === 1 ? s : undefined
            if (fault === 'throws' && s.n === 1) throw new Error('no')
            return s.set('n', (s.n + 1) % 4)
          },
        },
        invariants: { small: (s) => s.n < (fault === 'open' ? 3 : 4) },
      })
    },
  })`

const ENDLESS = `
  import { action, constant, model, oneOf, range, schema, setOf, spec } from 'kripke'
  export default spec({
    name: 'endless',
    constants: { kind: constant(oneOf('a', 'b', 'c', 'd'), 'a', 'makes no difference') },
    model: () => {
      const State = schema({ bits: setOf(range(1, 40)) })
      const set = action({ bit: range(1, 40) }, (s: ReturnType<typeof State>, { bit }) => s.set('bits', s.bits.add(bit)))
      return model(State, { init: State(), actions: { set } })
    },
  })`
