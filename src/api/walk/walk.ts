/**
 * Walks through a spec, one step at a time.
 *
 * Everything here is reference evaluation: what a user sees next to a state is what the spec's own functions gave.
 */
import { prepareContext, type CheckContext } from '../../engine/context.ts'
import { untilAllElementsAreKnownSync, withKnownElements } from '../../engine/growth.ts'
import { Failure } from '../../semantics/failure.ts'
import type { ReferenceEvaluator } from '../../semantics/reference.ts'
import { observeAction } from '../../semantics/learned/observation.ts'
import type { Bindings } from '../../spec/bindings.ts'
import type { Constants, GivenConstants } from '../../spec/constant.ts'
import type { ActionInstance } from '../../spec/instances.ts'
import type { PropertyDefinition, PropertyKind, State } from '../../spec/model.ts'
import type { AnySpec, Spec } from '../../spec/spec.ts'
import { decode, encode } from '../../state/codec.ts'
import { describeSlot } from '../../state/describe.ts'
import { NewElements, withElements } from '../../state/new-elements.ts'
import { traceStep } from '../../trace/trace-step.ts'
import type { ShownTrace, TraceStep } from '../../trace/trace.ts'
import { Judge, type Judgement } from '../judge.ts'
import { named, type UnnamedStep } from './step-names.ts'
import { traceOfPath, type PathEnd } from './trace-of-path.ts'
import type { DisabledStep, FailedStep, Steps, Verdict } from './steps.ts'

export interface WalkOptions<C extends Constants = any, P extends string = any> {
  /** Values of constants by name. Default: the defaults of the spec. */
  readonly constants?: GivenConstants<C> | undefined
  /** The properties to judge states by. Default: all. */
  readonly properties?: readonly P[] | undefined
}

/** A walk through a spec with fixed constants. States are the spec's own values. */
export interface Walk {
  readonly spec: string
  readonly constants: { readonly [name: string]: unknown }
  /** Names of the variables, in order. */
  readonly variables: readonly string[]
  readonly properties: readonly { readonly name: string; readonly kind: PropertyKind }[]
  readonly initialStates: readonly State[]
  /** The action instances, in the order of the spec. */
  readonly instances: readonly Pick<TraceStep, 'action' | 'bindings' | 'thread'>[]
  /** The steps from a state, actions in the order of the spec. */
  stepsFrom(state: State): Steps
  /** The action instances without a step in a state, with what their functions read. */
  disabledIn(state: State): readonly DisabledStep[]
  /** The invariants that a state violates, the goals that it reaches, and a deadlock. */
  verdictsOf(state: State, isInitial?: boolean): readonly Verdict[]
  /** The steps from an initial state as a trace. */
  traceOf(start: State, steps: readonly TraceStep<State>[], end?: PathEnd): ShownTrace
}

/**
 * Opens a walk.
 *
 * @throws {CheckerError} for a mistake in the spec or the options. The methods of the walk throw the error of a predicate that
 *   fails.
 */
export function openWalk<C extends Constants, P extends string>(
  spec: Spec<C, P>,
  options: WalkOptions<NoInfer<C>, NoInfer<P>> = {},
): Walk {
  return new SpecWalk(spec, options)
}

/** What the walk works with. Another element of a sparse set makes another one. */
interface Prepared {
  readonly context: CheckContext
  readonly judge: Judge
}

class SpecWalk implements Walk {
  readonly spec: string
  readonly constants: { readonly [name: string]: unknown }
  readonly variables: readonly string[]
  readonly properties: readonly PropertyDefinition[]
  readonly initialStates: readonly State[]
  readonly #prepare: (options: object) => Prepared
  #prepared: Prepared

  constructor(spec: AnySpec, { constants = {}, properties }: WalkOptions) {
    this.#prepare = (options) => {
      const context = prepareContext(spec, { ...options, constants, properties, interpret: true })
      return { context, judge: new Judge(context, context.settings.properties) }
    }
    this.#prepared = untilAllElementsAreKnownSync({}, this.#prepare)
    const { name, constants: all, layout, settings, initial, reference } = this.#prepared.context
    this.spec = name
    this.constants = all
    this.variables = layout.shape.names
    this.properties = settings.properties
    this.initialStates = Array.from({ length: initial.length / layout.width }, (_, index) =>
      reference.decode(initial, index * layout.width),
    )
  }

  get instances(): Omit<FailedStep, 'error'>[] {
    return this.#prepared.context.instances.map(whoSteps)
  }

  stepsFrom(state: State): Steps {
    return this.#using((prepared) => {
      const enabled: UnnamedStep[] = []
      const failed: FailedStep[] = []
      for (const instance of prepared.context.instances) {
        try {
          enabled.push(...stepsBy(prepared, instance, state))
        } catch (thrown) {
          if (!(thrown instanceof Failure)) throw thrown
          failed.push({ ...whoSteps(instance), error: thrown.cause })
        }
      }
      return { enabled: named(enabled), failed }
    })
  }

  disabledIn(state: State): DisabledStep[] {
    return this.#using(({ context: { instances, layout, reference } }) => {
      const slots = new Int32Array(layout.slots.length)
      encode(layout, state, slots)
      return instances.flatMap((instance): DisabledStep[] => {
        const isAtLabel = instance.definition.isAt?.(state, instance.bindings)
        if (isAtLabel === false) return [{ ...whoSteps(instance), isAtLabel, read: [] }]
        if (hasSteps(reference, instance, state)) return []
        const { reads } = observeAction(layout, instance, slots)
        return [{ ...whoSteps(instance), isAtLabel, read: reads.map((slot) => describeSlot(layout, slots, slot)) }]
      })
    })
  }

  verdictsOf(state: State, isInitial: boolean = false): Verdict[] {
    return this.#using(({ context: { instances, reference }, judge }) => {
      const isEnd = instances.every((instance) => !hasSteps(reference, instance, state))
      return [
        ...judge.state(state),
        ...(isInitial ? judge.initial(state) : []),
        ...(isEnd ? judge.end(state) : []),
      ].map(verdictOf)
    })
  }

  traceOf(start: State, steps: readonly TraceStep<State>[], end: PathEnd = {}): ShownTrace {
    return this.#using(({ context }) => traceOfPath(context, start, steps, end))
  }

  /** The result of `work`. It is called again if a sparse set got an element without a slot. */
  #using<T>(work: (prepared: Prepared) => T): T {
    for (;;) {
      try {
        return work(this.#prepared)
      } catch (thrown) {
        if (!(thrown instanceof NewElements)) throw thrown instanceof Failure ? thrown.cause : thrown
        const elements = withElements(this.#prepared.context.elements, thrown.found)
        this.#prepared = this.#prepare(withKnownElements({}, elements))
      }
    }
  }
}

/** The steps of an instance from a state. @throws {Failure} */
function stepsBy({ context, judge }: Prepared, instance: ActionInstance, before: State): UnnamedStep[] {
  const { layout, reference } = context
  const choices: Bindings[] = []
  const successors = reference.successorSlots(instance, before, undefined, choices)
  return successors.map((slots, index) => {
    const after = decode(layout, slots)
    const isSelfLoop = after.equals(before)
    return {
      ...traceStep(layout, { instance, before, after, chosen: choices[index]! }),
      isSelfLoop,
      isOutside: !judge.isInside(after),
      violates: isSelfLoop ? [] : judge.step(instance, before, after).map(verdictOf),
    }
  })
}

/** Whether an instance has a step in a state. One that fails counts as one that has. */
function hasSteps(reference: ReferenceEvaluator, instance: ActionInstance, state: State): boolean {
  try {
    return reference.successorSlots(instance, state).length > 0
  } catch (thrown) {
    if (thrown instanceof Failure) return true
    throw thrown
  }
}

function whoSteps({ definition: { name: action, thread }, bindings }: ActionInstance): Omit<FailedStep, 'error'> {
  return { action, bindings, thread }
}

function verdictOf({ property, kind, isGood }: Judgement): Verdict {
  return { property, kind, isGood }
}
