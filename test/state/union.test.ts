/** The slots of the variants of a union, and the reads and writes of their views. */
import { is, Map, Set } from 'immutable'
import { describe, expect, it } from 'vitest'
import {
  bool,
  listOf,
  mapOf,
  members,
  oneOf,
  optional,
  range,
  record,
  schema,
  setOf,
  union,
  value,
} from '../../src/index.ts'
import { observeAction, observeState } from '../../src/semantics/learned/observation.ts'
import { rngFrom, probeOf } from '../../src/semantics/learned/probe.ts'
import { callText } from '../../src/spec/bindings.ts'
import { cardinality, defaultOf, describe as inWords, valuesOf } from '../../src/spec/domain-values.ts'
import type { ActionInstance, PredicateInstance } from '../../src/spec/instances.ts'
import type { State as AnyState } from '../../src/spec/model.ts'
import { decode, encode } from '../../src/state/codec.ts'
import { changesBetween, describeSlot } from '../../src/state/describe.ts'
import { layOut, type Layout } from '../../src/state/layout.ts'

const Node = members('node', 2)
const Ask = record({ type: oneOf('ask'), ballot: range(1, 3), to: setOf(Node) })
const Tell = record({ ballot: range(1, 9), type: oneOf('tell', 'retell'), value: optional(Ask) })
const Stop = record({ type: oneOf('stop') })
const Message = union(Ask, Tell, Stop)
const State = schema({ m: Message, n: range(0, 3), other: Message })
const layout = layOut(State as never)

const slotsOf = (of: Layout, state: unknown): Int32Array => {
  const slots = new Int32Array(of.slots.length).fill(77)
  encode(of, state as AnyState, slots)
  return slots
}
const namesIn = (of: Layout): string[] => of.slots.map(({ name, size }) => `${name}: ${size}`)

describe('the domain of a union', () => {
  it('lists the values of one variant after another', () => {
    expect(cardinality(Message)).toBe(3 * 4 + 9 * 2 * 13 + 1)
    expect(valuesOf(Message).length).toBe(cardinality(Message))
    expect(Set(valuesOf(Message)).size).toBe(cardinality(Message))
    expect(is(defaultOf(Message), Ask())).toBe(true)
    expect(is(State().m, Ask())).toBe(true)
    expect(inWords(union(Stop, record({ type: oneOf('go'), n: range(1, 2) })))).toBe(
      '{ type: stop } | { type: go, n: 1..2 }',
    )
  })

  it('includes the variants of nested unions', () => {
    const More = union(Message, record({ type: oneOf('more') }))
    expect(More.variants.slice(0, 3)).toEqual([Ask, Tell, Stop])
    expect(More.tag).toBe('type')
  })

  it('uses the first field of the first record that distinguishes all records', () => {
    const one = record({ mode: oneOf('slow', 'fast'), kind: oneOf(1), type: oneOf('a') })
    const other = record({ type: oneOf('b'), kind: oneOf(2, 3), mode: oneOf('slow') })
    expect(union(one, other).tag).toBe('kind')
    expect(union(other, one).tag).toBe('type')
  })
})

describe('the layout of a union', () => {
  it('has a slot for the tag and shares the others, each as wide as its widest place', () => {
    expect(namesIn(layOut(schema({ m: union(Ask, Tell, Stop) }) as never))).toEqual([
      'm.type: 4',
      'm.ballot: 9',
      'm.to ∋ node1 | m.value?: 2',
      'm.to ∋ node2 | m.value.type: 2',
      'm.value.ballot: 3',
      'm.value.to ∋ node1: 2',
      'm.value.to ∋ node2: 2',
    ])
  })

  it('does not share an open slot with another kind of slot', () => {
    const Open = record({ type: oneOf('open'), any: value(0), flag: bool(), more: value(0) })
    const Closed = record({ type: oneOf('closed'), on: bool(), last: value(0), pair: setOf(range(1, 2)) })
    const open = layOut(schema({ m: union(Open, Closed), n: bool() }) as never)
    expect(open.slots.map(({ name, open: isOpen }) => [name, isOpen])).toEqual([
      ['m.type', false],
      ['m.any', true],
      ['m.flag | m.on', false],
      ['m.more | m.last', true],
      ['m.pair ∋ 1', false],
      ['m.pair ∋ 2', false],
      ['n', false],
    ])
  })

  it('numbers each value differently, with 0 in unused slots', () => {
    const seen = new globalThis.Set<string>()
    for (const m of valuesOf(Message)) {
      const state = State({ m } as never)
      const slots = slotsOf(layout, state)
      expect(is(decode(layout, slots), state)).toBe(true)
      seen.add(slots.join())
    }
    expect(seen.size).toBe(cardinality(Message))
    expect([...slotsOf(layout, State({ m: Stop(), other: Stop() }))]).toEqual([
      3, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0,
    ])
  })

  it('generates random states that are legal', () => {
    const Deep = schema({
      by: mapOf(Node, Message),
      list: listOf(Message, 2),
      held: optional(union(Message, record({ type: oneOf('x') }))),
    })
    const deep = layOut(Deep as never)
    const rng = rngFrom(5)
    for (let round = 0; round < 300; round++) {
      // The slots that are kept or written may belong to another variant.
      const slots = probeOf(deep, new Int32Array(deep.slots.length), () => false, undefined, rng)
      const other = probeOf(deep, new Int32Array(deep.slots.length), () => false, undefined, rng)
      const kept = rng(10)
      const probe = probeOf(deep, slots, () => rng(10) < kept, new globalThis.Map(other.entries()), rng)
      for (const one of [slots, probe]) expect([...slotsOf(deep, decode(deep, one))]).toEqual([...one])
    }
  })
})

describe('the codec', () => {
  it.each<[string, unknown, RegExp]>([
    ['a plain object', { type: 'stop' }, /variable "m".* a plain object/],
    ['a record of another constructor', record({ type: oneOf('stop') })(), /variable "m".* the record/],
    ['null', null, /variable "m".* null/],
    ['a variant with the tag of another', Ask().set('type' as never, 'stop' as never), /variable "m.type".* "stop"/],
    ['a variant with a field outside its domain', Ask({ ballot: 4 }), /variable "m.ballot".* 4/],
  ])('refuses %s (KR302)', (_, m, message) => {
    expect(() => slotsOf(layout, State({ m } as never))).toThrow(
      expect.objectContaining({ code: 'KR302', message: expect.stringMatching(message) }),
    )
  })
})

describe('the advice for a plain object where a union is expected', () => {
  it('names the fields of the variant with its tag', () => {
    expect(() => slotsOf(layout, State({ m: { type: 'ask', ballot: 1 } } as never))).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/const Entry = record\(\{ type, ballot, to \}\)/) }),
    )
  })
})

describe('a view of a union', () => {
  const reads = (slots: Int32Array, call: (s: any) => unknown): string[] => {
    const subject = {
      who: '',
      definition: {},
      holds: (s: any) => Boolean(call(s)) || true,
    } as unknown as PredicateInstance
    return observeState(layout, subject, slots).reads.map((slot) => layout.slots[slot]!.name)
  }
  const writes = (slots: Int32Array, call: (s: any) => unknown) => {
    const subject = { who: '', definition: {}, run: (s: any) => [call(s)] } as unknown as ActionInstance
    const { reads: read, outcome } = observeAction(layout, subject, slots)
    const [first] = outcome.kind === 'successors' ? outcome.writes : []
    const name = (slot: number): string => layout.slots[slot]!.name
    return {
      read: read.map(name),
      written: Object.fromEntries([...first!].map(([slot, content]) => [name(slot), content])),
    }
  }
  const asking = slotsOf(layout, State({ m: Ask({ ballot: 2 }), other: Tell({ ballot: 5 }) }))

  it('reads the tag, and then the used fields', () => {
    expect(reads(asking, (s) => s.m.type)).toEqual(['m.type'])
    expect(reads(asking, (s) => s.m.ballot)).toEqual(['m.type', 'm.ballot'])
    expect(reads(asking, (s) => s.m.type === 'tell' && s.m.value)).toEqual(['m.type'])
    expect(reads(asking, (s) => s.m.to.has('node2'))).toEqual(['m.type', 'm.to ∋ node2 | m.value.type'])
    expect(reads(asking, (s) => s.other.value === null)).toEqual(['other.type', 'other.to ∋ node1 | other.value?'])
  })

  it('writes a field, or a whole variant including its unused slots', () => {
    expect(writes(asking, (s) => s.setIn(['m', 'ballot'], 3))).toEqual({ read: ['m.type'], written: { 'm.ballot': 2 } })
    expect(writes(asking, (s) => s.set('m', s.m))).toEqual({ read: ['m.type'], written: {} })
    const all = layout.slots.slice(0, 7).map(({ name }) => [name, name === 'm.type' ? 3 : 0])
    expect(writes(asking, (s) => s.set('m', Stop()))).toEqual({ read: [], written: Object.fromEntries(all) })
    // The slots that `Ask` does not use are known to be 0.
    expect(writes(asking, (s) => (s.m.type === 'ask' ? s.set('m', Ask()) : s))).toEqual({
      read: ['m.type'],
      written: { 'm.ballot': 0, 'm.to ∋ node1 | m.value?': 0, 'm.to ∋ node2 | m.value.type': 0 },
    })
  })

  it('equals the decoded record', () => {
    const plainly = decode(layout, asking) as any
    const seen: unknown[] = []
    reads(asking, (s) => {
      seen.push(
        s.m === s.m,
        is(s.m, plainly.m),
        is(plainly.m, s.m),
        s.m.hashCode() === plainly.m.hashCode(),
        is(s.m, s.other),
      )
      seen.push(s.m.toJS(), String(s.m), Set([s.m]).has(plainly.m), Map([[plainly.m, 7]]).get(s.m))
    })
    expect(seen).toEqual([true, true, true, true, false, plainly.m.toJS(), String(plainly.m), true, 7])
  })

  it('has no field of another variant', () => {
    expect(() => reads(asking, (s) => s.m.value)).not.toThrow()
    const subject = { who: 'predicate', definition: {}, holds: (s: any) => s.m.value } as unknown as PredicateInstance
    expect(observeState(layout, subject, asking).outcome).toMatchObject({ kind: 'error', error: { code: 'KR203' } })
  })
})

describe('a report on a union', () => {
  const before = State({ m: Ask({ ballot: 2 }), other: Tell({ value: Ask() }) })

  it('shows the changed fields, or the whole value if the variant changed', () => {
    const changes = (after: unknown) => changesBetween(layout, before as never, after as never).map(({ path }) => path)
    expect(changes(before.setIn(['m', 'ballot'], 3))).toEqual(['m.ballot'])
    expect(changes(before.set('m', Tell({ ballot: 2 })))).toEqual(['m'])
    expect(changes(before.setIn(['other', 'type'] as never, 'retell' as never))).toEqual(['other.type'])
  })

  it('shows values inside names like traces do', () => {
    expect(callText('send', { m: Tell({ ballot: 9 }), to: 'node1' })).toBe(
      'send(m={ ballot: 9, type: tell, value: null }, to=node1)',
    )
    const sent = layOut(schema({ sent: setOf(union(Stop, record({ type: oneOf('go'), to: Node }))) }) as never)
    expect(sent.slots.map(({ name }) => name)).toEqual([
      'sent ∋ { type: stop }',
      'sent ∋ { type: go, to: node1 }',
      'sent ∋ { type: go, to: node2 }',
    ])
  })

  it('names a slot by the current variant', () => {
    const told = (state: unknown) => {
      const slots = slotsOf(layout, state)
      return [0, 1, 2, 3].map((slot) => describeSlot(layout, slots, slot))
    }
    expect(told(before)).toEqual([
      { path: 'm.type', value: 'ask' },
      { path: 'm.ballot', value: 2 },
      { path: 'm.to ∋ node1', value: false },
      { path: 'm.to ∋ node2', value: false },
    ])
    expect(told(before.set('m', Tell({ type: 'retell', ballot: 9, value: Ask() })))).toEqual([
      { path: 'm.type', value: 'retell' },
      { path: 'm.ballot', value: 9 },
      { path: 'm.value?', value: true },
      { path: 'm.value.type', value: 'ask' },
    ])
  })
})
