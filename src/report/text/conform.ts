/** What came of following logs, for people. */
import type { ConformResult, LogOutcome } from '../../api/conform.ts'
import { callText } from '../../spec/bindings.ts'
import { inWords } from '../../spec/show.ts'
import type { Deviation, NearMiss, NumberedEvent } from '../../trace/conform/deviation.ts'
import { actionsOf, ANY, type LogEvent } from '../../trace/conform/event.ts'
import type { Mismatch } from '../../trace/conform/observation.ts'
import { differencesOf, differenceText } from '../differences.ts'
import { count, plural, show } from '../show.ts'
import { errorText } from './error.ts'
import { variablesOf, wholeState } from './state.ts'
import { columns, flow, pad, type Style } from './style.ts'

/** More steps and places than these are counted, not shown. */
const MAX_STEPS = 8
const MAX_PLACES = 8

/** A line of the log is cut here. */
const MAX_LINE = 100

/** The lines of a report on logs: a verdict for each, then where each leaves the spec. */
export function conformText(outcomes: readonly LogOutcome[], style: Style): string[] {
  const result = outcomes.find((outcome) => outcome.result !== undefined)?.result
  const given = Object.entries(result?.constants ?? {}).map(([name, value]) => style.faint(`${name}=${show(value)}`))
  const heading = result === undefined ? [] : [...flow([style.strong(result.spec), ...given], style.width, ' '), '']
  return [...heading, ...verdictsOf(outcomes, style), ...outcomes.flatMap((outcome) => details(outcome, style))]
}

/** A line for each log. */
export function verdictsOf(outcomes: readonly LogOutcome[], style: Style): string[] {
  const width = Math.max(...outcomes.map(({ log }) => columns(log)))
  return outcomes.map(({ log, result, error }) => {
    const name = style.strong(pad(log, width))
    if (error !== undefined)
      return `  ${style.bad('✗')} ${name}  ${style.bad(error.code === 'KR108' ? 'cannot be read' : 'a spec function failed')}`
    const mark = result.verdict === 'conforms' ? style.good('✓') : result.verdict === 'deviates' ? style.bad('✗') : '?'
    return `  ${mark} ${name}  ${verdictOf(result, style)}`
  })
}

function verdictOf(
  { verdict, events, states, skipped, reason, deviation, actions }: ConformResult,
  style: Style,
): string {
  const ignored = skipped === 0 ? '' : `, ${plural(skipped, 'entry').replace(/entrys$/, 'entries')} skipped`
  if (verdict === 'conforms') {
    const named = [...actions.values()].filter((it) => it > 0).length
    const seen = named === 0 ? '' : `, ${named} of ${plural(actions.size, 'action')} named`
    const ends = `may end in ${plural(states, 'state')}`
    return `${style.good('conforms')}  ${plural(events, 'event')}${ignored}${seen}, ${ends}`
  }
  if (verdict === 'deviates') return `${style.bad('deviates')}  at ${placeOf(deviation!)}`
  if (reason === 'hidden') {
    return `${style.doubtful('incomplete')}  ${placeOf(deviation!)} may fit with more hidden steps (--max-hidden)`
  }
  return reason === 'no-events'
    ? `${style.doubtful('incomplete')}  the log has no event${ignored}`
    : `${style.doubtful('incomplete')}  after ${plural(events, 'event')} it may be in too many states (--max-states)`
}

function placeOf({ number, place }: NumberedEvent): string {
  return `event ${count(number)}${place === undefined ? '' : `, line ${count(place.line)}`}`
}

function details({ log, result, error }: LogOutcome, style: Style): string[] {
  if (error !== undefined) return ['', ...errorText(error, style)]
  return result.deviation === undefined ? [] : ['', ...deviationText(log, result, result.deviation, style)]
}

/** Where a log leaves the spec. */
export function deviationText(log: string, result: ConformResult, deviation: Deviation, style: Style): string[] {
  const { last, outside, nearest, isCut } = deviation
  const isUndecided = result.verdict === 'incomplete'
  return [
    `${style.strong(log)} ${isUndecided ? 'may leave' : 'leaves'} the spec at ${placeOf(deviation)}:`,
    `    ${style.name(eventText(deviation.event))}`,
    ...lineOf(deviation, style),
    '',
    ...(last === undefined
      ? ['  no event before it']
      : [`  the last event that fits is ${placeOf(last)}:`, `    ${eventText(last.event)}`, ...lineOf(last, style)]),
    ...statesText(deviation, style),
    '',
    ...outside.map(({ path, log: value, expected, hint }) =>
      `  ${path} must be one of ${expected}, but the log has ${inWords(value)}${hint === undefined ? '' : `: ${hint}`}`.slice(
        0,
        300,
      ),
    ),
    `  ${because(deviation)}`,
    ...allowedText(deviation, style),
    ...(nearest === undefined ? [] : nearestText(nearest, deviation, style)),
    ...(isUndecided
      ? [
          `  Kripke followed at most ${plural(result.maxHidden, 'hidden step')} before each event. ` +
            `Before ${isCut ? 'this one' : 'some of them'}, more are possible.`,
          '  With more of them, the log may conform: raise --max-hidden.',
        ]
      : []),
  ]
}

function lineOf({ place }: NumberedEvent, style: Style): string[] {
  if (place === undefined) return []
  const text = place.text.trim()
  return [`    ${style.faint(text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text)}`]
}

/** `truncFree(file1)`, `read or write`, and what was observed. */
export function eventText(event: LogEvent): string {
  const { bindings = {}, observes } = event
  const names = actionsOf(event)
  const call = names && callText(names.map((name) => (name === ANY ? 'any action' : name)).join(' or '), bindings)
  const seen = observes === undefined ? undefined : `observes ${shortly(show(observes))}`
  return [call, seen].filter((part) => part !== undefined).join(' ')
}

function shortly(text: string): string {
  return text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text
}

function statesText({ count: all, states }: Deviation, style: Style): string[] {
  const [first, ...others] = states
  if (first === undefined) return []
  const room = Math.max(40, style.width - 4)
  const shown = flow(wholeState(first, style, room), room).map((line) => `    ${line}`)
  const rest = others.map((state) => {
    const changed = variablesOf(first).flatMap((name) =>
      differencesOf([{ path: name, from: first.get(name), to: state.get(name) }]).map((it) => differenceText(it)),
    )
    return flow([`or with ${changed[0] ?? 'the same values'}`, ...changed.slice(1)], room).map((line) => `    ${line}`)
  })
  const more = all - states.length
  return [
    `  the system may have been in ${plural(all, 'state')}:`,
    ...shown,
    ...rest.flat(),
    ...(more > 0 ? [`    and ${plural(more, 'other state')}`] : []),
  ]
}

function because({ problem, event, unknown, count: all }: Deviation): string {
  const these = all === 1 ? 'this state' : 'any of these states'
  switch (problem) {
    case 'no-such-action': {
      const [{ name, hint } = { name: '', hint: undefined }] = unknown
      return `the spec does not have the action ${name} with these constants${hint?.startsWith('did') ? ` (${hint})` : ''}`
    }
    case 'not-initial':
      return 'no initial state has the observed values'
    case 'not-enabled':
      return `${eventText({ action: event.action, bindings: event.bindings })} is not enabled in ${these}`
    case 'leads-elsewhere':
      return `${eventText({ action: event.action, bindings: event.bindings })} is enabled, but does not lead to the observed values`
    case 'not-reached':
      return `the observed values are not those of ${these}`
  }
}

function allowedText({ allowed, count: all }: Deviation, style: Style): string[] {
  if (allowed.length === 0) return []
  const shown = allowed.slice(0, MAX_STEPS).map(({ action, bindings, states }) => {
    const share = states === all ? '' : ` (in ${count(states)})`
    return `${callText(action, bindings)}${share}`
  })
  const more = allowed.length - shown.length
  const lines = flow([...shown, ...(more > 0 ? [`and ${plural(more, 'other step')}`] : [])], style.width - 4)
  return ['  the spec allows there:', ...lines.map((line) => `    ${line}`)]
}

function nearestText(
  { action, bindings, isOtherAction, differences }: NearMiss,
  { event }: Deviation,
  style: Style,
): string[] {
  const step = action === undefined ? 'one of these states' : callText(action, bindings)
  const what = event.action === undefined && action !== undefined ? `${step}, which the log would have to record` : step
  const differs = differences.length === 0 && isOtherAction ? ': it differs in the action' : ''
  return [
    `  the nearest miss is ${style.strong(what)}${differs}`,
    ...differences.slice(0, MAX_PLACES).map((it) => `    ${mismatchText(it, style)}`),
    ...(differences.length > MAX_PLACES ? [`    and ${plural(differences.length - MAX_PLACES, 'other place')}`] : []),
  ]
}

function mismatchText({ path, spec, log }: Mismatch, style: Style): string {
  // A label and a number may read the same.
  const text = show(spec) === show(log) ? inWords : show
  const own = spec === undefined ? 'nothing' : style.strong(text(spec))
  return `${path}: the spec has ${own}, the log ${style.strong(text(log))}`
}
