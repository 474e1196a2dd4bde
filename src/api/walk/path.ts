/** Follows a path by the names of its steps. */
import { callText } from '../../spec/bindings.ts'
import type { State } from '../../spec/model.ts'
import { standing } from '../../trace/trace-step.ts'
import { isStutter, type Trace, type TraceStep } from '../../trace/trace.ts'
import type { EnabledStep, FailedStep } from './steps.ts'
import type { Walk } from './walk.ts'
import { namesOfInitialStates } from './step-names.ts'

/** The name of a step in which the system does nothing. */
export const STUTTER = 'stutter'

/** A path that was followed as far as the spec has its steps. */
export interface FollowedPath {
  /** The initial state, and the states after each step. Empty if the spec has no such initial state. */
  readonly states: readonly State[]
  readonly steps: readonly EnabledStep[]
  /** The first name that the spec does not have there: its index in the path, and what the spec has instead. */
  readonly departure: Departure | undefined
}

export interface Departure {
  readonly index: number
  readonly name: string
  readonly instead: readonly string[]
  /** The function that failed instead, if it is the one of that name. */
  readonly failed: FailedStep | undefined
}

/**
 * Follows a path.
 *
 * @param path - the name of the initial state, followed by the names of steps. An empty path leads to the first initial state.
 */
export function follow(walk: Walk, path: readonly string[]): FollowedPath {
  const names = namesOfInitialStates(walk.initialStates, walk.variables)
  const first = path.length === 0 ? 0 : names.indexOf(path[0]!)
  const start = walk.initialStates[first]
  if (start === undefined) {
    return { states: [], steps: [], departure: { index: 0, name: path[0]!, instead: names, failed: undefined } }
  }
  const states = [start]
  const steps: EnabledStep[] = []
  for (const [index, name] of path.slice(1).entries()) {
    const { enabled, failed } = walk.stepsFrom(states.at(-1)!)
    const step = enabled.find((it) => it.name === name) ?? (name === STUTTER ? stutterAt(states.at(-1)!) : undefined)
    if (step === undefined) {
      const instead = enabled.map((it) => it.name)
      const failure = failed.find(({ action }) => name === action || name.startsWith(`${action}(`))
      return { states, steps, departure: { index: index + 1, name, instead, failed: failure } }
    }
    steps.push(step)
    states.push(step.state)
  }
  return { states, steps, departure: undefined }
}

function stutterAt(state: State): EnabledStep {
  return { ...standing('stutter', state), name: STUTTER, isSelfLoop: true, isOutside: false, violates: [] }
}

/**
 * The names of a trace's steps, so that a walk can follow it.
 *
 * @returns as many names as the walk has steps of the trace
 */
export function namesOfTrace(walk: Walk, { steps }: Pick<Trace, 'steps'>): string[] {
  const [first, ...rest] = steps as readonly TraceStep<State>[]
  const start = walk.initialStates.findIndex((state) => state.equals(first!.state))
  if (start < 0) return []
  const name = namesOfInitialStates(walk.initialStates, walk.variables)[start]!
  return [name, ...namesOfSteps(walk, walk.initialStates[start]!, rest)]
}

/** The names of steps from a state on, as many as the walk has. */
export function namesOfSteps(walk: Walk, from: State, steps: readonly TraceStep<State>[]): string[] {
  const names: string[] = []
  let state = from
  for (const step of steps) {
    if (isStutter(step)) {
      names.push(STUTTER)
      continue
    }
    const call = callText(step.action, step.bindings)
    const found = walk
      .stepsFrom(state)
      .enabled.find((it) => callText(it.action, it.bindings) === call && it.state.equals(step.state))
    if (found === undefined) break
    names.push(found.name)
    state = found.state
  }
  return names
}

/** The names of steps that lead along some states, the first of which is an initial state. */
export function namesAlong(walk: Walk, states: readonly State[]): string[] {
  const first = walk.initialStates.findIndex((state) => state.equals(states[0]))
  if (first < 0) return []
  const names = [namesOfInitialStates(walk.initialStates, walk.variables)[first]!]
  // States of another run are equal to those of the walk, but the functions of its spec want their own classes.
  let own = walk.initialStates[first]!
  for (const state of states.slice(1)) {
    const step = walk.stepsFrom(own).enabled.find((it) => it.state.equals(state))
    if (step === undefined) break
    names.push(step.name)
    own = step.state
  }
  return names
}
