/** What mutants of a spec show about its properties. */
import type { PropertyKind } from '../../spec/model.ts'
import type { PropertyResult } from '../outcome.ts'

/** A small change of a spec's functions. */
export type MutantKind =
  'guard dropped' | 'guard negated' | 'write dropped' | 'another label' | 'off by one' | 'fairness'

/** A change, and where it is. */
export interface MutantPlace {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly column: number
  readonly kind: MutantKind
  /** The code before and after the change, as compiled to JavaScript. */
  readonly original: string
  readonly replacement: string
}

/** The order of places in files. */
export function byPlace(a: MutantPlace, b: MutantPlace): number {
  return a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column
}

/**
 * What a check says about a mutant.
 *
 * `noticed`: a property that holds for the spec is violated, or a goal unreached. `failed`: a function of the mutant failed, so a
 * check notices it without a property. `unreached`: no state of the spec leads to the changed code. `equivalent`: the mutant has the
 * same state graph. `survived`: no property notices it. `undecided`: a bound ended the check before.
 */
export type MutantVerdict = 'noticed' | 'failed' | 'unreached' | 'equivalent' | 'survived' | 'undecided'

/** A mutant with its verdict. */
export interface JudgedMutant extends MutantPlace {
  readonly verdict: MutantVerdict
  /** The properties that notice it. With `first`, those of the first level at which one does. */
  readonly properties: readonly string[]
  /** Why it failed or is undecided. */
  readonly reason: string | undefined
}

/** What a property notices. */
export interface PropertyScore {
  readonly name: string
  readonly kind: PropertyKind
  /** For the spec itself. Only a property that holds, or a goal that is reached, can notice something. */
  readonly result: PropertyResult
  /** The number of mutants that it notices, and of the mutants that no other property notices. */
  readonly notices: number
  /** Undefined with `first`. */
  readonly alone: number | undefined
}

/** The mutants of a spec. */
export interface Mutation {
  readonly spec: string
  readonly constants: { readonly [name: string]: unknown }
  readonly mutants: readonly JudgedMutant[]
  readonly properties: readonly PropertyScore[]
  readonly seconds: number
}

/** The part that is noticed, of the mutants that differ from the spec: from 0 to 1. Undefined if none differs. */
export function scoreOf(mutants: readonly JudgedMutant[]): number | undefined {
  const { noticed, failed, survived, undecided } = verdictCounts(mutants)
  const all = noticed + failed + survived + undecided
  return all === 0 ? undefined : (noticed + failed) / all
}

/** The number of mutants with each verdict. */
export function verdictCounts(mutants: readonly JudgedMutant[]): { readonly [verdict in MutantVerdict]: number } {
  const counts = { noticed: 0, failed: 0, unreached: 0, equivalent: 0, survived: 0, undecided: 0 }
  for (const { verdict } of mutants) counts[verdict]++
  return counts
}

/** What each property notices. @param first - whether each check ended at the first property that notices the mutant */
export function scoresOf(
  properties: readonly Pick<PropertyScore, 'name' | 'kind' | 'result'>[],
  mutants: readonly JudgedMutant[],
  first: boolean,
): PropertyScore[] {
  return properties.map(({ name, kind, result }) => {
    const noticed = mutants.filter((it) => it.properties.includes(name))
    return {
      name,
      kind,
      result,
      notices: noticed.length,
      alone: first ? undefined : noticed.filter((it) => it.properties.length === 1).length,
    }
  })
}
