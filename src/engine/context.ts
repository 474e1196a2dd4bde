/** The input of an engine: a spec with fixed constants, the settings, and the evaluators. */
import type { ModelContext } from '../semantics/context.ts'
import type { ReducedNextState } from '../semantics/dependencies/reduced-next-state.ts'
import { InitialStates } from '../semantics/initial-states.ts'
import { LearnedEvaluator } from '../semantics/learned/learned-evaluator.ts'
import { ReferenceEvaluator } from '../semantics/reference.ts'
import { tellStates } from '../spec/calls.ts'
import { actionInstances } from '../spec/instances.ts'
import { instantiateRefined } from '../semantics/refinement/refined-model.ts'
import type { AnySpec } from '../spec/spec.ts'
import { decode } from '../state/codec.ts'
import type { Elements } from '../state/new-elements.ts'
import { restoreValues, type AttemptsRecord } from './checkpoint.ts'
import { now } from './clock.ts'
import { Ended, endingFor, type Ending } from './ending.ts'
import { countCallsOf, layOutKnown } from './growth.ts'
import { Pace } from './pace.ts'
import { settle, type CheckOptions, type Settings } from './settings.ts'

export interface CheckContext extends ModelContext {
  readonly constantsRead: ReadonlySet<string>
  readonly settings: Settings
  /** The bound that ended the run during the packing of initial states; undefined if all are packed. */
  readonly initialCut: Ending | undefined
  readonly startedMs: number
  /** The elements of sparse sets that have slots. */
  readonly elements: Elements
  /** A reduced next-state relation for the explicit engine to explore; undefined without partial-order reduction. */
  readonly reducedNext?: ReducedNextState | undefined
  /** The attempts of the auto policy, which a checkpoint keeps; undefined with another policy. */
  readonly attempts?: { record(): AttemptsRecord } | undefined
}

/** Milliseconds since the run began. */
export function elapsedMs({ startedMs }: Pick<CheckContext, 'startedMs'>): number {
  return now() - startedMs
}

/** A spec with fixed constants, before its initial states are known. */
type Instantiated = Omit<CheckContext, 'initial' | 'initialCut' | 'evaluator' | 'reference'>

function instantiateWith(spec: AnySpec, options: CheckOptions): Instantiated {
  const startedMs = now()
  const { name, constants, constantsRead, model } = instantiateRefined(spec, options.constants)
  const settings = settle(name, model, options)
  const instances = actionInstances(model)
  const { layout, elements } = layOutKnown(options, model, instances)
  tellStates((slots) => decode(layout, slots), layout.slots.length)
  return { name, constants, constantsRead, model, settings, layout, instances, startedMs, elements }
}

function contextFrom(
  options: CheckOptions,
  instantiated: Instantiated,
  initial: Int32Array,
  initialCut: Ending | undefined,
): CheckContext {
  const { layout, instances, settings } = instantiated
  const reference = new ReferenceEvaluator(layout, instances)
  const evaluator = settings.interpret
    ? reference
    : new LearnedEvaluator(layout, instances, settings.seed, { asks: settings.asks })
  countCallsOf(options, evaluator)
  return { ...instantiated, initial, initialCut, evaluator, reference }
}

/**
 * Fixes the constants and prepares the evaluation of the spec.
 *
 * @throws {CheckerError} for a mistake in the spec or the options
 */
export function prepareContext(spec: AnySpec, options: CheckOptions): CheckContext {
  const instantiated = instantiateWith(spec, options)
  const states = new InitialStates(instantiated.model, instantiated.layout)
  states.pack()
  return contextFrom(options, instantiated, states.words, undefined)
}

/**
 * The same, in slices: between them the program can print and handle signals. Bounds apply to the initial states too.
 *
 * @throws {CheckerError} for a mistake in the spec or the options
 */
export async function prepareContextInSlices(spec: AnySpec, options: CheckOptions): Promise<CheckContext> {
  const instantiated = instantiateWith(spec, options)
  await restoreValues(instantiated.layout.interner, options.checkpoints?.saved?.record.values)
  const states = new InitialStates(instantiated.model, instantiated.layout)
  try {
    await packInSlices(states, instantiated)
    return contextFrom(options, instantiated, states.words, undefined)
  } catch (thrown) {
    const ending = endingFor(thrown)
    if (ending === undefined) throw thrown
    return contextFrom(options, instantiated, states.words, ending)
  }
}

/** @throws {Ended} */
async function packInSlices(states: InitialStates, { settings, startedMs }: Instantiated): Promise<void> {
  const stopAtMs = startedMs + settings.timeoutMs
  const pace = new Pace()
  const isTooLarge = (): boolean => states.bytes > settings.memoryBytes
  while (!states.pack(() => pace.isDue() || isTooLarge())) {
    if (isTooLarge()) throw new Ended('memory')
    if (now() >= stopAtMs) throw new Ended('time')
    const elapsed = elapsedMs({ startedMs })
    settings.onProgress({ generated: states.count, distinct: 0, depth: 0, pending: states.count, elapsedMs: elapsed })
    await pace.turn(stopAtMs)
    if (settings.signal?.aborted === true) throw new Ended('interrupted')
  }
}
