/** The functions of a spec that must treat members alike if a run is reduced by symmetry. */
import { endPredicate } from '../../properties/monitor.ts'
import { notSymmetric, type CheckerError } from '../../errors.ts'
import {
  initialInstances,
  measureInstance,
  predicateInstances,
  type ActionInstance,
  type Question,
} from '../../spec/instances.ts'
import { isOfSteps, type State } from '../../spec/model.ts'
import { place } from '../../spec/origin.ts'
import { show } from '../../spec/show.ts'
import type { AuditContext } from '../audit-context.ts'

/** The functions of its spec that a run evaluates. */
export interface SpecFunctions {
  readonly instances: readonly ActionInstance[]
  /** Questions about states. The rule for legitimate ends has the kind `deadlock`. */
  readonly states: readonly Question[]
  /** Questions about steps. */
  readonly steps: readonly Question[]
}

/** KR508 for a function that tells members apart, with a state on which it does. */
export function breaksSymmetry(
  { who, definition: { origin }, source }: ActionInstance | Question,
  exchange: string,
  state: State,
): CheckerError {
  return notSymmetric(who, exchange, [['state', show(state)]], { at: origin && place(origin), source })
}

/** The functions that a run evaluates. */
export function functionsOf({ settings, model, instances }: AuditContext): SpecFunctions {
  const claims = [...settings.properties, ...model.constraints]
  const asked = (isStep: boolean): Question[] => [
    ...claims.filter((it) => isOfSteps(it) === isStep).flatMap(predicateInstances),
    ...(isStep ? [] : settings.properties.flatMap(initialInstances)),
    ...model.measures.filter(({ over }) => (over === 'steps') === isStep).map(measureInstance),
  ]
  const isForDeadlock = settings.properties.some(({ kind }) => kind === 'deadlock')
  const ends = isForDeadlock && model.end !== undefined ? [endPredicate(model.end)] : []
  return { instances, states: [...asked(false), ...ends], steps: asked(true) }
}
