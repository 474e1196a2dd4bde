/**
 * Looks for elements that sparse sets will hold, before a run begins.
 *
 * Random walks by reference evaluation collect the elements in every successor that they meet. A walk goes on to a
 * successor with a new element, if there is one. What the walks miss costs time only: the run finds it and begins again.
 */
import { is, isCollection, isRecord } from 'immutable'
import { predicateInstances, type ActionInstance, type PredicateInstance } from '../spec/instances.ts'
import { positionIn } from '../spec/domain-index.ts'
import { isBag } from '../spec/bag.ts'
import type { BagDomain, SetDomain } from '../spec/domain.ts'
import type { Model, State } from '../spec/model.ts'
import { purely } from '../spec/purity.ts'
import { beginCall, endCall } from '../spec/calls.ts'
import { variantOf } from '../state/codec.ts'
import type { Element } from '../state/new-elements.ts'
import { ABSENT, type RecordShape, type Shape } from '../state/shape.ts'
import { rngFrom, type Rng } from './learned/probe.ts'

/** Walks begin in the first initial states. */
const INITIAL_STATES = 64

/** The number of walks for which the calls suffice if each has full length, and the least full length. */
const WALKS = 4
const MIN_STEPS = 64

/** Discovery ends after this many walks in a row without a new element. */
const VAIN_WALKS = 3

/** The elements that walks find. Ends after about `calls` calls of spec functions. */
export function discover(
  model: Model,
  shape: RecordShape,
  instances: readonly ActionInstance[],
  calls: number,
): { readonly found: readonly Element[]; readonly calls: number } {
  const collector = new Collector(shape)
  const constraints = model.constraints.flatMap(predicateInstances)
  const steps = Math.max(MIN_STEPS, Math.ceil(calls / (WALKS * Math.max(1, instances.length))))
  let made = 0
  purely(() => {
    const initial = firstOf(model)
    const rng = rngFrom(1)
    for (const state of initial) collector.collect(state)
    for (let vain = 0; vain < VAIN_WALKS && made < calls && initial.length > 0;) {
      const { length } = collector.found
      let state = initial[rng(initial.length)]!
      for (let step = 0; step < steps && made < calls; step++) {
        const next = instances.flatMap((instance) => successorsOf(instance, state))
        made += instances.length
        const inside = next.filter((successor) => isInside(constraints, successor))
        const novel = inside.filter((successor) => collector.collect(successor))
        const after = takeOther(state, novel.length > 0 ? novel : inside, rng)
        if (after === undefined) break
        state = after
      }
      vain = collector.found.length > length ? 0 : vain + 1
    }
  })
  return { found: collector.found, calls: made }
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
  readonly #known = new Set<string>()
  /** By sparse set or bag: the values that it was seen to have. Neighboring states share most of them. */
  readonly #seen: WeakSet<object>[] = []
  readonly #holders = new Set<Shape>()

  constructor(root: RecordShape) {
    this.#root = root
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
