/** Each spec gives the same results whether or not Kripke learns the predicates of quantifiers apart. */
import { expect, it } from 'vitest'
import { check } from '../../src/index.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import { ALL } from '../support/amount.ts'
import { paths, SPECS, variantsOf, type Constants } from '../support/variants.ts'

/** In `npm test`, `compareVariants` compares the small variants with brute force. */
const FEW: readonly (readonly [path: string, constants: Constants])[] = [
  ['truncate-dma.ts', { design: 'sequester', files: 2, blocks: 2, users: 2 }],
  ['classic/dining-philosophers.ts', { design: 'waiter', philosophers: 4 }],
]
const ROWS = ALL ? paths.flatMap((path) => variantsOf(path).map((constants) => [path, constants] as const)) : FEW

it.each(ROWS.map(([path, constants]) => [path, JSON.stringify(constants), constants] as const))(
  'specs/%s with %s gives the same with and without questions',
  { timeout: 120_000 },
  async (path, _, constants) => {
    const { default: spec } = (await import(new URL(path, SPECS).href)) as { default: AnySpec }
    const options = { constants, continue: true, engine: 'explicit' } as const
    const asking = await check(spec, options)
    const plain = await check(spec, { ...options, tuning: { asks: false } })
    const told = ({ states, verdict, properties, traces, measures }: typeof asking) => ({
      states,
      verdict,
      properties,
      measures,
      traces: traces.map(({ steps, loop }) => [steps.map(({ action, bindings }) => [action, bindings]), loop]),
    })
    expect(told(asking)).toEqual(told(plain))
  },
)

it('a question about each of several elements costs fewer calls', async () => {
  const { default: spec } = (await import(new URL('classic/dining-philosophers.ts', SPECS).href)) as {
    default: AnySpec
  }
  const options = { constants: { design: 'one-right-handed', philosophers: 5 }, engine: 'explicit' } as const
  const asking = await check(spec, options)
  const plain = await check(spec, { ...options, tuning: { asks: false } })
  expect(asking.specCalls).toBeLessThan(plain.specCalls / 2)
})
