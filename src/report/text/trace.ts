/**
 * Traces for people.
 *
 * Shows the whole first state, then for each step the action and what it changed, and at the end why that is wrong. A map whose
 * values are all equal has one entry, `owner[*]`.
 */
import { is } from 'immutable'
import { callText, chosenText } from '../../spec/bindings.ts'
import type { PlaceValue } from '../../state/describe.ts'
import {
  isStutter,
  stepCount,
  stepNumbers,
  type FairnessWitness,
  type ShownTrace,
  type Trace,
  type TraceStep,
} from '../../trace/trace.ts'
import { abstractLines, optionLines } from '../abstract.ts'
import { differencesOf, differenceText } from '../differences.ts'
import { plural, show } from '../show.ts'
import { variablesOf, wholeState, type Variables } from './state.ts'
import { columns, flow, pad, type Style } from './style.ts'

/** A trace of more steps than this is shown without its middle. */
const MAX_STEPS = 200
const SHOWN_AT_AN_END = 50

/** Columns between which the actions' column may vary. */
const NARROWEST = 14
const WIDEST = 48

/**
 * The lines of a trace.
 *
 * @param full - show whole states, not only what changed
 */
export function traceText(trace: Trace, style: Style, { full = false }: { full?: boolean } = {}): string[] {
  const names = trace.steps.map((step, index) => (index === 0 ? 'initial state' : stepName(step)))
  const longest = names.reduce((most, name) => Math.max(most, name.length), NARROWEST)
  const nameWidth = Math.min(WIDEST, longest)
  const numbers = stepNumbers(trace)
  const numberWidth = String(numbers.at(-1)).length
  const indent = numberWidth + 4
  const room = Math.max(40, style.width - indent - nameWidth - 2)
  const { length } = trace.steps
  const isHidden = (index: number): boolean =>
    !full && length > MAX_STEPS && index >= SHOWN_AT_AN_END && index < length - SHOWN_AT_AN_END
  const steps = trace.steps.flatMap((step, index) => {
    if (isHidden(index))
      return index === SHOWN_AT_AN_END ? [`  … ${plural(length - 2 * SHOWN_AT_AN_END, 'step')}, shown with --full`] : []
    if (index === length - 1 && endsInRest(trace)) return []
    const shown = full ? everything(step, style, room) : index === 0 ? start(step, style, room) : changes(step, style)
    const quiet = step.changes.length === 0 ? 'nothing changes' : 'nothing that the alias shows changes'
    const note = step.note === undefined ? [] : [noteText(step.note)]
    const nothing = note.length === 0 ? [style.faint(quiet)] : []
    const lines = [...flow(shown.length === 0 ? nothing : shown, room), ...note]
    const name = names[index]!
    const number = style.faint(pad(isStutter(step) ? '' : String(numbers[index]), numberWidth, 'right'))
    const head = `  ${number}  ${pad(index === 0 ? name : style.name(name), nameWidth)}  `
    const isLong = name.length > nameWidth
    const blank = ' '.repeat(indent + nameWidth + 2)
    const told = isLong
      ? [head.trimEnd(), ...lines.map((line) => blank + line)]
      : lines.map((line, i) => (i === 0 ? head : blank) + line)
    const beside = abstractLines(trace, index, full).map((line) => `${blank}${style.faint(line)}`)
    const notes = lassoNotes(trace, index).map(({ text, says }) => (says === 'fair' ? style.faint : style.strong)(text))
    return [...told, ...beside, ...notes.map((note) => `${' '.repeat(numberWidth + 2)}${note}`)]
  })
  return [
    headline(trace, style),
    '',
    ...steps,
    '',
    ...aliasLines(trace, style),
    ...optionLines(trace).map((line) => `  ${line}`),
    ...reason(trace, style),
  ]
}

function aliasLines(trace: Trace, style: Style): string[] {
  return aliasFailed(trace, style).flatMap((line) => [`  ${line}`, ''])
}

/** A line about the error of an alias, if there is one. */
export function aliasFailed({ aliasFailure }: ShownTrace, style: Style): string[] {
  if (aliasFailure === undefined) return []
  const { error, step } = aliasFailure
  const where = step === 0 ? 'for the initial state' : `for step ${step}`
  const at = error.at === undefined ? '' : ` (${error.at})`
  return [
    `${style.doubtful('shown without the alias')}, because it failed ${where}: ${error.code} ${error.message}${at}`,
  ]
}

/** A remark below a step of a lasso. */
export interface LassoNote {
  readonly text: string
  readonly says: 'begin' | 'end' | 'fair'
}

/** What is said below a step of a lasso: where the cycle begins and ends, and which fairness constraints it shows to be met. */
export function lassoNotes(trace: ShownTrace, index: number): LassoNote[] {
  const { loop, steps } = trace
  if (loop === undefined) return []
  const isAtRest = endsInRest(trace)
  const fair = (...manners: FairnessWitness['how'][]): LassoNote[] =>
    fairNotes(trace, index, manners).map((text) => ({ text, says: 'fair' }))
  const begin = isAtRest ? '↻ from here on, nothing more happens' : '↻ from here on, again and again'
  const end = `↺ and again from ${stepNumbers(trace)[loop]}, forever`
  return [
    ...fair('taken'),
    ...(index === steps.length - 1 && !isAtRest ? [{ text: end, says: 'end' } as const] : []),
    ...(index === loop ? [{ text: begin, says: 'begin' } as const] : []),
    ...fair('never-enabled', 'disabled'),
  ]
}

const MET_BY = { taken: 'taken', 'never-enabled': 'never enabled', disabled: 'not enabled here' }

/** Which fairness constraints a step of a lasso shows to be met, a line for each manner: `⚑ fair: user(user1) taken`. */
function fairNotes({ fairness = [] }: ShownTrace, index: number, manners: readonly FairnessWitness['how'][]): string[] {
  return manners.flatMap((how) => {
    const met = fairness.filter((one) => one.how === how && one.step === index)
    const names = met.map(({ name, bindings }) => callText(name, bindings)).join(', ')
    return met.length === 0 ? [] : [`⚑ fair: ${names} ${MET_BY[how]}`]
  })
}

/** `alloc(file1, block1)`; of a thread's only step at a label, `truncate(file1) at waiting`; with choices, `crash {kept: block1}`. */
export function stepName({
  action,
  bindings,
  chosen,
  thread,
}: Pick<TraceStep, 'action' | 'bindings' | 'chosen' | 'thread'>): string {
  const choice = chosenText(chosen)
  if (thread === undefined || action !== `${thread.name}.${thread.label}`) return callText(action, bindings) + choice
  const { [thread.instance ?? '']: instance, ...rest } = bindings
  const own = instance === undefined ? {} : { [thread.instance!]: instance }
  const more = Object.keys(rest).length === 0 ? '' : `: ${callText('', rest)}`
  return `${callText(thread.name, own)} at ${thread.label}${more}${choice}`
}

/** `# old = cpu1`: the note of a step. */
export function noteText(note: string): string {
  return `# ${note}`
}

/** Whether the cycle of a lasso is one stutter. */
export function endsInRest({ steps, loop }: Pick<Trace, 'steps' | 'loop'>): boolean {
  return loop !== undefined && loop === steps.length - 2 && isStutter(steps.at(-1)!)
}

/** The remark on a trace that may not be shortest. */
export const NOT_SHORTEST = 'not necessarily shortest'

/** What a trace shows: `invariant noReuse(file1) is violated in 5 steps`. */
export function headline(trace: ShownTrace, style: Style): string {
  const { property, kind, loop, bindings } = trace
  const after = plural(stepCount(trace), 'step')
  const name = style.strong(callText(property, bindings))
  const doubt = trace.isShortest === false ? ` (${NOT_SHORTEST})` : ''
  if (loop !== undefined) {
    const stem = stepNumbers(trace)[loop]!
    const cycle = plural(stepCount(trace) - stem, 'step')
    const parts = endsInRest(trace)
      ? ', then nothing more happens'
      : stem === 0
        ? ', again and again'
        : `: ${plural(stem, 'step')}, then ${cycle} again and again`
    if (kind === 'path') return `a path of ${after}${parts}`
    return `${kind} ${name} is ${style.bad('violated')} in ${after}${parts}${doubt}`
  }
  if (kind === 'path') return `a path of ${after}`
  if (kind === 'error') return `${name} ${style.bad('fails')} after ${after}`
  if (kind === 'goal') return `${name} is ${style.good('reached')} in ${after}${doubt}`
  if (kind === 'unreachable') return `${name} must be unreachable, but is ${style.bad('reached')} in ${after}${doubt}`
  return `${kind === 'deadlock' ? '' : `${kind} `}${name} is ${style.bad('violated')} in ${after}${doubt}`
}

function changes({ changes, alias }: TraceStep, { faint, strong }: Style): string[] {
  const look = { path: (text: string) => text, old: faint, now: strong }
  return differencesOf(alias?.changes ?? changes).map((difference) => differenceText(difference, look))
}

function start({ state, alias }: TraceStep, style: Style, room: number): string[] {
  return wholeState(alias?.values ?? (state as Variables), style, room)
}

/** The values of the alias, and the variables that it does not show under their own name. */
function everything({ state, alias }: TraceStep, style: Style, room: number): string[] {
  if (alias === undefined) return wholeState(state as Variables, style, room)
  const { values } = alias
  const hidden = variablesOf(state as Variables).filter((name) => !is(values.get(name), (state as Variables).get(name)))
  return [...wholeState(values, style, room), ...wholeState(state as Variables, style, room, hidden)]
}

/** Why the end of the trace violates the property: the conjuncts that are false, with what they read. */
function reason({ kind, failed }: Trace, style: Style): string[] {
  if (kind === 'goal' || kind === 'error' || kind === 'temporal') return []
  if (kind === 'deadlock') return ['  no action is enabled', '']
  const lines = failed.flatMap(({ name, bindings, read }) => {
    const label = name === '' ? '  because ' : `  ${style.bad(callText(name, bindings))} is false: `
    const parts = read.length === 0 ? ['it reads nothing of the state'] : read.map(readText)
    const room = Math.max(40, style.width - columns(label))
    return flow(parts, room).map((line, index) => (index === 0 ? label : ' '.repeat(columns(label))) + line)
  })
  return [...lines, '']
}

/** `owner[block1] = free`, `pages ∋ block1`, `pages ∌ block1`. */
export function readText({ path, value }: PlaceValue): string {
  if (path.includes(' ∋ ') && typeof value === 'boolean') return value ? path : path.replace(' ∋ ', ' ∌ ')
  return `${path} = ${show(value)}`
}
