/** Priorities: steps that no other step may be taken instead of, such as those of an interrupt. */
import { badDefinition } from '../errors.ts'
import { bindAll, callText, type Bindings } from './bindings.ts'
import type { ForAllOf } from './claim.ts'
import { takesBindingsAlone } from './for-all.ts'
import type { ActionDefinition, PriorityDefinition } from './model.ts'
import { here, place } from './origin.ts'
import { inWords } from './show.ts'
import { stepsOf, type Steps, type StepsLike } from './steps.ts'
import { isAmong } from './temporal-instances.ts'

/** A priority of some steps over others. Made by `preempts`. */
export interface Priority {
  readonly kind: 'priority'
  readonly high: Steps
  readonly low: readonly Steps[]
}

/** Priorities as the author writes them. */
export type PriorityLike = Priority | ForAllOf<PriorityLike>

/**
 * While a step of `high` is enabled, no step of `low` is taken.
 *
 * A step that changes nothing counts as enabled, as in TLA+'s `ENABLED A`: a busy wait occupies its CPU.
 */
export function preempts(high: StepsLike, ...low: readonly [StepsLike, ...StepsLike[]]): Priority {
  if (low.length === 0) {
    throw badDefinition(
      'preempts(...)',
      'must be given steps to pre-empt, but was given none',
      "write preempts(steps('irq', { cpu }), steps('task', { cpu }))",
      place(here()),
    )
  }
  return { kind: 'priority', high: stepsOf('preempts', high), low: low.map((one) => stepsOf('preempts', one)) }
}

/** The priorities of a model, for all bindings. */
export function prioritiesOf(given: { readonly [name: string]: PriorityLike | undefined } = {}): PriorityDefinition[] {
  const unfold = (name: string, one: PriorityLike, bindings: Bindings): PriorityDefinition[] => {
    if ((one as Partial<Priority> | null)?.kind === 'priority') {
      const { high, low } = one as Priority
      return [{ name, bindings, high, low }]
    }
    if (!takesBindingsAlone(one)) {
      throw badDefinition(
        `"${name}" in priorities`,
        `must be a priority, but is ${inWords(one)}`,
        "write preempts('irq', 'task'), or forAll({ cpu: Cpu }, ({ cpu }) => preempts(steps('irq', { cpu }), steps('task', { cpu })))",
      )
    }
    return bindAll(one.parameters).flatMap((own) => unfold(name, one.body(own as never), { ...bindings, ...own }))
  }
  return Object.entries(given).flatMap(([name, one]) => (one === undefined ? [] : unfold(name, one, {})))
}

/** An action with its parameters bound. */
export interface BoundAction {
  readonly definition: ActionDefinition
  readonly bindings: Bindings
}

/**
 * For each action instance, the instances that pre-empt it. The relation is transitive.
 *
 * @throws {CheckerError} KR206 for a cycle
 */
export function preempting(
  instances: readonly BoundAction[],
  priorities: readonly PriorityDefinition[],
): ReadonlyMap<BoundAction, ReadonlySet<BoundAction>> {
  const direct = new Map<BoundAction, Map<BoundAction, string>>()
  for (const { name, bindings, high, low } of priorities) {
    const above = instances.filter((one) => isAmong(one, high))
    for (const one of instances.filter((it) => low.some((steps) => isAmong(it, steps)))) {
      const known = direct.get(one) ?? new Map<BoundAction, string>()
      for (const other of above) known.set(other, callText(name, bindings))
      direct.set(one, known)
    }
  }
  const closed = new Map<BoundAction, ReadonlySet<BoundAction>>()
  const close = (one: BoundAction, path: readonly BoundAction[]): ReadonlySet<BoundAction> => {
    const known = closed.get(one)
    if (known !== undefined) return known
    const index = path.indexOf(one)
    if (index >= 0) throw cycle([...path.slice(index), one], direct)
    const all = new Set<BoundAction>()
    for (const other of direct.get(one)?.keys() ?? []) {
      all.add(other)
      for (const further of close(other, [...path, one])) all.add(further)
    }
    closed.set(one, all)
    return all
  }
  for (const one of direct.keys()) close(one, [])
  return closed
}

/** @param path - each is pre-empted by the next; the last is the first */
function cycle(
  path: readonly BoundAction[],
  direct: ReadonlyMap<BoundAction, ReadonlyMap<BoundAction, string>>,
): Error {
  const names = path.slice(1).map((one, index) => `"${direct.get(path[index]!)!.get(one)!}"`)
  const steps = path.map(({ definition, bindings }) => callText(definition.name, bindings))
  return badDefinition(
    `priorities ${[...new Set(names)].join(', ')}`,
    `must not form a cycle, but ${steps.join(' is pre-empted by ')}`,
    'remove one of them, or name fewer steps with steps(name, { ... }, { except: [...] })',
  )
}
