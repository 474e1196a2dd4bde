import { is, List, Map, OrderedMap, Record, Set } from 'immutable'
import { describe, expect, it } from 'vitest'
import { fromMessage, recordFactories, toMessage } from '../../../src/api/variants/value-message.ts'
import { listOf, mapOf, members, model, oneOf, optional, range, record, schema, setOf } from '../../../src/index.ts'
import { Unshareable } from '../../../src/state/unshareable.ts'

const build = () => {
  const Node = members('node', 2)
  const Message = record({ from: Node, n: range(0, 3) })
  const Box = record({ inner: optional(Message) })
  const State = schema({ last: Box, sent: setOf(Message), log: listOf(Message, 2), at: mapOf(Node, oneOf('a', 'b')) })
  return {
    Message,
    Box,
    State,
    factories: recordFactories(model(State, { init: State(), actions: { none: () => undefined } })),
  }
}

/** What another thread with the same model gets. */
const sent = (value: unknown, from: ReturnType<typeof build>, to: ReturnType<typeof build>): unknown =>
  fromMessage(structuredClone(toMessage(value, from.factories)), to.factories)

describe('a value sent to another thread', () => {
  it('is the value that the other thread would have made', () => {
    const [one, other] = [build(), build()]
    const state = ({ Message, Box, State }: ReturnType<typeof build>): unknown => {
      const message = Message({ from: 'node2', n: 3 })
      return State({ last: Box({ inner: message }), sent: Set([message, Message()]), log: List([message]) })
    }
    const copy = sent(state(one), one, other)
    expect(is(copy, state(other))).toBe(true)
    expect(copy).toBeInstanceOf(other.State.factory.record)
    expect(copy).not.toBeInstanceOf(one.State.factory.record)
    expect(String(copy)).toBe(String(state(one)))
  })

  it('keeps numbers, missing values and orders', () => {
    const own = build()
    const plain = { a: [Number.NaN, -0, Infinity, 2n ** 70n], b: undefined, c: null, d: { e: 'x' } }
    expect(sent(plain, own, own)).toEqual(plain)
    expect(Object.is((sent(plain, own, own) as typeof plain).a[1], -0)).toBe(true)
    const ordered = OrderedMap([
      ['b', 1],
      ['a', Map([[List([1]), Set(['x'])]])],
    ] as [string, unknown][])
    const copy = sent(ordered, own, own) as typeof ordered
    expect([is(copy, ordered), OrderedMap.isOrderedMap(copy), [...copy.keys()]]).toEqual([true, true, ['b', 'a']])
  })

  it.each([
    ['a record of another model', Record({ n: 1 })()],
    ['a function', () => 1],
    ['an error', { error: new Error('no') }],
    ['a plain object that looks like a sent collection', { $kripke: 'list', items: [] }],
    ['a collection of another kind', List([1]).toSeq()],
  ])('cannot be %s', (_, value) => {
    expect(() => toMessage(value, build().factories)).toThrow(Unshareable)
  })
})
