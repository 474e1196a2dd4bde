/**
 * The audit of a view: whether states that count as one also behave alike.
 *
 * A sound view is a bisimulation that respects the properties. For sampled pairs with the same view, the truths of the
 * properties of states must agree, and so must the views of the successors.
 */
import type { ModelContext } from '../semantics/context.ts'
import type { ViewClasses, ViewPair } from '../semantics/view-classes.ts'
import { callText } from '../spec/bindings.ts'
import { predicateInstances } from '../spec/instances.ts'
import { isOfSteps, type PropertyDefinition, type State } from '../spec/model.ts'
import { changesBetween } from '../state/describe.ts'
import { packInto } from '../state/layout.ts'

/** What tells two states apart that count as one. */
export interface ViewDifference {
  readonly kind: 'property' | 'action'
  /** The property or action, with the values of its parameters. */
  readonly name: string
  /** Where the states differ. */
  readonly places: readonly string[]
}

/** The first difference in the sample; undefined if there is none. @throws {Failure} */
export function auditView(
  context: Pick<ModelContext, 'reference' | 'instances' | 'layout'>,
  properties: readonly PropertyDefinition[],
  view: ViewClasses,
): ViewDifference | undefined {
  const ofStates = properties.filter((it) => !isOfSteps(it) && it.kind !== 'temporal').flatMap(predicateInstances)
  const { reference, instances, layout } = context
  const differenceOf = ({ state, representative }: ViewPair): ViewDifference | undefined => {
    const [one, other] = [reference.decode(state, 0), reference.decode(representative, 0)]
    const places = changesBetween(layout, one, other).map(({ path }) => path)
    for (const predicate of ofStates) {
      if (reference.holds(predicate, one) === reference.holds(predicate, other)) continue
      return { kind: 'property', name: callText(predicate.definition.name, predicate.bindings), places }
    }
    const successors = (from: State): State[][] =>
      instances.map((instance) =>
        reference.successorSlots(instance, from).map((slots) => {
          const words = new Int32Array(layout.width)
          packInto(layout, slots, words, 0)
          return reference.decode(words, 0)
        }),
      )
    const [ones, others] = [successors(one), successors(other)]
    if (view.viewsOf(ones.flat()).equals(view.viewsOf(others.flat()))) return undefined
    const index = ones.findIndex((states, at) => !view.viewsOf(states).equals(view.viewsOf(others[at]!)))
    const { definition, bindings } = instances[index]!
    return { kind: 'action', name: callText(definition.name, bindings), places }
  }
  for (const pair of view.pairs) {
    const found = differenceOf(pair)
    if (found !== undefined) return found
  }
  return undefined
}
