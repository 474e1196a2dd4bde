/** Replays a saved trace from TypeScript, for tests that keep a counterexample. */
import type { Constants, GivenConstants } from '../spec/constant.ts'
import type { AnySpec, Spec } from '../spec/spec.ts'
import { prepareContext } from '../engine/context.ts'
import { untilAllElementsAreKnownSync } from '../engine/growth.ts'
import { parseTrace, readTrace, type RecordedTrace } from '../trace/replay/recorded-trace.ts'
import type { Recorded } from '../trace/replay/recorded-value.ts'
import { replayTrace, type Replay } from '../trace/replay/replay.ts'

export interface ReplayOptions<C extends Constants = any> {
  /** Constants that replace the trace's own, by name. */
  readonly constants?: GivenConstants<C> | undefined
}

/** The name of a trace in errors. */
const NAME = 'the trace'

/**
 * Repeats the steps of a trace by reference evaluation, and tests whether the trace still decides its property.
 *
 * @param trace - in the Informal Trace Format: its text, or what `JSON.parse` makes of that
 * @returns how far spec and trace agree. A difference is not an error, but a `divergence`
 * @throws {CheckerError} KR106 if it is not a trace, KR102 for a constant or property that the spec does not have, and the error of a
 *   spec function that fails on the way
 */
export function replay<C extends Constants>(
  spec: Spec<C>,
  trace: string | object,
  { constants = {} }: ReplayOptions<NoInfer<C>> = {},
): Replay {
  const recorded = typeof trace === 'string' ? parseTrace(NAME, trace) : readTrace(NAME, trace as Recorded)
  return replayRecorded(spec, recorded, constants)
}

/** @param constants - replace the trace's own, by name */
export function replayRecorded(
  spec: AnySpec,
  recorded: RecordedTrace,
  constants: { readonly [name: string]: unknown } = {},
): Replay {
  const { name, kind } = recorded.property
  const options = {
    constants: { ...recorded.constants, ...constants },
    interpret: true,
    ...(kind !== 'error' && { properties: [name] }),
  }
  return untilAllElementsAreKnownSync(options, (own) => replayTrace(prepareContext(spec, own), recorded))
}
