/**
 * The questions that formulas and fairness constraints ask about states and steps. The answers are the letters of a
 * behavior.
 *
 * Each question has a bit. A question about steps (of some action instances) sets the bit of a state if such a step is
 * enabled. It sets the bit of a step that is such a step. A predicate of states sets bits of states only, and a predicate
 * of steps bits of steps only. The order of the bits: steps of instances, predicates of states, predicates of steps.
 */
import type { ActionInstance, PredicateInstance } from '../../spec/instances.ts'
import type { FairnessDefinition } from '../../spec/model.ts'
import type { Steps } from '../../spec/steps.ts'
import { isAmong, type BoundFormula } from '../../spec/temporal-instances.ts'

/** A fairness constraint and its bit. */
export interface FairnessConstraint {
  readonly definition: FairnessDefinition
  readonly bit: number
}

export class Alphabet {
  /** By bit: the action instances of a question about steps, each 0 or 1. */
  readonly stepSets: Uint8Array[] = []
  readonly predicates: PredicateInstance[] = []
  /** Predicates of steps that change something. */
  readonly stepPredicates: PredicateInstance[] = []
  readonly fairness: readonly FairnessConstraint[]
  readonly #instances: readonly ActionInstance[]
  readonly #stepBits = new Map<string, number>()
  readonly #predicateIndexes = new Map<BoundFormula, number>()

  constructor(instances: readonly ActionInstance[], constraints: readonly FairnessDefinition[]) {
    this.#instances = instances
    this.fairness = constraints.map((definition) => ({ definition, bit: this.#bitOf(definition.steps) }))
  }

  /** Registers the questions of a formula. Call this for all formulas before asking for the bit of a predicate. */
  admit(formula: BoundFormula): void {
    switch (formula.op) {
      case 'predicate':
        this.#predicateIndexes.set(formula, indexIn(this.predicates, formula.predicate))
        return
      case 'step':
        this.#predicateIndexes.set(formula, indexIn(this.stepPredicates, formula.predicate))
        return
      case 'enabled':
      case 'taken':
        return void this.#bitOf([formula.steps])
      case 'not':
      case 'always':
      case 'eventually':
        return this.admit(formula.of)
      case 'and':
      case 'or':
        return formula.of.forEach((one) => this.admit(one))
      case 'until':
      case 'leadsTo':
        this.admit(formula.left)
        this.admit(formula.right)
    }
  }

  /** The bit of a predicate, or of `enabled` or `taken`. */
  bitOf(formula: Extract<BoundFormula, { op: 'predicate' | 'step' | 'enabled' | 'taken' }>): number {
    if (formula.op === 'enabled' || formula.op === 'taken') return this.#bitOf([formula.steps])
    const index = this.stepSets.length + this.#predicateIndexes.get(formula)!
    return formula.op === 'step' ? index + this.predicates.length : index
  }

  /** The number of 32-bit words for all bits. */
  get words(): number {
    return Math.ceil((this.stepSets.length + this.predicates.length + this.stepPredicates.length) / 32)
  }

  #bitOf(meant: readonly Steps[]): number {
    const set = Uint8Array.from(this.#instances, (instance) => Number(meant.some((one) => isAmong(instance, one))))
    const key = set.join('')
    const known = this.#stepBits.get(key)
    if (known !== undefined) return known
    this.#stepBits.set(key, this.stepSets.length)
    return this.stepSets.push(set) - 1
  }
}

/** The index of a predicate in a list, which gets it if it does not have it. Functions with the same source and bindings share one. */
function indexIn(predicates: PredicateInstance[], predicate: PredicateInstance): number {
  const { source, bindings, antecedent } = predicate
  const known = predicates.findIndex(
    (one) =>
      one === predicate ||
      (antecedent === undefined && !one.antecedent && one.source === source && one.bindings === bindings),
  )
  return known >= 0 ? known : predicates.push(predicate) - 1
}
