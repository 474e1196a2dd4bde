/** Outcomes and errors as the JSON documents of `--json`. */
import type { CheckerError } from '../../errors.ts'
import { FailedRun } from '../../api/failed-run.ts'
import type { ActionOutcome, Outcome, PropertyOutcome } from '../../api/outcome.ts'
import type { Simulation } from '../../api/simulation.ts'
import { stepCount, type AbstractBehavior, type Trace } from '../../trace/trace.ts'
import { nulled, plainJson, type Json } from './plain.ts'
import { VERSION } from '../version.ts'

type Document = { readonly [name: string]: Json }

/** What an outcome does not say itself. */
export interface CheckDocumentOptions {
  /** Null where it is not known. */
  readonly peakMemoryBytes: number | null
  /** Whether to say of each action what it cost. */
  readonly profile?: boolean
}

/** The document of one check. */
export function checkDocument(outcome: Outcome, { peakMemoryBytes, profile = false }: CheckDocumentOptions): Document {
  const { spec, constants, verdict, properties, traces, measures, complete, engine, engineChange, symmetry } = outcome
  return {
    kripke: VERSION,
    spec,
    constants: plainJson(constants) as Document,
    verdict,
    properties: properties.map((property) => ({ ...property })),
    traces: traces.map(traceDocument),
    measures: measures.map((measure) => nulled({ ...measure })),
    states: countsDocument(outcome.states),
    complete,
    engine,
    ...(engineChange !== undefined && { engineChange }),
    symmetry,
    por: outcome.por,
    ...(outcome.notReduced !== undefined && { notReduced: outcome.notReduced }),
    specCalls: outcome.specCalls,
    workers: outcome.workers,
    seconds: outcome.seconds,
    bytesPerState: outcome.bytesPerState,
    peakMemoryBytes,
    actions: outcome.actions.map((action) => actionDocument(action, profile)),
    warnings: outcome.warnings.map((warning) => ({ ...warning })),
  }
}

/** Counts. What is more than a number can say is there as a number that is about right, and as text that is exact. */
export function countsDocument({ exact, ...counts }: Outcome['states']): { readonly [name: string]: Json } {
  if (exact === undefined) return nulled(counts)
  const generated = exact.generated === undefined ? null : String(exact.generated)
  return { ...nulled(counts), exact: { generated, distinct: String(exact.distinct) } }
}

/** The document of one simulation. */
export function simulationDocument(simulation: Simulation): Document {
  const { spec, constants, verdict, properties, traces, seed, walks, violation, states, ending } = simulation
  return {
    kripke: VERSION,
    spec,
    constants: plainJson(constants) as Document,
    verdict,
    properties: properties.map((property) => ({ ...property })),
    traces: traces.map(traceDocument),
    seed,
    walks,
    violation: violation === undefined ? null : { ...violation },
    states,
    complete: false,
    ending,
    specCalls: simulation.specCalls,
    workers: simulation.workers,
    seconds: simulation.seconds,
    actions: simulation.actions.map(({ name, instances, generated, taken, evaluation }) => ({
      name,
      instances,
      generated,
      taken,
      evaluation,
    })),
    warnings: simulation.warnings.map((warning) => ({ ...warning })),
  }
}

/** A trace, with whole states. */
export function traceDocument({
  property,
  kind,
  loop,
  steps,
  bindings,
  failed,
  fairness,
  isShortest,
  abstract,
  aliasFailure,
}: Trace): Document {
  return {
    property,
    loop: loop ?? null,
    steps: steps.map(({ action, bindings, chosen, thread, state, note, alias }) => ({
      action,
      bindings: plainJson(bindings) as Document,
      ...(chosen && { chosen: plainJson(chosen) as Document }),
      ...(thread && { thread: thread.name, label: thread.label }),
      ...(note !== undefined && { note }),
      state: plainJson(state),
      ...(alias && { alias: plainJson(alias.values) }),
    })),
    ...(abstract && { abstract: abstractDocument(abstract) }),
    ...(aliasFailure && { aliasFailure: { step: aliasFailure.step, error: mistake(aliasFailure.error) } }),
    ...(kind !== 'error' && {
      bindings: plainJson(bindings) as Document,
      failed: failed.map(({ name, bindings, read }) => ({
        conjunct: name,
        ...(Object.keys(bindings).length > 0 && { bindings: plainJson(bindings) as Document }),
        read: Object.fromEntries(read.map(({ path, value }) => [path, plainJson(value)])),
      })),
    }),
    ...(loop !== undefined && { length: stepCount({ steps }) }),
    ...(isShortest !== undefined && { shortest: isShortest }),
    ...(fairness && {
      fairness: fairness.map(({ name, bindings, fairness, how, step }) => ({
        name,
        bindings: plainJson(bindings) as Document,
        fairness,
        how,
        step,
      })),
    }),
  }
}

/** The document of a mistake; of a failed run it has the trace to where it failed. */
export function errorDocument(error: CheckerError): Document {
  return {
    kripke: VERSION,
    error: {
      ...mistake(error),
      ...(error instanceof FailedRun && { trace: traceDocument(error.trace) }),
    },
    ...(error instanceof FailedRun && {
      properties: error.found.properties.map((property: PropertyOutcome) => ({ ...property })),
      traces: error.found.traces.map(traceDocument),
    }),
  }
}

function abstractDocument({ spec, entries, options }: AbstractBehavior): Document {
  return {
    spec,
    entries: entries.map(({ by, state, outside }) => ({
      action: by?.action ?? null,
      ...(by && { bindings: plainJson(by.bindings) }),
      state: outside === undefined ? plainJson(state) : null,
      ...(outside && { outside: mistake(outside) }),
    })),
    ...(options && {
      options: options.map(({ action, bindings, state }) => {
        return { action, bindings: plainJson(bindings), state: plainJson(state) }
      }),
    }),
  }
}

function mistake({ code, message, hint, details, at }: CheckerError): { readonly [name: string]: Json } {
  return {
    code,
    message,
    hint: hint ?? null,
    ...(at !== undefined && { at }),
    ...(details.length > 0 && { details: Object.fromEntries(details) }),
  }
}

function actionDocument(action: ActionOutcome, profile: boolean): Document {
  const { name, instances, generated, distinct, evaluation, specCalls, treeNodes, slotsRead, remark } = action
  const counts = { name, instances, generated, distinct, evaluation }
  return nulled(profile ? { ...counts, specCalls, treeNodes, slotsRead, remark } : counts)
}
