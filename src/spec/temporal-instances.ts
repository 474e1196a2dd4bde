/** Temporal properties with their parameters bound, and the subjects of their formulas and of fairness constraints. */
import { is } from 'immutable'
import { bindAll, callText, type Bindings } from './bindings.ts'
import { predicateInstance, type ActionInstance, type PredicateInstance } from './instances.ts'
import type { FairnessDefinition, PredicateFunction, PropertyDefinition } from './model.ts'
import type { Steps } from './steps.ts'
import { mapOperands, type Binary, type FormulaNode, type Nary, type Unary } from './formula.ts'

/** A formula without parameters. */
export type BoundFormula =
  | { readonly op: 'predicate' | 'step'; readonly predicate: PredicateInstance }
  | Extract<FormulaNode, { readonly op: 'enabled' | 'taken' }>
  | Unary<BoundFormula>
  | Nary<BoundFormula>
  | Binary<BoundFormula>

/** A temporal property for one binding of its parameters. */
export interface TemporalInstance {
  readonly bindings: Bindings
  readonly who: string
  readonly formula: BoundFormula
}

/** The instances of a property, in the order of their bindings. All of them must be true of each behavior. */
export function temporalInstances(definition: PropertyDefinition): TemporalInstance[] {
  const unfold = (node: FormulaNode, bindings: Bindings): TemporalInstance[] => {
    if (node.op === 'forAll') {
      return bindAll(node.parameters).flatMap((own) => unfold(node.body(own), { ...bindings, ...own }))
    }
    const who = `temporal "${callText(definition.name, bindings)}"`
    return [{ bindings, who, formula: bind(definition, node, bindings) }]
  }
  return definition.formula === undefined ? [] : unfold(definition.formula, {})
}

function bind(definition: PropertyDefinition, node: FormulaNode, bindings: Bindings): BoundFormula {
  switch (node.op) {
    case 'predicate':
    case 'step':
      return { op: node.op, predicate: predicateInstance(definition, bindings, node.holds) }
    case 'enabled':
    case 'taken':
      return node
    case 'forAll':
      return {
        op: 'and',
        of: bindAll(node.parameters).map((own) => bind(definition, node.body(own), { ...bindings, ...own })),
      }
    default:
      return mapOperands(node, (inner) => bind(definition, inner, bindings))
  }
}

/** The condition under which the steps of a fairness constraint count; undefined for none. */
export function conditionOf({ name, bindings, when }: FairnessDefinition): PredicateInstance | undefined {
  if (when === undefined) return undefined
  const definition = { name, kind: 'fairness', parameters: {}, conjuncts: [], origin: undefined } as const
  return predicateInstance(definition, bindings, when as PredicateFunction)
}

/** All sets of steps in a formula. */
export function stepsIn(node: FormulaNode): Steps[] {
  switch (node.op) {
    case 'predicate':
    case 'step':
      return []
    case 'enabled':
    case 'taken':
      return [node.steps]
    case 'forAll':
      return bindAll(node.parameters).flatMap((own) => stepsIn(node.body(own)))
    default: {
      const found: Steps[] = []
      mapOperands(node, (inner) => found.push(...stepsIn(inner)))
      return found
    }
  }
}

/** Whether the set contains the steps of this instance. */
export function isAmong(
  { definition: { name, thread }, bindings }: Pick<ActionInstance, 'definition' | 'bindings'>,
  meant: Steps,
): boolean {
  const places = thread === undefined ? [] : [thread.label, thread.procedure]
  if (meant.name !== name && meant.name !== thread?.name && meant.name !== thread?.procedure) return false
  if (meant.except.some((one) => one === name || places.includes(one))) return false
  return Object.entries(meant.bindings).every(([parameter, value]) => is(bindings[parameter], value))
}
