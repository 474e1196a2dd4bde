/**
 * Checks the claim of a spec that sets are symmetric.
 *
 * It compares the results of each function before and after an exchange of two members. It does so on every state that
 * the search found and on every permutation of such a state, case by case (`cases.ts`). That decides the claim. If a
 * function has too many cases, or there are too many states, it compares a sample as well (`sample.ts`).
 */
import { notSymmetric } from '../../errors.ts'
import { StateSet } from '../../store/state-set.ts'
import { observeAction, observeState, observeStep } from '../../semantics/learned/observation.ts'
import { rngFrom } from '../../semantics/learned/probe.ts'
import type { Way } from '../../state/tracked/reader.ts'
import { Oracle, type LearnableFunction } from '../../semantics/learned/oracle.ts'
import { hash } from '../../semantics/hash.ts'
import { Successors } from '../../semantics/successors.ts'
import { stepView } from '../../semantics/reference.ts'
import type { ActionInstance, Question } from '../../spec/instances.ts'
import { decode } from '../../state/codec.ts'
import { compareStates } from '../../state/order.ts'
import { unpack } from '../../state/layout.ts'
import { PermutedInstances } from '../../state/symmetry/permuted-instances.ts'
import type { Permutation, Symmetry } from '../../state/symmetry/symmetry.ts'
import type { AuditContext } from '../audit-context.ts'
import { Cases, type Asymmetry } from './cases.ts'
import { breaksSymmetry, functionsOf, type SpecFunctions } from './functions.ts'
import { SymmetrySample } from './sample.ts'

/** How many cases of all functions together to compare. A longer search gets more. */
const MIN_CASES = 20_000
const CASES_PER_STATE = 5
const MAX_CASES = 100_000

/** Maximal number of pairs of a state and a function to examine. */
const LOOKS = 10_000_000

/** Number of states to examine first. */
const FIRST = 500

/** How many states to sort at a time. */
const BATCH = 50_000

/**
 * Requires that the initial states have the declared symmetry.
 *
 * @throws {CheckerError} KR508
 */
export function requireSymmetricStart(symmetry: Symmetry, initial: Int32Array, width: number): void {
  const count = initial.length / width
  const known = new StateSet(width)
  for (let offset = 0; offset < initial.length; offset += width) known.add(initial, offset)
  for (let index = 0; index < count; index++) {
    for (const permutation of symmetry.neighbors()) {
      const image = initial.slice(index * width, (index + 1) * width)
      symmetry.permute(image, 0, permutation)
      if (!known.has(image, 0)) throw notSymmetric('init', symmetry.inWords(permutation))
    }
  }
}

/**
 * Checks that the functions of a run treat members alike.
 *
 * @param isBrief - whether to compare only a sample, because the run is out of time or memory
 * @returns the names of the functions with cases that were not compared; none if `isBrief`
 * @throws {CheckerError} KR508 for a function that tells members apart
 */
export function auditSymmetry(run: AuditContext, symmetry: Symmetry, isBrief: boolean): string[] {
  const functions = functionsOf(run)
  const sample = new SymmetrySample(run, symmetry, functions)
  if (isBrief) {
    sample.take(rngFrom(run.settings.seed))
    return []
  }
  const audit = new SymmetryAudit(run, symmetry, functions)
  const sampled = audit.compareCases()
  run.reference.specCalls += audit.trackedCalls
  if (sampled.length > 0) sample.take(rngFrom(run.settings.seed))
  return sampled
}

class SymmetryAudit {
  readonly #run: AuditContext
  readonly #symmetry: Symmetry
  readonly #functions: SpecFunctions
  readonly #oracle: Oracle
  readonly #definitions: readonly { readonly name: string }[]
  readonly #actions: Cases
  readonly #states: Cases
  /** For each question about steps, one function per action instance, in order. */
  readonly #steps: Cases

  constructor(run: AuditContext, symmetry: Symmetry, functions: SpecFunctions) {
    this.#run = run
    this.#symmetry = symmetry
    this.#functions = functions
    const { layout, reference, settings } = run
    const { instances, states, steps } = functions
    const count = layout.slots.length
    const oracle = new Oracle(layout, rngFrom(settings.seed), settings.asks)
    this.#oracle = oracle
    this.#definitions = [...new Set([...instances, ...states, ...steps].map(({ definition }) => definition))]
    const most = Math.ceil(MIN_CASES / this.#definitions.length)
    const cases = (
      subjects: readonly LearnableFunction[],
      imageOf: (permutation: Permutation) => readonly number[],
      isOfSteps: boolean,
    ): Cases => new Cases(subjects, { layout, oracle, symmetry }, imageOf, { isOfSteps, most })
    const imagesOf = (all: readonly (ActionInstance | Question)[]): ((by: Permutation) => readonly number[]) => {
      const known = new PermutedInstances(all)
      return (by) => all.map((it) => known.image(it, symmetry.renaming(by)))
    }
    const [ofActions, ofSteps] = [imagesOf(instances), imagesOf(steps)]
    this.#actions = cases(
      instances.map((instance) => ({
        of: instance,
        observe: (slots, way) => observeAction(layout, instance, slots, way),
        refer: (slots) => reference.successorSlots(instance, decode(layout, slots)),
      })),
      ofActions,
      false,
    )
    this.#states = cases(
      states.map((question) => ({
        of: question,
        observe: (slots, way) => observeState(layout, question, slots, way),
        refer: (slots) => reference.answer(question, decode(layout, slots)),
      })),
      imagesOf(states),
      false,
    )
    this.#steps = cases(
      steps.flatMap((question) =>
        instances.map((by) => ({
          of: question,
          observe: (slots: Int32Array, way?: Way) => observeStep(layout, question, by, slots, way),
          refer: (slots: Int32Array) => {
            const [before, after] = [decode(layout, slots.subarray(0, count)), decode(layout, slots.subarray(count))]
            return reference.answer(question, stepView(by, before, after))
          },
        })),
      ),
      (by) => {
        const actions = ofActions(by)
        return ofSteps(by).flatMap((question) => actions.map((action) => question * instances.length + action))
      },
      true,
    )
  }

  /** Tracked calls of the spec's functions. */
  get trackedCalls(): number {
    return this.#oracle.trackedCalls
  }

  /** @returns the names of the functions that have more cases than were compared. @throws {CheckerError} KR508 */
  compareCases(): string[] {
    const part = this.#part()
    // A few states show most of what functions read, so few cases have to be compared again.
    this.#compareFound(Math.min(part, FIRST / this.#run.states.found))
    const cut = this.#compareFound(part)
    return (part < 1 ? this.#definitions : cut).map(({ name }) => name)
  }

  /** Compares functions on a part of the states. @returns the definitions with more cases than may be compared */
  #compareFound(part: number): readonly { readonly name: string }[] {
    const all = [this.#actions, this.#states, this.#steps]
    const most = Math.min(MAX_CASES, MIN_CASES + CASES_PER_STATE * this.#run.states.found)
    for (;;) {
      do {
        for (const cases of all) cases.hasGrown = false
        this.#goThrough(this.#someFound(part))
      } while (all.some(({ hasGrown }) => hasGrown))
      const cut = all.flatMap((cases) => cases.overLimit)
      const compared = all.reduce((sum, cases) => sum + cases.compared, 0)
      // Functions that need more cases share the number that the others left.
      const left = Math.floor((most - compared) / Math.max(1, cut.length))
      if (cut.length === 0 || left < MIN_CASES / 10) return cut
      for (const cases of all) cases.allowMore(cases.overLimit, left)
    }
  }

  /** The fraction of the states to examine. */
  #part(): number {
    const { instances, states, steps } = this.#functions
    return Math.min(1, LOOKS / (this.#run.states.found * (instances.length * (1 + steps.length) + states.length)))
  }

  /**
   * Found states: all, or those with low hashes. They come in the order of their hashes, which does not depend on their
   * places in memory. They come in batches, so that few are in memory at the same time.
   */
  *#someFound(part: number): Generator<Int32Array> {
    const { layout, states: found } = this.#run
    const { width } = layout
    const index = found.index!
    const batches = Math.ceil((part * found.found) / BATCH)
    const words = new Int32Array(width)
    for (let batch = 0; batch < batches; batch++) {
      const states: { readonly words: Int32Array; readonly hashed: number }[] = []
      for (let at = 0; at < index.places; at++) {
        index.readPlace(at, words, 0)
        if (words[width - 1] === 0) continue
        const hashed = (hash(words, 0, width) >>> 0) / 2 ** 32
        if (Math.floor((hashed / part) * batches) === batch) states.push({ words: words.slice(), hashed })
      }
      states.sort((one, other) => one.hashed - other.hashed || compareStates(one.words, 0, other.words, 0, width))
      for (const state of states) yield state.words
    }
  }

  #goThrough(found: Iterable<Int32Array>): void {
    const { initial, layout, evaluator, model } = this.#run
    const { instances, states, steps } = this.#functions
    const { width } = layout
    const isEnd = ({ definition }: Question): boolean => 'kind' in definition && definition.kind === 'deadlock'
    const ends = states.flatMap((it, index) => (isEnd(it) ? [index] : []))
    const claims = states.flatMap((it, index) => (isEnd(it) ? [] : [index]))
    const isConstrained = model.constraints.length > 0
    const needsSteps = isConstrained || steps.length + ends.length > 0
    const out = new Successors(width)
    const count = layout.slots.length
    const taken = new Int32Array(2 * count)
    const [at, after] = [taken.subarray(0, count), taken.subarray(count)]
    // The run evaluates functions on states outside the constraints, but does not keep these states.
    for (let offset = 0; offset < (isConstrained ? initial.length : 0); offset += width) {
      unpack(layout, initial, offset, at)
      this.#require(states, this.#states.compare(claims, at))
    }
    for (const words of found) {
      unpack(layout, words, 0, at)
      this.#require(instances, this.#actions.compare(instances.keys(), at))
      this.#require(states, this.#states.compare(claims, at))
      if (!needsSteps) continue
      evaluator.next.successors(words, 0, out)
      if (out.size === 0) this.#require(states, this.#states.compare(ends, at))
      for (let step = 0; step < out.size; step++) {
        unpack(layout, out.words, step * width, after)
        if (isConstrained) this.#require(states, this.#states.compare(claims, after))
        if (steps.length === 0 || compareStates(words, 0, out.words, step * width, width) === 0) continue
        const asked = steps.map((_, index) => index * instances.length + out.instance[step]!)
        const broken = this.#steps.compare(asked, taken)
        const question = Math.floor((broken?.index ?? 0) / instances.length)
        this.#require(steps, broken && { ...broken, index: question })
      }
    }
  }

  /** @throws {CheckerError} KR508 for an asymmetry */
  #require(functions: readonly (ActionInstance | Question)[], found: Asymmetry | undefined): void {
    if (found === undefined) return
    const { layout } = this.#run
    const state = decode(layout, found.slots.subarray(0, layout.slots.length))
    throw breaksSymmetry(functions[found.index]!, this.#symmetry.inWords(found.permutation), state)
  }
}
