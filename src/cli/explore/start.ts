/** Where the page begins, as the fragment of its address. */
import { unknownName } from '../../errors.ts'
import { replayRecorded } from '../../api/replay.ts'
import { namesOfTrace } from '../../api/walk/path.ts'
import { spellingOf } from '../../spec/constant-text.ts'
import type { RecordedTrace } from '../../trace/replay/recorded-trace.ts'
import type { Given } from '../commands/options.ts'
import { stderr } from '../streams.ts'
import { START, toFragment } from './place.ts'
import type { Session } from './session.ts'

interface Start {
  readonly constant: Given
  /** The property of which to open the trace. */
  readonly property: string | undefined
  readonly recorded: RecordedTrace | undefined
}

/** @throws {CheckerError} for a mistake in the spec, the constants or the name of the property */
export function startOf(session: Session, { constant, property, recorded }: Start): string {
  if (recorded !== undefined) return ofTrace(session, recorded, constant)
  const { properties, spec } = session.walk(constant)
  const names = properties.map(({ name }) => name)
  if (property !== undefined && !names.includes(property)) throw unknownName('property', property, names, spec)
  const place = {
    ...START,
    view: property === undefined ? START.view : 'trace',
    constants: constant,
    property,
  } as const
  return `#${toFragment(place)}`
}

/** The part of a trace that the spec still has. */
function ofTrace(session: Session, recorded: RecordedTrace, given: Given): string {
  const { trace, divergence } = replayRecorded(session.spec, recorded, given)
  const { constants: declared } = session.spec
  const chosen = Object.entries({ ...recorded.constants, ...given }).filter(([name, value]) => {
    return Object.hasOwn(given, name) || spellingOf(value) !== spellingOf(declared[name]?.initial)
  })
  const constants = Object.fromEntries(
    chosen.map(([name, value]) => [name, Object.hasOwn(given, name) ? given[name]! : spellingOf(value)]),
  )
  const path = namesOfTrace(session.walk(constants), trace)
  if (divergence !== undefined && divergence.problem !== 'not-violated') {
    stderr.write(`The spec does not have step ${divergence.step} of the trace. The page shows the steps before it.\n`)
  }
  const isWhole = path.length === trace.steps.length
  const { kind, property } = trace
  const place = {
    view: 'trace',
    constants,
    path,
    at: Math.max(0, path.length - 1),
    loop: isWhole ? trace.loop : undefined,
    property: isWhole && kind !== 'error' ? property : undefined,
  } as const
  return `#${toFragment(place)}`
}
