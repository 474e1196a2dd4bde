/**
 * A question about the steps of one action instance, as diagrams.
 *
 * The learner groups steps that write the same contents. Then the state before determines the state after: a slot holds
 * its new content if the step writes it, else its old content. So whatever the question reads of both states is a cube
 * of states before, and pairs of states need no diagrams.
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

/** Steps that write the same contents. */
export interface Steps {
  /** The states before. */
  readonly from: Diagram
  readonly writes: Contents
}

/**
 * What the learner knows about steps that write the same contents, as relations on the states before that write
 * nothing.
 */
export interface Knowledge {
  known: Diagram
  failing: Diagram
}

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

  /** Discards the diagrams of the old space. */
  move(): void {
    this.#knowledge.clear()
    this.#cubes = 0
  }

  roots(): Diagram[] {
    return [...this.#knowledge.values()].flatMap((one) => this.rootsOf(one))
  }

  /**
   * Learns the question on the steps from a set, and returns the steps that change something.
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

  /** Knowledge of nothing. */
  protected abstract ignorance(): K

  protected abstract rootsOf(knowledge: K): Diagram[]

  /**
   * Records the leaf of the steps from the states of `guard`.
   *
   * @param slots - the contents before such a step, followed by the contents after it
   */
  protected abstract enter(space: Space, knowledge: K, guard: Diagram, leaf: number, slots: Int32Array): void

  #learn(space: Space, from: Diagram, writing: Writing): K {
    const knowledge = this.#knowledge.get(writing) ?? this.ignorance()
    this.#knowledge.set(writing, knowledge)
    const covered = nothingCovered()
    for (let before; (before = space.witness(knowledge.known, from, covered)) !== undefined;) {
      // Each way to write needs a cube, however little the question reads.
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

  /** @param slots - the number of slots of a state */
  #unsuited(slots: number): Unsuited {
    const read = Array.from(this.learner.progress[this.index]!.slots, (slot) => slot % slots)
    return new Unsuited(this.of, tooManyCubes(this.of, new Set(read), slots, MAX_CUBES_OF_QUESTION))
  }

  /** The part of a step that the question reads, as a cube of the states before, and the leaf. */
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

export class StepPredicateLearner extends StepLearner<Truth> {
  override readonly of: PredicateInstance
  readonly #expected: number

  constructor(of: PredicateInstance, expected: boolean, action: ActionLearner, learner: TreeLearner, index: number) {
    super(of, action, learner, index)
    this.of = of
    this.#expected = expected ? TRUE : FALSE
  }

  /**
   * Learns the predicate on the steps from a set. Returns the steps that change something and have the unexpected
   * value, and whether the predicate fails on any step.
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
