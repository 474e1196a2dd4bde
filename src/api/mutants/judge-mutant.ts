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
  /** End the check of a mutant at the first level at which a property notices it. */
  readonly first: boolean
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
  /** Whether all states within the constraints are explored. */
  readonly isExhausted: boolean
}

/** What the check of a mutant says. */
export interface MutantReport {
  readonly verdict: MutantVerdict
  readonly properties: readonly string[]
  readonly reason: string | undefined
}

/** A mutant may have this many times the states of the spec. With more it has changed a lot, and a check may take very long. */
const GROWTH = 4

/** A mutant of a small spec may have this many states. */
const FEW_STATES = 1000

/** Checks the spec itself. @throws {CheckerError} as `check` does */
export async function baselineOf(spec: AnySpec, bounds: MutantBounds): Promise<Baseline> {
  const { properties, constants, states, ending } = await checked(spec, bounds, { continue: true })
  return {
    properties: properties.map(({ name, kind, result }) => ({ name, kind, result })),
    constants,
    states,
    isExhausted: ending === 'exhausted',
  }
}

/**
 * Checks a mutant.
 *
 * @param digest - of the state graph of the spec; undefined if that is too large
 */
export async function judgeMutant(
  spec: AnySpec,
  kind: MutantKind,
  baseline: Baseline,
  digest: string | undefined,
  bounds: MutantBounds,
): Promise<MutantReport> {
  const { distinct } = baseline.states
  const maxStates = Math.min(bounds.maxStates, Math.max(FEW_STATES, GROWTH * distinct))
  try {
    const outcome = await checked(
      spec,
      { ...bounds, maxStates },
      { properties: able(baseline), continue: !bounds.first },
    )
    const properties = noticing(baseline, outcome)
    if (properties.length > 0) return { verdict: 'noticed', properties, reason: undefined }
    if (outcome.ending !== 'exhausted') {
      const isFull = outcome.states.distinct > maxStates
      const reason = isFull ? `it has more than ${maxStates} states; the spec has ${distinct}` : 'its time was up'
      return { verdict: 'undecided', properties, reason }
    }
    // Without fairness the graph is the same, but the behaviors are not.
    const isSame = kind !== 'fairness' && digest !== undefined && hasSameGraph(spec, outcome, baseline, digest, bounds)
    return { verdict: isSame ? 'equivalent' : 'survived', properties, reason: undefined }
  } catch (thrown) {
    return failed(thrown)
  }
}

/** The report on a mutant that cannot be loaded or checked. */
export function failed(thrown: unknown): MutantReport {
  const isKnown = thrown instanceof CheckerError
  const reason = isKnown ? `${thrown.code} ${thrown.message}` : `${String(thrown)}`
  return { verdict: 'failed', properties: [], reason }
}

async function checked(
  spec: AnySpec,
  { constants, maxStates, timeoutMs }: MutantBounds,
  options: CheckOptions,
): Promise<Outcome> {
  return await check(spec, {
    constants,
    maxStates,
    timeoutMs,
    engine: 'explicit',
    workers: 1,
    ...options,
  } as CheckOptions)
}

/** The properties that can notice something. */
function able({ properties }: Baseline): string[] {
  return properties.filter(({ result }) => result === 'holds' || result === 'reached').map(({ name }) => name)
}

/** The properties that the mutant violates, and the goals that it does not reach within the constraints of the spec. */
function noticing({ properties }: Baseline, outcome: Outcome): string[] {
  const isExhausted = outcome.ending === 'exhausted'
  return properties.flatMap(({ name, result }) => {
    const own = outcome.properties.find((it) => it.name === name)?.result
    const isWorse = result === 'holds' ? own === 'violated' : result === 'reached' && own !== 'reached' && isExhausted
    return isWorse ? [name] : []
  })
}

function hasSameGraph(
  spec: AnySpec,
  { states }: Outcome,
  baseline: Baseline,
  digest: string,
  { constants, maxStates }: MutantBounds,
): boolean {
  const counts = ['initial', 'generated', 'distinct', 'depth'] as const
  if (counts.some((count) => states[count] !== baseline.states[count])) return false
  return graphDigest(spec, constants, maxStates) === digest
}
