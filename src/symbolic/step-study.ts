/**
 * A predicate over the steps of one action instance, as diagrams.
 *
 * Steps that write the same are looked at together. Then a state after the step says nothing that the state before
 * does not: a slot holds what was written to it, or what it held. So what the predicate reads of both is a cube of
 * states before, and pairs of states need no diagrams.
 */
import { INTERPRET } from '../learn/forest.ts'
import type { Pupil } from '../learn/pupil.ts'
import { FALSE, TRUE } from '../learn/truths.ts'
import type { PredicateInstance } from '../spec/instances.ts'
import type { Diagram } from './diagram/diagrams.ts'
import { EMPTY } from './diagram/node-table.ts'
import type { Contents } from './diagram/relations.ts'
import type { Space } from './space.ts'
import { Unsuited, type ActionStudy, type Writing } from './study.ts'

/** Steps of which something is to be said. */
export interface Steps {
  /** The states before. */
  readonly from: Diagram
  readonly writes: Contents
}

/** What is known of the steps that write the same, as relations of the states before that write nothing. */
interface Knowledge {
  known: Diagram
  departing: Diagram
  failing: Diagram
}

const NOTHING: Contents = new Map()

export class StepStudy {
  readonly of: PredicateInstance
  readonly action: ActionStudy
  readonly #expected: number
  readonly #pupil: Pupil
  readonly #index: number
  readonly #knowledge = new Map<Writing, Knowledge>()

  constructor(of: PredicateInstance, expected: boolean, action: ActionStudy, pupil: Pupil, index: number) {
    this.of = of
    this.action = action
    this.#expected = expected ? TRUE : FALSE
    this.#pupil = pupil
    this.#index = index
  }

  /**
   * The steps from the states of a set that change something and are not as expected, and whether there are any on
   * which the predicate fails. Learns what it has to.
   *
   * @throws {Unsuited}; {Failure} if the function is impure
   */
  departing(space: Space, set: Diagram): { readonly steps: readonly Steps[]; readonly fails: boolean } {
    const { diagrams, relations } = space
    const steps: Steps[] = []
    let fails = false
    for (const writing of this.action.writings.values()) {
      if (this.#pupil.roots[this.#index] === this.#expected) break
      const { writes } = writing
      const before = relations.image(set, writing.guard)
      const from = diagrams.minus(before, relations.image(before, space.cube(writes, NOTHING)))
      if (from === EMPTY) continue
      const knowledge = this.#learn(space, from, writing)
      fails ||= relations.image(from, knowledge.failing) !== EMPTY
      const bad = relations.image(from, knowledge.departing)
      if (bad !== EMPTY) steps.push({ from: bad, writes })
    }
    return { steps, fails }
  }

  /** What is known was made for another space. */
  move(): void {
    this.#knowledge.clear()
  }

  roots(): Diagram[] {
    return Array.from(this.#knowledge.values(), ({ known, departing, failing }) => [known, departing, failing]).flat()
  }

  #learn(space: Space, from: Diagram, writing: Writing): Knowledge {
    const { diagrams } = space
    const knowledge = this.#knowledge.get(writing) ?? { known: EMPTY, departing: EMPTY, failing: EMPTY }
    this.#knowledge.set(writing, knowledge)
    for (let slots; (slots = space.witness(knowledge.known, from)) !== undefined;) {
      const { reads, leaf } = this.#cubeAt(slots, writing.writes)
      const guard = space.cube(reads, NOTHING)
      if (leaf === (this.#expected === TRUE ? FALSE : TRUE)) {
        knowledge.departing = diagrams.union(knowledge.departing, guard)
      } else if (leaf !== this.#expected) knowledge.failing = diagrams.union(knowledge.failing, guard)
      knowledge.known = diagrams.union(knowledge.known, guard)
    }
    return knowledge
  }

  /** What the predicate reads of a step, as a cube of the states before, and the leaf that it comes to. */
  #cubeAt(before: Int32Array, writes: Contents): { reads: Contents; leaf: number } {
    const count = before.length
    const slots = new Int32Array(2 * count)
    slots.set(before)
    slots.set(before, count)
    for (const [slot, content] of writes) slots[count + slot] = content
    const { reads, leaf } = this.#pupil.path(this.#index, slots)
    if (leaf === INTERPRET) throw new Unsuited(this.of, this.#pupil.progress[this.#index]!.remark ?? 'is not learned')
    const own = reads.flatMap((slot) => {
      if (slot >= count && writes.has(slot - count)) return []
      return [[slot % count, before[slot % count]!] as const]
    })
    return { reads: new Map(own), leaf }
  }
}
