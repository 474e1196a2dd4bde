/**
 * Checks the symmetry that a spec claims on a sample, for functions with too many cases to compare
 * (`symmetry-audit.ts`).
 *
 * It uses reference evaluation, in an order that does not depend on threads.
 */
import type { Rng } from '../../semantics/learned/probe.ts'
import { Failure } from '../../semantics/failure.ts'
import { Successors } from '../../semantics/successors.ts'
import { stepView } from '../../semantics/reference.ts'
import type { ActionInstance, Question } from '../../spec/instances.ts'
import type { State } from '../../spec/model.ts'
import { packInto } from '../../state/layout.ts'
import { PermutedInstances } from '../../state/symmetry/permuted-instances.ts'
import type { Permutation, Symmetry } from '../../state/symmetry/symmetry.ts'
import type { AuditContext } from '../audit-context.ts'
import { breaksSymmetry, type SpecFunctions } from './functions.ts'

/** How many states along random behaviors to compare. */
const SAMPLE = 400

/** A state, with the results of functions on it. */
interface Evaluated {
  readonly words: Int32Array
  readonly key: string
  readonly state: State
  /** By function: its successors or its answer, or the code of the error with which it failed. */
  readonly successors: (readonly Int32Array[] | string)[]
  readonly answers: string[]
}

interface Step {
  readonly instance: number
  readonly after: Evaluated
}

/** A permutation, with the images of a state and of the functions. */
interface Permuted {
  readonly permutation: Permutation
  readonly image: Evaluated
  readonly actions: Int32Array
  readonly states: Int32Array
  readonly steps: Int32Array
}

/** Compares functions on states along random behaviors and on the same states with permuted members. */
export class SymmetrySample {
  readonly #run: AuditContext
  readonly #symmetry: Symmetry
  readonly #instances: readonly ActionInstance[]
  readonly #states: readonly Question[]
  readonly #ends: readonly Question[]
  readonly #steps: readonly Question[]
  readonly #known = new Map<string, Evaluated>()
  /** By permutation: the images of the functions. */
  readonly #images = new WeakMap<Permutation, Pick<Permuted, 'actions' | 'states' | 'steps'>>()
  readonly #imageOf: (instances: readonly (ActionInstance | Question)[], by: Permutation) => Int32Array

  constructor(run: AuditContext, symmetry: Symmetry, { instances, states, steps }: SpecFunctions) {
    this.#run = run
    this.#symmetry = symmetry
    this.#instances = instances
    this.#states = states.filter(({ definition: { kind } }) => kind !== 'deadlock')
    this.#ends = states.filter(({ definition: { kind } }) => kind === 'deadlock')
    this.#steps = steps
    const finders = new Map([instances, this.#states, steps].map((all) => [all, new PermutedInstances(all)]))
    this.#imageOf = (all, by) => {
      const rename = symmetry.renaming(by)
      return Int32Array.from(all, (instance) => finders.get(all as never)!.image(instance, rename))
    }
  }

  /** @throws {CheckerError} KR508 for a function that tells members apart */
  take(rng: Rng): void {
    const { initial, layout, states: found } = this.#run
    const { width } = layout
    const begin = (): Evaluated => {
      const at = rng(initial.length / width) * width
      return this.#evaluated(initial.slice(at, at + width))
    }
    let known = begin()
    let depth = 1
    for (let sampled = 0; sampled < SAMPLE; sampled++) {
      const permutation = this.#symmetry.shuffle(rng)
      const turn = this.#turn(known, permutation)
      const all = this.#stepsFrom(known)
      const steps = all.filter(({ after }) => this.#isInside(after))
      const taken = steps.length === 0 ? undefined : steps[rng(steps.length)]!
      // Compare the actions in turn, so that none is left out. Also compare an enabled action, because most are not
      // enabled.
      this.#compareAction(sampled % this.#instances.length, known, turn)
      if (taken !== undefined) this.#compareAction(taken.instance, known, turn)
      if (this.#states.length > 0) this.#compareAnswer(sampled % this.#states.length, known, turn)
      // The run also evaluates functions on states outside the constraints.
      const outside = all.find(({ after }) => !this.#isInside(after))?.after
      if (outside !== undefined)
        this.#compareAnswer(sampled % this.#states.length, outside, this.#turn(outside, permutation))
      if (this.#isDead(known)) for (const end of this.#ends) this.#compareEnd(end, known, turn)
      if (taken !== undefined && this.#steps.length > 0) {
        this.#compareStep(sampled % this.#steps.length, known, taken, turn)
      }
      const isOver = taken === undefined || depth >= (found.depth ?? 0)
      known = isOver ? begin() : taken.after
      depth = isOver ? 1 : depth + 1
      this.#known.clear()
    }
  }

  #compareAction(index: number, known: Evaluated, turn: Permuted): void {
    const isSame = ({ permutation, image, actions }: Permuted): boolean => {
      const [one, other] = [this.#successors(index, known), this.#successors(actions[index]!, image)]
      if (typeof one === 'string' || typeof other === 'string') return one === other
      const expected = new Set(one.map((words) => this.#permuted(words, permutation).join()))
      const found = new Set(other.map((words) => words.join()))
      return found.size === expected.size && [...found].every((state) => expected.has(state))
    }
    if (!isSame(turn)) this.#report(this.#instances[index]!, known, turn, isSame)
  }

  #compareAnswer(index: number, known: Evaluated, turn: Permuted): void {
    const isSame = ({ image, states }: Permuted): boolean =>
      this.#answer(index, known) === this.#answer(states[index]!, image)
    if (!isSame(turn)) this.#report(this.#states[index]!, known, turn, isSame)
  }

  /** Compares the results of the rule for legitimate ends, which has no parameters. */
  #compareEnd(end: Question, known: Evaluated, turn: Permuted): void {
    const answer = ({ state }: Evaluated): string => this.#ask(() => String(this.#run.reference.answer(end, state)))
    const isSame = ({ image }: Permuted): boolean => answer(known) === answer(image)
    if (!isSame(turn)) this.#report(end, known, turn, isSame)
  }

  #compareStep(index: number, known: Evaluated, step: Step, turn: Permuted): void {
    const isSame = ({ permutation, image, actions, steps }: Permuted): boolean => {
      const after = this.#evaluated(this.#permuted(step.after.words, permutation))
      const own = { instance: actions[step.instance]!, after }
      return this.#stepAnswer(index, known, step) === this.#stepAnswer(steps[index]!, image, own)
    }
    if (!isSame(turn)) this.#report(this.#steps[index]!, known, turn, isSame)
  }

  #successors(index: number, { state, successors }: Evaluated): readonly Int32Array[] | string {
    const { reference, layout } = this.#run
    return (successors[index] ??= this.#ask(() =>
      reference.successorSlots(this.#instances[index]!, state).map((slots) => {
        const packed = new Int32Array(layout.width)
        packInto(layout, slots, packed, 0)
        return packed
      }),
    ))
  }

  #answer(index: number, { state, answers }: Evaluated): string {
    return (answers[index] ??= this.#ask(() => String(this.#run.reference.answer(this.#states[index]!, state))))
  }

  #stepAnswer(index: number, { state }: Evaluated, { instance, after }: Step): string {
    const view = stepView(this.#instances[instance]!, state, after.state)
    return this.#ask(() => String(this.#run.reference.answer(this.#steps[index]!, view)))
  }

  /** The result of a function, or the code of the error if it fails. */
  #ask<T>(answer: () => T): T | string {
    try {
      return answer()
    } catch (thrown) {
      if (thrown instanceof Failure) return thrown.cause.code
      throw thrown
    }
  }

  #stepsFrom({ words, key }: Evaluated): Step[] {
    const { evaluator, layout } = this.#run
    const { width } = layout
    const out = new Successors(width)
    evaluator.next.successors(words, 0, out)
    return Array.from({ length: out.size }, (_, at) => ({
      instance: out.instance[at]!,
      after: this.#evaluated(out.words.slice(at * width, (at + 1) * width)),
    })).filter(({ after }) => after.key !== key)
  }

  #isDead({ words }: Evaluated): boolean {
    const out = new Successors(this.#run.layout.width)
    this.#run.evaluator.next.successors(words, 0, out)
    return out.size === 0
  }

  #isInside(known: Evaluated): boolean {
    return this.#states.every(
      ({ definition }, index) => definition.kind !== 'constraint' || this.#answer(index, known) !== 'false',
    )
  }

  #evaluated(words: Int32Array): Evaluated {
    const key = words.join()
    let known = this.#known.get(key)
    if (known === undefined) {
      known = { words, key, state: this.#run.reference.decode(words, 0), successors: [], answers: [] }
      this.#known.set(key, known)
    }
    return known
  }

  #turn({ words }: Evaluated, permutation: Permutation): Permuted {
    let images = this.#images.get(permutation)
    if (images === undefined) {
      const [actions, states, steps] = [this.#instances, this.#states, this.#steps].map((all) =>
        this.#imageOf(all, permutation),
      ) as [Int32Array, Int32Array, Int32Array]
      images = { actions, states, steps }
      this.#images.set(permutation, images)
    }
    return { permutation, image: this.#evaluated(this.#permuted(words, permutation)), ...images }
  }

  #permuted(words: Int32Array, permutation: Permutation): Int32Array {
    const own = words.slice()
    this.#symmetry.permute(own, 0, permutation)
    return own
  }

  /** Throws KR508, for an exchange of two members if such an exchange shows the asymmetry. */
  #report(
    of: ActionInstance | Question,
    known: Evaluated,
    { permutation }: Permuted,
    isSame: (turn: Permuted) => boolean,
  ): never {
    const told = this.#symmetry.exchanges().find((by) => !isSame(this.#turn(known, by))) ?? permutation
    throw breaksSymmetry(of, this.#symmetry.inWords(told), known.state)
  }
}
