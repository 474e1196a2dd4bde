/** `anyOf` and `anySubset`: nondeterministic choices in actions and steps. */
import { Map, Set } from 'immutable'
import { describe, expect, it } from 'vitest'
import {
  action,
  anyOf,
  anySubset,
  check,
  formatTrace,
  goto,
  listOf,
  mapOf,
  members,
  model,
  oneOf,
  range,
  replay,
  schema,
  setOf,
  spec,
  thread,
  toItf,
  toMermaid,
} from '../../src/index.ts'
import { instantiate } from '../../src/spec/spec.ts'
import { bruteForce } from '../support/brute-force.ts'

const SIZE = 3
const Block = members('block', SIZE, { symmetric: true })
const Cache = schema({ dirty: setOf(Block), disk: setOf(Block), crashes: range(0, 2) })
type Cache = ReturnType<typeof Cache>

/** Blocks are written to a cache. A crash keeps any subset of the blocks that were not flushed. */
const cache = (crash: (s: Cache) => any) =>
  spec({
    name: 'cache',
    model: () =>
      model(Cache, {
        init: Cache(),
        actions: {
          write: action({ block: Block }, (s, { block }) => s.set('dirty', s.dirty.add(block))),
          flush: (s) => (s.dirty.isEmpty() ? undefined : s.merge({ dirty: Set(), disk: s.disk.union(s.dirty) })),
          crash,
        },
        invariants: { few: (s) => s.crashes < 2 || s.disk.size < SIZE },
        deadlock: false,
      }),
  })

const CHOSEN = cache((s) =>
  s.crashes === 2
    ? undefined
    : anySubset(s.dirty, (kept) => s.merge({ dirty: Set(), disk: s.disk.union(kept), crashes: s.crashes + 1 })),
)

/** The same with all subsets by hand. */
const BY_HAND = cache((s) => {
  if (s.crashes === 2) return []
  let subsets: Set<any>[] = [Set()]
  for (const block of s.dirty) subsets = subsets.concat(subsets.map((one) => one.add(block)))
  return subsets.map((kept) => s.merge({ dirty: Set(), disk: s.disk.union(kept), crashes: s.crashes + 1 }))
})

describe('anySubset', () => {
  it('gives the successors that an array of all subsets gives, up to symmetry too', async () => {
    for (const options of [{}, { interpret: true }] as const) {
      const [chosen, byHand] = [
        await check(CHOSEN, { ...options, continue: true }),
        await check(BY_HAND, { ...options, continue: true }),
      ]
      expect(chosen.states).toEqual(byHand.states)
      expect(chosen.symmetry).toBe('on')
      expect(chosen.traces.map(({ steps }) => steps.map(({ action, state }) => [action, state]))).toEqual(
        byHand.traces.map(({ steps }) => steps.map(({ action, state }) => [action, state])),
      )
    }
    // An orbit is a number of blocks for each combination of dirty and on disk.
    const orbits = new globalThis.Set<string>()
    const { states, initial, generated, distinct, depth } = bruteForce(instantiate(CHOSEN).model)!
    for (const state of states as Cache[]) {
      const kinds = Block.map((block) => `${state.dirty.has(block)} ${state.disk.has(block)}`)
      orbits.add([...kinds.sort(), state.crashes].join())
    }
    expect((await check(CHOSEN, { continue: true })).states.distinct).toBe(orbits.size)
    const whole = await check(CHOSEN, { continue: true, symmetry: false })
    const { exact: _, ...counts } = whole.states
    expect(counts).toEqual({ initial, generated, distinct, depth })
  })

  it('is decided by the symbolic engine as by the explicit one', async () => {
    const [explicit, symbolic] = [await check(CHOSEN), await check(CHOSEN, { engine: 'symbolic' })]
    expect(symbolic.property('few').result).toBe('violated')
    expect(symbolic.property('few').trace!.steps.length).toBe(explicit.property('few').trace!.steps.length)
  })

  it('shows in a trace what was chosen, and in a replay', async () => {
    const result = await check(CHOSEN)
    const { trace } = result.property('few')
    const crashes = trace!.steps.filter(({ action }) => action === 'crash')
    expect(crashes).toHaveLength(2)
    for (const { chosen, state } of crashes) {
      expect(Object.keys(chosen!)).toEqual(['kept'])
      expect((chosen!['kept'] as Set<any>).isSubset(state.disk)).toBe(true)
    }
    expect(formatTrace(trace!)).toMatch(/crash \{kept: block\d(, block\d)*\}/)
    expect(toMermaid(trace!, result)).toMatch(/\{kept: block/)
    const { trace: again, divergence } = replay(CHOSEN, JSON.stringify(toItf(trace!, result)))
    expect(divergence).toBeUndefined()
    expect(again.steps.map(({ chosen }) => chosen)).toEqual(trace!.steps.map(({ chosen }) => chosen))
  })

  it('refuses more elements than have countable subsets, and anything but a collection', async () => {
    const Many = members('pfn', 21)
    expect(() => anySubset(Many, () => null)).toThrow(/at most 20 elements, but was given 21/)
    expect([...anySubset(Many.slice(0, 3), (kept) => [kept.size])]).toEqual([0, 1, 1, 2, 1, 2, 2, 3])
    expect(() => anySubset(3 as never, () => null)).toThrow(
      /must be given a collection or a domain first, but was given 3/,
    )
    expect(() => anyOf([1], 3 as never)).toThrow(/must be given a function of the chosen value, but was given 3/)
    const wrong = cache((s) => anySubset(s.dirty, () => 3))
    await expect(check(wrong)).rejects.toMatchObject({ code: 'KR504' })
  })
})

const Message = oneOf('ping', 'pong')
const Net = schema({
  sent: listOf(Message, 2),
  seen: mapOf(oneOf('a', 'b'), setOf(Message)),
  client: thread('idle', 'waiting', 'done'),
})
const net = spec({
  name: 'net',
  model: () =>
    model(Net, {
      init: Net(),
      actions: {
        send: (s) => (s.sent.size < 2 ? anyOf(Message, (m) => s.set('sent', s.sent.push(m))) : undefined),
        deliver: (s) =>
          anyOf(s.sent, (m) =>
            anyOf(['a', 'b'] as const, (to) =>
              s.seen.get(to).has(m) ? null : s.setIn(['seen', to], s.seen.get(to).add(m)),
            ),
          ),
      },
      threads: {
        client: {
          at: {
            idle: (s) => anyOf(s.sent, (m) => (m === 'ping' ? goto('done') : s)),
            waiting: {
              *wait(s) {
                yield* anySubset(s.sent, (kept) => (kept.size === 2 ? goto('idle', s) : undefined))
                yield s
              },
            },
            done: {},
          },
        },
      },
      invariants: { notAll: (s) => s.seen.some((seen) => seen.size < 2) || s.client !== 'waiting' },
    }),
})

describe('anyOf', () => {
  it('nests, goes to labels, and skips choices without a state', async () => {
    const { initial, generated, distinct, depth, found } = bruteForce(instantiate(net).model)!
    for (const options of [{}, { interpret: true }] as const) {
      const { states, property } = await check(net, { ...options, continue: true })
      expect(states).toEqual({ initial, generated, distinct, depth })
      expect(stepCountOf(property('notAll').trace)).toBe(found['notAll'])
    }
  })

  it('names every choice on the way', async () => {
    const result = await check(net)
    const { steps } = result.property('notAll').trace!
    const names = steps.flatMap(({ action, chosen }) => (chosen ? [[action, ...Object.keys(chosen)]] : []))
    expect(names).toContainEqual(['deliver', 'm', 'to'])
    expect(names).toContainEqual(['client.idle', 'm'])
    expect(names).toContainEqual(['send', 'm'])
    expect(formatTrace(result.property('notAll').trace!)).toMatch(/deliver \{m: p[io]ng; to: [ab]\}/)
  })

  it('leaves no choice behind when a spec function stops in the middle', () => {
    const choice = anyOf([1, 2], (n) => [n])
    for (const one of choice) if (one === 1) break
    expect([...anyOf([3], (n) => [n])]).toEqual([3])
    expect(Map([[1, 2]]).size).toBe(1)
  })
})

function stepCountOf(trace: { readonly steps: readonly unknown[] } | undefined): number | undefined {
  return trace && trace.steps.length - 1
}
