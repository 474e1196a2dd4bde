/** Compares the symbolic engine with the explicit one. */
import { expect } from 'vitest'
import { CheckerError } from '../../src/errors.ts'
import { traceDocument } from '../../src/report/json/documents.ts'
import { check } from '../../src/api/check.ts'
import { FailedRun } from '../../src/api/failed-run.ts'
import type { Outcome } from '../../src/api/outcome.ts'
import type { CheckOptions } from '../../src/engine/settings.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

/** The results on which both engines agree. */
export function told({ states, properties, traces, measures, actions, warnings, ...outcome }: Outcome) {
  const { verdict, complete, ending } = outcome
  const { initial, generated, distinct } = states
  return {
    ...{ verdict, complete, ending, properties, measures, initial, generated, distinct },
    traces: traces.map(traceDocument),
    actions: actions.map(({ name, instances, generated: given }) => ({ name, instances, given })),
    warnings: warnings.filter(({ code }) => code !== 'interpreted').map(({ text }) => text),
  }
}

async function outcomeOf(spec: AnySpec, options: CheckOptions): Promise<Outcome | CheckerError> {
  try {
    return await check(spec, { ...options, symmetry: false })
  } catch (thrown) {
    if (thrown instanceof CheckerError) return thrown
    throw thrown
  }
}

/**
 * Checks a spec with both engines, and expects the same results.
 *
 * @returns the engine that gave the second outcome; undefined if the model was refused
 */
export async function compareEngines(spec: AnySpec, options: CheckOptions): Promise<Outcome['engine'] | undefined> {
  const [explicit, symbolic] = [
    await outcomeOf(spec, { ...options, engine: 'explicit' }),
    await outcomeOf(spec, { ...options, engine: 'symbolic' }),
  ]
  if (symbolic instanceof CheckerError && symbolic.code === 'KR404') return undefined
  if (explicit instanceof CheckerError || symbolic instanceof CheckerError) {
    const code = (it: unknown) => (it instanceof CheckerError ? [it.code, it.message] : it)
    expect(code(symbolic)).toEqual(code(explicit))
    if (!(explicit instanceof FailedRun) || !(symbolic instanceof FailedRun)) return 'explicit'
    expect(traceDocument(symbolic.trace)).toEqual(traceDocument(explicit.trace))
    return 'explicit'
  }
  compareOutcomes(explicit, symbolic)
  return symbolic.engine
}

/** Expects the same results of both engines, except those that only one of them gives. */
export function compareOutcomes(explicit: Outcome, symbolic: Outcome): void {
  expect(told(symbolic)).toEqual(told(explicit))
  if (symbolic.states.depth !== undefined) expect(symbolic.states.depth).toBe(explicit.states.depth)
}
