/**
 * Decides temporal properties on sets of states: whether they hold, not by what they are violated.
 *
 * What the explicit engine says of each state and step, bits of an alphabet, are sets here. Formulas that ask which
 * step is taken are left to it: several actions may lead to one state, and that is not told of sets.
 */
import { Alphabet } from '../../check/liveness/alphabet.ts'
import { automatonOf, type Automaton, type Transition } from '../../check/liveness/automaton.ts'
import { isMomentary, leadsToGroups } from '../../check/liveness/decide.ts'
import { NormalForms, type Normal } from '../../check/liveness/normal-form.ts'
import { hopefulStates } from '../../check/liveness/product.ts'
import type { LearnedEvaluator } from '../../learn/learned.ts'
import type { ActionInstance } from '../../spec/instances.ts'
import type { Model } from '../../spec/model.ts'
import type { TemporalInstance } from '../../spec/temporal-instances.ts'
import type { Diagram } from '../../symbolic/diagram/diagrams.ts'
import { EMPTY } from '../../symbolic/diagram/node-table.ts'
import { FairHull, isNothing, type FairDemand, type Stepping } from '../../symbolic/fair-hull.ts'
import { Fails } from '../../symbolic/judge.ts'
import type { Drive } from '../../symbolic/reach.ts'
import { PredicateStudy } from '../../symbolic/study.ts'
import type { SymbolicModel, Tenant } from '../../symbolic/symbolic-model.ts'
import type { Space } from '../../symbolic/space.ts'

/** What is found out about a property; see `Decision` of the explicit engine. */
export interface Verdict {
  readonly isViolated: boolean
  readonly isEmptyClaim: boolean
  readonly isNeverLed: boolean
}

/** Says why a property is not decided on sets: a clause. */
export class Undecided extends Error {}

/** The sets that are the answers to questions about one moment. */
export interface Answers {
  readonly reached: Diagram
  /** By action instance. */
  readonly steps: readonly (readonly Stepping[])[]
  /** By bit of the alphabet: the states that have it. */
  readonly states: readonly Diagram[]
}

/** What a judge works on. */
export interface Judged {
  readonly model: SymbolicModel
  readonly drive: Drive
  /** All reachable states. */
  readonly reached: Diagram
  /** Holds the answers against reference evaluation before anything is decided by them. */
  readonly audit: (alphabet: Alphabet, answers: Answers) => Promise<void>
}

export class TemporalJudge implements Tenant {
  readonly #model: SymbolicModel
  readonly #drive: Drive
  readonly #alphabet: Alphabet
  readonly #predicates: readonly PredicateStudy[]
  readonly #reached: Diagram
  readonly #audit: Judged['audit']
  #answers: Answers | undefined

  /** @param formulas - of all properties that are to be decided */
  constructor(
    { model, drive, reached, audit }: Judged,
    evaluator: LearnedEvaluator,
    instances: readonly ActionInstance[],
    { fairness }: Pick<Model, 'fairness'>,
    formulas: readonly TemporalInstance[],
  ) {
    this.#model = model
    this.#drive = drive
    this.#reached = reached
    this.#audit = audit
    this.#alphabet = new Alphabet(instances, fairness)
    for (const { formula } of formulas) this.#alphabet.admit(formula)
    const watched = this.#alphabet.predicates.map((predicate) => ({ predicate, expected: false }))
    const { pupil } = evaluator.watch(watched)
    this.#predicates = watched.map(({ predicate }, index) => new PredicateStudy(predicate, false, pupil, index))
    model.admit(this)
  }

  /**
   * Decides a property, given as its instances.
   *
   * @param operations - on diagrams that it may take
   * @throws {Undecided}; {Unsuited}; {Fails} if a predicate fails on a state; {CheckerError} KR206 for a formula
   *   that is too large, and what the audit throws; and what ends the work
   */
  async decide(instances: readonly TemporalInstance[], operations: number = Infinity): Promise<Verdict> {
    const { diagrams } = this.#model
    const { cache } = diagrams
    const { onWork } = cache
    const most = cache.stored + operations
    cache.onWork = () => {
      if (cache.stored > most) throw new Undecided('sets of its states are too large')
      onWork()
    }
    try {
      return await this.#decide(instances)
    } finally {
      cache.onWork = onWork
      diagrams.recover()
    }
  }

  /** What has been worked out was in the space of another order. */
  move(space: Space): void {
    for (const study of this.#predicates) study.move(space)
    this.#answers = undefined
  }

  *roots(): Iterable<Diagram> {
    for (const study of this.#predicates) yield* study.roots()
    yield this.#reached
    if (this.#answers === undefined) return
    yield* this.#answers.states
    for (const { step, still } of this.#answers.steps.flat()) yield* [step, still]
  }

  async #decide(instances: readonly TemporalInstance[]): Promise<Verdict> {
    const answers = (this.#answers ??= await this.#audited())
    const normal = new NormalForms(this.#alphabet)
    const groups = leadsToGroups(instances)
    let isNeverLed = false
    for (const lefts of groups) {
      if (isNeverLed || !lefts.every(isMomentary) || lefts.length === 0) continue
      const automata = lefts.map((left) => this.#automaton(normal.of(left, false), 'leadsTo'))
      isNeverLed = await this.#drive(() =>
        automata.every(({ transitions: [ways] }) => ways!.every((way) => this.#statesOf(way, answers) === EMPTY)),
      )
    }
    let isEmptyClaim = instances.length > 0
    for (const { formula, who } of instances) {
      const automaton = this.#automaton(normal.of(formula, true), who)
      const hopeful = hopefulStates(automaton)
      if (!hopeful.includes(true)) continue
      isEmptyClaim = false
      if (await this.#isAccepted(automaton, hopeful, answers)) return { isViolated: true, isEmptyClaim, isNeverLed }
    }
    return { isViolated: false, isEmptyClaim, isNeverLed }
  }

  async #isAccepted(automaton: Automaton, hopeful: readonly boolean[], answers: Answers): Promise<boolean> {
    const model = this.#model
    const ways = await this.#drive(() =>
      automaton.transitions.flatMap((row, source) =>
        row.map((way) => {
          return { source, target: way.target, states: this.#statesOf(way, answers), keeps: way.keeps }
        }),
      ),
    )
    const start = await this.#drive(() => model.divide(model.start()).inside)
    const { demands, stepSets } = this.#alphabet
    const hull = new FairHull(model, this.#drive, {
      ...{ ways, hopeful, start, promises: automaton.promises, reached: answers.reached },
      steps: answers.steps.flat(),
      demands: demands.map(({ definition, bit }): FairDemand => {
        return {
          isStrong: definition.fairness === 'strong',
          enabled: answers.states[bit]!,
          steps: answers.steps.filter((_, instance) => stepSets[bit]![instance] === 1).flat(),
        }
      }),
    })
    return !isNothing(await hull.find())
  }

  /** The automaton of a formula. @throws {Undecided} */
  #automaton(formula: Normal, who: string): Automaton {
    const making = automatonOf(formula, this.#alphabet.words, who, () => false)
    const made = making.next()
    if (made.done !== true) throw new Error('an automaton that was not to pause did')
    if (made.value.transitions.flat().some(({ asksStep }) => asksStep)) {
      throw new Undecided('it asks which step is taken, which takes the explicit engine')
    }
    return made.value
  }

  /** The states that meet the demands of a transition. */
  #statesOf({ stateSet, stateClear, asksState }: Transition, { reached, states }: Answers): Diagram {
    const { diagrams } = this.#model
    if (!asksState) return reached
    const isIn = (mask: Int32Array, bit: number): boolean => ((mask[bit >>> 5]! >>> (bit & 31)) & 1) === 1
    return states.reduce((set, having, bit) => {
      if (isIn(stateSet, bit)) return diagrams.intersect(set, having)
      return isIn(stateClear, bit) ? diagrams.minus(set, having) : set
    }, reached)
  }

  async #audited(): Promise<Answers> {
    const answers = await this.#answer()
    await this.#audit(this.#alphabet, answers)
    return answers
  }

  /** Learns the predicates on all states, and puts together the answers. */
  async #answer(): Promise<Answers> {
    const { diagrams, space, actions } = this.#model
    const { relations } = space
    const reached = this.#reached
    for (const study of this.#predicates) {
      await this.#drive(() => study.learn(space, reached))
      if (study.failing !== EMPTY) throw new Fails()
    }
    return await this.#drive(() => {
      const enabled: Diagram[] = []
      const steps = actions.map(({ moves, writings }, instance) => {
        enabled[instance] = EMPTY
        return moves.map(({ guard, step }, which): Stepping => {
          const still = Array.from(writings.values())
            .filter((writing) => writing.which === which)
            .reduce<Diagram>((sum, writing) => {
              const before = relations.image(reached, writing.guard)
              return diagrams.union(sum, relations.image(before, space.cube(writing.writes, new Map())))
            }, EMPTY)
          const changing = diagrams.minus(relations.image(reached, guard), still)
          enabled[instance] = diagrams.union(enabled[instance]!, changing)
          return { step, still }
        })
      })
      const asked = this.#alphabet.stepSets.map((set) =>
        enabled.reduce((sum, one, instance) => (set[instance] === 1 ? diagrams.union(sum, one) : sum), EMPTY),
      )
      const truths = this.#predicates.map(({ departing }) => relations.image(reached, departing))
      return { reached, steps, states: [...asked, ...truths] }
    })
  }
}
