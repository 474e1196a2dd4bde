/**
 * The questions that formulas and fairness constraints ask about states and steps. The answers are the letters of a
 * behavior.
 *
 * Each question has a bit. A question about steps (of some action instances) sets the bit of a state if such a step is
 * enabled. It sets the bit of a step that is such a step. A predicate of states sets bits of states only, and a predicate
 * of steps bits of steps only. The order of the bits: steps of instances, predicates of states, predicates of steps.
 *
 * The steps of a fairness constraint may count under a condition only. Where it is false, the bit is clear both in the
 * state and in the steps from it.
 */
import type { ActionInstance, PredicateInstance } from '../../spec/instances.ts'
import type { FairnessDefinition } from '../../spec/model.ts'
import type { Steps } from '../../spec/steps.ts'
import { conditionOf, isAmong, type BoundFormula } from '../../spec/temporal-instances.ts'

/** A fairness constraint and its bit. */
export interface FairnessConstraint {
  readonly definition: FairnessDefinition
  readonly bit: number
  /** The condition under which its steps count; undefined for none. */
  readonly when: PredicateInstance | undefined
}

/** A question about steps that count only in some states. */
export interface ConditionalBit {
  readonly bit: number
  /** The condition, as an index of a predicate. */
  readonly predicate: number
}

export class Alphabet {
  /** By bit: the action instances of a question about steps, each 0 or 1. */
  readonly stepSets: Uint8Array[] = []
  readonly predicates: PredicateInstance[] = []
  /** Predicates of steps that change something. */
  readonly stepPredicates: PredicateInstance[] = []
  /** The questions about steps that have a condition. */
  readonly conditional: ConditionalBit[] = []
  readonly fairness: readonly FairnessConstraint[]
  readonly #instances: readonly ActionInstance[]
  readonly #stepBits = new Map<string, number>()
  readonly #predicateIndexes = new Map<BoundFormula, number>()

  constructor(instances: readonly ActionInstance[], constraints: readonly FairnessDefinition[]) {
    this.#instances = instances
    this.fairness = constraints.map((definition) => {
      const when = conditionOf(definition)
      return { definition, bit: this.#bitOf(definition.steps, when), when }
    })
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

  /** The condition of a question about steps; undefined for none. */
  conditionOf(bit: number): PredicateInstance | undefined {
    const found = this.conditional.find((one) => one.bit === bit)
    return found && this.predicates[found.predicate]
  }

  #bitOf(meant: readonly Steps[], when?: PredicateInstance): number {
    const set = Uint8Array.from(this.#instances, (instance) => Number(meant.some((one) => isAmong(instance, one))))
    const predicate = when && indexIn(this.predicates, when)
    const key = `${set.join('')} ${predicate ?? ''}`
    const known = this.#stepBits.get(key)
    if (known !== undefined) return known
    this.#stepBits.set(key, this.stepSets.length)
    const bit = this.stepSets.push(set) - 1
    if (predicate !== undefined) this.conditional.push({ bit, predicate })
    return bit
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
