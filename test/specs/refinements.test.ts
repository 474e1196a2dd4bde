/** Published refinements. Each file of `refinements/` names its source. */
import { describe, expect, it } from 'vitest'
import { check, formatTrace, type AnySpec, type CheckOptions } from '../../src/index.ts'
import { itInAll } from '../support/amount.ts'
import { alternatingBit } from './refinements/alternating-bit.ts'
import { hourClock2, minuteClock } from './refinements/clocks.ts'
import { refined, transactionCommit } from './refinements/transaction-commit.ts'

async function results(of: AnySpec, options: CheckOptions = {}): Promise<(string | number)[][]> {
  const { properties } = await check(of, options)
  return properties.map(({ name, result }) => [name, result])
}

describe('two-phase commit', () => {
  // Published: 34 states of TCommit and 288 of TwoPhase with 3 resource managers.
  it('refines transaction commit', async () => {
    expect((await check(transactionCommit, { symmetry: false })).states.distinct).toBe(34)
    const result = await check(refined(), { symmetry: false })
    expect(result.property('commit').result).toBe('holds')
    expect(result.states.distinct).toBe(288)
  })

  it('refines it up to symmetry, and on sets of states', async () => {
    const reduced = await check(refined())
    expect([reduced.symmetry, reduced.property('commit').result]).toEqual(['on', 'holds'])
    expect(reduced.states.distinct).toBeLessThan(288)
    const onSets = await check(refined(), { engine: 'symbolic' })
    expect([onSets.engine, onSets.property('commit').result]).toEqual(['symbolic', 'holds'])
  })

  itInAll('refines it with five resource managers', async () => {
    // Published: 8,832 states.
    const result = await check(refined(), { symmetry: false, constants: { resourceManagers: 5 } })
    expect([result.property('commit').result, result.states.distinct]).toEqual(['holds', 8832])
  })

  it('does not refine it under a wrong mapping, from the initial state on', async () => {
    const { trace } = (await check(refined('map'))).property('commit')
    expect(trace!.steps).toHaveLength(1)
  })

  it('does not refine it if it commits too early', async () => {
    const { trace } = (await check(refined('protocol'))).property('commit')
    expect(trace!.steps.map(({ action }) => action)).toEqual(['init', 'tmCommit', 'rmRcvCommit'])
    expect(trace!.abstract!.entries.map(({ by }) => by?.action)).toEqual(['init', 'stutter', undefined])
    expect(formatTrace(trace!)).toContain('prepare(rm1)')
  })
})

describe('clocks', () => {
  it('refine the hour clock, also one that shows minutes', async () => {
    const holding = [
      ['clock', 'holds'],
      ['clock.fair.tick', 'holds'],
      ['deadlock', 'holds'],
    ]
    expect(await results(hourClock2)).toEqual(holding)
    expect(await results(minuteClock())).toEqual(holding)
  })

  it('do not if they skip an hour, or may stop', async () => {
    const skips = await check(minuteClock('skips'))
    expect(skips.property('clock').trace!.steps).toHaveLength(61)
    expect(await results(minuteClock('stops'))).toContainEqual(['clock.fair.tick', 'violated'])
    expect(await results(minuteClock('begins'))).toContainEqual(['clock', 'holds'])
  })
})

describe('the alternating bit protocol', () => {
  it('refines a sender and a receiver that take turns', async () => {
    expect(await results(alternatingBit())).toEqual([
      ['turns', 'holds'],
      ['turns.fair.next', 'holds'],
    ])
  })

  it('needs strong fairness of the receiving steps', async () => {
    for (const receives of ['weak', 'not'] as const) {
      expect(await results(alternatingBit(receives))).toEqual([
        ['turns', 'holds'],
        ['turns.fair.next', 'violated'],
      ])
    }
  })

  it('needs the bit', async () => {
    expect(await results(alternatingBit('strong', 'bit'))).toContainEqual(['turns', 'violated'])
  })
})
