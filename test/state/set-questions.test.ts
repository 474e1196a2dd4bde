/** Quantifiers and filters of a set view: which slots they read, and that they answer like immutable.js. */
import fc from 'fast-check'
import { Set as ImmutableSet } from 'immutable'
import { describe, expect, it } from 'vitest'
import { oneOf, range, record, schema, setOf } from '../../src/index.ts'
import { observeAction, observeState } from '../../src/semantics/learned/observation.ts'
import { confirms } from '../../src/semantics/learned/oracle.ts'
import { probeOf, rngFrom } from '../../src/semantics/learned/probe.ts'
import type { ActionInstance, PredicateInstance } from '../../src/spec/instances.ts'
import { decode, encode } from '../../src/state/codec.ts'
import { layOut } from '../../src/state/layout.ts'
import { runs, SEED } from '../support/amount.ts'

const Message = record({ type: oneOf('ask', 'tell'), from: range(1, 3), n: range(0, 2) })
type M = ReturnType<typeof Message>
const State = schema({ sent: setOf(Message), low: range(0, 2) })
type S = ReturnType<typeof State>
const layout = layOut(State as never)
const rng = rngFrom(5)

const predicate = (holds: (s: S) => boolean): PredicateInstance =>
  ({ who: 'predicate', definition: {}, holds }) as unknown as PredicateInstance
const instance = (run: (s: S) => S): ActionInstance =>
  ({ who: 'action', definition: {}, run: (s: S) => [run(s)] }) as unknown as ActionInstance

const slotsOf = (state: S): Int32Array => {
  const slots = new Int32Array(layout.slots.length)
  encode(layout, state as never, slots)
  return slots
}

/** The slots that a function reads, by name. */
function reads(state: S, call: (s: S) => unknown): string[] {
  const seen = observeState(
    layout,
    predicate((s) => (call(s), true)),
    slotsOf(state),
  )
  return seen.reads.map((slot) => layout.slots[slot]!.name)
}

const some = State({ sent: ImmutableSet([Message({ type: 'tell', from: 2, n: 1 })]) })

describe('a set view', () => {
  it('reads one slot for one message, whether or not the set holds it', () => {
    const isSent = (s: S): boolean => s.sent.some((m) => m.type === 'tell' && m.from === 2 && m.n === 1)
    const names = ['sent ∋ { type: tell, from: 2, n: 1 }']
    expect(reads(some, isSent)).toEqual(names)
    expect(reads(State(), isSent)).toEqual(names)
    expect(
      reads(some, (s) => s.sent.filter((m) => m.type === 'tell').some((m) => m.from === 2 && m.n === 1)),
    ).toHaveLength(1)
    expect(reads(State(), (s) => s.sent.find((m) => m.type === 'tell' && m.from === 2 && m.n === 1))).toHaveLength(1)
  })

  it('reads the slots of all messages of a kind to count them, and no other slot', () => {
    for (const call of [
      (s: S): unknown => s.sent.count((m) => m.type === 'ask'),
      (s: S): unknown => s.sent.filter((m) => m.type === 'ask').size,
      (s: S): unknown => s.sent.filterNot((m) => m.type === 'tell').isEmpty(),
      (s: S): unknown => s.sent.every((m) => m.type !== 'ask'),
    ])
      expect(reads(State(), call)).toHaveLength(9)
  })

  it('reads nothing for a claim about all elements that the domain decides', () => {
    expect(reads(some, (s) => s.sent.every((m) => m.from > 0) && !s.sent.some((m) => m.n > 2))).toEqual([])
  })

  it('reads an element before a variable that its test compares it with', () => {
    const isLow = (s: S): boolean => s.sent.every((m) => m.n >= s.low)
    expect(reads(State(), isLow)).toHaveLength(18)
    expect(reads(State(), isLow)).not.toContain('low')
    // The variable is known already, so the view asks about elements before it reads them.
    expect(reads(State(), (s) => s.low === 0 && isLow(s))).toEqual(['low'])
  })

  it('asks a test with effects, or one that throws, only about elements that the set holds', () => {
    const seen: number[] = []
    let last = -1
    const asks: readonly ((s: S) => unknown)[] = [
      (s) => s.sent.some((m) => seen.push(m.n) > 100),
      (s) => s.sent.every((m) => (last = m.n) >= 0),
      (s) => s.sent.filter((m) => void seen.push(m.n)).size,
      (s) =>
        s.sent.count((m) => {
          if (m.type === 'ask') throw new Error('asked about an element that the set does not hold')
          return m.n === 1
        }),
    ]
    for (const ask of asks) expect(reads(some, ask).length).toBeGreaterThan(8)
    expect([seen, last]).toEqual([[1, 1], 1])
  })
})

type Test = (s: S) => (m: M) => boolean

/** Fails on an element, so the order in which immutable.js asks about elements decides. */
const refuses: Test = () => (m) => {
  if (m.n === 2 && m.from === 1) throw new Error('refused')
  return m.n === 1
}

const aTest: fc.Arbitrary<Test> = fc.oneof(
  fc.constantFrom<Test>(
    () => (m) => m.type === 'ask',
    () => (m) => m.n > 0,
    () => () => true,
    () => () => false,
    (s) => (m) => m.n > s.low,
    (s) => (m) => s.sent.some((other) => other.n > m.n && other.from === m.from),
    (s) => (m) => s.sent.size > m.n,
    (s) => (m) => !s.sent.has(m),
    refuses,
    (s) => (m) => {
      try {
        return s.low > m.n
      } catch {
        return true
      }
    },
  ),
  fc.integer({ min: 1, max: 3 }).map(
    (from): Test =>
      () =>
      (m) =>
        m.from === from,
  ),
)

type Link = (s: S, set: ImmutableSet<M>, test: Test) => ImmutableSet<M>

const aLink: fc.Arbitrary<Link> = fc.constantFrom<Link>(
  (s, set, test) => set.filter(test(s)),
  (s, set, test) => set.filterNot(test(s)),
  (_, set) => set.add(Message({ type: 'ask', from: 3, n: 1 })),
  (_, set) => set.delete(Message({ type: 'tell', from: 1, n: 0 })),
  (s, set, test) => set.union(s.sent.filter(test(s))),
  (s, set, test) => set.subtract(s.sent.filter(test(s))),
  (s, set, test) => set.withMutations((mutable) => void mutable.add(Message()).filter(test(s))),
)

type Question = (s: S, set: ImmutableSet<M>, test: Test) => unknown

const aQuestion: fc.Arbitrary<Question> = fc.constantFrom<Question>(
  (s, set, test) => set.some(test(s)),
  (s, set, test) => set.every(test(s)),
  (s, set, test) => set.count(test(s)),
  (s, set, test) => String(set.find(test(s))),
  (s, set, test) => set.filter(test(s)).join(' '),
  (s, set, test) => String(set.filterNot(test(s)).first()),
  (s, set, test) => set.filter(test(s)).equals(s.sent),
  (s, set, test) => set.filter(test(s)).isSubset(s.sent),
  (s, set, test) => set.filter(test(s)).map((m) => m.n).size,
  (_, set) => set.size,
  (_, set) => set.has(Message({ type: 'ask', from: 3, n: 1 })),
)

describe('questions about a set view', () => {
  it('have the answers and errors of immutable.js, on all states that agree in the slots read', () => {
    const outcomes: { [answer: string]: number } = {}
    fc.assert(
      fc.property(
        fc.array(fc.tuple(aLink, aTest), { maxLength: 2 }),
        aQuestion,
        aTest,
        fc.boolean(),
        (links, question, test, writes) => {
          const set = (s: S): ImmutableSet<M> => links.reduce((held, [link, by]) => link(s, held, by), s.sent)
          const ask = (s: S): string => JSON.stringify(question(s, set(s), test))
          const slots = probeOf(layout, new Int32Array(layout.slots.length), () => false, undefined, rng)
          // Up to eight elements are in the order of the domain.
          const isOrdered = links.length === 0 || [test, ...links.map(([, by]) => by)].every((by) => by !== refuses)
          fc.pre(isOrdered)
          if (test === refuses) slots.fill(0, 8, 18)
          if (rng(2) === 0) for (let slot = 0; slot < 18; slot++) if (rng(3) > 0) slots[slot] = 0
          const plainly = (of: Int32Array): unknown => {
            const state = decode(layout, of) as unknown as S
            try {
              return writes ? [slotsOf(state.set('sent', set(state)))] : ask(state) === expected
            } catch {
              return 'KR503'
            }
          }
          let expected = ''
          try {
            expected = ask(decode(layout, slots) as unknown as S)
          } catch {
            expected = 'throws'
          }
          const seen = writes
            ? observeAction(
                layout,
                instance((s) => s.set('sent', set(s))),
                slots,
              )
            : observeState(
                layout,
                predicate((s) => ask(s) === expected),
                slots,
              )
          outcomes[seen.outcome.kind] = (outcomes[seen.outcome.kind] ?? 0) + 1
          const read = new Set(seen.reads)
          const blind = seen.outcome.kind === 'successors' ? seen.outcome.writes[0] : undefined
          const probes = test === refuses ? 1 : 4
          for (let probe = 0; probe < probes; probe++) {
            const of =
              probe === 0
                ? slots
                : probeOf(layout, slots, (slot) => read.has(slot), probe === 1 ? blind : undefined, rng)
            expect(confirms(seen.outcome, of, plainly(of) as never)).toBe(true)
          }
        },
      ),
      { numRuns: runs(2000), ...(SEED !== undefined && { seed: SEED }) },
    )
    for (const kind of ['truth', 'successors']) expect(outcomes[kind]).toBeGreaterThan(runs(100))
    expect(outcomes['error']).toBeGreaterThan(0)
  })
})
