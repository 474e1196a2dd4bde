/** States as paths with values. */
import { is, isMap, isRecord, type Collection } from 'immutable'
import type { PlaceValue } from '../../state/describe.ts'
import { show } from '../show.ts'
import type { Style } from './style.ts'

/** A state, or the values of an alias. */
export interface Variables {
  get(name: string): unknown
  toSeq(): { keySeq(): Collection<unknown, unknown> }
}

/**
 * A state as paths with values, equal values of a map under one path.
 *
 * @param room - a record that takes more columns than this is shown field by field
 * @param variables - all, unless they are named
 */
export function wholeState(
  state: Variables,
  style: Style,
  room: number,
  variables: readonly string[] = variablesOf(state),
): string[] {
  return placesOf(state, room, variables).map(({ path, value }) => `${path} ${style.strong(show(value))}`)
}

/** The places of a state, equal values of a map under one path. */
export function placesOf(state: Variables, room: number, variables: readonly string[]): PlaceValue[] {
  return variables.flatMap((name) => collapse(name, state.get(name))).flatMap((place) => fieldsOf(place, room))
}

/** The names of the variables, in the order of the schema. */
export function variablesOf(state: Variables): string[] {
  return state.toSeq().keySeq().toArray().map(String)
}

function fieldsOf(place: PlaceValue, room: number): PlaceValue[] {
  const { path, value } = place
  if (!isRecord(value) || path.length + 1 + show(value).length <= room) return [place]
  const fields = value.toSeq().entrySeq().toArray() as [string, unknown][]
  return fields.flatMap(([name, field]) => collapse(`${path}.${name}`, field)).flatMap((it) => fieldsOf(it, room))
}

/** A value as paths, equal values of a map under one path. */
export function collapse(path: string, value: unknown): PlaceValue[] {
  if (!isMap(value) || value.isEmpty()) return [{ path, value }]
  const first: unknown = value.first()
  if (value.size > 1 && value.every((other) => is(other, first))) return collapse(`${path}[*]`, first)
  return [...value].flatMap(([key, child]) => collapse(`${path}[${show(key)}]`, child))
}
