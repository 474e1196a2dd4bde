/**
 * Decides whether a history of concurrent calls is linearizable: whether each call can take effect at one moment between its start
 * and its end, so that the results are those of the spec.
 *
 * This is the search of Wing and Gong. It takes a call that no other remaining call precedes, steps the spec, and backtracks if the
 * rest does not fit. As Lowe proposes, it never searches twice from the same configuration: the set of calls taken, and the state.
 * We depart from Lowe where the spec chooses among successors or takes hidden steps. Each such state is a configuration of its own.
 *
 * @see Wing and Gong, "Testing and Verifying Concurrent Objects", J. Parallel Distrib. Comput. 17, 1993
 * @see Lowe, "Testing for Linearizability", Concurrency Computat. Pract. Exper. 29(4), 2017
 */
import { show } from '../spec/show.ts'
import { refused, type AnyDriver } from './driver.ts'
import { isReturned } from './observation.ts'
import type { StateGraph } from './state-graph.ts'

/** A call of a history. */
export interface HistoryCall {
  readonly client: string
  /** As in `StateGraph.callsFrom`. */
  readonly name: string
  readonly action: string
  readonly bindings: { readonly [name: string]: unknown }
  readonly returned: unknown
  /** When the call started, on the clock that counts starts and ends. */
  readonly start: number
  /** When it returned; `Infinity` if it did not. Such a call may have taken effect or not. */
  readonly end: number
}

/** What the search found. */
export interface Linearization {
  readonly isLinearizable: boolean
  /** The calls in an order that fits the spec: all calls, or the longest order that was found. */
  readonly order: readonly HistoryCall[]
  /** The states in which this order may end. */
  readonly states: readonly number[]
  /** How many configurations the search visited. */
  readonly configurations: number
}

/** A function of `results` threw an error, which is the `cause`. */
export class ResultsError extends Error {
  constructor(action: string, cause: unknown) {
    super(`results.${action} threw ${cause instanceof Error ? `${cause.name}: ${cause.message}` : show(cause)}`, {
      cause,
    })
  }
}

/**
 * Decides a history.
 *
 * @param calls - ordered by start
 * @param isEnd - whether the history may end in a state. Default: in any
 */
export function linearize(
  graph: StateGraph,
  results: NonNullable<AnyDriver['results']>,
  calls: readonly HistoryCall[],
  isEnd: (state: number) => boolean = () => true,
): Linearization {
  const required = calls.filter(({ end }) => end < Infinity).length
  const taken: boolean[] = calls.map(() => false)
  const order: HistoryCall[] = []
  const visited = new Set<string>()
  let longest: readonly HistoryCall[] = []
  let ends = new Set<number>()

  const isConfigurationNew = (state: number): boolean => {
    const first = taken.indexOf(false)
    const later = first < 0 ? [] : taken.flatMap((it, index) => (it && index > first ? [index] : []))
    const key = `${first} ${later.join()} ${state}`
    if (visited.has(key)) return false
    visited.add(key)
    return true
  }

  /** Whether the calls that are left fit after a state. `left` is the number of returned calls among them. */
  const search = (state: number, left: number): boolean => {
    if (!isConfigurationNew(state)) return false
    if (order.length > longest.length) {
      longest = [...order]
      ends = new Set()
    }
    if (order.length === longest.length && order.every((call, index) => call === longest[index])) ends.add(state)
    const states = graph.closure([state])
    if (left === 0 && states.some(isEnd)) return true
    let earliestEnd = Infinity
    for (let index = taken.indexOf(false); index >= 0 && index < calls.length; index++) {
      if (taken[index]) continue
      const call = calls[index]!
      if (call.start > earliestEnd) break
      earliestEnd = Math.min(earliestEnd, call.end)
      taken[index] = true
      order.push(call)
      for (const before of states) {
        for (const after of effectsOf(graph, results, call, before)) {
          if (search(after, call.end < Infinity ? left - 1 : left)) return true
        }
      }
      order.pop()
      taken[index] = false
    }
    return false
  }

  const isLinearizable = graph.initial.some((state) => search(state, required))
  return {
    isLinearizable,
    order: isLinearizable ? order : longest,
    states: [...ends],
    configurations: visited.size,
  }
}

/**
 * The states in which a call may end if it takes effect in a state and returns what it returned.
 *
 * @throws {ResultsError} if the function of `results` throws
 */
export function effectsOf(
  graph: StateGraph,
  results: NonNullable<AnyDriver['results']>,
  { name, action, bindings, returned, end }: HistoryCall,
  before: number,
): readonly number[] {
  const call = graph.callsFrom(before).get(name)
  if (returned === refused) return call === undefined ? [before] : []
  const result = results[action]
  if (call === undefined || result === undefined || end === Infinity) return call?.to ?? []
  return call.to.filter((after) => {
    let value: unknown
    try {
      value = result(graph.states[before], bindings, graph.states[after])
    } catch (error) {
      throw new ResultsError(action, error)
    }
    return isReturned(value, returned)
  })
}
