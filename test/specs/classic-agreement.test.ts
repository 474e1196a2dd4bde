/** Consensus, elections, cache coherence and termination detection: TLC's counts, and what goes wrong in broken designs. */
import { describe, expect, it } from 'vitest'
import changRoberts from '../../specs/classic/chang-roberts.ts'
import ewd840 from '../../specs/classic/ewd840.ts'
import ewd998 from '../../specs/classic/ewd998.ts'
import german from '../../specs/classic/german.ts'
import paxos from '../../specs/classic/paxos.ts'
import yoYo from '../../specs/classic/yo-yo.ts'
import { check } from '../../src/index.ts'
import { instantiate, type AnySpec } from '../../src/spec/spec.ts'
import { first, itInAll } from '../support/amount.ts'
import { bruteForce } from '../support/brute-force.ts'
import { compareVariants } from '../support/compare-variants.ts'
import { failures, violatedTemporal } from '../support/failures.ts'

// tlaplus/Examples 3c0c83b, specifications/PaxosHowToWinATuringAward/manifest.json: MCPaxosTiny.cfg.
const TINY = { generated: 23_563, distinct: 3921, depth: 17 }

describe('paxos', () => {
  it("agrees with TLC's counts for one acceptor and one value", async () => {
    // tlaplus/Examples 47b0e2c, specifications/Paxos/manifest.json: MCPaxos.cfg.
    const { states, verdict } = await check(paxos, { constants: { acceptors: 1, values: 1 } })
    expect(states).toEqual({ initial: 1, generated: 82, distinct: 25, depth: 9 })
    expect(verdict).toBe('holds')
  })

  it("agrees with TLC's counts for three acceptors and two values", async () => {
    const { states, verdict } = await check(paxos, { symmetry: false, properties: ['agreement', 'votesAreProposed'] })
    expect(states).toMatchObject({ initial: 1, distinct: TINY.distinct, depth: TINY.depth })
    expect(verdict).toBe('holds')
  })

  itInAll("differs from TLC in successors only by TLC's repetitions", async () => {
    // TLC generates a proposal once for each quorum that has promised, and for each of the latest votes of that quorum,
    // or once if it has not voted. Here a proposal is one successor.
    const { states: all, generated } = bruteForce(instantiate(paxos, {}).model)!
    const repeated = all.reduce<number>((sum, state) => sum + repetitions(state as State), 0)
    expect(generated + repeated).toBe(TINY.generated)
    const { states, verdict } = await check(paxos)
    expect(states.generated).toBe(generated)
    expect(verdict).toBe('holds')
  })

  it.each<[string, number, { [property: string]: number }]>([
    ['paxos', 2, {}],
    ['any-value', 1, { agreement: 8 }],
    ['small-quorum', 2, { agreement: 8 }],
    ['broken-promise', 2, { agreement: 12 }],
  ])('with design=%s and %i acceptors', async (design, acceptors, expected) => {
    expect(await failures(paxos, { design, acceptors }, ['agreement'])).toEqual(expected)
  })
})

interface Vote {
  readonly ballot: number
  readonly value: string
}

interface State {
  readonly promise: { toJS(): { [ballot: string]: { [acceptor: string]: { readonly vote: Vote | null } | null } } }
  readonly proposal: { toJS(): { [ballot: string]: string | null } }
}

/** How many more successors TLC generates than there are proposals to make in this state. */
function repetitions(state: State): number {
  const proposals = state.proposal.toJS()
  let repeated = 0
  for (const [ballot, promises] of Object.entries(state.promise.toJS())) {
    if (proposals[ballot] !== null) continue
    for (const value of ['value1', 'value2']) {
      let ways = 0
      for (const quorum of [
        [1, 2],
        [1, 3],
        [2, 3],
      ]) {
        const answers = quorum.map((number) => promises[`acceptor${number}`]!)
        if (answers.includes(null as never)) continue
        const votes = answers.flatMap(({ vote }) => vote ?? [])
        const latest = votes.filter((vote) => votes.every(({ ballot: other }) => other <= vote.ballot))
        ways += votes.length === 0 ? 1 : latest.filter((vote) => vote.value === value).length
      }
      repeated += Math.max(0, ways - 1)
    }
  }
  return repeated
}

describe('ewd840', () => {
  // tlaplus/Examples 04e4315, specifications/ewd840/manifest.json: EWD840.cfg and EWD840_json.cfg.
  it.each(
    first(1, [
      [3, 2001, 302],
      [4, 15_986, 1566],
    ]),
  )("agrees with TLC's counts for %i nodes", async (nodes, generated, distinct) => {
    const { states, verdict } = await check(ewd840, { constants: { nodes } })
    // The color of the token is fixed at the beginning.
    expect(states).toMatchObject({ initial: nodes * 4 ** nodes, distinct })
    expect(verdict).toBe('holds')
    // TLC generates a step of the token once for each disjunct of its guard that is true. Here it is one successor.
    const all = bruteForce(instantiate(ewd840, { nodes }).model)!
    const repeated = all.states.reduce<number>((sum, state) => sum + tokenRepetitions(state as RingState), 0)
    expect(states.generated! + repeated).toBe(generated)
    // TLC reports depth 10 for three nodes: with several workers its depth is not exact. For four it is 12, as here.
    expect(states.depth).toBe(all.depth)
  })

  it.each<[string, { [property: string]: number }]>([
    ['no-black-node', { detection: 5, dijkstra: 3 }],
    ['no-black-token', { detection: 3, dijkstra: 2 }],
    ['no-wait', { detection: 3, dijkstra: 2 }],
  ])('with design=%s', async (design, expected) => {
    expect(await failures(ewd840, { design, nodes: 3 }, ['detection', 'dijkstra', 'canDetect'])).toEqual(expected)
  })
})

interface RingState {
  readonly active: { get(node: number): boolean }
  readonly color: { get(node: number): string }
  readonly token: number
  readonly tokenColor: string
}

/** How many disjuncts of the guard of the token's step are true, besides one. */
function tokenRepetitions({ active, color, token, tokenColor }: RingState): number {
  const disjuncts = [color.get(token) === 'black', tokenColor === 'black', token !== 0 && !active.get(token)]
  return Math.max(0, disjuncts.filter(Boolean).length - 1)
}

describe('ewd998', () => {
  itInAll("agrees with TLC's counts for three nodes", { timeout: 300_000 }, async () => {
    // tlaplus/Examples 04e4315, specifications/ewd998/manifest.json: EWD998PCal.cfg.
    const { states, verdict } = await check(ewd998, { constants: { messages: 2 } })
    expect(states).toMatchObject({ initial: 8, distinct: 321_370, depth: 47 })
    expect(verdict).toBe('holds')
  })

  it.each<[string, { [property: string]: number }]>([
    ['ewd998', {}],
    ['no-sum', { detection: 6 }],
    ['no-mark', { detection: 9 }],
    ['no-wait', { detection: 4 }],
  ])('with design=%s', async (design, expected) => {
    expect(await failures(ewd998, { design, nodes: 2 })).toEqual(expected)
  })
})

describe('chang-roberts', () => {
  it("agrees with TLC's counts", async () => {
    // tlaplus/Examples 0e018bc, specifications/chang_roberts/manifest.json: MCChangRoberts.cfg.
    const { states, verdict } = await check(changRoberts)
    expect(states).toEqual({ initial: 8, generated: 227, distinct: 137, depth: 10 })
    expect(verdict).toBe('holds')
  })

  it.each<[string, { [property: string]: number }, readonly string[]]>([
    ['chang-roberts', {}, []],
    ['pass-higher', { lowestWins: 6 }, ['somebodyWins', 'ends']],
    ['stay', { lowestWins: 6 }, []],
  ])('with design=%s, for descending numbers', async (design, expected, temporal) => {
    const constants = { design, ring: 'descending' }
    expect(await failures(changRoberts, constants)).toEqual(expected)
    expect(await violatedTemporal(changRoberts as AnySpec, constants)).toEqual(temporal)
  })
})

describe('yo-yo', () => {
  // tlaplus/Examples 4414f33, specifications/YoYo/manifest.json: MCYoYoPruning.cfg, MCYoYoNoPruning.cfg and
  // YoYoAllGraphs.cfg.
  it.each(
    first(2, [
      [{}, 1, 157, 102, 31],
      [{ design: 'no-pruning' }, 1, 110, 60, 19],
      // 728 connected labeled graphs of five nodes: OEIS A001187.
      [{ network: 'any' }, 728, 48_535, 26_731, 39],
    ] as const),
  )("agrees with TLC's counts with %o", async (constants, initial, generated, distinct, depth) => {
    const { states, verdict } = await check(yoYo, { constants })
    expect(states).toEqual({ initial, generated, distinct, depth })
    expect(verdict).toBe('holds')
  })

  it.each(
    first<[string, { [property: string]: number }, readonly string[]]>(2, [
      ['forget-early', { deadlock: 12 }, ['ends', 'oneSource']],
      ['prune-all', { lowestLeads: 11, deadlock: 18 }, ['ends']],
      ['keep-sinks', {}, ['ends']],
    ]),
  )('with design=%s', async (design, expected, temporal) => {
    expect(await failures(yoYo, { design })).toEqual(expected)
    expect(await violatedTemporal(yoYo as AnySpec, { design })).toEqual(temporal)
  })

  it('refuses a network that is not connected', async () => {
    const links = ['1-2', '3-4', '3-5', '4-5'] as const
    await expect(check(yoYo, { constants: { links } })).rejects.toMatchObject({ code: 'KR104' })
  })
})

describe('german', () => {
  const SAFETY = ['coherent', 'upToDate', 'directoryKnows', 'allShare', 'deadlock'] as const

  // tlaplus/Examples 10fcc1f, specifications/GermanProtocol/manifest.json: MCGermanCoherence.cfg (no data) and
  // MCGermanWithMutex.cfg, both up to symmetry. aba0cef has the counts of MCGermanWithMutex.cfg before it had a symmetry.
  it.each([
    [{ data: 0 }, true, 1946, 735],
    [{ data: 2 }, true, 2493, 852],
    [{ data: 2 }, false, 9914, 3390],
  ])("agrees with TLC's counts with %o and symmetry=%s", async (constants, symmetry, generated, distinct) => {
    const { states, verdict } = await check(german, { constants, symmetry, properties: SAFETY })
    expect(states).toEqual({ initial: constants.data === 0 || symmetry ? 1 : 2, generated, distinct, depth: 19 })
    expect(verdict).toBe('holds')
  })

  it('serves every request', async () => {
    expect(await violatedTemporal(german as AnySpec, { data: 0 })).toEqual([])
  })

  it.each(
    first<[string, { [property: string]: number }]>(2, [
      ['forget-shared', { coherent: 8, upToDate: 9, directoryKnows: 6 }],
      ['lost-writeback', { upToDate: 10 }],
      ['forget-exclusive', { coherent: 8, upToDate: 7 }],
      ['overwrite', { upToDate: 8 }],
    ]),
  )('with design=%s', async (design, expected) => {
    expect(await failures(german, { design }, SAFETY)).toEqual(expected)
  })

  it('can leave requests without a grant when it overwrites messages', async () => {
    expect(await violatedTemporal(german as AnySpec, { design: 'overwrite', data: 0 })).toEqual(['isGranted'])
  })
})

compareVariants('classic/chang-roberts.ts')
compareVariants('classic/ewd840.ts')
compareVariants('classic/ewd998.ts')
compareVariants('classic/german.ts')
compareVariants('classic/paxos.ts')
compareVariants('classic/yo-yo.ts')
