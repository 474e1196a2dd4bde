/** Answers about a path as a trace. */
import { follow } from '../../../api/walk/path.ts'
import type { Verdict } from '../../../api/walk/steps.ts'
import type { Walk } from '../../../api/walk/walk.ts'
import { badOption } from '../../../errors.ts'
import { itfDocument } from '../../../report/json/itf.ts'
import { traceViewDocument, type TraceViewDocument } from '../../../report/json/trace-view.ts'
import { traceHtml } from '../../../report/trace-html.ts'
import { traceMermaid } from '../../../report/trace-mermaid.ts'
import type { ShownTrace } from '../../../trace/trace.ts'
import { againCommand } from '../../commands/again.ts'
import { fullPath } from '../../spec-loader/full-path.ts'
import type { Requests, SavedDocument, SaveFormat, TracePosition } from '../protocol.ts'
import type { Session } from '../session.ts'
import { withStart } from './walk-answers.ts'

/** A path that the spec has, as a trace. */
interface Followed {
  readonly walk: Walk
  readonly trace: ShownTrace
  /** What each entry decides, except for the property at the end. */
  readonly verdicts: readonly (readonly Verdict[])[]
}

export function lanesDocument(session: Session, position: TracePosition): TraceViewDocument {
  return viewOf(session, position, followed(session, position))
}

/** The trace as a file. */
export function savedTrace(session: Session, { format, ...position }: Requests['save']['body']): SavedDocument {
  const found = followed(session, position)
  const { ending, type, text } = FORMATS[format]
  const { spec } = found.walk
  const { property } = found.trace
  const name = [spec, property === '' ? 'path' : property].join('.').replaceAll(/[^\w.-]/g, '_')
  return { name: `${name}.${ending}`, type, text: text(session, position, found) }
}

interface Format {
  readonly ending: string
  readonly type: string
  text(session: Session, position: TracePosition, found: Followed): string
}

const FORMATS: { readonly [name in SaveFormat]: Format } = {
  itf: {
    ending: 'itf.json',
    type: 'application/json',
    // Nobody knows in which folder the browser puts it, so it names the spec by its full path.
    text: ({ file }, _, { trace, walk: { spec, constants } }) =>
      `${JSON.stringify(itfDocument(trace, { spec, file: fullPath(file), constants }), null, 2)}\n`,
  },
  html: {
    ending: 'html',
    type: 'text/html',
    text: (session, position, found) => traceHtml([viewOf(session, position, found)], found.walk),
  },
  mermaid: { ending: 'mmd', type: 'text/plain', text: (_, __, { trace, walk }) => traceMermaid(trace, walk.spec) },
}

function viewOf(
  session: Session,
  { constants }: TracePosition,
  { walk, trace, verdicts }: Followed,
): TraceViewDocument {
  const again = trace.kind === 'path' ? undefined : againCommand(session.file, constants, trace.property, false)
  return traceViewDocument(trace, { spec: walk.spec, constants: walk.constants, verdicts, again })
}

/** @throws {CheckerError} KR101 if the spec does not have the initial state of the path */
function followed(session: Session, { constants, path, loop, property }: TracePosition): Followed {
  const walk = session.walk(constants)
  const { states, steps } = follow(walk, withStart(walk, path))
  const start = states[0]
  if (start === undefined) throw badOption(`the spec does not have the initial state ${path[0]}`)
  const trace = walk.traceOf(start, steps, { loop, property: property === '' ? undefined : property })
  const verdicts = states.map((state, index) =>
    [...(steps[index - 1]?.violates ?? []), ...walk.verdictsOf(state, index === 0)].filter(
      (it) => it.property !== trace.property || index < states.length - 1,
    ),
  )
  return { walk, trace, verdicts }
}
