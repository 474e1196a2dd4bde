/**
 * An explorer that shares no code with src: plain breadth-first search over immutable.js states, keyed by text.
 *
 * It reads the flat lists of a `Model` and calls the spec's functions. Its parameters, keys, counting and search are
 * independent.
 */
import { isList, isMap, isRecord, isSet } from 'immutable'
import type { Model } from '../../src/spec/model.ts'

type Value = unknown
type Bindings = { [name: string]: Value }
type Kind = { kind: string } & { [part: string]: any }

export interface Exploration {
  readonly initial: number
  readonly generated: number
  readonly distinct: number
  /** The number of levels. Initial states are on the first. */
  readonly depth: number
  /** By property: the fewest steps to a violation, or to a goal. */
  readonly found: { readonly [property: string]: number }
  /** By measure: the least and the greatest value, over states or over steps that change something. */
  readonly measured: { readonly [measure: string]: readonly [minimum: number, maximum: number] }
  /** Each state with its level. */
  readonly levels: ReadonlyMap<string, number>
  readonly states: readonly unknown[]
}

/** Explores everything; undefined if there are more than `most` states. */
export function bruteForce(model: Model, most = Infinity): Exploration | undefined {
  const levels = new Map<string, number>()
  const states: Value[] = []
  const found: { [property: string]: number } = {}
  const measured: { [measure: string]: [number, number] } = {}
  const measure = (over: string, subject: unknown): void => {
    for (const { name, measure: take } of model.measures.filter((it) => it.over === over)) {
      const value = Number((take as any)(subject))
      const [minimum, maximum] = measured[name] ?? [value, value]
      measured[name] = [Math.min(minimum, value), Math.max(maximum, value)]
    }
  }
  let frontier: Value[] = []
  let generated = 0
  let depth = 0
  const judge = (state: Value, level: number): void => {
    for (const property of model.properties) {
      const isOfGoals = property.kind === 'goal' || property.kind === 'unreachable'
      if (property.kind !== 'invariant' && !isOfGoals) continue
      const truths = truthsOf(property, state)
      const decided = isOfGoals ? !truths.includes(false) : truths.includes(false)
      if (decided) found[property.name] ??= level - 1
    }
  }
  const isOutside = (state: Value): boolean =>
    model.constraints.some((constraint) => truthsOf(constraint, state).includes(false))
  const meet = (state: Value, level: number, into: Value[]): void => {
    generated++
    const key = text(state)
    if (levels.has(key)) return
    // As in TLC: states outside the constraints are checked, but not counted as distinct and not explored.
    if (isOutside(state)) return judge(state, level)
    levels.set(key, level)
    states.push(state)
    into.push(state)
    measure('states', state)
    judge(state, level)
  }
  for (const state of asStates(model.init())) meet(state, 1, frontier)
  const initial = frontier.length
  while (frontier.length > 0) {
    depth++
    const next: Value[] = []
    for (const state of frontier) {
      let successors = 0
      for (const action of model.actions) {
        for (const bindings of bind(action.parameters)) {
          for (const successor of asStates(action.next(state as any, bindings))) {
            successors++
            if (text(successor) !== text(state)) {
              measure('steps', { action: action.name, bindings, before: state, after: successor })
              for (const property of model.properties.filter(({ kind }) => kind === 'transition')) {
                const { name: thread, label } = action.thread ?? {}
                const step = { action: action.name, bindings, thread, label, before: state, after: successor }
                if (truthsOf(property, step).includes(false)) found[property.name] ??= depth
              }
            }
            meet(successor, depth + 1, next)
          }
        }
      }
      if (successors === 0 && !(model.end?.(state as any) ?? false)) found['deadlock'] ??= depth - 1
      if (levels.size > most) return undefined
    }
    frontier = next
  }
  return { initial, generated, distinct: levels.size, depth, found, measured, levels, states }
}

/** The truth of each conjunct, for all its bindings. */
function truthsOf({ parameters, conjuncts }: Model['properties' | 'constraints'][number], subject: unknown): boolean[] {
  return conjuncts.flatMap(({ parameters: own = {}, holds }) =>
    bind({ ...parameters, ...own }).map((bindings) => (holds as any)(subject, bindings) as boolean),
  )
}

/** The states that an action or `init` returned. */
export function asStates(returned: unknown): Value[] {
  if (!returned) return []
  return isRecord(returned) ? [returned] : [...(returned as Iterable<Value>)].filter(Boolean)
}

/** All bindings of the parameters, by a separate recursion over domains. */
export function bind(parameters: { readonly [name: string]: unknown }): Bindings[] {
  return Object.entries(parameters).reduce<Bindings[]>(
    (rows, [name, domain]) => rows.flatMap((row) => list(domain as Kind).map((value) => ({ ...row, [name]: value }))),
    [{}],
  )
}

function list(domain: Kind): Value[] {
  if (domain.kind === 'bool') return [false, true]
  if (domain.kind === 'oneOf') return [...domain['literals']]
  if (domain.kind === 'members') return [...(domain as unknown as string[])]
  if (domain.kind === 'optional') return [null, ...list(domain['inner'])]
  if (domain.kind === 'union') return domain['variants'].flatMap(list)
  if (domain.kind === 'record') return bind(domain['fields']).map((fields) => domain['factory'](fields))
  if (domain.kind !== 'range') throw new Error(`parameters over ${domain.kind} are beyond this explorer`)
  const values: number[] = []
  for (let value = domain['low']; value <= domain['high']; value++) values.push(value)
  return values
}

/** A text that equal values share. */
export function text(value: Value): string {
  if (isRecord(value)) return `<${[...value].map(([name, field]) => `${String(name)}:${text(field)}`).join()}>`
  if (isMap(value))
    return `{${[...value]
      .map(([key, entry]) => `${text(key)}:${text(entry)}`)
      .sort()
      .join()}}`
  if (isSet(value)) return `(${[...value].map(text).sort().join()})`
  if (isList(value)) return `[${[...value].map(text).join()}]`
  // A bag: the number of copies of each element.
  if (typeof value === 'object' && value !== null && 'toMap' in value) return `b${text((value as any).toMap())}`
  return JSON.stringify(value) ?? 'undefined'
}
