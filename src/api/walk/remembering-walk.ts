/** A walk that remembers what states allow and decide, so that a long path is followed at once. */
import { Map as ValueMap } from 'immutable'
import type { State } from '../../spec/model.ts'
import type { ShownTrace } from '../../trace/trace.ts'
import type { DisabledStep, Steps, Verdict } from './steps.ts'
import type { Walk } from './walk.ts'

/** States whose steps are kept. */
const MAX_STATES = 20_000

export class RememberingWalk implements Walk {
  readonly spec: string
  readonly constants: Walk['constants']
  readonly variables: readonly string[]
  readonly properties: Walk['properties']
  readonly initialStates: readonly State[]
  readonly instances: Walk['instances']
  readonly #walk: Walk
  #steps: ValueMap<State, Steps> = ValueMap()
  #verdicts: ValueMap<State, readonly Verdict[]> = ValueMap()

  constructor(walk: Walk) {
    this.#walk = walk
    this.spec = walk.spec
    this.constants = walk.constants
    this.variables = walk.variables
    this.properties = walk.properties
    this.initialStates = walk.initialStates
    this.instances = walk.instances
  }

  stepsFrom(state: State): Steps {
    const known = this.#steps.get(state)
    if (known !== undefined) return known
    const steps = this.#walk.stepsFrom(state)
    this.#steps = (this.#steps.size < MAX_STATES ? this.#steps : this.#steps.clear()).set(state, steps)
    return steps
  }

  disabledIn(state: State): readonly DisabledStep[] {
    return this.#walk.disabledIn(state)
  }

  traceOf(...path: Parameters<Walk['traceOf']>): ShownTrace {
    return this.#walk.traceOf(...path)
  }

  verdictsOf(state: State, isInitial?: boolean): readonly Verdict[] {
    // An initial state may violate more, and there are few of them.
    if (isInitial === true) return this.#walk.verdictsOf(state, isInitial)
    const known = this.#verdicts.get(state)
    if (known !== undefined) return known
    const verdicts = this.#walk.verdictsOf(state)
    this.#verdicts = (this.#verdicts.size < MAX_STATES ? this.#verdicts : this.#verdicts.clear()).set(state, verdicts)
    return verdicts
  }
}
