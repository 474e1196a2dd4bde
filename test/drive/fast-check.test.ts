import fc from 'fast-check'
import { action, anySubset, model, oneOf, range, schema, setOf, spec } from 'kripke'
import { commands } from 'kripke/fast-check'
import { describe, expect, it } from 'vitest'

const State = schema({ n: range(0, 4), lost: setOf(oneOf('x', 'y')) })

const counter = spec({
  name: 'counter',
  model: () =>
    model(State, {
      init: State(),
      actions: {
        add: action({ k: range(1, 2) }, (s, { k }) => (s.n + k <= 4 ? s.set('n', s.n + k) : undefined)),
        reset: (s) => (s.n > 0 ? s.set('n', 0) : undefined),
        crash: (s) => anySubset(['x', 'y'] as const, (lost) => s.set('lost', lost)),
      },
      deadlock: false,
    }),
})

interface Counter {
  n: number
  resets: number
  lost: Iterable<string>
}

const driver = (isWrong: boolean, open: { count: number } = { count: 0 }) => ({
  setup: (): Counter => {
    open.count++
    return { n: 0, resets: 0, lost: [] }
  },
  actions: {
    add: (it: Counter, { k }: { k: number }) => void (it.n += k),
    reset: (it: Counter) => void (it.n = isWrong && ++it.resets === 2 ? 1 : 0),
    crash: (it: Counter, { lost }: { lost: Iterable<string> }) => void (it.lost = lost),
  },
  observe: ({ n, lost }: Counter) => ({ n, lost: [...lost] }),
  chosenByTest: ['crash' as const],
  teardown: () => void open.count--,
})

describe('commands of fast-check', () => {
  it('pass for a system that follows the spec, and end each system', async () => {
    const open = { count: 0 }
    const { arbitraries, run } = commands(counter, driver(false, open))
    expect(arbitraries).toHaveLength(3)
    await fc.assert(fc.asyncProperty(fc.commands(arbitraries), run), { numRuns: 50, seed: 1 })
    expect(open.count).toBe(0)
  })

  it('find a mistake, which fast-check shrinks', async () => {
    const open = { count: 0 }
    const { arbitraries, run } = commands(counter, driver(true, open))
    const { failed, counterexample, errorInstance } = await fc.check(fc.asyncProperty(fc.commands(arbitraries), run), {
      numRuns: 200,
      seed: 1,
    })
    expect(failed).toBe(true)
    // Two resets, and before each of them something to reset.
    expect(String(counterexample![0])).toMatch(/^add\(k=.\),reset,add\(k=.\),reset/)
    expect(String(errorInstance)).toContain('it shows a state that the spec does not allow, at step 4, reset')
    expect(open.count).toBe(0)
  })

  it('refuse unknown options', () => {
    expect(() => commands(counter, { ...driver(false), obsrve: () => ({}) } as never)).toThrow(
      '"obsrve" is not an option',
    )
  })
})
