/**
 * Traces as Mermaid sequence diagrams, which code hosts draw in a page of Markdown.
 *
 * Each lane is a participant, and so is the state. A step is a note in its lane, with its number as in the text. If it writes, an
 * arrow leads to the state, and a note there says what. Labels of arrows would cross other lanes.
 */
import { stepNumbers, type ShownTrace } from '../trace/trace.ts'
import { differenceText } from './differences.ts'
import { lanesOf, type LaneStep } from './lanes.ts'
import { ending, reasonsOf } from './reasons.ts'
import { flow, PLAIN } from './text/style.ts'
import { wholeState } from './text/state.ts'
import { aliasFailed, endsInRest, headline, lassoNotes, noteText } from './text/trace.ts'
import { abstractLines, optionLines } from './abstract.ts'

/** More changes of one step than this are counted, not shown. */
const MAX_CHANGES = 8

/** Columns of a note over the whole diagram. */
const WIDTH = 100

/** The participant to which steps write. */
const STATE = 's'

/** The diagram of a trace. */
export function traceMermaid(trace: ShownTrace, spec: string): string {
  const { steps } = trace
  const { lanes, steps: taken } = lanesOf(trace)
  const ends = lanes.length === 0 ? STATE : `p1,${STATE}`
  const numbers = stepNumbers(trace)
  const lines = taken.flatMap((step, index) => [
    ...(index === 0 || (index === steps.length - 1 && endsInRest(trace)) ? [] : stepLines(step, numbers[index]!, ends)),
    ...abstractLines(trace, index).map((line) => note(STATE, [line])),
    ...lassoLines(trace, index, ends),
  ])
  const initial = flow(wholeState(steps[0]!.alias?.values ?? steps[0]!.state, PLAIN, WIDTH), WIDTH)
  return `${[
    '---',
    // The diagram itself shows the loop, and Mermaid cuts a title that is wider.
    `title: ${JSON.stringify(`${spec}: ${headline({ ...trace, loop: undefined }, PLAIN)}`)}`,
    '---',
    'sequenceDiagram',
    ...[
      ...lanes.map(({ name }, index) => `participant ${idOf(index)} as ${escaped(name)}`),
      `participant ${STATE} as state`,
      note(ends, initial),
      ...lines,
      ...endLines(trace).map((it) => note(ends, it)),
    ].map((line) => `  ${line}`),
  ].join('\n')}\n`
}

function idOf(lane: number): string {
  return `p${lane + 1}`
}

function stepLines(
  { lane, label, bindings, at, moves, note: said, changes }: LaneStep,
  number: number,
  ends: string,
): string[] {
  if (lane === undefined) return [note(ends, ['nothing changes'])]
  const own = moves.filter((move) => move.lane === lane).map(({ from, to }) => `${from} → ${to}`)
  const stays = at === undefined ? [] : [`at ${at}`]
  const remark = said === undefined ? [] : [noteText(said)]
  const shown = changes.slice(0, MAX_CHANGES).map((change) => differenceText(change))
  const rest = changes.length - shown.length
  const written = [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])]
  return [
    note(idOf(lane), [`${number} ${label}`, ...(bindings === '' ? [] : [bindings]), ...own, ...stays, ...remark]),
    ...moves
      .filter((move) => move.lane !== lane)
      .map(({ lane: other, from, to }) => message(idOf(lane), '-->>', idOf(other), [`${from} → ${to}`])),
    ...(written.length === 0 ? [] : [message(idOf(lane), '->>', STATE, [String(number)]), note(STATE, written)]),
  ]
}

/** The cycle of a lasso as a loop, and how it is fair. */
function lassoLines(trace: ShownTrace, index: number, ends: string): string[] {
  const isLoop = !endsInRest(trace) && trace.loop! < trace.steps.length - 1
  return lassoNotes(trace, index).map(({ text, says }) => {
    if (says === 'fair' || !isLoop) return note(ends, [text])
    return says === 'begin' ? `loop ${escaped(text)}` : 'end'
  })
}

/** What the last note says, if there is one. */
function endLines(trace: ShownTrace): string[][] {
  const text = ending(trace)
  const told = [...optionLines(trace), ...aliasFailed(trace, PLAIN)]
  if (text === undefined) return told.length === 0 ? [] : [told]
  return [[text, ...reasonLines(trace), ...told]]
}

function reasonLines(trace: ShownTrace): string[] {
  return reasonsOf(trace).flatMap(({ name, read }) => {
    const label = name === '' ? 'because' : `${name} is false:`
    const parts = read.map(({ text }) => text)
    return flow([`${label} ${parts[0] ?? 'it reads nothing of the state'}`, ...parts.slice(1)], WIDTH)
  })
}

function note(over: string, lines: readonly string[]): string {
  return `Note over ${over}: ${lines.map(escaped).join('<br/>')}`
}

function message(from: string, arrow: string, to: string, lines: readonly string[]): string {
  return `${from}${arrow}${to}: ${lines.map(escaped).join('<br/>')}`
}

/** Text in which Mermaid finds no syntax of its own. */
function escaped(text: string): string {
  return text.replaceAll(/[#;<>&"]/g, (sign) => `#${sign.codePointAt(0)};`).replaceAll(/\s*\n\s*/g, ' ')
}
