/**
 * Traces as a page: one file that loads nothing, for a browser, a mail or an archive.
 *
 * A row for each step and a column for each variable, in which stands what the step changed. A box, when it is ticked, fills in the values
 * that stay as they are.
 */
import { is, isMap, isRecord } from 'immutable'
import { callText } from '../spec/bindings.ts'
import { isStutter, stepNumbers, type Trace, type TraceStep } from '../trace/trace.ts'
import { show } from './show.ts'
import { PLAIN } from './text/style.ts'
import { collapse, fairNotes, headline, readText, stepName } from './text/trace.ts'
import { VERSION } from './version.ts'

/** What traces do not say themselves. */
export interface TracePage {
  readonly spec: string
  readonly constants: { readonly [name: string]: unknown }
  /** The command that finds a trace again. */
  readonly again: (trace: Trace) => string
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1f2937; --faint: #6b7280; --line: #e5e7eb; --page: #fff; --head: #f9fafb; --new: #fef3c7; --bad: #b91c1c; --good: #15803d; --loop: #2563eb }
@media (prefers-color-scheme: dark) { :root { --ink: #e5e7eb; --faint: #9ca3af; --line: #374151; --page: #111827; --head: #1f2937; --new: #78350f80; --bad: #f87171; --good: #4ade80; --loop: #60a5fa } }
body { margin: 2rem; color: var(--ink); background: var(--page); font: 14px/1.45 system-ui, sans-serif }
h1 { font-size: 1.3rem; margin: 0 0 .2rem } h2 { font-size: 1.1rem; margin: 2rem 0 .6rem }
p { margin: .3rem 0; max-width: 80ch } .faint { color: var(--faint) } .bad { color: var(--bad) } .good { color: var(--good) }
.wide { overflow-x: auto } table { border-collapse: collapse } code, td, th { font-family: ui-monospace, monospace; font-size: 12.5px }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem; border-bottom: 1px solid var(--line); white-space: nowrap }
thead th { position: sticky; top: 0; background: var(--head); font-weight: 600 } td:first-child { color: var(--faint); text-align: right }
td:nth-child(2) { position: sticky; background: var(--page) } :is(td, th):nth-child(2) { left: 0 } td.new { background: var(--new) } td b { font-weight: 600 } del { color: var(--faint) }
td.same { color: var(--faint) } body:not(:has(#whole:checked)) tr + tr td.same div { display: none }
label { display: inline-block; margin-top: 1rem }
tr.loop td:first-child { border-left: 3px solid var(--loop) } .mark { color: var(--loop); font-weight: 600 }
`

/** The page: every trace with its reasons. */
export function traceHtml(traces: readonly Trace[], page: TracePage): string {
  const { spec, constants } = page
  const given = Object.entries(constants).map(([name, value]) => `${name}=${show(value)}`)
  return `${[
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(spec)}: ${escaped(traces.map(({ property }) => property).join(', ') || 'no counterexample')}</title>`,
    `<style>${STYLE}</style>`,
    `<h1>${escaped(spec)}</h1>`,
    `<p class="faint">${escaped(given.join(' '))}</p>`,
    ...(traces.length === 0
      ? ['<p>There is no counterexample.</p>']
      : ['<label><input type="checkbox" id="whole"> show whole states</label>']),
    ...traces.flatMap((trace) => section(trace, page)),
    `<p class="faint">Written by Kripke ${VERSION}.</p>`,
    '</html>',
  ].join('\n')}\n`
}

function section(trace: Trace, { again }: TracePage): string[] {
  const { steps, loop, kind } = trace
  const numbers = stepNumbers(trace)
  const variables = steps[0]!.state.toSeq().keySeq().toArray()
  // A column that says the same in every row is said once.
  const [changing, constant] = [true, false].map((expected) =>
    variables.filter((name) => steps.some(({ state }) => !is(state.get(name), steps[0]!.state.get(name))) === expected),
  ) as [string[], string[]]
  const fixed = constant.flatMap((name) => collapse(name, steps[0]!.state.get(name)))
  return [
    `<h2 class="${kind === 'goal' ? 'good' : 'bad'}">${escaped(headline(trace, PLAIN))}</h2>`,
    '<div class="wide"><table>',
    `<thead><tr><th></th><th>step</th>${changing.map((name) => `<th>${escaped(name)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...steps.map((step, index) => rowOf(step, index, numbers[index]!, trace, changing)),
    '</tbody></table></div>',
    ...(fixed.length === 0
      ? []
      : [
          `<p class="faint">The same throughout: <code>${fixed.map((it) => escaped(`${it.path} ${show(it.value)}`)).join(' · ')}</code></p>`,
        ]),
    ...(loop === null ? [] : [`<p><span class="mark">↻</span> ${continuation(trace, loop)}</p>`]),
    ...reasons(trace),
    ...(kind === 'error' ? [] : [`<p class="faint">again: <code>${escaped(again(trace))}</code></p>`]),
  ]
}

/** How a lasso goes on after its last step. */
function continuation(trace: Trace, loop: number): string {
  const { steps } = trace
  const before = stepNumbers(trace)[loop]!
  const cycle = steps.slice(loop)
  if (cycle.every(({ state }) => is(state, cycle[0]!.state))) return 'Nothing changes any more.'
  const isBack = is(steps.at(-1)!.state, steps[loop]!.state)
  return isBack
    ? `From the last step it goes on with step ${before + 1}, forever.`
    : `From the last step it returns to where it was after step ${before}, forever.`
}

function rowOf(step: TraceStep, index: number, number: number, trace: Trace, variables: readonly string[]): string {
  const { steps, loop } = trace
  const before = steps[index - 1]
  const isLoop = loop !== null && index > loop
  const mark = loop === index ? ' <span class="mark">↻</span>' : ''
  const name = index === 0 ? 'initial state' : `<b>${escaped(stepName(step))}</b>`
  const notes = fairNotes(trace, index)
    .map((note) => `<br><span class="faint">${escaped(note)}</span>`)
    .join('')
  const cells = variables.map((variable) =>
    cellOf(step.state.get(variable), before?.state.get(variable), before !== undefined),
  )
  return `<tr${isLoop ? ' class="loop"' : ''}><td>${isStutter(step) ? '' : number}</td><td>${name}${mark}${notes}</td>${cells.join('')}</tr>`
}

/** A variable's value, line by line; what the step changed is marked, with what it was before. */
function cellOf(value: unknown, before: unknown, isStep: boolean): string {
  const lines = linesOf('', value).map(({ path, text }) => ({ path, text, old: undefined as string | undefined }))
  if (!isStep || is(value, before)) return `<td class="same"><div>${lines.map(lineOf).join('<br>')}</div></td>`
  const known = new Map(leavesOf('', before).map(({ path, text }) => [path, text]))
  const changed = leavesOf('', value)
    .filter(({ path, text }) => known.get(path) !== text)
    .map(({ path, text }) => ({ path, text, old: known.get(path) }))
  return `<td class="new">${changed.map(lineOf).join('<br>')}</td>`
}

interface Line {
  readonly path: string
  readonly text: string
}

function lineOf({ path, text, old }: Line & { readonly old: string | undefined }): string {
  const name = path === '' ? '' : `<span class="faint">${escaped(path)}</span> `
  return old === undefined ? `${name}${escaped(text)}` : `${name}<del>${escaped(old)}</del> → <b>${escaped(text)}</b>`
}

function linesOf(path: string, value: unknown): Line[] {
  return collapse(path, value).map((it) => ({ path: it.path, text: show(it.value) }))
}

/** Every value inside maps and records, by its path. */
function leavesOf(path: string, value: unknown): Line[] {
  if (isMap(value)) return [...value].flatMap(([key, it]) => leavesOf(`${path}[${show(key)}]`, it))
  if (isRecord(value)) {
    const fields = value.toSeq().entrySeq().toArray() as [string, unknown][]
    return fields.flatMap(([name, it]) => leavesOf(`${path}.${name}`, it))
  }
  return [{ path, text: show(value) }]
}

function reasons({ kind, failed }: Trace): string[] {
  if (kind === 'deadlock') return ['<p>No action is enabled.</p>']
  return failed.map(({ name, bindings, read }) => {
    const label = name === '' ? 'because' : `<span class="bad">${escaped(callText(name, bindings))}</span> is false:`
    const parts =
      read.length === 0 ? 'it reads nothing of the state' : read.map((it) => escaped(readText(it))).join(' · ')
    return `<p>${label} <code>${parts}</code></p>`
  })
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
