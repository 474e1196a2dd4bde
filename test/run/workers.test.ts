/** Several threads against one: what a user sees must not depend on how many there are. */
import { describe, expect, it } from 'vitest'
import type { CheckOptions, Outcome } from '../../src/index.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import { moduleOf } from '../support/module-of.ts'

// Of what is built, since threads run what is built.
const built = (await import(new URL('../../dist/index.js', import.meta.url).href)) as {
  check(spec: AnySpec, options: CheckOptions): Promise<Outcome>
}
const { checkDocument } = await import('../../src/report/json.ts')

type Constants = { readonly [name: string]: string | number }

/** The document that `check --json` prints, without what may differ. */
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
    // Pages of one or two states: every thread gets some of nearly every level.
    for (const parallelFrom of [1, 16]) {
      expect(await documentOf(module, constants, { ...options, workers, parallelFrom })).toEqual(alone)
    }
  }
  return alone
}

const specModule = (path: string): Promise<string> => moduleOf(`export { default } from '../specs/${path}'`)

describe('several workers', () => {
  it.each<[string, Constants]>([
    ['classic/die-hard.ts', {}],
    ['classic/two-phase-commit.ts', { resourceManagers: 4 }],
    ['truncate-dma.ts', { design: 'none' }],
    ['truncate-dma.ts', { design: 'wait-layout', users: 1 }],
    ['truncate-dma.ts', { design: 'fail', race: 'check-then-free' }],
    ['seen-set.ts', { workers: 2, design: 'no-cas' }],
  ])('see what one sees: %s %j', { timeout: 120_000 }, async (path, constants) => {
    const module = await specModule(path)
    await expectSame(module, constants, [2, 3, 4, 8], { continue: true })
    await expectSame(module, constants, [2], {})
  })

  it('see what one sees of random models', { timeout: 240_000 }, async () => {
    const count = 24
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
      const alone = await expectSame(module, { which }, which % 8 === 0 ? [2, 3, 4, 8] : [2, 3], { continue: true })
      if (typeof alone === 'object' && alone !== null && 'code' in alone) failures++
    }
    expect(failures).toBeLessThan(count / 2)
  })
})
