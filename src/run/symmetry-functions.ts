/** The functions of a spec that must treat members alike if a run is reduced by symmetry. */
import { endPredicate } from '../check/monitor.ts'
import { notSymmetric, type CheckerError } from '../errors.ts'
import { measureInstance, predicateInstances, type ActionInstance, type Question } from '../spec/instances.ts'
import type { State } from '../spec/model.ts'
import { place } from '../spec/origin.ts'
import { show } from '../spec/show.ts'
import type { Finished } from './run.ts'

/** What a run asks of its spec. */
export interface SpecFunctions {
  readonly instances: readonly ActionInstance[]
  /** About states: the rule for legitimate ends is of the kind `deadlock`. */
  readonly states: readonly Question[]
  /** About steps. */
  readonly steps: readonly Question[]
}

/** KR508 for a function that tells members apart, and the state on which it does. */
export function breaksSymmetry(
  { who, definition: { origin }, source }: ActionInstance | Question,
  exchange: string,
  state: State,
): CheckerError {
  return notSymmetric(who, exchange, [['state', show(state)]], { at: origin && place(origin), source })
}

/** What a run asks. */
export function functionsOf({ settings, model, instances }: Finished): SpecFunctions {
  const claims = [...settings.properties, ...model.constraints]
  const asked = (isStep: boolean): Question[] => [
    ...claims.filter(({ kind }) => (kind === 'transition') === isStep).flatMap(predicateInstances),
    ...model.measures.filter(({ over }) => (over === 'steps') === isStep).map(measureInstance),
  ]
  const isForDeadlock = settings.properties.some(({ kind }) => kind === 'deadlock')
  const ends = isForDeadlock && model.end !== undefined ? [endPredicate(model.end)] : []
  return { instances, states: [...asked(false), ...ends], steps: asked(true) }
}
