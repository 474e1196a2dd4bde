/**
 * The amount of testing. `npm test` tests each claim on small models and with few random runs. `npm run test:all` tests
 * everything.
 *
 * `KRIPKE_TEST_RUNS` multiplies the number of random runs: 1 is the number in `test:all`.
 */
import { it } from 'vitest'

/** Whether this run tests everything; see `vitest.all.config.ts`. */
export const ALL: boolean = process.env['KRIPKE_TESTS'] === 'all'

/** The share of the random runs in `npm test`. */
const FEW = 0.1

const { KRIPKE_TEST_RUNS } = process.env
const FACTOR = Number(KRIPKE_TEST_RUNS ?? (ALL ? 1 : FEW))

/** The few runs of `npm test` are the same each time, because other random runs may lack a rare case. */
export const SEED: number | undefined = ALL || KRIPKE_TEST_RUNS !== undefined ? undefined : 1

/** The number of random runs if `test:all` makes `usual`. Also scales the expected number of events in them. */
export function runs(usual: number): number {
  return Math.max(1, Math.round(usual * FACTOR))
}

/** The rows of a table to test: all rows, or in `npm test` only those that `isSmall` selects. */
export function some<Row>(rows: readonly Row[], isSmall: (row: Row, index: number) => boolean): readonly Row[] {
  return ALL ? rows : rows.filter(isSmall)
}

/** The first rows of a table whose other rows show the same on larger models. All rows in `test:all`. */
export function first<Row>(count: number, rows: readonly Row[]): readonly Row[] {
  return some(rows, (_, index) => index < count)
}

/** A test for `test:all` only, because `npm test` has a smaller test of the same claim. */
export const itInAll: typeof it.skip = ALL ? it : it.skip
