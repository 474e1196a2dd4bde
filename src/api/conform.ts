/** Trace validation from TypeScript: does a recorded run of the real system follow the spec? */
import { badEvent, badOption, CheckerError } from '../errors.ts'
import { prepareContext, type CheckContext } from '../engine/context.ts'
import { untilAllElementsAreKnownSync } from '../engine/growth.ts'
import { requireOptions } from '../engine/settings.ts'
import type { Constants, GivenConstants } from '../spec/constant.ts'
import type { AnySpec, Spec } from '../spec/spec.ts'
import { followLog, type Conformance, type ConformSettings } from '../trace/conform/conform.ts'
import type { LogEvent } from '../trace/conform/event.ts'
import { isLogMap, type LogFormat, type LogMap } from '../trace/conform/log-map.ts'
import { placeName, readLog, type ReadLog } from '../trace/conform/read-log.ts'

/** How to follow a log. */
export interface ConformOptions<C extends Constants = any> {
  /** Values of constants by name. Default: the defaults of the spec. */
  readonly constants?: GivenConstants<C> | undefined
  /** What the entries of the log mean. Default: they are events. */
  readonly map?: LogMap | undefined
  /** The format of a text. By default Kripke tells it from the first line. */
  readonly format?: LogFormat | undefined
  /** The actions whose steps the log leaves out. `*` stands for all. Default: those of the map, otherwise none. */
  readonly hidden?: readonly string[] | undefined
  /** The maximum number of such steps before an event. Default: that of the map, otherwise 10. */
  readonly maxHidden?: number | undefined
  /** Give up if the run may be in more states than this. Default 100,000. */
  readonly maxStates?: number | undefined
  /** Use reference evaluation only. */
  readonly interpret?: boolean | undefined
}

/** What came of following a log. */
export interface ConformResult extends Conformance {
  /** The number of entries of the log that the map skips. */
  readonly skipped: number
}

/** A log, as text or as entries, and its name in errors. */
export interface NamedLog {
  readonly name: string
  readonly log: string | Iterable<unknown>
}

/** What came of following one of several logs. */
export type LogOutcome =
  | { readonly log: string; readonly result: ConformResult; readonly error?: undefined }
  | { readonly log: string; readonly error: CheckerError; readonly result?: undefined }

const MAX_HIDDEN = 10
const MAX_STATES = 100_000

const OPTIONS: { readonly [name in keyof ConformOptions]-?: true } = {
  constants: true,
  map: true,
  format: true,
  hidden: true,
  maxHidden: true,
  maxStates: true,
  interpret: true,
}

/**
 * Decides whether a recorded run is a behavior of a spec, by following all states that the run may be in.
 *
 * @param log - events, entries for the map, or the text of a log
 * @returns the verdict. A log that leaves the spec is not an error, but has a `deviation`
 * @throws {CheckerError} KR108 for a log that cannot be read, KR102 for a name that the spec does not have, and the error of a
 *   spec function that fails on the way
 */
export function conform<C extends Constants>(
  spec: Spec<C>,
  log: string | Iterable<LogEvent> | Iterable<unknown>,
  options: ConformOptions<NoInfer<C>> = {},
): ConformResult {
  const [outcome] = conformAll(spec, [{ name: 'the log', log }], options)
  if (outcome!.error !== undefined) throw outcome!.error
  return outcome!.result
}

/** Follows several logs. An error about one log does not keep Kripke from the others. */
export function conformAll(spec: AnySpec, logs: readonly NamedLog[], options: ConformOptions): LogOutcome[] {
  requireOptions(options, OPTIONS, 'option')
  const { constants = {}, interpret, map, format } = options
  if (map !== undefined && !isLogMap(map)) {
    throw badOption('map must be made by logMap(...), but is another value', 'write map: logMap({ event: ... })')
  }
  const settings = settingsOf(options)
  const read = logs.map(({ name, log }) => ({ name, ...attempt(() => readLog(log, { name, map, format })) }))
  // Without an audit, nothing would show that predicates do more than answer.
  const checked = { constants, interpret, tuning: { asks: false } }
  return untilAllElementsAreKnownSync(checked, (own) => {
    const context = prepareContext(spec, own)
    return read.map(({ name, value, error }): LogOutcome => {
      if (value === undefined) return { log: name, error: error! }
      const followed = attempt(
        () => ({ ...followRead(context, name, value, settings), skipped: value.skipped }),
        isOfSpecFunction,
      )
      if (followed.value === undefined) return { log: name, error: followed.error! }
      return { log: name, result: followed.value }
    })
  })
}

function followRead(context: CheckContext, name: string, { events }: ReadLog, settings: ConformSettings): Conformance {
  return followLog(context, events, settings, ({ place }, index) =>
    place === undefined ? `event ${index + 1} of ${name}` : placeName(name, place, index),
  )
}

function settingsOf({ map, hidden, maxHidden, maxStates }: ConformOptions): ConformSettings {
  const settings = {
    hidden: hidden ?? map?.hidden ?? [],
    mustHaveHidden: hidden !== undefined,
    maxHidden: maxHidden ?? map?.maxHidden ?? MAX_HIDDEN,
    maxStates: maxStates ?? MAX_STATES,
  }
  for (const name of ['maxHidden', 'maxStates'] as const) {
    const value = settings[name]
    const least = name === 'maxHidden' ? 0 : 1
    if (!(value >= least)) throw badOption(`${name} must be a number from ${least} on, but is ${value}`)
  }
  return settings
}

/** The value, or the error about a log. Other errors concern all logs. */
function attempt<T>(
  make: () => T,
  isOfLog: (error: CheckerError) => boolean = () => false,
): { readonly value?: T; readonly error?: CheckerError } {
  try {
    return { value: make() }
  } catch (thrown) {
    if (thrown instanceof CheckerError && (thrown.code === KR108 || isOfLog(thrown))) return { error: thrown }
    throw thrown
  }
}

/** Whether a spec function failed. Another log may not call it. */
function isOfSpecFunction({ code }: CheckerError): boolean {
  return code.startsWith('KR5') && code !== 'KR501'
}

const KR108 = badEvent('', '').code
