/** Lists the parts of a spec: constants, variables with their slots, actions, properties. */
import { holderName, sectionOf } from '../spec/atomic-sections.ts'
import { describe, domainsIn } from '../spec/domain-values.ts'
import { actionInstances, predicateInstances } from '../spec/instances.ts'
import { callText } from '../spec/bindings.ts'
import type { Fields, Members } from '../spec/domain.ts'
import { temporalInstances } from '../spec/temporal-instances.ts'
import { instantiateRefined } from '../semantics/refinement/refined-model.ts'
import type { AnySpec } from '../spec/spec.ts'
import type { Steps } from '../spec/steps.ts'
import { threadsOf } from '../spec/thread-actions.ts'
import { setsMentionedBy } from '../spec/symmetric-sets.ts'
import { layOutKnown } from '../engine/growth.ts'

/** A spec described for one choice of constants. */
export interface Info {
  readonly spec: string
  readonly doc: string
  readonly constants: readonly { name: string; values: string; default: unknown; value: unknown; doc: string }[]
  readonly assumptions: readonly string[]
  /** `grows` if a run gives it more slots when more messages occur than random walks find. */
  readonly variables: readonly { name: string; domain: string; slots: number; grows: boolean }[]
  readonly state: { readonly slots: number; readonly bits: number; readonly words: number }
  readonly actions: readonly {
    name: string
    parameters: string
    instances: number
    thread: string | null
    label: string | null
    fair: string | null
    doc: string
  }[]
  readonly properties: readonly {
    name: string
    kind: string
    parameters: string
    instances: number
    conjuncts: readonly string[]
  }[]
  /** Demands of fairness. */
  readonly fairness: readonly { name: string; fair: string }[]
  /** Priorities: while one of the steps `high` is enabled, none of `low` is taken. */
  readonly priorities: readonly { name: string; high: string; low: readonly string[] }[]
  /** Threads with atomic sections, their labels there, and the variable that says who has control. */
  readonly atomic: readonly { thread: string; labels: readonly string[]; variable: string }[]
  readonly constraints: readonly string[]
  readonly measures: readonly { name: string; over: string }[]
  /** Member sets that the author claims to be symmetric. */
  readonly symmetric: readonly string[]
}

/**
 * Describes a spec.
 *
 * @throws {CheckerError} for a mistake in the spec or the constants
 */
export function infoOf(spec: AnySpec, given: { readonly [name: string]: unknown }): Info {
  const { model, constants } = instantiateRefined(spec, given)
  const instances = actionInstances(model)
  const { layout } = layOutKnown({}, model, instances)
  const mentioned = domainsIn(Object.values(model.schema.variables)).flatMap(setsMentionedBy)
  const symmetric = mentioned.filter((set) => set.symmetric)
  return {
    spec: spec.name,
    doc: spec.doc,
    constants: Object.entries(spec.constants).map(([name, { domain, initial, doc }]) => {
      return { name, values: describe(domain), default: initial, value: constants[name], doc }
    }),
    assumptions: Object.keys(spec.assumptions),
    variables: Object.entries(model.schema.variables).map(([name, domain], index) => {
      const { first, end } = layout.shape.children[index]!
      const grows = domainsIn([domain]).some((part) => 'isSparse' in part && part.isSparse)
      return { name, domain: describe(domain), slots: end - first, grows }
    }),
    state: { slots: layout.slots.length, bits: layout.bits, words: layout.width },
    actions: model.actions.map(({ name, parameters, thread, fair, doc = '' }, action) => ({
      name,
      parameters: parametersText(parameters),
      instances: instances.filter((instance) => instance.action === action).length,
      thread: thread?.name ?? null,
      label: thread?.label ?? null,
      fair: fair ?? null,
      doc,
    })),
    // Deadlock only where it is checked.
    properties: model.properties
      .filter(({ kind }) => kind !== 'deadlock' || model.deadlock)
      .map((property) => ({
        name: property.name,
        kind: property.kind,
        parameters: parametersText(property.parameters),
        instances:
          property.kind === 'temporal' ? temporalInstances(property).length : predicateInstances(property).length,
        conjuncts: property.conjuncts
          .filter(({ name }) => name !== '')
          .map(({ name, parameters = {} }) => name + parametersText(parameters)),
      })),
    fairness: model.fairness.map(({ name, bindings, fairness }) => ({
      name: callText(name, bindings),
      fair: fairness,
    })),
    priorities: model.priorities.map(({ name, bindings, high, low }) => ({
      name: callText(name, bindings),
      high: stepsText(high),
      low: low.map(stepsText),
    })),
    atomic: threadsOf(model.schema).flatMap(([thread, domain]) => {
      const labels = [...sectionOf(domain)]
      return labels.length === 0 ? [] : [{ thread, labels, variable: holderName(thread) }]
    }),
    constraints: model.constraints.map(({ name }) => name),
    measures: model.measures.map(({ name, over }) => ({ name, over })),
    symmetric: [...new Set(symmetric.map(({ label }) => label))],
  }
}

/** `irq(cpu=cpu1) except idle`. */
function stepsText({ name, bindings, except }: Steps): string {
  const named = callText(name, bindings)
  return except.length === 0 ? named : `${named} except ${except.join(', ')}`
}

/** `(file, block, want: 1..2)`: a parameter named after its member set needs no domain. */
function parametersText(parameters: Fields): string {
  const texts = Object.entries(parameters).map(([name, domain]) => {
    const text = domain.kind === 'members' ? (domain as Members).label : describe(domain)
    return text === name ? name : `${name}: ${text}`
  })
  return texts.length === 0 ? '' : `(${texts.join(', ')})`
}
