/** Events of a recorded run: what a log says that the system did, or in which state it was seen. */
import { isMap, isRecord } from 'immutable'
import { inWords } from '../../spec/show.ts'

/** Values by name. A value is plain JSON or an immutable.js value. */
export type Values = { readonly [name: string]: unknown }

/**
 * An event of a recorded run. With an action, the system took one step. Without one, it was seen in a state. Steps that the
 * log leaves out may precede either; see `hidden`.
 */
export interface LogEvent {
  /** The name of the action that the system took, or several names of which it took one. `*` stands for any action. */
  readonly action?: string | readonly string[] | undefined
  /** Values of parameters of the action. A parameter that is left out may have any value. */
  readonly bindings?: Values | undefined
  /**
   * Values of variables, after the step. Variables, keys of maps and fields of records that are left out may have any
   * value.
   */
  readonly observes?: Values | undefined
}

/** The place of an event in a file. */
export interface LogPlace {
  /** The number of the line, from 1. */
  readonly line: number
  readonly text: string
}

/** An event, and where it was read. */
export interface PlacedEvent {
  readonly event: LogEvent
  readonly place: LogPlace | undefined
}

/** The name for any action. */
export const ANY = '*'

/** The action of an event that says in which state the run began. An action of the spec with this name comes first. */
export const INIT = 'init'

const FIELDS: readonly string[] = ['action', 'bindings', 'observes']

/** Why a value is not an event, as the end of a sentence; undefined for an event. */
export function problemOf(value: unknown): string | undefined {
  if (!isObject(value)) return `must be an object with ${FIELDS.join(', ')}, but is ${inWords(value)}`
  const stray = Object.keys(value).find((name) => !FIELDS.includes(name))
  if (stray !== undefined) return `must have only the fields ${FIELDS.join(', ')}, but has "${stray}"`
  const { action, bindings, observes } = value as LogEvent
  const names: readonly unknown[] = Array.isArray(action) ? action : [action]
  if (action !== undefined && (names.length === 0 || !names.every((name) => typeof name === 'string'))) {
    return `must have as action a name or a list of names, but has ${inWords(action)}`
  }
  if (bindings !== undefined && !isObject(bindings))
    return `must have as bindings an object, but has ${inWords(bindings)}`
  const unbound = Object.entries(bindings ?? {}).find(([, value]) => value === undefined)
  if (unbound !== undefined) return `must bind "${unbound[0]}" to a value or leave it out, but binds it to undefined`
  if (observes !== undefined && !isObject(observes) && !isMap(observes) && !isRecord(observes)) {
    return `must have as observes an object, but has ${inWords(observes)}`
  }
  if (action === undefined && bindings !== undefined) return 'must name the action of its bindings, but does not'
  if (action === undefined && observes === undefined) return 'must have an action or observes, but has neither'
  return undefined
}

/** The names of the actions of an event; undefined if it is not a step. */
export function actionsOf({ action }: LogEvent): readonly string[] | undefined {
  return action === undefined || typeof action !== 'string' ? (action as readonly string[] | undefined) : [action]
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * A text that equal events of plain JSON share, up to the order of fields.
 *
 * @returns undefined for an event with other values, whose text may not tell them apart
 */
export function textOf(event: LogEvent): string | undefined {
  return isPlain(event) ? JSON.stringify(event) : undefined
}

function isPlain(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (Array.isArray(value)) return value.every(isPlain)
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype || 'toJSON' in value) return false
  return Object.values(value).every(isPlain)
}
