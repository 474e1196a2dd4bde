import { describe, expect, it } from 'vitest'
import dieHard from '../../specs/classic/die-hard.ts'
import twoPhaseCommit from '../../specs/classic/two-phase-commit.ts'
import { check } from '../../src/index.ts'

describe('die-hard', () => {
  it("agrees with TLC's counts", async () => {
    // tlaplus, test/tlc2/tool/DiameterTest.java, DieHardTLA explored to the end: 97 states generated, 16 distinct, diameter 8.
    const { states, traces } = await check(dieHard, { continue: true })
    expect(states).toEqual({ initial: 1, generated: 97, distinct: 16, depth: 8 })
    expect(traces[0]!.steps.length - 1).toBe(6)
    expect(traces[0]!.steps.at(-1)!.state.toJS()).toMatchObject({ big: 4 })
  })
})

describe('two-phase-commit', () => {
  // 3: tlaplus/Examples 32a32c7, specifications/transaction_commit/manifest.json, TwoPhase.cfg. 7: docs/reference.md.
  it.each([
    [3, 1146, 288, 11],
    [7, 2_744_706, 296_448, 23],
  ])("agrees with TLC's counts for %i resource managers", async (resourceManagers, generated, distinct, depth) => {
    const { states, verdict } = await check(twoPhaseCommit, { constants: { resourceManagers }, deadlock: false })
    expect(states).toEqual({ initial: 1, generated, distinct, depth })
    expect(verdict).toBe('holds')
  })
})
