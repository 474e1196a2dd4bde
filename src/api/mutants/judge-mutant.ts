/** Checks a mutant, and says which properties notice it. */
import { CheckerError } from '../../errors.ts'
import type { CheckOptions } from '../../engine/settings.ts'
import type { PropertyKind } from '../../spec/model.ts'
import type { AnySpec } from '../../spec/spec.ts'
import { check } from '../check.ts'
import type { Outcome, PropertyResult } from '../outcome.ts'
import { graphDigest } from './graph-digest.ts'
import type { MutantKind, MutantVerdict } from './mutation.ts'

/** The bounds of each check. */
export interface MutantBounds {
  readonly constants: CheckOptions['constants']
  readonly maxStates: number
  readonly timeoutMs: number
}

/** What the checks of mutants are compared with: the check of the spec itself. */
export interface Baseline {
  readonly properties: readonly {
    readonly name: string
    readonly kind: PropertyKind
    readonly result: PropertyResult
  }[]
  readonly constants: { readonly [name: string]: unknown }
  readonly states: Outcome['states']
  /** Undefined if the graph is too large. */
  readonly digest: string | undefined
  readonly complete: boolean
}

/** What the check of a mutant says. */
export interface MutantReport {
  readonly verdict: MutantVerdict
  readonly properties: readonly string[]
}

/** Checks the spec itself. @throws {CheckerError} as `check` does */
export async function baselineOf(spec: AnySpec, bounds: MutantBounds): Promise<Baseline> {
  const { properties, constants, states, complete } = await checked(spec, bounds)
  return {
    properties: properties.map(({ name, kind, result }) => ({ name, kind, result })),
    constants,
    states,
    digest: complete ? graphDigest(spec, bounds.constants, bounds.maxStates) : undefined,
    complete,
  }
}

/** Checks a mutant. */
export async function judgeMutant(
  spec: AnySpec,
  kind: MutantKind,
  baseline: Baseline,
  bounds: MutantBounds,
): Promise<MutantReport> {
  try {
    const outcome = await checked(spec, bounds)
    const properties = noticing(baseline, outcome)
    if (properties.length > 0) return { verdict: 'noticed', properties }
    if (!outcome.complete) return { verdict: 'undecided', properties }
    // Without fairness the graph is the same, but the behaviors are not.
    const isSame = kind !== 'fairness' && hasSameGraph(spec, outcome, baseline, bounds)
    return { verdict: isSame ? 'equivalent' : 'survived', properties }
  } catch (thrown) {
    if (!(thrown instanceof CheckerError)) throw thrown
    return { verdict: 'failed', properties: [] }
  }
}

async function checked(spec: AnySpec, { constants, maxStates, timeoutMs }: MutantBounds): Promise<Outcome> {
  return await check(spec, {
    constants,
    maxStates,
    timeoutMs,
    continue: true,
    engine: 'explicit',
    workers: 1,
  } as CheckOptions)
}

/** The properties that the spec has and the mutant violates. */
function noticing({ properties }: Baseline, outcome: Outcome): string[] {
  return properties.flatMap(({ name, result }) => {
    const own = outcome.properties.find((it) => it.name === name)?.result
    const isWorse = (result === 'holds' && own === 'violated') || (result === 'reached' && own === 'unreached')
    return isWorse ? [name] : []
  })
}

function hasSameGraph(
  spec: AnySpec,
  { states }: Outcome,
  baseline: Baseline,
  { constants, maxStates }: MutantBounds,
): boolean {
  const counts = ['initial', 'generated', 'distinct', 'depth'] as const
  if (counts.some((count) => states[count] !== baseline.states[count])) return false
  return baseline.digest !== undefined && graphDigest(spec, constants, maxStates) === baseline.digest
}
