/** Runs of the explicit engine that a test drives itself, to examine intermediate results. */
import type { AnySpec } from '../../src/spec/spec.ts'
import { prepareContext } from '../../src/engine/context.ts'
import type { Exploration } from '../../src/engine/engine.ts'
import { explicitRun } from '../../src/engine/explicit/explicit-run.ts'
import type { Search } from '../../src/engine/explicit/search.ts'
import { pathsBySearch } from '../../src/engine/explicit/shortest-path.ts'
import type { CheckOptions } from '../../src/engine/settings.ts'

/** A run, with the parts of an exploration that audits and counterexamples need. */
export type TestRun = ReturnType<typeof explicitRun> & Pick<Exploration, 'pathsTo'> & { readonly states: Search }

/** A run whose search has not begun. */
export function prepareRun(spec: AnySpec, options: CheckOptions = {}): TestRun {
  const run = explicitRun(prepareContext(spec, options))
  return Object.assign(run, {
    states: run.search,
    pathsTo: (locations: Parameters<typeof pathsBySearch>[1]) => pathsBySearch(run, locations),
  })
}
