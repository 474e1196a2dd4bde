/** The outcome of a check for people. */
import type { Outcome, PropertyOutcome } from '../../api/outcome.ts'
import { stepCount, type Trace } from '../../trace/trace.ts'
import { measureLines } from './measures.ts'
import { count, plural, seconds, show } from '../show.ts'
import { flow, pad, type Style } from './style.ts'
import { NOT_SHORTEST, traceText } from './trace.ts'

/** What a caller knows that an outcome does not. */
export interface CheckTextOptions {
  readonly full?: boolean
  /** Names of the constants that were given; the others have their defaults. */
  readonly given?: readonly string[]
  /** The command that shows a property's trace again. */
  readonly again?: (property: string) => string
  /** The command that opens a property's trace in the browser. */
  readonly explore?: (property: string) => string
  /** Goals of which to show how they are reached; of others the report says that they are, and names the option. */
  readonly witnesses?: readonly string[] | 'all'
}

/** The lines of a report: verdicts, measures, counterexamples, warnings, counts. */
export function checkText(outcome: Outcome, style: Style, options: CheckTextOptions = {}): string[] {
  const within = outcome.ending === 'exhausted' && !outcome.complete ? ' within the constraints' : ''
  const shown = shownTraces(outcome.traces, options)
  const measured = measureLines(outcome, style)
  return [
    ...heading(outcome, style, options.given),
    '',
    ...verdicts(outcome, style, within),
    '',
    ...measured,
    ...(measured.length > 0 ? [''] : []),
    ...shown.flatMap((trace) => [...traceText(trace, style, options), ...commands(trace, options).map(style.faint)]),
    ...witnessHint(outcome.traces, shown, style),
    ...outcome.warnings.map(({ text }) => `${style.doubtful('warning:')} ${text}`),
    ...(outcome.warnings.length > 0 ? [''] : []),
    ...flow(counts(outcome), style.width, ' '),
    ...[...engineLines(outcome), ...(outcome.unreduced === 'temporal' ? [UNREDUCED] : [])].map(style.faint),
  ]
}

/** How to see a trace again, and a blank line. */
function commands({ property }: Trace, { again, explore }: CheckTextOptions): string[] {
  if (again === undefined) return []
  return [`again: ${again(property)}`, ...(explore === undefined ? [] : [`explore: ${explore(property)}`]), '']
}

/** Violations, and witnesses of the goals that were asked for. */
export function shownTraces(
  traces: readonly Trace[],
  { witnesses = [] }: Pick<CheckTextOptions, 'witnesses'>,
): Trace[] {
  return traces.filter(({ kind, property }) => kind !== 'goal' || witnesses === 'all' || witnesses.includes(property))
}

/** How to see the witnesses that are not shown. */
export function witnessHint(traces: readonly Trace[], shown: readonly Trace[], style: Style): string[] {
  const isHidden = traces.some((trace) => !shown.includes(trace))
  return isHidden ? [style.faint('(--witness shows how goals are reached)'), ''] : []
}

/** Said where symmetric sets could have reduced the check. */
const UNREDUCED = 'not reduced by symmetry, because the check includes temporal properties'
const NEVER_REDUCED = 'not reduced by symmetry, because the symbolic engine does not use it'

/** One line: spec, verdict and what fails. */
export function verdictLine({ spec, verdict, properties }: Outcome, style: Style): string {
  const failing = properties.filter(({ result }) => result === 'violated' || result === 'unreached')
  const names = failing.length === 0 ? '' : `: ${failing.map(({ name }) => name).join(', ')}`
  const within = properties.some(({ caveat }) => caveat !== undefined) ? ' within the constraints' : ''
  return `${style.strong(spec)} ${verdictText(verdict, style)}${within}${names}`
}

function verdictText(verdict: Outcome['verdict'], style: Style): string {
  if (verdict === 'holds') return style.good('holds')
  return verdict === 'violated' ? style.bad('is violated') : style.doubtful('is undecided')
}

/** The spec and its constants, those given first to the eye. */
export function heading(
  { spec, constants }: Pick<Outcome, 'spec' | 'constants'>,
  style: Style,
  given: readonly string[] = [],
): string[] {
  const shown = Object.entries(constants).map(([name, value]) => {
    const text = `${name}=${show(value)}`
    return given.includes(name) ? text : style.faint(text)
  })
  return flow([style.strong(spec), ...shown], style.width, ' ')
}

/** A line for each property; `within` is what to say of verdicts that are about part of the states only. */
export function verdicts(
  { properties, traces }: Pick<Outcome, 'properties' | 'traces'>,
  style: Style,
  within: string = '',
): string[] {
  const nameWidth = Math.max(0, ...properties.map(({ name }) => name.length))
  const kindWidth = Math.max(0, ...properties.map(({ kind }) => kind.length))
  return properties.map((property) => {
    const { name, kind } = property
    const trace = property.trace === undefined ? undefined : traces[property.trace]!
    const steps = trace && stepCount(trace)
    const doubt = trace?.isShortest === false ? ` (${NOT_SHORTEST})` : ''
    const kindText = style.faint(pad(kind === 'deadlock' ? '' : kind, kindWidth))
    return `  ${mark(property, style)} ${pad(name, nameWidth)}  ${kindText}  ${resultText(property, steps, style)}${doubt}${steps === undefined && property.result !== 'unknown' ? within : ''}${remark(property)}`
  })
}

/** Why a result is unknown, or what it does not cover. */
function remark({ reason, caveat }: PropertyOutcome): string {
  if (reason !== undefined) return `: ${reason}`
  return caveat === undefined ? '' : `; ${caveat}`
}

function mark({ result }: PropertyOutcome, style: Style): string {
  if (result === 'unknown') return style.doubtful('?')
  return result === 'holds' || result === 'reached' ? style.good('✓') : style.bad('✗')
}

/** `holds`, `violated in 5 steps`, `reached in 3 steps`, `unreached`, `unknown`. */
function resultText({ result }: PropertyOutcome, steps: number | undefined, style: Style): string {
  const text = steps === undefined ? result : `${result} in ${plural(steps, 'step')}`
  if (result === 'unknown') return style.doubtful(text)
  return result === 'holds' || result === 'reached' ? style.good(text) : style.bad(text)
}

const ENDINGS: { readonly [ending in Outcome['ending']]: string } = {
  exhausted: '',
  violated: 'stopped at the level of the first violation (--continue explores every state)',
  settled: 'stopped once every property was decided (--continue explores every state)',
  failed: 'stopped at the failure of a spec function',
  states: 'stopped by --max-states',
  depth: 'stopped by --max-depth',
  time: 'stopped by --timeout',
  memory: 'stopped by the memory budget',
  disk: 'stopped by a disk error',
  interrupted: 'interrupted',
}

/** What was counted, and why the run ended: together on a line if there is room. */
function counts({ states, symmetry, por, engine, seconds: elapsed, specCalls, ending }: Outcome): string[] {
  const { depth } = states
  const { distinct, generated } = states.exact ?? states
  const upTo = `${symmetry === 'on' ? ' up to symmetry' : ''}${por === 'on' ? ' after partial-order reduction' : ''}`
  const given = generated === undefined ? '' : `${count(generated)} generated, `
  const levels = depth === undefined ? '' : `depth ${depth}, `
  const by = engine === 'symbolic' ? ', by decision diagrams' : ''
  const counted =
    `${plural(distinct, 'distinct state')}${upTo}, ${given}${levels}${seconds(elapsed)} s, ` +
    `${plural(specCalls, 'call')} of the spec${by}`
  return ENDINGS[ending] === '' ? [counted] : [`${counted};`, ENDINGS[ending]]
}

/** Which engine gave the verdicts, if another began, and whether that cost a reduction. */
export function engineLines({ engine, engineChange, unreduced, notReduced }: Outcome): string[] {
  return [
    ...(notReduced === undefined ? [] : [`(no partial-order reduction: ${notReduced})`]),
    ...(engineChange === undefined ? [] : [`(${engine} engine: ${engineChange})`]),
    ...(unreduced === 'engine' ? [NEVER_REDUCED] : []),
  ]
}
