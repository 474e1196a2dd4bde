/** Moves along the path of the page. */
import type { Place } from '../src/cli/explore/place.ts'

export { START, VIEWS, fromFragment, toFragment, type Place, type View } from '../src/cli/explore/place.ts'

/** The name of a step in which the system does nothing. */
export const STUTTER = 'stutter'

/** Takes a step from the entry shown. If it is the next one of the path already, the rest of the path stays. */
export function withStep(place: Place, name: string): Place {
  const { path, at } = place
  if (path[at + 1] === name) return { ...place, at: at + 1 }
  return { ...place, path: [...path.slice(0, at + 1), name], at: at + 1, loop: undefined, property: undefined }
}

export function movedTo(place: Place, at: number): Place {
  return { ...place, at: Math.max(0, Math.min(at, place.path.length - 1)) }
}
