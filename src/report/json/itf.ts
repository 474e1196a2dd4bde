/**
 * Traces in the Informal Trace Format, which other tools read too.
 *
 * The format is Apalache's (its architecture decision record 15). It has no null, so `null` is written as the empty tuple, and no
 * number but integers, so another is written as text under `#unserializable`. What the format leaves to the tool is under `#meta`,
 * its values written like those of states.
 */
import { isList, isMap, isRecord, isSet } from 'immutable'
import { isBag } from '../../spec/bag.ts'
import { callText, type Bindings } from '../../spec/bindings.ts'
import type { ShownTrace, TraceStep } from '../../trace/trace.ts'
import type { Json } from './plain.ts'
import { sorted } from '../show.ts'
import { headline } from '../text/trace.ts'
import { PLAIN } from '../text/style.ts'
import { VERSION } from '../version.ts'

type Document = { readonly [name: string]: Json }

/** What a trace does not say itself. */
export interface TraceOrigin {
  /** The spec's name. */
  readonly spec: string
  /** The spec's file, relative to that of the trace. */
  readonly file: string
  readonly constants: { readonly [name: string]: unknown }
}

/** The document of a trace, with all that it takes to replay it. Kripke does not replay a path that decides nothing. */
export function itfDocument(trace: ShownTrace, { spec, file, constants }: TraceOrigin): Document {
  const { property, kind, bindings } = trace
  const { steps, returns } = withoutRepetition(trace)
  return {
    '#meta': {
      format: 'ITF',
      'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
      source: file,
      description: `${spec}: ${headline(trace, PLAIN)}`,
      kripke: VERSION,
      spec: { name: spec, file },
      constants: values(constants),
      ...(kind !== 'path' && { property: { name: property, kind, bindings: values(bindings) } }),
      ...(returns && { returns: actionOf(returns) }),
    },
    vars: steps[0]!.state.toSeq().keySeq().toArray(),
    states: steps.map((step, index) => ({
      '#meta': { index, ...actionOf(step), ...(step.alias && { alias: values(step.alias.values.toObject()) }) },
      ...(itfValue(step.state) as Document),
    })),
    ...(trace.loop !== undefined && { loop: trace.loop }),
  }
}

/**
 * In this format the state after the last is the one at `loop`. So a last step that leads back to that very state is left out of the
 * states, and what was done goes into the trace's `#meta`.
 */
function withoutRepetition({ steps, loop }: ShownTrace): { steps: readonly TraceStep[]; returns?: TraceStep } {
  const last = steps.at(-1)!
  if (loop === undefined || loop === steps.length - 1 || !last.state.equals(steps[loop]!.state)) return { steps }
  return { steps: steps.slice(0, -1), returns: last }
}

function actionOf({ action, bindings, chosen, thread, note }: TraceStep): Document {
  return {
    action,
    bindings: values(bindings),
    ...(chosen && { chosen: values(chosen) }),
    ...(note !== undefined && { note }),
    ...(thread && { thread: callText(thread.name, instanceOf(thread, bindings)), label: thread.label }),
  }
}

/** The binding that tells the instances of a thread apart. */
function instanceOf({ instance }: NonNullable<TraceStep['thread']>, bindings: Bindings): Bindings {
  return instance === undefined ? {} : { [instance]: bindings[instance] }
}

function values(named: { readonly [name: string]: unknown }): Document {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, itfValue(value)]))
}

/** A value in the format: integers as text, since many readers of JSON know only small ones; sets in an order of their own; a bag as the map from its elements to their numbers. */
export function itfValue(value: unknown): Json {
  if (isSet(value)) return { '#set': sorted(value).map(itfValue) }
  if (isList(value)) return value.toArray().map(itfValue)
  if (isRecord(value))
    return Object.fromEntries(
      value
        .toSeq()
        .entrySeq()
        .map(([name, it]) => [name, itfValue(it)]),
    )
  if (isMap(value)) return { '#map': [...value].map(([key, it]) => [itfValue(key), itfValue(it)]) }
  if (isBag(value)) {
    return { '#map': sorted(value).map((element) => [itfValue(element), itfValue(value.count(element))]) }
  }
  if (Array.isArray(value)) return value.map(itfValue)
  if (typeof value === 'object' && value !== null) return values(value as { readonly [name: string]: unknown })
  if (value === null || value === undefined) return { '#tup': [] }
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return { '#bigint': String(value) }
  if (typeof value === 'number') return { '#unserializable': String(value) }
  return value as boolean | string
}
