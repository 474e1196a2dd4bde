/** Finds the traces of what an exploration decided. */
import type { Failure } from '../semantics/failure.ts'
import { purely } from '../spec/purity.ts'
import { endingFor, type Ending } from '../engine/ending.ts'
import type { Exploration } from '../engine/engine.ts'
import { counterexample, traceToFailure, type DecidedProperty } from '../trace/counterexample.ts'
import { witnessTo } from '../trace/witness.ts'
import type { Trace } from '../trace/trace.ts'

export interface Counterexamples {
  /** The traces of the decided properties, in the order of the spec; empty if Kripke did not find them in time. */
  readonly traces: readonly Trace[]
  readonly decided: readonly DecidedProperty[]
  /** The trace to the state on which a spec function failed, and how it fails there. */
  readonly toFailure: { readonly trace: Trace; readonly failure: Failure } | undefined
  /** What ended the work before it was done. */
  readonly cut: Ending | undefined
}

/**
 * Finds the counterexamples of an exploration. The seen states may be lost by it.
 *
 * @throws {CheckerError} KR501 if reference evaluation does not confirm one; {Failure} if a function fails that did not before
 */
export async function findCounterexamples(exploration: Exploration): Promise<Counterexamples> {
  const { monitor, settings } = exploration
  const { findings, failure } = monitor
  const decided = settings.properties.flatMap((property): DecidedProperty[] => {
    const finding = findings.get(property)
    return finding === undefined ? [] : [[property, finding]]
  })
  const locations = [...decided.map(([, finding]) => finding), ...(failure === undefined ? [] : [failure])]
  try {
    const paths = locations.length === 0 ? [] : await exploration.pathsTo(locations)
    const found = purely(() => decided.map((it, index) => counterexample(exploration, it, paths[index]!)))
    const traces = exploration.reducedNext === undefined ? found : found.map(perhapsLonger)
    const toFailure =
      failure &&
      purely(() => {
        const { place, path } = witnessTo(exploration, failure, paths.at(-1)!)
        return { trace: traceToFailure(exploration, place, path), failure: place.failure }
      })
    return { traces, decided, toFailure, cut: undefined }
  } catch (thrown) {
    const cut = endingFor(thrown)
    if (cut === undefined) throw thrown
    return { traces: [], decided, toFailure: undefined, cut }
  }
}

/** A trace of a reduced search. Only deadlocks keep their distance. */
function perhapsLonger(trace: Trace): Trace {
  return trace.kind === 'deadlock' ? trace : { ...trace, isShortest: false }
}
