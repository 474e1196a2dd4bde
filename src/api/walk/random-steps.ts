/** Random steps of a walk. */
import { rngFrom } from '../../semantics/learned/probe.ts'
import type { State } from '../../spec/model.ts'
import type { Walk } from './walk.ts'

/** The names of random steps from a state that change something, within the constraints. Fewer if there are none. */
export function randomSteps(walk: Walk, from: State, count: number, seed: number): string[] {
  const random = rngFrom(seed)
  const names: string[] = []
  for (let state = from; names.length < count;) {
    const steps = walk.stepsFrom(state).enabled.filter(({ isSelfLoop, isOutside }) => !isSelfLoop && !isOutside)
    if (steps.length === 0) break
    const step = steps[random(steps.length)]!
    names.push(step.name)
    state = step.state
  }
  return names
}
