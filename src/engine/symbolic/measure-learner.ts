/**
 * Measures as diagrams: for each value the states, or the steps, that have it.
 *
 * A learned value need not occur in the set in question. So this module finds the first and the last value, in
 * ascending order, that the set has.
 */
import type { TreeLearner } from '../../semantics/learned/tree-learner.ts'
import { TRUE } from '../../semantics/learned/truths.ts'
import { stepView, type ReferenceEvaluator } from '../../semantics/reference.ts'
import type { MeasureInstance } from '../../spec/instances.ts'
import { decode } from '../../state/codec.ts'
import type { Layout } from '../../state/layout.ts'
import type { Diagram } from './diagram/diagrams.ts'
import { EMPTY } from './diagram/node-table.ts'
import type { Space } from './space.ts'
import { StepLearner, type Knowledge } from './step-learner.ts'
import { RelationLearner, type ActionLearner, type Cube } from './relation-learner.ts'

/** Receives values: at least the least and the greatest. */
export type Note = (value: number) => void

/** Evaluates a measure once for each cube, because trees of measures do not keep values. */
export interface MeasureContext {
  readonly layout: Layout
  readonly reference: ReferenceEvaluator
}

/** By value: the states that have it, as a relation that writes nothing. */
type ByValue = Map<number, Diagram>

/** Reports the least and the greatest value in a set of states. */
function tellExtremes({ relations }: Space, set: Diagram, byValue: ByValue, note: Note): void {
  const values = [...byValue.keys()].sort((a, b) => a - b)
  const isHad = (value: number): boolean => relations.image(set, byValue.get(value)!) !== EMPTY
  const least = values.find(isHad)
  if (least === undefined) return
  note(least)
  note(values.findLast(isHad)!)
}

function add({ diagrams }: Space, byValue: ByValue, value: number, guard: Diagram): void {
  byValue.set(value, diagrams.union(byValue.get(value) ?? EMPTY, guard))
}

/** A measure over states. */
export class MeasureLearner extends RelationLearner {
  override readonly of: MeasureInstance
  /** The states in which evaluation fails. */
  failing: Diagram = EMPTY
  readonly #byValue: ByValue = new Map()
  /** By leaf of a cube, from 0. */
  readonly #values: number[] = []
  readonly #gauge: MeasureContext

  constructor(of: MeasureInstance, learner: TreeLearner, index: number, gauge: MeasureContext) {
    super(of, learner, index)
    this.of = of
    this.#gauge = gauge
  }

  tellExtremes(space: Space, set: Diagram, note: Note): void {
    tellExtremes(space, set, this.#byValue, note)
  }

  override roots(): Diagram[] {
    return [this.known, this.failing, ...this.#byValue.values()]
  }

  protected override leafAt(slots: Int32Array, leaf: number): number {
    if (leaf !== TRUE) return leaf
    const { layout, reference } = this.#gauge
    const value = reference.value(this.of, decode(layout, slots))
    const known = this.#values.indexOf(value)
    return known >= 0 ? known : this.#values.push(value) - 1
  }

  protected override forget(): void {
    this.#byValue.clear()
    this.failing = EMPTY
  }

  protected override enter(space: Space, { leaf }: Cube, guard: Diagram): void {
    if (leaf < 0) this.failing = space.diagrams.union(this.failing, guard)
    else add(space, this.#byValue, this.#values[leaf]!, guard)
  }
}

interface Values extends Knowledge {
  readonly byValue: ByValue
}

/** A measure over the steps of an action instance. */
export class StepMeasureLearner extends StepLearner<Values> {
  override readonly of: MeasureInstance
  readonly #gauge: MeasureContext

  constructor(of: MeasureInstance, action: ActionLearner, learner: TreeLearner, index: number, gauge: MeasureContext) {
    super(of, action, learner, index)
    this.of = of
    this.#gauge = gauge
  }

  /**
   * Learns the measure on a set of states, and reports the least and the greatest value. Only steps that change
   * something count.
   *
   * @returns whether evaluation fails on one of these steps
   * @throws {Unsuited}; {Failure} if the function is impure
   */
  tellExtremes(space: Space, set: Diagram, note: Note): boolean {
    const all = this.learned(space, set)
    for (const { from, knowledge } of all) tellExtremes(space, from, knowledge.byValue, note)
    return all.some(({ from, knowledge }) => space.relations.image(from, knowledge.failing) !== EMPTY)
  }

  protected override ignorance(): Values {
    return { known: EMPTY, failing: EMPTY, byValue: new Map() }
  }

  protected override rootsOf({ known, failing, byValue }: Values): Diagram[] {
    return [known, failing, ...byValue.values()]
  }

  protected override enter(space: Space, knowledge: Values, guard: Diagram, leaf: number, slots: Int32Array): void {
    if (leaf !== TRUE) {
      knowledge.failing = space.diagrams.union(knowledge.failing, guard)
      return
    }
    const { layout, reference } = this.#gauge
    const count = slots.length / 2
    const [before, after] = [decode(layout, slots.subarray(0, count)), decode(layout, slots.subarray(count))]
    add(space, knowledge.byValue, reference.value(this.of, stepView(this.action.of, before, after)), guard)
  }
}
