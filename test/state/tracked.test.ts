import { inspect as inspectValue, isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { is, List, Map, Set as ImmutableSet } from 'immutable'
import { describe, expect, it } from 'vitest'
import { schema } from '../../src/index.ts'
import {
  observeAction,
  observeState,
  sameObservation,
  type Observation,
} from '../../src/semantics/learned/observation.ts'
import { rngFrom, probeOf } from '../../src/semantics/learned/probe.ts'
import { confirms } from '../../src/semantics/learned/oracle.ts'
import type { ActionInstance, PredicateInstance } from '../../src/spec/instances.ts'
import type { State } from '../../src/spec/model.ts'
import { decode, encode } from '../../src/state/codec.ts'
import { layOut, type Layout } from '../../src/state/layout.ts'
import { layOutWhole } from '../../src/state/symmetry/closure.ts'
import { Reader, Recording } from '../../src/state/tracked/reader.ts'
import { ALL, runs } from '../support/amount.ts'
import { aChain, text, type Chain } from '../support/random-calls.ts'
import { change, domainOf, inspect, type DomainPlan } from '../support/random-spec.ts'

const RANGE: DomainPlan = { kind: 'range', size: 3 }
const SET: DomainPlan = { kind: 'set', wide: false }
const RECORD: DomainPlan = { kind: 'record', left: RANGE, right: SET }
const UNION: DomainPlan = { kind: 'union', left: SET, right: RANGE }

/** Domains with all kinds of views, alone and nested. */
const PLANS: { readonly [name: string]: DomainPlan } = {
  'a map': { kind: 'map', values: RANGE, wide: false },
  'a map of more than eight': { kind: 'map', values: { kind: 'bool' }, wide: true },
  'a map of sets': { kind: 'map', values: SET, wide: false },
  'a map of maps': { kind: 'map', values: { kind: 'map', values: RANGE, wide: false }, wide: false },
  'a set': SET,
  'a set of up to nine': { kind: 'set', wide: true },
  'a set of messages': { kind: 'set', wide: false, sparse: true },
  'a bag': { kind: 'bag', of: 'few' },
  'a bag of up to nine': { kind: 'bag', of: 'wide' },
  'a bag of records': { kind: 'bag', of: 'records' },
  'a union of bags': { kind: 'union', left: { kind: 'bag', of: 'few' }, right: { kind: 'bag', of: 'wide' } },
  'a list': { kind: 'list', elements: RANGE },
  'a list of sets': { kind: 'list', elements: SET },
  'a list of records': { kind: 'list', elements: RECORD },
  'a record': RECORD,
  'a record of records': { kind: 'record', left: RECORD, right: { kind: 'list', elements: { kind: 'bool' } } },
  'an optional set': { kind: 'optional', inner: SET },
  'an optional record': { kind: 'optional', inner: RECORD },
  'a union': UNION,
  'a union in a union': { kind: 'union', left: UNION, right: { kind: 'list', elements: RANGE } },
  'a union of open values and others': { kind: 'union', left: { kind: 'open' }, right: RECORD },
  'a map of unions': { kind: 'map', values: UNION, wide: false },
  'a list of unions': { kind: 'list', elements: UNION },
  'an optional union': { kind: 'optional', inner: UNION },
  'a record of unions': { kind: 'record', left: UNION, right: UNION },
  'a map of optional lists': {
    kind: 'map',
    values: { kind: 'optional', inner: { kind: 'list', elements: RANGE } },
    wide: false,
  },
}

const STATES = ALL ? 12 : 3
const PROBES = 6
const CHAINS = runs(3000)
const rng = rngFrom(11)

function randomState(layout: Layout): Int32Array {
  return probeOf(layout, new Int32Array(layout.slots.length), () => false, undefined, rng)
}

/** The result of a plain call: the successor's slots, a truth value, or the code of the error. */
function plainly(layout: Layout, slots: Int32Array, call: (state: State) => unknown): Int32Array[] | boolean | string {
  try {
    const result = call(decode(layout, slots))
    if (typeof result === 'boolean') return result
    const encoded = new Int32Array(slots.length)
    encode(layout, result as State, encoded)
    return [encoded]
  } catch (thrown) {
    return (thrown as { code?: string }).code ?? 'KR503'
  }
}

/** Compares an observation on `slots` with plain calls: on that state, and on others that agree in all slots read. */
function verify(
  layout: Layout,
  slots: Int32Array,
  seen: Observation,
  call: (state: State) => unknown,
  what: string,
): void {
  const read = new Set(seen.reads)
  const blind = seen.outcome.kind === 'successors' ? seen.outcome.writes[0] : undefined
  const states = [slots]
  for (let probe = 0; probe < PROBES; probe++) {
    states.push(probeOf(layout, slots, (slot) => read.has(slot), probe === 0 ? blind : undefined, rng))
  }
  for (const state of states) {
    const expected = plainly(layout, state, call)
    const error = seen.outcome.kind === 'error' ? seen.outcome.error.message : ''
    expect(confirms(seen.outcome, state, expected), `${what} on ${String(decode(layout, state))} ${error}`).toBe(true)
  }
  failures.total++
  if (seen.outcome.kind === 'error') failures.errors++
}

/** The result of a chain of calls, as text. */
function attempt(state: any, { call }: Chain): string {
  try {
    return text(call(state.it, state.other))
  } catch {
    return 'throws'
  }
}

/** How many of the verified calls failed, so that a test can check that most did not. */
const failures = { total: 0, errors: 0 }

describe.each(Object.entries(PLANS))('the view of %s', (_, plan) => {
  const State = schema({ it: domainOf(plan), other: domainOf(plan) })
  const layout = layOutWhole(State as never)
  const instance = (run: (s: any) => any): ActionInstance =>
    ({ who: 'action', definition: {}, run: (s: State) => [run(s)] }) as unknown as ActionInstance
  const predicate = (holds: (s: any) => any): PredicateInstance =>
    ({ who: 'predicate', definition: {}, holds }) as unknown as PredicateInstance

  it('answers each question like the genuine collection, and records all reads', () => {
    for (let how = 0; how < 30; how++) {
      for (let pick = 0; pick < 12; pick++) {
        const call = (s: any): boolean => inspect(s.it, plan, how, pick, true)
        for (let state = 0; state < STATES / 3; state++) {
          const slots = randomState(layout)
          verify(layout, slots, observeState(layout, predicate(call), slots), call, `question ${how} (${pick})`)
        }
      }
    }
  })

  it('changes like the genuine collection', () => {
    for (let how = 0; how < 14; how++) {
      for (let pick = 0; pick < 12; pick++) {
        const call = (s: any): any => s.update('it', (held: any) => change(held, plan, how, pick))
        for (let state = 0; state < STATES / 3; state++) {
          const slots = randomState(layout)
          verify(layout, slots, observeAction(layout, instance(call), slots), call, `change ${how} (${pick})`)
        }
      }
    }
  })

  it('is tested with questions and changes that mostly succeed', () => {
    expect(failures.total).toBeGreaterThan(500)
    expect(failures.errors).toBeLessThan(failures.total / 10)
    Object.assign(failures, { total: 0, errors: 0 })
  })

  const compare = (chain: Chain): void => {
    const slots = randomState(layout)
    const recording = new Recording()
    const view = new Reader(slots, recording).value(layout.shape) as State
    const seen = attempt(view, chain)
    const read = new Set(recording.reads)
    expect(seen, chain.text).toBe(attempt(decode(layout, slots), chain))
    for (let probe = 0; probe < 2; probe++) {
      const other = probeOf(layout, slots, (slot) => read.has(slot), undefined, rng)
      expect(attempt(decode(layout, other), chain), chain.text).toBe(seen)
    }
  }

  it('answers chains of any methods like the genuine collection, and records all reads', () => {
    fc.assert(
      fc.property(aChain, (chain) => {
        fc.pre(chain.isOrderCertain || !('wide' in plan && plan.wide))
        compare(chain)
      }),
      { numRuns: CHAINS, seed: 7 },
    )
  })

  it('answers questions at the edges like the genuine collection', () => {
    const questions: readonly ((it: any) => unknown)[] = [
      (it) => it.valueSeq().size,
      (it) => it.toSeq().size,
      (it) => it.entrySeq().size,
      (it) => it.get(it.size / 2),
      (it) => it.has(-1),
      (it) => it.has('0'),
      // A keyed collection stands for its values.
      (it) => it.isSubset(Map({ x: 'a1', y: 'a2' })),
      (it) => it.isSuperset(Map({ x: 'a1' })),
      (it) => it.isSubset('a1 a2'),
      (it) => it.merge(null),
    ]
    for (const call of questions) {
      for (let state = 0; state < STATES; state++) compare({ text: String(call), call, isOrderCertain: true })
    }
  })

  it('reads the same with and without a cached hash of a neighboring collection', () => {
    const ways: readonly ((one: any, it: any) => boolean)[] = [
      (one, it) => is(one, it),
      (one, it) => is(it, one),
      (one, it) => ImmutableSet([one]).has(it),
    ]
    for (let size = 0; size < 10; size++) {
      const numbers = Array.from({ length: size }, (_, index) => index)
      const makers = [() => List(numbers), () => ImmutableSet(numbers), () => Map(numbers.map((n) => [n, n]))]
      for (let state = 0; state < STATES; state++) {
        const slots = randomState(layout)
        for (const make of [...makers, () => decode(layout, slots)['it']]) {
          for (const way of ways) {
            const [one, hashed] = [make(), make()] as [any, any]
            hashed?.hashCode?.()
            const asks = (other: any) => predicate((s) => way(other, s.it))
            const observe = (other: any) => observeState(layout, asks(other), slots)
            expect(sameObservation(observe(one), observe(hashed)), `${String(way)} with ${String(one)}`).toBe(true)
          }
        }
      }
    }
  })

  it('moves to another place, changed or not', () => {
    const moves: { readonly [name: string]: (s: any) => any } = {
      copy: (s) => s.set('it', s.other),
      swap: (s) => s.set('it', s.other).set('other', s.it),
      'copy changed': (s) => s.set('it', change(s.other, plan, 3, 5)),
      'change, then copy': (s) => {
        const changed = s.update('other', (held: any) => change(held, plan, 0, 4))
        return changed.set('it', changed.other)
      },
      'put back': (s) => s.set('it', s.it),
      'change and put back': (s) => s.set('it', change(s.it, plan, 1, 2)).set('it', s.it),
      reset: (s) => s.delete('it'),
      'reset all': (s) => s.clear(),
      rebuild: (s) => State({ it: s.other, other: s.it }),
      merge: (s) => s.merge({ it: s.other }),
    }
    for (const [name, call] of Object.entries(moves)) {
      for (let state = 0; state < STATES; state++) {
        const slots = randomState(layout)
        verify(layout, slots, observeAction(layout, instance(call), slots), call, name)
      }
    }
  })
})

describe('a view', () => {
  const State = schema({
    some: domainOf(SET),
    by: domainOf({ kind: 'map', values: RANGE, wide: false }),
    n: domainOf(RANGE),
  })
  const layout = layOut(State as never)
  const slots = new Int32Array(layout.slots.length)
  const reads = (call: (s: any) => unknown): string[] => {
    const subject = {
      who: '',
      definition: {},
      holds: (s: any) => Boolean(call(s)) || true,
    } as unknown as PredicateInstance
    return observeState(layout, subject, slots).reads.map((slot) => layout.slots[slot]!.name)
  }
  const writes = (call: (s: any) => unknown): { read: string[]; written: string[] } => {
    const subject = { who: '', definition: {}, run: (s: any) => [call(s)] } as unknown as ActionInstance
    const { reads: read, outcome } = observeAction(layout, subject, slots)
    const [first] = outcome.kind === 'successors' ? outcome.writes : []
    const name = (slot: number): string => layout.slots[slot]!.name
    return { read: read.map(name), written: [...first!.keys()].map(name) }
  }

  it('reads nothing until it is used', () => {
    expect(reads((s) => s.some && s.by)).toEqual([])
    expect(reads((s) => s.by.size + s.by.keySeq().size + Number(s.by.has('b1')))).toEqual([])
  })

  it('reads a slot once, in the order of first use', () => {
    expect(reads((s) => s.n + s.by.get('b2') + s.n + s.by.get('b1'))).toEqual(['n', 'by[b2]', 'by[b1]'])
  })

  it('stops reading when iteration stops', () => {
    expect(reads((s) => s.some.every((one: string) => one === ''))).toEqual(['some ∋ a1', 'some ∋ a2', 'some ∋ a3'])
    expect(reads((s) => s.by.some((one: number) => one === 1))).toEqual(['by[b1]'])
    expect(reads((s) => s.some.isEmpty() || s.n)).toEqual(['some ∋ a1', 'some ∋ a2', 'some ∋ a3'])
  })

  it('does not record a write as a read, or reading it back as a dependency', () => {
    expect(writes((s) => s.setIn(['by', 'b1'], 2))).toEqual({ read: [], written: ['by[b1]'] })
    expect(writes((s) => s.update('some', (some: any) => some.add('a2')))).toEqual({ read: [], written: ['some ∋ a2'] })
    expect(writes((s) => (s.set('n', 2).n === 2 ? s.set('n', 3) : s))).toEqual({ read: [], written: ['n'] })
    expect(reads((s) => s.by.set('b1', 1).every((one: number) => one === 1))).toEqual(['by[b2]'])
  })

  it('does not record a write that restores a slot just read', () => {
    expect(writes((s) => (s.n === 1 ? s.set('n', 1) : s))).toEqual({ read: ['n'], written: [] })
    expect(writes((s) => s.set('n', 1))).toEqual({ read: [], written: ['n'] })
  })

  it('is the same object each time, and prints like its collection', () => {
    let seen: unknown[] = []
    reads((s) => (seen = [s.some === s.some && s.by === s.by]))
    expect(seen).toEqual([true])
    reads((s) => (seen = [`${s.some} ${s.by}`, s.by.toJS(), isDeepStrictEqual([...s.some], []), inspectValue(s.by)]))
    expect(seen).toEqual([
      'Set {} Map { "b1": 1, "b2": 1 }',
      { b1: 1, b2: 1 },
      true,
      inspectValue(Map({ b1: 1, b2: 1 })),
    ])
  })

  it('throws on a read after its call has ended (KR502)', () => {
    let kept: any
    reads((s) => (kept = s))
    expect(() => kept.n).toThrow(expect.objectContaining({ code: 'KR502' }))
  })
})
