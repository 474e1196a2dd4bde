/** What came of following logs, as a document. */
import type { LogOutcome } from '../../api/conform.ts'
import { callText } from '../../spec/bindings.ts'
import type { Deviation, NumberedEvent } from '../../trace/conform/deviation.ts'
import { actionsOf } from '../../trace/conform/event.ts'
import { VERSION } from '../version.ts'
import { plainJson, type Json } from './plain.ts'

/** The document of `kripke conform --json`. */
export function conformDocument(spec: string, outcomes: readonly LogOutcome[]): { readonly [name: string]: Json } {
  const result = outcomes.find((outcome) => outcome.result !== undefined)?.result
  return {
    kripke: VERSION,
    spec,
    constants: plainJson(result?.constants ?? {}),
    hidden: result?.hidden ?? [],
    maxHidden: result?.maxHidden ?? null,
    verdict: worst(outcomes),
    logs: outcomes.map(logDocument),
  }
}

/** `conforms` if every log does. */
function worst(outcomes: readonly LogOutcome[]): string {
  const verdicts = outcomes.map(verdictOf)
  return ['unreadable', 'failed', 'incomplete', 'deviates'].find((verdict) => verdicts.includes(verdict)) ?? 'conforms'
}

function verdictOf({ result, error }: LogOutcome): string {
  return result?.verdict ?? (error?.code === 'KR108' ? 'unreadable' : 'failed')
}

function logDocument(outcome: LogOutcome): Json {
  const { log, result, error } = outcome
  return {
    log,
    verdict: verdictOf(outcome),
    events: result?.events ?? null,
    skipped: result?.skipped ?? null,
    states: result?.states ?? null,
    isCut: result?.isCut ?? null,
    ...(result?.reason !== undefined && { reason: result.reason }),
    actions: [...(result?.actions ?? [])].map(([name, events]) => ({ name, events })),
    deviation: result?.deviation === undefined ? null : deviationDocument(result.deviation),
    error: error === undefined ? null : { code: error.code, message: error.message, hint: error.hint ?? null },
  }
}

function deviationDocument(deviation: Deviation): Json {
  const { problem, last, count, states, isCut, allowed, nearest, outside, unknown } = deviation
  return {
    event: eventDocument(deviation),
    last: last === undefined ? null : eventDocument(last),
    problem,
    outside: outside.map(({ path, log, expected }) => ({ path, log: plainJson(log), expected })),
    unknown: unknown.map(({ name }) => name),
    states: { count, shown: states.map(plainJson), isCut },
    allowed: allowed.map(({ action, bindings, states: of }) => ({
      step: callText(action, bindings),
      action,
      bindings: plainJson(bindings),
      states: of,
    })),
    nearest:
      nearest === undefined
        ? null
        : {
            action: nearest.action ?? null,
            bindings: plainJson(nearest.bindings),
            otherAction: nearest.isOtherAction,
            before: plainJson(nearest.before),
            after: plainJson(nearest.after),
            differences: nearest.differences.map(({ path, spec, log }) => ({
              path,
              spec: plainJson(spec ?? null),
              log: plainJson(log),
            })),
          },
  }
}

function eventDocument({ number, event, place }: NumberedEvent): Json {
  return {
    number,
    line: place?.line ?? null,
    text: place?.text ?? null,
    actions: actionsOf(event) ?? null,
    bindings: plainJson(event.bindings ?? {}),
    observes: event.observes === undefined ? null : plainJson(event.observes),
  }
}
