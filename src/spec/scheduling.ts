/**
 * Which of the enabled steps may be taken: atomic sections and priorities, as part of the next-state functions.
 *
 * The thread that holds control is a variable: `cpu_atomic` for a thread `cpu` with atomic sections. A thread takes
 * control with a step from one label of its sections to another, and keeps it until it leaves them or is blocked.
 */
import { is } from 'immutable'
import { holderName, sectionOf } from './atomic-sections.ts'
import { bindAll, type Bindings } from './bindings.ts'
import { Positions } from './call-stack.ts'
import type { ActionDefinition, PriorityDefinition, State } from './model.ts'
import { preempting, type BoundAction } from './priorities.ts'
import type { Schema } from './schema.ts'
import { threadsOf } from './thread-actions.ts'

/** A thread with atomic sections. */
interface Holder {
  readonly thread: string
  readonly variable: string
  readonly instance: string | undefined
  readonly section: ReadonlySet<string>
  readonly positions: Positions
  /** Its steps in atomic sections, for each instance. */
  readonly steps: readonly BoundAction[]
}

/** The actions with next-state functions that respect priorities and atomic sections. */
export function scheduled(
  schema: Schema,
  actions: readonly ActionDefinition[],
  priorities: readonly PriorityDefinition[],
): readonly ActionDefinition[] {
  const sections = threadsOf(schema).filter(([, domain]) => sectionOf(domain).size > 0)
  if (priorities.length === 0 && sections.length === 0) return actions
  const instances = actions.flatMap((definition) =>
    bindAll(definition.parameters).map((bindings): BoundAction => ({ definition, bindings })),
  )
  const above = preempting(instances, priorities)
  const holders = sections.map(([thread, domain]): Holder => {
    const section = sectionOf(domain)
    const steps = instances.filter(({ definition: { thread: of } }) => of?.name === thread && section.has(of.label))
    const positions = new Positions(thread, domain)
    const [instance] = Object.keys(domain.instance)
    return { thread, variable: holderName(thread), instance, section, positions, steps }
  })
  return actions.map((definition) => {
    const own = instances.filter((one) => one.definition === definition)
    const isFree = holders.length === 0 && own.every((one) => above.get(one) === undefined)
    return isFree ? definition : { ...definition, next: scheduledNext(definition, own, above, holders) }
  })
}

function scheduledNext(
  definition: ActionDefinition,
  own: readonly BoundAction[],
  above: ReadonlyMap<BoundAction, ReadonlySet<BoundAction>>,
  holders: readonly Holder[],
): ActionDefinition['next'] {
  const { next, isAt } = definition
  const known = new WeakMap<Bindings, readonly BoundAction[]>()
  const higherThan = (bindings: Bindings): readonly BoundAction[] => {
    let higher = known.get(bindings)
    if (higher === undefined) {
      const names = Object.keys(definition.parameters)
      const one = own.find((it) => names.every((name) => is(it.bindings[name], bindings[name])))
      higher = [...((one && above.get(one)) ?? [])]
      known.set(bindings, higher)
    }
    return higher
  }
  return (state, bindings) => {
    if (isAt !== undefined && !isAt(state, bindings)) return undefined
    const holder = holders.find(({ variable }) => isHeld(state.get(variable)))
    const holds = holder !== undefined && isHolder(holder, definition, state, bindings)
    if (holder !== undefined && !holds && canMove(holder, state)) return undefined
    // An atomic section also masks steps of other threads that would pre-empt its thread.
    const masked = (one: BoundAction): boolean => holds && !isHolder(holder, one.definition, state, one.bindings)
    if (higherThan(bindings).some((one) => !masked(one) && isEnabled(one, state))) return undefined
    const outcome = next(state, bindings)
    return holders.length === 0 ? outcome : settled(holders, definition, outcome, state, bindings)
  }
}

function isHeld(value: unknown): boolean {
  return value !== null && value !== false
}

/** Whether the instance of the action is the one that holds control. */
function isHolder(
  { thread, variable, instance }: Holder,
  definition: ActionDefinition,
  state: State,
  bindings: Bindings,
): boolean {
  if (definition.thread?.name !== thread) return false
  return instance === undefined || is(state.get(variable), bindings[instance])
}

function canMove(holder: Holder, state: State): boolean {
  return holder.steps.some((one) => isHolder(holder, one.definition, state, one.bindings) && isEnabled(one, state))
}

/** Whether the step is possible, priorities and atomic sections aside. A step that changes nothing counts. */
function isEnabled({ definition, bindings }: BoundAction, state: State): boolean {
  const outcome: unknown = definition.next(state, bindings)
  if (outcome === undefined || outcome === null || outcome === false) return false
  if (typeof outcome !== 'object' || isState(outcome, state) || !(Symbol.iterator in outcome)) return true
  for (const one of outcome as Iterable<unknown>) {
    if (one !== undefined && one !== null && one !== false) return true
  }
  return false
}

function isState(value: unknown, like: State): value is State {
  return (value as object).constructor === like.constructor
}

/** The outcome of a step with the variables that say who holds control afterwards. */
function settled(
  holders: readonly Holder[],
  { thread: of }: ActionDefinition,
  outcome: unknown,
  state: State,
  bindings: Bindings,
): unknown {
  const settle = (after: unknown): unknown => {
    if (typeof after !== 'object' || after === null || !isState(after, state)) return after
    return holders.reduce((next, { thread, variable, instance, section, positions }) => {
      const own = of?.name === thread && section.has(of.label)
      const stays = own && section.has(positions.label(after, bindings) as string)
      const held = instance === undefined ? true : bindings[instance]
      return next.set(variable, (stays ? held : instance === undefined ? false : null) as never)
    }, after)
  }
  if (typeof outcome !== 'object' || outcome === null || isState(outcome, state)) return settle(outcome)
  if (!(Symbol.iterator in outcome)) return outcome
  return settleAll(outcome as Iterable<unknown>, settle)
}

function* settleAll(outcomes: Iterable<unknown>, settle: (after: unknown) => unknown): Generator<unknown> {
  for (const one of outcomes) yield settle(one)
}
