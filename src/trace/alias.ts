/**
 * Adds the model's alias to a trace: what reports show of each state instead of its variables.
 *
 * Kripke calls the alias only on the states of traces. It decides nothing, so a failure of it must not hide a trace.
 */
import { fromJS, is, OrderedMap } from 'immutable'
import { notAnAlias, type CheckerError } from '../errors.ts'
import { failureOf } from '../semantics/failure.ts'
import type { Alias } from '../spec/alias.ts'
import { beginCall, endCall } from '../spec/calls.ts'
import type { Model, State } from '../spec/model.ts'
import { purely } from '../spec/purity.ts'
import { inWords } from '../spec/show.ts'
import type { Change } from '../state/describe.ts'
import type { ShownTrace, ShownValues, TraceStep } from './trace.ts'

const WHO = 'alias'

/** The trace with the values of the alias, or with the error of the alias and without any of its values. */
export function withAlias<T extends ShownTrace>({ alias }: Pick<Model, 'alias'>, trace: T): T {
  if (alias === undefined) return trace
  const shown: ShownValues[] = []
  for (const index of trace.steps.keys()) {
    const values = valuesAt(alias, trace.steps, index)
    if (!OrderedMap.isOrderedMap(values)) return { ...trace, aliasFailure: { error: values, step: index } }
    shown.push({ values, changes: index === 0 ? [] : changesBetween(shown[index - 1]!.values, values) })
  }
  return { ...trace, steps: trace.steps.map((step, index) => ({ ...step, alias: shown[index]! })) }
}

function valuesAt(
  alias: Alias<State>,
  steps: readonly TraceStep[],
  index: number,
): OrderedMap<string, unknown> | CheckerError {
  const { action, bindings, thread, state } = steps[index]! as TraceStep<State>
  const before = (steps[index - 1]?.state as State | undefined) ?? state
  const step = { action, bindings, thread: thread?.name, label: thread?.label, before, index }
  try {
    beginCall(WHO, undefined)
    const values: unknown = purely(() => alias(state, step))
    const prototype: unknown = typeof values === 'object' && values !== null ? Object.getPrototypeOf(values) : undefined
    if (prototype !== Object.prototype && prototype !== null) throw notAnAlias(WHO, inWords(values))
    const entries = Object.entries(values as object).filter(([, value]) => value !== undefined)
    // Immutable values can be compared and shown.
    return OrderedMap(entries.map(([name, value]) => [name, fromJS(value)] as const))
  } catch (thrown) {
    return failureOf({ who: WHO, definition: { origin: undefined }, source: alias }, thrown)
  } finally {
    endCall()
  }
}

function changesBetween(before: OrderedMap<string, unknown>, after: OrderedMap<string, unknown>): Change[] {
  const names = [...new Set([...before.keys(), ...after.keys()])]
  return names.flatMap((path) => {
    const [from, to] = [before.get(path), after.get(path)]
    return is(from, to) ? [] : [{ path, from, to }]
  })
}
