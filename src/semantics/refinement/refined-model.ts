/**
 * Refinements as properties: what a model must do so that each of its behaviors, mapped, is one of the abstract spec.
 *
 * A refinement `queue` is a property of that name for initial states and steps. Each fairness constraint of the abstract
 * spec is a temporal property, such as `queue.fair.receive`, and so is each temporal property of it, as `queue.drains`.
 */
import { is } from 'immutable'
import { nameClash } from '../../errors.ts'
import { bindingsText, type Bindings } from '../../spec/bindings.ts'
import { callsOf } from '../../spec/calls.ts'
import type { StepView } from '../../spec/claim.ts'
import type { Domain, Fields } from '../../spec/domain.ts'
import { mapOperands, type FormulaNode } from '../../spec/formula.ts'
import type { FairnessDefinition, PropertyDefinition, RefinementDefinition, State } from '../../spec/model.ts'
import { place } from '../../spec/origin.ts'
import { instantiate, type AnySpec, type Instantiated } from '../../spec/spec.ts'
import type { Steps } from '../../spec/steps.ts'
import { AbstractMachine } from './abstract-machine.ts'

/**
 * Like `instantiate`, with properties for the refinements of the model.
 *
 * @throws {CheckerError} as `instantiate`, also for the abstract specs; KR205 for a name that is used twice
 */
export function instantiateRefined(spec: AnySpec, given: { readonly [name: string]: unknown } = {}): Instantiated {
  const whole = instantiate(spec, given)
  const { model } = whole
  if (model.refinements.length === 0) return whole
  const properties = model.refinements.flatMap(propertiesOf)
  callsOf(bindingsText(whole.constants))
  const names = new Set([...model.properties, ...model.constraints].map(({ name }) => name))
  for (const { name, origin } of properties) {
    if (names.has(name)) throw nameClash('property', name, 'must be unique, but is defined twice', place(origin!))
    names.add(name)
  }
  // Deadlock comes last.
  return { ...whole, model: { ...model, properties: model.properties.toSpliced(-1, 0, ...properties) } }
}

/** The refinement of each property that a refinement made. */
const MAPPINGS = new WeakMap<PropertyDefinition, Mapped>()

/** The refinement that made a property; undefined if none did. */
export function mappingOf(property: PropertyDefinition): Mapped | undefined {
  return MAPPINGS.get(property)
}

/** A refinement with its abstract spec. */
export class Mapped {
  readonly machine: AbstractMachine
  readonly #map: RefinementDefinition['map']
  readonly #who: string

  constructor({ name, abstract, constants, map }: RefinementDefinition) {
    this.machine = new AbstractMachine(instantiate(abstract as AnySpec, constants))
    this.#map = map
    this.#who = `refinement "${name}"`
  }

  /** The number of the abstract state, or the error about a value outside its domain. */
  at(state: State): ReturnType<AbstractMachine['numberOf']> {
    return this.machine.numberOf(this.#map(state as never), this.#who)
  }

  isInitial(state: State): boolean {
    const number = this.at(state)
    return typeof number === 'number' && this.machine.isInitial(number)
  }

  /** The step into a state without an abstract state is wrong. The steps from there are not judged again. */
  allows({ before, after }: StepView<State>): boolean {
    const [from, to] = [this.at(before), this.at(after)]
    if (typeof from !== 'number') return true
    return typeof to === 'number' && this.machine.allows(from, to)
  }

  isEnabled(state: State, steps: readonly Steps[]): boolean {
    const number = this.at(state)
    return typeof number === 'number' && this.machine.isEnabled(number, steps)
  }

  isTaken({ before, after }: StepView<State>, steps: readonly Steps[]): boolean {
    const [from, to] = [this.at(before), this.at(after)]
    return typeof from === 'number' && typeof to === 'number' && this.machine.isTaken(from, to, steps)
  }

  /** An abstract predicate of a state. It is false where there is no abstract state. */
  holds(state: State, predicate: (state: never) => unknown): unknown {
    const number = this.at(state)
    return typeof number === 'number' ? predicate(this.machine.state(number) as never) : false
  }
}

function propertiesOf(definition: RefinementDefinition): PropertyDefinition[] {
  const { name, origin, map } = definition
  const mapped = new Mapped(definition)
  const safety: PropertyDefinition<'refinement'> = {
    name,
    kind: 'refinement',
    parameters: {},
    conjuncts: [{ name: '', holds: (step: StepView<State>) => mapped.allows(step), source: map }],
    initially: [{ name: '', holds: (state: State) => mapped.isInitial(state), source: map }],
    origin,
  }
  const temporal = (own: string, formula: FormulaNode, parameters: Fields): PropertyDefinition<'temporal'> => {
    return { name: `${name}.${own}`, kind: 'temporal', parameters, conjuncts: [], formula, origin }
  }
  const { fairness, properties } = mapped.machine.model
  const names = [...new Set(fairness.map((constraint) => constraint.name))]
  const all = [
    safety,
    ...names.map((own) => {
      const constraints = fairness.filter((constraint) => constraint.name === own)
      const formula = ofEach(constraints, mapped, definition)
      return temporal(`fair.${own}`, formula, formula.op === 'forAll' ? formula.parameters : {})
    }),
    ...properties.flatMap((property) =>
      property.formula === undefined
        ? []
        : [temporal(property.name, ofMapped(property.formula, mapped), property.parameters)],
    ),
  ]
  for (const property of all) MAPPINGS.set(property, mapped)
  return all
}

/** All fairness constraints of one name, quantified by their bindings, so that a report can name the one that fails. */
function ofEach(
  constraints: readonly FairnessDefinition[],
  mapped: Mapped,
  { origin }: RefinementDefinition,
): FormulaNode {
  const formulaOf = (bindings: Bindings): FormulaNode => {
    const of = constraints
      .filter((one) => Object.entries(one.bindings).every(([name, value]) => is(bindings[name], value)))
      .map((one) => fair(one, mapped))
    return of.length === 1 ? of[0]! : { op: 'and', of }
  }
  const names = Object.keys(constraints[0]!.bindings)
  if (names.length === 0) return formulaOf({})
  const parameters = Object.fromEntries(
    names.map((name) => [name, domainOf(constraints.map(({ bindings }) => bindings[name]))]),
  )
  return { op: 'forAll', parameters, origin, body: formulaOf }
}

/** A domain of the distinct values. */
function domainOf(values: readonly unknown[]): Domain<unknown> {
  const literals = values.filter((value, index) => values.findIndex((other) => is(other, value)) === index)
  return { kind: 'oneOf', literals } as unknown as Domain<unknown>
}

/** Weak and strong fairness of abstract steps, as formulas over mapped behaviors. */
function fair({ fairness, steps, when }: FairnessDefinition, mapped: Mapped): FormulaNode {
  /** Whether the steps count from a state. */
  const counts = (state: State): unknown => when === undefined || mapped.holds(state, when)
  const disabled: FormulaNode = {
    op: 'not',
    of: { op: 'predicate', holds: (state: State) => mapped.isEnabled(state, steps) && counts(state) },
  }
  const taken: FormulaNode = {
    op: 'step',
    holds: (step: StepView<State>) => mapped.isTaken(step, steps) && counts(step.before),
  }
  const again = (of: FormulaNode): FormulaNode => ({ op: 'always', of: { op: 'eventually', of } })
  const rests: FormulaNode =
    fairness === 'weak' ? again(disabled) : { op: 'eventually', of: { op: 'always', of: disabled } }
  return { op: 'or', of: [rests, again(taken)] }
}

/** A formula about the abstract spec, as a formula about the model. */
function ofMapped(node: FormulaNode, mapped: Mapped): FormulaNode {
  const within = (inner: FormulaNode): FormulaNode => ofMapped(inner, mapped)
  switch (node.op) {
    case 'predicate':
      return { op: 'predicate', holds: (state: State) => mapped.holds(state, node.holds) }
    case 'enabled':
      return { op: 'predicate', holds: (state: State) => mapped.isEnabled(state, [node.steps]) }
    case 'taken':
      return { op: 'step', holds: (step: StepView<State>) => mapped.isTaken(step, [node.steps]) }
    case 'step':
      return node
    case 'forAll':
      return { ...node, body: (bindings) => within(node.body(bindings)) }
    default:
      return mapOperands(node, within)
  }
}
