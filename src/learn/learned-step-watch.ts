/**
 * Predicates over steps, learned: for every action instance a tree over the slots of both states.
 *
 * A property that looks at the action's name first is constant for most instances, and costs those nothing.
 */
import { Failure, type StepWatch, type Watched } from '../next/next-state.ts'
import { stepView } from '../next/reference.ts'
import type { ActionInstance, PredicateInstance } from '../spec/instances.ts'
import { decode } from '../state/codec.ts'
import { unpack } from '../state/layout.ts'
import { Forest, INTERPRET } from './forest.ts'
import type { Classroom } from './learned-watch.ts'
import { observeStep } from './observation.ts'
import { Pupil } from './pupil.ts'
import type { Subject } from './teacher.ts'
import { FALSE, TRUE, Truths } from './truths.ts'

export class LearnedStepWatch implements StepWatch {
  readonly #classroom: Classroom
  readonly #instances: readonly ActionInstance[]
  readonly #watched: readonly Watched[]
  /** The predicates' trees. */
  readonly pupil: Pupil
  readonly #truths = new Truths()
  readonly #dropped = new Set<number>()
  /** By instance: the predicates that are not simply as expected of all its steps. Unlearned ones count among them. */
  #active: Int32Array[] = []
  #activeEpoch = 0
  /** Slots of the state before, then of the state after. */
  readonly #slots: Int32Array
  readonly #after: Int32Array

  constructor(classroom: Classroom, instances: readonly ActionInstance[], watched: readonly Watched[]) {
    const { layout, teacher } = classroom
    this.#classroom = classroom
    this.#instances = instances
    this.#watched = watched
    this.#slots = new Int32Array(2 * layout.slots.length)
    this.#after = this.#slots.subarray(layout.slots.length)
    const subjects = watched.flatMap(({ predicate }) => instances.map((by) => this.#subject(predicate, by)))
    const sizes = Int32Array.from([...layout.slots, ...layout.slots], ({ size }) => size)
    this.pupil = new Pupil(subjects, teacher, new Forest(sizes), (outcome) => this.#truths.leaf(outcome))
  }

  check(
    words: Int32Array,
    from: number,
    after: Int32Array,
    to: number,
    instance: number,
    report: (index: number) => void,
  ): void {
    const active = this.#activeFor(instance)
    if (active.length === 0) return
    const { layout } = this.#classroom
    unpack(layout, words, from, this.#slots)
    unpack(layout, after, to, this.#after)
    for (let i = 0; i < active.length; i++) {
      const index = active[i]!
      if (this.#holds(index, instance) !== this.#watched[index]!.expected) report(index)
    }
  }

  concerns(instance: number): boolean {
    return this.#activeFor(instance).length > 0
  }

  drop(indexes: readonly number[]): void {
    for (const index of indexes) this.#dropped.add(index)
    this.#active = []
  }

  #subject(predicate: PredicateInstance, by: ActionInstance): Subject {
    const { layout, reference } = this.#classroom
    return {
      of: predicate,
      observe: (slots) => observeStep(layout, predicate, by, slots),
      refer: (slots) => {
        const before = decode(layout, slots.subarray(0, layout.slots.length))
        const after = decode(layout, slots.subarray(layout.slots.length))
        return reference.holds(predicate, stepView(by, before, after))
      },
    }
  }

  #activeFor(instance: number): Int32Array {
    if (this.pupil.learned !== this.#activeEpoch) {
      this.#active = []
      this.#activeEpoch = this.pupil.learned
    }
    const known = this.#active[instance]
    if (known !== undefined) return known
    const indexes = Int32Array.from(this.#watched.keys()).filter((index) => {
      const root = this.pupil.roots[this.#index(index, instance)]
      return !this.#dropped.has(index) && root !== (this.#watched[index]!.expected ? TRUE : FALSE)
    })
    return (this.#active[instance] = indexes)
  }

  #index(predicate: number, instance: number): number {
    return predicate * this.#instances.length + instance
  }

  #holds(predicate: number, instance: number): boolean {
    const leaf = this.pupil.resolve(this.#index(predicate, instance), this.#slots)
    if (leaf === TRUE) return true
    if (leaf === FALSE) return false
    const { predicate: subject } = this.#watched[predicate]!
    if (leaf !== INTERPRET) throw new Failure(subject, this.#truths.errorAt(leaf))
    const { layout, reference } = this.#classroom
    const before = decode(layout, this.#slots.subarray(0, layout.slots.length))
    const after = decode(layout, this.#after)
    return reference.holds(subject, stepView(this.#instances[instance]!, before, after))
  }
}
