/** One run of the symbolic engine, and its results. */
import { MeasureRange } from '../../properties/range.ts'
import type { Finding } from '../../properties/finding.ts'
import type { LearnedEvaluator } from '../../semantics/learned/learned-evaluator.ts'
import { rngFrom } from '../../semantics/learned/probe.ts'
import type { MeasureDefinition, PropertyDefinition } from '../../spec/model.ts'
import { wordsOf } from '../../state/layout.ts'
import type { Diagram } from './diagram/diagrams.ts'
import { EMPTY } from './diagram/node-table.ts'
import { ReachableFailure, PropertyChecker, type SlotFindings } from './property-checker.ts'
import { countSteps, Levels } from './levels.ts'
import { MeasureEvaluator } from './measure-evaluator.ts'
import { sharedLast } from './variable-order.ts'
import { Paths } from './path-back.ts'
import { reach } from './reachability.ts'
import type { RunSliced } from './reachable-set.ts'
import { randomWalks, type WalkedSlots } from './random-walks.ts'
import { SymbolicModel } from './symbolic-model.ts'
import { endingFor } from '../ending.ts'
import type { Ending } from '../ending.ts'
import { elapsedMs, type CheckContext } from '../context.ts'
import { decideOnSets, type OnVerdict } from './fair-cycle/decide-on-sets.ts'
import { slicedRunner, BudgetExceeded, type Budget } from './sliced-work.ts'

/**
 * Limit for levels that are searched for the depth alone: a tenth of a second, or several tenths if states are long.
 */
const MAX_WORK_FOR_DEPTH = 2 ** 18

/** Steps of random walks, and paths that they may learn, in one slice. */
const STEPS_AT_ONCE = 2 ** 6
const PATHS_AT_ONCE = 2 ** 8

/** States form long chains if this many turns in a row found states, on average at most `MAX_STATES_PER_TURN` each. */
const MANY_TURNS = 1000
const MAX_STATES_PER_TURN = 1000

export interface Counts {
  readonly distinct: bigint
  /** Null until all steps are counted. */
  readonly generatedBy: readonly bigint[] | undefined
  readonly outside: bigint
  readonly depth: number | undefined
}

/** Advice for a run whose states form long chains. */
export const DEEP = 'the states form long chains, so use --engine explicit'

export interface SymbolicResults {
  readonly model: SymbolicModel
  readonly reached: Diagram
  /** Whether `reached` contains all reachable states. */
  readonly isExplored: boolean
  readonly counts: Counts
  readonly findings: ReadonlyMap<PropertyDefinition, Finding>
  /** Properties that are decided, even if no finding shows it. */
  readonly decided: ReadonlySet<PropertyDefinition>
  readonly vacuous: ReadonlySet<PropertyDefinition>
  readonly ranges: readonly MeasureRange[]
  /** Undecided properties, each with a clause that says why. */
  readonly undecided: readonly (readonly [property: PropertyDefinition, why: string])[]
  readonly unmeasured: readonly (readonly [measure: MeasureDefinition, why: string])[]
  /** What ended the search for findings after all verdicts were known. */
  readonly cut: Ending | undefined
  readonly paths: Paths
}

export class SymbolicRun {
  readonly context: CheckContext
  readonly #evaluator: LearnedEvaluator
  readonly #model: SymbolicModel
  readonly #properties: PropertyChecker
  readonly #measures: MeasureEvaluator
  readonly #levels: Levels
  readonly #budget: Budget
  readonly #runSliced: RunSliced
  readonly #findings = new Map<PropertyDefinition, Finding>()
  /** Decided properties, known as soon as everything is explored. */
  readonly #decided = new Set<PropertyDefinition>()
  /** What ended the search for findings. */
  #cut: Ending | undefined
  /** Diagrams needed during a piece of work, besides those of holders and `#reached`. */
  #held: readonly Diagram[] = []
  /** Empty until all reachable states are found. */
  #reached: Diagram = EMPTY
  #isExplored = false
  /** By measure: the values in the reported part of the model. */
  #ranges: readonly MeasureRange[]
  /** Whether a bound ended the run during the measures. */
  #isUnmeasured = false
  #counts: Counts

  /**
   * @param operations - maximal number of diagram operations until the verdicts are known; more throws {BudgetExceeded}
   */
  constructor(context: CheckContext, evaluator: LearnedEvaluator, operations: number) {
    const { model, layout, reference, instances, initial, settings } = context
    this.context = context
    this.#evaluator = evaluator
    const { constraints } = model
    const maxBytes = settings.memoryBytes
    this.#model = new SymbolicModel({ layout, evaluator, instances, initial, constraints, maxBytes })
    this.#properties = new PropertyChecker(this.#model, model, settings.properties, evaluator)
    this.#measures = new MeasureEvaluator(this.#model, model.measures, evaluator, { layout, reference })
    this.#ranges = model.measures.map(() => new MeasureRange())
    this.#levels = new Levels(this.#model)
    this.#model.admit(this.#levels)
    this.#counts = { distinct: 0n, generatedBy: undefined, outside: 0n, depth: undefined }
    this.#budget = { work: operations }
    this.#runSliced = slicedRunner(context, this.#model, this.#budget, () => this.#reportProgress())
  }

  get distinct(): number {
    return Number(this.#counts.distinct)
  }

  /**
   * Explores, and decides all properties except temporal ones. @throws {Unsuited}; {ReachableFailure} and {Failure} if
   * a function of the spec fails
   */
  async explore(): Promise<Ending> {
    const { settings, initialCut, layout } = this.context
    if (initialCut !== undefined) return initialCut
    try {
      // Random walks ignore constraints, and functions must not be called on states outside.
      if (this.#model.constraints.length === 0) {
        const { changed, written } = await this.#randomWalks()
        changed.forEach((slots, index) => slots.forEach((slot) => this.#model.actions[index]!.written.add(slot)))
        this.#model.split((slot) => written[slot]!.size)
      }
      if (settings.maxDepth === Infinity && settings.maxStates === Infinity) return await this.#atOnce()
      const { digits } = this.#model
      const order = digits.sideBySide(sharedLast(layout.slots.length, this.#model.edges()))
      await this.#runSliced(() => this.#model.moveTo(order))
      return await this.#byLevels(() => false, true)
    } catch (thrown) {
      const ending = endingFor(thrown)
      if (ending === undefined) throw thrown
      return ending
    }
  }

  async #randomWalks(): Promise<WalkedSlots> {
    const { settings, evaluator, instances, initial, layout } = this.context
    const steps = randomWalks(evaluator.next, instances.length, initial, layout, rngFrom(settings.seed))
    const { actions } = this.#evaluator
    const someSteps = (): WalkedSlots | undefined => {
      const enough = actions.learned + PATHS_AT_ONCE
      for (let step = 0; step < STEPS_AT_ONCE && actions.learned < enough; step++) {
        const { done, value } = steps.next()
        if (done === true) return value
      }
      return undefined
    }
    let seen = await this.#runSliced(someSteps)
    while (seen === undefined) seen = await this.#runSliced(someSteps)
    return seen
  }

  /** Finds all reachable states, then searches level by level only to show findings. */
  async #atOnce(): Promise<Ending> {
    const model = this.#model
    const checker = this.#properties
    const { settings } = this.context
    this.#reached = await reach(model, this.#runSliced, (reached) => {
      const distinct = model.space.counter.count(reached)
      if (distinct > this.#counts.distinct) this.#counts = { ...this.#counts, distinct }
    })
    this.#isExplored = true
    this.#levels.isAllKnown = true
    this.#requireNoFailure()
    const { outside, counts } = await this.#do(() => this.#countStates())
    this.#counts = counts
    this.#held = [outside]
    for (const look of [
      () => checker.lookAtInitial(this.context.initial, this.#evaluator),
      () => checker.lookAtStates(model.diagrams.union(this.#reached, outside)),
      () => checker.lookForDeadlock(this.#reached),
      () => checker.lookAtSteps(this.#reached),
    ]) {
      for (const property of (await this.#do(look)).keys()) this.#decided.add(property)
      model.collectIfFull([this.#reached, outside])
    }
    await this.#measureAll(outside)
    const decided = this.#decided
    if (decided.size === 0) {
      this.#counts = { ...counts, depth: await this.#depthIfCheap(() => this.#levels.begin()) }
      return 'exhausted'
    }
    const isBad = [...decided].some(({ kind }) => kind !== 'goal')
    const isCut = !settings.continue && (isBad || settings.properties.every((it) => decided.has(it)))
    checker.settle(settings.properties.filter((it) => !decided.has(it)))
    const all = this.#reached
    const ranges = this.#ranges
    if (isCut) this.#ranges = ranges.map(() => new MeasureRange())
    try {
      const ending = await this.#byLevels(() => !isCut && this.#findings.size === decided.size, isCut, [all])
      if (isCut) {
        // `#byLevels` evaluated the measures again, for the reported part.
        this.#cut = undefined
        this.#isUnmeasured = false
        decided.clear()
        return ending
      }
    } catch (thrown) {
      // All verdicts are known; keep them.
      this.#cut = endingFor(thrown)
      if (this.#cut === undefined) throw thrown
    }
    this.#ranges = ranges
    this.#counts = counts
    this.#reached = all
    if (this.#cut === undefined) this.#counts = { ...counts, depth: await this.#depthIfCheap() }
    return 'exhausted'
  }

  /** The number of levels, known ones included; null if finding them would take long. */
  async #depthIfCheap(begin: () => void = () => {}): Promise<number | undefined> {
    const { diagrams } = this.#model
    const levels = this.#levels
    const { work: allowed } = this.#budget
    const begun = diagrams.cache.work
    this.#budget.work = begun + MAX_WORK_FOR_DEPTH
    try {
      for (await this.#runSliced(begin); levels.level !== EMPTY; await this.#runSliced(() => levels.expand())) {
        this.#model.collectIfFull([this.#reached])
      }
      return levels.depth
    } catch (thrown) {
      // Nobody asked for the depth, so a bound here does not end the run.
      if (!(thrown instanceof BudgetExceeded) && endingFor(thrown) === undefined) throw thrown
      return undefined
    } finally {
      this.#budget.work = allowed + diagrams.cache.work - begun
    }
  }

  /**
   * Searches level by level until the end, or until `isEnough`. Evaluates the measures if `measures` is set. `kept` are
   * diagrams needed afterwards.
   */
  async #byLevels(isEnough: () => boolean, measures: boolean, kept: readonly Diagram[] = []): Promise<Ending> {
    const model = this.#model
    const levels = this.#levels
    const checker = this.#properties
    const met = await this.#do(() => levels.begin())
    this.#held = [...kept, met.inside, met.outside]
    const first = await this.#do(() => model.diagrams.union(met.inside, met.outside))
    this.#held = [...kept, first]
    await this.#look(() => checker.lookAtInitial(this.context.initial, this.#evaluator), 1)
    await this.#look(() => checker.lookAtStates(first), 1)
    if (measures) await this.#measure(first, EMPTY)
    for (;;) {
      this.#held = kept
      if (!levels.isAllKnown) await this.#do(() => levels.count())
      this.#countLevels()
      const ending = this.#endingAt()
      if (ending !== undefined) {
        await this.#do(() => levels.count())
        this.#countLevels()
        return ending
      }
      if (isEnough()) return 'exhausted'
      const { depth, level } = levels
      const next = await this.#do(() => levels.expand())
      this.#held = [...kept, next.inside, next.outside]
      this.#requireNoFailure()
      await this.#look(() => checker.lookForDeadlock(level), depth)
      await this.#look(() => checker.lookAtSteps(level), depth)
      const found = await this.#do(() => model.diagrams.union(next.inside, next.outside))
      this.#held = [...kept, found]
      await this.#look(() => checker.lookAtStates(found), depth + 1)
      if (measures) await this.#measure(found, level)
      model.collectIfFull(kept)
    }
  }

  /** Records the findings of `look`. */
  async #look(look: () => SlotFindings, depth: number): Promise<void> {
    const found = await this.#do(look)
    for (const [property, { slots, step, predicate, rank }] of found) {
      const own = step && { instance: step.instance, words: wordsOf(this.context.layout, step.slots) }
      this.#findings.set(property, { words: wordsOf(this.context.layout, slots), depth, step: own, predicate, rank })
    }
    this.#properties.settle(found.keys())
  }

  /** Evaluates the measures on everything. If a bound ends that, the verdicts stay. */
  async #measureAll(outside: Diagram): Promise<void> {
    try {
      const states = await this.#do(() => this.#model.diagrams.union(this.#reached, outside))
      this.#held = [outside, states]
      await this.#measure(states, this.#reached)
    } catch (thrown) {
      this.#cut = endingFor(thrown)
      if (this.#cut === undefined) throw thrown
      this.#isUnmeasured = true
      this.#ranges = this.#ranges.map(() => new MeasureRange())
    }
    this.#model.collectIfFull([this.#reached, outside])
  }

  /** Evaluates the measures on some states, and on the steps from others. */
  async #measure(states: Diagram, expanded: Diagram): Promise<void> {
    const notes = this.#ranges.map(({ note }) => note)
    await this.#do(() => this.#measures.lookAtStates(states, notes))
    await this.#do(() => this.#measures.lookAtSteps(expanded, notes))
  }

  /** Runs a piece of work that needs only the diagrams of holders, `#reached` and `#held`. */
  async #do<T>(work: () => T): Promise<T> {
    return await this.#runSliced(work, () => [this.#reached, ...this.#held])
  }

  /** The reason to end after a level, the same as in the explicit engine; undefined to continue. */
  #endingAt(): Ending | undefined {
    const { settings } = this.context
    const found = this.#findings
    if (this.#levels.level === EMPTY) return 'exhausted'
    if (found.size > 0 && !settings.continue) {
      if (settings.properties.some((it) => it.kind !== 'goal' && found.has(it))) return 'violated'
      if (settings.properties.every((it) => found.has(it))) return 'settled'
    }
    if (this.#levels.depth >= settings.maxDepth) return 'depth'
    if (this.distinct > settings.maxStates) return 'states'
    return elapsedMs(this.context) >= settings.timeoutMs ? 'time' : undefined
  }

  #countLevels(): void {
    const { generatedBy, outside, depth, reached } = this.#levels
    const distinct = this.#model.space.counter.count(reached)
    this.#reached = reached
    this.#isExplored = true
    this.#counts = { distinct, generatedBy, outside, depth }
  }

  /** Counts states and steps, and finds the successors outside the constraints. */
  #countStates(): { counts: Counts; outside: Diagram } {
    const model = this.#model
    const { diagrams, space, actions } = model
    const reached = this.#reached
    let outside = EMPTY
    if (model.constraints.length > 0) {
      outside = model.divide(model.start()).outside
      for (const { moves } of actions) {
        for (const { step } of moves) outside = diagrams.union(outside, space.relations.image(reached, step))
      }
      outside = model.divide(outside).outside
    }
    const steps = countSteps(model, reached, outside)
    const begun = BigInt(model.initialIn(outside))
    const distinct = space.counter.count(reached)
    const counts = { distinct, generatedBy: steps.generatedBy, outside: steps.outside + begun, depth: undefined }
    return { counts, outside }
  }

  /** @throws {ReachableFailure} if a function of the spec fails on a reachable state */
  #requireNoFailure(): void {
    const { actions, constraints } = this.#model
    if ([...actions, ...constraints].some(({ failing }) => failing !== EMPTY)) throw new ReachableFailure()
  }

  /** Whether some steps, or initial states, lead outside the constraints. */
  get isCut(): boolean {
    return this.#counts.outside > 0n
  }

  /** Whether there are too many states for the explicit engine to decide temporal properties or find lassos. */
  get isTooLarge(): boolean {
    return this.distinct > this.context.settings.explicitUpTo
  }

  /** Decides temporal properties after everything is explored; see `decideOnSets`. */
  async decideTemporal(properties: readonly PropertyDefinition[], tell: OnVerdict): Promise<void> {
    const explored = { model: this.#model, runSliced: this.#runSliced, reached: this.#reached }
    await decideOnSets(this.context, this.#evaluator, explored, properties, this.isTooLarge, tell)
  }

  /** Whether the states found so far form long chains. This depends on counts, not on the clock. */
  get isDeep(): boolean {
    const { turns } = this.#model
    return turns >= MANY_TURNS && this.distinct <= MAX_STATES_PER_TURN * turns
  }

  get results(): SymbolicResults {
    const { unsuited, vacuous } = this.#properties
    return {
      model: this.#model,
      reached: this.#reached,
      isExplored: this.#isExplored,
      counts: this.#counts,
      findings: this.#findings,
      decided: this.#decided,
      vacuous,
      ranges: this.#ranges,
      undecided: Array.from(unsuited, ([property, { of, why }]) => [property, `${of.who} ${why}`] as const),
      unmeasured: this.#unmeasured(),
      cut: this.#cut,
      paths: new Paths(this.#model, this.#evaluator, this.#runSliced, this.#levels),
    }
  }

  /** Measures that were not evaluated, and why. */
  #unmeasured(): SymbolicResults['unmeasured'] {
    if (this.#isUnmeasured) return this.context.model.measures.map((it) => [it, 'the run stopped first'])
    return Array.from(this.#measures.unsuited, ([measure, { message }]) => [measure, message])
  }

  #reportProgress(): void {
    const { settings } = this.context
    const { generatedBy, depth } = this.#counts
    settings.onProgress({
      generated: Number(sumOf(generatedBy ?? [])),
      distinct: this.distinct,
      depth: depth ?? 0,
      pending: 0,
      elapsedMs: elapsedMs(this.context),
    })
  }
}

export function sumOf(counts: readonly bigint[]): bigint {
  return counts.reduce((sum, count) => sum + count, 0n)
}
