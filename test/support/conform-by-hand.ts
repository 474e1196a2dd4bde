/**
 * Trace validation that shares no code with src: sets of immutable.js states by their text, and the spec's own functions.
 *
 * It evaluates each event on each state again, and compares observations as plain JSON.
 */
import { isList, isMap, isRecord, isSet } from 'immutable'
import { isBag } from '../../src/spec/bag.ts'
import type { Model } from '../../src/spec/model.ts'
import { asStates, bind, text } from './brute-force.ts'

type Any = any

/** An event as a test writes it. An observation is plain JSON. */
export interface EventByHand {
  readonly action?: string
  readonly bindings?: { readonly [name: string]: string }
  readonly observes?: { readonly [variable: string]: Plain }
}

export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [name: string]: Plain }

export interface StepByHand {
  readonly action: string
  readonly bindings: { readonly [name: string]: Any }
  readonly after: Any
}

/** The initial states. */
export function initialByHand(model: Model): Any[] {
  return asStates(model.init())
}

/** Every step from a state. */
export function stepsByHand(model: Model, state: Any): StepByHand[] {
  return model.actions.flatMap(({ name, parameters, next }) =>
    bind(parameters).flatMap((bindings) =>
      asStates(next(state, bindings)).map((after) => ({ action: name, bindings, after })),
    ),
  )
}

/**
 * The index of the first event that does not fit, -1 if all fit, and whether the bound on hidden steps left out states;
 * undefined if a set has more than `most` states.
 */
export function conformByHand(
  model: Model,
  log: readonly EventByHand[],
  { hidden, maxHidden, most }: { hidden: readonly string[]; maxHidden: number; most: number },
): { readonly failing: number; readonly isCut: boolean } | undefined {
  const known = new Map<string, StepByHand[]>()
  const steps = (state: Any): StepByHand[] => {
    const key = text(state)
    const found = known.get(key) ?? stepsByHand(model, state)
    known.set(key, found)
    return found
  }
  let states = unique(initialByHand(model))
  let isCut = false
  for (const [index, event] of log.entries()) {
    let reached = states
    for (let count = 0; ; count++) {
      const more = reached.flatMap((state) =>
        steps(state)
          .filter(({ action }) => hidden.includes(action))
          .map(({ after }) => after),
      )
      const next = unique([...reached, ...more])
      if (next.length === reached.length) break
      if (count === maxHidden) {
        isCut = true
        break
      }
      reached = next
      if (reached.length > most) return undefined
    }
    const stepped =
      event.action === undefined
        ? reached
        : reached.flatMap((state) =>
            steps(state)
              .filter((step) => isMeant(event, step))
              .map(({ after }) => after),
          )
    states = unique(stepped.filter((state) => isSeen(state, event)))
    if (states.length === 0) return { failing: index, isCut }
    if (states.length > most) return undefined
  }
  return { failing: -1, isCut }
}

function unique(states: readonly Any[]): Any[] {
  return [...new Map(states.map((state) => [text(state), state])).values()]
}

function isMeant({ action, bindings = {} }: EventByHand, step: StepByHand): boolean {
  return action === step.action && Object.entries(bindings).every(([name, value]) => step.bindings[name] === value)
}

function isSeen(state: Any, { observes = {} }: EventByHand): boolean {
  return Object.entries(observes).every(([name, value]) => fits(state.get(name), value))
}

/** Whether a value is as observed. Maps and records may be observed in part; a set may be as an object of booleans. */
function fits(value: Any, seen: Plain): boolean {
  if (typeof seen === 'object' && seen !== null && !Array.isArray(seen)) {
    const parts = Object.entries(seen)
    if (isMap(value) || isRecord(value))
      return parts.every(([name, it]) => (value as Any).has(name) && fits((value as Any).get(name), it))
    if (isSet(value)) return parts.every(([name, it]) => value.has(name) === it)
    if (isBag(value)) return parts.every(([name, it]) => value.count(name) === it)
    if (isList(value)) {
      return parts.every(([name, it]) =>
        name === 'size' ? value.size === it : value.size > Number(name) && fits(value.get(Number(name)), it),
      )
    }
    return false
  }
  if (isList(value) && Array.isArray(seen)) {
    return value.size === seen.length && seen.every((it, index) => fits(value.get(index), it))
  }
  return JSON.stringify(plain(value)) === JSON.stringify(seen)
}

/** A value as plain JSON. The elements of sets and bags are in the order of their text. */
export function plain(value: Any): Plain {
  if (isRecord(value) || isMap(value)) {
    const entries = isRecord(value) ? [...value.toSeq()] : [...value]
    return Object.fromEntries(entries.map(([name, it]) => [String(name), plain(it)]).sort(byName))
  }
  if (isList(value)) return value.toArray().map(plain)
  if (isSet(value)) return inOrder([...value])
  if (isBag(value)) return inOrder([...value].flatMap((it) => Array(value.count(it)).fill(it)))
  return value
}

function byName([one]: Any, [other]: Any): number {
  return one < other ? -1 : 1
}

function inOrder(elements: readonly Any[]): Plain[] {
  return elements.map(plain).sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
}
