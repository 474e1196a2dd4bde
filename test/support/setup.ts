/**
 * Runs before each test file. It sets the number of runs of random tests without their own number, and whether these
 * runs are the same each time.
 */
import fc from 'fast-check'
import { runs, SEED } from './amount.ts'

/** The number of runs that fast-check makes by default. */
const USUAL = 100

fc.configureGlobal({ numRuns: runs(USUAL), ...(SEED !== undefined && { seed: SEED }) })
