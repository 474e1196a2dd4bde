/**
 * Formulas in positive normal form: only atoms are negated, and `until` and `release` are the only temporal operators.
 *
 * Equal formulas are one object, so that sets of formulas can be compared by number.
 */
import type { BoundFormula } from '../../spec/temporal-instances.ts'
import type { Alphabet } from './alphabet.ts'

/**
 * A formula in positive normal form. `left release right`: `right` is true forever, or up to and including a moment at
 * which `left` is true.
 */
export type NormalForm = { readonly id: number } & (
  | { readonly op: 'true' | 'false' }
  /** An atom about a state, or about the step that leaves it. */
  | { readonly op: 'state' | 'step'; readonly bit: number; readonly isTrue: boolean }
  | { readonly op: 'and' | 'or'; readonly of: readonly NormalForm[] }
  | { readonly op: 'until' | 'release'; readonly left: NormalForm; readonly right: NormalForm }
)

type Shape = NormalForm extends infer N ? (N extends unknown ? Omit<N, 'id'> : never) : never

export class NormalForms {
  readonly #known = new Map<string, NormalForm>()
  readonly #alphabet: Alphabet
  readonly #true: NormalForm
  readonly #false: NormalForm

  constructor(alphabet: Alphabet) {
    this.#alphabet = alphabet
    this.#true = this.#make('true', { op: 'true' })
    this.#false = this.#make('false', { op: 'false' })
  }

  /** The normal form of a formula, or of its negation. */
  of(formula: BoundFormula, isNegated: boolean): NormalForm {
    switch (formula.op) {
      case 'predicate':
      case 'enabled':
        return this.#literal('state', this.#alphabet.bitOf(formula), !isNegated)
      case 'taken':
      case 'step':
        return this.#literal('step', this.#alphabet.bitOf(formula), !isNegated)
      case 'not':
        return this.of(formula.of, !isNegated)
      case 'and':
      case 'or':
        return this.#join(
          (formula.op === 'and') === isNegated ? 'or' : 'and',
          formula.of.map((one) => this.of(one, isNegated)),
        )
      case 'eventually':
      case 'always':
        return (formula.op === 'eventually') === isNegated
          ? this.#temporal('release', this.#false, this.of(formula.of, isNegated))
          : this.#temporal('until', this.#true, this.of(formula.of, isNegated))
      case 'until':
        return this.#temporal(
          isNegated ? 'release' : 'until',
          this.of(formula.left, isNegated),
          this.of(formula.right, isNegated),
        )
      case 'leadsTo': {
        const { left, right } = formula
        return isNegated
          ? this.#temporal(
              'until',
              this.#true,
              this.#join('and', [this.of(left, false), this.#temporal('release', this.#false, this.of(right, true))]),
            )
          : this.#temporal(
              'release',
              this.#false,
              this.#join('or', [this.of(left, true), this.#temporal('until', this.#true, this.of(right, false))]),
            )
      }
    }
  }

  #literal(op: 'state' | 'step', bit: number, isTrue: boolean): NormalForm {
    return this.#make(`${op} ${bit} ${isTrue}`, { op, bit, isTrue })
  }

  #join(op: 'and' | 'or', parts: readonly NormalForm[]): NormalForm {
    const [neutral, absorbing] = op === 'and' ? [this.#true, this.#false] : [this.#false, this.#true]
    const flat = parts.flatMap((part) => (part.op === op ? part.of : [part]))
    const of = [...new Set(flat)].filter((part) => part !== neutral).sort((a, b) => a.id - b.id)
    if (of.includes(absorbing)) return absorbing
    if (of.length < 2) return of[0] ?? neutral
    return this.#make(`${op} ${of.map(({ id }) => id).join()}`, { op, of })
  }

  #temporal(op: 'until' | 'release', left: NormalForm, right: NormalForm): NormalForm {
    if (right === this.#true || right === this.#false) return right
    // Applying the same operator twice changes nothing.
    if (right.op === op && right.left === left) return right
    return this.#make(`${op} ${left.id} ${right.id}`, { op, left, right })
  }

  #make(key: string, shape: Shape): NormalForm {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const made = { id: this.#known.size, ...shape } as NormalForm
    this.#known.set(key, made)
    return made
  }
}
