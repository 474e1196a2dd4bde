import fc from 'fast-check'
import { action, model, range, schema, spec, type Spec } from 'kripke'
import { refused, type Driver } from 'kripke/drive'
import { describe, expect, it } from 'vitest'
import { linearize, type HistoryCall } from '../../src/drive/linearize.ts'
import { isReturned } from '../../src/drive/observation.ts'
import { StateGraph } from '../../src/drive/state-graph.ts'
import { callText } from '../../src/spec/bindings.ts'
import { runs, SEED } from '../support/amount.ts'

const State = schema({ n: range(0, 2), spare: range(0, 2) })

/** A register whose `drop` chooses, whose `swap` is not always enabled, and with a hidden step. */
const register = spec({
  name: 'register',
  model: () =>
    model(State, {
      init: State({ spare: 1 }),
      actions: {
        write: action({ n: range(0, 2) }, (s, { n }) => s.set('n', n)),
        read: (s) => s,
        drop: (s) => [s.set('n', 0), s.set('spare', s.n).set('n', 0)],
        swap: (s) => (s.spare === 0 ? undefined : s.set('n', s.spare).set('spare', s.n)),
        fade: (s) => (s.spare > 0 ? s.set('spare', s.spare - 1) : undefined),
      },
      deadlock: false,
    }),
})

type Register = ReturnType<typeof State>

const RESULTS = {
  read: ({ n }: Register) => n,
  swap: ({ n }: Register, _: unknown, after: Register) => [n, after.n],
}
const driver = (hidden: readonly string[]): Driver<object> => ({
  setup: () => ({}),
  actions: Object.fromEntries(
    ['write', 'read', 'drop', 'swap', 'fade'].flatMap((it) => (hidden.includes(it) ? [] : [[it, () => {}]])),
  ),
  results: RESULTS,
  hidden,
})

/** Whether a history is linearizable, by all permutations of all sets of calls that have every call that returned. */
function isLinearizableByForce(
  graph: StateGraph,
  calls: readonly HistoryCall[],
  end: (state: number) => boolean,
): boolean {
  const optionalCalls = calls.filter((call) => call.end === Infinity)
  for (let code = 0; code < 2 ** optionalCalls.length; code++) {
    const chosen = calls.filter((call) => call.end < Infinity || ((code >> optionalCalls.indexOf(call)) & 1) === 1)
    for (const order of permutations(chosen)) {
      const respects = order.every((later, index) =>
        order.slice(0, index).every((earlier) => earlier.start <= later.end),
      )
      if (respects && endsOf(graph, order).some(end)) return true
    }
  }
  return false
}

function permutations<T>(all: readonly T[]): T[][] {
  if (all.length === 0) return [[]]
  return all.flatMap((first, index) => permutations(all.toSpliced(index, 1)).map((rest) => [first, ...rest]))
}

/** The states in which calls one after another may end, with hidden steps in between. */
function endsOf(graph: StateGraph, order: readonly HistoryCall[]): number[] {
  const quiet = (states: readonly number[]): number[] => {
    const found = [...states]
    for (const state of found) for (const next of graph.hiddenFrom(state)) if (!found.includes(next)) found.push(next)
    return found
  }
  let states = quiet(graph.initial)
  for (const { name, action, returned, end } of order) {
    states = quiet(
      states.flatMap((before) => {
        const call = graph.callsFrom(before).get(name)
        if (returned === refused) return call === undefined ? [before] : []
        const result = (RESULTS as { [name: string]: ((...of: any[]) => unknown) | undefined })[action]
        return (call?.to ?? []).filter(
          (after) =>
            end === Infinity ||
            result === undefined ||
            isReturned(result(graph.states[before], {}, graph.states[after]), returned),
        )
      }),
    )
  }
  return states
}

/** Histories: for each client its calls, and then how their starts and returns interleave. */
const history = fc
  .record({
    calls: fc.array(
      fc.record({
        client: fc.nat(2),
        action: fc.constantFrom('write', 'read', 'read', 'drop', 'swap'),
        n: fc.nat(2),
        returned: fc.nat(2),
        isRefused: fc.integer({ min: 0, max: 3 }).map((it) => it === 0),
        isPending: fc.integer({ min: 0, max: 7 }).map((it) => it === 0),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    order: fc.array(fc.nat(2), { minLength: 12, maxLength: 12 }),
  })
  .map(({ calls, order }): HistoryCall[] => {
    const queues = [0, 1, 2].map((client) => calls.filter((call) => call.client === client))
    const open: ((HistoryCall & { end: number }) | undefined)[] = [undefined, undefined, undefined]
    const made: (HistoryCall & { end: number })[] = []
    let clock = 0
    for (const client of [...order, ...Array.from({ length: 15 }, (_, index) => index % 3)]) {
      const current = open[client]
      if (current !== undefined) {
        current.end = clock++
        open[client] = undefined
        continue
      }
      const next = queues[client]!.shift()
      if (next === undefined) continue
      const bindings = next.action === 'write' ? { n: next.n } : {}
      const returned =
        next.action === 'swap' && next.isRefused
          ? refused
          : next.action === 'swap'
            ? [next.n, next.returned]
            : next.action === 'read'
              ? next.returned
              : undefined
      const call = {
        client: `c${client}`,
        name: callText(next.action, bindings),
        action: next.action,
        bindings,
        returned,
        start: clock++,
        end: Infinity,
      }
      made.push(call)
      // A client whose call does not return makes no other call.
      if (next.isPending) queues[client] = []
      else open[client] = call
    }
    return made
  })

describe('linearize', () => {
  it.each([['fade'], [undefined]])('agrees with trying all permutations, with the hidden action %s', (hidden) => {
    const graph = new StateGraph(register as Spec, driver(hidden === undefined ? [] : [hidden]))
    const verdicts = new Map<string, number>()
    fc.assert(
      fc.property(history, fc.integer({ min: -1, max: 2 }), (calls, n) => {
        const isEnd = (state: number): boolean => n < 0 || graph.states[state]!.get('n') === n
        const expected = isLinearizableByForce(graph, calls, isEnd)
        const key = `${expected}`
        verdicts.set(key, (verdicts.get(key) ?? 0) + 1)
        expect(linearize(graph, RESULTS, calls, isEnd).isLinearizable).toBe(expected)
      }),
      { numRuns: runs(3000), ...(SEED === undefined ? {} : { seed: SEED }) },
    )
    // Both verdicts are frequent.
    expect(Math.min(verdicts.get('true') ?? 0, verdicts.get('false') ?? 0)).toBeGreaterThan(runs(3000) / 10)
  })

  it('gives an order that explains the history, and the longest one if none does', () => {
    const graph = new StateGraph(register as Spec, driver([]))
    const call = (name: string, start: number, end: number, returned?: unknown): HistoryCall => ({
      ...{ client: 'c', name, action: name.split('(')[0]!, bindings: {}, returned, start, end },
    })
    const calls = [call('write(n=1)', 0, 3), call('read', 1, 2, 1), call('write(n=2)', 4, 5), call('read', 6, 7, 2)]
    const fine = linearize(graph, RESULTS, calls)
    expect(fine.order.map(({ name }) => name)).toEqual(['write(n=1)', 'read', 'write(n=2)', 'read'])
    const wrong = linearize(graph, RESULTS, [...calls.slice(0, 3), call('read', 6, 7, 1)])
    expect(wrong.isLinearizable).toBe(false)
    expect(wrong.order.map(({ name }) => name)).toEqual(['write(n=1)', 'read', 'write(n=2)'])
  })

  it('visits each configuration once', () => {
    const graph = new StateGraph(register as Spec, driver([]))
    // Ten writes at once, and a read that does not fit: 10! orders, but 2^10 sets of calls with at most 3 states each.
    const calls = Array.from({ length: 10 }, (_, index): HistoryCall => {
      const bindings = { n: index % 2 }
      return {
        client: `c${index}`,
        name: callText('write', bindings),
        action: 'write',
        bindings,
        returned: undefined,
        start: index,
        end: 100 + index,
      }
    })
    const read = { client: 'c', name: 'read', action: 'read', bindings: {}, returned: 2, start: 200, end: 201 }
    const { isLinearizable, configurations } = linearize(graph, RESULTS, [...calls, read])
    expect(isLinearizable).toBe(false)
    expect(configurations).toBeLessThanOrEqual(3 * 2 ** 10)
  })
})
