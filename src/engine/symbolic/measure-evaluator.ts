/** Evaluates measures on sets of states, and on the steps from them. */
import type { LearnedEvaluator } from '../../semantics/learned/learned-evaluator.ts'
import { measureInstance } from '../../spec/instances.ts'
import type { MeasureDefinition } from '../../spec/model.ts'
import type { Diagram } from './diagram/diagrams.ts'
import { EMPTY } from './diagram/node-table.ts'
import { ReachableFailure } from './property-checker.ts'
import { MeasureLearner, StepMeasureLearner, type MeasureContext, type Note } from './measure-learner.ts'
import type { Space } from './space.ts'
import { Unsuited } from './relation-learner.ts'
import type { SymbolicModel, RootHolder } from './symbolic-model.ts'

/** One learner for a measure over states, else one for each action instance. */
interface LearnedMeasure {
  readonly definition: MeasureDefinition
  readonly ofStates: readonly MeasureLearner[]
  readonly ofSteps: readonly StepMeasureLearner[]
}

export class MeasureEvaluator implements RootHolder {
  /** Measures that diagrams do not suit, and why. */
  readonly unsuited: Map<MeasureDefinition, Unsuited> = new Map()
  readonly #model: SymbolicModel
  readonly #measures: readonly LearnedMeasure[]

  constructor(
    model: SymbolicModel,
    measures: readonly MeasureDefinition[],
    evaluator: LearnedEvaluator,
    gauge: MeasureContext,
  ) {
    this.#model = model
    const over = (what: MeasureDefinition['over']) => measures.filter((it) => it.over === what)
    // Ignore the values that trees report: the states that they were learned on need not be in the set.
    const watched = (what: MeasureDefinition['over']) =>
      over(what).map((definition) => ({ measure: measureInstance(definition), note: () => {} }))
    const { learner } = evaluator.watch([], watched('states'))
    const stepPupil = evaluator.watchSteps([], watched('steps')).learner
    this.#measures = measures.map((definition) => {
      const measure = measureInstance(definition)
      const index = over(definition.over).indexOf(definition)
      const { actions } = model
      return definition.over === 'states'
        ? { definition, ofStates: [new MeasureLearner(measure, learner, index, gauge)], ofSteps: [] }
        : {
            definition,
            ofStates: [],
            ofSteps: actions.map(
              (action, at) => new StepMeasureLearner(measure, action, stepPupil, index * actions.length + at, gauge),
            ),
          }
    })
    model.admit(this)
  }

  /**
   * Evaluates the measures over states, and passes values to the `notes`, which are ordered by measure. @throws
   * {ReachableFailure}
   */
  lookAtStates(set: Diagram, notes: readonly Note[]): void {
    const { space } = this.#model
    this.#each(notes, ({ ofStates }, note) => {
      for (const learner of ofStates) {
        learner.learn(space, set)
        if (learner.failing !== EMPTY) throw new ReachableFailure()
        learner.tellExtremes(space, set, note)
      }
    })
  }

  /**
   * Evaluates the measures over steps from a set, and passes values to the `notes`, which are ordered by measure.
   * @throws {ReachableFailure}
   */
  lookAtSteps(set: Diagram, notes: readonly Note[]): void {
    const { space } = this.#model
    this.#each(notes, ({ ofSteps }, note) => {
      for (const learner of ofSteps) if (learner.tellExtremes(space, set, note)) throw new ReachableFailure()
    })
  }

  move(space: Space): void {
    for (const { ofStates, ofSteps } of this.#measures) {
      for (const learner of ofStates) learner.move(space)
      for (const learner of ofSteps) learner.move()
    }
  }

  *roots(): Iterable<Diagram> {
    for (const { ofStates, ofSteps } of this.#measures) {
      for (const learner of [...ofStates, ...ofSteps]) yield* learner.roots()
    }
  }

  #each(notes: readonly Note[], take: (measure: LearnedMeasure, note: Note) => void): void {
    this.#measures.forEach((measure, index) => {
      if (this.unsuited.has(measure.definition)) return
      try {
        take(measure, notes[index]!)
      } catch (thrown) {
        if (!(thrown instanceof Unsuited)) throw thrown
        this.unsuited.set(measure.definition, thrown)
      }
    })
  }
}
