/**
 * Follows a recorded trace through its spec, step by step, by reference evaluation alone.
 *
 * The states are the spec's throughout: what the trace says only chooses among those that the spec gives. So a trace that can be
 * followed to its end is a behavior of the spec, whatever the file says beside.
 */
import type { CheckerError } from '../../errors.ts'
import { Failure } from '../../semantics/failure.ts'
import { callText } from '../../spec/bindings.ts'
import { type ActionInstance } from '../../spec/instances.ts'
import type { State } from '../../spec/model.ts'
import { changesBetween } from '../../state/describe.ts'
import type { Trace, TraceStep } from '../trace.ts'
import { endOf, successorsOf, type End } from './recorded-end.ts'
import type { RecordedAction, RecordedState, RecordedTrace } from './recorded-trace.ts'
import { agrees, differences, meaning, type PlaceDifference } from './recorded-value.ts'
import type { ReplayContext } from './replay-context.ts'

/** Where spec and trace part. */
export interface Divergence {
  /** Index of the first step that differs; 0 is the initial state. */
  readonly step: number
  /** What the trace says was done there; undefined if it does not say. */
  readonly action: string | undefined
  readonly problem: 'not-initial' | 'no-such-action' | 'not-enabled' | 'leads-elsewhere' | 'no-return' | 'not-violated'
  /** Where the nearest state that the spec gives is not what the trace says. */
  readonly places: readonly PlaceDifference[]
  /** What leads to the state of the trace instead, as far as anything does. */
  readonly instead: readonly string[]
}

/** What came of following a trace. */
export interface Replay {
  readonly spec: string
  readonly constants: { readonly [name: string]: unknown }
  /** As far as the spec agrees. */
  readonly trace: Trace
  /** What the spec function at the end of a trace to a failure complained of. */
  readonly failure: CheckerError | undefined
  readonly divergence: Divergence | undefined
}

/** Says that spec and trace part. */
class Diverged extends Error {
  readonly divergence: Divergence

  constructor(divergence: Divergence) {
    super(divergence.problem)
    this.divergence = divergence
  }
}

/**
 * Follows a trace.
 *
 * @returns how far the spec follows; a divergence is not an error
 * @throws {CheckerError} what a spec function throws on the way
 */
export function replayTrace(run: ReplayContext, recorded: RecordedTrace): Replay {
  const { name, kind } = recorded.property
  const steps: TraceStep[] = []
  const replay = ({ bindings, failed, failure, fairness }: End, divergence?: Divergence): Replay => ({
    spec: run.name,
    constants: run.constants,
    trace: {
      property: name,
      kind: kind as Trace['kind'],
      steps,
      loop: divergence === undefined ? recorded.loop : null,
      bindings,
      failed,
      ...(fairness && { fairness }),
    },
    failure,
    divergence,
  })
  try {
    follow(run, recorded, steps)
    const end = endOf(run, recorded, steps)
    return end === undefined ? replay(NOTHING, notViolated(steps)) : replay(end)
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown.cause
    if (!(thrown instanceof Diverged)) throw thrown
    return replay(NOTHING, thrown.divergence)
  }
}

/** What a step of a behavior is called in which nothing changes; any behavior may have it anywhere. */
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

/** Adds the steps of the trace to `steps`, as the spec makes them. @throws {Diverged} */
function follow(run: ReplayContext, { states, loop, returns }: RecordedTrace, steps: TraceStep[]): void {
  steps.push(first(run, states[0]!))
  for (const [index, state] of states.slice(1).entries()) steps.push(next(run, steps[index]!, state, index + 1))
  if (loop === null) return
  const target = states[loop]!
  const last = steps.at(-1)!
  const isThere = differences(run.layout, last.state, target.values).length === 0
  const by = returns ?? (isThere ? { action: STUTTER, bindings: {} } : undefined)
  if (by === undefined && !canReturn(run, last, target)) {
    throw new Diverged({ step: states.length, action: undefined, problem: 'no-return', places: [], instead: [] })
  }
  // Other tools may have the state at which the loop begins twice.
  const isTwice = returns === undefined && isThere && loop < states.length - 1
  if (!isTwice) steps.push(next(run, last, { by, values: target.values }, states.length))
}

function first({ layout, initial, reference }: ReplayContext, { values }: RecordedState): TraceStep {
  let places: PlaceDifference[] | undefined
  for (let offset = 0; offset < initial.length; offset += layout.width) {
    const state = reference.decode(initial, offset)
    const differing = differences(layout, state, values)
    if (differing.length === 0) return { action: 'init', bindings: {}, thread: undefined, state, changes: [] }
    places = places === undefined ? differing : nearest([places, differing])
  }
  throw new Diverged({ step: 0, action: undefined, problem: 'not-initial', places: places!, instead: [] })
}

/** The step from `before` that the trace says was made. @throws {Diverged} */
function next(
  run: ReplayContext,
  { state: before }: TraceStep,
  { by, values }: RecordedState,
  step: number,
): TraceStep {
  const { layout, instances } = run
  const gap = by?.action === STUTTER ? differences(layout, before, values) : undefined
  if (gap?.length === 0) return { action: STUTTER, bindings: {}, thread: undefined, state: before, changes: [] }
  const named = instances.filter((it) => by === undefined || isMeant(it, by))
  const tried = named.map((instance) => ({ instance, states: successorsOf(run, instance, before) }))
  for (const { instance, states } of tried) {
    const state = states.find((it) => differences(layout, it, values).length === 0)
    if (state !== undefined) return stepOf(run, instance, before, state)
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

function stepOf(
  { layout }: ReplayContext,
  { definition, bindings }: ActionInstance,
  before: State,
  state: State,
): TraceStep {
  const { name: action, thread } = definition
  return { action, bindings, thread, state, changes: changesBetween(layout, before, state) }
}

/** Whether some step leads back to where the loop begins. */
function canReturn(run: ReplayContext, { state }: TraceStep, { values }: RecordedState): boolean {
  const isThere = (it: State): boolean => differences(run.layout, it, values).length === 0
  return run.instances.some((instance) => successorsIfAny(run, instance, state).some(isThere))
}

/** The successors by an instance that the trace does not speak of: if it fails, that is of no interest here. */
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

/** The candidate with the fewest differences, the first of several. */
function nearest(candidates: readonly PlaceDifference[][]): PlaceDifference[] {
  return candidates.reduce<PlaceDifference[]>(
    (best, it, index) => (index === 0 || it.length < best.length ? it : best),
    [],
  )
}
