/** What came of replaying a trace, for people and as a document. */
import { callText } from '../../spec/bindings.ts'
import type { Divergence, Replay } from '../../trace/replay/replay.ts'
import type { PlaceDifference } from '../../trace/replay/recorded-value.ts'
import { inWords } from '../../spec/show.ts'
import { traceDocument } from '../json/documents.ts'
import { stepNumbers } from '../../trace/trace.ts'
import { plainJson, type Json } from '../json/plain.ts'
import { plural, show } from '../show.ts'
import { flow, type Style } from './style.ts'
import { traceText } from './trace.ts'
import { VERSION } from '../version.ts'

/** More differing places than this are counted, not shown. */
const MAX_PLACES = 12

/** The lines of a replay: spec and constants, the trace as far as it goes, and what came of it. */
export function replayText(replay: Replay, style: Style, { full = false }: { full?: boolean } = {}): string[] {
  const { spec, constants, trace, divergence } = replay
  const shown = Object.entries(constants).map(([name, value]) => style.faint(`${name}=${show(value)}`))
  const heading = flow([style.strong(spec), ...shown], style.width, ' ')
  if (divergence === undefined)
    return [...heading, '', ...traceText(trace, style, { full }), ...verdictOf(replay, style)]
  const followed = trace.steps.length === 0 ? [] : traceText(trace, style, { full }).slice(2)
  const end = followed.findLastIndex((line) => line !== '') + 1
  return [
    ...heading,
    '',
    ...followed.slice(0, end),
    ...(end === 0 ? [] : ['']),
    ...verdictOf(replay, style),
    ...placesOf(divergence, style),
  ]
}

/** One line: `replays: noReuse is violated at step 5`, or where it does not. */
export function verdictOf({ trace, divergence, failure }: Replay, style: Style): string[] {
  const { property, kind, bindings, steps, loop } = trace
  const before = loop === undefined ? 0 : stepNumbers(trace)[loop]
  const name = style.strong(callText(property, bindings))
  const at = steps.length === 1 ? 'in the initial state' : `at step ${steps.length - 1}`
  if (divergence === undefined) {
    const how = kind === 'goal' ? style.good('is reached') : style.bad(failure === undefined ? 'is violated' : 'fails')
    const where = loop === undefined ? at : `by the loop from step ${before}`
    return [`${style.good('replays:')} ${name} ${how} ${where}`]
  }
  return [`${style.doubtful('does not replay:')} ${sentence(divergence, property, trace.kind)}`]
}

/** Where spec and trace part, in a sentence. */
function sentence(
  { step, action, problem, instead }: Divergence,
  property: string,
  kind: Replay['trace']['kind'],
): string {
  const before = step <= 1 ? 'in the initial state' : `after step ${step - 1}`
  const other =
    instead.length === 0 ? '' : `; ${instead.slice(0, 3).join(', ')} would lead to the next state of the trace`
  switch (problem) {
    case 'not-initial':
      return 'the first state of the trace is not an initial state of the spec'
    case 'no-such-action':
      return `${before}, the trace takes ${action}, but the spec does not have this action${other}`
    case 'not-enabled':
      return `${before}, ${action ?? 'no action'} is ${action === undefined ? '' : 'not '}enabled${other}`
    case 'leads-elsewhere':
      return action === undefined
        ? `${before}, no action leads to the next state of the trace`
        : `${before}, ${action} does not lead to the next state of the trace${other}`
    case 'no-return':
      return `after step ${step - 1}, no action leads back to the start of the loop`
    case 'not-violated': {
      const end = step === 0 ? 'in the initial state' : `after step ${step}`
      if (kind === 'goal') return `every step replays, but ${end} ${property} is not reached`
      if (kind === 'error') return `every step replays, but ${end} ${property} does not fail`
      return `every step replays, but ${end} ${property} is not violated`
    }
  }
}

/** `owner[block1]: spec gives free, trace has file2`, and so on. */
function placesOf({ places }: Divergence, style: Style): string[] {
  const lines = places.slice(0, MAX_PLACES).map(({ path, spec, trace }) => {
    // A label and a number may read the same.
    const text = show(spec) === show(trace) ? inWords : show
    const value = (it: unknown): string => (it === undefined ? 'no such variable' : style.strong(text(it)))
    return `  ${path}: spec gives ${value(spec)}, trace has ${value(trace)}`
  })
  return places.length <= MAX_PLACES ? lines : [...lines, `  and ${plural(places.length - MAX_PLACES, 'other place')}`]
}

/** The document of a replay: the trace as the spec makes it, and where that differs from the file. */
export function replayDocument({ spec, constants, trace, divergence, failure }: Replay): {
  readonly [name: string]: Json
} {
  const { property, kind } = trace
  const result = divergence !== undefined ? 'unknown' : kind === 'goal' ? 'reached' : failure ? 'fails' : 'violated'
  return {
    kripke: VERSION,
    spec,
    constants: plainJson(constants),
    property: { name: property, kind },
    replays: divergence === undefined,
    result,
    differs: divergence === undefined ? null : divergenceDocument(divergence),
    trace: traceDocument(trace),
    ...(failure && { error: { code: failure.code, message: failure.message, hint: failure.hint ?? null } }),
  }
}

function divergenceDocument({ step, action, problem, places, instead }: Divergence): Json {
  const side = (name: string, value: unknown): { [name: string]: Json } =>
    value === undefined ? {} : { [name]: plainJson(value) }
  return {
    step,
    action: action ?? null,
    problem,
    variables: places.map((it: PlaceDifference) => ({
      path: it.path,
      ...side('spec', it.spec),
      ...side('trace', it.trace),
    })),
    instead,
  }
}
