/**
 * Finds a lasso among some states: turns a violation found on sets into a trace, with the algorithms of the explicit
 * engine.
 *
 * The states lie along a behavior that was found on sets. This module builds a graph of these states alone, and decides
 * the property on it. So the lasso is a shortest one among these states, but not necessarily of the model. It is
 * confirmed and shown like any other lasso.
 */
import { Alphabet } from '../../../properties/liveness/alphabet.ts'
import { decide } from '../../../properties/liveness/decide.ts'
import { StateGraph } from '../../../properties/liveness/state-graph.ts'
import { disagreement } from '../../../errors.ts'
import { StateSet } from '../../../store/state-set.ts'
import { Successors } from '../../../semantics/successors.ts'
import type { PropertyDefinition } from '../../../spec/model.ts'
import type { TemporalInstance } from '../../../spec/temporal-instances.ts'
import { packInto } from '../../../state/layout.ts'
import type { RunSliced } from '../reachable-set.ts'
import type { Trace } from '../../../trace/trace.ts'
import { lassoTrace } from '../../../trace/lasso-trace.ts'
import { now } from '../../clock.ts'
import type { CheckContext } from '../../context.ts'

/** Slices of work: other tasks run in between. */
const SLICE_MS = 50

/**
 * A fair behavior that violates an instance of a property and visits only the given states, as a trace.
 *
 * @throws {CheckerError} KR501 if there is none; and the errors of `runSliced`
 */
export async function lassoAmong(
  context: CheckContext,
  runSliced: RunSliced,
  property: PropertyDefinition,
  instance: TemporalInstance,
  states: readonly Int32Array[],
): Promise<Trace> {
  let sliceEndsMs = Infinity
  const pause = (): boolean => now() >= sliceEndsMs
  const finish = async <T>(work: Generator<void, T>): Promise<T> => {
    for (;;) {
      const { done, value } = await runSliced(() => {
        sliceEndsMs = now() + SLICE_MS
        return work.next()
      })
      if (done === true) return value as T
    }
  }
  const { model, instances, settings } = context
  const alphabet = new Alphabet(instances, model.fairness)
  alphabet.admit(instance.formula)
  const graph = await runSliced(() => graphOf(context, alphabet, states))
  await finish(graph.build(pause))
  const { violation } = await finish(decide(graph, alphabet, [instance], settings.memoryBytes, pause))
  if (violation === undefined)
    throw disagreement(instance.who, 'the symbolic engine found a violation that the explicit engine does not confirm')
  // A shorter lasso may use other states.
  const found = { ...violation, isShortest: false }
  return await finish(lassoTrace(context, property, graph, alphabet, found, pause))
}

/**
 * A graph of some states, given as slots, and of the steps between them. The generator yields between pieces of work.
 */
function graphOf(
  { layout, evaluator, instances, initial, settings }: CheckContext,
  alphabet: Alphabet,
  states: readonly Int32Array[],
): StateGraph {
  const { width } = layout
  const index = new StateSet(width)
  const words = new Int32Array(width)
  const out = new Successors(width)
  let steps = 0
  for (const slots of states) {
    packInto(layout, slots, words, 0)
    if (!index.add(words, 0)) continue
    evaluator.next.successors(words, 0, out)
    steps += out.size
  }
  return new StateGraph({
    evaluator,
    alphabet,
    initial,
    index,
    width,
    steps,
    instances: instances.length,
    states: index.size,
    maxBytes: settings.memoryBytes,
  })
}
