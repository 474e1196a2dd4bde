/** Answers about variants: the values of some constants, and the verdicts with each of them. */
import { badOption, unknownName } from '../../../errors.ts'
import { show } from '../../../report/show.ts'
import { spellingOf } from '../../../spec/constant-text.ts'
import { listConstant, type Constant } from '../../../spec/constant.ts'
import { product } from '../../../spec/domain-values.ts'
import { stepCount } from '../../../trace/trace.ts'
import type { Given } from '../../commands/options.ts'
import { MAX_VARIANTS, type BackgroundCheck } from '../checks.ts'
import { errorOf } from '../errors.ts'
import type { CellDocument, CompareDocument, Requests, VariantDocument } from '../protocol.ts'
import type { Session } from '../session.ts'

/** @throws {CheckerError} KR101 for too many variants, KR102 for an unknown constant */
export function compareVariants(session: Session, { constants, vary }: Requests['compare']['body']): CompareDocument {
  const { spec, checks } = session
  const here = checks.keyOf(constants)
  for (const name of vary) {
    if (!Object.hasOwn(spec.constants, name)) {
      throw unknownName('constant', name, Object.keys(spec.constants), spec.name)
    }
  }
  const lists = Object.entries(spec.constants).map(([name, it]) => ({ name, values: listed(it) }))
  const names = lists.map(({ name }) => name)
  // In the order of the spec, so that the table does not depend on the order of clicks.
  const varied = vary.length > 0 ? names.filter((name) => vary.includes(name)) : defaultChoice(session)
  const values = varied.map((name) => valuesToTry(name, spec.constants[name]!))
  const count = values.reduce((times, list) => times * list.length, 1)
  if (count > MAX_VARIANTS) {
    throw badOption(`a comparison must have at most ${MAX_VARIANTS} variants, but has ${count}`, 'vary fewer constants')
  }
  const rows = product(values)
  const variants = varied.length === 0 ? [] : rows.map((row) => withValues(session, constants, varied, row))
  const found = checks.compare(variants)
  const properties = new Map<string, string>()
  for (const { name, kind } of [
    ...session.walk(constants).properties,
    ...found.flatMap((check) => check?.outcome?.properties ?? []),
  ]) {
    if (!properties.has(name)) properties.set(name, kind)
  }
  return {
    choices: lists.map(({ name, values }) => ({ name, values: values?.length ?? null })),
    vary: varied,
    properties: [...properties].map(([name, kind]) => ({ name, kind })),
    variants: variants.map((given, index) => ({
      values: rows[index]!.map(show),
      constants: given,
      isCurrent: checks.keyOf(given) === here,
      ...verdictsOf(found[index], [...properties.keys()]),
    })),
  }
}

/** The first constant of names that has several: what a spec calls its design. */
function defaultChoice({ spec }: Session): string[] {
  const found = Object.entries(spec.constants).find(([, it]) => {
    return it.domain.kind === 'oneOf' && (listed(it)?.length ?? 0) > 1
  })
  return found === undefined ? [] : [found[0]]
}

/** The values of a constant; undefined if there are more than a comparison may have. */
function listed(constant: Constant): readonly unknown[] | undefined {
  const values = listConstant(constant)
  return values !== undefined && values.length <= MAX_VARIANTS ? values : undefined
}

function valuesToTry(name: string, constant: Constant): readonly unknown[] {
  const values = listed(constant)
  if (values !== undefined) return values
  throw badOption(`"${name}" must have at most ${MAX_VARIANTS} values to be varied, but has more`)
}

/** The constants that differ from their defaults, as a page gives them. */
function withValues({ spec }: Session, given: Given, names: readonly string[], row: readonly unknown[]): Given {
  const varied = names.map((name, index) => [name, spellingOf(row[index])] as const)
  const all = { ...given, ...Object.fromEntries(varied) }
  return Object.fromEntries(
    Object.entries(all).filter(([name, text]) => text !== spellingOf(spec.constants[name]!.initial)),
  )
}

type Verdicts = Omit<VariantDocument, 'values' | 'constants' | 'isCurrent'>

function verdictsOf(check: BackgroundCheck | undefined, names: readonly string[]): Verdicts {
  const { outcome, error, progress } = check ?? {}
  return {
    state: check === undefined ? 'waiting' : outcome === undefined && error === undefined ? 'running' : 'done',
    distinct: outcome?.states.distinct ?? progress?.distinct ?? 0,
    seconds: outcome?.seconds ?? (progress?.elapsedMs ?? 0) / 1000,
    cells: names.map((name): CellDocument | null => {
      const property = outcome?.properties.find((it) => it.name === name)
      if (outcome === undefined || property === undefined) return null
      const trace = property.trace === undefined ? undefined : outcome.traces[property.trace]
      return {
        result: property.result,
        steps: trace === undefined ? null : stepCount(trace),
        isShortest: trace?.isShortest !== false,
        reason: property.reason ?? property.caveat ?? null,
      }
    }),
    failure: error === undefined ? null : errorOf(error),
  }
}
