/**
 * Instances: actions, properties and measures with their parameters bound.
 *
 * Only this file calls spec functions and checks the type of their results. Both evaluators run instances, so they
 * agree on states, booleans, numbers and mistakes.
 */
import { Record } from 'immutable'
import { notABoolean, notAnInteger, notAState, tooManySuccessors, type SpecFunction } from '../errors.ts'
import { bindAll, callText, type Bindings } from './bindings.ts'
import type {
  ActionDefinition,
  MeasureDefinition,
  Model,
  PredicateFunction,
  PropertyDefinition,
  PropertyKind,
  State,
  Conjunct,
} from './model.ts'
import { forgetChosen } from './choice.ts'
import { ANTECEDENT } from './implies.ts'
import { Move } from './move.ts'
import { inWords } from './show.ts'

/** Maximal number of successors of one call. An iterable with more counts as endless. */
const MAX_SUCCESSORS = 2 ** 20

type AnyDefinition = PropertyDefinition<PropertyKind | 'constraint' | 'fairness'>

/** An action with its parameters bound: one part of the next-state relation. */
export interface ActionInstance {
  readonly definition: ActionDefinition
  /** The index of the action in the model. */
  readonly action: number
  readonly bindings: Bindings
  /** The name in errors. */
  readonly who: string
  readonly source: SpecFunction
  /**
   * The successors of `state` in the returned order, with repeats. Empty if the action is not enabled. An action that
   * chooses makes each successor when its turn comes, so iterate once, and do not keep them all.
   *
   * @throws the error of the spec's function, and KR504 for a result that is not a state; also while iterating
   */
  run(state: State): Iterable<State>
}

/** A predicate with its parameters bound: a conjunct of a property or constraint, for one binding. */
export interface PredicateInstance {
  readonly definition: AnyDefinition
  /**
   * The name of the conjunct; '' for a property without named conjuncts, and for a goal, which includes all conjuncts.
   */
  readonly conjunct: string
  /** Bindings of the property's parameters and of the conjunct's own. */
  readonly bindings: Bindings
  /** Bindings of the conjunct's own parameters. */
  readonly own: Bindings
  readonly who: string
  readonly source: SpecFunction
  /** The antecedent of a claim made by `implies`. */
  readonly antecedent: PredicateInstance | undefined
  /** @throws the error of the spec's function, and KR506 for a result that is not a boolean */
  holds(subject: never): boolean
}

/** A measure, or the mapping of a refinement as a number. */
export interface MeasureInstance {
  readonly definition: MeasureDefinition | AnyDefinition
  readonly bindings: Bindings
  readonly who: string
  readonly source: SpecFunction
  /** @throws the error of the spec's function, and KR509 for a result that is not a safe integer */
  value(subject: never): number
}

/** A function of a state or a step: a predicate or a measure. */
export type Question = PredicateInstance | MeasureInstance

/** The instances of every action: actions in declaration order, bindings with the last parameter varying fastest. */
export function actionInstances(model: Model): ActionInstance[] {
  const record = model.schema.factory.record as unknown as Record.Factory<object>
  return model.actions.flatMap((definition, action) =>
    bindAll(definition.parameters).map((bindings) => {
      const who = `${definition.thread === undefined ? 'action' : 'step'} "${callText(definition.name, bindings)}"`
      const run = (state: State): Iterable<State> => {
        forgetChosen()
        return successors(definition.next(state, bindings), record, who)
      }
      return { definition, action, bindings, who, source: definition.source, run }
    }),
  )
}

/**
 * The instances of a property: for each binding in order, its conjuncts, and for each conjunct its own bindings. A goal
 * has one instance, because all of it must be true of the same state. So has a claim made by `unreachable`, where it is
 * negated: like an invariant, the instance must be true of every state.
 */
export function predicateInstances(definition: AnyDefinition): PredicateInstance[] {
  const all = bindAll(definition.parameters).flatMap((bindings) =>
    definition.conjuncts.flatMap(({ name, parameters = {}, holds, source }) =>
      bindAll(parameters).map((own) => conjunctInstance(definition, { name, holds, source }, bindings, own)),
    ),
  )
  if (definition.kind === 'unreachable') return [negation(conjunction(definition, all))]
  return definition.kind === 'goal' && all.length > 1 ? [conjunction(definition, all)] : all
}

/** The predicates that initial states must meet. Only refinements have some. */
export function initialInstances(definition: PropertyDefinition): PredicateInstance[] {
  return (definition.initially ?? []).map((conjunct) => conjunctInstance(definition, conjunct, {}, {}))
}

/** The predicates about a finding: about its step, or about an initial state. */
export function instancesFor(definition: PropertyDefinition, isStep: boolean): PredicateInstance[] {
  return definition.kind === 'refinement' && !isStep ? initialInstances(definition) : predicateInstances(definition)
}

/**
 * A predicate of the model that is not a property: the rule for legitimate ends, or a predicate inside a temporal
 * formula.
 */
export function predicateInstance(
  definition: AnyDefinition,
  bindings: Bindings,
  predicate: PredicateFunction,
): PredicateInstance {
  return conjunctInstance(definition, { name: '', holds: predicate }, bindings, {})
}

function conjunctInstance(
  definition: AnyDefinition,
  { name, holds: predicate, source }: Pick<Conjunct, 'name' | 'holds'> & { readonly source?: SpecFunction | undefined },
  outer: Bindings,
  own: Bindings,
): PredicateInstance {
  const bindings = Object.keys(own).length === 0 ? outer : Object.freeze({ ...outer, ...own })
  const conjunct = name === '' ? '' : ` (${callText(name, own)})`
  const who = `${definition.kind} "${callText(definition.name, outer)}"${conjunct}`
  const antecedent = (predicate as { [ANTECEDENT]?: PredicateFunction })[ANTECEDENT]
  return {
    definition,
    conjunct: name,
    bindings,
    own,
    who,
    source: source ?? antecedent ?? predicate,
    antecedent: antecedent && conjunctInstance(definition, { name, holds: antecedent }, outer, own),
    holds(subject) {
      const answer = predicate(subject, bindings)
      if (typeof answer !== 'boolean') throw notABoolean(who, inWords(answer), predicate)
      return answer
    },
  }
}

/** A predicate that is true if all conjuncts of a goal are true for all their bindings. */
function conjunction(definition: AnyDefinition, all: readonly PredicateInstance[]): PredicateInstance {
  const [{ source }] = all as readonly [PredicateInstance]
  const who = `${definition.kind} "${definition.name}"`
  const holds: PredicateInstance['holds'] = (subject) => all.every((one) => one.holds(subject))
  return { definition, conjunct: '', bindings: {}, own: {}, who, source, antecedent: undefined, holds }
}

function negation(instance: PredicateInstance): PredicateInstance {
  return { ...instance, holds: (subject) => !instance.holds(subject) }
}

export function measureInstance(definition: MeasureDefinition): MeasureInstance {
  const { name, measure } = definition
  const who = `measure "${name}"`
  return {
    definition,
    bindings: {},
    who,
    source: measure,
    value(subject) {
      const answer = measure(subject)
      if (!Number.isSafeInteger(answer)) throw notAnInteger(who, inWords(answer))
      // Turns -0 into 0.
      return (answer as number) + 0
    },
  }
}

/** The result of an action as states. */
function successors(returned: unknown, record: Record.Factory<object>, who: string): Iterable<State> {
  if (returned === undefined || returned === null || returned === false) return []
  if (returned instanceof record) return [returned as unknown as State]
  if (returned instanceof Move) throw notAState(who, `${returned.kind}, which only steps of threads may return`)
  if (typeof returned !== 'object' || !(Symbol.iterator in returned) || Record.isRecord(returned)) {
    throw notAState(who, inWords(returned))
  }
  return statesOf(returned as Iterable<unknown>, record, who)
}

function* statesOf(returned: Iterable<unknown>, record: Record.Factory<object>, who: string): Generator<State> {
  let taken = 0
  for (const one of returned) {
    if (taken++ === MAX_SUCCESSORS) throw tooManySuccessors(who, MAX_SUCCESSORS)
    if (one === undefined || one === null || one === false) continue
    if (!(one instanceof record)) throw notAState(who, `an iterable with ${inWords(one)}`)
    yield one as unknown as State
  }
}
