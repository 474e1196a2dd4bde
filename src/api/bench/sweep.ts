/** Sweeps: the constants that a benchmark varies, and the rows and series that they make. */
import { spellingOf } from '../../spec/constant-text.ts'
import { badOption, unknownName } from '../../errors.ts'
import { resolveConstants, type ConstantName, type Constants, type ConstantValues } from '../../spec/constant.ts'
import { product } from '../../spec/domain-values.ts'
import type { AnySpec } from '../../spec/spec.ts'

/** A constant and the values that it takes in turn. */
export type Sweep<C extends Constants = any> = {
  readonly [K in ConstantName<C>]: { readonly constant: K; readonly values: readonly ConstantValues<C>[K][] }
}[ConstantName<C>]

/** Sweeps with their values resolved, and the one along which growth is judged. */
export interface Plan {
  /** The constants swept, in the order given. */
  readonly names: readonly string[]
  /** The last sweep over numbers, ascending; undefined if there is none. */
  readonly axis: { readonly name: string; readonly sizes: readonly number[] } | undefined
  /** Every combination of the other sweeps, the last varying fastest: one series for each. */
  readonly series: readonly { readonly [constant: string]: unknown }[]
}

/** More rows than this are probably a typing mistake, such as an extra zero. */
export const MAX_ROWS = 1000

/**
 * Resolves sweeps.
 *
 * @param given - the constants that are fixed
 * @throws {CheckerError} KR101 for sweeps that contradict each other, KR102 for an unknown constant, KR103 for a value
 *   outside its domain
 */
export function planSweeps(
  spec: AnySpec,
  sweeps: readonly Sweep[],
  given: { readonly [constant: string]: unknown } = {},
): Plan {
  if (sweeps.length === 0)
    throw badOption('bench must be given a constant to sweep, but is not', 'name one, for example --sweep files=1..4')
  const names = sweeps.map(({ constant }) => constant)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw badOption(
      `a constant must be swept once, but "${twice}" is swept twice`,
      `list all its values at once: --sweep ${twice}=1,2`,
    )
  const fixed = names.find((name) => Object.hasOwn(given, name))
  if (fixed !== undefined)
    throw badOption(
      `a swept constant must not be given a value, but "${fixed}" is`,
      `remove -c ${fixed}, or do not sweep it`,
    )
  const rows = sweeps.reduce((all, { values }) => all * values.length, 1)
  if (rows > MAX_ROWS) {
    const made = rows.toLocaleString('en')
    throw badOption(
      `the sweeps must make at most ${MAX_ROWS.toLocaleString('en')} rows, but make ${made}`,
      'sweep fewer values',
    )
  }
  const resolved = sweeps.map((sweep) => ({ name: sweep.constant, values: valuesOf(spec, sweep) }))
  const along = resolved.findLast(({ values }) => values.every((value) => typeof value === 'number'))
  const others = resolved.filter((sweep) => sweep !== along)
  return {
    names,
    axis: along && { name: along.name, sizes: (along.values as number[]).toSorted((a, b) => a - b) },
    series: product(others.map(({ values }) => values)).map((row) =>
      Object.fromEntries(others.map(({ name }, index) => [name, row[index]])),
    ),
  }
}

function valuesOf(spec: AnySpec, { constant, values }: Sweep): readonly unknown[] {
  if (!Object.hasOwn(spec.constants, constant)) {
    throw unknownName('constant', constant, Object.keys(spec.constants), spec.name)
  }
  if (values.length === 0)
    throw badOption(
      `a sweep must have a value, but "${constant}" has none`,
      `name values, for example --sweep ${constant}=1,2`,
    )
  const resolved = values.map((value) => resolveConstants(spec.name, spec.constants, { [constant]: value })[constant])
  const again = resolved.find((value, index) => resolved.map(spellingOf).indexOf(spellingOf(value)) !== index)
  if (again !== undefined)
    throw badOption(
      `a sweep must name each value once, but "${constant}" has ${spellingOf(again)} twice`,
      'name each value once',
    )
  return resolved
}
