/** Searches for a path to a state of interest, by the engines that check. */
import { FailedRun } from '../failed-run.ts'
import type { Model, PropertyDefinition, State } from '../../spec/model.ts'
import type { AnySpec } from '../../spec/spec.ts'
import type { Trace, TraceStep } from '../../trace/trace.ts'
import { check } from '../check.ts'
import { simulate } from '../simulate.ts'
import { namesOfSteps, namesOfTrace } from './path.ts'
import type { StateFunction } from './predicate.ts'
import type { Walk } from './walk.ts'

/** The name of the goal in errors. */
const GOAL = 'the expression'

export interface Search {
  /** The state at which the path begins; undefined for any initial state. */
  readonly from: State | undefined
  /** What the last state of the path satisfies; undefined to search for any violation. */
  readonly until: StateFunction | undefined
  /** `shortest` explores breadth-first, `random` takes random steps for some seconds. */
  readonly how: 'shortest' | 'random'
  readonly seed: number
  readonly memoryBytes?: number | undefined
}

export interface Found {
  /** The names of the path: with an initial state if the search began there, else only its steps. Undefined if there is none. */
  readonly names: readonly string[] | undefined
  /** States that the search explored, or steps that it took at random. */
  readonly explored: number
  /** Whether the search covered every state. Without a path, such a state does not exist then. */
  readonly isExhaustive: boolean
}

/** How long random steps may take. */
const RANDOM_MS = 10_000

/**
 * Searches.
 *
 * @param spec - as `withOneModel` makes it, so that the walk's states are states of the search
 * @throws {CheckerError} for an expression that fails, and the errors of the spec
 */
export async function search(spec: AnySpec, walk: Walk, asked: Search): Promise<Found> {
  const sought = withGoal(spec, walk, asked)
  const { constants } = walk
  const common = { constants, workers: 1, memoryBytes: asked.memoryBytes, deadlock: asked.until === undefined }
  try {
    if (asked.how === 'random') {
      const { traces, walks } = await simulate(sought, { ...common, seed: asked.seed, timeoutMs: RANDOM_MS })
      return { names: namesIn(walk, traces, asked), explored: walks.steps, isExhaustive: false }
    }
    const { traces, states, ending } = await check(sought, { ...common, symmetry: false, engine: 'explicit' })
    return { names: namesIn(walk, traces, asked), explored: states.distinct, isExhaustive: ending === 'exhausted' }
  } catch (thrown) {
    // A spec function that fails is what somebody who looks for violations wants to see.
    if (!(thrown instanceof FailedRun) || asked.until !== undefined) throw withoutKind(thrown)
    return { names: namesIn(walk, [thrown.trace], asked), explored: 0, isExhaustive: false }
  }
}

/** The error of an expression, without the kind of property that it was made. */
function withoutKind(thrown: unknown): unknown {
  if (thrown instanceof Error) thrown.message = thrown.message.replace(`unreachable "${GOAL}"`, GOAL)
  return thrown
}

/** The spec with one model for all who instantiate it with the same constants, so that they share the classes of states. */
export function withOneModel(spec: AnySpec): AnySpec {
  let made: Model | undefined
  return { ...spec, model: (constants) => (made ??= spec.model(constants)) }
}

function withGoal(spec: AnySpec, walk: Walk, { from, until }: Search): AnySpec {
  return {
    ...spec,
    model: (constants) => {
      const model = spec.model(constants)
      return {
        ...model,
        ...(from !== undefined && { init: () => from }),
        properties: until === undefined ? model.properties.filter(isSafety) : [goal((s) => until(s, walk.constants))],
        refinements: until === undefined ? model.refinements : [],
        measures: [],
      }
    },
  }
}

function isSafety({ kind }: PropertyDefinition): boolean {
  return kind !== 'temporal' && kind !== 'goal'
}

function goal(holds: (state: never) => unknown): PropertyDefinition {
  return { name: GOAL, kind: 'unreachable', parameters: {}, conjuncts: [{ name: '', holds }], origin: undefined }
}

/** The names of the shortest trace. */
function namesIn(walk: Walk, traces: readonly Trace[], { from }: Search): string[] | undefined {
  const [trace] = [...traces].sort((one, other) => one.steps.length - other.steps.length)
  if (trace === undefined) return undefined
  return from === undefined
    ? namesOfTrace(walk, trace)
    : namesOfSteps(walk, from, trace.steps.slice(1) as readonly TraceStep<State>[])
}
