/** Where a log leaves its spec: the states before, what the spec allows there, and what comes nearest to the event. */
import { disagreement, nearestName } from '../../errors.ts'
import type { ModelContext } from '../../semantics/context.ts'
import type { Bindings } from '../../spec/bindings.ts'
import type { ActionInstance } from '../../spec/instances.ts'
import type { State } from '../../spec/model.ts'
import type { Closure } from './candidates.ts'
import { actionsOf, ANY, type LogEvent, type LogPlace, type PlacedEvent } from './event.ts'
import type { Matcher } from './matcher.ts'
import { same } from './given-value.ts'
import type { Mismatch, Outside } from './observation.ts'
import type { StateTable } from './state-table.ts'

/** An event of a log, with its number. */
export interface NumberedEvent {
  /** From 1, without the lines that the map skips. */
  readonly number: number
  readonly event: LogEvent
  /** Where it was read, if it comes from a text. */
  readonly place: LogPlace | undefined
}

/** A step that the spec allows in some of the states. */
export interface AllowedStep {
  readonly action: string
  readonly bindings: Bindings
  /** The number of states that allow it. */
  readonly states: number
}

/** What the spec allows and comes nearest to the event. */
export interface NearMiss {
  /** The step; undefined for no step, if the event only observes. */
  readonly action: string | undefined
  readonly bindings: Bindings
  readonly before: State
  readonly after: State
  /** Whether the event is about another action. */
  readonly isOtherAction: boolean
  /** Parameters and observed places that differ from the event. */
  readonly differences: readonly Mismatch[]
}

/** The first event that does not fit. */
export interface Deviation extends NumberedEvent {
  /**
   * `no-such-action`: the spec does not have the action. `not-initial`: no initial state is as observed. `not-enabled`: no state allows the action. `leads-elsewhere`: the action
   * does not lead to what was observed. `not-reached`: no state without a logged step is as observed.
   */
  readonly problem: 'no-such-action' | 'not-initial' | 'not-enabled' | 'leads-elsewhere' | 'not-reached'
  /** The event before; undefined for the first one. */
  readonly last: NumberedEvent | undefined
  /** Bound and observed values that are not in their domain. */
  readonly outside: readonly Outside[]
  /** Names of actions that the spec does not have with these constants, with a hint. */
  readonly unknown: readonly { readonly name: string; readonly hint: string | undefined }[]
  /** The number of states that the system may have been in, and the first of them. */
  readonly count: number
  readonly states: readonly State[]
  /** Whether the bound on hidden steps left out states here. */
  readonly isCut: boolean
  /** The steps that those states allow, most frequent first. */
  readonly allowed: readonly AllowedStep[]
  readonly nearest: NearMiss | undefined
}

/** A report shows this many states. */
const SHOWN_STATES = 3

/** So many states are confirmed by reference evaluation, and searched for the nearest miss. */
const MAX_STATES = 10_000

/** What the deviation is about. */
export interface DeviationParts {
  readonly context: ModelContext
  readonly table: StateTable
  readonly matcher: Matcher
  readonly closure: Closure
  readonly isHidden: readonly boolean[]
  readonly at: NumberedEvent
  readonly last: NumberedEvent | undefined
}

/** @throws {CheckerError} KR501 if reference evaluation gives other steps */
export function deviationAt({ context, table, matcher, closure, isHidden, at, last }: DeviationParts): Deviation {
  const { instances } = context
  const states = closure.states.slice(0, MAX_STATES)
  for (const state of states) {
    if (!table.isConfirmed(state)) throw disagreement('a step', `they differ after event ${at.number - 1} of the log`)
  }
  const names = [...new Set(instances.map(({ definition }) => definition.name))]
  const enabled = new Map<number, number>()
  for (const state of states) {
    for (const instance of instancesOf(table.steps(state))) enabled.set(instance, (enabled.get(instance) ?? 0) + 1)
  }
  const allowed = [...enabled]
    .sort(([one, count], [other, more]) => more - count || one - other)
    .map(([instance, count]) => ({
      action: instances[instance]!.definition.name,
      bindings: instances[instance]!.bindings,
      states: count,
    }))
  const { isMeant, isStart, outside, unknown } = matcher
  // One of several names is enough.
  const isUnknown = unknown.length > 0 && isMeant?.includes(true) !== true
  const isEnabled = isMeant !== undefined && [...enabled.keys()].some((instance) => isMeant[instance])
  return {
    ...at,
    problem: isStart
      ? 'not-initial'
      : isUnknown
        ? 'no-such-action'
        : isMeant === undefined
          ? 'not-reached'
          : isEnabled
            ? 'leads-elsewhere'
            : 'not-enabled',
    last,
    outside,
    unknown: unknown.map((name) => ({ name, hint: nearestName(name, names) })),
    count: closure.states.length,
    states: states.slice(0, SHOWN_STATES).map((state) => table.value(state)),
    isCut: closure.isCut,
    allowed: isStart ? [] : allowed,
    nearest: nearestMiss({ instances, table, matcher, isHidden }, states),
  }
}

function instancesOf(steps: Int32Array): Set<number> {
  return new Set(steps.filter((_, index) => index % 2 === 0))
}

/** A possible near miss, before its states are decoded. */
interface Candidate {
  readonly before: number
  readonly after: number
  readonly instance: number | undefined
  readonly isOtherAction: boolean
  readonly differences: readonly Mismatch[]
  readonly cost: number
}

type Search = Pick<DeviationParts, 'table' | 'matcher' | 'isHidden'> & { readonly instances: readonly ActionInstance[] }

/** The step or state with the fewest differences. A step of the event's own action wins a tie, then the first one. */
function nearestMiss(search: Search, states: readonly number[]): NearMiss | undefined {
  const { table, instances } = search
  let best: Candidate | undefined
  for (const candidate of candidatesIn(search, states)) {
    const isNearer =
      best === undefined ||
      candidate.cost < best.cost ||
      (candidate.cost === best.cost && best.isOtherAction && !candidate.isOtherAction)
    if (isNearer) best = candidate
  }
  if (best === undefined) return undefined
  const { before, after, instance, isOtherAction, differences } = best
  const by = instance === undefined ? undefined : instances[instance]!
  return {
    action: by?.definition.name,
    bindings: by?.bindings ?? {},
    before: table.value(before),
    after: table.value(after),
    isOtherAction,
    differences,
  }
}

function* candidatesIn(search: Search, states: readonly number[]): Generator<Candidate> {
  const { table, matcher, instances, isHidden } = search
  const { isMeant, isStart, event } = matcher
  const seen = (state: number): Mismatch[] => {
    const found: Mismatch[] = []
    matcher.observation.differ(table.slots(state), found)
    return found
  }
  if (isMeant === undefined) {
    for (const state of states) {
      const differences = seen(state)
      yield {
        before: state,
        after: state,
        instance: undefined,
        isOtherAction: false,
        differences,
        cost: differences.length,
      }
    }
  }
  if (isStart) return
  // For an event without an action: a step that the log must not leave out.
  for (const before of states) {
    const steps = table.steps(before)
    for (let at = 0; at < steps.length; at += 2) {
      const [instance, after] = [steps[at]!, steps[at + 1]!]
      if (isMeant === undefined && isHidden[instance]!) continue
      const isOtherAction = isMeant === undefined || !isNamed(event, instances[instance]!)
      const differences = [
        ...(isMeant === undefined ? [] : differingBindings(event, instances[instance]!)),
        ...seen(after),
      ]
      yield {
        before,
        after,
        instance,
        isOtherAction,
        differences,
        cost: differences.length + (isMeant !== undefined && isOtherAction ? 1 : 0),
      }
    }
  }
}

function isNamed(event: LogEvent, { definition }: ActionInstance): boolean {
  const names = actionsOf(event)!
  return names.includes(ANY) || names.includes(definition.name)
}

function differingBindings({ bindings = {} }: LogEvent, instance: ActionInstance): Mismatch[] {
  return Object.entries(bindings)
    .filter(([name, value]) => !(Object.hasOwn(instance.bindings, name) && same(instance.bindings[name], value)))
    .map(([name, value]) => ({ path: name, spec: instance.bindings[name], log: value }))
}

/** An event with its number. */
export function numbered({ event, place }: PlacedEvent, index: number): NumberedEvent {
  return { number: index + 1, event, place }
}
