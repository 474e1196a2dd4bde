/** The measured sizes of specs. */

/** A spec with fixed sizes, in all its variants. */
export interface Sized {
  readonly spec: string
  readonly at: 'default' | 'benchmark'
  /** Constants with other values than their defaults. */
  readonly constants: { readonly [name: string]: number | string }
  /** The constant that distinguishes the variants; `variant` if there are several. */
  readonly vary: string
  readonly variants: readonly Variant[]
}

/** One variant, explored without symmetry. */
export interface Variant {
  readonly name: string
  /** The number of states within the constraints, or the number found before the search was cut. */
  readonly distinct: number
  readonly generated: number
  readonly depth: number
  readonly isComplete: boolean
  readonly seconds: number | null
  /** Distinct states up to symmetry; null if that search was cut. */
  readonly reduced: number | null
}

interface Counts {
  readonly distinct: number
  readonly generated: number
  readonly depth: number
}

/** What `bench --json` measured of a variant. */
export interface MeasuredRow {
  readonly states: Counts
  readonly seconds: number
  /** What ended the search early. Constraints do not: such a search is not complete, but it is not cut. */
  readonly cut?: string
  /** What a search that was cut had found. */
  readonly explored?: Counts | null
}

/** A variant, from a row without symmetry and one with it. */
export function variantOf(name: string, row: MeasuredRow, reduced: MeasuredRow): Variant {
  const isComplete = row.cut === undefined
  const { distinct = 0, generated = 0, depth = 0 } = (isComplete ? row.states : row.explored) ?? {}
  return {
    ...{ name, distinct, generated, depth, isComplete },
    seconds: isComplete ? row.seconds : null,
    reduced: reduced.cut === undefined ? reduced.states.distinct : null,
  }
}

/** The variants in ascending order of states. */
export function ascending({ variants }: Sized): readonly Variant[] {
  return variants.toSorted((a, b) => a.distinct - b.distinct)
}

/** The variants with the fewest and with the most states; undefined without variants. */
export function extremes(sized: Sized): { least: Variant; most: Variant } | undefined {
  const sorted = ascending(sized)
  return sorted.length === 0 ? undefined : { least: sorted[0]!, most: sorted.at(-1)! }
}
