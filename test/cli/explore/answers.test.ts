/** The answers of the explorer, compared with a check from TypeScript. */
import { afterAll, describe, expect, it } from 'vitest'
import { answer } from '../../../src/cli/explore/answers/answers.ts'
import { ask, checked, closeAll, open } from './ask.ts'

afterAll(closeAll)

describe('the explorer', () => {
  it('begins at an initial state, and follows a path', async () => {
    const session = await open('specs/classic/die-hard.ts')
    const start = await ask(session, 'position', {})
    expect(start.path).toEqual(['init'])
    expect(start.steps.enabled.map(({ name }) => name)).toContain('fillBig')
    const next = await ask(session, 'position', { path: ['init', 'fillBig'] })
    const { step, state } = next.entries.at(-1)!
    expect(step).toMatchObject({ name: 'fillBig', changes: [{ path: 'big', text: '0 → 5' }] })
    expect(state.map((index) => next.values[index])).toEqual([
      { kind: 'value', text: '0' },
      { kind: 'value', text: '5' },
    ])
    // Both variables were 0 at first.
    expect(next.entries[0]!.state).toEqual([0, 0])
  })

  it('gives the steps of an entry within the path', async () => {
    const session = await open('specs/classic/die-hard.ts')
    const path = ['init', 'fillBig', 'bigToSmall']
    const { at, entries, steps } = await ask(session, 'position', { path, at: 1 })
    expect(at).toBe(1)
    expect(entries).toHaveLength(3)
    const alone = await ask(session, 'position', { path: ['init', 'fillBig'] })
    expect(steps).toEqual(alone.steps)
  })

  it('says where a path departs', async () => {
    const session = await open('specs/classic/die-hard.ts')
    const { path, departure } = await ask(session, 'position', { path: ['init', 'fillBig', 'drink'] })
    expect(path).toEqual(['init', 'fillBig'])
    expect(departure).toMatchObject({ index: 2, name: 'drink', failed: null })
  })

  it('describes the spec and its constants', async () => {
    const session = await open('specs/truncate-dma.ts')
    const { spec, constants, initial } = await ask(session, 'spec', {})
    expect(spec).toBe('truncate-dma')
    expect(initial).toEqual(['init'])
    expect(constants.find(({ name }) => name === 'users')).toMatchObject({ default: '2' })
  })

  it('opens the counterexample of the check as a path that ends in the violation', async () => {
    const session = await open('specs/truncate-dma.ts')
    const { properties } = await checked(session, { design: 'none' })
    const violated = properties.find(({ kind, result }) => kind === 'invariant' && result === 'violated')!
    const constants = { design: 'none' }
    const { path, loop } = await ask(session, 'trace', { constants, property: violated.name })
    expect(loop).toBeNull()
    const { entries, departure } = await ask(session, 'position', { constants, path })
    expect(departure).toBeNull()
    expect(entries).toHaveLength(path.length)
    expect(entries.at(-1)!.verdicts.map(({ property }) => property)).toContain(violated.name)
    for (const { verdicts } of entries.slice(0, -1)) expect(verdicts).toEqual([])
  })

  it('opens a lasso with the entry to which it returns', async () => {
    const session = await open('specs/classic/dining-philosophers.ts')
    const constants = { design: 'left-first', philosophers: '2', fair: 'weak' }
    const { properties } = await checked(session, constants)
    const violated = properties.find(
      ({ kind, result, hasTrace }) => kind === 'temporal' && result === 'violated' && hasTrace,
    )!
    const { path, loop } = await ask(session, 'trace', { constants, property: violated.name })
    expect(loop).toBeTypeOf('number')
    const { entries, departure } = await ask(session, 'position', { constants, path })
    expect(departure).toBeNull()
    expect(entries).toHaveLength(path.length)
  })

  it('walks at random, the same way for the same seed', async () => {
    const session = await open('specs/classic/two-phase-commit.ts')
    const walk = async (seed: number): Promise<readonly string[]> =>
      (await ask(session, 'random', { steps: 3, seed })).path
    expect(await walk(7)).toHaveLength(4)
    expect(await walk(7)).toEqual(await walk(7))
    const walks = await Promise.all([1, 2, 3, 4, 5].map(walk))
    expect(new Set(walks.map((path) => path.join())).size).toBeGreaterThan(1)
  })

  it('says what a disabled action read', async () => {
    const session = await open('specs/truncate-dma.ts')
    const path = ['init', 'alloc(file1, block1)']
    const { disabled } = await ask(session, 'disabled', { path })
    expect(disabled.find(({ call }) => call === 'alloc(file2, block1)')?.read).toContain('owner[block1] = file1')
  })

  it.each<[string, unknown]>([
    ['a constant that is not text', { constants: { users: 3 } }],
    ['a path that is not a list', { path: 'init' }],
    ['too many steps', { steps: 1e6 }],
    ['a seed that is not a number', { seed: 'x' }],
    ['an entry that is not an index', { at: -1 }],
  ])('refuses %s', async (_, body) => {
    const session = await open('specs/classic/die-hard.ts')
    await expect(answer(session, 'position', body)).rejects.toMatchObject({ code: 'KR101' })
  })

  it('refuses a request that it does not know, and a constant that the spec does not have', async () => {
    const session = await open('specs/classic/die-hard.ts')
    await expect(answer(session, 'toString', {})).rejects.toMatchObject({ code: 'KR101' })
    await expect(answer(session, 'position', { constants: { jugs: '3' } })).rejects.toMatchObject({ code: 'KR102' })
  })

  it.each(['', 'x ===', 'while (true) {}', '1; 2', '0)}, y = (() => { for (;;); })(), z = () => { return (0'])(
    'refuses %j, which is not an expression',
    async (expression) => {
      const session = await open('specs/classic/die-hard.ts')
      for (const name of ['search', 'evaluate'] as const) {
        await expect(ask(session, name, { expression })).rejects.toMatchObject({ code: 'KR101' })
      }
    },
  )

  it('refuses too many variants before it lists them', async () => {
    const session = await open('specs/truncate-dma.ts')
    const { choices } = await ask(session, 'compare', {})
    const vary = choices.flatMap(({ name, values }) => (values === null ? [] : [name]))
    await expect(ask(session, 'compare', { vary })).rejects.toMatchObject({ code: 'KR101' })
  })
})
