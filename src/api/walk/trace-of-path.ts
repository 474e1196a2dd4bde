/** A path of a walk as a trace, so that the same reports can show it. */
import type { CheckContext } from '../../engine/context.ts'
import type { PropertyDefinition, State } from '../../spec/model.ts'
import { withAbstract } from '../../trace/abstract-trace.ts'
import { withAlias } from '../../trace/alias.ts'
import { endOf, unmetBy, type End } from '../../trace/replay/recorded-end.ts'
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
 * kind `path`, and keeps a loop that closes. A lasso without a property in question is judged by all temporal properties.
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
  const [definition, end] = decided(context, steps, { property, loop })
  const shown = <T extends ShownTrace>(trace: T): T => withAbstract(definition, withAlias(context.model, trace))
  if (definition === undefined || end === undefined) {
    const unmet = loop === undefined ? undefined : unmetBy(context, steps, loop)
    return shown({ property: '', kind: 'path', steps, loop, bindings: {}, failed: [], ...(unmet && { unmet }) })
  }
  const { name, kind } = definition
  const { bindings, failed, fairness } = end
  const trace: Trace = { property: name, kind, steps, loop: kind === 'temporal' ? loop : undefined, bindings, failed }
  return shown({ ...trace, ...(fairness && { fairness }) })
}

/**
 * The property that the end of the path decides, and how. Without a property in question, that is the first temporal property
 * that a lasso violates.
 */
function decided(
  context: CheckContext,
  steps: readonly TraceStep<State>[],
  { property, loop }: PathEnd,
): readonly [PropertyDefinition | undefined, End | undefined] {
  const { properties } = context.settings
  const asked = properties.filter(({ name, kind }) =>
    property === undefined ? kind === 'temporal' && loop !== undefined : name === property,
  )
  for (const definition of asked) {
    const end = endOf(context, { ...definition, bindings: undefined, loop }, steps)
    if (end !== undefined) return [definition, end]
  }
  return [asked.find(({ name }) => name === property), undefined]
}
