/**
 * Predicates over states, learned.
 *
 * Trees are walked on the packed words, since a predicate looks at few slots. After a step from a state where all was as
 * expected, a predicate that reads no slot which the step wrote takes the path it took before, and is not looked at. Nor is
 * one that what the step wrote alone decides. Both are worked out once for each step (a leaf's successor), not for each state.
 */
import { Failure, UNKNOWN_STEP, type Watch, type Watched } from '../next/next-state.ts'
import type { ReferenceEvaluator } from '../next/reference.ts'
import { decode } from '../state/codec.ts'
import { unpack, type Layout } from '../state/layout.ts'
import { Forest, INTERPRET } from './forest.ts'
import type { Leaves } from './leaves.ts'
import { observePredicate } from './observation.ts'
import { Pupil } from './pupil.ts'
import type { Teacher } from './teacher.ts'
import { FALSE, TRUE, Truths } from './truths.ts'

/** What learned predicates need of their evaluator. */
export interface Classroom {
  readonly layout: Layout
  readonly teacher: Teacher
  readonly reference: ReferenceEvaluator
  readonly leaves: Leaves
}

/** The predicates that a step may have changed, and for each the node from which its tree is still to be walked. */
interface Residue {
  readonly indexes: Int32Array
  readonly starts: Int32Array
}

/** Nodes to look at in finding out whether a step decides a predicate. A larger tree is simply walked. */
const PATIENCE = 64

export class LearnedWatch implements Watch {
  readonly #classroom: Classroom
  readonly #watched: readonly Watched[]
  /** The predicates' trees. */
  readonly pupil: Pupil
  readonly #truths = new Truths()
  /** The leaf that each predicate is expected to come to. */
  readonly #expected: Int32Array
  readonly #slots: Int32Array
  /** Indexes of all predicates still watched. */
  #all: Int32Array
  /** By step key: what is left to look at after the step. */
  #residues: (Residue | undefined)[] = []
  #residuesEpoch = 0
  /** Calls of `check`. */
  #checks = 0

  constructor(classroom: Classroom, watched: readonly Watched[]) {
    const { layout, teacher, reference } = classroom
    this.#classroom = classroom
    this.#watched = watched
    this.#expected = Int32Array.from(watched, ({ expected }) => (expected ? TRUE : FALSE))
    this.#all = Int32Array.from(watched.keys())
    this.#slots = new Int32Array(layout.slots.length)
    const subjects = watched.map(({ predicate }) => ({
      of: predicate,
      observe: (slots: Int32Array) => observePredicate(layout, predicate, slots),
      refer: (slots: Int32Array) => reference.holds(predicate, decode(layout, slots)),
    }))
    const sizes = Int32Array.from(layout.slots, ({ size }) => size)
    this.pupil = new Pupil(subjects, teacher, new Forest(sizes), (outcome) => this.#truths.leaf(outcome))
  }

  check(words: Int32Array, offset: number, step: number, report: (index: number) => void): void {
    const { forest } = this.pupil
    const { word, shift, mask } = this.#classroom.layout
    const expected = this.#expected
    const { indexes, starts } = step === UNKNOWN_STEP ? this.#everything() : this.#residue(step)
    this.#checks++
    let { nodes } = forest
    for (let i = 0; i < indexes.length; i++) {
      const index = indexes[i]!
      let node = starts[i]!
      while (node > 0) {
        const slot = nodes[node]!
        node = nodes[node + 1 + ((words[offset + word[slot]!]! >>> shift[slot]!) & mask[slot]!)]!
      }
      if (node === expected[index]) continue
      if (node !== TRUE && node !== FALSE) {
        const { learned } = this.pupil
        node = this.#slowly(index, words, offset)
        nodes = forest.nodes
        if (this.pupil.learned !== learned) this.#residues[step] = undefined
      }
      if (node !== expected[index]) report(index)
    }
  }

  suspects(): boolean {
    return this.#all.length > 0
  }

  drop(indexes: readonly number[]): void {
    const dropped = new Set(indexes)
    this.#all = this.#all.filter((index) => !dropped.has(index))
    this.#residues = []
  }

  #everything(): Residue {
    return { indexes: this.#all, starts: this.#all.map((index) => this.pupil.roots[index]!) }
  }

  /** What is left to look at after a step. Stays right while trees grow, unless one comes to read a new slot. */
  #residue(step: number): Residue {
    const { epoch } = this.pupil
    if (epoch !== this.#residuesEpoch) {
      this.#residues = []
      this.#residuesEpoch = epoch
    }
    return (this.#residues[step] ??= this.#findResidue(step))
  }

  #findResidue(step: number): Residue {
    const { forest, roots, progress } = this.pupil
    const written = this.#classroom.leaves.writtenBy(step)
    const isAffected = (index: number): boolean => {
      if (roots[index] === INTERPRET) return true
      if (![...written.keys()].some((slot) => progress[index]!.slots.has(slot))) return false
      return !forest.leadsOnlyTo(this.#expected[index]!, roots[index]!, written, { left: PATIENCE })
    }
    const indexes = this.#all.filter(isAffected)
    return { indexes, starts: indexes.map((index) => forest.skip(roots[index]!, written)) }
  }

  /** `TRUE` or `FALSE`, where dense nodes alone do not lead to one. @throws {Failure} */
  #slowly(index: number, words: Int32Array, offset: number): number {
    const { layout, reference } = this.#classroom
    const { predicate } = this.#watched[index]!
    unpack(layout, words, offset, this.#slots)
    const leaf = this.pupil.resolve(index, this.#slots, this.#checks)
    if (leaf === INTERPRET) return reference.holds(predicate, decode(layout, this.#slots)) ? TRUE : FALSE
    if (leaf === TRUE || leaf === FALSE) return leaf
    throw new Failure(predicate, this.#truths.errorAt(leaf))
  }
}
