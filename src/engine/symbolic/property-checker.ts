/**
 * Decides properties on sets of states and of the steps from them.
 *
 * A finding is the one that the explicit engine would report. It comes from the first set that decides the property:
 * the least state, then the first action instance, the least successor, the first predicate.
 */
import type { LearnedEvaluator } from '../../semantics/learned/learned-evaluator.ts'
import type { PredicateInstance } from '../../spec/instances.ts'
import { initialInstances, predicateInstance, predicateInstances } from '../../spec/instances.ts'
import { isOfSteps, type Model, type PropertyDefinition } from '../../spec/model.ts'
import { UNKNOWN_STEP } from '../../semantics/successors.ts'
import { slotsOf } from '../../state/layout.ts'
import { contentOrderOf, orderOf } from '../../state/order.ts'
import type { Diagram } from './diagram/diagrams.ts'
import { EMPTY } from './diagram/node-table.ts'
import type { Space } from './space.ts'
import { StepPredicateLearner, type Steps } from './step-learner.ts'
import { PredicateLearner, Unsuited } from './relation-learner.ts'
import type { SymbolicModel, RootHolder } from './symbolic-model.ts'

/** A finding in slots instead of words. */
export interface SlotFinding {
  readonly slots: Int32Array
  /** The step that violates a transition property. */
  readonly step: { readonly instance: number; readonly slots: Int32Array } | undefined
  /** The predicate with the unexpected value; undefined for a deadlock. */
  readonly predicate: PredicateInstance | undefined
  /** Orders predicates of one state. */
  readonly rank: number
}

export type SlotFindings = Map<PropertyDefinition, SlotFinding>

/** The learners of one predicate of a property, or of its antecedent. */
interface Watched<S> {
  readonly property: PropertyDefinition
  /** Whether the predicate decides the property; false for an antecedent. */
  readonly decides: boolean
  readonly rank: number
  readonly learners: readonly S[]
}

/** Thrown when a function of the spec fails on a reachable state. */
export class ReachableFailure extends Error {}

export class PropertyChecker implements RootHolder {
  /** Properties that diagrams do not suit, and why. */
  readonly unsuited: Map<PropertyDefinition, Unsuited> = new Map()
  /** Properties made by `implies` whose antecedent has not been true yet. */
  readonly vacuous: Set<PropertyDefinition>
  readonly #model: SymbolicModel
  readonly #states: readonly Watched<PredicateLearner>[]
  readonly #steps: readonly Watched<StepPredicateLearner>[]
  readonly #deadlock: PropertyDefinition | undefined
  /** Properties with predicates of initial states. */
  readonly #beginning: readonly PropertyDefinition[]
  readonly #end: PredicateLearner | undefined
  readonly #settled = new Set<PropertyDefinition>()
  readonly #compare: (slot: number, one: number, other: number) => number

  /** @param properties - the properties to check; temporal ones are ignored */
  constructor(
    model: SymbolicModel,
    { end }: Pick<Model, 'end'>,
    properties: readonly PropertyDefinition[],
    evaluator: LearnedEvaluator,
  ) {
    this.#model = model
    this.#compare = contentOrderOf(model.layout)
    this.#beginning = properties.filter(({ initially = [] }) => initially.length > 0)
    this.#deadlock = properties.find(({ kind }) => kind === 'deadlock')
    const watched = (isStep: boolean) =>
      properties
        .filter((it) => isOfSteps(it) === isStep)
        .flatMap((property) =>
          predicateInstances(property).flatMap((predicate) => {
            const claim = { property, predicate, decides: true, expected: property.kind !== 'goal' }
            const { antecedent } = predicate
            if (antecedent === undefined) return [claim]
            return [claim, { property, predicate: antecedent, decides: false, expected: false }]
          }),
        )
    const states = watched(false)
    const { learner } = evaluator.watch(states)
    this.#states = states.map(({ property, predicate, decides, expected }, rank) => {
      return { property, decides, rank, learners: [new PredicateLearner(predicate, expected, learner, rank)] }
    })
    const steps = watched(true)
    const stepPupil = evaluator.watchSteps(steps).learner
    this.#steps = steps.map(({ property, predicate, decides, expected }, rank) => {
      const learners = model.actions.map((action, instance) => {
        return new StepPredicateLearner(predicate, expected, action, stepPupil, rank * model.actions.length + instance)
      })
      return { property, decides, rank, learners }
    })
    this.#end = end && endStudy(end, evaluator)
    this.vacuous = new Set(
      [...this.#states, ...this.#steps].flatMap(({ decides, property }) => (decides ? [] : [property])),
    )
    model.admit(this)
  }

  /** Findings about initial states, packed one after the other. @throws {Failure} if a function of the spec fails */
  lookAtInitial(initial: Int32Array, evaluator: LearnedEvaluator): SlotFindings {
    const { layout } = this.#model
    const found = new Map<PropertyDefinition, SlotFinding>()
    const order = orderOf(layout)
    for (const property of this.#beginning) {
      if (this.#settled.has(property)) continue
      const predicates = initialInstances(property)
      const watch = evaluator.watch(predicates.map((predicate) => ({ predicate, expected: true })))
      let least: number | undefined
      for (let offset = 0; offset < initial.length; offset += layout.width) {
        watch.check(initial, offset, UNKNOWN_STEP, (rank) => {
          if (least !== undefined && order(initial, least, initial, offset) <= 0) return
          least = offset
          found.set(property, {
            slots: slotsOf(layout, initial, offset),
            step: undefined,
            predicate: predicates[rank]!,
            rank,
          })
        })
      }
    }
    return found
  }

  /** Findings in a set of states, without settled properties. @throws {ReachableFailure} */
  lookAtStates(set: Diagram): SlotFindings {
    const { space } = this.#model
    return this.#decide(
      this.#states,
      ({ learners: [learner] }) => {
        learner!.learn(space, set)
        if (learner!.failing !== EMPTY) throw new ReachableFailure()
        return space.relations.image(set, learner!.departing)
      },
      (bad) => this.#leastState(bad),
    )
  }

  /** Findings in the steps from a set of states. @throws {ReachableFailure} */
  lookAtSteps(set: Diagram): SlotFindings {
    const { space } = this.#model
    return this.#decide(
      this.#steps,
      ({ learners }) => {
        const all = learners.map((learner) => learner.departing(space, set))
        if (all.some(({ fails }) => fails)) throw new ReachableFailure()
        return all.map(({ steps }) => steps)
      },
      (bad) => this.#leastStep(bad),
    )
  }

  /**
   * A finding if a state of a set is a deadlock: without a successor, and not a legitimate end. @throws
   * {ReachableFailure}
   */
  lookForDeadlock(set: Diagram): SlotFindings {
    const { diagrams, space, actions } = this.#model
    const { relations } = space
    const property = this.#deadlock
    const found = new Map<PropertyDefinition, SlotFinding>()
    if (property === undefined || this.#settled.has(property)) return found
    let dead = set
    for (const { moves } of actions) {
      if (dead === EMPTY) break
      for (const { guard } of moves) dead = diagrams.minus(dead, relations.image(dead, guard))
    }
    if (dead !== EMPTY && this.#end !== undefined) {
      this.#end.learn(space, dead)
      if (this.#end.failing !== EMPTY) throw new ReachableFailure()
      // The expected value is false, so a departing state is an end.
      dead = diagrams.minus(dead, relations.image(dead, this.#end.departing))
    }
    if (dead === EMPTY) return found
    return found.set(property, { slots: this.#least(dead), step: undefined, predicate: undefined, rank: 0 })
  }

  /** Stops looking for findings of these properties. */
  settle(properties: Iterable<PropertyDefinition>): void {
    for (const property of properties) this.#settled.add(property)
  }

  /** Looks for findings of all properties again, in other sets. Learned predicates stay learned. */
  unsettle(): void {
    this.#settled.clear()
  }

  move(space: Space): void {
    for (const { learners } of this.#states) for (const learner of learners) learner.move(space)
    for (const { learners } of this.#steps) for (const learner of learners) learner.move()
    this.#end?.move(space)
  }

  *roots(): Iterable<Diagram> {
    for (const { learners } of [...this.#states, ...this.#steps]) for (const learner of learners) yield* learner.roots()
    yield* this.#end?.roots() ?? []
  }

  #decide<S, B extends Diagram | readonly (readonly Steps[])[]>(
    watched: readonly Watched<S>[],
    departing: (one: Watched<S>) => B,
    least: (bad: readonly { readonly watched: Watched<S>; readonly bad: B }[]) => SlotFinding,
  ): SlotFindings {
    const found = new Map<PropertyDefinition, SlotFinding>()
    for (const property of new Set(watched.map((one) => one.property))) {
      if (this.unsuited.has(property)) continue
      const own = watched.filter((one) => one.property === property)
      const departs = (decides: boolean) =>
        own
          .filter((one) => one.decides === decides)
          .map((one) => ({ watched: one, bad: departing(one) }))
          .filter((it) => !isNothing(it.bad))
      try {
        if (this.vacuous.has(property) && departs(false).length > 0) this.vacuous.delete(property)
        const bad = this.#settled.has(property) ? [] : departs(true)
        if (bad.length > 0) found.set(property, least(bad))
      } catch (thrown) {
        if (!(thrown instanceof Unsuited)) throw thrown
        this.unsuited.set(property, thrown)
      }
    }
    return found
  }

  #least(set: Diagram): Int32Array {
    return this.#model.space.least(set, this.#compare)
  }

  #leastState(bad: readonly { watched: Watched<PredicateLearner>; bad: Diagram }[]): SlotFinding {
    const { diagrams, space } = this.#model
    const slots = this.#least(bad.reduce((all, { bad: one }) => diagrams.union(all, one), EMPTY))
    const { watched } = bad.find(({ bad: one }) => space.has(one, slots))!
    return { slots, step: undefined, predicate: watched.learners[0]!.of, rank: watched.rank }
  }

  #leastStep(
    bad: readonly { watched: Watched<StepPredicateLearner>; bad: readonly (readonly Steps[])[] }[],
  ): SlotFinding {
    const { diagrams, space } = this.#model
    const all = bad.flatMap(({ watched, bad: byInstance }) =>
      byInstance.flatMap((steps, instance) => steps.map((it) => ({ watched, instance, ...it }))),
    )
    const slots = this.#least(all.reduce((sum, { from }) => diagrams.union(sum, from), EMPTY))
    const from = all
      .filter((it) => space.has(it.from, slots))
      .map((it) => {
        const after = slots.slice()
        for (const [slot, content] of it.writes) after[slot] = content
        return { ...it, after }
      })
    const first = from.reduce((best, it) => (this.#precedes(it, best) ? it : best))
    const { watched, instance, after } = first
    const { of } = watched.learners[0]!
    return { slots, step: { instance, slots: after }, predicate: of, rank: watched.rank }
  }

  #precedes(a: SeenStep, b: SeenStep): boolean {
    if (a.instance !== b.instance) return a.instance < b.instance
    const slot = a.after.findLastIndex((content, index) => content !== b.after[index])
    if (slot >= 0) return this.#compare(slot, a.after[slot]!, b.after[slot]!) < 0
    return a.watched.rank < b.watched.rank
  }
}

interface SeenStep {
  readonly instance: number
  readonly after: Int32Array
  readonly watched: { readonly rank: number }
}

function isNothing(bad: Diagram | readonly (readonly Steps[])[]): boolean {
  return typeof bad === 'number' ? bad === EMPTY : bad.every((steps) => steps.length === 0)
}

/** A learner for the rule about legitimate ends, with the expected value false. */
function endStudy(end: NonNullable<Model['end']>, evaluator: LearnedEvaluator): PredicateLearner {
  const definition: PropertyDefinition = {
    name: 'unless',
    kind: 'deadlock',
    parameters: {},
    conjuncts: [],
    origin: undefined,
  }
  const predicate = predicateInstance(definition, {}, end as never)
  const { learner } = evaluator.watch([{ predicate, expected: false }])
  return new PredicateLearner(predicate, false, learner, 0)
}
