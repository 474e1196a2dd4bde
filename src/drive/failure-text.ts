/** A failing run as text: its steps with expected and observed values side by side, and how to repeat it. */
import { is } from 'immutable'
import { show } from '../spec/show.ts'
import { DriveError, type DrivenStep } from './drive-error.ts'
import { refused } from './driver.ts'
import { differing, matches, showExpected, showObserved } from './observation.ts'
import { callsOf, type Entry, type Failure } from './session.ts'
import type { StateGraph } from './state-graph.ts'

/** Columns of a cell of the table. Longer values are cut, except at the failing step. */
const CELL = 48

/** Possible states that the failing step lists. */
const SHOWN_STATES = 5

/** Steps that the table has. Of a longer run it has the last ones. */
const SHOWN_STEPS = 40

/** The error for a failing run. @param notes - lines about where the run is from */
export function errorFor(graph: StateGraph, failure: Failure, notes: readonly string[]): DriveError {
  const { problem, entries } = failure
  const path = callsOf(failure)
  const again = path.map((name) => `'${name.replaceAll("'", String.raw`\'`)}'`).join(', ')
  const lines = [
    ...failureText(graph, failure),
    '',
    '  again, with this option of drive:',
    `    paths: { path: [${again}] }`,
    '',
    ...notes.map((note) => `  ${note}`),
  ]
  return new DriveError(lines.join('\n'), problem.kind, {
    steps: entries.map((entry, index): DrivenStep => ({
      call: nameOf(entry, index),
      returned: entry.returned,
      observed: entry.observed,
      allowed: entry.allowed.slice(0, SHOWN_STATES).map((state) => graph.states[state]),
    })),
    path,
    cause: problem.kind === 'threw' ? problem.error : undefined,
  })
}

function nameOf({ call }: Entry, index: number): string {
  return call?.name ?? (index === 0 ? 'setup' : 'wait')
}

/** The lines of a failure. */
function failureText(graph: StateGraph, { problem, entries }: Failure): string[] {
  const { spec } = graph.walk
  const last = entries.length - 1
  const at = entries[last]!
  const what = sentence(problem, at, last)
  const isOfTest = problem.kind === 'threw' && problem.isOfTest === true
  return [
    `${isOfTest ? `the test of "${spec}" cannot judge the system` : `the system does not follow "${spec}"`}: ${what}`,
    '',
    ...table(graph, entries),
    '',
    ...detail(graph, problem, at),
  ]
}

function sentence(problem: Failure['problem'], at: Entry, index: number): string {
  const where =
    at.call === undefined ? (index === 0 ? 'after setup' : 'without a call') : `at step ${index}, ${at.call.name}`
  if (problem.kind === 'threw') return `${problem.where} threw ${textOf(problem.error)} ${where}`
  if (problem.kind === 'late') return `${problem.where} did not return in time ${where}`
  if (problem.kind === 'refused') return `it refused a call that the spec allows, ${where}`
  if (problem.kind === 'returned') return `a call returned another value than the spec allows, ${where}`
  return `it shows a state that the spec does not allow, ${where}`
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : show(error)
}

/** The rows of the steps: after the first one, the observed variables that changed. */
function table(graph: StateGraph, entries: readonly Entry[]): string[] {
  const rows = entries.map((entry, index): [string, string, string, string] => {
    const number = String(index)
    const name = nameOf(entry, index)
    const { expected, observed } = cells(graph, entry, entries[index - 1])
    const returned =
      entry.returned === undefined ? '' : entry.returned === refused ? 'refused' : `→ ${show(entry.returned)}`
    return [number, name, expected, [returned, observed].filter((it) => it !== '').join(' · ')]
  })
  const shown = rows.slice(-SHOWN_STEPS)
  const all: [string, string, string, string][] = [['', 'step', 'expected', 'observed'], ...shown]
  const widths = [0, 1, 2].map((column) => Math.min(CELL, Math.max(...all.map((row) => row[column]!.length))))
  const lines = all.map((row, index) => {
    const marks = row.map((cell, column) => {
      const cut = cell.length > CELL ? `${cell.slice(0, CELL - 1)}…` : cell
      return column === 0 ? cut.padStart(widths[0]!) : cut.padEnd(widths[column] ?? 0)
    })
    const isLast = index === all.length - 1
    return `  ${marks.join('  ').trimEnd()}${isLast ? '  ← differs' : ''}`
  })
  const cut = rows.length - shown.length
  return cut === 0 ? lines : [lines[0]!, `  … ${cut} steps before`, ...lines.slice(1)]
}

/** What the spec expects and what was observed: the variables that changed or that differ. */
function cells(graph: StateGraph, entry: Entry, before: Entry | undefined): { expected: string; observed: string } {
  const state = graph.states[entry.states[0] ?? entry.allowed[0] ?? -1]
  if (state === undefined) return { expected: '', observed: '' }
  const wrong = entry.states.length === 0 ? differing(state, entry.observed) : []
  const earlier = before === undefined ? undefined : graph.states[before.states[0] ?? -1]
  const isNew = (name: string): boolean =>
    before?.observed[name] === undefined || earlier === undefined || !is(earlier.get(name), state.get(name))
  const names = Object.keys(entry.observed).filter(
    (name) => entry.observed[name] !== undefined && (wrong.includes(name) || isNew(name)),
  )
  return {
    expected: names.map((name) => `${name}: ${showExpected(state.get(name), entry.observed[name])}`).join(' · '),
    observed: names.map((name) => `${name}: ${showObserved(state.get(name), entry.observed[name])}`).join(' · '),
  }
}

/** What differs at the failing step, in full. */
function detail(graph: StateGraph, problem: Failure['problem'], { observed, returned, allowed }: Entry): string[] {
  if (problem.kind === 'returned') {
    const values = [...new Set(problem.expected.map(show))]
    return [`  returned  ${show(returned)}`, `  expected  ${values.slice(0, SHOWN_STATES).join(', or ') || 'nothing'}`]
  }
  if (problem.kind !== 'observed') return stateLines(graph, allowed)
  const states = allowed.map((index) => graph.states[index]!)
  const names = Object.keys(observed).filter((name) =>
    states.some((state) => !matches(state.get(name), observed[name])),
  )
  const lines = names.flatMap((name) => {
    const values = [...new Set(states.map((state) => showExpected(state.get(name), observed[name])))]
    const more = values.length > SHOWN_STATES ? `, or ${values.length - SHOWN_STATES} other values` : ''
    return [
      `  ${name}`,
      `    expected  ${values.slice(0, SHOWN_STATES).join(', or ')}${more}`,
      `    observed  ${showObserved(states[0]?.get(name), observed[name])}`,
    ]
  })
  return states.length < 2
    ? lines
    : [...lines, `  The spec allows ${states.length} states here. None has all observed values.`]
}

/** The states in which the system may have been. */
function stateLines(graph: StateGraph, states: readonly number[]): string[] {
  const shown = states.slice(0, SHOWN_STATES).map((index) => show(graph.states[index]))
  const more = states.length - shown.length
  return [
    `  ${states.length === 1 ? 'state before the call' : 'possible states before the call'}`,
    ...shown.map((it) => `    ${it}`),
    ...(more === 0 ? [] : [`    and ${more} more`]),
  ]
}
