/** The comparison of the explorer, compared with `compare` from TypeScript. */
import { afterAll, describe, expect, it, vi } from 'vitest'
import { compare } from '../../../src/api/compare.ts'
import { Checks } from '../../../src/cli/explore/checks.ts'
import type { CompareDocument } from '../../../src/cli/explore/protocol.ts'
import type { Session } from '../../../src/cli/explore/session.ts'
import { stepCount } from '../../../src/trace/trace.ts'
import dieHard from '../../../specs/classic/die-hard.ts'
import philosophers from '../../../specs/classic/dining-philosophers.ts'
import truncate from '../../../specs/truncate-dma.ts'
import { ask, closeAll, open } from './ask.ts'

afterAll(closeAll)

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Asks until all variants have ended. */
async function compared(session: Session, body: object): Promise<CompareDocument> {
  for (;;) {
    const document = await ask(session, 'compare', body)
    if (document.variants.every(({ state }) => state === 'done')) return document
    expect(document.variants.filter(({ state }) => state === 'running').length).toBeLessThan(2)
    await pause(20)
  }
}

describe('the comparison of the explorer', () => {
  it('has the verdicts and steps of a comparison', async () => {
    const session = await open('specs/truncate-dma.ts')
    const { vary, properties, variants } = await compared(session, { constants: { users: '1', blocks: '1' } })
    expect(vary).toEqual(['design'])
    const expected = await compare(truncate, { constants: { users: 1, blocks: 1 }, vary: [{ constant: 'design' }] })
    expect(variants.map(({ values }) => values[0])).toEqual(expected.variants.map(({ varied }) => varied.design))
    for (const [row, { outcome }] of expected.variants.entries()) {
      expect(variants[row]!.distinct).toBe(outcome!.states.distinct)
      for (const [column, { name }] of properties.entries()) {
        const property = outcome!.properties.find((it) => it.name === name)
        const trace = property?.trace === undefined ? undefined : outcome!.traces[property.trace]
        const cell = variants[row]!.cells[column]
        expect(cell?.result).toBe(property?.result)
        expect(cell?.steps ?? undefined).toBe(trace && stepCount(trace))
      }
    }
  })

  it('gives the check of a page that opens a variant', async () => {
    const session = await open('specs/classic/dining-philosophers.ts')
    const constants = { philosophers: '3' }
    const { variants, properties } = await compared(session, { constants, vary: ['design'] })
    const { constants: own, cells } = variants.find((it) => it.cells.some((cell) => cell?.steps !== null))!
    const column = cells.findIndex((cell) => cell !== null && cell.steps !== null)
    // The check has ended already.
    expect((await ask(session, 'check', { constants: own })).isRunning).toBe(false)
    const { path, loop } = await ask(session, 'trace', { constants: own, property: properties[column]!.name })
    expect(path.length - 1 + (loop === null ? 0 : 1)).toBeGreaterThanOrEqual(cells[column]!.steps!)
    // Its own constants are those of the page in the comparison, in any spelling.
    const again = await ask(session, 'compare', { constants: { fair: 'strong', ...own }, vary: ['design'] })
    expect(again.variants.map(({ isCurrent }) => isCurrent)).toEqual(variants.map(({ constants: it }) => it === own))
  })

  it('combines the values of several constants in the order of the spec', async () => {
    const session = await open('specs/classic/dining-philosophers.ts')
    const constants = { philosophers: '2', design: 'left-first' }
    const { vary, variants } = await ask(session, 'compare', { constants, vary: ['fair', 'design'] })
    expect(vary).toEqual(['design', 'fair'])
    const expected = await compare(philosophers, {
      constants: { philosophers: 2 },
      vary: [{ constant: 'design' }, { constant: 'fair' }],
    })
    expect(variants.map(({ values }) => values)).toEqual(
      expected.variants.map(({ varied }) => [varied.design, varied.fair]),
    )
  })

  it('says the error of a variant', async () => {
    const session = await open('test/cli/specs/counter.ts')
    const { variants } = await compared(session, { constants: { most: '3' }, vary: ['fault'] })
    const failed = variants.filter(({ failure }) => failure !== null)
    expect(failed.map(({ values }) => values[0])).toContain('throw')
    expect(failed[0]!.cells.every((cell) => cell === null)).toBe(true)
    expect(variants.some(({ failure, cells }) => failure === null && cells.some((cell) => cell !== null))).toBe(true)
  })

  it('has nothing to vary without constants, and refuses too many variants', async () => {
    expect((await ask(await open('specs/classic/die-hard.ts'), 'compare')).variants).toEqual([])
    const session = await open('specs/classic/two-phase-commit.ts')
    const { vary, choices } = await ask(session, 'compare')
    expect([vary, choices]).toEqual([[], [{ name: 'resourceManagers', values: null }]])
    await expect(ask(session, 'compare', { vary: ['resourceManagers'] })).rejects.toMatchObject({ code: 'KR101' })
    await expect(ask(session, 'compare', { vary: ['managers'] })).rejects.toMatchObject({ code: 'KR102' })
    const many = ask(await open('specs/truncate-dma.ts'), 'compare', { vary: ['files', 'blocks', 'users'] })
    await expect(many).rejects.toMatchObject({ message: expect.stringContaining('at most 64 variants, but has 216') })
  })
})

describe('checks in the background', () => {
  it('end once no page asks for their comparison, except for those that a page looks at', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const checks = new Checks(philosophers, 'file:///nowhere.mjs', 2 ** 30)
    const [large, small] = [{ philosophers: '12' }, { philosophers: '2' }]
    const [first] = checks.compare([large, small])
    expect(first!.outcome).toBeUndefined()
    // Two pages compare different things, and do not end each other's checks.
    for (let times = 0; times < 3; times++) {
      vi.advanceTimersByTime(2000)
      expect(checks.compare([small])).toEqual([undefined])
      expect(checks.compare([large, small])[0]).toBe(first)
    }
    vi.advanceTimersByTime(6000)
    expect(checks.compare([small])[0]).toBeDefined()
    // The large one was dropped, so it begins again, now as the check of a page.
    const own = checks.get(large)
    expect(own).not.toBe(first)
    vi.advanceTimersByTime(6000)
    checks.compare([small])
    expect(checks.get(large)).toBe(own)
    vi.useRealTimers()
    await checks.close()
  })

  it('are the same for constants that are spelled in another way', async () => {
    const checks = new Checks(dieHard, 'file:///nowhere.mjs', 2 ** 30)
    expect(checks.get({})).toBe(checks.get({}))
    await checks.close()
    const own = new Checks(philosophers, 'file:///nowhere.mjs', 2 ** 30)
    expect(own.get({ philosophers: '4' })).toBe(own.get({}))
    expect(own.get({ philosophers: '2' })).not.toBe(own.get({}))
    await own.close()
  })
})
