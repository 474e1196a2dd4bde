/** Locks: TLC's counts, and what goes wrong in broken designs. */
import { describe, expect, it } from 'vitest'
import lamportMutex from '../../specs/classic/lamport-mutex.ts'
import readersWriters from '../../specs/classic/readers-writers.ts'
import { check } from '../../src/index.ts'
import { instantiate } from '../../src/spec/spec.ts'
import { itInAll } from '../support/amount.ts'
import { bruteForce } from '../support/brute-force.ts'
import { compareVariants } from '../support/compare-variants.ts'
import { failures, violatedTemporal } from '../support/failures.ts'

describe('readers-writers', () => {
  itInAll("agrees with TLC's counts for three actors", async () => {
    // tlaplus/Examples 04e4315, specifications/ReadersWriters/manifest.json: MC.cfg.
    const { states, verdict } = await check(readersWriters)
    expect(states).toEqual({ initial: 1, generated: 59_674, distinct: 21_527, depth: 13 })
    expect(verdict).toBe('holds')
  })

  it('has as many states as brute force finds, for two actors', async () => {
    const { initial, generated, distinct, depth } = bruteForce(instantiate(readersWriters, { actors: 2 }).model)!
    const { states, verdict } = await check(readersWriters, { constants: { actors: 2 } })
    expect(states).toEqual({ initial, generated, distinct, depth })
    expect(verdict).toBe('holds')
  })

  it.each<[string, { [property: string]: number }]>([
    ['late-check', { exclusion: 4 }],
    ['writer-enters', { exclusion: 4 }],
  ])('with design=%s', async (design, expected) => {
    expect(await failures(readersWriters, { design, actors: 2 }, ['exclusion'])).toEqual(expected)
  })

  itInAll('starves actors without a queue', async () => {
    const constants = { design: 'no-queue', actors: 2 }
    expect(await violatedTemporal(readersWriters, constants)).toEqual([
      'everybodyReads',
      'everybodyWrites',
      'everybodyStops',
    ])
  })
})

describe('lamport-mutex', () => {
  itInAll("agrees with TLC's counts for three processes", { timeout: 600_000 }, async () => {
    // tlaplus/Examples 04e4315, specifications/lamport_mutex/manifest.json: MCLamportMutex.cfg.
    const { states, verdict } = await check(lamportMutex, { constants: { time: 6 } })
    expect(states).toEqual({ initial: 1, generated: 2_729_079, distinct: 724_274, depth: 61 })
    expect(verdict).toBe('holds')
  })

  it.each<[string, { [property: string]: number }]>([
    ['lamport', {}],
    ['no-acks', { mutualExclusion: 4 }],
    ['unordered', { mutualExclusion: 8 }],
    ['no-names', { deadlock: 6 }],
  ])('with design=%s', async (design, expected) => {
    expect(await failures(lamportMutex, { design, processes: 2, time: 2 })).toEqual(expected)
  })
})

compareVariants('classic/lamport-mutex.ts')
compareVariants('classic/readers-writers.ts')
