/** A thread that checks mutants, one after another. Piscina runs it; see `mutant-pool.ts`. */
import type { AnySpec } from '../../spec/spec.ts'
import {
  failed,
  judgeMutant,
  type Baseline,
  type MutantBounds,
  type MutantReport,
} from '../../api/mutants/judge-mutant.ts'
import type { MutantKind } from '../../api/mutants/mutation.ts'

/** A mutant to check. */
export interface MutantTask {
  /** The URL of a module whose default export is the mutant. */
  readonly module: string
  readonly kind: MutantKind
  readonly baseline: Baseline
  /** The digest of the state graph of the spec. */
  readonly digest: string | undefined
  readonly bounds: MutantBounds
}

/** Checks the mutant of a task. */
export async function runMutantTask({ module, kind, baseline, digest, bounds }: MutantTask): Promise<MutantReport> {
  // Standard output is reserved for results.
  for (const method of ['log', 'info', 'debug', 'table', 'warn', 'error'] as const) console[method] = () => {}
  let spec: AnySpec
  try {
    spec = ((await import(module)) as { default: AnySpec }).default
  } catch (thrown) {
    return failed(thrown)
  }
  return await judgeMutant(spec, kind, baseline, digest, bounds)
}
