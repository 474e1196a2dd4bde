/**
 * The questions that formulas and fairness constraints ask about states and steps. The answers are the letters of a
 * behavior.
 *
 * Each question has a bit. A question about steps (of some action instances) sets the bit of a state if such a step is
 * enabled. It sets the bit of a step that is such a step. A question about states (a predicate) sets bits of states
 * only. Questions about steps come first.
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
        this.#predicateIndexes.set(formula, this.#indexOf(formula.predicate))
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
  bitOf(formula: Extract<BoundFormula, { op: 'predicate' | 'enabled' | 'taken' }>): number {
    return formula.op === 'predicate'
      ? this.stepSets.length + this.#predicateIndexes.get(formula)!
      : this.#bitOf([formula.steps])
  }

  /** The number of 32-bit words for all bits. */
  get words(): number {
    return Math.ceil((this.stepSets.length + this.predicates.length) / 32)
  }

  /** Functions with the same source and bindings share an index. */
  #indexOf(predicate: PredicateInstance): number {
    const { source, bindings, antecedent } = predicate
    const known = this.predicates.findIndex(
      (one) =>
        one === predicate ||
        (antecedent === undefined && !one.antecedent && one.source === source && one.bindings === bindings),
    )
    return known >= 0 ? known : this.predicates.push(predicate) - 1
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
