/**
 * Replays a recorded trace against its spec, step by step, by reference evaluation alone.
 *
 * All states come from the spec. The trace only chooses among the successors that the spec gives. So a trace that can
 * be replayed to its end is a behavior of the spec, whatever else the file says.
 */
import type { CheckerError } from '../../errors.ts'
import { Failure } from '../../semantics/failure.ts'
import { callText, type Bindings } from '../../spec/bindings.ts'
import { type ActionInstance } from '../../spec/instances.ts'
import type { State } from '../../spec/model.ts'
import { withAbstract } from '../abstract-trace.ts'
import { withAlias } from '../alias.ts'
import { standing, traceStep } from '../trace-step.ts'
import type { Trace, TraceStep } from '../trace.ts'
import { endOf, successorsOf, type End } from './recorded-end.ts'
import type { RecordedAction, RecordedState, RecordedTrace } from './recorded-trace.ts'
import { agrees, differences, meaning, type PlaceDifference } from './recorded-value.ts'
import type { ReplayContext } from './replay-context.ts'

/** The point at which spec and trace diverge. */
export interface Divergence {
  /** Index of the first step that differs; 0 is the initial state. */
  readonly step: number
  /** The action that the trace records there; undefined if it records none. */
  readonly action: string | undefined
  readonly problem: 'not-initial' | 'no-such-action' | 'not-enabled' | 'leads-elsewhere' | 'no-return' | 'not-violated'
  /** The differences between the trace and the nearest state that the spec gives. */
  readonly places: readonly PlaceDifference[]
  /** Actions that lead to the recorded state instead. */
  readonly instead: readonly string[]
}

/** The result of a replay. */
export interface Replay {
  readonly spec: string
  readonly constants: { readonly [name: string]: unknown }
  /** The part that the spec confirms. */
  readonly trace: Trace
  /** The error of the spec function at the end of a trace to a failure. */
  readonly failure: CheckerError | undefined
  readonly divergence: Divergence | undefined
}

/** Thrown when spec and trace diverge. */
class Diverged extends Error {
  readonly divergence: Divergence

  constructor(divergence: Divergence) {
    super(divergence.problem)
    this.divergence = divergence
  }
}

/**
 * Replays a trace.
 *
 * @returns how far the spec follows; a divergence is not an error
 * @throws {CheckerError} the error of a spec function on the way
 */
export function replayTrace(run: ReplayContext, recorded: RecordedTrace): Replay {
  const { name, kind } = recorded.property
  const steps: TraceStep[] = []
  const definition = run.settings.properties.find((it) => it.name === name)
  const shown = (trace: Trace): Trace => withAbstract(definition, withAlias(run.model, trace))
  const replay = ({ bindings, failed, failure, fairness }: End, divergence?: Divergence): Replay => ({
    spec: run.name,
    constants: run.constants,
    trace: shown({
      property: name,
      kind: kind as Trace['kind'],
      steps,
      loop: divergence === undefined ? recorded.loop : undefined,
      bindings,
      failed,
      ...(fairness && { fairness }),
    }),
    failure,
    divergence,
  })
  try {
    follow(run, recorded, steps)
    const end = endOf(run, { ...recorded.property, loop: recorded.loop }, steps)
    return end === undefined ? replay(NOTHING, notViolated(steps)) : replay(end)
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown.cause
    if (!(thrown instanceof Diverged)) throw thrown
    return replay(NOTHING, thrown.divergence)
  }
}

/** The name of a step that changes nothing. A behavior may contain it anywhere. */
const STUTTER = 'stutter'

const NOTHING: End = { bindings: {}, failed: [], failure: undefined }

function notViolated(steps: readonly TraceStep[]): Divergence {
  const { action, bindings } = steps.at(-1)!
  const step = steps.length - 1
  return {
    step,
    action: step === 0 ? undefined : callText(action, bindings),
    problem: 'not-violated',
    places: [],
    instead: [],
  }
}

/** Appends the steps of the trace to `steps`, as the spec gives them. @throws {Diverged} */
function follow(run: ReplayContext, { states, loop, returns }: RecordedTrace, steps: TraceStep[]): void {
  steps.push(first(run, states[0]!))
  for (const [index, state] of states.slice(1).entries()) steps.push(next(run, steps[index]!, state, index + 1))
  if (loop === undefined) return
  const target = states[loop]!
  const last = steps.at(-1)!
  const isThere = differences(run.layout, last.state, target.values).length === 0
  const by = returns ?? (isThere ? { action: STUTTER, bindings: {} } : undefined)
  if (by === undefined && !canReturn(run, last, target)) {
    throw new Diverged({ step: states.length, action: undefined, problem: 'no-return', places: [], instead: [] })
  }
  // Other tools may record the first state of the loop twice.
  const isTwice = returns === undefined && isThere && loop < states.length - 1
  if (!isTwice) steps.push(next(run, last, { by, values: target.values }, states.length))
}

function first({ layout, initial, reference }: ReplayContext, { values }: RecordedState): TraceStep {
  let places: PlaceDifference[] | undefined
  for (let offset = 0; offset < initial.length; offset += layout.width) {
    const state = reference.decode(initial, offset)
    const differing = differences(layout, state, values)
    if (differing.length === 0) return standing('init', state)
    places = places === undefined ? differing : nearest([places, differing])
  }
  throw new Diverged({ step: 0, action: undefined, problem: 'not-initial', places: places!, instead: [] })
}

/** The step from `before` that the trace records. @throws {Diverged} */
function next(
  run: ReplayContext,
  { state: before }: TraceStep,
  { by, values }: RecordedState,
  step: number,
): TraceStep {
  const { layout, instances } = run
  const gap = by?.action === STUTTER ? differences(layout, before, values) : undefined
  if (gap?.length === 0) return standing(STUTTER, before)
  const named = instances.filter((it) => by === undefined || isMeant(it, by))
  const tried = named.map((instance) => {
    const choices: Bindings[] = []
    return { instance, choices, states: successorsOf(run, instance, before, choices) }
  })
  for (const { instance, choices, states } of tried) {
    const at = states.findIndex((it) => differences(layout, it, values).length === 0)
    if (at >= 0) return traceStep(layout, { instance, before, after: states[at]!, chosen: choices[at]! })
  }
  const led = tried.flatMap(({ states }) => states.map((it) => differences(layout, it, values)))
  const gaps = gap === undefined ? led : [...led, gap]
  const others = instances.filter((it) => !named.includes(it))
  const leadsThere = (it: ActionInstance): boolean =>
    successorsIfAny(run, it, before).some((state) => differences(layout, state, values).length === 0)
  throw new Diverged({
    step,
    action: by && actionText(by),
    problem: gaps.length > 0 ? 'leads-elsewhere' : named.length > 0 ? 'not-enabled' : 'no-such-action',
    places: nearest(gaps),
    instead: others.filter(leadsThere).map(({ definition, bindings }) => callText(definition.name, bindings)),
  })
}

/** Whether some step leads back to the first state of the loop. */
function canReturn(run: ReplayContext, { state }: TraceStep, { values }: RecordedState): boolean {
  const isThere = (it: State): boolean => differences(run.layout, it, values).length === 0
  return run.instances.some((instance) => successorsIfAny(run, instance, state).some(isThere))
}

/** The successors by an instance that the trace does not mention. Its failure does not matter here. */
function successorsIfAny(run: ReplayContext, instance: ActionInstance, state: State): State[] {
  try {
    return successorsOf(run, instance, state)
  } catch (thrown) {
    if (thrown instanceof Failure) return []
    throw thrown
  }
}

function isMeant({ definition, bindings }: ActionInstance, by: RecordedAction): boolean {
  const names = Object.keys(bindings)
  return (
    definition.name === by.action &&
    names.length === Object.keys(by.bindings).length &&
    names.every((name) => agrees(bindings[name], by.bindings[name]))
  )
}

function actionText({ action, bindings }: RecordedAction): string {
  const meant = Object.entries(bindings).map(([name, value]) => [name, meaning(value)] as const)
  return callText(action, Object.fromEntries(meant))
}

/** The candidate with the fewest differences. The first one wins a tie. */
function nearest(candidates: readonly PlaceDifference[][]): PlaceDifference[] {
  return candidates.reduce<PlaceDifference[]>(
    (best, it, index) => (index === 0 || it.length < best.length ? it : best),
    [],
  )
}
