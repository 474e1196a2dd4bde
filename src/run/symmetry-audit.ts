/**
 * Holds a spec to its word that sets are symmetric: what functions of the spec say of a state is compared with what they say of the
 * state with its members permuted.
 *
 * A model that is small is gone through state by state, unreduced, with every exchange of neighbors, of which all permutations are
 * products. Of a larger one its first states are, and then states along random behaviors with random permutations. All is done by
 * reference evaluation, in an order that depends on no thread.
 */
import { notSymmetric } from '../errors.ts'
import { StateSet } from '../explore/state-set.ts'
import { chanceFrom, type Chance } from '../learn/probe.ts'
import { Failure, Successors } from '../next/next-state.ts'
import { stepView } from '../next/reference.ts'
import { measureInstance, predicateInstances, type ActionInstance, type Question } from '../spec/instances.ts'
import type { State } from '../spec/model.ts'
import { place } from '../spec/origin.ts'
import { packInto } from '../state/layout.ts'
import { PermutedInstances } from '../state/symmetry/permuted-instances.ts'
import type { Permutation, Symmetry } from '../state/symmetry/symmetry.ts'
import type { Finished } from './run.ts'
import { show } from '../spec/show.ts'

/** Calls of the spec for a model that is gone through, and for the first states of one that is too large. */
const SMALL = 4000
const BEGINNING = 1000

/** States along random behaviors. */
const SAMPLE = 400

/** Initial states whose permutations are looked for. */
const INITIAL = 10_000

/** A state, and what has been said of it. */
interface Known {
  readonly words: Int32Array
  readonly key: string
  readonly state: State
  /** By function: its successors or its answer, or the code of the error by which it failed. */
  readonly successors: (readonly Int32Array[] | string)[]
  readonly answers: string[]
}

interface Step {
  readonly instance: number
  readonly after: Known
}

/** A permutation, what it makes of a state, and what of functions. */
interface Turn {
  readonly permutation: Permutation
  readonly image: Known
  readonly actions: Int32Array
  readonly states: Int32Array
  readonly steps: Int32Array
}

/**
 * Requires that the initial states are as symmetric as the spec says.
 *
 * @throws {CheckerError} KR508
 */
export function requireSymmetricStart(symmetry: Symmetry, initial: Int32Array, width: number): void {
  const count = initial.length / width
  const known = new StateSet(width)
  for (let offset = 0; offset < initial.length; offset += width) known.add(initial, offset)
  const every = Math.ceil(count / INITIAL)
  for (let index = 0; index < count; index += every) {
    for (const permutation of symmetry.neighbors()) {
      const image = initial.slice(index * width, (index + 1) * width)
      symmetry.permute(image, 0, permutation)
      if (!known.has(image, 0)) throw notSymmetric('init', symmetry.inWords(permutation))
    }
  }
}

/** Puts what the functions of a run say to the test. @throws {CheckerError} KR508 for one that tells members apart */
export function auditSymmetry(run: Finished, symmetry: Symmetry): void {
  const trial = new Trial(run, symmetry)
  if (!trial.goThrough()) trial.sample(chanceFrom(run.settings.seed))
}

class Trial {
  readonly #run: Finished
  readonly #symmetry: Symmetry
  readonly #instances: readonly ActionInstance[]
  readonly #states: readonly Question[]
  readonly #steps: readonly Question[]
  readonly #known = new Map<string, Known>()
  /** By permutation: what it makes of functions. */
  readonly #images = new WeakMap<Permutation, Pick<Turn, 'actions' | 'states' | 'steps'>>()
  readonly #imageOf: (instances: readonly (ActionInstance | Question)[], by: Permutation) => Int32Array
  #calls = 0

  constructor(run: Finished, symmetry: Symmetry) {
    this.#run = run
    this.#symmetry = symmetry
    const { settings, model, instances } = run
    const claims = [...settings.properties, ...model.constraints]
    const ofKind = (isStep: boolean): Question[] => [
      ...claims.filter(({ kind }) => (kind === 'transition') === isStep).flatMap(predicateInstances),
      ...model.measures.filter(({ over }) => (over === 'steps') === isStep).map(measureInstance),
    ]
    this.#instances = instances
    this.#states = ofKind(false)
    this.#steps = ofKind(true)
    const finders = new Map([instances, this.#states, this.#steps].map((all) => [all, new PermutedInstances(all)]))
    this.#imageOf = (all, by) => {
      const rename = symmetry.renaming(by)
      return Int32Array.from(all, (instance) => finders.get(all as never)!.image(instance, rename))
    }
  }

  /** Goes through the states, the first ones first. @returns whether that were all */
  goThrough(): boolean {
    const { initial, layout, search } = this.#run
    const { width } = layout
    const isSmall = search.found * (this.#instances.length + this.#states.length) <= SMALL
    const neighbors = this.#symmetry.neighbors()
    const seen = new Set<Known>()
    const meet = (known: Known): void => {
      if (this.#isInside(known)) seen.add(known)
    }
    // Of a model that is not small no more than these are come to.
    const begun = isSmall ? initial.length : Math.min(initial.length, (BEGINNING + 1) * width)
    for (let offset = 0; offset < begun; offset += width) meet(this.#know(initial.slice(offset, offset + width)))
    // A set that grows is iterated to its end.
    for (const known of seen) {
      if (this.#calls > (isSmall ? SMALL : BEGINNING)) return false
      const steps = this.#stepsFrom(known)
      for (const permutation of neighbors) {
        const turn = this.#turn(known, permutation)
        this.#instances.forEach((_, index) => this.#compareAction(index, known, turn))
        this.#states.forEach((_, index) => this.#compareAnswer(index, known, turn))
        for (const step of steps) this.#steps.forEach((_, index) => this.#compareStep(index, known, step, turn))
      }
      for (const { after } of steps) meet(after)
    }
    return true
  }

  /** Looks at states along random behaviors. */
  sample(chance: Chance): void {
    const { initial, layout, search } = this.#run
    const { width } = layout
    const begin = (): Known => {
      const at = chance(initial.length / width) * width
      return this.#know(initial.slice(at, at + width))
    }
    let known = begin()
    let depth = 1
    for (let sampled = 0; sampled < SAMPLE; sampled++) {
      const turn = this.#turn(known, this.#symmetry.shuffle(chance))
      const steps = this.#stepsFrom(known).filter(({ after }) => this.#isInside(after))
      const taken = steps.length === 0 ? undefined : steps[chance(steps.length)]!
      // In turn, so that none is left out; and one that is enabled, as most are not.
      this.#compareAction(sampled % this.#instances.length, known, turn)
      if (taken !== undefined) this.#compareAction(taken.instance, known, turn)
      if (this.#states.length > 0) this.#compareAnswer(sampled % this.#states.length, known, turn)
      if (taken !== undefined && this.#steps.length > 0) {
        this.#compareStep(sampled % this.#steps.length, known, taken, turn)
      }
      const isOver = taken === undefined || depth >= (search.depth ?? 0)
      known = isOver ? begin() : taken.after
      depth = isOver ? 1 : depth + 1
      this.#known.clear()
    }
  }

  #compareAction(index: number, known: Known, turn: Turn): void {
    const isSame = ({ permutation, image, actions }: Turn): boolean => {
      const [one, other] = [this.#successors(index, known), this.#successors(actions[index]!, image)]
      if (typeof one === 'string' || typeof other === 'string') return one === other
      const expected = new Set(one.map((words) => this.#permuted(words, permutation).join()))
      const found = new Set(other.map((words) => words.join()))
      return found.size === expected.size && [...found].every((state) => expected.has(state))
    }
    if (!isSame(turn)) this.#complain(this.#instances[index]!, known, turn, isSame)
  }

  #compareAnswer(index: number, known: Known, turn: Turn): void {
    const isSame = ({ image, states }: Turn): boolean =>
      this.#answer(index, known) === this.#answer(states[index]!, image)
    if (!isSame(turn)) this.#complain(this.#states[index]!, known, turn, isSame)
  }

  #compareStep(index: number, known: Known, step: Step, turn: Turn): void {
    const isSame = ({ permutation, image, actions, steps }: Turn): boolean => {
      const after = this.#know(this.#permuted(step.after.words, permutation))
      const own = { instance: actions[step.instance]!, after }
      return this.#stepAnswer(index, known, step) === this.#stepAnswer(steps[index]!, image, own)
    }
    if (!isSame(turn)) this.#complain(this.#steps[index]!, known, turn, isSame)
  }

  #successors(index: number, { state, successors }: Known): readonly Int32Array[] | string {
    const { reference, layout } = this.#run
    return (successors[index] ??= this.#ask(() =>
      reference.successorSlots(this.#instances[index]!, state).map((slots) => {
        const packed = new Int32Array(layout.width)
        packInto(layout, slots, packed, 0)
        return packed
      }),
    ))
  }

  #answer(index: number, { state, answers }: Known): string {
    return (answers[index] ??= this.#ask(() => String(this.#run.reference.answer(this.#states[index]!, state))))
  }

  #stepAnswer(index: number, { state }: Known, { instance, after }: Step): string {
    const view = stepView(this.#instances[instance]!, state, after.state)
    return this.#ask(() => String(this.#run.reference.answer(this.#steps[index]!, view)))
  }

  /** What a function says, or the code of the error if it fails. */
  #ask<T>(answer: () => T): T | string {
    this.#calls++
    try {
      return answer()
    } catch (thrown) {
      if (thrown instanceof Failure) return thrown.cause.code
      throw thrown
    }
  }

  #stepsFrom({ words, key }: Known): Step[] {
    const { evaluator, layout } = this.#run
    const { width } = layout
    const out = new Successors(width)
    evaluator.next.successors(words, 0, out)
    return Array.from({ length: out.size }, (_, at) => ({
      instance: out.instance[at]!,
      after: this.#know(out.words.slice(at * width, (at + 1) * width)),
    })).filter(({ after }) => after.key !== key)
  }

  #isInside(known: Known): boolean {
    return this.#states.every(
      ({ definition }, index) => definition.kind !== 'constraint' || this.#answer(index, known) !== 'false',
    )
  }

  #know(words: Int32Array): Known {
    const key = words.join()
    let known = this.#known.get(key)
    if (known === undefined) {
      known = { words, key, state: this.#run.reference.decode(words, 0), successors: [], answers: [] }
      this.#known.set(key, known)
    }
    return known
  }

  #turn({ words }: Known, permutation: Permutation): Turn {
    let images = this.#images.get(permutation)
    if (images === undefined) {
      const [actions, states, steps] = [this.#instances, this.#states, this.#steps].map((all) =>
        this.#imageOf(all, permutation),
      ) as [Int32Array, Int32Array, Int32Array]
      images = { actions, states, steps }
      this.#images.set(permutation, images)
    }
    return { permutation, image: this.#know(this.#permuted(words, permutation)), ...images }
  }

  #permuted(words: Int32Array, permutation: Permutation): Int32Array {
    const own = words.slice()
    this.#symmetry.permute(own, 0, permutation)
    return own
  }

  /** Throws KR508, for an exchange of two members if one will do. */
  #complain(
    { who, definition: { origin }, source }: ActionInstance | Question,
    known: Known,
    { permutation }: Turn,
    isSame: (turn: Turn) => boolean,
  ): never {
    const told = this.#symmetry.exchanges().find((by) => !isSame(this.#turn(known, by))) ?? permutation
    const where = { at: origin && place(origin), source }
    throw notSymmetric(who, this.#symmetry.inWords(told), [['state', show(known.state)]], where)
  }
}
