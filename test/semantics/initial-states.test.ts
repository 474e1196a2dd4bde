import { List, Set } from 'immutable'
import { describe, expect, it } from 'vitest'
import { check, model, range, schema, simulate, spec } from '../../src/index.ts'
import { InitialStates, packInitialStates } from '../../src/semantics/initial-states.ts'
import { prepareRun } from '../support/explicit-run.ts'
import type { Model } from '../../src/spec/model.ts'
import { layOut } from '../../src/state/layout.ts'

const Cell = schema({ n: range(0, 999) })
type Cell = ReturnType<typeof Cell>

const modelOf = (init: unknown): Model => model(Cell, { init: init as never, actions: { stay: (s) => s } })

function packing(init: unknown, most?: number): InitialStates {
  const it = modelOf(init)
  return new InitialStates(it, layOut(it.schema), most)
}

/** Counts how often a generator is called. */
function counted(states: Iterable<Cell>): { asked: number; given: () => Iterable<Cell> } {
  const count = {
    asked: 0,
    *given() {
      for (const state of states) {
        count.asked++
        yield state
      }
    },
  }
  return count
}

function* cells(count: number): Generator<Cell> {
  for (let n = 0; n < count; n++) yield Cell({ n: n % 1000 })
}

describe('initial states', () => {
  it.each<[string, unknown, number]>([
    ['a state', Cell(), 1],
    ['a function that gives a state', () => Cell(), 1],
    ['an array', [Cell(), Cell({ n: 1 })], 2],
    ['a List', List([Cell(), Cell()]), 2],
    ['a Set', Set([Cell(), Cell()]), 1],
    ['a generator', () => cells(5000), 5000],
  ])('may be %s', (_, init, count) => {
    const it = modelOf(init)
    const layout = layOut(it.schema)
    expect(packInitialStates(it, layout).length).toBe(count * layout.width)
  })

  it('are the same if packed in slices', () => {
    const whole = packing(() => cells(3000))
    expect(whole.pack()).toBe(true)
    const sliced = packing(() => cells(3000))
    let slices = 1
    for (let asked = 0; !sliced.pack(() => asked++ > 0); asked = 0) slices++
    expect(slices).toBeGreaterThan(10)
    expect(sliced.words).toEqual(whole.words)
    expect(sliced.count).toBe(3000)
  })

  it('are packed one by one, and no further than requested', () => {
    const { given, ...count } = counted(cells(1_000_000))
    const some = packing(given)
    expect(some.packFirst(1000).length).toBeGreaterThanOrEqual(1000)
    expect(some.count).toBeLessThan(1100)
    expect(count.asked).toBeLessThan(1100)
  })

  it('are refused if there are too many, as in an endless iterable', () => {
    const endless = function* () {
      for (;;) yield Cell()
    }
    expect(() => packing(endless, 1000).pack()).toThrow(
      expect.objectContaining({
        code: 'KR211',
        message: 'init must give at most 1,000 initial states, but gave more',
      }),
    )
    expect(packing(() => cells(1000), 1000).pack()).toBe(true)
  })

  it.each<[string, unknown, string]>([
    ['gives none', [], 'KR207'],
    ['gives something else', 3, 'KR206'],
    ['gives something else among them', [Cell(), { n: 1 }], 'KR206'],
    ['gives a symbol', [Symbol('n')], 'KR206'],
    ['gives an object that has no text', Object.create(null), 'KR206'],
    ['gives one outside its domains', [Cell(), Cell({ n: 1000 })], 'KR208'],
    [
      'throws on the way',
      function* () {
        yield Cell()
        throw new Error('oh')
      },
      'KR503',
    ],
  ])('are an error if init %s', (_, init, code) => {
    expect(() => packing(init).pack()).toThrow(expect.objectContaining({ code }))
  })

  it('are the same in a check that runs in slices', () => {
    const many = spec({ name: 'many', model: () => modelOf(() => cells(3000)) })
    const { search, initial } = prepareRun(many, {})
    let slices = 1
    for (let asked = 0; !search.begin(initial, () => asked++ > 0); asked = 0) slices++
    expect(slices).toBeGreaterThan(10)
    const { begun, found, depth, initial: distinct } = search
    expect({ begun, found, depth, distinct }).toEqual({ begun: 3000, found: 1000, depth: 1, distinct: 1000 })
  })

  it('end the run at a bound on memory', async () => {
    const many = spec({ name: 'many', model: () => modelOf(() => cells(1_000_000)) })
    for (const engine of ['explicit', 'symbolic'] as const) {
      const { ending, verdict, states } = await check(many, { memoryBytes: 1e6, engine })
      expect({ ending, verdict }).toEqual({ ending: 'memory', verdict: 'incomplete' })
      expect(states).toMatchObject({ initial: 0, distinct: 0 })
    }
  })

  it('end the run when the caller interrupts', async () => {
    const controller = new AbortController()
    const many = spec({
      name: 'many',
      model: () =>
        modelOf(function* () {
          for (const cell of cells(1_000_000)) yield (controller.abort(), cell)
        }),
    })
    const { signal } = controller
    for (const engine of ['explicit', 'symbolic'] as const) {
      expect((await check(many, { signal, engine })).ending).toBe('interrupted')
    }
    expect((await simulate(many, { signal, runs: 1 })).ending).toBe('interrupted')
  })
})
