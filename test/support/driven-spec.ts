/** A system that does what a spec says: the spec run by itself, for tests of `drive`. */
import { openWalk, type Walk } from '../../src/api/walk/walk.ts'
import { rngFrom } from '../../src/semantics/learned/probe.ts'
import type { Bindings } from '../../src/spec/bindings.ts'
import { callText } from '../../src/spec/bindings.ts'
import type { State } from '../../src/spec/model.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import type { Driver } from '../../src/drive.ts'

export interface DrivenSpec {
  readonly walk: Walk
  state: State
}

/** A driver of a spec by itself. It observes all variables, and makes its own choices by the seed. */
export function driverOf(spec: AnySpec, constants: object = {}, seed: number = 1): Driver<DrivenSpec> {
  const walk = openWalk(spec, { constants, properties: [] })
  const random = rngFrom(seed)
  const take = (system: DrivenSpec, action: string, bindings: Bindings): void => {
    const call = callText(action, bindings)
    const steps = walk.stepsFrom(system.state).enabled.filter((it) => callText(it.action, it.bindings) === call)
    system.state = steps[random(steps.length)]!.state
  }
  const names = [...new Set(walk.instances.map(({ action }) => action))]
  return {
    constants,
    setup: () => ({ walk, state: walk.initialStates[random(walk.initialStates.length)]! }),
    actions: Object.fromEntries(
      names.map((name) => [name, (system: DrivenSpec, bindings: Bindings) => take(system, name, bindings)]),
    ),
    observe: ({ state }) => state.toObject(),
  }
}
