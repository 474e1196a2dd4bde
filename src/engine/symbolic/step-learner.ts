/**
 * A question about the steps of one action instance, as diagrams.
 *
 * Steps that write the same are looked at together. Then a state after the step says nothing that the state before
 * does not: a slot holds what was written to it, or what it held. So what the question reads of both is a cube of
 * states before, and pairs of states need no diagrams.
 */
import { INTERPRET } from '../../semantics/learned/decision-tree.ts'
import type { TreeLearner } from '../../semantics/learned/tree-learner.ts'
import { FALSE, TRUE } from '../../semantics/learned/truths.ts'
import type { PredicateInstance, Question } from '../../spec/instances.ts'
import type { Diagram } from './diagram/diagrams.ts'
import { EMPTY } from './diagram/node-table.ts'
import { nothingCovered, type Contents } from './diagram/relations.ts'
import type { Space } from './space.ts'
import {
  MAX_CUBES_OF_QUESTION,
  noteLearning,
  tooManyCubes,
  Unsuited,
  type ActionLearner,
  type Writing,
} from './relation-learner.ts'

/** Steps of which something is to be said. */
export interface Steps {
  /** The states before. */
  readonly from: Diagram
  readonly writes: Contents
}

/** What is known of the steps that write the same, as relations of the states before that write nothing. */
export interface Knowledge {
  known: Diagram
  failing: Diagram
}

/** Steps that write the same, and what is known of them. */
export interface Known<K> extends Steps {
  readonly knowledge: K
}

const NOTHING: Contents = new Map()

export abstract class StepLearner<K extends Knowledge> {
  readonly of: Question
  readonly action: ActionLearner
  protected readonly learner: TreeLearner
  protected readonly index: number
  readonly #knowledge = new Map<Writing, K>()
  #cubes = 0

  constructor(of: Question, action: ActionLearner, learner: TreeLearner, index: number) {
    this.of = of
    this.action = action
    this.learner = learner
    this.index = index
  }

  /** What is known was made for another space. */
  move(): void {
    this.#knowledge.clear()
    this.#cubes = 0
  }

  roots(): Diagram[] {
    return [...this.#knowledge.values()].flatMap((one) => this.rootsOf(one))
  }

  /**
   * The steps from the states of a set that change something, all there is to know of them learned.
   *
   * @throws {Unsuited}; {Failure} if the function is impure
   */
  protected learned(space: Space, set: Diagram): Known<K>[] {
    const { diagrams, relations } = space
    return Array.from(this.action.writings.values()).flatMap((writing) => {
      const { writes, guard } = writing
      const before = relations.image(set, guard)
      const from = diagrams.minus(before, relations.image(before, space.cube(writes, NOTHING)))
      return from === EMPTY ? [] : [{ from, writes, knowledge: this.#learn(space, from, writing) }]
    })
  }

  /** Nothing. */
  protected abstract ignorance(): K

  protected abstract rootsOf(knowledge: K): Diagram[]

  /**
   * Takes note that the steps from the states of `guard` come to a leaf.
   *
   * @param slots - the contents before such a step, and then after it
   */
  protected abstract enter(space: Space, knowledge: K, guard: Diagram, leaf: number, slots: Int32Array): void

  #learn(space: Space, from: Diagram, writing: Writing): K {
    const knowledge = this.#knowledge.get(writing) ?? this.ignorance()
    this.#knowledge.set(writing, knowledge)
    const covered = nothingCovered()
    for (let before; (before = space.witness(knowledge.known, from, covered)) !== undefined;) {
      // However little it reads, there is a cube for each way to write.
      if (this.#cubes >= MAX_CUBES_OF_QUESTION + this.action.writings.size) throw this.#unsuited(before.length)
      const { reads, leaf, slots } = this.#cubeAt(before, writing.writes)
      const guard = space.cube(reads, NOTHING)
      this.enter(space, knowledge, guard, leaf, slots)
      knowledge.known = space.diagrams.union(knowledge.known, guard)
      this.#cubes++
      noteLearning(space)
    }
    return knowledge
  }

  /** `slots` are those of a state. */
  #unsuited(slots: number): Unsuited {
    const read = Array.from(this.learner.progress[this.index]!.slots, (slot) => slot % slots)
    return new Unsuited(this.of, tooManyCubes(this.of, new Set(read), slots, MAX_CUBES_OF_QUESTION))
  }

  /** What the question reads of a step, as a cube of the states before, and the leaf that it comes to. */
  #cubeAt(before: Int32Array, writes: Contents): { reads: Contents; leaf: number; slots: Int32Array } {
    const count = before.length
    const slots = new Int32Array(2 * count)
    slots.set(before)
    slots.set(before, count)
    for (const [slot, content] of writes) slots[count + slot] = content
    const { reads, leaf } = this.learner.path(this.index, slots)
    if (leaf === INTERPRET) throw new Unsuited(this.of, this.learner.progress[this.index]!.remark ?? 'is not learned')
    const own = reads.flatMap((slot) => {
      if (slot >= count && writes.has(slot - count)) return []
      return [[slot % count, before[slot % count]!] as const]
    })
    return { reads: new Map(own), leaf, slots }
  }
}

interface Truth extends Knowledge {
  departing: Diagram
}

/** A predicate over the steps of an action instance. */
export class StepPredicateLearner extends StepLearner<Truth> {
  override readonly of: PredicateInstance
  readonly #expected: number

  constructor(of: PredicateInstance, expected: boolean, action: ActionLearner, learner: TreeLearner, index: number) {
    super(of, action, learner, index)
    this.of = of
    this.#expected = expected ? TRUE : FALSE
  }

  /**
   * The steps from the states of a set that change something and are not as expected, and whether there are any on
   * which the predicate fails. Learns what it has to.
   *
   * @throws {Unsuited}; {Failure} if the function is impure
   */
  departing(space: Space, set: Diagram): { readonly steps: readonly Steps[]; readonly fails: boolean } {
    const { relations } = space
    if (this.learner.roots[this.index] === this.#expected) return { steps: [], fails: false }
    const all = this.learned(space, set)
    return {
      steps: all
        .map(({ from, writes, knowledge }) => ({ from: relations.image(from, knowledge.departing), writes }))
        .filter(({ from }) => from !== EMPTY),
      fails: all.some(({ from, knowledge }) => relations.image(from, knowledge.failing) !== EMPTY),
    }
  }

  protected override ignorance(): Truth {
    return { known: EMPTY, departing: EMPTY, failing: EMPTY }
  }

  protected override rootsOf({ known, departing, failing }: Truth): Diagram[] {
    return [known, departing, failing]
  }

  protected override enter({ diagrams }: Space, knowledge: Truth, guard: Diagram, leaf: number): void {
    if (leaf === (this.#expected === TRUE ? FALSE : TRUE)) {
      knowledge.departing = diagrams.union(knowledge.departing, guard)
    } else if (leaf !== this.#expected) knowledge.failing = diagrams.union(knowledge.failing, guard)
  }
}
