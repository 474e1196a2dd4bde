/** Concludes a simulation: shortens and confirms its traces, and makes the result with its warnings. */
import { impure } from '../errors.ts'
import { Failure } from '../semantics/failure.ts'
import type { PropertyDefinition } from '../spec/model.ts'
import { resumeCalls } from '../spec/calls.ts'
import { purely } from '../spec/purity.ts'
import type { Trace } from '../trace/trace.ts'
import { failureOnRepeat } from '../semantics/failure.ts'
import { FailedRun } from './failed-run.ts'
import type { PropertyOutcome, Warning } from './outcome.ts'
import { elapsedMs } from '../engine/context.ts'
import { traceOf, traceToFailure } from '../trace/counterexample.ts'
import { interpreted, nothingChecked, unused } from './warnings.ts'
import { STANDARD_ERROR } from '../engine/simulation/distinct-estimate.ts'
import { shrink, type ShrunkWalk } from '../engine/simulation/shrink.ts'
import type { Simulation, ViolatingWalk, WalkedAction } from './simulation.ts'
import type { ShrinkTarget } from '../engine/simulation/probe.ts'
import type { Walk } from '../engine/simulation/walk.ts'
import { Walker } from '../engine/simulation/random-walk.ts'
import type { SimulationEnding, SimulationRun } from '../engine/simulation/simulation-run.ts'

/**
 * The outcome of a simulation.
 *
 * @throws {FailedRun} if a spec function failed; {CheckerError} KR501 if reference evaluation does not confirm what was found, KR502 if
 *   a function fails that did not before
 */
export function concludeSimulation(run: SimulationRun, ending: SimulationEnding): Simulation {
  resumeCalls()
  try {
    return purely(() => conclusion(run, ending))
  } catch (thrown) {
    throw failureOnRepeat(thrown)
  }
}

function conclusion(run: SimulationRun, ending: SimulationEnding): Simulation {
  const { context, bounds, tally, walker, pool } = run
  const { settings, layout, evaluator, reference } = context
  const found = walker.found === 'failure' ? undefined : walker.found
  const decided = settings.properties.flatMap((property): [PropertyDefinition, Trace][] => {
    if (property === found?.property) return [[property, tracedTo(run, property, walker.trail())]]
    const reached = tally.reached.get(property.name)
    if (reached === undefined) return []
    return [[property, tracedTo(run, property, madeAgain(run, reached.walk, reached.steps))]]
  })
  const properties = settings.properties.map((property): PropertyOutcome => {
    const { name, kind } = property
    const trace = decided.findIndex(([other]) => other === property)
    if (trace < 0) return { name, kind, result: 'unknown' }
    return { name, kind, result: kind === 'goal' ? 'reached' : 'violated', trace }
  })
  const traces = decided.map(([, trace]) => trace)
  const steps = walker.trail().states.length - 1
  const violation: ViolatingWalk | undefined =
    found === undefined
      ? undefined
      : {
          number: run.walk,
          steps,
          shortened: decided.find(([property]) => property === found.property)![1].steps.length - 1,
        }
  const actions = actionsOf(run)
  const outcome: Simulation = {
    spec: context.name,
    constants: context.constants,
    verdict: found === undefined ? 'incomplete' : 'violated',
    properties,
    traces,
    seed: bounds.seed,
    walks: { made: tally.walks, cut: tally.cut, steps: tally.steps, longest: tally.longest, depth: bounds.depth },
    violation,
    states: {
      initial: context.initial.length / layout.width,
      distinct: tally.distinct.size,
      error: tally.distinct.isCounted ? 0 : STANDARD_ERROR,
    },
    ending,
    specCalls: evaluator.specCalls + (evaluator === reference ? 0 : reference.specCalls) + (pool?.specCalls ?? 0),
    workers: settings.workers,
    seconds: elapsedMs(context) / 1000,
    actions,
    warnings: warningsOf(run, actions, properties),
  }
  if (walker.found !== 'failure') return outcome
  const finding = walker.monitor.failure!
  const { failure } = finding
  // Shortening a walk tries other walks, which would call the function again.
  if (failure.cause.code === 'KR510') {
    throw new FailedRun(failure.cause, traceToFailure(context, finding, walker.trail()), outcome)
  }
  const short = shortened(run, failure, walker.trail())
  throw new FailedRun(failure.cause, traceToFailure(context, short.failure!, short.walk), outcome)
}

/** The trace of a walk that decides a property, shortened. */
function tracedTo({ context }: SimulationRun, property: PropertyDefinition, walk: Walk): Trace {
  const { walk: short, finding } = shortened({ context }, property, walk)
  return traceOf(context, [property, finding!], short)
}

function shortened({ context }: Pick<SimulationRun, 'context'>, target: ShrinkTarget, walk: Walk): ShrunkWalk {
  const short = shrink(context, target, walk)
  if (short !== undefined) return short
  const who = target instanceof Failure ? target.subject.who : `${target.kind} "${target.name}"`
  throw impure(who, 'a repeated walk gave a different result')
}

/** The first steps of a walk made before. */
function madeAgain({ context, bounds }: SimulationRun, walk: number, steps: number): Walk {
  const walker = new Walker(context, { ...bounds, depth: Math.max(1, steps) })
  walker.advance(walk, () => false)
  return walker.trail(steps)
}

function actionsOf({ context, tally }: SimulationRun): WalkedAction[] {
  const { model, instances, evaluator } = context
  return model.actions.map(({ name }, action) => {
    const own = [...instances.keys()].filter((index) => instances[index]!.action === action)
    const sum = (counts: Float64Array): number => own.reduce((total, index) => total + counts[index]!, 0)
    const { generated, taken } = tally
    return {
      name,
      instances: own.length,
      generated: sum(generated),
      taken: sum(taken),
      ...evaluator.profile(action),
    }
  })
}

/** Caveats on the outcome. */
function warningsOf(
  { context, tally, walker }: SimulationRun,
  actions: readonly WalkedAction[],
  properties: readonly PropertyOutcome[],
): Warning[] {
  const { model, constants, constantsRead, evaluator } = context
  // A walk that ends at its first violation says little of what was not met.
  const isWhole = walker.found === undefined && context.initialCut === undefined
  const conditional = new Set(Array.from(walker.monitor.vacuous, ({ name }) => name))
  const unusedConstants = Object.keys(constants).filter((name) => !constantsRead.has(name))
  const names = model.constraints.map(({ name }) => name).join(', ')
  const temporal = properties.filter(({ kind }) => kind === 'temporal')
  return [
    ...nothingChecked({ properties: properties.filter(({ kind }) => kind !== 'temporal') }),
    ...temporal.map(({ name }): Warning => ({
      code: 'undecided',
      name,
      text: `"${name}" is not checked: random walks cannot decide temporal properties; use kripke check`,
    })),
    ...(tally.outside === 0
      ? []
      : [
          {
            code: 'constrained' as const,
            name: names,
            text: `some walks left the constraints (${names}) and ended there`,
          },
        ]),
    ...(isWhole ? actions.filter(({ taken }) => taken === 0) : []).map(({ name, generated }): Warning => ({
      code: 'never-taken',
      name,
      text: `action "${name}" was never taken${generated > 0 ? ', although it was enabled' : ''}`,
    })),
    ...(isWhole ? [...conditional].filter((name) => !tally.witnessed.has(name)) : []).map((name): Warning => ({
      code: 'antecedent-never-true',
      name,
      text: `"${name}" was not tested: no walk made its antecedent true`,
    })),
    ...unused({ unusedConstants }),
    ...interpreted({ remarks: evaluator.remarks() }),
  ]
}
