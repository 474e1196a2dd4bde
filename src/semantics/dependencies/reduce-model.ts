/** Analyses a model for partial-order reduction: completes its functions, and relates them to each other. */
import type { NextState } from '../contract.ts'
import { observeAction, observeState } from '../learned/observation.ts'
import { Oracle, type LearnableFunction } from '../learned/oracle.ts'
import { rngFrom } from '../learned/probe.ts'
import type { ReferenceEvaluator } from '../reference.ts'
import type { ActionInstance, PredicateInstance } from '../../spec/instances.ts'
import { decode } from '../../state/codec.ts'
import { slotsOf, type Layout } from '../../state/layout.ts'
import { ActionDependencies } from './action-dependencies.ts'
import { completePaths, type Path } from './complete-paths.ts'
import { Progress } from './progress.ts'
import { ReducedNextState } from './reduced-next-state.ts'
import { StubbornSets } from './stubborn-sets.ts'
import { Target } from './targets.ts'

/** A predicate, and the value for which the search must find a state. */
export interface Sought {
  readonly predicate: PredicateInstance
  readonly value: boolean
}

export interface Reducible {
  readonly layout: Layout
  readonly instances: readonly ActionInstance[]
  /** The initial states, packed. There is at least one. */
  readonly initial: Int32Array
  readonly reference: ReferenceEvaluator
  /** The relation to reduce. */
  readonly next: NextState
  readonly sought: readonly Sought[]
  readonly seed: number
  /** The maximal number of calls to complete functions. */
  readonly calls: number
  /** The maximal number of paths of a function. Default 1024. */
  readonly maxPaths?: number
}

export interface ModelReduction {
  readonly next: ReducedNextState
  /** Tracked calls of the spec's functions. */
  readonly calls: number
  /** The names of the functions that are not complete. */
  readonly incomplete: readonly string[]
  /** Whether the calls did not suffice. */
  readonly isCut: boolean
}

const MAX_PATHS = 1024

/** Yields after each function, so that other tasks can have a turn. */
export function* reduceModel(of: Reducible): Generator<void, ModelReduction> {
  const { layout, instances, initial, reference, next, sought, seed, calls, maxPaths = MAX_PATHS } = of
  // What the analysis finds must not depend on the seed, so only the probes do.
  const rng = rngFrom(1)
  const oracle = new Oracle(layout, rngFrom(seed))
  const background = slotsOf(layout, initial)
  const context = { layout, oracle, rng, background, budget: { left: calls }, maxPaths }
  const incomplete: string[] = []
  const complete = (fn: LearnableFunction): readonly Path[] => {
    const paths = completePaths(context, fn)
    if (paths.some(({ outcome }) => outcome === undefined)) incomplete.push(fn.of.who)
    return paths
  }
  const actions: (readonly Path[])[] = []
  for (const instance of instances) {
    const refer: LearnableFunction['refer'] = (slots) =>
      reference.successorSlots(instance, decode(layout, slots), slots)
    actions.push(complete({ of: instance, observe: (slots) => observeAction(layout, instance, slots), refer }))
    yield
  }
  const targets: Target[] = []
  const seek = (paths: readonly Path[], isInside: (outcome: Path['outcome']) => boolean): void => {
    if (paths.some(({ outcome }) => isInside(outcome))) targets.push(new Target(layout, paths, isInside))
  }
  for (const { predicate, value } of sought) {
    const refer: LearnableFunction['refer'] = (slots) => reference.holds(predicate, decode(layout, slots), slots)
    const paths = complete({ of: predicate, observe: (slots) => observeState(layout, predicate, slots), refer })
    // Two targets, because a step may lead from a failure to a state with the value.
    seek(paths, (outcome) => outcome === undefined || (outcome.kind === 'truth' && outcome.truth === value))
    seek(paths, (outcome) => outcome === undefined || outcome.kind === 'error')
    yield
  }
  // An action on a path that is not known conflicts with every other, so the search does not pass it by.
  for (const paths of actions) seek(paths, (outcome) => outcome?.kind === 'error')
  const dependencies = new ActionDependencies(layout, actions)
  const sets = new StubbornSets(dependencies, targets, new Progress(layout, dependencies.paths, background))
  return {
    next: new ReducedNextState(next, dependencies, sets),
    calls: oracle.trackedCalls,
    incomplete,
    isCut: context.budget.left <= 0,
  }
}
