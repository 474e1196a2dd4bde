import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  action,
  check,
  count,
  every,
  exists,
  listOf,
  mapOf,
  members,
  model,
  oneOf,
  range,
  record,
  schema,
  setOf,
  spec,
  type Outcome,
} from '../../../src/index.ts'
import type { Model } from '../../../src/spec/model.ts'
import { Recording, type Way } from '../../../src/state/tracked/reader.ts'
import { runs, SEED } from '../../support/amount.ts'
import { bruteForce } from '../../support/brute-force.ts'
import { compareEvaluators } from '../../support/evaluators.ts'

const COUNT = 3
const Item = members('item', COUNT)
const State = schema({
  at: mapOf(Item, oneOf('a', 'b', 'c', 'd')),
  held: mapOf(Item, range(0, 2)),
  list: listOf(range(0, 2), 3),
  found: range(0, 3),
})
type State = ReturnType<typeof State>
type Item = (typeof Item)[number]

const NEXT = { a: 'b', b: 'c', c: 'd', d: 'a' } as const

const isLate = (s: State, item: Item): boolean =>
  s.at.get(item) === 'c' || (s.at.get(item) === 'd' && s.held.get(item) === 0)

/** A model in which every item moves on its own, and `last` does something. */
const withLast = (last: (s: State) => State | undefined): Model =>
  model(State, {
    init: State(),
    actions: { move: action({ item: Item }, (s, { item }) => s.setIn(['at', item], NEXT[s.at.get(item)])), last },
    deadlock: false,
  })

function run(it: Model, options: Parameters<typeof check>[1] = {}): Promise<Outcome> {
  return check(spec({ name: 'asking', model: () => it }), options)
}

describe('a function that quantifies', () => {
  it.each<[string, (s: State) => State | undefined]>([
    [
      'some of members',
      (s) =>
        Item.some((item) => s.at.get(item) === 'c' || (s.at.get(item) === 'd' && s.held.get(item) === 0))
          ? undefined
          : s.set('found', 1),
    ],
    [
      'every of members',
      (s) =>
        Item.every((item) => s.at.get(item) === 'c' || (s.at.get(item) === 'd' && s.held.get(item) === 0))
          ? s.set('found', 2)
          : undefined,
    ],
    [
      'find of members',
      (s) =>
        s.set(
          'found',
          Item.find((item) => s.at.get(item) === 'c' || (s.at.get(item) === 'd' && s.held.get(item) === 0)) === 'item2'
            ? 1
            : 0,
        ),
    ],
    [
      'findIndex of members',
      (s) =>
        s.set(
          'found',
          Math.max(
            0,
            Item.findIndex((item) => s.at.get(item) === 'c' || (s.at.get(item) === 'd' && s.held.get(item) === 0)) % 4,
          ),
        ),
    ],
    ['some of a map', (s) => (s.at.some((at) => at === 'd') ? undefined : s.set('found', 1))],
    ['find of a map', (s) => (s.at.find((at) => at !== 'a', undefined, 'a') === 'c' ? s.set('found', 3) : undefined)],
    ['findKey of a map', (s) => (s.at.findKey((at) => at === 'b') === 'item3' ? s.set('found', 3) : undefined)],
    ['findEntry of a map', (s) => (s.at.findEntry((at) => at > 'b')?.[1] === 'd' ? s.set('found', 3) : undefined)],
    [
      'count of a map',
      (s) =>
        s.set(
          'found',
          Math.min(
            3,
            s.at.count((at) => at === 'a'),
          ),
        ),
    ],
    ['includes of a map', (s) => (s.at.includes('d') ? undefined : s.set('found', 1))],
    ['keyOf of a map', (s) => (s.at.keyOf('c') === 'item1' ? s.set('found', 1) : undefined)],
    [
      'exists',
      (s) =>
        exists(
          { item: Item },
          ({ item }) => s.at.get(item) === 'c' || (s.at.get(item) === 'd' && s.held.get(item) === 0),
        )
          ? undefined
          : s.set('found', 1),
    ],
    ['exists with another function', (s) => (exists(Item, (item) => isLate(s, item)) ? undefined : s.set('found', 1))],
    ['every', (s) => (every(Item, (item) => !isLate(s, item)) ? s.set('found', 1) : undefined)],
    [
      'count',
      (s) =>
        s.set(
          'found',
          count(Item, (item) => isLate(s, item)),
        ),
    ],
    [
      'count of a map',
      (s) =>
        s.set(
          'found',
          count(s.at, ([item, at]) => at > 'b' && item !== 'item2'),
        ),
    ],
    [
      'nested exists',
      (s) =>
        exists({ one: Item }, ({ one }) =>
          exists({ other: Item }, ({ other }) => one < other && s.at.get(one) === 'd' && s.at.get(other) === 'd'),
        )
          ? undefined
          : s.set('found', 1),
    ],
  ])('calls %s once for each content of a slot, not for each combination', async (_, last) => {
    const it = withLast(last)
    const { states, actions } = await run(it)
    const { distinct, generated, depth } = bruteForce(it)!
    expect(states).toMatchObject({ distinct, generated, depth })
    expect(distinct).toBeGreaterThanOrEqual(4 ** COUNT)
    const { specCalls, evaluation } = actions.find(({ name }) => name === 'last')!
    expect(evaluation).toBe('learned')
    expect(specCalls).toBeLessThan(125)
  })

  it('gives the same as without questions', async () => {
    const it = withLast((s) => (s.at.count((at) => at === 'a') === 2 ? s.set('found', 2) : undefined))
    const [asking, plain] = [await run(it), await run(it, { tuning: { asks: false } })]
    expect(asking.states).toEqual(plain.states)
    expect(plain.actions[1]!.specCalls).toBeGreaterThan(2 * asking.actions[1]!.specCalls)
  })

  it('reads again what it read in a question', () => {
    const it = withLast((s) => {
      if (!s.at.some((at) => at === 'b')) return undefined
      return s.at.get('item1') === 'b' ? s.set('found', 1) : s.at.get('item2') === 'b' ? s.set('found', 2) : s
    })
    expect(compareEvaluators(it, 30)).toBe(30)
  })

  it('writes what it knew only within a question', () => {
    const it = withLast((s) =>
      Item.some((item) => s.at.get(item) === 'a') ? s.setIn(['at', 'item1'], 'a') : undefined,
    )
    expect(compareEvaluators(it, 30)).toBe(30)
  })

  it('may throw in a question, and catch', () => {
    const it = withLast((s) => {
      try {
        return Item.some((item) => {
          if (s.at.get(item) === 'd') throw new Error(item)
          return s.at.get(item) === 'c'
        })
          ? s.set('found', 1)
          : undefined
      } catch (thrown) {
        return s.set('found', (thrown as Error).message === 'item1' ? 2 : 3)
      }
    })
    expect(compareEvaluators(it, 30)).toBe(30)
  })

  it('may read a view that it made within a question', () => {
    const Pair = record({ left: range(0, 1), right: range(0, 1) })
    const Small = schema({ pairs: mapOf(members('k', 3), Pair), numbers: setOf(range(0, 3)), found: range(0, 2) })
    const it = model(Small, {
      init: Small(),
      actions: {
        turn: action({ k: members('k', 3) }, (s, { k }) => s.updateIn(['pairs', k, 'left'], (left) => 1 - left)),
        flip: action({ k: members('k', 3) }, (s, { k }) => s.updateIn(['pairs', k, 'right'], (right) => 1 - right)),
        last: (s) => {
          const pair = s.pairs.find(({ left }) => left === 1)
          return pair === undefined ? undefined : s.set('found', pair.right)
        },
        add: (s) => (s.numbers.every((n) => n < s.found) ? s.update('numbers', (all) => all.add(s.found)) : undefined),
      },
      deadlock: false,
    })
    expect(compareEvaluators(it, 30)).toBe(30)
  })
})

const seen: string[] = []
const forget = (): void => {
  seen.length = 0
}
const see = (at: string): boolean => seen.push(at) > 0
const hasSeen = (all: string): boolean => seen.join('') === all

let notes = 0
const noteOne = (isMet: boolean): boolean => {
  if (isMet) notes++
  return false
}
const noted = (body: () => void): number => {
  notes = 0
  body()
  return notes
}

/** Predicates that let out more than their answer. */
describe('a predicate that does more than answer', () => {
  it.each<[string, (s: State) => State | undefined]>([
    [
      'assigns a variable',
      (s) => {
        let last: string | undefined
        Item.some((item) => {
          last = s.at.get(item)
          return last === 'b'
        })
        return s.set('found', last === 'c' ? 2 : 1)
      },
    ],
    [
      'counts in another function',
      (s) => {
        let count = 0
        const note = (isMet: boolean): boolean => {
          if (isMet) count++
          return true
        }
        Item.every((item) => note(s.at.get(item) === 'b'))
        return count === 2 ? s.set('found', 3) : undefined
      },
    ],
    [
      'remembers in another function',
      (s) => {
        const known: { [item: string]: string } = {}
        const at = (item: Item): string => (known[item] ??= s.at.get(item))
        Item.some((item) => at(item) === 'b')
        return at('item1') === 'c' && at('item2') === 'd' ? s.set('found', 3) : undefined
      },
    ],
    [
      'remembers what a later question asks',
      (s) => {
        const known: { [item: string]: string } = {}
        const at = (item: Item): string => (known[item] ??= s.at.get(item))
        const isMet = Item.some((item) => at(item) === 'b') && Item.every((item) => at(item) !== 'c')
        return isMet && at('item2') === 'd' ? s.set('found', 3) : undefined
      },
    ],
    [
      'changes an array',
      (s) => {
        const all: string[] = []
        const note = (at: string): boolean => all.push(at) > 0
        Item.every((item) => note(s.at.get(item)))
        return all.join('') === 'bca' ? s.set('found', 3) : undefined
      },
    ],
    [
      'calls a function outside the spec that fills an array',
      (s) => {
        forget()
        Item.every((item) => see(s.at.get(item)))
        return hasSeen('bca') ? s.set('found', 3) : undefined
      },
    ],
    [
      'calls such a function of the elements of a map',
      (s) => {
        forget()
        s.at.some((at) => !see(at))
        return hasSeen('dcb') ? s.set('found', 3) : hasSeen('dcc') ? s.set('found', 2) : undefined
      },
    ],
    [
      'calls such a function in exists',
      (s) => {
        forget()
        exists({ item: Item }, ({ item }) => see(s.at.get(item)) && item === 'item3')
        return hasSeen('cac') ? s.set('found', 3) : undefined
      },
    ],
    [
      'calls such a function in every of a map',
      (s) => {
        forget()
        every(s.at, ([, at]) => see(at))
        return hasSeen('bda') ? s.set('found', 3) : undefined
      },
    ],
    [
      'calls such a function in count',
      (s) => {
        forget()
        count({ item: Item }, ({ item }) => item !== 'item2' && see(s.at.get(item)))
        return hasSeen('ba') ? s.set('found', 3) : undefined
      },
    ],
    [
      'calls a function of its own in exists that counts',
      (s) => {
        let n = 0
        const note = (isMet: boolean): boolean => {
          if (isMet) n++
          return false
        }
        exists(Item, (item) => note(s.at.get(item) === 'b'))
        return s.set('found', n)
      },
    ],
    [
      'calls a function outside the spec that counts in exists within another function',
      (s) =>
        s.set(
          'found',
          noted(() => exists(Item, (item) => noteOne(s.at.get(item) === 'b'))),
        ),
    ],
    [
      'calls such a function only sometimes',
      (s) => {
        forget()
        s.at.count((at) => at === 'b' && see(at))
        return hasSeen('bb') ? s.set('found', 3) : undefined
      },
    ],
    [
      'gives such a function to another quantifier',
      (s) => {
        forget()
        Item.some((item) => item > 'item1' && [s.at.get(item)].filter(see).length > 1)
        return hasSeen('dd') ? s.set('found', 3) : undefined
      },
    ],
    [
      'changes a mutable view',
      (s) => {
        const held = s.held.asMutable()
        const take = (item: Item): boolean => held.set(item, s.at.get(item) === 'b' ? 1 : 0).size > 0
        Item.every((item) => take(item))
        return s.set('held', held.asImmutable())
      },
    ],
    [
      'throws what it read',
      (s) => {
        try {
          Item.every((item) => {
            if (item === 'item3') throw s.at.get(item)
            return true
          })
        } catch (at) {
          return s.set('found', at === 'b' ? 2 : 1)
        }
        return undefined
      },
    ],
  ])('%s: the verdict and the counts are those of reference evaluation', async (_, last) => {
    const it = withLast(last)
    const { distinct, generated, depth } = bruteForce(it)!
    const { states } = await run(it)
    expect(states).toMatchObject({ distinct, generated, depth })
  })
})

describe('a hidden effect', () => {
  let score = 0
  const quantifiers = {
    exists: (s: State, test: (at: string) => boolean) => exists(Item, (item) => test(s.at.get(item))),
    every: (s: State, test: (at: string) => boolean) => every({ item: Item }, ({ item }) => test(s.at.get(item))),
    count: (s: State, test: (at: string) => boolean) => count(s.at, ([, at]) => test(at)) > 1,
    some: (s: State, test: (at: string) => boolean) => Item.some((item) => test(s.at.get(item))),
    find: (s: State, test: (at: string) => boolean) => s.at.find(test) !== undefined,
    filter: (s: State, test: (at: string) => boolean) => Item.filter((item) => test(s.at.get(item))).length > 1,
  }
  const content = fc.constantFrom('a', 'b', 'c', 'd')
  const effect = fc.record({
    by: fc.constantFrom(...(Object.keys(quantifiers) as (keyof typeof quantifiers)[])),
    /** What the predicate adds to the score for a content, and when it is true. */
    adds: fc.dictionary(content, fc.integer({ min: 0, max: 9 })),
    isTrueFor: fc.subarray(['a', 'b', 'c', 'd']),
    /** The score that changes the result, if the answer does not. */
    least: fc.integer({ min: 1, max: 27 }),
  })

  it('is right or refused, whichever it is', async () => {
    await fc.assert(
      fc.asyncProperty(effect, async ({ by, adds, isTrueFor, least }) => {
        const test = (at: string): boolean => {
          score += adds[at] ?? 0
          return isTrueFor.includes(at)
        }
        const begin = (): void => {
          score = 0
        }
        const isHigh = (): boolean => score >= least
        const it = withLast((s) => {
          begin()
          const answer = quantifiers[by](s, test)
          return isHigh() ? s.set('found', answer ? 3 : 2) : s.set('found', answer ? 1 : 0)
        })
        const { distinct, generated, depth } = bruteForce(it)!
        const { states } = await run(it)
        expect(states).toMatchObject({ distinct, generated, depth })
      }),
      { numRuns: runs(60), ...(SEED !== undefined && { seed: SEED }) },
    )
  })

  it('prevents frames if the text around it suggests it', async () => {
    const it = withLast((s) => {
      let last: string | undefined = ''
      const at = (item: Item): string => (last = s.at.get(item))
      const answer = exists(Item, (item) => at(item) === 'b')
      return s.set('found', answer && last !== undefined ? 1 : 0)
    })
    const [asking, plain] = [await run(it), await run(it, { tuning: { asks: false } })]
    expect(asking.actions[1]!.specCalls).toBe(plain.actions[1]!.specCalls)
  })
})

describe('a frame', () => {
  it('does not join if what it read may be used later without another read', () => {
    const told: string[] = []
    const way: Way = {
      asks: true,
      isStopped: false,
      read: () => {},
      begin: () => told.push('begin'),
      skip: () => undefined,
      join: () => told.push('join'),
      end: () => told.push('end'),
      stop: () => told.push('stop'),
      promise: () => {},
    }
    const recording = new Recording(way)
    const answer = recording.frame(() => {
      const leaks = recording.ask(() => {
        recording.leak()
        return true
      })
      return leaks ? 1 : 0
    })
    expect(answer).toBe(1)
    expect(told).toEqual(['begin', 'begin', 'end', 'end'])
  })
})
