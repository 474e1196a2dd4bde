/** Finds mistakes in a definition before anything runs. */
import { badDefinition, nameClash, unknownPart, type SpecFunction, type Where } from '../errors.ts'
import { requireClaim, sourceOf } from './conjuncts.ts'
import { cardinality, describe, domainsIn, MAX_ENUMERATED, memberSetsIn } from './domain-values.ts'
import { validateSteps } from './fairness-constraints.ts'
import type { Domain, Fields } from './domain.ts'
import { allLabels } from './labels.ts'
import type { Model } from './model.ts'
import type { LooseDefinition } from './definition.ts'
import { place, type Origin } from './origin.ts'
import type { Schema } from './schema.ts'
import { stepsIn } from './temporal-instances.ts'
import { proceduresOf, stepsAt, threadsOf, type StepsByLabel } from './thread-actions.ts'
import { isUnreachable } from './unreachable.ts'
import { inWords } from './show.ts'

const THREAD_PARTS = ['guard', 'fair', 'unfair', 'at']
const PREDICATES = ['invariants', 'transitions', 'goals', 'constraints'] as const
const CLAIMS = [...PREDICATES, 'temporal', 'refinements', 'fairness', 'priorities'] as const
const PARTS = ['init', 'actions', 'threads', 'procedures', ...CLAIMS, 'measures', 'deadlock', 'alias', 'view']

/** Checks the types in a definition, for authors who write JavaScript. */
export function validateDefinition(schema: Schema, definition: LooseDefinition, origin: Origin): void {
  const at = place(origin)
  if (typeof schema !== 'function' || schema.variables === undefined) {
    throw badDefinition(
      'model(...)',
      `must be given a schema first, but was given ${inWords(schema)}`,
      'write const State = schema({ ... }), then model(State, { ... })',
      at,
    )
  }
  const stray = Object.keys(definition).find((part) => !PARTS.includes(part))
  if (stray !== undefined) throw unknownPart('part', stray, PARTS, 'a model', at)
  if (definition.init === undefined)
    throw badDefinition('the model', 'must have init, but does not', 'add init: State()', at)
  for (const part of ['actions', 'threads', 'procedures', ...CLAIMS, 'measures'] as const) {
    requireNamed(`"${part}" of the model`, definition[part] ?? {}, at)
  }
  for (const part of PREDICATES) {
    for (const [name, claim] of Object.entries(definition[part] ?? {})) {
      if (claim === undefined || (part === 'goals' && isUnreachable(claim))) continue
      requireClaim(`"${name}" in ${part}`, claim, at)
    }
  }
  for (const [name, measure] of Object.entries(definition.measures ?? {})) {
    if (measure === undefined || typeof measure === 'function' || measure?.kind === 'ofStep') continue
    const hint = 'write (s) => ..., or ofStep(({ before, after }) => ...)'
    throw badDefinition(`"${name}" in measures`, `must be a measure, but is ${inWords(measure)}`, hint, at)
  }
  for (const [name, refinement] of Object.entries(definition.refinements ?? {})) {
    if (refinement === undefined || refinement?.kind === 'refinement') continue
    const hint = 'write refines(queueSpec, (s) => ({ queue: s.sent }))'
    throw badDefinition(`"${name}" in refinements`, `must be a refinement, but is ${inWords(refinement)}`, hint, at)
  }
  for (const [name, action] of Object.entries(definition.actions ?? {})) {
    if (action === undefined || typeof action === 'function' || action?.kind === 'action') continue
    throw badDefinition(
      `action "${name}"`,
      `must be a function, but is ${inWords(action)}`,
      "write (s) => ..., action((s) => ..., { fair: 'weak' }), or action({ file: File }, (s, { file }) => ...)",
      at,
    )
  }
  requireDeadlock(definition.deadlock, at)
  requireFunction('view', definition.view, "write (s) => s.set('counter', 0), or another value of the state", at)
  requireFunction('alias', definition.alias, 'write (s) => ({ name: value, ... })', at)
  validateThreads(schema, definition, at)
}

function requireDeadlock(deadlock: unknown, at: string | undefined): void {
  if (deadlock === undefined || typeof deadlock === 'boolean') return
  const { unless } = (deadlock ?? {}) as { unless?: unknown }
  if (typeof unless === 'function' && Object.keys(deadlock as object).length === 1) return
  throw badDefinition(
    'deadlock',
    `must be a boolean or { unless }, but is ${inWords(deadlock)}`,
    'write true, false, or { unless: (s) => ... }',
    at,
  )
}

function requireFunction(what: string, given: unknown, hint: string, at: string | undefined): void {
  if (given === undefined || typeof given === 'function') return
  throw badDefinition(what, `must be a function, but is ${inWords(given)}`, hint, at)
}

/** Requires an object of parts by name. */
function requireNamed(what: string, parts: unknown, at: string | undefined): void {
  const isNamed = typeof parts === 'object' && parts !== null && Object.getPrototypeOf(parts) === Object.prototype
  if (!isNamed) throw badDefinition(what, `must be an object, but is ${inWords(parts)}`, 'write { name: ... }', at)
}

function validateThreads(
  schema: Schema,
  { threads = {}, procedures = {} }: LooseDefinition,
  at: string | undefined,
): void {
  const declared = threadsOf(schema)
  const names = declared.map(([name]) => name)
  for (const name of Object.keys(threads)) {
    if (!names.includes(name)) throw unknownPart('thread', name, names, 'the schema', at)
  }
  for (const [name, domain] of declared) {
    const body = threads[name]
    requireBody('thread', name, domain.labels, body, Object.keys(domain.instance), THREAD_PARTS, at)
    requireFairness(`thread "${name}"`, body!.fair, at)
    const labels = allLabels(domain.labels, domain.procedures)
    for (const label of body!.unfair ?? []) {
      if (!labels.includes(label)) throw unknownPart('label', label, labels, `"unfair" of thread "${name}"`, at)
    }
  }
  validateProcedures(schema, { procedures }, names, at)
}

function validateProcedures(
  schema: Schema,
  { procedures = {} }: Pick<LooseDefinition, 'procedures'>,
  threads: readonly string[],
  at: string | undefined,
): void {
  const declared = proceduresOf(schema)
  const names = declared.map((it) => it.name as string)
  for (const name of Object.keys(procedures)) {
    if (!names.includes(name)) throw unknownPart('procedure', name, names, 'the schema', at)
  }
  for (const [index, { name, labels, parameters, locals }] of declared.entries()) {
    if (names.indexOf(name) !== index || threads.includes(name)) {
      throw nameClash('procedure', name, 'must not have the name of another procedure or thread, but does', at)
    }
    const hidden = ['self', ...Object.keys(parameters), ...Object.keys(locals)]
    requireBody('procedure', name, labels, procedures[name], hidden, ['at'], at)
  }
}

/** Checks the steps of a thread or a procedure. @param names - names that parameters of its steps would hide */
function requireBody(
  kind: 'thread' | 'procedure',
  name: string,
  labels: readonly string[],
  body: { readonly at: StepsByLabel } | undefined,
  names: readonly string[],
  parts: readonly string[],
  at: string | undefined,
): void {
  const who = `${kind} "${name}"`
  if (body === undefined) {
    throw badDefinition(who, 'must have a body, but has none', `add ${kind}s: { ${name}: { at: { ... } } }`, at)
  }
  requireNamed(who, body, at)
  requireNamed(`"at" of ${who}`, body.at, at)
  const stray = Object.keys(body).find((part) => !parts.includes(part))
  if (stray !== undefined) throw unknownPart('part', stray, parts, who, at)
  for (const label of labels) {
    if (body.at[label] === undefined) {
      throw badDefinition(
        who,
        `must have an entry for each label, but has none for "${label}"`,
        `add ${label}: {} for a label without steps, or add a step`,
        at,
      )
    }
  }
  for (const label of Object.keys(body.at)) {
    if (!labels.includes(label)) throw unknownPart('label', label, labels, who, at)
    requireSteps(who, name, label, body.at[label]!, names, at)
  }
}

function requireFairness(who: string, fair: unknown, where: Where | undefined): void {
  if (fair === undefined || fair === 'weak' || fair === 'strong') return
  throw badDefinition(
    `"fair" of ${who}`,
    `must be 'weak' or 'strong', but is ${inWords(fair)}`,
    "write fair: 'weak' or fair: 'strong'",
    where,
  )
}

/** Rejects values that are not steps, and parameters that would hide other bindings. */
function requireSteps(
  who: string,
  name: string,
  label: string,
  steps: StepsByLabel[string],
  names: readonly string[],
  at: string | undefined,
): void {
  if (typeof steps !== 'function' && (steps as { kind?: unknown } | null)?.kind !== 'step') {
    requireNamed(`${who} at "${label}"`, steps, at)
  }
  for (const [own, step] of stepsAt(`${name}.${label}`, steps)) {
    if (typeof step !== 'function' && (step as { kind?: unknown } | null)?.kind !== 'step') {
      throw badDefinition(
        `step "${own}"`,
        `must be a function, but is ${inWords(step)}`,
        'write (s, { file }) => ..., or step({ ... }, ...)',
        at,
      )
    }
    const hidden = Object.keys(typeof step === 'function' ? {} : step.parameters).find((it) => names.includes(it))
    if (hidden === undefined) continue
    const owner = who.startsWith('thread') ? "the thread's parameter" : 'a parameter or local of the procedure'
    throw nameClash('parameter', hidden, `of step "${own}" must not have the name of ${owner}, but does`, at)
  }
}

/** Checks the relations between the parts of a model. */
export function validateModel(model: Model): void {
  const at = place(model.origin)
  /** The best known place of a definition: the call that made it, else its function, else the model. */
  const placeOf = ({ origin, source }: { origin?: Origin | undefined; source?: SpecFunction | undefined }): Where =>
    origin === undefined ? { at, source } : { at: place(origin) }
  if (model.actions.length === 0)
    throw badDefinition('the model', 'must have an action, but has none', 'add actions or threads', at)
  const claims = [...model.properties, ...model.constraints]
  const measures = model.measures.map((it) => ({ ...it, source: it.measure }))
  unique('action', model.actions, placeOf)
  unique(
    'property',
    claims.map((it) => ({ ...it, source: sourceOf(it.conjuncts) })),
    placeOf,
  )
  unique('measure', measures, placeOf)
  for (const action of model.actions) {
    const { name, parameters, thread, fair } = action
    const who = thread === undefined ? `action "${name}"` : `step "${name}"`
    requireParameters(who, parameters, placeOf(action))
    requireFairness(who, fair, placeOf(action))
  }
  for (const claim of claims) {
    const { name, kind, parameters, conjuncts, formula } = claim
    const who = `${kind} "${name}"`
    requireParameters(who, parameters, placeOf(claim))
    for (const conjunct of conjuncts) {
      requireParameters(`${who} (${conjunct.name})`, conjunct.parameters ?? {}, placeOf(conjunct))
    }
    const meant = formula === undefined ? [] : stepsIn(formula)
    meant.forEach((steps) => validateSteps(steps, model.schema, model.actions, place(steps.origin)))
  }
  for (const { steps } of model.fairness) {
    steps.forEach((meant) => validateSteps(meant, model.schema, model.actions, place(meant.origin)))
  }
  for (const { high, low } of model.priorities) {
    for (const meant of [high, ...low]) validateSteps(meant, model.schema, model.actions, place(meant.origin))
  }
  requireConsistentMembers(Object.values(model.schema.variables), at)
  requireThreadsOnTop(model.schema, at)
}

/** Rejects names with commas, because lists of names use commas. */
function requireListableName(kind: string, name: string, where: Where): void {
  if (name === '' || name.includes(','))
    throw nameClash(kind, name, 'must not be empty or contain a comma, but does', where)
}

function unique<T extends { readonly name: string }>(
  kind: string,
  named: readonly T[],
  placeOf: (one: T) => Where,
): void {
  const seen = new Map<string, T>()
  for (const one of named) {
    const { name } = one
    const first = seen.get(name)
    if (first !== undefined) {
      // The deadlock check comes last and has no place, so report the definition before it.
      const isDeadlock = name === 'deadlock'
      const problem = isDeadlock
        ? 'must have another name, because this one is reserved for the deadlock check'
        : 'must be unique, but is defined twice'
      throw nameClash(kind, name, problem, placeOf(isDeadlock ? first : one))
    }
    requireListableName(kind, name, placeOf(one))
    seen.set(name, one)
  }
}

function requireParameters(who: string, parameters: Fields, where: Where): void {
  for (const [name, domain] of Object.entries(parameters)) {
    if (typeof domain?.kind !== 'string') {
      const hint = `give it one: { ${name}: oneOf('a', 'b') }`
      throw badDefinition(
        who,
        `must have a domain for its parameter "${name}", but has ${inWords(domain)}`,
        hint,
        where,
      )
    }
    if (cardinality(domain) <= MAX_ENUMERATED) continue
    throw badDefinition(
      who,
      `must have parameters with at most ${MAX_ENUMERATED} values, but "${name}" has ${describe(domain)}`,
      'use a smaller domain',
      where,
    )
  }
}

/** A thread inside another domain would have a program counter that no step moves. */
function requireThreadsOnTop({ variables }: Schema, at: string | undefined): void {
  for (const [name, domain] of Object.entries(variables)) {
    const inside = domain.kind === 'thread' ? [] : domainsIn([domain])
    if (inside.some(({ kind }) => kind === 'thread')) {
      throw badDefinition(
        `variable "${name}"`,
        'must not contain a thread, but does',
        'declare the thread as its own variable',
        at,
      )
    }
  }
}

/**
 * Two member sets with one name must be the same set. Otherwise `file3` would be a file in one place only.
 *
 */
function requireConsistentMembers(domains: readonly Domain<unknown>[], at: string | undefined): void {
  const sizes = new Map<string, number>()
  for (const { label, length } of memberSetsIn(domains)) {
    const size = sizes.get(label) ?? length
    if (size !== length) {
      const problem = `must have one size, but has ${size} members in one place and ${length} in another`
      throw nameClash('member set', label, problem, at, 'declare the set once, or give one of the sets another label')
    }
    sizes.set(label, size)
  }
}
