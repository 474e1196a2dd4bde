/**
 * `model`: turns the author's definition into flat lists of actions and properties.
 *
 * Threads become actions here. A step becomes an action that is enabled at its label and moves the program counter.
 */
import type { ActionLike, Outcome } from './action.ts'
import type { Bindings } from './bindings.ts'
import type { Claim } from './claim.ts'
import { splitClaim } from './conjuncts.ts'
import { labelsOf } from './call-stack.ts'
import type { Definition, LooseDefinition, StepName } from './definition.ts'
import { fairnessOf } from './fairness-constraints.ts'
import type { Fields } from './domain.ts'
import { labelIn } from './labels.ts'
import type { MeasureLike } from './measure.ts'
import type { ActionDefinition, MeasureDefinition, Model, PropertyDefinition, PropertyKind, State } from './model.ts'
import { here, type Origin } from './origin.ts'
import { prioritiesOf } from './priorities.ts'
import { scheduled } from './scheduling.ts'
import type { Schema, StateOf } from './schema.ts'
import { nodeOf } from './temporal.ts'
import type { FormulaLike } from './formula.ts'
import { threadActions, threadsOf } from './thread-actions.ts'
import { isUnreachable, type GoalLike } from './unreachable.ts'
import { validateDefinition, validateModel } from './validate.ts'

/**
 * Defines a model over a schema.
 *
 * @throws {CheckerError} KR205 or KR206 for names that clash and parts of the wrong kind
 */
export function model<
  V extends Fields,
  const N extends string = never,
  const I extends string = never,
  const T extends string = never,
  const G extends string = never,
  const L extends string = never,
  const R extends string = never,
>(
  schema: Schema<V>,
  definition: Definition<V, N, I, T, G, L, R>,
): Model<I | T | G | L | R | `${R}.${string}` | 'deadlock', StateOf<V>, StepName<V, N>> {
  const made = flatten(schema as unknown as Schema, definition as unknown as LooseDefinition, here())
  return made as Model<I | T | G | L | R | `${R}.${string}` | 'deadlock', StateOf<V>, StepName<V, N>>
}

function flatten(schema: Schema, definition: LooseDefinition, origin: Origin): Model {
  validateDefinition(schema, definition, origin)
  const { init, invariants, transitions, goals, temporal, constraints, measures, deadlock = true } = definition
  const priorities = prioritiesOf(definition.priorities)
  const declared = [
    ...present(definition.actions).map(([name, action]) => plainAction(name, action)),
    ...threadActions(schema, definition),
  ]
  const actions = scheduled(schema, declared, priorities)
  const made: Model = {
    schema,
    init: typeof init === 'function' ? (init as () => unknown) : () => init,
    actions,
    properties: [
      ...present(invariants).map(([name, claim]) => property(name, 'invariant', claim)),
      ...present(transitions).map(([name, claim]) => property(name, 'transition', claim)),
      ...present(goals).map(([name, claim]) => goal(name, claim)),
      ...present(temporal).map(([name, given]) => temporalProperty(name, given)),
      { name: 'deadlock', kind: 'deadlock', parameters: {}, conjuncts: [], origin: undefined },
    ],
    constraints: present(constraints).map(([name, claim]) => property(name, 'constraint', claim)),
    measures: present(measures).map(([name, given]) => measureOf(name, given)),
    refinements: present(definition.refinements).map(([name, refinement]) => ({ name, ...refinement })),
    fairness: fairnessOf(schema, actions, definition),
    priorities,
    deadlock: deadlock !== false,
    end: legitimateEnd(schema, definition),
    view: definition.view,
    alias: definition.alias,
    origin,
  }
  validateModel(made)
  return made
}

/** The defined entries. A condition may leave an entry undefined. */
function present<T>(parts: { readonly [name: string]: T | undefined } = {}): [string, T][] {
  return Object.entries(parts).filter((entry): entry is [string, T] => entry[1] !== undefined)
}

function plainAction(name: string, action: ActionLike<State>): ActionDefinition {
  const bare = typeof action === 'function'
  const next = (bare ? action : action.next) as (state: State, bindings: Bindings) => Outcome<State>
  return {
    name,
    parameters: bare ? {} : action.parameters,
    next,
    fair: bare ? undefined : action.fair,
    doc: bare ? undefined : action.doc,
    note: bare ? undefined : action.note,
    thread: undefined,
    source: next,
    origin: bare ? undefined : action.origin,
  }
}

function property<K extends PropertyKind | 'constraint', X>(
  name: string,
  kind: K,
  claim: Claim<X>,
): PropertyDefinition<K> {
  return { name, kind, ...splitClaim(`${kind} "${name}"`, claim) }
}

function goal(name: string, given: GoalLike<State>): PropertyDefinition {
  if (!isUnreachable(given)) return property(name, 'goal', given)
  const made = property(name, 'unreachable', given.claim)
  return { ...made, origin: made.origin ?? given.origin }
}

function measureOf(name: string, given: MeasureLike<State>): MeasureDefinition {
  if (typeof given === 'function') return { name, kind: 'measure', over: 'states', measure: given, origin: undefined }
  return { name, kind: 'measure', over: 'steps', measure: given.measure, origin: given.origin }
}

/** If a formula is inside `forAll`, its parameters become parameters of the property. */
function temporalProperty(name: string, given: FormulaLike<State>): PropertyDefinition<'temporal'> {
  const formula = nodeOf(`"${name}" in temporal`, given)
  const outer = formula.op === 'forAll' ? formula : undefined
  const parameters = outer?.parameters ?? {}
  return { name, kind: 'temporal', parameters, conjuncts: [], formula, origin: outer?.origin }
}

/** The author's rule, or a rule that each thread is at a label without steps, like PlusCal's `Done`. */
function legitimateEnd(
  schema: Schema,
  { deadlock, threads = {}, procedures = {} }: LooseDefinition,
): ((state: State) => boolean) | undefined {
  const unless = typeof deadlock === 'object' ? deadlock.unless : undefined
  const emptyIn = (at: object): string[] => Object.keys(at).filter((label) => isEmpty(at[label as keyof typeof at]))
  const all = threadsOf(schema).map(([name, domain]) => {
    const ofProcedures = domain.procedures.flatMap((it) =>
      emptyIn(procedures[it.name]!.at).map((label) => labelIn(it, label)),
    )
    return { name, domain, ends: new Set([...emptyIn(threads[name]!.at), ...ofProcedures]) }
  })
  if (all.length === 0 || all.some(({ ends }) => ends.size === 0)) return unless
  const finished = (state: State): boolean =>
    all.every(({ name, domain, ends }) => labelsOf(domain, state.get(name)).every((label) => ends.has(label)))
  return (state) => finished(state) || (unless === undefined ? false : unless(state))
}

function isEmpty(at: unknown): boolean {
  return typeof at === 'object' && at !== null && !('kind' in at) && Object.keys(at).length === 0
}
