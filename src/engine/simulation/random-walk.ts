/**
 * Random walks: from an initial state to a random successor, again and again, while a monitor watches.
 *
 * As in TLC's simulation, the choice is uniform over initial states, then over successors that change something. So an
 * action with many bindings or choices is taken more often. A walk ends after a number of steps, at a state without
 * another successor, outside the constraints, and at a finding. The seed and the number of a walk determine it.
 */
import { Monitor } from '../../properties/monitor.ts'
import type { Finding } from '../../properties/finding.ts'
import { Fingerprint } from '../../semantics/fingerprint.ts'
import { Successors, UNKNOWN_STEP } from '../../semantics/successors.ts'
import type { Rng } from '../../semantics/learned/probe.ts'
import type { PropertyDefinition } from '../../spec/model.ts'
import { compareStates } from '../../state/order.ts'
import type { CheckContext } from '../context.ts'
import { walkRng } from './rng.ts'
import { emptyTally, noteReached, type Tally } from './tally.ts'
import type { Walk } from './walk.ts'

export interface WalkSettings {
  readonly seed: number
  /** Maximal number of steps of a walk. */
  readonly depth: number
}

/** Why a walk ended early: a violated property, or a failing spec function. */
export type WalkFinding = { readonly property: PropertyDefinition; readonly finding: Finding } | 'failure'

/** Steps between two checks of the clock. */
const STRIDE = 64

export class Walker {
  /** The tally of the walks since the last call of `fresh`. */
  tally: Tally
  /** The finding of the last walk; undefined if there is none. */
  found: WalkFinding | undefined
  readonly monitor: Monitor
  readonly #context: CheckContext
  readonly #settings: WalkSettings
  readonly #fingerprint: Fingerprint
  readonly #out: Successors
  /** The current or the last walk: its states, and the step to each of them. */
  #states: Int32Array
  #instances: number[] = []
  #choices: number[] = []
  #walk = -1
  /** Whether a walk has begun and is not over. */
  isUnderWay = false
  #rng: Rng = () => 0
  /** Indexes of the successors that change something. */
  readonly #changing: number[] = []
  /** Properties with an antecedent. */
  readonly #conditional: readonly PropertyDefinition[]
  /** Goals that were reached. */
  readonly #reached = new Set<PropertyDefinition>()
  /** The number of decided properties. Only goals count, until a finding ends a walk. */
  #decided = 0

  constructor(context: CheckContext, settings: WalkSettings) {
    const { model, evaluator, layout, instances } = context
    this.#context = context
    this.#settings = settings
    this.monitor = new Monitor(model, { properties: context.settings.properties, measures: [] }, evaluator, layout)
    this.#conditional = [...this.monitor.vacuous]
    this.tally = emptyTally(instances.length)
    this.#fingerprint = new Fingerprint(layout)
    this.#out = new Successors(layout.width)
    this.#states = new Int32Array(64 * layout.width)
  }

  /**
   * Begins or continues a walk. After a finding, do not begin another.
   *
   * @param pause - called before the walk and after every 64 steps
   * @returns whether the walk is over
   */
  advance(walk: number, pause: () => boolean): boolean {
    if (!this.isUnderWay) {
      if (pause()) return false
      this.#begin(walk)
    }
    while (this.isUnderWay) {
      if (this.#steps > 0 && this.#steps % STRIDE === 0 && pause()) return false
      this.isUnderWay = this.#steps < this.#settings.depth && this.#step()
    }
    this.#end()
    this.tally.walks++
    return true
  }

  /** Ends the current walk where it is. */
  cut(): void {
    if (!this.isUnderWay) return
    this.isUnderWay = false
    this.#end()
    this.tally.cut++
  }

  /** Returns the tally and starts a new one. */
  fresh(): Tally {
    const { tally } = this
    for (const property of this.#conditional) {
      if (!this.monitor.vacuous.has(property)) tally.witnessed.add(property.name)
    }
    tally.outside = this.monitor.outside
    this.monitor.outside = 0
    this.tally = emptyTally(this.#context.instances.length)
    return tally
  }

  /** The last walk, or its first `steps` steps. */
  trail(steps: number = this.#steps): Walk {
    const { width } = this.#context.layout
    return {
      states: Array.from({ length: steps + 1 }, (_, at) => this.#states.slice(at * width, (at + 1) * width)),
      instances: this.#instances.slice(0, steps + 1),
      choices: this.#choices.slice(0, steps + 1),
    }
  }

  get #steps(): number {
    return this.#instances.length - 1
  }

  #begin(walk: number): void {
    const { initial, layout } = this.#context
    const { width } = layout
    this.#walk = walk
    this.#rng = walkRng(this.#settings.seed, walk)
    this.#instances = []
    this.#choices = []
    this.found = undefined
    this.monitor.depth = 0
    const chosen = this.#rng(initial.length / width) * width
    this.#append(initial, chosen, -1, -1)
    this.isUnderWay = true
    this.isUnderWay = this.#meet(UNKNOWN_STEP)
  }

  #end(): void {
    this.tally.steps += this.#steps
    this.tally.longest = Math.max(this.tally.longest, this.#steps)
  }

  /** Takes a step. Returns whether the walk continues. */
  #step(): boolean {
    const { evaluator, layout } = this.#context
    const { width } = layout
    const { monitor } = this
    const out = this.#out
    const at = this.#steps * width
    monitor.depth = this.#steps + 1
    evaluator.next.successors(this.#states, at, out)
    if (out.failure !== undefined) {
      monitor.failed(out.failure, this.#states, at)
      return this.#goesOn()
    }
    if (out.size === 0) {
      monitor.dead(this.#states, at)
      this.#goesOn()
      return false
    }
    const changing = this.#changing
    changing.length = 0
    for (let index = 0; index < out.size; index++) {
      this.tally.generated[out.instance[index]!]!++
      if (compareStates(this.#states, at, out.words, index * width, width) !== 0) changing.push(index)
    }
    if (changing.length === 0) return false
    const index = changing[this.#rng(changing.length)]!
    const instance = out.instance[index]!
    this.tally.taken[instance]!++
    if (monitor.stepped !== undefined && monitor.watchesStepsOf(instance)) {
      monitor.stepped(this.#states, at, out.words, index * width, instance)
    }
    this.#append(out.words, index * width, instance, choiceOf(out, index))
    // A violating step is the last one, whatever state it leads to.
    return this.#goesOn() && this.#meet(out.step[index]!)
  }

  /** Checks the new state. Returns whether the walk continues. */
  #meet(step: number): boolean {
    const { monitor } = this
    const at = this.#steps * this.#context.layout.width
    const isInside = monitor.admits?.(this.#states, at, step) ?? true
    if (isInside) {
      monitor.discovered(this.#states, at, step)
      this.#fingerprint.take(this.#states, at)
      this.tally.distinct.add(this.#fingerprint)
    }
    return this.#goesOn() && isInside
  }

  /** Whether there is no finding that ends the walk. Records reached goals. */
  #goesOn(): boolean {
    const { findings, failure } = this.monitor
    if (failure !== undefined) this.found = 'failure'
    else if (findings.size > this.#decided) this.#decide()
    return this.found === undefined
  }

  #decide(): void {
    const { monitor } = this
    for (const property of this.#context.settings.properties) {
      const finding = monitor.findings.get(property)
      if (finding === undefined) continue
      if (property.kind !== 'goal') this.found ??= { property, finding }
      else if (!this.#reached.has(property)) {
        this.#reached.add(property)
        noteReached(this.tally, property.name, { walk: this.#walk, steps: this.#steps })
      }
    }
    this.#decided = monitor.findings.size
    // Stop watching decided properties.
    monitor.endLevel()
  }

  #append(words: Int32Array, offset: number, instance: number, choice: number): void {
    const { width } = this.#context.layout
    const at = this.#instances.length * width
    if (at + width > this.#states.length) {
      const longer = new Int32Array(2 * this.#states.length)
      longer.set(this.#states)
      this.#states = longer
    }
    for (let word = 0; word < width; word++) this.#states[at + word] = words[offset + word]!
    this.#instances.push(instance)
    this.#choices.push(choice)
  }
}

/** The index of a successor among those of its instance. */
function choiceOf({ instance }: Successors, index: number): number {
  let choice = 0
  for (let before = index - 1; before >= 0 && instance[before] === instance[index]; before--) choice++
  return choice
}
