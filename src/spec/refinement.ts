/** Refinements: claims that a model does only what a more abstract spec allows, under a mapping of its states. */
import { badDefinition } from '../errors.ts'
import type { Constants, GivenConstants } from './constant.ts'
import type { INSIDE, Writable } from './map-types.ts'
import { here, place, type Origin } from './origin.ts'
import { inWords } from './show.ts'
import type { AnySpec, Spec } from './spec.ts'

/** A refinement of a model with states `S`. Made by `refines`. */
export interface Refinement<S> {
  readonly kind: 'refinement'
  readonly abstract: AnySpec
  readonly constants: { readonly [name: string]: unknown }
  readonly map: (state: never) => unknown
  readonly origin: Origin
  /** Never present at run time. It only tells the compiler the type of the states. */
  readonly about?: (state: S) => void
}

/** The variables of an abstract state, as a mapping gives them: an object, or a state that has these variables. */
export type Variables<A> = A extends { readonly [INSIDE]: { readonly fields: infer F } }
  ? { readonly [name in keyof F]: Writable<F[name]> }
  : never

/**
 * Claims that the model refines `abstract`: `map` turns each behavior of the model into a behavior of the abstract spec.
 *
 * @param map - gives the value of each variable of the abstract spec
 */
export function refines<C extends Constants, P extends string, A, S>(
  abstract: Spec<C, P, A>,
  map: (state: S) => Variables<A>,
  { constants = {} }: { readonly constants?: GivenConstants<NoInfer<C>> } = {},
): Refinement<S> {
  const origin = here()
  const isSpec = (abstract as Partial<Spec> | null | undefined)?.kind === 'spec'
  if (!isSpec || typeof map !== 'function') {
    throw badDefinition(
      'refines(...)',
      isSpec ? `must be given a mapping, but was given ${inWords(map)}` : 'must be given a spec first, but was not',
      'write refines(queueSpec, (s) => ({ queue: s.sent }))',
      place(origin),
    )
  }
  return { kind: 'refinement', abstract: abstract as unknown as AnySpec, constants, map, origin }
}
