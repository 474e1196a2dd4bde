/**
 * Looks for elements that sparse sets will hold, before a run begins.
 *
 * Random walks by reference evaluation collect the elements in every successor that they meet. A walk goes on to a
 * successor with a new element, if there is one. What the walks miss costs time only: the run finds it and begins again.
 * Then a search from the state that stopped the run comes first.
 */
import { is, isCollection, isRecord, Set } from 'immutable'
import { predicateInstances, type ActionInstance, type PredicateInstance } from '../spec/instances.ts'
import { positionIn } from '../spec/domain-index.ts'
import { isBag } from '../spec/bag.ts'
import type { BagDomain, SetDomain } from '../spec/domain.ts'
import type { Model, State } from '../spec/model.ts'
import { purely } from '../spec/purity.ts'
import { beginCall, endCall } from '../spec/calls.ts'
import { variantOf } from '../state/codec.ts'
import type { Element, Elements } from '../state/new-elements.ts'
import { ABSENT, type RecordShape, type Shape } from '../state/shape.ts'
import { rngFrom, type Rng } from './learned/probe.ts'

/** Walks begin in the first initial states. */
const INITIAL_STATES = 64

/** The number of walks for which the calls suffice if each has full length, and the least full length. */
const WALKS = 4
const MIN_STEPS = 64

/** Discovery ends after this many walks in a row without a new element. */
const VAIN_WALKS = 3

/** What the last attempt of a run left. */
export interface Earlier {
  /** Elements that are known. */
  readonly elements: Elements
  /** A state with elements that no walk met. */
  readonly stoppedAt: State | undefined
}

/**
 * The elements that a search from that state and walks find, besides the known ones. Ends after about `calls` calls of
 * spec functions.
 */
export function discover(
  model: Model,
  shape: RecordShape,
  instances: readonly ActionInstance[],
  calls: number,
  { elements, stoppedAt }: Earlier,
): { readonly found: readonly Element[]; readonly calls: number } {
  const explorer = new Explorer(model, instances, new Collector(shape, elements), calls)
  purely(() => {
    const initial = firstOf(model)
    for (const state of initial) explorer.collector.collect(state)
    if (stoppedAt !== undefined) explorer.searchFrom(stoppedAt, calls / 2)
    if (initial.length > 0) explorer.walkFrom(initial)
  })
  return { found: explorer.collector.found, calls: explorer.made }
}

/** Explores by reference evaluation, with a bounded number of calls. */
class Explorer {
  readonly collector: Collector
  /** Calls so far. */
  made = 0
  readonly #instances: readonly ActionInstance[]
  readonly #constraints: readonly PredicateInstance[]
  readonly #calls: number

  constructor(model: Model, instances: readonly ActionInstance[], collector: Collector, calls: number) {
    this.collector = collector
    this.#instances = instances
    this.#constraints = model.constraints.flatMap(predicateInstances)
    this.#calls = calls
  }

  /** Searches until so many calls were made. States with a new element come first: they probably lead to others. */
  searchFrom(start: State, calls: number): void {
    let seen = Set([start])
    const promising = [start]
    const others: State[] = []
    for (let next = 0; this.made < calls;) {
      const state = promising.pop() ?? others[next++]
      if (state === undefined) return
      const { inside, novel } = this.#expand(state)
      const fresh = inside.filter((successor) => !seen.has(successor))
      seen = seen.union(fresh)
      promising.push(...novel)
      others.push(...fresh.filter((successor) => !novel.includes(successor)))
    }
  }

  /** Makes random walks. A walk goes on to a state with a new element, if there is one. */
  walkFrom(initial: readonly State[]): void {
    const rng = rngFrom(1)
    const steps = Math.max(MIN_STEPS, Math.ceil(this.#calls / (WALKS * Math.max(1, this.#instances.length))))
    for (let vain = 0; vain < VAIN_WALKS && this.made < this.#calls;) {
      const { length } = this.collector.found
      let state = initial[rng(initial.length)]!
      for (let step = 0; step < steps && this.made < this.#calls; step++) {
        const { inside, novel } = this.#expand(state)
        const after = takeOther(state, novel.length > 0 ? novel : inside, rng)
        if (after === undefined) break
        state = after
      }
      vain = this.collector.found.length > length ? 0 : vain + 1
    }
  }

  /** The successors that satisfy the constraints, and those of them with an element that no earlier state had. */
  #expand(state: State): { readonly inside: State[]; readonly novel: State[] } {
    const next = this.#instances.flatMap((instance) => successorsOf(instance, state))
    this.made += this.#instances.length
    const inside = next.filter((successor) => isInside(this.#constraints, successor))
    return { inside, novel: inside.filter((successor) => this.collector.collect(successor)) }
  }
}

function firstOf(model: Model): State[] {
  beginCall('init', undefined)
  try {
    const all = model.init()
    const isMany = typeof all === 'object' && all !== null && Symbol.iterator in all && !isRecord(all)
    if (!isMany) return [all as State]
    const states: State[] = []
    for (const state of all as Iterable<State>) if (states.push(state) === INITIAL_STATES) break
    return states
  } catch {
    // The run reports the mistake.
    return []
  } finally {
    endCall()
  }
}

/** One of the candidates that differs from the state. */
function takeOther(state: State, candidates: State[], rng: Rng): State | undefined {
  while (candidates.length > 0) {
    const [taken] = candidates.splice(rng(candidates.length), 1)
    if (!is(taken, state)) return taken
  }
  return undefined
}

/** Ignores failures, because the run reports them. */
function successorsOf(instance: ActionInstance, state: State): readonly State[] {
  beginCall(instance.who, undefined)
  try {
    return [...instance.run(state)]
  } catch {
    return []
  } finally {
    endCall()
  }
}

function isInside(constraints: readonly PredicateInstance[], state: State): boolean {
  try {
    return constraints.every((constraint) => constraint.holds(state as never))
  } catch {
    return false
  }
}

/** Collects the elements of sparse sets and bags. */
class Collector {
  readonly found: Element[] = []
  readonly #root: RecordShape
  readonly #known = new globalThis.Set<string>()
  /** By sparse set or bag: the values that it was seen to have. Neighboring states share most of them. */
  readonly #seen: WeakSet<object>[] = []
  readonly #holders = new globalThis.Set<Shape>()

  constructor(root: RecordShape, known: Elements) {
    this.#root = root
    known.forEach((positions, set) => positions.forEach((position) => this.#known.add(`${set} ${position}`)))
    this.#mark(root)
  }

  /** @returns whether the state has an element that no earlier state had */
  collect(state: State): boolean {
    const { length } = this.found
    try {
      this.#visit(this.#root, state)
    } catch {
      // A value outside its domain. The run reports it.
    }
    return this.found.length > length
  }

  /** Notes which shapes hold sparse sets. */
  #mark(shape: Shape): boolean {
    const parts: readonly Shape[] =
      shape.kind === 'optional'
        ? [shape.inner]
        : shape.kind === 'union'
          ? shape.variants
          : 'children' in shape
            ? shape.children
            : []
    const holds =
      parts.map((part) => this.#mark(part)).some(Boolean) || ('sparse' in shape && shape.sparse !== undefined)
    if (holds) this.#holders.add(shape)
    return holds
  }

  #visit(shape: Shape, value: unknown): void {
    if (!this.#holders.has(shape) || value === null) return
    switch (shape.kind) {
      case 'set':
      case 'bag':
        return this.#note(shape.sparse!, shape.domain as SetDomain | BagDomain, value as Iterable<unknown>)
      case 'optional':
        return this.#visit(shape.inner, value)
      case 'map':
        return shape.keys.forEach((key, index) =>
          this.#visit(shape.children[index]!, (value as Map<unknown, unknown>).get(key)),
        )
      case 'list':
        for (const [index, element] of [...(value as Iterable<unknown>)].entries()) {
          if (index < shape.children.length) this.#visit(shape.children[index]!, element)
        }
        return
      case 'record':
        return shape.names.forEach((name, index) => this.#visit(shape.children[index]!, (value as State).get(name)))
      case 'union':
        return this.#visit(variantOf(shape, value), value)
      case 'scalar':
    }
  }

  #note(set: number, { elements }: SetDomain | BagDomain, value: Iterable<unknown>): void {
    const seen = (this.#seen[set] ??= new WeakSet())
    if (!(isCollection(value) || isBag(value)) || seen.has(value)) return
    seen.add(value)
    for (const element of value as Iterable<unknown>) {
      const position = positionIn(elements, element)
      const key = `${set} ${position}`
      if (position === ABSENT || this.#known.has(key)) continue
      this.#known.add(key)
      this.found.push([set, position])
    }
  }
}
