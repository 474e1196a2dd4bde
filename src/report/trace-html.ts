/**
 * Traces as a page: one file that loads nothing, for a browser, a mail, a printer or an archive.
 *
 * A row for each step, a column for each lane and one for the state. A step is a box in the lane of who takes it; what it writes stands
 * in the same row under `state`. A box, when it is ticked, shows the whole state after every step.
 */
import { is } from 'immutable'
import { abstractLines, optionLines } from './abstract.ts'
import { variablesOf, wholeState, type Variables } from './text/state.ts'
import { aliasFailed, endsInRest, headline, lassoNotes } from './text/trace.ts'
import { stepNumbers, type Trace } from '../trace/trace.ts'
import { valueText, type Difference } from './differences.ts'
import { lanesOf, type Lane, type Lanes, type LaneStep } from './lanes.ts'
import { ending, isCause, reasonsOf, type Reason } from './reasons.ts'
import { show } from './show.ts'
import { PLAIN } from './text/style.ts'
import { VERSION } from './version.ts'

/** What traces do not say themselves. */
export interface TracePage {
  readonly spec: string
  readonly constants: { readonly [name: string]: unknown }
  /** The command that finds a trace again. */
  readonly again?: ((trace: Trace) => string) | undefined
}

/** Angles of the color wheel for lanes, neighbors far apart. */
const HUES = [212, 28, 150, 285, 340, 85, 185, 50]

const STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --faint: #626a73; --line: #d8dee4; --page: #fff; --soft: #f6f8fa; --bad: #b42318; --bad-page: #fef3f2; --good: #116329; --good-page: #eefbf1; --loop: #8250df; --loop-page: #8250df12; --fill: 92%; --edge: 42%; --word: 32%; --rich: 70% }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --faint: #9198a1; --line: #3d444d; --page: #0d1117; --soft: #161b22; --bad: #ff7b72; --bad-page: #ff7b7218; --good: #56d364; --good-page: #56d36418; --loop: #bc8cff; --loop-page: #bc8cff14; --fill: 17%; --edge: 58%; --word: 74%; --rich: 45% } }
${HUES.map((hue, index) => `.h${index} { --hue: ${hue} }`).join(' ')}
* { box-sizing: border-box }
body { margin: 1.5rem; color: var(--ink); background: var(--page); font: 14px/1.5 system-ui, sans-serif }
h1 { font-size: 1.35rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2.2rem 0 .8rem; break-after: avoid }
h1, h2, p, label { position: sticky; left: 1.5rem; width: fit-content; max-width: min(90ch, 100vw - 3rem) }
p { margin: .4rem 0 } label { display: block; margin-top: .8rem; cursor: pointer }
.faint, del { color: var(--faint) } h2.bad, .bad .says { color: var(--bad) } h2.good, .good .says { color: var(--good) }
code, table { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 12.5px }
code { overflow-wrap: anywhere }
table { min-width: min(100%, 72rem); border-collapse: separate; border-spacing: 0; line-height: 1.45 }
th { position: sticky; top: 0; z-index: 3; padding: .5rem .6rem; background: var(--page); border-bottom: 2px solid var(--line); font-weight: 600; text-align: center; white-space: nowrap }
thead .lane span { display: inline-block; padding: .1rem .7rem; border-radius: 1rem; color: hsl(var(--hue) var(--rich) var(--word)); background: hsl(var(--hue) var(--rich) var(--fill)) }
td { padding: .3rem .6rem; vertical-align: top } tr { break-inside: avoid }
.number { width: 2.4rem; padding-left: .5rem; color: var(--faint); text-align: right; font-weight: 400; line-height: 2.1 }
td.lane { position: relative; min-width: 8rem; text-align: center; background: linear-gradient(var(--line), var(--line)) center / 2px 100% no-repeat }
.state { min-width: 17rem; text-align: left } td.state { padding-left: 1.3rem; position: relative; line-height: 1.6 }
.at { position: relative; display: inline-block; padding: 0 .5rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--page); color: var(--faint) }
.moved { border-style: dashed; border-color: hsl(var(--hue) var(--rich) var(--edge)); color: var(--ink) }
.box { position: relative; z-index: 1; display: inline-block; min-width: 6rem; max-width: 17rem; padding: .2rem .6rem .25rem; border: 1.5px solid hsl(var(--hue) var(--rich) var(--edge)); border-radius: 6px; background: hsl(var(--hue) var(--rich) var(--fill)); overflow-wrap: anywhere; text-align: left }
.box b { color: hsl(var(--hue) var(--rich) var(--word)) } .box div { font-size: 11.5px }
.writes::before, .crosses::before { content: ''; position: absolute; top: 1.05rem; right: 0; left: 0; border-top: 1.5px dotted hsl(var(--hue) var(--rich) var(--edge)) } .writes::before { left: 50% }
.written::before { content: ''; position: absolute; top: 1.05rem; left: 0; width: .6rem; border-top: 1.5px dotted hsl(var(--hue) var(--rich) var(--edge)) }
.written::after { content: ''; position: absolute; top: calc(1.05rem - 3.5px); left: .5rem; border: 4px solid transparent; border-left: 6px solid hsl(var(--hue) var(--rich) var(--edge)); border-right: 0 }
.state div > div { padding-left: 1rem } .start .state > div, .whole > div { padding-left: 1.2rem; text-indent: -1.2rem } .path { color: var(--faint) } .path.own { color: hsl(var(--hue) var(--rich) var(--word)) }
.state b { font-weight: 600 } del { text-decoration: none } .cause { box-shadow: inset 0 -2px var(--bad) } .good .cause { box-shadow: none }
body:not(:has(#whole:checked)) .whole { display: none } .whole { margin-top: .2rem; color: var(--faint); border-top: 1px dotted var(--line) } .whole:first-child { margin: 0; border: 0 }
.note td + td, .verdict td + td { position: relative; z-index: 1; padding: .35rem .6rem } .note td + td { padding-block: .1rem; color: var(--faint) } .note.begin td + td { padding-top: .35rem }
.loop .number { border-left: 4px solid var(--loop) } tr.loop > td { background-color: var(--loop-page) }
:is(.begin, .end) td + td { color: var(--loop); font-weight: 600 } .begin .number { border-top-left-radius: 8px } .end .number { border-bottom-left-radius: 8px }
.verdict td + td { border-left: 4px solid var(--bad); background: var(--bad-page) } .good .verdict td + td { border-color: var(--good); background: var(--good-page) } .verdict b { font-weight: 600 }
footer { margin-top: 2rem }
@media (max-width: 900px) { body { margin: 1rem } h1, h2, p, label { left: 1rem; max-width: calc(100vw - 2rem) } td.lane { min-width: 6.4rem; padding: .3rem .25rem } .box { min-width: 4.5rem; padding: .2rem .4rem } .state { min-width: 13rem } }
@media print { body { margin: 0; font-size: 11px } code, table { font-size: 9.5px } .box div { font-size: 9px } label { display: none } th { position: static } h1, h2, p { position: static; max-width: none } td.lane { min-width: 5rem } .state { min-width: 10rem } * { print-color-adjust: exact; -webkit-print-color-adjust: exact } }
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
    `<footer><p class="faint">Written by Kripke ${VERSION}.</p></footer>`,
    '</html>',
  ].join('\n')}\n`
}

function section(trace: Trace, { again }: TracePage): string[] {
  const { steps, kind } = trace
  const first = steps[0]!.state as Variables
  const drawn = lanesOf(trace)
  const { lanes, idle, counters } = drawn
  const variables = variablesOf(first)
  // What is the same in every row is said once.
  const fixed = variables.filter((name) => steps.every(({ state }) => is(state.get(name), first.get(name))))
  // With an alias, whole states are the only place where the page shows the variables.
  const changing =
    steps[0]!.alias === undefined ? variables.filter((name) => !fixed.includes(name) && !counters.has(name)) : variables
  const drawing: Drawing = { ...drawn, trace, changing, numbers: stepNumbers(trace), reasons: reasonsOf(trace) }
  const heads = lanes.map(
    ({ name }, index) => `<th class="lane ${hue(index)}" scope="col"><span>${escaped(name)}</span></th>`,
  )
  const tone = kind === 'goal' ? 'good' : 'bad'
  return [
    `<section class="${tone}">`,
    `<h2 class="${tone}">${escaped(headline(trace, PLAIN))}</h2>`,
    '<table>',
    `<thead><tr><th class="number"></th>${heads.join('')}<th class="state" scope="col">state</th></tr></thead>`,
    '<tbody>',
    ...steps.flatMap((_, index) => rows(drawing, index)),
    endRow(drawing),
    '</tbody></table>',
    ...aside('No step: ', idle),
    ...aside('The same throughout: ', steps[0]!.alias === undefined ? placesOf(first, fixed) : []),
    ...optionLines(trace).map((text) => `<p>${escaped(text)}</p>`),
    ...aliasFailed(trace, PLAIN).map((text) => `<p>${escaped(text)}</p>`),
    ...(kind === 'error' || again === undefined
      ? []
      : [`<p class="faint">again: <code>${escaped(again(trace))}</code></p>`]),
    '</section>',
  ]
}

function aside(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`<p class="faint">${title}<code>${items.map(escaped).join(' · ')}</code></p>`]
}

/** What the rows of a trace have in common. */
interface Drawing extends Lanes {
  readonly trace: Trace
  readonly numbers: readonly number[]
  /** Variables that the state column shows. */
  readonly changing: readonly string[]
  readonly reasons: readonly Reason[]
}

/** The row of a step, and rows for what is said of it in a lasso. */
function rows(drawing: Drawing, index: number): string[] {
  const { trace, lanes } = drawing
  const { loop, steps } = trace
  const isHidden = index === steps.length - 1 && endsInRest(trace)
  const notes = lassoNotes(trace, index).map(
    ({ text, says }) =>
      `<tr class="note loop ${says}"><td class="number"></td><td colspan="${lanes.length + 1}">${escaped(text)}</td></tr>`,
  )
  return isHidden ? notes : [row(drawing, index, loop !== undefined && index > loop), ...notes]
}

function row(drawing: Drawing, index: number, isInLoop: boolean): string {
  const { trace, lanes, numbers, changing, reasons } = drawing
  const { state, alias } = trace.steps[index]!
  const taken = drawing.steps[index]!
  const { lane: actor, changes } = taken
  const isFirst = index === 0
  const places = placesOf(state, changing).map((text) => `<div>${escaped(text)}</div>`)
  const whole = places.join('')
  const differing =
    actor === undefined
      ? '<span class="faint">nothing changes</span>'
      : changesOf(changes, lanes, (it) => isCause(reasons, index, it))
  const begins =
    alias === undefined
      ? ''
      : placesOf(alias.values)
          .map((text) => `<div>${escaped(text)}</div>`)
          .join('')
  const beside = abstractLines(trace, index)
    .map((line) => `<div class="path">${escaped(line)}</div>`)
    .join('')
  const told = `${isFirst ? begins : differing}${beside}`
  const shown = isFirst && alias === undefined ? whole + beside : `${told}<div class="whole">${whole}</div>`
  const number = isFirst || actor !== undefined ? numbers[index] : ''
  const classes = [
    isFirst ? 'start' : 'step',
    ...(isInLoop ? ['loop'] : []),
    ...(actor === undefined ? [] : [hue(actor)]),
  ]
  const cells = lanes.map((lane, at) => (isFirst ? startCell(lane) : laneCell(at, taken)))
  return `<tr class="${classes.join(' ')}"><td class="number">${number}</td>${cells.join('')}<td class="state${changes.length > 0 ? ' written' : ''}">${shown}</td></tr>`
}

function startCell({ start }: Lane): string {
  return `<td class="lane">${start === undefined ? '' : `<span class="at">${escaped(start)}</span>`}</td>`
}

/** The box of a step in the lane of who takes it; in other lanes a line towards the state, or how the step moves their program counters. */
function laneCell(at: number, { lane: actor, label, bindings, at: stays, moves, note, changes }: LaneStep): string {
  const move = moves.find(({ lane }) => lane === at)
  const moved = move && `${escaped(move.from)} → ${escaped(move.to)}`
  const writes = changes.length > 0 && actor !== undefined
  if (at !== actor) {
    const pill = moved === undefined ? '' : `<span class="at moved">${moved}</span>`
    return `<td class="lane${writes && at > actor ? ' crosses' : ''}">${pill}</td>`
  }
  const below = [
    ...(bindings === '' ? [] : [escaped(bindings)]),
    ...(moved === undefined ? [] : [moved]),
    ...(stays === undefined ? [] : [`at ${escaped(stays)}`]),
    ...(note === undefined ? [] : [`<i>${escaped(note)}</i>`]),
  ]
  return `<td class="lane${writes ? ' writes' : ''}"><div class="box"><b>${escaped(label)}</b>${below.map((line) => `<div>${line}</div>`).join('')}</div></td>`
}

/** What a step wrote, the fields of a record under its name. */
function changesOf(
  changes: readonly Difference[],
  lanes: readonly Lane[],
  isCause: (it: Difference) => boolean,
): string {
  const lines: string[] = []
  const parents = changes.map(({ path }) => /^(.*[^.])\.[^.\]"]+$/.exec(path)?.[1])
  changes.forEach((change, index) => {
    const parent = parents[index]
    const isGrouped = parent !== undefined && (parents[index - 1] === parent || parents[index + 1] === parent)
    if (isGrouped && parents[index - 1] !== parent) lines.push(`<div>${pathText(parent, lanes)}</div>`)
    const path = isGrouped ? change.path.slice(parent.length) : change.path
    const owner = isGrouped ? `<span class="path">${escaped(path)}</span>` : pathText(path, lanes)
    const value = valueText(change, { path: tagged('span'), old: tagged('del'), now: tagged('b') })
    const line = `<span${isCause(change) ? ' class="cause"' : ''}>${owner} ${value}</span>`
    lines.push(isGrouped ? `<div><div>${line}</div></div>` : `<div>${line}</div>`)
  })
  return lines.join('')
}

/** A path, in the color of the lane to which the place belongs by its key. */
function pathText(path: string, lanes: readonly Lane[]): string {
  const key = /^[^[]*\[(.*?)\]/.exec(path)?.[1]
  const owner = key === undefined ? -1 : lanes.findIndex((lane) => lane.key === key)
  return `<span class="path${owner < 0 ? '' : ` own ${hue(owner)}`}">${escaped(path)}</span>`
}

function tagged(tag: string): (text: string) => string {
  return (text) => `<${tag}>${escaped(text)}</${tag}>`
}

function placesOf(state: Variables, variables: readonly string[] = variablesOf(state)): string[] {
  return variables.length === 0 ? [] : wholeState(state, PLAIN, Infinity, variables)
}

/** The last row: what the trace shows, and the values that make it so, with the steps since which they are. */
function endRow({ trace, lanes, reasons, numbers }: Drawing): string {
  const lines = reasons.map(({ name, read }) => {
    const label = name === '' ? 'because' : `<b>${escaped(name)}</b> is false:`
    const parts = read.map(({ text, since }) =>
      since === undefined ? escaped(text) : `${escaped(text)} <span class="faint">(step ${numbers[since]})</span>`,
    )
    return `<div>${label} ${parts.length === 0 ? 'it reads nothing of the state' : parts.join(' · ')}</div>`
  })
  return `<tr class="verdict"><td class="number"></td><td colspan="${lanes.length + 1}"><b class="says">${escaped(ending(trace)!)}</b>${lines.join('')}</td></tr>`
}

function hue(lane: number): string {
  return `h${lane % HUES.length}`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
