/** A path of a walk as a trace, so that the same reports can show it. */
import type { CheckContext } from '../../engine/context.ts'
import type { State } from '../../spec/model.ts'
import { withAbstract } from '../../trace/abstract-trace.ts'
import { withAlias } from '../../trace/alias.ts'
import { endOf } from '../../trace/replay/recorded-end.ts'
import { standing } from '../../trace/trace-step.ts'
import type { ShownTrace, Trace, TraceStep } from '../../trace/trace.ts'

/** How a path is seen. */
export interface PathEnd {
  /** The property of which the path may be a trace. */
  readonly property?: string | undefined
  /** For a lasso: the index of the entry to which the last step returns. */
  readonly loop?: number | undefined
}

/**
 * The trace of a path, with what its end decides about the property by reference evaluation. If it decides nothing, the trace has the
 * kind `path`, and keeps a loop that closes.
 *
 * @param taken - the steps from the initial state `start`
 * @throws {Failure} if the property fails
 */
export function traceOfPath(
  context: CheckContext,
  start: State,
  taken: readonly TraceStep<State>[],
  { property, loop: wanted }: PathEnd,
): ShownTrace {
  const steps = [standing('init', start), ...taken]
  const last = steps.length - 1
  const isClosed = wanted !== undefined && wanted < last && steps[wanted]!.state.equals(steps[last]!.state)
  const loop = isClosed ? wanted : undefined
  const definition = context.settings.properties.find(({ name }) => name === property)
  const end = definition && endOf(context, { ...definition, bindings: undefined, loop }, steps)
  const shown = <T extends ShownTrace>(trace: T): T => withAbstract(definition, withAlias(context.model, trace))
  if (definition === undefined || end === undefined) {
    return shown({ property: '', kind: 'path', steps, loop, bindings: {}, failed: [] })
  }
  const { name, kind } = definition
  const { bindings, failed, fairness } = end
  const trace: Trace = { property: name, kind, steps, loop: kind === 'temporal' ? loop : undefined, bindings, failed }
  return shown({ ...trace, ...(fairness && { fairness }) })
}
