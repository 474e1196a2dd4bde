/** Instances of actions and predicates with their bindings permuted. */
import type { Bindings } from '../../spec/bindings.ts'
import { textOf } from '../order.ts'
import { permutedBindings, type Renaming } from './permuted.ts'

/** The part of an instance that distinguishes it from others of its kind. */
interface Bound {
  readonly definition: { readonly name: string; readonly kind?: string }
  readonly conjunct?: string
  readonly bindings: Bindings
}

/** Finds the image of an instance under permutations of its bindings. */
export class PermutedInstances {
  readonly #numbers: ReadonlyMap<string, number>

  /** @param instances - their definitions must differ in name or kind */
  constructor(instances: readonly Bound[]) {
    this.#numbers = new Map(instances.map((instance, index) => [keyOf(instance, instance.bindings), index]))
  }

  /**
   * The index of an instance's image. It exists, because a parameter's domain contains all members of a symmetric set
   * or none.
   */
  image(instance: Bound, rename: Renaming): number {
    return this.#numbers.get(keyOf(instance, permutedBindings(instance.bindings, rename)))!
  }
}

function keyOf({ definition: { name, kind = '' }, conjunct = '' }: Bound, bindings: Bindings): string {
  return JSON.stringify([name, kind, conjunct, ...Object.values(bindings).map(textOf)])
}
