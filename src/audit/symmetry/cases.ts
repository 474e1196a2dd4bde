/**
 * Checks that functions treat members alike on every state that a reduced search represents, without visiting all those
 * states.
 *
 * The view of a function is the set of slots that it reads or writes. States that agree in the view are one case of the
 * function, because it does the same on them. A function is symmetric if exchanging two neighbors in the state and in
 * its parameters also exchanges them in its result. Kripke compares each case with its images under all exchanges of
 * neighbors. It then compares the images in the same way, until there is no new case. This covers every permutation of
 * every state, because permutations are products of such exchanges and a case represents all its states.
 *
 * A view grows when the function reads or writes another slot in some case. Then the views of the function's images
 * grow in the same way. The cases were too coarse, so Kripke compares them again.
 */
import { assert } from '../../errors.ts'
import type { LearnableFunction, Oracle } from '../../semantics/learned/oracle.ts'
import { DecisionTrees, INTERPRET } from '../../semantics/learned/decision-tree.ts'
import type { FunctionResult } from '../../semantics/learned/observation.ts'
import { Failure } from '../../semantics/failure.ts'
import { TreeLearner } from '../../semantics/learned/tree-learner.ts'
import type { Layout } from '../../state/layout.ts'
import type { Slot } from '../../state/shape.ts'
import type { Permutation, Symmetry } from '../../state/symmetry/symmetry.ts'

/** An exchange of two neighbors of a set. */
interface Exchange {
  readonly permutation: Permutation
  /** By slot: its place after the exchange. For steps, the slots of both states. */
  readonly places: Int32Array
  exchange(slots: Int32Array): void
}

/** A state, or a step as two states in a row, with its images under exchanges. */
class Place {
  readonly slots: Int32Array
  readonly #images: Place[] = []

  constructor(slots: Int32Array) {
    this.slots = slots
  }

  image(index: number, { exchange }: Exchange): Place {
    let image = this.#images[index]
    if (image === undefined) {
      image = new Place(this.slots.slice())
      exchange(image.slots)
      this.#images[index] = image
    }
    return image
  }
}

/** The slots that a function reads or writes, and its cases so far. */
class View {
  readonly slots: Set<Slot> = new Set()
  readonly cases: Set<number | string> = new Set()
  #factors: readonly (readonly [slot: Slot, factor: number])[] = []
  #isSmall = true

  /** Adds a slot. The cases so far are no longer valid. */
  grow(slot: Slot, sizes: Int32Array): void {
    this.slots.add(slot)
    this.cases.clear()
    let factor = 1
    this.#factors = Array.from(this.slots, (own) => {
      const entry = [own, factor] as const
      factor *= sizes[own]!
      return entry
    })
    this.#isSmall = factor <= Number.MAX_SAFE_INTEGER
  }

  /** A key that differs for different contents of the view's slots. */
  keyOf(slots: Int32Array): number | string {
    if (!this.#isSmall) return this.#factors.map(([slot]) => slots[slot]).join()
    let key = 0
    for (const [slot, factor] of this.#factors) key += factor * slots[slot]!
    return key
  }
}

type Definition = LearnableFunction['of']['definition']

/** A function with bound parameters that does not treat members alike. */
export interface Asymmetry {
  readonly index: number
  /** The state or step that shows it, as slots. */
  readonly slots: Int32Array
  readonly permutation: Permutation
}

/** Functions of one kind, over states or over steps. */
export class Cases {
  /** Whether a view has grown since this was last set to false. */
  hasGrown = false
  /** The number of cases compared. */
  compared = 0
  readonly #learner: TreeLearner
  readonly #subjects: readonly LearnableFunction[]
  readonly #exchanges: readonly Exchange[]
  /** By exchange: the image of each function. */
  readonly #images: readonly (readonly number[])[]
  readonly #views: readonly View[]
  readonly #sizes: Int32Array
  readonly #outcomes: FunctionResult[] = []
  /** Cases left to compare, by the definition of the function. */
  readonly #left = new Map<Definition, number>()
  readonly #most: number

  /**
   * @param imageOf - the images of the functions under a permutation, by index
   * @param bounds.isOfSteps - whether the functions are over steps
   * @param bounds.most - maximal number of cases to compare for one definition
   */
  constructor(
    subjects: readonly LearnableFunction[],
    { layout, oracle, symmetry }: { layout: Layout; oracle: Oracle; symmetry: Symmetry },
    imageOf: (permutation: Permutation) => readonly number[],
    { isOfSteps, most }: { isOfSteps: boolean; most: number },
  ) {
    const count = layout.slots.length
    const sizes = Int32Array.from(layout.slots, ({ size }) => size)
    this.#sizes = isOfSteps ? Int32Array.of(...sizes, ...sizes) : sizes
    this.#subjects = subjects
    this.#views = subjects.map(() => new View())
    this.#learner = new TreeLearner(
      subjects,
      oracle,
      new DecisionTrees(this.#sizes),
      (outcome) => -this.#outcomes.push(outcome),
    )
    this.#most = most
    const neighbors = symmetry.neighbors()
    this.#exchanges = neighbors.map((permutation): Exchange => {
      const { places, exchange } = symmetry.onSlots(permutation)
      if (!isOfSteps) return { permutation, places, exchange }
      return {
        permutation,
        places: Int32Array.of(...places, ...places.map((slot) => slot + count)),
        exchange: (slots) => {
          exchange(slots.subarray(0, count))
          exchange(slots.subarray(count))
        },
      }
    })
    this.#images = neighbors.map(imageOf)
  }

  /** The definitions of functions that have more cases than may be compared. */
  get overLimit(): readonly Definition[] {
    return [...this.#left].flatMap(([definition, left]) => (left <= 0 ? [definition] : []))
  }

  /** Allows more comparisons, up to `most` for each of these definitions, and starts their cases anew. */
  allowMore(definitions: readonly Definition[], most: number): void {
    this.#subjects.forEach(({ of }, index) => {
      if (definitions.includes(of.definition)) this.#views[index]!.cases.clear()
    })
    for (const definition of definitions) this.#left.set(definition, most)
  }

  /**
   * Compares functions on a state or step and on all its permutations.
   *
   * @param slots - used only during the call
   * @returns a function that does not treat members alike; undefined if all do
   */
  compare(indexes: Iterable<number>, slots: Int32Array): Asymmetry | undefined {
    let place: Place | undefined
    for (const index of indexes) {
      const { definition } = this.#subjects[index]!.of
      const left = this.#left.get(definition) ?? this.#most
      if (left <= 0 || !this.#isNew(index, slots)) continue
      place ??= new Place(slots.slice())
      const found = this.#compareFrom(index, place, left)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Whether a case is new. Records it. */
  #isNew(index: number, slots: Int32Array): boolean {
    const view = this.#views[index]!
    const key = view.keyOf(slots)
    if (view.cases.has(key)) return false
    view.cases.add(key)
    return true
  }

  #compareFrom(index: number, place: Place, most: number): Asymmetry | undefined {
    const pending: [index: number, place: Place][] = [[index, place]]
    let left = most
    for (let next; left > 0 && (next = pending.pop()) !== undefined; left--) {
      const [of, at] = next
      this.compared++
      for (const [number, exchange] of this.#exchanges.entries()) {
        const other = this.#images[number]![of]!
        const image = at.image(number, exchange)
        if (!this.#isImage(of, at, other, image, exchange))
          return { index: of, slots: at.slots, permutation: exchange.permutation }
        if (this.#isNew(other, image.slots)) pending.push([other, image])
      }
    }
    this.#left.set(this.#subjects[index]!.of.definition, left)
    return undefined
  }

  /** Whether the function `other` has on `image` the image of the result of `of` on `at`. */
  #isImage(of: number, at: Place, other: number, image: Place, { exchange }: Exchange): boolean {
    const one = this.#ask(of, at.slots)
    const two = this.#ask(other, image.slots)
    if (one.kind === 'truth') return two.kind === 'truth' && one.truth === two.truth
    if (one.kind === 'value') return two.kind === 'value' && one.value === two.value
    if (one.kind === 'error') return two.kind === 'error' && one.error.code === two.error.code
    if (two.kind !== 'successors') return false
    const view = this.#views[other]!
    const after = (slots: Int32Array, writes: ReadonlyMap<Slot, number>): Int32Array => {
      const own = slots.slice()
      for (const [slot, content] of writes) own[slot] = content
      return own
    }
    const expected = new Set(
      one.writes.map((writes) => {
        const own = after(at.slots, writes)
        exchange(own)
        return view.keyOf(own)
      }),
    )
    const found = new Set(two.writes.map((writes) => view.keyOf(after(image.slots, writes))))
    return found.size === expected.size && [...found].every((key) => expected.has(key))
  }

  /** The result of a function on a place. Adds the slots that it reads and writes to its view. */
  #ask(index: number, slots: Int32Array): FunctionResult {
    const learner = this.#learner
    const { learned } = learner
    const { reads, leaf } =
      learner.roots[index] === INTERPRET ? { reads: [], leaf: INTERPRET } : this.#walk(index, slots)
    if (leaf === INTERPRET) return this.#refer(index, slots)
    const outcome = this.#outcomes[-leaf - 1]
    assert(outcome !== undefined, 'a leaf has no outcome')
    if (learner.learned !== learned) {
      for (const slot of reads) this.#grow(index, slot)
      for (const writes of outcome.kind === 'successors' ? outcome.writes : [])
        for (const slot of writes.keys()) this.#grow(index, slot)
    }
    return outcome
  }

  #walk(index: number, slots: Int32Array): { readonly reads: readonly Slot[]; readonly leaf: number } {
    const leaf = this.#learner.resolve(index, slots)
    return leaf === INTERPRET ? { reads: [], leaf } : this.#learner.path(index, slots)
  }

  /** Evaluates a function that cannot be learned. It may read any slot, so its view gets all of them. */
  #refer(index: number, slots: Int32Array): FunctionResult {
    for (let slot = 0; slot < slots.length; slot++) this.#grow(index, slot)
    let answer
    try {
      answer = this.#subjects[index]!.refer(slots)
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.cause.code === 'KR502') throw thrown
      return { kind: 'error', error: thrown.cause }
    }
    if (typeof answer === 'boolean') return { kind: 'truth', truth: answer }
    if (typeof answer === 'number') return { kind: 'value', value: answer }
    return {
      kind: 'successors',
      writes: answer.map((successor) => new Map(successor.entries())),
    }
  }

  /** Adds a slot to the view of a function, and its images to the views of the images. */
  #grow(index: number, slot: Slot): void {
    const pending: [index: number, slot: Slot][] = [[index, slot]]
    for (let next; (next = pending.pop()) !== undefined;) {
      const [of, at] = next
      const view = this.#views[of]!
      if (view.slots.has(at)) continue
      view.grow(at, this.#sizes)
      this.hasGrown = true
      this.#exchanges.forEach(({ places }, number) => pending.push([this.#images[number]![of]!, places[at]!]))
    }
  }
}
