/**
 * Names of steps, so that a path can be written down and followed again, also after the spec has changed.
 *
 * A step is named by its action, bindings and choices: `write(task1) {kept: block1}`. Where a state has several steps
 * of that name, the second one ends in ` #2`. An initial state is named by the variables in which the initial states
 * differ: `init {x: 0}`. A step that changes nothing may be named `stutter` anywhere.
 */
import { is } from 'immutable'
import { callText, chosenText } from '../../spec/bindings.ts'
import type { State } from '../../spec/model.ts'
import { show } from '../../spec/show.ts'
import type { EnabledStep } from './steps.ts'

export type UnnamedStep = Omit<EnabledStep, 'name'>

/** Gives each step of a state its name. */
export function named(steps: readonly UnnamedStep[]): EnabledStep[] {
  const counts = new Map<string, number>()
  return steps.map((step) => {
    const name = callText(step.action, step.bindings) + chosenText(step.chosen)
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return { ...step, name: count === 1 ? name : `${name} #${count}` }
  })
}

/** The name of each initial state. */
export function namesOfInitialStates(states: readonly State[], variables: readonly string[]): string[] {
  const differing = variables.filter((name) => states.some((state) => !is(state.get(name), states[0]!.get(name))))
  return states.map((state) =>
    differing.length === 0
      ? 'init'
      : `init {${differing.map((name) => `${name}: ${show(state.get(name))}`).join(', ')}}`,
  )
}
