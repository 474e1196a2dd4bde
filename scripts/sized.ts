/** What was measured of the sizes of specs. */

/** A spec at one choice of constants, in all its variants. */
export interface Sized {
  readonly spec: string
  readonly at: 'default' | 'benchmark'
  /** Constants that have not their default. */
  readonly constants: { readonly [name: string]: number | string }
  /** The constant in which the variants differ; `variant` if there are several. */
  readonly vary: string
  readonly variants: readonly Variant[]
}

/** One variant, explored without symmetry. */
export interface Variant {
  readonly name: string
  /** What there is, or what was found before the search was cut. */
  readonly distinct: number
  readonly generated: number
  readonly depth: number
  readonly isComplete: boolean
  readonly seconds: number | null
  /** Distinct states up to symmetry; null if that was cut. */
  readonly reduced: number | null
}

/** The variants, those with the fewest states first. */
export function ascending({ variants }: Sized): readonly Variant[] {
  return variants.toSorted((a, b) => a.distinct - b.distinct)
}

/** Those with the fewest and with the most states; undefined if there are none. */
export function extremes(sized: Sized): { least: Variant; most: Variant } | undefined {
  const sorted = ascending(sized)
  return sorted.length === 0 ? undefined : { least: sorted[0]!, most: sorted.at(-1)! }
}
