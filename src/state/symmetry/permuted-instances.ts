/** Instances of actions and predicates with their bindings permuted. */
import type { Bindings } from '../../spec/bindings.ts'
import { textOf } from '../order.ts'
import { permutedBindings, type Renaming } from './permuted.ts'

/** As much of an instance as tells it from the others of its kind. */
interface Bound {
  readonly definition: { readonly name: string; readonly kind?: string }
  readonly conjunct?: string
  readonly bindings: Bindings
}

/** Finds instances by what permutations make of their bindings. */
export class PermutedInstances {
  readonly #numbers: ReadonlyMap<string, number>

  /** @param instances - their definitions differ in name or kind */
  constructor(instances: readonly Bound[]) {
    this.#numbers = new Map(instances.map((instance, index) => [keyOf(instance, instance.bindings), index]))
  }

  /** The index of what an instance becomes. Domains of parameters that name a member of a symmetric set name all of it. */
  image(instance: Bound, rename: Renaming): number {
    return this.#numbers.get(keyOf(instance, permutedBindings(instance.bindings, rename)))!
  }
}

function keyOf({ definition: { name, kind = '' }, conjunct = '' }: Bound, bindings: Bindings): string {
  return JSON.stringify([name, kind, conjunct, ...Object.values(bindings).map(textOf)])
}
