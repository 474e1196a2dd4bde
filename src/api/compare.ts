/** Compares variants of a spec: one check for every combination of the values of some constants. */
import { spellingOf } from '../spec/constant-text.ts'
import { isScalar } from '../spec/constant-value.ts'
import { badOption, unknownName, type CheckerError } from '../errors.ts'
import {
  listConstant,
  resolveConstants,
  type ConstantName,
  type Constants,
  type ConstantValues,
  type GivenConstants,
} from '../spec/constant.ts'
import { product } from '../spec/domain-values.ts'
import type { AnySpec, Spec } from '../spec/spec.ts'
import { check } from './check.ts'
import { concernsOneRow } from './bench/measure.ts'
import type { CheckResult, Warning } from './outcome.ts'
import type { CheckOptions, Progress } from '../engine/settings.ts'
import { withProperties } from './property-result.ts'
import { withModule } from './spec-module.ts'
import { checkVariants } from './variants/check-variants.ts'

/** A constant to vary. */
export type Variation<C extends Constants = any> = {
  readonly [K in ConstantName<C>]: {
    readonly constant: K
    /** Default: every value of the constant. */
    readonly values?: readonly ConstantValues<C>[K][] | undefined
  }
}[ConstantName<C>]

/** One combination: its outcome, or its error. */
export interface Variant<C extends Constants = any, P extends string = string, S = any> {
  readonly varied: GivenConstants<C>
  readonly outcome: CheckResult<P, S> | undefined
  /** The error of a spec function, or a false assumption; undefined if there is an outcome. */
  readonly error: CheckerError | undefined
}

export interface Comparison<C extends Constants = any, P extends string = string, S = any> {
  readonly spec: string
  /** The varied constants, in the given order. */
  readonly vary: readonly ConstantName<C>[]
  readonly variants: readonly Variant<C, P, S>[]
  /** Whether Kripke tried every combination. */
  readonly complete: boolean
  readonly warnings: readonly Warning[]
}

/** How to compare. Kripke explores every variant to the end. */
export interface CompareOptions<C extends Constants = any, P extends string = any> extends Omit<
  CheckOptions<C, P>,
  'continue' | 'onProgress'
> {
  /** At least one. Several give all combinations; the last varies fastest. */
  readonly vary: readonly Variation<C>[]
  /** Called before each variant. With several workers, several variants may be under way. */
  readonly onVariant?: ((varied: GivenConstants<C>) => void) | undefined
  /** Called about ten times a second, with the progress of a variant. */
  readonly onProgress?: ((progress: Progress, varied: GivenConstants<C>) => void) | undefined
}

/**
 * Checks every combination.
 *
 * @throws {CheckerError} for a mistake in the spec or the options that concerns more than one variant
 */
export async function compare<C extends Constants, P extends string, S>(
  spec: Spec<C, P, S>,
  options: CompareOptions<NoInfer<C>, NoInfer<P>>,
): Promise<Comparison<C, P, S>> {
  return (await compareAny(spec, options)) as Comparison<C, P, S>
}

async function compareAny(
  spec: AnySpec,
  { vary, onVariant, onProgress, ...options }: CompareOptions,
): Promise<Comparison> {
  const names = vary.map(({ constant }) => constant)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw badOption(
      `a constant must be varied once, but "${twice}" is varied twice`,
      'list all its values at once: --vary name=a,b',
    )
  const fixed = names.find((name) => options.constants !== undefined && Object.hasOwn(options.constants, name))
  if (fixed !== undefined)
    throw badOption(
      `a varied constant must not be given a value, but "${fixed}" is`,
      `remove -c ${fixed}, or do not vary it`,
    )
  const rows = product(vary.map((variation) => valuesOf(spec, variation))).map((row): Variant['varied'] =>
    Object.fromEntries(names.map((name, index) => [name, row[index]])),
  )
  const results = await checkVariants<Variant>({
    spec,
    variants: rows.map((varied) => ({ ...options.constants, ...varied })),
    options: await withModule(spec, { ...options, continue: true }),
    checkHere: (row, its) => checkVariant(spec, its, rows[row]!),
    resultOf: (row, outcome) => ({ varied: rows[row]!, outcome: withProperties(outcome), error: undefined }),
    isCutByMemory: ({ outcome }) => outcome?.ending === 'memory',
    onBegin: (row) => onVariant?.(rows[row]!),
    onProgress: (row, progress) => onProgress?.(progress, rows[row]!),
  })
  const variants = results.filter((variant) => variant !== undefined)
  const complete = variants.length === rows.length
  const warnings = [...unfinished(variants.length, rows.length), ...sameResults(names, variants)]
  return { spec: spec.name, vary: names, variants, complete, warnings }
}

function valuesOf({ name, constants }: AnySpec, { constant, values }: Variation): readonly unknown[] {
  const declared = Object.hasOwn(constants, constant) ? constants[constant] : undefined
  if (declared === undefined) throw unknownName('constant', constant, Object.keys(constants), name)
  const isSpelled = values !== undefined && !isScalar(declared.domain)
  const listed = isSpelled
    ? values.map((value) => resolveConstants(name, constants, { [constant]: value })[constant])
    : (values ?? listConstant(declared))
  if (listed === undefined || listed.length === 0) {
    throw badOption(
      `"${constant}" has too many values to try all of them`,
      `name some, for example --vary ${constant}=1,2`,
    )
  }
  const again = listed.find((value, index) => listed.map(spellingOf).indexOf(spellingOf(value)) !== index)
  if (again === undefined) return listed
  throw badOption(
    `--vary must name each value once, but "${constant}" has ${spellingOf(again)} twice`,
    'name each value once',
  )
}

async function checkVariant(spec: AnySpec, options: CheckOptions, varied: Variant['varied']): Promise<Variant> {
  const constants = { ...options.constants, ...varied }
  try {
    return { varied, outcome: await check(spec, { ...options, constants, continue: true }), error: undefined }
  } catch (thrown) {
    if (!concernsOneRow(thrown)) throw thrown
    return { varied, outcome: undefined, error: thrown }
  }
}

function unfinished(tried: number, all: number): Warning[] {
  if (tried === all) return []
  return [
    {
      code: 'budget',
      name: 'interrupted',
      text: `you interrupted the run: ${all - tried} of ${all} variants were not tried`,
    },
  ]
}

/** A warning for each varied constant that makes no difference to any count or verdict, whatever the others are. */
function sameResults(names: readonly string[], variants: readonly Variant[]): Warning[] {
  return names.flatMap((name): Warning[] => {
    const groups = new Map<string, Set<string>>()
    const values = new Set<unknown>()
    for (const { varied, outcome } of variants) {
      const others = JSON.stringify(names.filter((other) => other !== name).map((other) => varied[other]))
      const { exact, ...counts } = outcome?.states ?? {}
      const figures = [counts, String(exact?.distinct), String(exact?.generated)]
      const result = JSON.stringify([...figures, outcome?.properties, outcome?.measures])
      groups.set(others, (groups.get(others) ?? new Set()).add(result))
      values.add(varied[name])
    }
    const isDecided = values.size > 1 && variants.every(({ error }) => error === undefined)
    if (!isDecided || [...groups.values()].some((results) => results.size > 1)) return []
    const text = `constant "${name}" has no effect here: every value gives the same counts and verdicts`
    return [{ code: 'same-results', name, text }]
  })
}
