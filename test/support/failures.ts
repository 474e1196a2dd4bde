/** The properties that fail, for tests of specs and their designs. */
import { check } from '../../src/index.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import type { Constants } from './variants.ts'

/** The violated and unreached properties, with the number of steps of each counterexample. Not the temporal ones. */
export async function failures(
  spec: AnySpec,
  constants: Constants,
  properties?: readonly string[],
): Promise<{ [property: string]: number }> {
  const found = await check(spec, { constants, continue: true, ...(properties && { properties }) })
  const failing = found.properties.filter(
    ({ kind, result }) => kind !== 'temporal' && (result === 'violated' || result === 'unreached'),
  )
  return Object.fromEntries(
    failing.map(({ name, trace }) => [name, trace === undefined ? Infinity : found.traces[trace]!.steps.length - 1]),
  )
}

/** The temporal properties that are violated. */
export async function violatedTemporal(spec: AnySpec, constants: Constants): Promise<readonly string[]> {
  const { properties } = await check(spec, { constants, continue: true })
  const temporal = properties.filter(({ kind }) => kind === 'temporal')
  if (temporal.some(({ result }) => result === 'unknown')) throw new Error('a temporal property is unknown')
  return temporal.filter(({ result }) => result === 'violated').map(({ name }) => name)
}
