/**
 * Follows a log over sets of states: the states that the run may be in after each event.
 *
 * That is the subset construction of an automaton with silent steps, made for the sets that occur. Equal sets are one
 * object, which remembers where events lead, so a log that repeats itself costs one lookup per event.
 */
import type { Matcher } from './matcher.ts'
import type { StateTable } from './state-table.ts'

/** A set of states by their numbers, in ascending order. */
export interface Candidates {
  readonly states: readonly number[]
  /** The states after hidden steps, once they are known. */
  closure: Closure | undefined
  /** By number of the matcher: the states after the event. */
  readonly after: Map<number, Candidates>
}

/** The states that hidden steps lead to. */
export interface Closure {
  readonly states: readonly number[]
  /** Whether more hidden steps than the bound would lead to further states. */
  readonly isCut: boolean
}

export interface FollowOptions {
  /** For each action instance: whether a log may leave out its steps. */
  readonly isHidden: readonly boolean[]
  /** The maximum number of hidden steps before an event. */
  readonly maxHidden: number
  /** The maximum number of states that the run may be in. */
  readonly maxStates: number
  /** The maximum number of states in all remembered sets together. Default 4,000,000. */
  readonly maxRemembered?: number | undefined
}

/** Thrown if the run may be in more states than the bound. */
export class TooManyStates extends Error {
  constructor() {
    super('the run may be in more states than the bound')
  }
}

/** The default of `maxRemembered`. */
const MAX_REMEMBERED = 4_000_000

export class Follower {
  /** Whether the bound on hidden steps left out states before some event. */
  isCut = false
  readonly #table: StateTable
  readonly #options: FollowOptions
  readonly #hasHidden: boolean
  readonly #known = new Map<string, Candidates>()
  #remembered = 0

  constructor(table: StateTable, options: FollowOptions) {
    this.#table = table
    this.#options = options
    this.#hasHidden = options.isHidden.includes(true)
  }

  /** The states before the first event. @throws {TooManyStates} */
  start(): Candidates {
    return this.#set(this.#table.initial())
  }

  /**
   * The states after an event; none if the event does not fit.
   *
   * @throws {TooManyStates}
   * @throws {Failure} if a function fails that could make the step
   */
  follow(from: Candidates, matcher: Matcher): Candidates {
    const known = from.after.get(matcher.id)
    if (known !== undefined) return known
    const states = matcher.isStart ? from.states : this.closureOf(from).states
    const after = this.#set(matcher.isMeant === undefined ? states : this.#stepped(states, matcher.isMeant), matcher)
    from.after.set(matcher.id, after)
    return after
  }

  /** The states of a set, and the states that hidden steps lead to. @throws {TooManyStates} @throws {Failure} */
  closureOf(candidates: Candidates): Closure {
    const closure = candidates.closure ?? this.#close(candidates.states)
    if (candidates.closure === undefined) {
      candidates.closure = closure
      if (closure.states !== candidates.states) this.#remember(closure.states.length)
    }
    if (closure.isCut) this.isCut = true
    return closure
  }

  /** Breadth-first over hidden steps, at most `maxHidden` of them. */
  #close(states: readonly number[]): Closure {
    if (!this.#hasHidden) return { states, isCut: false }
    const { maxHidden } = this.#options
    const met = new Set(states)
    let frontier = states
    for (let count = 0; count < maxHidden && frontier.length > 0; count++) {
      const next: number[] = []
      this.#eachHidden(frontier, (after) => {
        if (met.has(after)) return
        this.#add(met, after)
        next.push(after)
      })
      frontier = next
    }
    let isCut = false
    this.#eachHidden(frontier, (after) => {
      if (!met.has(after)) isCut = true
    })
    return { states: [...met], isCut }
  }

  #eachHidden(states: readonly number[], visit: (after: number) => void): void {
    const { isHidden } = this.#options
    for (const state of states) {
      this.#table.requireSteps(state, (instance) => isHidden[instance]!)
      const steps = this.#table.steps(state)
      for (let at = 0; at < steps.length; at += 2) if (isHidden[steps[at]!]!) visit(steps[at + 1]!)
    }
  }

  #stepped(states: readonly number[], isMeant: readonly boolean[]): Iterable<number> {
    const after = new Set<number>()
    for (const state of states) {
      this.#table.requireSteps(state, (instance) => isMeant[instance]!)
      const steps = this.#table.steps(state)
      for (let at = 0; at < steps.length; at += 2) if (isMeant[steps[at]!]!) this.#add(after, steps[at + 1]!)
    }
    return after
  }

  #add(states: Set<number>, state: number): void {
    states.add(state)
    if (states.size > this.#options.maxStates) throw new TooManyStates()
  }

  /** The set of the states that the event accepts. */
  #set(all: Iterable<number>, matcher?: Matcher): Candidates {
    const states = Array.from(all)
      .filter((state) => matcher?.observation.holds(this.#table.slots(state)) !== false)
      .sort((one, other) => one - other)
    if (states.length > this.#options.maxStates) throw new TooManyStates()
    const key = states.join()
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#remember(states.length + 1)
    const made: Candidates = { states, closure: undefined, after: new Map() }
    this.#known.set(key, made)
    return made
  }

  /** Counts remembered states. Forgets all sets if they are too many. */
  #remember(states: number): void {
    this.#remembered += states
    if (this.#remembered <= (this.#options.maxRemembered ?? MAX_REMEMBERED)) return
    // Sets lead to each other, so one that is still in use would keep the others.
    for (const candidates of this.#known.values()) {
      candidates.after.clear()
      candidates.closure = undefined
    }
    this.#known.clear()
    this.#remembered = states
  }
}
