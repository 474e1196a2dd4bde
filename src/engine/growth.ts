/**
 * Runs that begin again when a sparse set gets an element without a slot.
 *
 * A run has slots for the elements that discovery found beforehand (`src/semantics/discovery.ts`). If it meets another
 * element, it stops. The next attempt has a slot for it, and discovery looks further, from the state that had it. So results come from one attempt,
 * whose layout depends only on which elements have slots. Slots are in the order of the domain, so nothing that a user
 * sees depends on which attempt it was.
 */
import { assert } from '../errors.ts'
import { discover } from '../semantics/discovery.ts'
import type { Evaluator } from '../semantics/contract.ts'
import type { ActionInstance } from '../spec/instances.ts'
import { domainsIn } from '../spec/domain-values.ts'
import type { Model, State } from '../spec/model.ts'
import { symmetricSetsOf } from '../spec/symmetric-sets.ts'
import { layOut, type Layout } from '../state/layout.ts'
import { NewElements, withElements, type Elements } from '../state/new-elements.ts'
import { allElements, closedUnderSymmetry } from '../state/symmetry/closure.ts'
import { now } from './clock.ts'
import type { CheckOptions } from './settings.ts'

/** Calls of discovery before the first attempt. Each attempt makes three times as many. */
const CALLS = 1000
const CALLS_PER_INSTANCE = 8
const MAX_CALLS = 2 ** 20

/** After this many attempts, each element of a small domain gets a slot. */
const MAX_ATTEMPTS = 8
const SMALL = 4096

/** A model and its action instances. */
interface Walkable {
  readonly model: Model
  readonly instances: readonly ActionInstance[]
}

/** The attempts to run a spec. */
class Attempts {
  readonly startedMs: number = now()
  elements: Elements = []
  /** Whether discovery preceded this attempt. */
  isPrepared = false
  made = 0
  /** Calls of spec functions by discovery and by attempts that stopped. */
  calls = 0
  readonly evaluators: Evaluator[] = []
  /** The models of this attempt's contexts. Each instantiation of a spec makes its own. */
  readonly models: Walkable[] = []
  /** The state that stopped the last attempt, if this thread has it, and its model. */
  stopped: (Walkable & { readonly at: State }) | undefined

  /** Begins the next attempt with slots for the elements that stopped this one. */
  restart({ found, state }: NewElements): void {
    const isNew = found.some(([set, position]) => this.elements[set]?.includes(position) !== true)
    assert(isNew, 'a run began again for elements that have slots')
    this.elements = withElements(this.elements, found)
    this.isPrepared = false
    const walkable = this.models.find(({ model }) => state instanceof (model.schema.factory.record as never))
    this.stopped = state && walkable && { ...walkable, at: state }
    this.models.length = 0
    this.made++
    this.calls += this.evaluators.reduce((sum, { specCalls }) => sum + specCalls, 0)
    this.evaluators.length = 0
  }
}

/**
 * The property of the options that has the attempts. A copy of the options has it too, so each run of a spec uses its
 * own attempts, even if several runs take turns.
 */
const ATTEMPTS: unique symbol = Symbol('attempts')

function attemptsIn(options: object): Attempts | undefined {
  return (options as { [ATTEMPTS]?: Attempts })[ATTEMPTS]
}

/**
 * Runs `body` until all elements that it meets have slots.
 *
 * @param options - `body` gets them with the rest of the time limit. It must use them, or copies, to prepare contexts.
 */
export async function untilAllElementsAreKnown<T, O extends Pick<CheckOptions, 'timeoutMs' | 'checkpoints'>>(
  options: O,
  body: (options: O, attempts: { readonly startedMs: number; readonly calls: number }) => Promise<T>,
): Promise<T> {
  const attempts = attemptsWith(options.checkpoints?.saved?.record.elements)
  const { timeoutMs } = options
  for (;;) {
    const isFirst = attempts.made === 0 || timeoutMs === undefined
    const left = isFirst ? {} : { timeoutMs: Math.max(1, timeoutMs - (now() - attempts.startedMs)) }
    try {
      return await body({ ...options, ...left, [ATTEMPTS]: attempts }, attempts)
    } catch (thrown) {
      if (!(thrown instanceof NewElements)) throw thrown
      attempts.restart(thrown)
    }
  }
}

/** The same for a function that does not wait. */
export function untilAllElementsAreKnownSync<T, O extends object>(options: O, body: (options: O) => T): T {
  const attempts = new Attempts()
  for (;;) {
    try {
      return body({ ...options, [ATTEMPTS]: attempts })
    } catch (thrown) {
      if (!(thrown instanceof NewElements)) throw thrown
      attempts.restart(thrown)
    }
  }
}

/** Options with the elements that another thread knows. They make discovery unnecessary. */
export function withKnownElements<O extends object>(options: O, elements: Elements): O {
  return { ...options, [ATTEMPTS]: attemptsWith(elements) }
}

function attemptsWith(elements: Elements | undefined): Attempts {
  const attempts = new Attempts()
  if (elements === undefined) return attempts
  attempts.elements = elements
  attempts.isPrepared = true
  return attempts
}

/** The same attempts in other options. */
export function withAttemptsOf<O extends object>(options: O, of: object): O {
  const attempts = attemptsIn(of)
  return attempts === undefined ? options : { ...options, [ATTEMPTS]: attempts }
}

/** Counts the calls of an evaluator if its attempt stops. */
export function countCallsOf(options: object, evaluator: Evaluator): void {
  attemptsIn(options)?.evaluators.push(evaluator)
}

/** Whether a variable has slots only for the elements that occur. */
export function hasSparseSets({ schema }: Model): boolean {
  return domainsIn(Object.values(schema.variables)).some((domain) => 'isSparse' in domain && domain.isSparse)
}

/** The layout for this attempt, and the elements that have slots in it. */
export function layOutKnown(
  options: object,
  model: Model,
  instances: readonly ActionInstance[],
): { readonly layout: Layout; readonly elements: Elements } {
  if (!hasSparseSets(model)) return { layout: layOut(model.schema), elements: [] }
  const attempts = attemptsIn(options) ?? new Attempts()
  attempts.models.push({ model, instances })
  if (!attempts.isPrepared) {
    const { shape } = layOut(model.schema)
    const calls = Math.min(MAX_CALLS, (CALLS + CALLS_PER_INSTANCE * instances.length) * 3 ** attempts.made)
    const { model: walked, instances: by, at } = attempts.stopped ?? { model, instances, at: undefined }
    const own = walked === model ? shape : layOut(walked.schema).shape
    const discovered = discover(walked, own, by, calls, { elements: attempts.elements, stoppedAt: at })
    attempts.calls += discovered.calls
    const all = attempts.made < MAX_ATTEMPTS ? [] : allElements(shape, SMALL)
    const elements = withElements(attempts.elements, [...discovered.found, ...all])
    attempts.elements = closedUnderSymmetry(shape, symmetricSetsOf(model).sets, elements)
    attempts.isPrepared = true
  }
  return { layout: layOut(model.schema, attempts.elements), elements: attempts.elements }
}
