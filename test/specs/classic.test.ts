import { describe, expect, it } from 'vitest'
import bakery from '../../specs/classic/bakery.ts'
import dieHard from '../../specs/classic/die-hard.ts'
import diningPhilosophers from '../../specs/classic/dining-philosophers.ts'
import peterson from '../../specs/classic/peterson.ts'
import slidingPuzzle from '../../specs/classic/sliding-puzzle.ts'
import teachingConcurrency from '../../specs/classic/teaching-concurrency.ts'
import twoPhaseCommit from '../../specs/classic/two-phase-commit.ts'
import { check } from '../../src/index.ts'
import { instantiate, type AnySpec } from '../../src/spec/spec.ts'
import { first, itInAll } from '../support/amount.ts'
import { compareVariants } from '../support/compare-variants.ts'
import { bruteForce } from '../support/brute-force.ts'
import { failures } from '../support/failures.ts'

describe('die-hard', () => {
  it("agrees with TLC's counts", async () => {
    // tlaplus, test/tlc2/tool/DiameterTest.java, DieHardTLA explored to the end: 97 states generated, 16 distinct,
    // diameter 8.
    const { states, traces } = await check(dieHard, { continue: true })
    expect(states).toEqual({ initial: 1, generated: 97, distinct: 16, depth: 8 })
    expect(traces[0]!.steps.length - 1).toBe(6)
    expect(traces[0]!.steps.at(-1)!.state.toJS()).toMatchObject({ big: 4 })
  })
})

describe('sliding-puzzle', () => {
  it.each(
    first(2, [
      // The five tiles: OEIS A090034, 123 45- from 45- 123.
      ['five', 360, 21],
      // The states: tlaplus/Examples, specifications/SlidingPuzzles/README.md (copy of zablonbaraka85/Examples 4e26628).
      // The steps: the search below.
      ['pennant', 1398, 83],
      ['klotski', 25_955, 116],
      ['ma', 110_804, 36],
      // OEIS A089473: it ends with the two boards that are 31 steps away, and its sum is half of 9!.
      ['eight', 181_440, 31],
    ]),
  )('has the known number of states of %s', async (puzzle, distinct, steps) => {
    const { states, traces, verdict } = await check(slidingPuzzle as AnySpec, { constants: { puzzle } })
    expect([verdict, states.initial, states.distinct]).toEqual(['holds', 1, distinct])
    expect(traces[0]!.steps.length - 1).toBe(steps)
  })

  it.each(
    first(1, [
      ['pennant', 4, ['0145', '23', '67', '8', '9', 'cg', 'dh', 'ef', 'ij'], ['cdgh']],
      ['klotski', 4, ['04', '1256', '37', '8c', '9a', 'bf', 'd', 'e', 'g', 'j'], ['dehi']],
    ]),
  )('agrees with a search over sets of pieces: %s', async (puzzle, width, pieces, solution) => {
    const { states, traces } = await check(slidingPuzzle as AnySpec, { constants: { puzzle } })
    const found = search(width, pieces, solution)
    expect([states.distinct, states.depth]).toEqual([found.states, found.levels])
    expect(traces[0]!.steps.length - 1).toBe(found.steps)
  })
})

/** A search over boards that are sets of pieces, as in the original. A piece is a set of places: digits in base 36. */
function search(width: number, pieces: readonly string[], solution: readonly string[]) {
  const height = 5
  const move = (piece: string, right: number, down: number): string | undefined => {
    const places = [...piece].map((digit) => {
      const [column, row] = [(parseInt(digit, 36) % width) + right, Math.floor(parseInt(digit, 36) / width) + down]
      return column < 0 || column >= width || row < 0 || row >= height ? undefined : row * width + column
    })
    return places.includes(undefined) ? undefined : places.map((place) => place!.toString(36)).join('')
  }
  const nameOf = (board: readonly string[]): string => board.toSorted().join(' ')
  const seen = new Set([nameOf(pieces)])
  let [levels, steps] = [0, Infinity]
  for (let frontier = [...seen]; frontier.length > 0; levels++) {
    const next: string[] = []
    for (const name of frontier) {
      const board = name.split(' ')
      if (solution.every((piece) => board.includes(piece))) steps = Math.min(steps, levels)
      for (const piece of board) {
        const others = board.filter((other) => other !== piece)
        const covered = others.join('')
        for (const [right, down] of [
          [1, 0],
          [-1, 0],
          [0, 1],
          [0, -1],
        ] as const) {
          const moved = move(piece, right, down)
          if (moved === undefined || [...moved].some((place) => covered.includes(place))) continue
          const after = nameOf([...others, moved])
          if (!seen.has(after)) next.push(after)
          seen.add(after)
        }
      }
    }
    frontier = next
  }
  return { states: seen.size, levels, steps }
}

describe('two-phase-commit', () => {
  // 3: tlaplus/Examples 32a32c7, specifications/transaction_commit/manifest.json, TwoPhase.cfg. 7: docs/reference/formats.md.
  it.each([
    [3, 1146, 288, 11],
    [7, 2_744_706, 296_448, 23],
  ])("agrees with TLC's counts for %i resource managers", async (resourceManagers, generated, distinct, depth) => {
    const { states, verdict } = await check(twoPhaseCommit, {
      constants: { resourceManagers },
      deadlock: false,
      symmetry: false,
    })
    expect(states).toEqual({ initial: 1, generated, distinct, depth })
    expect(verdict).toBe('holds')
  })

  // Independent enumerations gave the orbits under permutations of the resource managers, and the successors of one
  // state of each.
  it.each([
    [3, 318, 80],
    [4, 869, 166],
    [5, 2048, 314],
    [6, 4328, 553],
    [7, 8410, 920],
    [8, 15_287, 1461],
    [9, 26_316, 2232],
    [10, 43_298, 3300],
  ])('has the right number of orbits for %i resource managers', async (resourceManagers, generated, distinct) => {
    const { states, verdict, symmetry } = await check(twoPhaseCommit, {
      constants: { resourceManagers },
      deadlock: false,
    })
    expect(states).toEqual({ initial: 1, generated, distinct, depth: 3 * resourceManagers + 2 })
    expect([verdict, symmetry]).toEqual(['holds', 'on'])
  })
})

describe('peterson', () => {
  it("agrees with TLC's counts", async () => {
    // tlaplus/Examples 04e4315, specifications/locks_auxiliary_vars/manifest.json, Peterson.cfg.
    const { states, verdict } = await check(peterson)
    expect(states).toEqual({ initial: 1, generated: 77, distinct: 42, depth: 11 })
    expect(verdict).toBe('holds')
  })

  it.each<[string, { [property: string]: number }]>([
    ['no-turn', { deadlock: 6 }],
    ['no-flag', {}],
    ['turn-first', { mutualExclusion: 8 }],
    ['late-flag', { mutualExclusion: 8 }],
    ['own-turn', { mutualExclusion: 8 }],
  ])('with design=%s', async (design, expected) => {
    expect(await failures(peterson, { design })).toEqual(expected)
  })

  it.each([
    ['peterson', 'holds'],
    // Both wait for each other; one waits for a process that stays away; one waits for a process that returns again and
    // again, with the flag down in between.
    ['no-turn', 'violated'],
    ['no-flag', 'violated'],
    ['own-turn', 'violated'],
  ])('with design=%s: the claim that nobody starves %s', async (design, expected) => {
    const { properties } = await check(peterson as AnySpec, { constants: { design }, properties: ['noStarvation'] })
    expect(properties).toMatchObject([{ name: 'noStarvation', result: expected }])
  })
})

describe('bakery', () => {
  // Lamport's algorithm in tlaplus/Examples has no published counts, because its numbers grow without bound.
  it.each(
    first(2, [
      [2, 2, 111],
      [2, 4, 297],
      [3, 3, 9013],
    ]),
  )(
    'has as many states as brute force finds, for %i processes and %i tickets',
    async (processes, tickets, expected) => {
      const constants = { processes, tickets }
      const { initial, generated, distinct, depth } = bruteForce(instantiate(bakery, constants).model)!
      const { states, verdict } = await check(bakery, { constants })
      expect(states).toEqual({ initial, generated, distinct, depth })
      expect([distinct, verdict]).toEqual([expected, 'holds'])
    },
  )

  it.each<[string, { [property: string]: number }]>([
    // Both read before either takes a ticket. The second takes 1 and enters, because the first has none. The first
    // takes 1 and goes ahead.
    ['no-choosing', { mutualExclusion: 14 }],
    ['no-names', { deadlock: 12 }],
  ])('with design=%s', async (design, expected) => {
    expect(await failures(bakery, { design })).toEqual(expected)
  })

  it.each([
    ['bakery', 2, 'holds'],
    ['bakery', 3, 'holds'],
    ['no-choosing', 2, 'holds'],
    // With equal tickets each waits for the other.
    ['no-names', 2, 'violated'],
  ])('with design=%s and %i processes: the claim that nobody starves %s', async (design, processes, expected) => {
    const constants = { design, processes, tickets: 3 }
    const { properties } = await check(bakery as AnySpec, { constants, properties: ['noStarvation'] })
    expect(properties).toMatchObject([{ name: 'noStarvation', result: expected }])
  })

  itInAll('has numbers enough for all who come in, and needs them', async () => {
    const highestOf = (state: unknown): number =>
      Math.max(...(state as { ticket: Map<string, number> }).ticket.values())
    const { model } = instantiate(bakery, { processes: 3, tickets: 3 })
    const { states } = bruteForce(model)!
    expect(Math.max(...states.map(highestOf))).toBe(3)
    await expect(check(bakery, { constants: { processes: 3, tickets: 2 } })).rejects.toMatchObject({ code: 'KR104' })
  })
})

describe('dining-philosophers', () => {
  it.each<[string, number, { [property: string]: number }]>([
    ['left-first', 3, { deadlock: 9 }],
    ['left-first', 4, { deadlock: 12 }],
    ['one-right-handed', 4, {}],
    ['ordered', 4, {}],
    ['waiter', 4, {}],
    ['put-back', 3, {}],
    ['no-forks', 3, { noNeighborsEat: 8 }],
  ])('with design=%s and %i philosophers', async (design, philosophers, expected) => {
    expect(await failures(diningPhilosophers, { design, philosophers })).toEqual(expected)
  })

  // A philosopher in an ordered design starves only if a fork that is free again and again need never be taken. Weak
  // fairness allows that.
  it.each<[design: string, fair: string, starves: readonly string[]]>([
    ['left-first', 'strong', ['someoneEats', 'everyoneEats']],
    ['ordered', 'strong', []],
    ['one-right-handed', 'strong', []],
    ['waiter', 'strong', []],
    ['put-back', 'strong', ['someoneEats', 'everyoneEats']],
    ['ordered', 'weak', ['everyoneEats']],
    ['one-right-handed', 'weak', ['everyoneEats']],
    ['waiter', 'weak', ['everyoneEats']],
    ['put-back', 'weak', ['someoneEats', 'everyoneEats']],
  ])('with design=%s under %s fairness', async (design, fair, starves) => {
    const { properties } = await check(diningPhilosophers as AnySpec, {
      constants: { design, fair, philosophers: 3 },
      continue: true,
    })
    const temporal = properties.filter(({ kind }) => kind === 'temporal')
    expect(temporal.map(({ result }) => result)).not.toContain('unknown')
    expect(temporal.filter(({ result }) => result === 'violated').map(({ name }) => name)).toEqual(starves)
  })

  itInAll('has as many states as brute force finds', async () => {
    const constants = { design: 'ordered', philosophers: 5 }
    const { initial, generated, distinct, depth } = bruteForce(instantiate(diningPhilosophers, constants).model)!
    const { states } = await check(diningPhilosophers as AnySpec, { constants })
    expect(states).toEqual({ initial, generated, distinct, depth })
    expect(distinct).toBeGreaterThan(1000)
  })
})

describe('teaching-concurrency', () => {
  // tlaplus/Examples 04e4315, specifications/TeachingConcurrency/manifest.json: Simple.cfg, with the depth for five
  // processes, and SimpleRegular.cfg, which has eight.
  it.each(
    first(1, [
      [5, 'atomic', 1842, 723, 11],
      [8, 'regular', 1_454_776, 277_726, 25],
    ]),
  )("agrees with TLC's counts for %i processes with %s registers", async (processes, registers, ...published) => {
    const [generated, distinct, depth] = published
    const { states, verdict } = await check(teachingConcurrency as AnySpec, { constants: { processes, registers } })
    // In TLC's model, a state in which all have finished is its own successor: one for each way to copy not only zeros.
    const stutters = 2 ** processes - 1
    expect({ ...states, generated: states.generated! + stutters }).toEqual({ initial: 1, generated, distinct, depth })
    expect(verdict).toBe('holds')
  })

  it.each([
    ['atomic', 6],
    ['regular', 9],
  ])('fails if all read before they write, with %s registers', async (registers, steps) => {
    const constants = { order: 'read-first', registers, processes: 3 }
    expect(await failures(teachingConcurrency, constants)).toEqual({ oneIsCopied: steps })
  })
})

compareVariants('classic/bakery.ts')
compareVariants('classic/die-hard.ts')
compareVariants('classic/dining-philosophers.ts')
compareVariants('classic/peterson.ts')
compareVariants('classic/sliding-puzzle.ts')
compareVariants('classic/teaching-concurrency.ts')
compareVariants('classic/two-phase-commit.ts')
