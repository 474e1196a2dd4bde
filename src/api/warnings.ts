/** Warnings: caveats on the verdicts of a run. */
import type { ViewDifference } from '../audit/view-audit.ts'
import type { Remark } from '../semantics/contract.ts'
import type { MeasureDefinition, PropertyDefinition } from '../spec/model.ts'
import type { Obstacle } from '../spec/symmetric-sets.ts'
import type { TemporalFinding } from '../engine/temporal-results.ts'
import type { ActionOutcome, PropertyOutcome, PropertyResult, Warning } from './outcome.ts'
import type { Ending } from '../engine/ending.ts'

/** What warnings are drawn from. */
export interface WarningInput {
  readonly ending: Ending
  /** Whether everything within the constraints was explored. */
  readonly exhausted: boolean
  readonly actions: readonly ActionOutcome[]
  /** Whether the model has sparse sets, in which an action may look for an element that never occurs without a read. */
  readonly hasSparseSets: boolean
  readonly properties: readonly PropertyOutcome[]
  readonly vacuous: Iterable<PropertyDefinition>
  readonly distinct: number
  /** Whether the search left out steps. */
  readonly isPartial: boolean
  /** Steps that led outside the constraints. */
  readonly outside: number
  readonly constraints: readonly PropertyDefinition<'constraint'>[]
  readonly unusedConstants: readonly string[]
  readonly remarks: readonly Remark[]
  readonly obstacles: readonly Obstacle[]
  /** Functions with cases that were not compared. */
  readonly sampled: readonly string[]
  /** The view of the search, if it has one, and what the view hides in a sample. */
  readonly view?: { readonly folded: number } | undefined
  readonly hidden?: ViewDifference | undefined
  readonly temporal: ReadonlyMap<PropertyDefinition, TemporalFinding>
  readonly undecided: readonly (readonly [property: PropertyDefinition, why: string])[]
  readonly unmeasured: readonly (readonly [measure: MeasureDefinition, why: string])[]
  /** An engine's reason and advice if a bound ended the run: a clause. */
  readonly advice?: string | undefined
}

const BUDGETS: { readonly [ending in Ending]?: string } = {
  states: '--max-states stopped the run',
  depth: '--max-depth stopped the run',
  time: '--timeout stopped the run',
  memory: 'the memory budget stopped the run',
  disk: 'a disk error stopped the run',
  interrupted: 'you interrupted the run',
}

/** The warnings of a run, in a fixed order. */
export function warningsOf(evidence: WarningInput): Warning[] {
  return [
    ...budget(evidence),
    ...nothingChecked(evidence),
    ...constrained(evidence),
    ...neverTaken(evidence),
    ...vacuous(evidence),
    ...emptyClaims(evidence),
    ...unused(evidence),
    ...interpreted(evidence),
    ...evidence.undecided.map(([{ name }, why]): Warning => ({
      code: 'undecided',
      name,
      text: `"${name}" is not decided: ${why}`,
    })),
    ...evidence.unmeasured.map(([{ name }, why]): Warning => ({
      code: 'undecided',
      name,
      text: `"${name}" is not measured: ${why}`,
    })),
    ...evidence.obstacles.map(({ label, why }): Warning => ({
      code: 'not-reduced',
      name: label,
      text: `symmetric set "${label}" does not reduce the state space: ${why}`,
    })),
    ...symmetrySampled(evidence),
    ...byView(evidence),
  ]
}

/** Whether a trace decides a property. */
function hasTrace(result: PropertyResult): boolean {
  return result === 'violated' || result === 'reached'
}

/** How many functions a warning names one by one. */
const MAX_NAMED = 3

function symmetrySampled({ sampled }: WarningInput): Warning[] {
  if (sampled.length === 0) return []
  const named = sampled.slice(0, MAX_NAMED).map((name) => `"${name}"`)
  const others = sampled.length > MAX_NAMED ? ` and ${sampled.length - MAX_NAMED} more` : ''
  const text =
    `Kripke checked the symmetry of ${named.join(', ')}${others} only on a sample, because there are too many cases; ` +
    'use --symmetry off for a verdict that does not rely on symmetry'
  return [{ code: 'symmetry-sampled', name: sampled.join(), text }]
}

function byView({ view, hidden }: WarningInput): Warning[] {
  if (view === undefined) return []
  const text =
    'Kripke compared states by the view, with one worker: a violation is real, but a property holds only if the view ' +
    'hides nothing that matters'
  const warning: Warning = { code: 'view', name: 'view', text }
  if (hidden === undefined) return [warning]
  const { kind, name, places } = hidden
  const shown = places.slice(0, MAX_NAMED).join(', ')
  const differs = `the view does not tell apart two states that differ in ${shown}, but ${kind} "${name}" does`
  return [warning, { code: 'view-differs', name, text: `${differs}: add what it reads to the view` }]
}

function budget({ ending, exhausted, properties, unmeasured, advice }: WarningInput): Warning[] {
  const text = BUDGETS[ending]
  if (text === undefined) return []
  const isTraceless = properties.some(({ result, trace }) => hasTrace(result) && trace === undefined)
  const isUndecided = properties.some(({ kind, result }) => kind === 'temporal' && result === 'unknown')
  const missed = [
    ...(exhausted ? (isUndecided ? ['decided every temporal property'] : []) : ['explored every state']),
    ...(isTraceless ? ['found every trace'] : []),
    ...(exhausted && unmeasured.length > 0 ? ['took every measure'] : []),
  ]
  const more = advice === undefined ? '' : `; ${advice}`
  return [{ code: 'budget', name: ending, text: `${text} before Kripke ${missed.join(' and ')}${more}` }]
}

/** Warns of constants that change nothing. */
export function unused({ unusedConstants }: Pick<WarningInput, 'unusedConstants'>): Warning[] {
  return unusedConstants.map((name) => ({
    code: 'unused-constant',
    name,
    text: `constant "${name}" has no effect: the model does not read it`,
  }))
}

/** Warns that there is nothing to check. */
export function nothingChecked({ properties }: Pick<WarningInput, 'properties'>): Warning[] {
  if (properties.length > 0) return []
  return [
    { code: 'nothing-checked', name: 'properties', text: 'Kripke checked no property: the run only counts states' },
  ]
}

function constrained({ outside, constraints, distinct }: WarningInput): Warning[] {
  if (outside === 0) return []
  const names = constraints.map(({ name }) => name).join(', ')
  if (distinct === 0) {
    const text = `no initial state satisfies the constraints (${names}), so Kripke explored nothing`
    return [{ code: 'constrained', name: names, text }]
  }
  const steps = outside === 1 ? '1 step led' : `${outside.toLocaleString('en')} steps led`
  const text = `${steps} outside the constraints (${names}): the verdicts cover only states that satisfy them`
  return [{ code: 'constrained', name: names, text }]
}

function neverTaken({ exhausted, isPartial, actions, hasSparseSets }: WarningInput): Warning[] {
  if (!exhausted || isPartial) return []
  return actions
    .filter(({ generated }) => generated === 0)
    .map(({ name, slotsRead }) => {
      const why =
        slotsRead === 0 && !hasSparseSets ? ': it reads nothing and returns no state, so a return may be missing' : ''
      return { code: 'never-taken', name, text: `action "${name}" is never taken${why}` }
    })
}

function vacuous({ exhausted, vacuous: conditional, properties }: WarningInput): Warning[] {
  if (!exhausted) return []
  // Once a conjunct decides a property, the search no longer evaluates the antecedents of others.
  const decided = new Set(properties.flatMap(({ name, result }) => (hasTrace(result) ? [name] : [])))
  return [...conditional]
    .filter(({ name }) => !decided.has(name))
    .map(({ name }) => ({
      code: 'antecedent-never-true',
      name,
      text: `"${name}" is vacuous: its antecedent is never true`,
    }))
}

function emptyClaims({ temporal }: WarningInput): Warning[] {
  return Array.from(temporal, ([{ name }, { isEmptyClaim, isNeverLed, result }]): Warning[] => {
    if (isEmptyClaim) {
      const text = `"${name}" is a tautology: it is true of every behavior of every model`
      return [{ code: 'always-true', name, text }]
    }
    if (!isNeverLed || result === 'unknown') return []
    const text = `"${name}" is vacuous: the left side of its leadsTo is never true`
    return [{ code: 'antecedent-never-true', name, text }]
  }).flat()
}

/** Warns of functions that could not be learned. */
export function interpreted({ remarks }: Pick<WarningInput, 'remarks'>): Warning[] {
  return remarks.map(({ kind, name, remark }) => ({ code: 'interpreted', name, text: `${kind} "${name}" ${remark}` }))
}
