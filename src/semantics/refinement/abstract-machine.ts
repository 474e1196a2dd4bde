/**
 * The abstract spec of a refinement, as questions about mapped states.
 *
 * A mapping may return views that record reads. Encoding a mapped state reads all of it, so everything after that works
 * on numbers of plain states, and an answer can be kept: it depends on the number alone.
 */
import { isRecord } from 'immutable'
import { CheckerError, notAnAbstractState } from '../../errors.ts'
import { actionInstances, type ActionInstance } from '../../spec/instances.ts'
import type { Model, State } from '../../spec/model.ts'
import { inWords } from '../../spec/show.ts'
import type { Instantiated } from '../../spec/spec.ts'
import type { Steps } from '../../spec/steps.ts'
import { isAmong } from '../../spec/temporal-instances.ts'
import { decode, encode } from '../../state/codec.ts'
import { slotsOf, type Layout } from '../../state/layout.ts'
import { layOutWhole } from '../../state/symmetry/closure.ts'
import { failureOf } from '../failure.ts'
import { packInitialStates } from '../initial-states.ts'

/** A step of the abstract spec from a state. */
export interface AbstractStep {
  readonly instance: ActionInstance
  /** The number of the state after it. */
  readonly to: number
}

export class AbstractMachine {
  readonly name: string
  readonly model: Model
  readonly layout: Layout
  readonly #instances: readonly ActionInstance[]
  readonly #numbers = new Map<string, number>()
  /** By number. */
  readonly #states: State[] = []
  readonly #steps = new Map<number, readonly AbstractStep[]>()
  /** By number: the numbers of the states after its steps. */
  readonly #successors: (ReadonlySet<number> | undefined)[] = []
  readonly #names: readonly string[]
  #initial: ReadonlySet<number> | undefined

  constructor({ name, model }: Instantiated) {
    this.name = name
    this.model = model
    this.layout = layOutWhole(model.schema)
    this.#instances = actionInstances(model)
    this.#names = Object.keys(model.schema.variables)
  }

  /**
   * The number of a mapped state, or the error about a value outside its domain.
   *
   * @throws {CheckerError} KR513 for a value that does not have the variables of the abstract spec
   */
  numberOf(mapped: unknown, who: string): number | CheckerError {
    const slots = new Int32Array(this.layout.slots.length)
    const state = this.#stateFrom(mapped, who)
    try {
      encode(this.layout, state, slots)
    } catch (thrown) {
      if (thrown instanceof CheckerError && thrown.code === 'KR302') return thrown
      throw thrown
    }
    return this.#numberOf(slots)
  }

  state(number: number): State {
    return this.#states[number]!
  }

  isInitial(number: number): boolean {
    return this.initial.has(number)
  }

  /** The numbers of the initial states. */
  get initial(): ReadonlySet<number> {
    if (this.#initial !== undefined) return this.#initial
    const words = packInitialStates(this.model, this.layout)
    const numbers = new Set<number>()
    for (let offset = 0; offset < words.length; offset += this.layout.width) {
      numbers.add(this.#numberOf(slotsOf(this.layout, words, offset)))
    }
    return (this.#initial = numbers)
  }

  /** The steps from a state, in the order of the actions, self-loops included. */
  stepsFrom(number: number): readonly AbstractStep[] {
    const known = this.#steps.get(number)
    if (known !== undefined) return known
    const steps = this.#instances.flatMap((instance) => this.#stepsBy(instance, number))
    this.#steps.set(number, steps)
    return steps
  }

  /** Whether a step is one of the abstract spec, or changes nothing there. */
  allows(from: number, to: number): boolean {
    if (from === to) return true
    return (this.#successors[from] ??= new Set(this.stepsFrom(from).map((step) => step.to))).has(to)
  }

  /** Whether one of some steps is possible and changes the state. */
  isEnabled(from: number, meant: readonly Steps[]): boolean {
    return this.stepsFrom(from).some(({ instance, to }) => to !== from && meant.some((one) => isAmong(instance, one)))
  }

  /** Whether a step is one of some steps and changes the state. */
  isTaken(from: number, after: number, meant: readonly Steps[]): boolean {
    if (from === after) return false
    return this.stepsFrom(from).some(({ instance, to }) => to === after && meant.some((one) => isAmong(instance, one)))
  }

  #stepsBy(instance: ActionInstance, number: number): AbstractStep[] {
    const who = `${instance.who} of the abstract spec "${this.name}"`
    try {
      return Array.from(instance.run(this.state(number)), (successor) => {
        const slots = new Int32Array(this.layout.slots.length)
        encode(this.layout, successor, slots)
        return { instance, to: this.#numberOf(slots) }
      })
    } catch (thrown) {
      throw failureOf({ ...instance, who }, thrown)
    }
  }

  #numberOf(slots: Int32Array): number {
    const key = slots.join()
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.#states.length)
    return this.#states.push(decode(this.layout, slots)) - 1
  }

  #stateFrom(mapped: unknown, who: string): State {
    const factory = this.model.schema.factory as unknown as (values: object) => State
    if (mapped instanceof (this.model.schema.factory.record as unknown as new () => object)) return mapped as State
    const isPlain = typeof mapped === 'object' && mapped !== null && Object.getPrototypeOf(mapped) === Object.prototype
    if (!isPlain && !isRecord(mapped)) throw notAnAbstractState(who, this.name, `returned ${inWords(mapped)}`)
    const record = mapped as { get(name: string): unknown; has(name: string): boolean } & { [name: string]: unknown }
    const has = (name: string): boolean => (isPlain ? Object.hasOwn(record, name) : record.has(name))
    const missing = this.#names.find((name) => !has(name))
    if (missing !== undefined) throw notAnAbstractState(who, this.name, `left out "${missing}"`)
    // A state may have further variables. In an object they would be misspelt.
    const stray = isPlain ? Object.keys(record).find((name) => !this.#names.includes(name)) : undefined
    if (stray !== undefined) throw notAnAbstractState(who, this.name, `returned "${stray}", which it does not have`)
    return factory(Object.fromEntries(this.#names.map((name) => [name, isPlain ? record[name] : record.get(name)])))
  }
}
