/** Which properties a single state or step decides, by reference evaluation. */
import { stepView } from '../semantics/reference.ts'
import type { ModelContext } from '../semantics/context.ts'
import {
  instancesFor,
  predicateInstance,
  predicateInstances,
  type ActionInstance,
  type PredicateInstance,
} from '../spec/instances.ts'
import type { PropertyDefinition, PropertyKind, State } from '../spec/model.ts'

/** A property that a state or step violates, or a goal that a state reaches. */
export interface Judgement {
  readonly property: string
  readonly kind: PropertyKind
  readonly isGood: boolean
  /** The predicate that decides it; undefined for a deadlock. */
  readonly predicate: PredicateInstance | undefined
}

export class Judge {
  readonly #context: ModelContext
  readonly #properties: readonly PropertyDefinition[]
  /** By kind of property: its predicates. */
  readonly #predicates = new Map<PropertyKind, readonly PredicateInstance[]>()
  readonly #initial: readonly PredicateInstance[]
  readonly #constraints: readonly PredicateInstance[]

  constructor(context: ModelContext, properties: readonly PropertyDefinition[]) {
    this.#context = context
    this.#properties = properties
    this.#initial = properties.filter(({ kind }) => kind === 'refinement').flatMap((it) => instancesFor(it, false))
    this.#constraints = context.model.constraints.flatMap(predicateInstances)
  }

  /** What a state decides, each property once, in the order of the spec. @throws {Failure} */
  state(state: State): Judgement[] {
    return this.#decided([
      ...this.#unexpected('invariant', true, state),
      ...this.#unexpected('unreachable', true, state),
      ...this.#unexpected('goal', false, state),
    ])
  }

  /** What an initial state decides in addition. @throws {Failure} */
  initial(state: State): Judgement[] {
    return this.#decided(this.#initial.filter((it) => !this.#context.reference.holds(it, state)))
  }

  /** What a step decides, each property once. @throws {Failure} */
  step(by: ActionInstance, before: State, after: State): Judgement[] {
    const view = stepView(by, before, after)
    return this.#decided([...this.#unexpected('transition', true, view), ...this.#unexpected('refinement', true, view)])
  }

  /** The deadlock property if a state without successors violates it. @throws {Failure} */
  end(state: State): Judgement[] {
    const deadlock = this.#properties.find(({ kind }) => kind === 'deadlock')
    if (deadlock === undefined) return []
    const { model, reference } = this.#context
    const end = model.end && predicateInstance(deadlock, {}, model.end as never)
    if (end !== undefined && reference.holds(end, state)) return []
    return [{ property: deadlock.name, kind: 'deadlock', isGood: false, predicate: undefined }]
  }

  /** Whether a state is within the constraints. @throws {Failure} */
  isInside(state: State): boolean {
    return this.#constraints.every((constraint) => this.#context.reference.holds(constraint, state))
  }

  /** The predicates of a kind that do not have the expected value. */
  #unexpected(kind: PropertyKind, expected: boolean, subject: unknown): PredicateInstance[] {
    let predicates = this.#predicates.get(kind)
    if (predicates === undefined) {
      predicates = this.#properties.filter((it) => it.kind === kind).flatMap(predicateInstances)
      this.#predicates.set(kind, predicates)
    }
    return predicates.filter((it) => this.#context.reference.holds(it, subject) !== expected)
  }

  #decided(predicates: readonly PredicateInstance[]): Judgement[] {
    return this.#properties.flatMap(({ name, kind }): Judgement[] => {
      const predicate = predicates.find(({ definition }) => definition.name === name)
      return predicate === undefined ? [] : [{ property: name, kind, isGood: kind === 'goal', predicate }]
    })
  }
}
