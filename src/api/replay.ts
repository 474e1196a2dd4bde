/** Replays a saved trace from TypeScript: for tests that keep a counterexample, and see whether it is one still. */
import type { Constants, GivenConstants } from '../spec/constant.ts'
import type { AnySpec, Spec } from '../spec/spec.ts'
import { prepareContext } from '../engine/context.ts'
import { parseTrace, readTrace, type RecordedTrace } from '../trace/replay/recorded-trace.ts'
import type { Recorded } from '../trace/replay/recorded-value.ts'
import { replayTrace, type Replay } from '../trace/replay/replay.ts'

export interface ReplayOptions<C extends Constants = any> {
  /** Instead of those of the trace, by name: does this still happen? */
  readonly constants?: GivenConstants<C> | undefined
}

/** What to call a trace in errors. */
const NAME = 'the trace'

/**
 * Makes the steps of a trace again, by reference evaluation, and looks whether its end is what it says.
 *
 * @param trace - in the Informal Trace Format: its text, or what `JSON.parse` makes of that
 * @returns how far spec and trace agree; that they do not is no error, but a `divergence`
 * @throws {CheckerError} for what is no trace, for constants or a property that the spec does not have, and what a spec function throws on
 *   the way
 */
export function replay<C extends Constants>(
  spec: Spec<C>,
  trace: string | object,
  { constants = {} }: ReplayOptions<NoInfer<C>> = {},
): Replay {
  const recorded = typeof trace === 'string' ? parseTrace(NAME, trace) : readTrace(NAME, trace as Recorded)
  return replayRecorded(spec, recorded, constants)
}

/** @param constants - instead of those of the trace, by name */
export function replayRecorded(
  spec: AnySpec,
  recorded: RecordedTrace,
  constants: { readonly [name: string]: unknown } = {},
): Replay {
  const { name, kind } = recorded.property
  const context = prepareContext(spec, {
    constants: { ...recorded.constants, ...constants },
    interpret: true,
    ...(kind !== 'error' && { properties: [name] }),
  })
  return replayTrace(context, recorded)
}
