/** Before each test file: how many runs a random test makes that does not say so itself, and whether they are the same each time. */
import fc from 'fast-check'
import { runs, SEED } from './amount.ts'

/** The number of runs that fast-check makes by default. */
const USUAL = 100

fc.configureGlobal({ numRuns: runs(USUAL), ...(SEED !== undefined && { seed: SEED }) })
