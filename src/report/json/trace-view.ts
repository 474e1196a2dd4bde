/** A trace as JSON with everything that a page shows of it: lanes, values, and why its end decides the property. */
import { is } from 'immutable'
import type { Verdict } from '../../api/walk/steps.ts'
import { callText } from '../../spec/bindings.ts'
import { isStutter, stepNumbers, type ShownTrace } from '../../trace/trace.ts'
import { abstractLines, optionLines } from '../abstract.ts'
import { valueText, type Difference } from '../differences.ts'
import { lanesOf, type Lane, type LaneStep } from '../lanes.ts'
import { ending, isCause, reasonsOf, type Reason } from '../reasons.ts'
import { show } from '../show.ts'
import { variablesOf, wholeState, type Variables } from '../text/state.ts'
import { PLAIN } from '../text/style.ts'
import { aliasFailed, endsInRest, headline, lassoNotes, stepName, type LassoNote } from '../text/trace.ts'
import { ValueTable, type ValueDocument } from './value.ts'

/** What a step changed at a place. */
export interface PlaceChangeDocument {
  /** Such as `owner[block1]`. */
  readonly path: string
  /** The value before; null if `to` says what came and went. */
  readonly from: string | null
  /** Such as `file1`, or `+block1 -block2`. */
  readonly to: string
  /** Whether the end of the trace decides the property because of it. */
  readonly isCause: boolean
  /** The lane to which the place belongs by its key. */
  readonly lane: number | null
}

/** An entry of a trace: the initial state, or a step with the state after it. */
export interface TraceEntryDocument {
  /** The step's number; null where nothing happens. */
  readonly number: number | null
  /** The whole name: `user.gup(user1, block1)`. */
  readonly name: string
  /** The lane of who takes the step. */
  readonly lane: number | null
  /** The action, or the label of a thread's only step there. */
  readonly label: string
  readonly bindings: string
  /** The label of a thread's step that moves no program counter, if `label` is another. */
  readonly at: string | null
  /** The program counters that it moved, by lane. */
  readonly moves: LaneStep['moves']
  readonly note: string | null
  readonly changes: readonly PlaceChangeDocument[]
  /** For each variable, the index of its value in the values of the trace. */
  readonly state: readonly number[]
  /** What the alias shows instead: names with the indexes of their values. Null without an alias. */
  readonly alias: readonly (readonly [name: string, value: number])[] | null
  /** What the abstract spec of a refinement does. */
  readonly beside: readonly string[]
  /** Where a cycle begins and ends, and which fairness constraints it meets here. */
  readonly lasso: readonly LassoNote[]
  /** What the state or the step decides. */
  readonly verdicts: readonly Verdict[]
}

/** Why the end of a trace decides its property. */
export interface EndingDocument {
  readonly text: string
  readonly isGood: boolean
  /** The false conjuncts; the name is empty for the property itself. */
  readonly reasons: readonly {
    readonly name: string
    /** The values that made it false, and the entry since which each is so. */
    readonly read: readonly { readonly text: string; readonly since: number | null }[]
  }[]
}

export interface TraceViewDocument {
  readonly spec: string
  /** Names and values as text. */
  readonly constants: readonly (readonly [name: string, value: string])[]
  /** Empty for a path that does not decide a property. */
  readonly property: string
  readonly headline: string
  readonly lanes: readonly { readonly name: string; readonly start: string | null }[]
  /** Instances that take no step, and where they stand. */
  readonly idle: readonly string[]
  readonly variables: readonly string[]
  /** The variables that are program counters of lanes. */
  readonly counters: readonly string[]
  readonly entries: readonly TraceEntryDocument[]
  readonly values: readonly ValueDocument[]
  /** The places of the first state that change later, or those of the alias, as text. */
  readonly initial: readonly string[]
  /** The places that are the same throughout. */
  readonly fixed: readonly string[]
  /** For a lasso: the index of the entry to which the last one returns. */
  readonly loop: number | null
  /** Whether the last step is one that does nothing, forever. */
  readonly endsInRest: boolean
  readonly ending: EndingDocument | null
  /** What is true of a lasso that violates no temporal property. */
  readonly judgement: readonly string[]
  /** Where a refinement is violated: what the abstract spec allows instead. */
  readonly options: readonly string[]
  readonly warnings: readonly string[]
  /** The command that finds the trace again. */
  readonly again: string | null
}

/** What a trace does not say itself. */
export interface TraceViewContext {
  readonly spec: string
  readonly constants: { readonly [name: string]: unknown }
  readonly again?: string | undefined
  /** What each entry decides. */
  readonly verdicts?: readonly (readonly Verdict[])[] | undefined
}

export function traceViewDocument(trace: ShownTrace, context: TraceViewContext): TraceViewDocument {
  const { steps, property, loop } = trace
  const { lanes, idle, counters, steps: taken } = lanesOf(trace)
  const variables = variablesOf(steps[0]!.state)
  const numbers = stepNumbers(trace)
  const reasons = reasonsOf(trace)
  const first = steps[0]!
  const fixed = variables.filter((name) => steps.every(({ state }) => is(state.get(name), first.state.get(name))))
  const changing = variables.filter((name) => !fixed.includes(name) && !counters.has(name))
  const table = new ValueTable()
  return {
    spec: context.spec,
    constants: Object.entries(context.constants).map(([name, value]) => [name, show(value)]),
    property,
    headline: headline(trace, PLAIN),
    lanes: lanes.map(({ name, start = null }) => ({ name, start })),
    idle,
    variables,
    counters: variables.filter((name) => counters.has(name)),
    entries: steps.map((step, index) => ({
      number: isStutter(step) ? null : numbers[index]!,
      name: index === 0 ? 'initial state' : stepName(step),
      ...stepOf(taken[index]!, { index, lanes, reasons }),
      state: table.indexesOf(step.state, variables),
      alias: step.alias === undefined ? null : [...step.alias.values].map(([name, it]) => [name, table.indexOf(it)]),
      beside: abstractLines(trace, index),
      lasso: lassoNotes(trace, index),
      verdicts: context.verdicts?.[index] ?? [],
    })),
    values: table.values,
    initial: first.alias === undefined ? placesOf(first.state, changing) : placesOf(first.alias.values),
    fixed: placesOf(first.state, fixed),
    loop: loop ?? null,
    endsInRest: endsInRest(trace),
    ending: endingOf(trace, reasons),
    judgement: judgementOf(trace),
    options: optionLines(trace),
    warnings: aliasFailed(trace, PLAIN),
    again: context.again ?? null,
  }
}

function judgementOf(trace: ShownTrace): string[] {
  if (trace.kind !== 'path' || trace.unmet === undefined) return []
  if (trace.unmet.length === 0) return ['The cycle is fair, and violates no temporal property.']
  const names = trace.unmet.map(({ name, bindings, fairness }) => `${callText(name, bindings)} (${fairness})`)
  return [`The cycle is not fair, so it violates no temporal property. It does not meet ${names.join(', ')}.`]
}

function placesOf(state: Variables, names?: readonly string[]): string[] {
  return wholeState(state, PLAIN, Infinity, names)
}

type StepPart = Pick<TraceEntryDocument, 'lane' | 'label' | 'bindings' | 'at' | 'moves' | 'note' | 'changes'>

function stepOf(
  { lane, label, bindings, at, moves, note, changes }: LaneStep,
  where: { readonly index: number; readonly lanes: readonly Lane[]; readonly reasons: readonly Reason[] },
): StepPart {
  const { index, lanes, reasons } = where
  return {
    lane: lane ?? null,
    label,
    bindings,
    at: at ?? null,
    moves,
    note: note ?? null,
    changes: changes.map((it) => ({
      path: it.path,
      from: 'from' in it ? show(it.from) : null,
      to: 'from' in it ? show(it.to) : valueText(it),
      isCause: isCause(reasons, index, it),
      lane: ownerOf(it, lanes),
    })),
  }
}

/** The lane whose key is the first in a path. */
function ownerOf({ path }: Difference, lanes: readonly Lane[]): number | null {
  const key = /^[^[]*\[(.*?)\]/.exec(path)?.[1]
  const lane = key === undefined ? -1 : lanes.findIndex((it) => it.key === key)
  return lane < 0 ? null : lane
}

function endingOf(trace: ShownTrace, reasons: readonly Reason[]): EndingDocument | null {
  const text = ending(trace)
  if (text === undefined) return null
  return {
    text,
    isGood: trace.kind === 'goal',
    reasons: reasons.map(({ name, read }) => ({
      name,
      read: read.map(({ text, since }) => ({ text, since: since ?? null })),
    })),
  }
}
