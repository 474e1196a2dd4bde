/** Reads logs: from text or entries to events. */
import { badEvent, CheckerError, nearestName } from '../../errors.ts'
import { beginCall, endCall, isRecording } from '../../spec/calls.ts'
import { problemOf, type LogEvent, type LogPlace, type PlacedEvent } from './event.ts'
import type { FtraceEntry, LogFormat, LogMap } from './log-map.ts'

/** The events of a log. */
export interface ReadLog {
  readonly events: readonly PlacedEvent[]
  /** The number of entries that stand for no event. */
  readonly skipped: number
}

/** How to read a log. */
export interface ReadOptions {
  /** The name of the log in errors. */
  readonly name: string
  readonly map: LogMap | undefined
  readonly format: LogFormat | undefined
}

interface Entry {
  readonly value: unknown
  readonly place: LogPlace | undefined
}

/** The place of an event or entry, as the subject of a sentence. */
export function placeName(name: string, place: LogPlace | undefined, index: number): string {
  return place === undefined ? `entry ${index + 1} of ${name}` : `${name}:${place.line}`
}

/**
 * Reads the events of a log.
 *
 * @param log - the text of a log, or its entries
 * @throws {CheckerError} KR108 for a line that is not in the format, for a map that fails, and for a value that is not an event
 */
export function readLog(log: string | Iterable<unknown>, { name, map, format }: ReadOptions): ReadLog {
  const entries = typeof log === 'string' ? parse(name, log, map?.format ?? format) : wrapped(log)
  const events: PlacedEvent[] = []
  let skipped = 0
  const eventsOf = map === undefined ? written : mapped(name, map)
  let index = 0
  for (const entry of entries) {
    const where = (): string => placeName(name, entry.place, index)
    const found = eventsOf(entry, where)
    if (found.length === 0) skipped++
    for (const event of found) events.push({ event, place: entry.place })
    index++
  }
  return { events, skipped }
}

function* wrapped(log: Iterable<unknown>): Generator<Entry> {
  for (const value of log) yield { value, place: undefined }
}

/** @throws {CheckerError} KR108 if the map fails */
function memoryOf(name: string, map: LogMap): unknown {
  try {
    beginCall(`the memory of the map for ${name}`, undefined)
    return map.memory?.()
  } catch (thrown) {
    if (thrown instanceof CheckerError) throw thrown
    throw badEvent(
      `the memory of the map for ${name}`,
      `must be made without an error, but the map threw ${textOf(thrown)}`,
      'correct the function memory of the map',
    )
  } finally {
    endCall()
  }
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
}

/** What an entry means by a map. */
function mapped(name: string, map: LogMap): (entry: Entry, where: () => string) => readonly LogEvent[] {
  const memory = memoryOf(name, map)
  return ({ value }, where) => {
    let result: unknown
    try {
      if (isRecording()) beginCall(`the map for ${where()}`, undefined)
      result = map.event(value, memory)
    } catch (thrown) {
      if (thrown instanceof CheckerError) throw thrown
      throw badEvent(
        where(),
        `must have a meaning, but the map threw ${textOf(thrown)}`,
        'correct the function event of the map',
      )
    } finally {
      endCall()
    }
    if (result === undefined || result === null) return []
    if (result instanceof Promise) {
      throw badEvent(
        where(),
        'must have a meaning at once, but the map gives a promise',
        'write the function event without async',
      )
    }
    const events: readonly unknown[] = Array.isArray(result) ? result : [result]
    for (const event of events) {
      const problem = problemOf(event)
      if (problem !== undefined) throw badEvent(`the event that the map gives for ${where()}`, problem)
    }
    return events as LogEvent[]
  }
}

const FIELDS: readonly string[] = ['action', 'bindings', 'observes']

/** An entry that is written as an event. It may have other fields, such as a time. */
function written({ value, place }: Entry, where: () => string): readonly LogEvent[] {
  const isText = place !== undefined
  if (typeof value !== 'object' || value === null || !isText) {
    const problem = problemOf(value)
    if (problem !== undefined) throw badEvent(where(), problem, isText ? 'translate the log with --map' : undefined)
    return [value as LogEvent]
  }
  const event = Object.fromEntries(Object.entries(value).filter(([field]) => FIELDS.includes(field)))
  for (const field of Object.keys(value)) {
    const hint = FIELDS.includes(field) ? undefined : nearestName(field, FIELDS)
    if (hint?.startsWith('did you mean') === true) throw badEvent(where(), `has the unknown field "${field}"`, hint)
  }
  const problem = problemOf(event)
  if (problem !== undefined) throw badEvent(where(), problem, 'translate the log with --map')
  return [event]
}

function* parse(name: string, text: string, format: LogFormat | undefined): Generator<Entry> {
  // Some editors put a byte order mark before the text.
  const lines = text.replace(/^\uFEFF/, '').split('\n')
  const start = lines.findIndex((line) => line.trim() !== '')
  if (start >= 0 && ARRAY.test(lines[start]!)) {
    throw badEvent(
      `${name}:${start + 1}`,
      'must be a JSON object, but the log is a JSON array',
      "write one object a line, such as with jq -c '.[]'",
    )
  }
  const isJson = (format ?? formatOf(lines)) === 'ndjson'
  let latest = -Infinity
  for (const [index, raw] of lines.entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    const place = { line: index + 1, text: line }
    if (line.trim() === '') continue
    if (isJson) {
      yield { value: parseJson(name, place), place }
      continue
    }
    const entry = parseFtrace(name, place)
    if (entry === undefined) continue
    if (entry.time < latest) {
      throw badEvent(
        `${name}:${place.line}`,
        `must not be earlier than the line before, but is: ${entry.time} follows ${latest}`,
        'sort the log by time, because the order of its events is what Kripke follows',
      )
    }
    latest = entry.time
    yield { value: entry, place }
  }
}

/** How a JSON array of objects begins. */
const ARRAY = /^\s*\[\s*(?:\{|$)/

/** JSON if the first line that says something begins with a brace. */
function formatOf(lines: readonly string[]): LogFormat {
  const first = lines.find((line) => line.trim() !== '')
  return first === undefined || /^\s*\{/.test(first) ? 'ndjson' : 'ftrace'
}

function parseJson(name: string, { line, text }: LogPlace): object {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (thrown) {
    throw badEvent(`${name}:${line}`, `must be a JSON object, but is not valid JSON (${(thrown as Error).message})`)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw badEvent(`${name}:${line}`, 'must be a JSON object, but is another value')
}

/**
 * `task-pid (tgid) [cpu] flags time: event: details`. The group and the flags may be missing. This is the form of
 * `trace-cmd report` and of the file `trace` in tracefs; see Documentation/trace/ftrace.rst of the kernel.
 */
const FTRACE =
  /^\s*(?<task>\S.*?)-(?<pid>\d+)\s+(?:\(\s*[-\d]+\)\s+)?\[(?<cpu>\d+)\]\s+(?:[^\s:]+\s+)?(?<time>\d+(?:\.\d+)?):\s+(?<event>[\w.:-]*[\w-]):(?:\s+(?<details>.*?))?\s*$/

/** Lines that tools print around the events. */
const AROUND = /^\s*(?:#|cpus=\d|version = |Attach(?:ing|ed) |entries-in-buffer|\^C)/

const LOST = /\b(?:lost|dropped)\b.*\bevents?\b|\bevents?\b.*\b(?:lost|dropped)\b/i

const FIELD = /(?<name>[A-Za-z_][\w.]*)=(?<value>.*?)(?=[\s,]+[A-Za-z_][\w.]*=|\s*$)/g

/** @returns undefined for a line that is not an event */
function parseFtrace(name: string, { line, text }: LogPlace): FtraceEntry | undefined {
  const { groups } = FTRACE.exec(text) ?? {}
  if (groups === undefined) {
    if (AROUND.test(text)) return undefined
    const where = `${name}:${line}`
    if (LOST.test(text)) {
      const hint = 'record again with a larger buffer, such as trace-cmd record -b 65536'
      throw badEvent(where, `says that events were lost, so the rest of the log cannot be followed`, hint)
    }
    throw badEvent(
      where,
      'must have the form task-pid [cpu] time: event: fields, but does not',
      'give a log in this form, or one JSON object a line',
    )
  }
  const { task, pid, cpu, time, event, details = '' } = groups as { readonly [group: string]: string }
  const fields = Array.from(
    details.matchAll(FIELD),
    ({ groups: field }) => [field!['name']!, field!['value']!] as const,
  )
  return {
    text,
    task: task!,
    pid: Number(pid),
    cpu: Number(cpu),
    time: Number(time),
    event: event!,
    details,
    fields: Object.fromEntries(fields),
  }
}
