/**
 * How much the tests try. `npm test` tries each claim on small models and with few random runs; `npm run test:all` tries everything.
 *
 * `KRIPKE_TEST_RUNS` multiplies the number of random runs: 1 is the number in `test:all`.
 */
import { it } from 'vitest'

/** Whether this run tries everything, as `vitest.all.config.ts` says. */
export const ALL: boolean = process.env['KRIPKE_TESTS'] === 'all'

/** The share of the random runs that `npm test` makes. */
const FEW = 0.1

const { KRIPKE_TEST_RUNS } = process.env
const FACTOR = Number(KRIPKE_TEST_RUNS ?? (ALL ? 1 : FEW))

/** The few runs of `npm test` are the same each time, because a rare case may be missing in others. */
export const SEED: number | undefined = ALL || KRIPKE_TEST_RUNS !== undefined ? undefined : 1

/** How many random runs to make, where `test:all` makes `usual`. Also for what a test expects to happen so often in them. */
export function runs(usual: number): number {
  return Math.max(1, Math.round(usual * FACTOR))
}

/** The rows of a table to try: all of them, or in `npm test` only those that `isSmall` picks. */
export function some<Row>(rows: readonly Row[], isSmall: (row: Row, index: number) => boolean): readonly Row[] {
  return ALL ? rows : rows.filter(isSmall)
}

/** The first rows of a table, of which the others show the same on larger models; all of them in `test:all`. */
export function first<Row>(count: number, rows: readonly Row[]): readonly Row[] {
  return some(rows, (_, index) => index < count)
}

/** A test of `test:all` alone, because `npm test` has a smaller one of the same claim. */
export const itInAll: typeof it.skip = ALL ? it : it.skip
