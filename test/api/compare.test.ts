import { describe, expect, it } from 'vitest'
import twoPhaseCommit from '../../specs/classic/two-phase-commit.ts'
import { compareText } from '../../src/report/text/compare.ts'
import { PLAIN } from '../../src/report/text/style.ts'
import { compare, constant, model, oneOf, range, schema, spec } from '../../src/index.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

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
