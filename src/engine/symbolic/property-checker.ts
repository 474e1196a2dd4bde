/**
 * Decides properties on sets of states and of the steps from them.
 *
 * What decides a property is told as the explicit engine tells it: of the first set shown in which something does,
 * the least state, then the first action instance, the least successor, the first predicate.
 */
import type { LearnedEvaluator } from '../../semantics/learned/learned-evaluator.ts'
import type { PredicateInstance } from '../../spec/instances.ts'
import { predicateInstance, predicateInstances } from '../../spec/instances.ts'
import type { Model, PropertyDefinition } from '../../spec/model.ts'
import { contentOrderOf } from '../../state/order.ts'
import type { Diagram } from './diagram/diagrams.ts'
import { EMPTY } from './diagram/node-table.ts'
import type { Space } from './space.ts'
import { StepPredicateStudy, type Steps } from './step-learner.ts'
import { PredicateStudy, Unsuited } from './relation-learner.ts'
import type { SymbolicModel, Tenant } from './symbolic-model.ts'

/** What decides a property, as slots. */
export interface Sight {
  readonly slots: Int32Array
  /** The step that violates a transition property. */
  readonly step: { readonly instance: number; readonly slots: Int32Array } | undefined
  /** The predicate that is not as expected; undefined for a deadlock. */
  readonly predicate: PredicateInstance | undefined
  /** Orders predicates of one state. */
  readonly rank: number
}

/** What decides properties. */
export type Sights = Map<PropertyDefinition, Sight>

/** The studies of one predicate of a property over states, or of its antecedent. */
interface Watched<S> {
  readonly property: PropertyDefinition
  /** Whether it decides the property, or is only the antecedent of a claim that does. */
  readonly decides: boolean
  readonly rank: number
  readonly studies: readonly S[]
}

/** Says that a function of the spec fails on a state that can be reached. */
export class Fails extends Error {}

export class Judge implements Tenant {
  /** Properties that cannot be decided with diagrams, and why. */
  readonly unsuited: Map<PropertyDefinition, Unsuited> = new Map()
  /** Properties made by `implies` whose antecedent has not been true yet. */
  readonly vacuous: Set<PropertyDefinition>
  readonly #model: SymbolicModel
  readonly #states: readonly Watched<PredicateStudy>[]
  readonly #steps: readonly Watched<StepPredicateStudy>[]
  readonly #deadlock: PropertyDefinition | undefined
  readonly #end: PredicateStudy | undefined
  readonly #settled = new Set<PropertyDefinition>()
  readonly #compare: (slot: number, one: number, other: number) => number

  /** @param properties - those to check; temporal ones are passed over */
  constructor(
    model: SymbolicModel,
    { end }: Pick<Model, 'end'>,
    properties: readonly PropertyDefinition[],
    evaluator: LearnedEvaluator,
  ) {
    this.#model = model
    this.#compare = contentOrderOf(model.layout)
    this.#deadlock = properties.find(({ kind }) => kind === 'deadlock')
    const enlisted = (isStep: boolean) =>
      properties
        .filter(({ kind }) => (kind === 'transition') === isStep)
        .flatMap((property) =>
          predicateInstances(property).flatMap((predicate) => {
            const claim = { property, predicate, decides: true, expected: property.kind !== 'goal' }
            const { antecedent } = predicate
            if (antecedent === undefined) return [claim]
            return [claim, { property, predicate: antecedent, decides: false, expected: false }]
          }),
        )
    const states = enlisted(false)
    const { pupil } = evaluator.watch(states)
    this.#states = states.map(({ property, predicate, decides, expected }, rank) => {
      return { property, decides, rank, studies: [new PredicateStudy(predicate, expected, pupil, rank)] }
    })
    const steps = enlisted(true)
    const stepPupil = evaluator.watchSteps(steps).pupil
    this.#steps = steps.map(({ property, predicate, decides, expected }, rank) => {
      const studies = model.actions.map((action, instance) => {
        return new StepPredicateStudy(predicate, expected, action, stepPupil, rank * model.actions.length + instance)
      })
      return { property, decides, rank, studies }
    })
    this.#end = end && endStudy(end, evaluator)
    this.vacuous = new Set(
      [...this.#states, ...this.#steps].flatMap(({ decides, property }) => (decides ? [] : [property])),
    )
    model.admit(this)
  }

  /** What decides properties in a set of states, those that are settled left out. @throws {Fails} */
  lookAtStates(set: Diagram): Sights {
    const { space } = this.#model
    return this.#decide(
      this.#states,
      ({ studies: [study] }) => {
        study!.learn(space, set)
        if (study!.failing !== EMPTY) throw new Fails()
        return space.relations.image(set, study!.departing)
      },
      (bad) => this.#leastState(bad),
    )
  }

  /** What decides properties in the steps from a set of states. @throws {Fails} */
  lookAtSteps(set: Diagram): Sights {
    const { space } = this.#model
    return this.#decide(
      this.#steps,
      ({ studies }) => {
        const all = studies.map((study) => study.departing(space, set))
        if (all.some(({ fails }) => fails)) throw new Fails()
        return all.map(({ steps }) => steps)
      },
      (bad) => this.#leastStep(bad),
    )
  }

  /** The states of a set that have no successor, and are not legitimate ends. @throws {Fails} */
  lookForDeadlock(set: Diagram): Sights {
    const { diagrams, space, actions } = this.#model
    const { relations } = space
    const property = this.#deadlock
    const found = new Map<PropertyDefinition, Sight>()
    if (property === undefined || this.#settled.has(property)) return found
    let dead = set
    for (const { moves } of actions) {
      if (dead === EMPTY) break
      for (const { guard } of moves) dead = diagrams.minus(dead, relations.image(dead, guard))
    }
    if (dead !== EMPTY && this.#end !== undefined) {
      this.#end.learn(space, dead)
      if (this.#end.failing !== EMPTY) throw new Fails()
      // It is expected to be false: where it departs, it is an end.
      dead = diagrams.minus(dead, relations.image(dead, this.#end.departing))
    }
    if (dead === EMPTY) return found
    return found.set(property, { slots: this.#least(dead), step: undefined, predicate: undefined, rank: 0 })
  }

  /** Asks no more what decides these. */
  settle(properties: Iterable<PropertyDefinition>): void {
    for (const property of properties) this.#settled.add(property)
  }

  /** Asks again what decides properties, in other sets. What was learned stays known. */
  unsettle(): void {
    this.#settled.clear()
  }

  move(space: Space): void {
    for (const { studies } of this.#states) for (const study of studies) study.move(space)
    for (const { studies } of this.#steps) for (const study of studies) study.move()
    this.#end?.move(space)
  }

  *roots(): Iterable<Diagram> {
    for (const { studies } of [...this.#states, ...this.#steps]) for (const study of studies) yield* study.roots()
    yield* this.#end?.roots() ?? []
  }

  #decide<S, B extends Diagram | readonly (readonly Steps[])[]>(
    watched: readonly Watched<S>[],
    departing: (one: Watched<S>) => B,
    least: (bad: readonly { readonly watched: Watched<S>; readonly bad: B }[]) => Sight,
  ): Sights {
    const found = new Map<PropertyDefinition, Sight>()
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

  #leastState(bad: readonly { watched: Watched<PredicateStudy>; bad: Diagram }[]): Sight {
    const { diagrams, space } = this.#model
    const slots = this.#least(bad.reduce((all, { bad: one }) => diagrams.union(all, one), EMPTY))
    const { watched } = bad.find(({ bad: one }) => space.has(one, slots))!
    return { slots, step: undefined, predicate: watched.studies[0]!.of, rank: watched.rank }
  }

  #leastStep(bad: readonly { watched: Watched<StepPredicateStudy>; bad: readonly (readonly Steps[])[] }[]): Sight {
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
    const { of } = watched.studies[0]!
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

/** The rule for legitimate ends, expected to be false. */
function endStudy(end: NonNullable<Model['end']>, evaluator: LearnedEvaluator): PredicateStudy {
  const definition: PropertyDefinition = {
    ...{ name: 'unless', kind: 'deadlock', parameters: {}, conjuncts: [], origin: undefined },
  }
  const predicate = predicateInstance(definition, {}, end as never)
  const { pupil } = evaluator.watch([{ predicate, expected: false }])
  return new PredicateStudy(predicate, false, pupil, 0)
}
