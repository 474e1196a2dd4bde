/**
 * Watches a search, and records findings, failures and measures.
 *
 * The first level with a finding decides a property. The search finishes that level, so the monitor can report its
 * least state instead of the first one found.
 */
import type { Observer } from '../semantics/contract.ts'
import {
  type Evaluator,
  type Measured,
  type NextState,
  type StepWatch,
  type Watch,
  type Watched,
} from '../semantics/contract.ts'
import { Failure } from '../semantics/failure.ts'
import { Successors, UNKNOWN_STEP } from '../semantics/successors.ts'
import { stopCalls } from '../spec/calls.ts'
import {
  initialInstances,
  measureInstance,
  predicateInstance,
  predicateInstances,
  type PredicateInstance,
} from '../spec/instances.ts'
import { isOfSteps, type MeasureDefinition, type Model, type PropertyDefinition } from '../spec/model.ts'
import type { Layout } from '../state/layout.ts'
import { orderOf, type StateOrder } from '../state/order.ts'
import { MeasureRange, type RangeBounds } from './range.ts'
import { precedes, type FailureFinding, type Finding, type Occasion, type Location, type Candidate } from './finding.ts'

export interface Watchlist {
  readonly properties: readonly PropertyDefinition[]
  readonly measures: readonly MeasureDefinition[]
  /** Whether to take the measures. Without, their ranges stay empty. Default true. */
  readonly isMeasuring?: boolean
}

/** What a monitor has found, in a form that can be stored. */
export interface MonitorRecord {
  /** The locations of the findings, and of the failure. */
  readonly candidates: readonly Candidate[]
  /** Names of properties that earlier levels decided. */
  readonly settled: readonly string[]
  /** Names of properties whose antecedent has not been true yet. */
  readonly vacuous: readonly string[]
  /** Steps that led outside the constraints. */
  readonly outside: number
  /** By measure. */
  readonly ranges: readonly RangeBounds[]
}

/** Why a predicate is watched. */
interface Role {
  readonly property: PropertyDefinition
  /** Whether the predicate decides the property; false for an antecedent. */
  readonly decides: boolean
}

/** A step of an instance from `words[from..]` to `after[to..]`. */
interface Step {
  words: Int32Array
  from: number
  after: Int32Array
  to: number
  instance: number
}

export class Monitor implements Observer {
  /** A goal's finding is a witness, any other finding is a violation. */
  readonly findings: Map<PropertyDefinition, Finding> = new Map()
  /** By measure: its values in the states found, or on the steps between them. */
  readonly ranges: readonly MeasureRange[]
  /** Properties made by `implies` whose antecedent has not been true yet. */
  readonly vacuous: Set<PropertyDefinition>
  /** The least failure on the first level with a failure. */
  failure: FailureFinding | undefined
  /** Steps to states outside the constraints. */
  outside = 0
  /** Depth of the states being expanded; 0 during the initial states. The caller sets it. */
  depth = 0

  readonly stepped: Observer['stepped']
  readonly admits: Observer['admits']
  /** Whether a state is within the constraints, without recording anything; undefined without constraints. */
  readonly isInside: Observer['admits']
  readonly #width: number
  readonly #order: StateOrder
  /** The state of the current `discovered` call. Stored here so that no closure is made for each state. */
  #words: Int32Array = new Int32Array()
  #offset = 0
  readonly #discovery = (): Location => ({
    words: this.#copy(this.#words, this.#offset),
    depth: this.depth + 1,
    step: undefined,
  })
  readonly #departed = (index: number): void => {
    this.#found(this.#stateRoles[index]!, this.#states[index]!.predicate, index, this.#discovery)
  }
  /** The step of the current call of `stepped`, for the same reason. */
  readonly #step: Step = { words: new Int32Array(), from: 0, after: new Int32Array(), to: 0, instance: 0 }
  readonly #taken = (): Location => ({
    words: this.#copy(this.#step.words, this.#step.from),
    depth: this.depth,
    step: { instance: this.#step.instance, words: this.#copy(this.#step.after, this.#step.to) },
  })
  readonly #erred = (index: number): void => {
    this.#found(this.#stepRoles[index]!, this.#steps[index]!.predicate, index, this.#taken)
  }
  /** Decided properties that are not watched any more. */
  readonly #settled = new Set<PropertyDefinition>()
  /** Locations at which an antecedent was true for the first time since the last call of `candidates`. */
  #witnesses: Candidate[] = []
  readonly #states: Watched[] = []
  readonly #stateRoles: Role[] = []
  readonly #steps: Watched[] = []
  readonly #stepRoles: Role[] = []
  /** Predicates of initial states, and their properties. */
  readonly #beginnings: Watched[] = []
  readonly #beginningRoles: Role[] = []
  readonly #begun = (index: number): void => {
    this.#found(this.#beginningRoles[index]!, this.#beginnings[index]!.predicate, index, this.#discovery)
  }
  readonly #deadlock: PropertyDefinition | undefined
  readonly #beginningWatch: Watch | undefined
  readonly #watch: Watch
  readonly #stepWatch: StepWatch
  readonly #end: Watch | undefined

  /**
   * @param watchlist - the properties to check, and the measures to evaluate
   * @param layout - the layout of the packed states
   */
  constructor(
    model: Model,
    { properties, measures, isMeasuring = true }: Watchlist,
    evaluator: Evaluator,
    layout: Layout,
  ) {
    this.#width = layout.width
    this.#order = orderOf(layout)
    for (const property of properties) this.#enlist(property)
    this.#deadlock = properties.find(({ kind }) => kind === 'deadlock')
    this.vacuous = new Set(
      [...this.#stateRoles, ...this.#stepRoles].flatMap((role) => (role.decides ? [] : [role.property])),
    )
    this.ranges = measures.map(() => new MeasureRange())
    const measured = (over: MeasureDefinition['over']): Measured[] =>
      measures.flatMap((measure, index) =>
        isMeasuring && measure.over === over
          ? [{ measure: measureInstance(measure), note: this.ranges[index]!.note }]
          : [],
      )
    const ofSteps = measured('steps')
    this.#watch = evaluator.watch(this.#states, measured('states'))
    this.#stepWatch = evaluator.watchSteps(this.#steps, ofSteps)
    if (this.#beginnings.length > 0) this.#beginningWatch = evaluator.watch(this.#beginnings)
    this.#end = model.end && evaluator.watch([{ predicate: endPredicate(model.end), expected: false }])
    const constraints = model.constraints.flatMap(predicateInstances)
    if (this.#steps.length + ofSteps.length > 0) {
      this.stepped = (words, from, after, to, instance) => this.#stepped(words, from, after, to, instance)
    }
    if (constraints.length > 0) {
      const watch = evaluator.watch(constraints.map((predicate) => ({ predicate, expected: true })))
      this.isInside = (words, offset, step) => {
        let isInside = true
        watch.check(words, offset, step, () => (isInside = false))
        return isInside
      }
      this.admits = (words, offset, step) => this.#admits(words, offset, step)
    }
  }

  watchesStepsOf(instance: number): boolean {
    return this.#stepWatch.concerns(instance)
  }

  suspects(words: Int32Array, offset: number, step: number): boolean {
    return this.#watch.suspects(words, offset, step)
  }

  discovered(words: Int32Array, offset: number, step: number): void {
    this.#words = words
    this.#offset = offset
    try {
      this.#watch.check(words, offset, step, this.#departed)
      if (this.depth === 0) this.#beginningWatch?.check(words, offset, step, this.#begun)
    } catch (thrown) {
      this.#failed(thrown, this.#discovery, 'state')
    }
  }

  dead(words: Int32Array, offset: number): void {
    if (this.#deadlock === undefined) return
    const place = (): Location => ({ words: this.#copy(words, offset), depth: this.depth, step: undefined })
    try {
      let legitimate = false
      this.#end?.check(words, offset, UNKNOWN_STEP, () => (legitimate = true))
      if (!legitimate) this.#found({ property: this.#deadlock, decides: true }, undefined, 0, place)
    } catch (thrown) {
      this.#failed(thrown, place, 'dead')
    }
  }

  failed(failure: Failure, words: Int32Array, offset: number): void {
    this.#failed(failure, () => ({ words: this.#copy(words, offset), depth: this.depth, step: undefined }), 'expansion')
  }

  /** The properties that earlier levels decided. */
  get settled(): Iterable<PropertyDefinition> {
    return this.#settled
  }

  /** What another monitor needs to go on from here; see `restore`. */
  record(): MonitorRecord {
    const found = Array.from(this.findings.values(), (finding): Candidate => {
      const occasion = finding.step ? 'step' : finding.predicate ? 'state' : 'dead'
      return { ...locationOf(finding), occasion }
    })
    const { failure } = this
    if (failure !== undefined) found.push({ ...locationOf(failure), occasion: failure.occasion })
    return {
      candidates: found,
      settled: Array.from(this.#settled, ({ name }) => name),
      vacuous: Array.from(this.vacuous, ({ name }) => name),
      outside: this.outside,
      ranges: this.ranges.map(({ bounds }) => bounds),
    }
  }

  /**
   * Goes on from the record of another monitor. It evaluates the findings again. This monitor must be new. Then
   * `revisit` must follow for each state that was not expanded.
   */
  restore({ candidates, settled, vacuous, outside, ranges }: MonitorRecord, next: NextState): void {
    for (const candidate of candidates) {
      const isOfState = candidate.occasion === 'state' || candidate.occasion === 'constraint'
      this.depth = isOfState ? candidate.depth - 1 : candidate.depth
      this.lookAt(candidate, next)
    }
    for (const property of [...this.vacuous]) if (!vacuous.includes(property.name)) this.#notVacuous(property)
    this.#settle([...this.findings.keys()].filter(({ name }) => settled.includes(name)))
    this.outside = outside
    ranges.forEach((bounds, index) => this.ranges[index]!.include(bounds))
    this.#witnesses = []
  }

  /**
   * Evaluates everything on the states that another monitor saw at `depth`. A check of a known step leaves out predicates
   * that read nothing it writes, and for that it must know what they read on the state before.
   */
  revisit(states: Int32Array, depth: number): void {
    this.depth = depth - 1
    for (let offset = 0; offset < states.length; offset += this.#width) {
      if (this.isInside !== undefined) this.#isInside(states, offset, UNKNOWN_STEP)
      this.discovered(states, offset, UNKNOWN_STEP)
    }
  }

  /** Stops watching the properties that this level decided. Call this at the end of each level. */
  endLevel(): void {
    if (this.findings.size > this.#settled.size) this.#settle([...this.findings.keys()])
  }

  /** Applies the decisions of another monitor: decided properties, and properties whose antecedent has been true. */
  applyDecided(decided: readonly string[], notVacuous: readonly string[]): void {
    const named = (names: readonly string[]): PropertyDefinition[] =>
      [...this.#stateRoles, ...this.#stepRoles].flatMap(({ property }) =>
        names.includes(property.name) ? [property] : [],
      )
    if (decided.length > this.#settled.size) this.#settle(named(decided))
    for (const property of notVacuous.length > 0 && this.vacuous.size > 0 ? named(notVacuous) : [])
      this.#notVacuous(property)
    this.#witnesses = []
  }

  /** The locations that let another monitor reproduce the findings since the last call. */
  candidates(): Candidate[] {
    const found = Array.from(this.findings, ([property, finding]): [PropertyDefinition, Candidate] => [
      property,
      { ...locationOf(finding), occasion: finding.step ? 'step' : finding.predicate ? 'state' : 'dead' },
    ])
    const fresh = found.flatMap(([property, candidate]) => (this.#settled.has(property) ? [] : [candidate]))
    const failed = this.failure === undefined ? [] : [{ ...locationOf(this.failure), occasion: this.failure.occasion }]
    const candidates = [...fresh, ...failed, ...this.#witnesses]
    this.#witnesses = []
    return candidates
  }

  /** Examines the candidate of another monitor. */
  lookAt({ words, step, occasion }: Candidate, next: NextState): void {
    switch (occasion) {
      case 'state':
        return this.discovered(words, 0, UNKNOWN_STEP)
      case 'dead':
        return this.dead(words, 0)
      case 'step':
        return this.#stepped(words, 0, step!.words, 0, step!.instance)
      case 'constraint':
        return void this.#isInside(words, 0, UNKNOWN_STEP)
      case 'expansion': {
        const out = new Successors(this.#width)
        next.successors(words, 0, out)
        if (out.failure !== undefined) this.failed(out.failure, words, 0)
      }
    }
  }

  #settle(properties: readonly PropertyDefinition[]): void {
    for (const property of properties) this.#settled.add(property)
    this.#drop(({ property }) => this.#settled.has(property))
  }

  #enlist(property: PropertyDefinition): void {
    for (const predicate of initialInstances(property)) {
      this.#beginnings.push({ predicate, expected: true })
      this.#beginningRoles.push({ property, decides: true })
    }
    const [watched, roles] = isOfSteps(property) ? [this.#steps, this.#stepRoles] : [this.#states, this.#stateRoles]
    for (const predicate of predicateInstances(property)) {
      watched.push({ predicate, expected: property.kind !== 'goal' })
      roles.push({ property, decides: true })
      if (predicate.antecedent === undefined) continue
      watched.push({ predicate: predicate.antecedent, expected: false })
      roles.push({ property, decides: false })
    }
  }

  #stepped(words: Int32Array, from: number, after: Int32Array, to: number, instance: number): void {
    const step = this.#step
    step.words = words
    step.from = from
    step.after = after
    step.to = to
    step.instance = instance
    try {
      this.#stepWatch.check(words, from, after, to, instance, this.#erred)
    } catch (thrown) {
      this.#failed(thrown, this.#taken, 'step')
    }
  }

  /** As in TLC, states outside the constraints are checked, but they do not count as distinct and are not explored. */
  #admits(words: Int32Array, offset: number, step: number): boolean {
    if (this.#isInside(words, offset, step)) return true
    this.outside++
    this.discovered(words, offset, step)
    return false
  }

  /** Whether a state is within the constraints. If a constraint fails, the state counts as inside. */
  #isInside(words: Int32Array, offset: number, step: number): boolean {
    try {
      return this.isInside!(words, offset, step)
    } catch (thrown) {
      const place = (): Location => ({ words: this.#copy(words, offset), depth: this.depth + 1, step: undefined })
      this.#failed(thrown, place, 'constraint')
      return true
    }
  }

  #found(
    { property, decides }: Role,
    predicate: PredicateInstance | undefined,
    rank: number,
    place: () => Location,
  ): void {
    if (!decides) {
      const witness = place()
      if (this.vacuous.has(property)) this.#witnesses.push({ ...witness, occasion: witness.step ? 'step' : 'state' })
      return this.#notVacuous(property)
    }
    const finding = { ...place(), predicate, rank }
    const known = this.findings.get(property)
    if (known !== undefined && !precedes(this.#order, finding, known)) return
    this.findings.set(property, finding)
  }

  #notVacuous(property: PropertyDefinition): void {
    if (!this.vacuous.delete(property)) return
    this.#drop((role) => !role.decides && role.property === property)
  }

  #drop(isSpent: (role: Role) => boolean): void {
    const spent = (roles: readonly Role[]): number[] => [...roles.keys()].filter((index) => isSpent(roles[index]!))
    this.#watch.drop(spent(this.#stateRoles))
    this.#stepWatch.drop(spent(this.#stepRoles))
  }

  #failed(thrown: unknown, place: () => Location, occasion: Occasion): void {
    if (!(thrown instanceof Failure)) throw thrown
    if (thrown.cause.code === 'KR510') stopCalls()
    const finding = { ...place(), failure: thrown, occasion }
    const known = this.failure
    if (known !== undefined && !precedes(this.#order, finding, known)) return
    this.failure = finding
  }

  #copy(words: Int32Array, offset: number): Int32Array {
    return words.slice(offset, offset + this.#width)
  }
}

function locationOf({ words, depth, step }: Location): Location {
  return { words, depth, step }
}

/** The rule for legitimate ends, as a predicate. */
export function endPredicate(end: NonNullable<Model['end']>): PredicateInstance {
  const definition: PropertyDefinition = {
    name: 'unless',
    kind: 'deadlock',
    parameters: {},
    conjuncts: [],
    origin: undefined,
  }
  return predicateInstance(definition, {}, end as never)
}
