/** The strongly connected components of an automaton, and which of them can accept a behavior. */
import type { Automaton } from './automaton.ts'

/** Whether a run can stay in one component of the automaton and visit all acceptance sets. */
export function canAccept({ transitions, acceptanceSets }: Automaton, members: readonly number[]): boolean {
  const inner = members.flatMap((state) => transitions[state]!.filter(({ target }) => members.includes(target)))
  return inner.length > 0 && inner.reduce((all, { keeps }) => all | keeps, 0) === acceptanceSets
}

/** By automaton state: whether a run can stay in its component and be accepted. */
export function acceptingStates(automaton: Automaton): boolean[] {
  const componentOf = componentsOf(automaton)
  return componentOf.map((component) =>
    canAccept(
      automaton,
      [...componentOf.keys()].filter((state) => componentOf[state] === component),
    ),
  )
}

/** Whether the automaton accepts no behavior. */
export function isEmpty(automaton: Automaton): boolean {
  return !acceptingStates(automaton).includes(true)
}

/** The component of each state. Transitions lead to the same or a higher number; state 0 is in component 0. */
export function componentsOf({ transitions }: Automaton): number[] {
  const reach = transitions.map((_, from) => {
    const reached = new Set<number>()
    const todo = [from]
    for (let state = todo.pop(); state !== undefined; state = todo.pop()) {
      for (const { target } of transitions[state]!) {
        if (reached.has(target)) continue
        reached.add(target)
        todo.push(target)
      }
    }
    return reached
  })
  const leader = transitions.map((_, state) => {
    for (let other = 0; other < state; other++) if (reach[state]!.has(other) && reach[other]!.has(state)) return other
    return state
  })
  const leaders = [...new Set(leader)]
  const ordered: number[] = []
  const visit = (one: number): void => {
    if (ordered.includes(one)) return
    for (const other of leaders) if (other !== one && reach[one]!.has(other)) visit(other)
    ordered.push(one)
  }
  leaders.forEach(visit)
  ordered.reverse()
  return leader.map((one) => ordered.indexOf(one))
}
