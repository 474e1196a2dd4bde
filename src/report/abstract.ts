/** The abstract behavior of a trace about a refinement, as lines beside the steps and at the end. */
import { callText } from '../spec/bindings.ts'
import type { ShownTrace } from '../trace/trace.ts'
import { differencesOf, differenceText } from './differences.ts'
import { plural } from './show.ts'
import { PLAIN } from './text/style.ts'
import { wholeState, type Variables } from './text/state.ts'

/** More steps than this are counted, not shown. */
const MAX_OPTIONS = 8

/** What the abstract spec does at a step: `queue: send(a): items +a`. Empty for a trace without one. */
export function abstractLines({ abstract, steps }: ShownTrace, index: number, full: boolean = false): string[] {
  if (abstract === undefined) return []
  const { by, changes, state, outside } = abstract.entries[index]!
  const { spec } = abstract
  if (outside !== undefined) return [`${spec}: no such state, because ${outside.message}`]
  const isWhole = full || index === 0
  const places = isWhole
    ? wholeState(state as Variables, PLAIN, Infinity)
    : differencesOf(changes).map((difference) => differenceText(difference))
  const told = places.length === 0 ? [] : [places.join(', ')]
  if (index === 0)
    return [[`${spec}: ${by === undefined ? 'not an initial state' : 'initial state'}`, ...told].join(': ')]
  if (by?.action === 'stutter' && changes.length === 0) return [`${spec}: stutters`]
  const name =
    by === undefined
      ? abstract.entries[index - 1]!.state === undefined
        ? 'from no state'
        : 'no step'
      : callText(by.action, by.bindings)
  return steps[index] === undefined ? [] : [[`${spec}: ${name}`, ...told].join(': ')]
}

/** Where a refinement is violated: what the abstract spec allows instead. */
export function optionLines({ abstract, steps }: ShownTrace): string[] {
  if (abstract?.options === undefined) return []
  const { options, spec } = abstract
  const isBeginning = steps.length === 1
  const lines = options.slice(0, MAX_OPTIONS).map(({ action, bindings, state, changes }) => {
    const places =
      isBeginning && changes.length === 0
        ? wholeState(state as Variables, PLAIN, Infinity)
        : differencesOf(changes).map((it) => differenceText(it))
    return `  ${isBeginning ? 'an initial state' : callText(action, bindings)}: ${places.join(', ')}`
  })
  const rest = options.length - lines.length
  const more = rest > 0 ? [`  and ${plural(rest, 'other')}`] : []
  if (isBeginning) return [`nearest in ${spec}:`, ...lines]
  return options.length === 0
    ? [`${spec} has no step from there, except stuttering`]
    : [`${spec} could stutter there, or do one of:`, ...lines, ...more]
}
