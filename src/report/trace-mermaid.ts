/**
 * Traces as Mermaid sequence diagrams, which code hosts draw in a page of Markdown.
 *
 * Who acts is a participant: each instance of a thread; else what an action's first parameter is bound to; else the spec itself. A step
 * is a message, numbered as in the text, to the participant whose part of the state it changes, where that is another one.
 */
import { isRecord } from 'immutable'
import { callText } from '../spec/bindings.ts'
import { isStutter, type Trace, type TraceStep } from '../trace/trace.ts'
import { show } from './show.ts'
import { PLAIN } from './text/style.ts'
import { headline, wholeState } from './text/trace.ts'

/** More changes of one step than this are counted, not shown. */
const MAX_CHANGES = 8

/** The diagram of a trace. */
export function traceMermaid(trace: Trace, spec: string): string {
  const { steps, loop } = trace
  const taken = steps.slice(1)
  const names = [...new Set(taken.filter(isStep).map((step) => actorOf(step, spec)))]
  if (names.length === 0) names.push(spec)
  const ids = new Map(names.map((name, index) => [name, `p${index + 1}`]))
  const ends = names.length === 1 ? 'p1' : `p1,p${names.length}`
  const lines = taken.flatMap((step, index) => {
    const opens = loop !== null && index === loop
    return [
      ...(opens ? ['loop forever'] : []),
      ...(isStep(step) ? stepLines(step, actorOf(step, spec), ids) : [`Note over ${ends}: nothing changes`]),
    ]
  })
  const closing =
    loop === null ? [] : loop < taken.length ? ['end'] : [`Note over ${ends}: and nothing changes any more`]
  return `${[
    '---',
    `title: ${JSON.stringify(`${spec}: ${headline(trace, PLAIN)}`)}`,
    '---',
    'sequenceDiagram',
    ...[
      'autonumber',
      ...names.map((name) => `participant ${ids.get(name)} as ${escaped(name)}`),
      `Note over ${ends}: ${wholeState(steps[0]!.state, PLAIN).map(escaped).join('<br/>')}`,
      ...lines,
      ...closing,
      `Note over ${ends}: ${escaped(ending(trace))}`,
    ].map((line) => `  ${line}`),
  ].join('\n')}\n`
}

/** Whether somebody acts. */
function isStep(step: TraceStep): boolean {
  return !isStutter(step)
}

/** Who makes a step. */
function actorOf({ bindings, thread }: TraceStep, spec: string): string {
  if (thread === undefined) {
    const [first] = Object.values(bindings)
    return typeof first === 'string' ? first : spec
  }
  const { name, instance } = thread
  return instance === undefined ? name : callText(name, { [instance]: bindings[instance] })
}

function stepLines(step: TraceStep, actor: string, ids: ReadonlyMap<string, string>): string[] {
  const from = ids.get(actor)!
  const to = ids.get(affected(step, actor, [...ids.keys()]) ?? actor)!
  const shown = step.changes
    .slice(0, MAX_CHANGES)
    .map(({ path, from: old, to: now }) => escaped(`${path} ${isRecord(old) ? '' : `${show(old)} → `}${show(now)}`))
  const rest = step.changes.length - shown.length
  const note = [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('<br/>')
  const over = from === to ? from : `${from},${to}`
  return [`${from}->>${to}: ${escaped(labelOf(step))}`, ...(note === '' ? [] : [`Note over ${over}: ${note}`])]
}

/** What a step is called beside its actor: a thread's step without the instance, which the actor names. */
function labelOf({ action, bindings, thread }: TraceStep): string {
  if (thread === undefined) return callText(action, bindings)
  const { name, label, instance = '' } = thread
  const { [instance]: _, ...rest } = bindings
  return callText(action === `${name}.${label}` ? label : action, rest)
}

/** The one other participant whose part of the state a step changes, by the keys of what changed. */
function affected({ changes }: TraceStep, actor: string, names: readonly string[]): string | undefined {
  const keyOf = (name: string): string => /\((.*)\)$/.exec(name)?.[1] ?? name
  const keys = new Set(changes.flatMap(({ path }) => [...path.matchAll(/\[([^\]]+)\]/g)].map((match) => match[1]!)))
  keys.delete(keyOf(actor))
  const others = names.filter((name) => keys.has(keyOf(name)))
  return others.length === 1 ? others[0] : undefined
}

function ending({ property, kind, bindings, failed }: Trace): string {
  const name = callText(property, bindings)
  if (kind === 'goal') return `${name} is reached`
  if (kind === 'error') return `${name} fails`
  if (kind === 'deadlock') return 'deadlock: no action is enabled'
  const conjuncts = failed.filter((it) => it.name !== '').map((it) => callText(it.name, it.bindings))
  return `${name} is violated${conjuncts.length === 0 ? '' : `: ${conjuncts.join(', ')}`}`
}

/** Text in which Mermaid finds no syntax of its own. */
function escaped(text: string): string {
  return text.replaceAll(/[#;<>&"]/g, (sign) => `#${sign.codePointAt(0)};`).replaceAll(/\s*\n\s*/g, ' ')
}
