/** Decides whether a recorded run is a behavior of a spec. */
import { CheckerError, unknownName } from '../../errors.ts'
import type { ModelContext } from '../../semantics/context.ts'
import { Failure } from '../../semantics/failure.ts'
import { purely } from '../../spec/purity.ts'
import { Follower, TooManyStates, type Candidates } from './candidates.ts'
import { deviationAt, numbered, type Deviation } from './deviation.ts'
import { actionsOf, ANY, type PlacedEvent } from './event.ts'
import { Matchers, type Matcher } from './matcher.ts'
import { StateTable } from './state-table.ts'

/** How to follow a log. */
export interface ConformSettings {
  /** The actions whose steps a log may leave out. `*` stands for all. */
  readonly hidden: readonly string[]
  /** Whether each of them must be an action of the spec. The constants may decide which actions there are. */
  readonly mustHaveHidden: boolean
  /** The maximum number of hidden steps before an event. */
  readonly maxHidden: number
  /** The maximum number of states that the run may be in. */
  readonly maxStates: number
  /** The maximum number of states in all remembered sets together. Default 4,000,000. */
  readonly maxRemembered?: number | undefined
}

/** What the events of a log say about a spec. */
export interface Conformance {
  readonly spec: string
  readonly constants: { readonly [name: string]: unknown }
  /**
   * `conforms`: some behavior of the spec has these events. `deviates`: none has. `incomplete`: the log has no event, the run
   * may be in more states than the bound, or the bound on hidden steps left out states before an event that does not fit.
   */
  readonly verdict: 'conforms' | 'deviates' | 'incomplete'
  /** The number of events that fit. */
  readonly events: number
  /** The number of states that the run may be in after them. */
  readonly states: number
  /** The greatest number of states that it may have been in after one of them. */
  readonly mostStates: number
  /** The number of events that fit and name an action, for each action of the spec. */
  readonly actions: ReadonlyMap<string, number>
  /** The actions whose steps the log may leave out. */
  readonly hidden: readonly string[]
  readonly maxHidden: number
  /** Whether the bound on hidden steps left out states before some event. */
  readonly isCut: boolean
  /** Why the log has no verdict. */
  readonly reason: 'no-events' | 'states' | 'hidden' | undefined
  /** The first event that does not fit. With the reason `hidden`, more hidden steps may make it fit. */
  readonly deviation: Deviation | undefined
}

/** The names of the actions whose steps a log may leave out. @throws {CheckerError} KR102 */
function hiddenActions(
  { name, model }: Pick<ModelContext, 'name' | 'model'>,
  { hidden, mustHaveHidden }: ConformSettings,
): string[] {
  const all = [...new Set(model.actions.map((action) => action.name))]
  const unknown = hidden.find((one) => one !== ANY && !all.includes(one))
  if (unknown !== undefined && mustHaveHidden) throw unknownName('action', unknown, all, name)
  return hidden.includes(ANY) ? all : all.filter((one) => hidden.includes(one))
}

/**
 * Follows a log.
 *
 * @param where - names the place of an event, as the subject of a sentence
 * @throws {CheckerError} KR108 for an event that the spec cannot have, KR102 for a hidden action that it does not have, and
 *   the error of a spec function that fails
 */
export function followLog(
  context: ModelContext,
  log: readonly PlacedEvent[],
  settings: ConformSettings,
  where: (event: PlacedEvent, index: number) => string,
): Conformance {
  try {
    return purely(() => new Following(context, settings).follow(log, where))
  } catch (thrown) {
    throw thrown instanceof Failure ? thrown.cause : thrown
  }
}

/** Whether some step may fit the event, in whatever state. */
function mayFit({ isMeant, outside }: Matcher): boolean {
  return outside.length === 0 && isMeant?.includes(true) !== false
}

/** The error of a spec function, with the place of the event that needed its answer. */
function followedAt(error: CheckerError, event: string): CheckerError {
  const { code, message, hint, source } = error
  return new CheckerError({
    code,
    message,
    details: [...error.details, ['for', event]],
    ...(hint !== undefined && { hint }),
    ...(error.at !== undefined && { at: error.at }),
    ...(source !== undefined && { source }),
  })
}

class Following {
  readonly #context: ModelContext
  readonly #settings: ConformSettings
  readonly #hidden: readonly string[]
  readonly #isHidden: readonly boolean[]
  readonly #table: StateTable
  readonly #matchers: Matchers
  readonly #follower: Follower
  readonly #actions: Map<string, number>
  #mostStates = 0

  constructor(context: ModelContext, settings: ConformSettings) {
    this.#context = context
    this.#settings = settings
    const hidden = hiddenActions(context, settings)
    this.#hidden = hidden
    this.#isHidden = context.instances.map(({ definition }) => hidden.includes(definition.name))
    this.#table = new StateTable(context)
    this.#matchers = new Matchers(context)
    this.#follower = new Follower(this.#table, { ...settings, isHidden: this.#isHidden })
    this.#actions = new Map(context.model.actions.map(({ name }) => [name, 0]))
  }

  follow(log: readonly PlacedEvent[], where: (event: PlacedEvent, index: number) => string): Conformance {
    let states: Candidates | undefined
    let index = 0
    try {
      states = this.#follower.start()
      for (; index < log.length; index++) {
        const event = log[index]!
        const matcher = this.#matchers.of(event, () => where(event, index))
        if (matcher.isStart && index > 0) this.#matchers.refuseStart(where(event, index), index)
        const after = this.#follower.follow(states, matcher)
        if (after.states.length === 0) {
          const closure = matcher.isStart ? { states: states.states, isCut: false } : this.#follower.closureOf(states)
          const deviation = deviationAt({
            context: this.#context,
            table: this.#table,
            matcher,
            closure,
            isHidden: this.#isHidden,
            at: numbered(event, index),
            last: index === 0 ? undefined : numbered(log[index - 1]!, index - 1),
          })
          return this.#follower.isCut && mayFit(matcher)
            ? this.#result('incomplete', index, states, { deviation, reason: 'hidden' })
            : this.#result('deviates', index, states, { deviation })
        }
        this.#note(event)
        states = after
        if (states.states.length > this.#mostStates) this.#mostStates = states.states.length
      }
    } catch (thrown) {
      const event = log[index]
      if (thrown instanceof Failure && event !== undefined) throw followedAt(thrown.cause, where(event, index))
      if (!(thrown instanceof TooManyStates)) throw thrown
      return this.#result('incomplete', index, states, { reason: 'states' })
    }
    return log.length === 0
      ? this.#result('incomplete', 0, states, { reason: 'no-events' })
      : this.#result('conforms', index, states)
  }

  #note({ event }: PlacedEvent): void {
    const names = actionsOf(event)
    const before = names?.length === 1 ? this.#actions.get(names[0]!) : undefined
    if (before !== undefined) this.#actions.set(names![0]!, before + 1)
  }

  #result(
    verdict: Conformance['verdict'],
    events: number,
    states: Candidates | undefined,
    { deviation, reason }: Partial<Pick<Conformance, 'deviation' | 'reason'>> = {},
  ): Conformance {
    return {
      spec: this.#context.name,
      constants: this.#context.constants,
      verdict,
      events,
      states: states?.states.length ?? 0,
      mostStates: this.#mostStates,
      actions: this.#actions,
      hidden: this.#hidden,
      maxHidden: this.#settings.maxHidden,
      isCut: this.#follower.isCut,
      reason,
      deviation,
    }
  }
}
