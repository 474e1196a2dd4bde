/** The answers of the explorer, compared with a check from TypeScript. */
import { afterAll, describe, expect, it } from 'vitest'
import { answer } from '../../../src/cli/explore/answers.ts'
import type { CheckDocument, PositionDocument, SpecDocument, TraceDocument } from '../../../src/cli/explore/protocol.ts'
import { Session } from '../../../src/cli/explore/session.ts'
import type { AnySpec } from '../../../src/spec/spec.ts'

const sessions: Session[] = []
afterAll(() => Promise.all(sessions.map((session) => session.close())))

async function open(path: string): Promise<Session> {
  const { default: spec } = (await import(`../../../${path}`)) as { default: AnySpec }
  // Other threads cannot load the source, so the check runs in this one.
  const session = new Session({ spec, module: 'file:///nowhere.mjs' }, path, 2 ** 30)
  sessions.push(session)
  return session
}

/** Asks until the check has ended. */
async function checked(session: Session, constants: { readonly [name: string]: string }): Promise<CheckDocument> {
  for (;;) {
    const document = answer(session, 'check', { constants }) as CheckDocument
    if (!document.isRunning) return document
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('the explorer', () => {
  it('begins at an initial state, and follows a path', async () => {
    const session = await open('specs/classic/die-hard.ts')
    const start = answer(session, 'position', {}) as PositionDocument
    expect(start.path).toEqual(['init'])
    expect(start.steps.enabled.map(({ name }) => name)).toContain('fillBig')
    const next = answer(session, 'position', { path: ['init', 'fillBig'] }) as PositionDocument
    expect(next.entries.at(-1)).toMatchObject({
      step: { name: 'fillBig', changes: [{ path: 'big', text: '0 → 5' }] },
      state: [
        ['small', { kind: 'value', text: '0' }],
        ['big', { kind: 'value', text: '5' }],
      ],
    })
  })

  it('says where a path departs', async () => {
    const session = await open('specs/classic/die-hard.ts')
    const { path, departure } = answer(session, 'position', { path: ['init', 'fillBig', 'drink'] }) as PositionDocument
    expect(path).toEqual(['init', 'fillBig'])
    expect(departure).toMatchObject({ index: 2, name: 'drink', failed: null })
  })

  it('describes the spec and its constants', async () => {
    const session = await open('specs/truncate-dma.ts')
    const { spec, constants, initial } = answer(session, 'spec', {}) as SpecDocument
    expect(spec).toBe('truncate-dma')
    expect(initial).toEqual(['init'])
    expect(constants.find(({ name }) => name === 'users')).toMatchObject({ default: '2' })
  })

  it('opens the counterexample of the check as a path that ends in the violation', async () => {
    const session = await open('specs/truncate-dma.ts')
    const { properties } = await checked(session, { design: 'none' })
    const violated = properties.find(({ kind, result }) => kind === 'invariant' && result === 'violated')!
    const constants = { design: 'none' }
    const { path, loop } = answer(session, 'trace', { constants, property: violated.name }) as TraceDocument
    expect(loop).toBeNull()
    const { entries, departure } = answer(session, 'position', { constants, path }) as PositionDocument
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
    const { path, loop } = answer(session, 'trace', { constants, property: violated.name }) as TraceDocument
    expect(loop).toBeTypeOf('number')
    const { entries, departure } = answer(session, 'position', { constants, path }) as PositionDocument
    expect(departure).toBeNull()
    expect(entries).toHaveLength(path.length)
  })

  it('walks at random, the same way for the same seed', async () => {
    const session = await open('specs/classic/two-phase-commit.ts')
    const walk = (seed: number): readonly string[] =>
      (answer(session, 'random', { steps: 3, seed }) as PositionDocument).path
    expect(walk(7)).toHaveLength(4)
    expect(walk(7)).toEqual(walk(7))
    expect(new Set([1, 2, 3, 4, 5].map((seed) => walk(seed).join())).size).toBeGreaterThan(1)
  })

  it('says what a disabled action read', async () => {
    const session = await open('specs/truncate-dma.ts')
    const path = ['init', 'alloc(file1, block1)']
    const { disabled } = answer(session, 'disabled', { path }) as { disabled: { call: string; read: string[] }[] }
    expect(disabled.find(({ call }) => call === 'alloc(file2, block1)')?.read).toContain('owner[block1] = file1')
  })

  it.each<[string, unknown]>([
    ['a constant that is not text', { constants: { users: 3 } }],
    ['a path that is not a list', { path: 'init' }],
    ['too many steps', { steps: 1e6 }],
    ['a seed that is not a number', { seed: 'x' }],
  ])('refuses %s', async (_, body) => {
    const session = await open('specs/classic/die-hard.ts')
    expect(() => answer(session, 'position', body)).toThrow(expect.objectContaining({ code: 'KR101' }))
  })

  it('refuses a request that it does not know, and a constant that the spec does not have', async () => {
    const session = await open('specs/classic/die-hard.ts')
    expect(() => answer(session, 'toString', {})).toThrow(expect.objectContaining({ code: 'KR101' }))
    expect(() => answer(session, 'position', { constants: { jugs: '3' } })).toThrow(
      expect.objectContaining({ code: 'KR102' }),
    )
  })
})
