/** Maps: what the entries of a log mean to a spec, as its author writes it. */
import { badDefinition, nearestName } from '../../errors.ts'
import { here, place } from '../../spec/origin.ts'
import { inWords } from '../../spec/show.ts'
import type { LogEvent } from './event.ts'

/** The formats of logs: one JSON object a line, or the text of the kernel's tracing tools. */
export type LogFormat = 'ndjson' | 'ftrace'

/** A line of `trace-cmd report`, of the kernel's `trace` file, or of a bpftrace script that prints the same form. */
export interface FtraceEntry {
  /** The whole line. */
  readonly text: string
  readonly task: string
  readonly pid: number
  readonly cpu: number
  /** The timestamp, in seconds unless the trace has another clock. */
  readonly time: number
  /** The name of the event, such as `sched_switch`. */
  readonly event: string
  /** The text after the name. */
  readonly details: string
  /** The values in `details` that are written `name=value`, as text. */
  readonly fields: { readonly [name: string]: string }
}

/** The events that an entry stands for. Nothing for an entry that does not matter to the spec. */
export type MappedEvents = LogEvent | readonly LogEvent[] | undefined

/** What an author writes. `E` is the type of an entry, `S` that of the map's memory. */
export interface LogMapParts<E, S> {
  /** The format of the log. By default Kripke tells it from the first line. */
  readonly format?: LogFormat | undefined
  /** The actions whose steps the log leaves out. `*` stands for all. */
  readonly hidden?: readonly string[] | undefined
  /** The maximum number of such steps before an event. */
  readonly maxHidden?: number | undefined
  /** Makes the memory of the map for one log, such as the names of the tasks so far. */
  readonly memory?: (() => S) | undefined
  /** The events that an entry stands for. Entries come in the order of the log. */
  readonly event: (entry: E, memory: S) => MappedEvents
}

/** A map from the entries of a log to events of a spec. Made by `logMap`. */
export interface LogMap<E = any, S = any> extends LogMapParts<E, S> {
  readonly kind: 'log-map'
}

/**
 * Says what the entries of a log mean to a spec: the default export of the file that `kripke conform --map` takes.
 *
 *     export default logMap({
 *       format: 'ftrace',
 *       hidden: ['sync'],
 *       event: ({ event, fields }) => (event === 'lock' ? { action: 'acquire', bindings: { task: fields.comm } } : undefined),
 *     })
 *
 * @throws {CheckerError} KR206 for a map without the function `event`, with a wrong part, or with a part that maps do not have
 */
export function logMap<S = undefined>(
  parts: LogMapParts<FtraceEntry, S> & { readonly format: 'ftrace' },
): LogMap<FtraceEntry, S>
export function logMap<E = any, S = undefined>(parts: LogMapParts<E, S>): LogMap<E, S>
export function logMap(parts: LogMapParts<any, any>): LogMap {
  if (typeof parts !== 'object' || parts === null) {
    throw badDefinition('logMap(...)', 'must get an object', 'write logMap({ event: (entry) => ... })', place(here()))
  }
  const unknown = Object.keys(parts).find((name) => !PARTS.includes(name))
  if (unknown !== undefined) {
    throw badDefinition('logMap(...)', `does not have a part "${unknown}"`, nearestName(unknown, PARTS), place(here()))
  }
  if (typeof parts.event !== 'function') {
    throw badDefinition(
      'logMap(...)',
      'must have a function event, but does not',
      'add event: (entry) => ...',
      place(here()),
    )
  }
  const problem = problemOf(parts)
  if (problem !== undefined) throw badDefinition('logMap(...)', problem, undefined, place(here()))
  return { ...parts, kind: 'log-map' }
}

/** What is wrong with the parts other than `event`. */
function problemOf({ format, hidden, maxHidden, memory }: LogMapParts<any, any>): string | undefined {
  if (format !== undefined && !FORMATS.includes(format)) {
    return `must have ndjson or ftrace as format, but has ${inWords(format)}`
  }
  if (hidden !== undefined && !(Array.isArray(hidden) && hidden.every((name) => typeof name === 'string'))) {
    return `must have a list of names as hidden, but has ${inWords(hidden)}`
  }
  if (maxHidden !== undefined && !(typeof maxHidden === 'number' && maxHidden >= 0)) {
    return `must have a number from 0 on as maxHidden, but has ${inWords(maxHidden)}`
  }
  if (memory !== undefined && typeof memory !== 'function') {
    return `must have a function as memory, but has ${inWords(memory)}`
  }
  return undefined
}

const FORMATS: readonly unknown[] = ['ndjson', 'ftrace'] satisfies LogFormat[]

const PARTS: readonly string[] = ['format', 'hidden', 'maxHidden', 'memory', 'event']

/** Whether a value was made by `logMap`. */
export function isLogMap(value: unknown): value is LogMap {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'log-map'
}
