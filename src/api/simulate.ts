/** Simulates a spec: random walks, and what they show. */
import { askingFirst } from '../engine/asking.ts'
import type { CheckOptions } from '../engine/settings.ts'
import { badOption } from '../errors.ts'
import type { Constants } from '../spec/constant.ts'
import { instantiateRefined } from '../semantics/refinement/refined-model.ts'
import type { AnySpec, Spec } from '../spec/spec.ts'
import { prepareContextInSlices } from '../engine/context.ts'
import { untilAllElementsAreKnown, withAttemptsOf } from '../engine/growth.ts'
import type { Progress } from '../engine/settings.ts'
import { simulationBounds, type SimulateOptions } from '../engine/simulation/options.ts'
import { Walker } from '../engine/simulation/random-walk.ts'
import { walk } from '../engine/simulation/simulation-engine.ts'
import type { SimulationRun } from '../engine/simulation/simulation-run.ts'
import { emptyTally } from '../engine/simulation/tally.ts'
import { concludeSimulation } from './conclude-simulation.ts'
import { withProperties } from './property-result.ts'
import { withModule } from './spec-module.ts'
import type { Simulation, SimulationResult } from './simulation.ts'

/**
 * Simulates a spec.
 *
 * @returns what was found; a violation is an outcome, not an error
 * @throws {CheckerError} for a mistake in the spec or the options; a `FailedRun`, which has a trace, if a spec function failed
 */
export async function simulate<C extends Constants, P extends string, S>(
  spec: Spec<C, P, S>,
  options: SimulateOptions<NoInfer<C>, NoInfer<P>> = {},
): Promise<SimulationResult<P, S>> {
  const simulation = await askingFirst(
    (await withModule(spec, options)) as SimulateOptions & Pick<CheckOptions, 'tuning'>,
    async (settled) => await untilAllElementsAreKnown(settled, (left) => simulateAny(spec, left, settled.tuning)),
  )
  return withProperties(simulation as Simulation<P, S>)
}

async function simulateAny(
  spec: AnySpec,
  options: SimulateOptions,
  tuning: CheckOptions['tuning'],
): Promise<Simulation> {
  const bounds = simulationBounds(options)
  const { constants = {}, properties, deadlock, interpret, workers, module, signal, onProgress = () => {} } = options
  const { seed, timeoutMs } = bounds
  requireWatchable(spec, constants, properties)
  const own = {
    constants,
    properties,
    deadlock,
    interpret,
    workers,
    module,
    signal,
    seed,
    timeoutMs,
    tuning,
    onProgress: ({ elapsedMs: elapsed }: Progress) =>
      onProgress({ walks: 0, steps: 0, distinct: 0, elapsedMs: elapsed }),
  }
  const context = await prepareContextInSlices(spec, withAttemptsOf(own, options))
  const run: SimulationRun = {
    context,
    bounds,
    walker: new Walker(context, bounds),
    tally: emptyTally(context.instances.length),
    walk: bounds.firstWalk,
    pool: undefined,
    waits: options.waits ?? false,
    onProgress,
  }
  try {
    return concludeSimulation(run, await walk(run))
  } finally {
    await run.pool?.close()
  }
}

/**
 * @throws {CheckerError} KR101 for a temporal property: a walk is only a prefix of behaviors, so it does not decide the
 * property
 */
function requireWatchable(
  spec: AnySpec,
  constants: { readonly [name: string]: unknown },
  asked: readonly string[] = [],
): void {
  if (asked.length === 0) return
  const { model } = instantiateRefined(spec, constants)
  const temporal = model.properties.find(({ name, kind }) => kind === 'temporal' && asked.includes(name))
  if (temporal === undefined) return
  throw badOption(
    `simulate cannot check "${temporal.name}", because random walks cannot decide temporal properties`,
    'run kripke check to decide it, or do not name it',
  )
}
