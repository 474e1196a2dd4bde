/**
 * Chains: few states on many levels. Both engines report the same. The work on sets grows less than the square of the
 * length, and a run can be interrupted at any time.
 */
import { afterEach, describe, expect, it } from 'vitest'
import deep from '../../../bench/cliffs/deep.ts'
import chains, { KINDS, type Kind } from '../../../bench/symbolic/chains.ts'
import twoPhaseCommit from '../../../specs/classic/two-phase-commit.ts'
import { alwaysEventually, check, model, schema, spec, value } from '../../../src/index.ts'
import { OperationCache } from '../../../src/engine/symbolic/diagram/operation-cache.ts'
import { NodeTable } from '../../../src/engine/symbolic/diagram/node-table.ts'
import { ALL, first } from '../../support/amount.ts'
import { compareEngines } from '../../support/twins.ts'
import type { AnySpec } from '../../../src/spec/spec.ts'

/** More contents than an unsplit slot has. */
const LENGTH = ALL ? 75 : 25

const VARIANTS = [{}, { violated: true }, { live: true }]

/** Processor time since the process began. */
function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

describe('chains on sets of states', () => {
  it.each(KINDS.flatMap((kind) => VARIANTS.map((variant) => [kind, variant] as const)))(
    'give the same results as single states: %s %j',
    async (kind, variant) => {
      const constants = { kind, length: LENGTH, ...variant }
      for (const options of [{}, { continue: true }, { maxDepth: LENGTH - 5 }]) {
        expect(await compareEngines(chains, { ...options, constants })).toBe('symbolic')
      }
      const { states } = await check(chains, { engine: 'symbolic', constants })
      expect(states.depth).toBe((await check(chains, { engine: 'explicit', constants })).states.depth)
    },
  )

  it('give the same results with open values, numbered in the order of discovery', async () => {
    // By text and by number, 100 precedes 99.
    const next = (at: string): string => (at === '0' ? '120' : String(Number(at) - 1))
    const isSmall = (s: { at: string }): boolean => s.at.length > 1 || s.at === '0'
    const State = schema({ at: value('110'), also: value('x') })
    const open = spec({
      name: 'open',
      model: () =>
        model(State, {
          init: [State(), State({ at: '90' }), State({ also: '90' })],
          actions: { step: (s) => s.set('at', next(s.at)) },
          invariants: { small: isSmall },
          temporal: { returns: alwaysEventually((s: { at: string }) => s.at === '110') },
          deadlock: false,
        }),
    })
    for (const options of [{}, { continue: true }]) expect(await compareEngines(open, options)).toBe('symbolic')
  })
})

describe('the work for chains on sets of states', () => {
  const { get, set } = OperationCache.prototype
  const { make } = NodeTable.prototype

  afterEach(() => {
    Object.assign(OperationCache.prototype, { get, set })
    NodeTable.prototype.make = make
  })

  /** Results looked up and stored, and nodes made. */
  async function workOf(kind: Kind, length: number, variant: object): Promise<number> {
    let work = 0
    OperationCache.prototype.get = function (...operands) {
      work++
      return get.apply(this, operands)
    }
    OperationCache.prototype.set = function (...operation) {
      work++
      return set.apply(this, operation)
    }
    NodeTable.prototype.make = function (...node) {
      work++
      return make.apply(this, node)
    }
    const constants = { kind, length, ...variant }
    const { states, ending } = await check(chains, { engine: 'symbolic', constants })
    expect(ending).not.toBe('time')
    expect(states.depth).not.toBeUndefined()
    return work
  }

  it.each(
    first(2, ['up', 'down', 'lockstep', 'flag', 'reset', 'labels'] as const).flatMap((kind) =>
      VARIANTS.map((variant) => [kind, variant] as const),
    ),
  )(
    'grows less than the square of the length: %s %j',
    async (kind, variant) => {
      const [shorter, longer] = [await workOf(kind, 500, variant), await workOf(kind, 2000, variant)]
      expect(Math.log(longer / shorter) / Math.log(2000 / 500)).toBeLessThan(1.4)
    },
    30_000,
  )

  it.each(first(0, ['ring', 'queue'] as const))(
    'grows less than the cube if a state is as long as the chain: %s',
    async (kind) => {
      const [shorter, longer] = [await workOf(kind, 100, {}), await workOf(kind, 400, {})]
      expect(Math.log(longer / shorter) / Math.log(4)).toBeLessThan(2.8)
    },
    30_000,
  )
})

describe('the exploration of chains on sets of states', () => {
  it.each(
    first(2, [
      ['up', 3000, {}],
      ['up', 3000, { violated: true }],
      ['lockstep', 3000, { live: true }],
      ['program', 250, {}],
      ['queue', 250, { violated: true }],
    ] as const),
  )(
    'pauses regularly: %s %i %j',
    async (kind, length, variant) => {
      let last = processorMs()
      let longest = 0
      const onProgress = (): void => {
        longest = Math.max(longest, processorMs() - last)
        last = processorMs()
      }
      await check(chains, { engine: 'symbolic', constants: { kind, length, ...variant }, onProgress })
      onProgress()
      // The target is a tenth of a second. Other work of the process counts too.
      expect(longest).toBeLessThan(1000)
    },
    30_000,
  )

  it('ends soon after an interruption', async () => {
    const asking = new AbortController()
    let askedMs = 0
    // Interrupt after some progress, so that the run is in the middle of its work.
    let reports = 0
    const onProgress = (): void => {
      if (++reports !== 3) return
      askedMs = processorMs()
      asking.abort()
    }
    const constants = { kind: 'flag', length: 10_000, live: true } as const
    const { ending } = await check(chains, { engine: 'symbolic', constants, signal: asking.signal, onProgress })
    expect(ending).toBe('interrupted')
    expect(processorMs() - askedMs).toBeLessThan(1000)
  }, 30_000)
})

describe('advice on chains', () => {
  const CHAINS = 'use --engine explicit'

  /** The warnings of a run that was interrupted at this many states, or at once. */
  async function saidOf(given: AnySpec, constants: object, states: number): Promise<string[]> {
    const asking = new AbortController()
    const onProgress = ({ distinct }: { distinct: number }): void => {
      if (distinct >= states) asking.abort()
    }
    const options = { constants: constants as never, onProgress, signal: asking.signal }
    const { ending, warnings } = await check(given, { ...options, engine: 'symbolic' })
    expect(ending).toBe('interrupted')
    return warnings.filter(({ code }) => code === 'budget').map(({ text }) => text)
  }

  it('is given when a run is interrupted', async () => {
    const said = await saidOf(deep, {}, 5000)
    expect(said).toEqual([expect.stringContaining(CHAINS)])
  }, 30_000)

  it('is not given for a large model without chains', async () => {
    const said = await saidOf(twoPhaseCommit, { resourceManagers: 60 }, 1)
    expect(said).toHaveLength(1)
    expect(said[0]).not.toContain(CHAINS)
  }, 30_000)

  it('is given after a try of the symbolic engine', async () => {
    const { engine, engineChange } = await check(deep, {
      constants: { digits: 5, lanes: 4 },
      tuning: { symbolicFrom: 200_000 },
    })
    expect(engine).toBe('explicit')
    expect(engineChange).toContain(CHAINS)
  }, 30_000)
})
