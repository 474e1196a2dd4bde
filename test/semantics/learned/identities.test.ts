/** Functions that compare identities only in some states, so that the learned state need not show it. */
import { describe, expect, it } from 'vitest'
import { action, check, listOf, mapOf, model, range, record, schema, setOf, spec } from '../../../src/index.ts'
import { rngFrom, type Rng } from '../../../src/semantics/learned/probe.ts'
import type { Model } from '../../../src/spec/model.ts'
import { runs } from '../../support/amount.ts'

const Element = range(0, 4)
const Pair = record({ x: range(0, 2), y: setOf(range(0, 1)) })
const State = schema({
  phase: range(0, 3),
  s: setOf(Element),
  t: setOf(Element),
  l: listOf(range(0, 2), 3),
  m: mapOf(range(0, 2), range(0, 2)),
  r: Pair,
})
type S = ReturnType<typeof State>
type Place = 's' | 't' | 'l' | 'm' | 'r'

/** A few actions on a few collections, and claims about steps whose guards hide a comparison of identities. */
function randomModel(rng: Rng): Model {
  const pick = <T>(...values: readonly T[]): T => values[rng(values.length)]!
  const change = (): ((s: S) => S) => {
    const [element, value, key] = [rng(5), rng(3), rng(3)]
    return pick(
      (s: S) => s.update('s', (set) => set.add(element)),
      (s: S) => s.update('s', (set) => set.delete(element)),
      (s: S) => (s.l.size < 3 ? s.update('l', (list) => list.push(value)) : s),
      (s: S) => s.update('l', (list) => list.shift()),
      (s: S) => s.setIn(['m', key], value),
      (s: S) => s.set('phase', (s.phase + 1) % 4),
      (s: S) => s.set('t', s.s),
      (s: S) => s.setIn(['r', 'x'], value),
    )
  }
  const names = Array.from({ length: 4 + rng(4) }, (_, index) => `a${index}`)
  const actions = names.map((name) => {
    const [first, second, phase, isGuarded] = [change(), change(), rng(4), rng(3) === 0]
    return [name, action((s: S) => (isGuarded && s.phase !== phase ? undefined : first(second(s))))] as const
  })
  const claims = ['p', 'q'].map((name) => {
    const before = pick<Place>('s', 't', 'l', 'm', 'r')
    const after = rng(4) === 0 ? pick<Place>('s', 't', 'l') : before
    const [kind, phase, element, by, mayBeSame] = [rng(4), rng(4), rng(5), pick(...names), rng(4) === 0]
    const claim = (step: { action: string; before: S; after: S }): boolean => {
      const isSame = (step.before.get(before) as unknown) === step.after.get(after)
      const isAbout = [
        step.action === by,
        step.before.phase === phase,
        step.before.s.has(element),
        step.after.phase === phase,
      ][kind]
      return isAbout !== true || isSame === mayBeSame
    }
    return [name, claim] as const
  })
  return model(State, {
    init: State(),
    actions: Object.fromEntries(actions),
    transitions: Object.fromEntries(claims),
    deadlock: false,
  })
}

async function resultsOf(it: Model, options: { interpret?: boolean; seed?: number }): Promise<unknown> {
  const limits = { maxStates: 1000, workers: 1, engine: 'explicit' } as const
  const { properties, states } = await check(spec({ name: 'identities', model: () => it }), { ...limits, ...options })
  return [properties.map(({ name, result }) => [name, result]), states.distinct]
}

describe('a claim about steps that compares identities', () => {
  it('behind an implication is evaluated by reference', async () => {
    const it = model(State, {
      init: State().set('s', State().s.add(1)),
      actions: {
        tick: (s) => (s.phase < 3 ? s.set('phase', s.phase + 1) : undefined),
        clear: (s) => (s.phase === 3 ? s.update('s', (set) => set.clear()) : undefined),
        fill: action({ to: range(0, 2) }, (s, { to }) => (s.phase === 3 ? s.setIn(['m', to], 1) : undefined)),
      },
      // All empty sets are one object, and sets with elements are decoded for each state.
      transitions: { differ: ({ before, after }) => before.phase < 3 || before.s !== after.s },
      deadlock: false,
    })
    const reference = await resultsOf(it, { interpret: true })
    for (const seed of Array(8).keys()) expect(await resultsOf(it, { seed })).toEqual(reference)
  })

  it('gets the verdict of reference evaluation on random models', async () => {
    for (let seed = 0; seed < runs(1000); seed++) {
      const it = randomModel(rngFrom(seed))
      const [learned, reference] = [await resultsOf(it, { seed }), await resultsOf(it, { interpret: true })]
      expect([seed, learned]).toEqual([seed, reference])
    }
  })
})
