/** The log of open values: what one thread writes, another reads. */
import { is, List, Map, Set } from 'immutable'
import { describe, expect, it } from 'vitest'
import { Unshareable } from '../../src/state/unshareable.ts'
import { ValueLog } from '../../src/state/value-log.ts'

/** What another thread reads after one has written the value. */
function sent(value: unknown): unknown {
  const log = new ValueLog()
  log.append(value, () => true)
  const read: unknown[] = []
  new ValueLog(log.memory).catchUp((it) => read.push(it))
  expect(read).toHaveLength(1)
  return read[0]
}

describe('a value that threads share', () => {
  it.each([
    ['a text', 'aä😀\0'],
    ['numbers', List([0, -1, 0.5, 2 ** 53, Infinity, NaN])],
    ['a bigint', 2n ** 80n],
    ['nothing', List([null, true, false])],
    ['collections', Map([[Set(['a']), List([Map([['b', 1n]])])]])],
    ['a list that begins like a tag', List(['list', 'set'])],
  ])('arrives as it is: %s', (_, value) => {
    expect(is(sent(value), value)).toBe(true)
  })

  // UTF-8 would replace both by the same character, so that two states became one.
  it.each([
    ['alone', '\uD800'],
    ['in the wrong order', 'a\uDC00\uD800'],
    ['in a collection', Map([['b', List(['\uDFFF'])]])],
  ])('has no unpaired surrogate, because another thread would read a different text: %s', (_, value) => {
    expect(() => sent(value)).toThrow(Unshareable)
  })
})
