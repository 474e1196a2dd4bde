/** What a probe records: which code the system runs, and which code only claims run. */
import type { AnySpec } from '../../spec/spec.ts'
import { check } from '../check.ts'
import { graphDigest } from './graph-digest.ts'
import type { MutantBounds } from './judge-mutant.ts'

/** A mark of code that has run. */
export const RUN = 1

/** A mark of code that has run when the spec was defined, to make a claim. */
export const CLAIMED = 2

/** The recorded marks of a probe, by their numbers: a sum of the above. They change when code of the probe runs. */
export type Marks = Uint8Array

/** What a spec runs. */
export interface Reach {
  /** The digest of its state graph. Undefined if that is too large; then the rest is unknown. */
  readonly digest: string | undefined
  /** What initial states, steps, constraints and fairness run, and what the definition of the spec runs except for its claims. */
  readonly system: readonly boolean[]
  /** What runs in all. */
  readonly all: readonly boolean[]
}

/**
 * Explores a probe without its claims, then checks it with them.
 *
 * Kripke calls a function once for each combination of values that it reads. So exploring calls it with all that matter, and a mark
 * that is not recorded stands in code that no state of the spec leads to. The exploration does not use symmetry, which would leave
 * out states.
 *
 * @throws {CheckerError} as `check` does
 */
export async function reachOf(probe: AnySpec, marks: Marks, bounds: MutantBounds): Promise<Reach> {
  const { constants, maxStates, timeoutMs } = bounds
  const digest = graphDigest(probe, constants, maxStates)
  const everything = Array.from(marks, () => true)
  if (digest === undefined) return { digest, system: everything, all: everything }
  const system = Array.from(marks, (mark) => (mark & RUN) !== 0)
  await check(probe, { constants, maxStates, timeoutMs, engine: 'explicit', workers: 1, continue: true })
  const all = Array.from(marks, (mark) => mark !== 0)
  return { digest, system, all }
}
