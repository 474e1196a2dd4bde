/**
 * Temporal logic with fairness on tiny graphs, decided by a procedure that shares no code with src.
 *
 * `violates` guesses for each step which `until` formulas are true from there on, and keeps consistent guesses. It
 * looks for a strongly connected set (by mutual reachability) in which no guess is postponed forever and each
 * constraint is met. It tries all choices of strong constraints that are met by never being enabled. `isCounterexample`
 * checks by the definitions whether one lasso is a fair behavior on which the formula is false.
 */

/** A formula over the predicates `p` and `q` of a state, and the actions. */
export type Plan =
  | { op: 'p' | 'q' }
  | { op: 'enabled' | 'taken'; action: string }
  | { op: 'not' | 'always' | 'eventually' | 'alwaysEventually' | 'eventuallyAlways'; of: Plan }
  | { op: 'and' | 'or' | 'implies' | 'until' | 'leadsTo'; left: Plan; right: Plan }

export interface Demand {
  readonly fairness: 'weak' | 'strong'
  readonly actions: readonly string[]
  /** The states from which the steps count; all if undefined. */
  readonly when?: readonly number[]
}

export interface Problem {
  readonly size: number
  readonly initial: readonly number[]
  /** The steps of each action. */
  readonly actions: { readonly [name: string]: readonly (readonly [number, number])[] }
  /** The states in which they are true. */
  readonly p: readonly number[]
  readonly q: readonly number[]
  readonly fairness: readonly Demand[]
  readonly formula: Plan
  /** States that no behavior may visit. Steps that lead there still count as enabled. */
  readonly outside?: readonly number[]
}

type Core =
  | { op: 'true' | 'p' | 'q' }
  | { op: 'enabled' | 'taken'; action: string }
  | { op: 'not'; of: Core }
  | { op: 'and'; left: Core; right: Core }
  | { op: 'until'; left: Core; right: Core }

const not = (of: Core): Core => ({ op: 'not', of })
const and = (left: Core, right: Core): Core => ({ op: 'and', left, right })
const or = (left: Core, right: Core): Core => not(and(not(left), not(right)))
const eventually = (right: Core): Core => ({ op: 'until', left: { op: 'true' }, right })
const always = (of: Core): Core => not(eventually(not(of)))

function coreOf(plan: Plan): Core {
  switch (plan.op) {
    case 'p':
    case 'q':
    case 'enabled':
    case 'taken':
      return plan
    case 'not':
      return not(coreOf(plan.of))
    case 'always':
      return always(coreOf(plan.of))
    case 'eventually':
      return eventually(coreOf(plan.of))
    case 'alwaysEventually':
      return always(eventually(coreOf(plan.of)))
    case 'eventuallyAlways':
      return eventually(always(coreOf(plan.of)))
    case 'and':
      return and(coreOf(plan.left), coreOf(plan.right))
    case 'or':
      return or(coreOf(plan.left), coreOf(plan.right))
    case 'implies':
      return or(not(coreOf(plan.left)), coreOf(plan.right))
    case 'until':
      return { op: 'until', left: coreOf(plan.left), right: coreOf(plan.right) }
    case 'leadsTo':
      return always(or(not(coreOf(plan.left)), eventually(coreOf(plan.right))))
  }
}

type Step = readonly [from: number, to: number]

function isTaken({ actions }: Problem, action: string, [from, to]: Step): boolean {
  return from !== to && actions[action]!.some(([a, b]) => a === from && b === to)
}

function isEnabled({ actions }: Problem, action: string, state: number): boolean {
  return actions[action]!.some(([a, b]) => a === state && b !== state)
}

function isOutside({ outside = [] }: Problem, state: number): boolean {
  return outside.includes(state)
}

/** Whether some fair behavior makes the formula false. */
export function violates(problem: Problem): boolean {
  const negated = not(coreOf(problem.formula))
  const untils: (Core & { op: 'until' })[] = []
  const collect = (core: Core): void => {
    if (core.op === 'not') collect(core.of)
    if (core.op === 'and' || core.op === 'until') {
      collect(core.left)
      collect(core.right)
    }
    if (core.op === 'until') untils.push(core)
  }
  collect(negated)
  interface Node {
    readonly step: Step
    readonly guess: number
  }
  const truth = (core: Core, { step, guess }: Node): boolean => {
    switch (core.op) {
      case 'true':
        return true
      case 'p':
      case 'q':
        return problem[core.op].includes(step[0])
      case 'enabled':
        return isEnabled(problem, core.action, step[0])
      case 'taken':
        return isTaken(problem, core.action, step)
      case 'not':
        return !truth(core.of, { step, guess })
      case 'and':
        return truth(core.left, { step, guess }) && truth(core.right, { step, guess })
      case 'until':
        return ((guess >> untils.indexOf(core)) & 1) === 1
    }
  }
  const steps: Step[] = []
  for (let from = 0; from < problem.size; from++) {
    for (let to = 0; to < problem.size; to++) {
      const isStep =
        !isOutside(problem, to) &&
        (from === to || Object.values(problem.actions).some((all) => all.some(([a, b]) => a === from && b === to)))
      if (isStep) steps.push([from, to])
    }
  }
  const nodes: Node[] = steps.flatMap((step) =>
    Array.from({ length: 2 ** untils.length }, (_, guess) => ({ step, guess })),
  )
  const leaving = Array.from({ length: problem.size }, (_, state) =>
    [...nodes.keys()].filter((index) => nodes[index]!.step[0] === state),
  )
  const edges = nodes.map((one) =>
    leaving[one.step[1]]!.filter((index) => {
      const next = nodes[index]!
      return untils.every((it) => truth(it, one) === (truth(it.right, one) || (truth(it.left, one) && truth(it, next))))
    }),
  )
  const starts = [...nodes.keys()].filter((index) => {
    const node = nodes[index]!
    return problem.initial.includes(node.step[0]) && !isOutside(problem, node.step[0]) && truth(negated, node)
  })
  const reachable = reach(edges, starts, () => true)
  const takes = ({ step }: Node, { actions, when }: Demand): boolean =>
    (when?.includes(step[0]) ?? true) && actions.some((action) => isTaken(problem, action, step))
  const enables = ({ step }: Node, { actions, when }: Demand): boolean =>
    (when?.includes(step[0]) ?? true) && actions.some((action) => isEnabled(problem, action, step[0]))
  const strong = problem.fairness.filter(({ fairness }) => fairness === 'strong')
  for (let choice = 0; choice < 2 ** strong.length; choice++) {
    const never = strong.filter((_, index) => (choice >> index) % 2 === 0)
    const often: ((node: Node) => boolean)[] = [
      ...strong.filter((it) => !never.includes(it)).map((it) => (node: Node) => takes(node, it)),
      ...problem.fairness
        .filter(({ fairness }) => fairness === 'weak')
        .map((it) => (node: Node) => !enables(node, it) || takes(node, it)),
      ...untils.map((it) => (node: Node) => !truth(it, node) || truth(it.right, node)),
    ]
    const isKept = (index: number): boolean => reachable.has(index) && never.every((it) => !enables(nodes[index]!, it))
    const kept = [...nodes.keys()].filter(isKept)
    const back: number[][] = nodes.map(() => [])
    for (const from of kept) for (const to of edges[from]!) back[to]!.push(from)
    const seen = new Set<number>()
    for (const index of kept) {
      if (seen.has(index)) continue
      const forward = reach(edges, edges[index]!, isKept)
      const backward = reach(back, back[index]!, isKept)
      const component = [...forward].filter((one) => backward.has(one))
      seen.add(index)
      if (!component.includes(index)) continue
      component.forEach((one) => seen.add(one))
      if (often.every((wanted) => component.some((one) => wanted(nodes[one]!)))) return true
    }
  }
  return false
}

function reach(
  edges: readonly (readonly number[])[],
  from: readonly number[],
  admits: (index: number) => boolean,
): Set<number> {
  const reached = new Set(from.filter(admits))
  for (const index of reached) for (const next of edges[index]!) if (admits(next)) reached.add(next)
  return reached
}

/** Whether `states` is a fair behavior on which the formula is false. The last state must equal the one at `loop`. */
export function isCounterexample(problem: Problem, states: readonly number[], loop: number): boolean {
  const length = states.length - 1
  const next = (moment: number): number => (moment + 1 === length ? loop : moment + 1)
  const stepAt = (moment: number): Step => [states[moment]!, states[moment + 1]!]
  if (length < 1 || states[length] !== states[loop] || !problem.initial.includes(states[0]!)) return false
  if (states.some((state) => isOutside(problem, state))) return false
  for (let moment = 0; moment < length; moment++) {
    const [from, to] = stepAt(moment)
    if (from !== to && !Object.keys(problem.actions).some((action) => isTaken(problem, action, [from, to])))
      return false
  }
  const isFair = problem.fairness.every(({ fairness, actions, when }) => {
    const cycle = Array.from({ length: length - loop }, (_, index) => loop + index)
    const counts = (moment: number): boolean => when === undefined || when.includes(states[moment]!)
    const taken = cycle.some(
      (moment) => counts(moment) && actions.some((action) => isTaken(problem, action, stepAt(moment))),
    )
    const enabled = cycle.map(
      (moment) => counts(moment) && actions.some((action) => isEnabled(problem, action, states[moment]!)),
    )
    return taken || (fairness === 'weak' ? enabled.includes(false) : !enabled.includes(true))
  })
  const truth = (plan: Plan, moment: number): boolean => {
    const later = (from: number): number[] => {
      const moments = new Set<number>()
      for (let at = from; !moments.has(at); at = next(at)) moments.add(at)
      return [...moments]
    }
    switch (plan.op) {
      case 'p':
      case 'q':
        return problem[plan.op].includes(states[moment]!)
      case 'enabled':
        return isEnabled(problem, plan.action, states[moment]!)
      case 'taken':
        return isTaken(problem, plan.action, stepAt(moment))
      case 'not':
        return !truth(plan.of, moment)
      case 'and':
        return truth(plan.left, moment) && truth(plan.right, moment)
      case 'or':
        return truth(plan.left, moment) || truth(plan.right, moment)
      case 'implies':
        return !truth(plan.left, moment) || truth(plan.right, moment)
      case 'always':
        return later(moment).every((one) => truth(plan.of, one))
      case 'eventually':
        return later(moment).some((one) => truth(plan.of, one))
      case 'alwaysEventually':
        return later(loop).some((one) => truth(plan.of, one))
      case 'eventuallyAlways':
        return later(loop).every((one) => truth(plan.of, one))
      case 'leadsTo':
        return later(moment).every((one) => !truth(plan.left, one) || later(one).some((it) => truth(plan.right, it)))
      case 'until': {
        for (const one of later(moment)) {
          if (truth(plan.right, one)) return true
          if (!truth(plan.left, one)) return false
        }
        return false
      }
    }
  }
  return isFair && !truth(problem.formula, 0)
}
