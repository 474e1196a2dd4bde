/** Searches whose states do not fit into memory give the results of searches in memory. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { action, check, model, oneOf, range, schema, spec, type AnySpec } from '../../../src/index.ts'
import { ALL, first, runs } from '../../support/amount.ts'
import { Disk, MemoryStore, type Schedule } from '../../support/checkpoint-memory.ts'
import { built, documentOf, GRID, interrupted, SPECS, specModule } from '../../support/interrupted-runs.ts'
import { moduleOf } from '../../support/module-of.ts'
import { modelOf, plan } from '../../support/random-spec.ts'

/** Bound here, because the spec functions must not ask for the time while a search runs. */
const now = performance.now.bind(performance)

const NEVER: Schedule = { isDue: () => false, isKilled: () => false }

describe('a search on disk', () => {
  it('gives the results of a search in memory, on random models, even if it is interrupted', async () => {
    let onDisk = 0
    let resumed = 0
    const property = fc.asyncProperty(plan, fc.integer(), fc.boolean(), async (it, seed, isWhole) => {
      const made = modelOf({ ...it, order: false })
      const random_ = spec({ name: 'random', model: () => made })
      const names = made.properties.flatMap(({ kind, name }) => (kind === 'temporal' ? [] : [name]))
      const options = { continue: isWhole, engine: 'explicit', properties: names, tuning: { sliceMs: 3 } } as const
      const expected = await documentOf(check, random_, options)
      const { document, disk } = await interrupted(check, random_, () => ({ ...options, memoryBytes: 24_000 }), seed, {
        due: 0.3,
        killed: seed % 2 === 0 ? 0.02 : 0,
        processes: 6,
        takesStates: true,
      })
      // Open records are refused; see checkpoint.test.ts.
      fc.pre((document as { code?: string }).code !== 'KR112')
      // The initial states must fit into memory.
      fc.pre((document as { states?: { initial: number } }).states?.initial !== 0)
      if (disk.news.length > 0) onDisk++
      resumed += disk.resumed
      expect(document).toEqual(expected)
    })
    await fc.assert(property, { numRuns: runs(1000) })
    expect(onDisk).toBeGreaterThan(runs(500))
    expect(resumed).toBeGreaterThan(runs(40))
  })

  // The seen set has none of the slots, some of them, or all.
  it.each([
    [20_000, false],
    [40_000, true],
    [60_000, false],
    [90_000, true],
    [200_000, false],
  ])('gives them with %i bytes of memory, continue %j', async (memoryBytes, isWhole) => {
    const module = await moduleOf(GRID)
    const { default: it } = (await import(module)) as { default: AnySpec }
    const common = { module, continue: isWhole, engine: 'explicit', constants: { size: 39 } } as const
    const expected = await documentOf(built.check, it, common)
    const disk = new Disk()
    const checkpoints = new MemoryStore(disk, NEVER, true)
    expect(await documentOf(built.check, it, { ...common, memoryBytes, checkpoints })).toEqual(expected)
    expect(disk.news[0]).toMatchObject({ kind: 'full' })
    for (const seed of ALL ? [1, 2, 3, 4, 5, 6] : [1]) {
      const { document, disk } = await interrupted(
        built.check,
        it,
        (process) => ({ ...common, memoryBytes: memoryBytes * (1 + process), tuning: { sliceMs: 0 } }),
        seed,
        { due: 0.05, killed: 0.001, processes: 4, takesStates: true },
      )
      expect(document).toEqual(expected)
      expect(disk.onDisk).toBeGreaterThan(0)
    }
  })

  it.each(first(1, [2, 3]))('goes on from a search by %i threads', { timeout: 120_000 }, async (workers) => {
    const module = await specModule('classic/two-phase-commit.ts')
    const { default: it } = (await import(module)) as { default: AnySpec }
    const constants = { resourceManagers: 7 }
    const common = { module, constants, engine: 'explicit', symmetry: false } as const
    const disk = new Disk()
    const checkpoints = new MemoryStore(disk, NEVER, true)
    const options = {
      ...common,
      workers,
      memoryBytes: 4_000_000,
      checkpoints,
      tuning: { parallelFrom: 16, sliceMs: 2 },
    }
    // The counts of the other tests of this model, and of TLC.
    expect(await documentOf(built.check, it, options)).toMatchObject({
      verdict: 'holds',
      states: { distinct: 296_448, generated: 2_744_706, depth: 23 },
    })
    expect(disk.news).toMatchObject([{ kind: 'full' }])
  })

  it.each(first(4, SPECS))('gives them in %s %j', { timeout: 300_000 }, async (path, constants) => {
    const module = await specModule(path)
    const { default: it } = (await import(module)) as { default: AnySpec }
    const { properties } = (await documentOf(built.check, it, { module, constants })) as {
      properties: readonly { readonly kind: string; readonly name: string }[]
    }
    const names = properties.flatMap(({ kind, name }) => (kind === 'temporal' ? [] : [name]))
    for (const memoryBytes of [20_000, 50_000]) {
      for (const isWhole of [true, false]) {
        const common = { module, constants, continue: isWhole, engine: 'explicit', properties: names } as const
        const expected = await documentOf(built.check, it, common)
        const options = { ...common, memoryBytes, checkpoints: new MemoryStore(new Disk(), NEVER, true) }
        expect(await documentOf(built.check, it, options)).toEqual(expected)
      }
    }
  })

  it('decides temporal properties only if all states are in memory', async () => {
    const module = await specModule('truncate-dma.ts')
    const { default: it } = (await import(module)) as { default: AnySpec }
    const constants = { design: 'wait-allocated' }
    const common = { module, constants, continue: true, engine: 'explicit' } as const
    const resultOf = async (memoryBytes: number): Promise<unknown> => {
      const checkpoints = new MemoryStore(new Disk(), NEVER, true)
      const { properties } = await built.check(it, { ...common, memoryBytes, checkpoints })
      return properties.find(({ kind }) => kind === 'temporal')
    }
    expect(await resultOf(100_000_000)).not.toMatchObject({ result: 'unknown' })
    expect(await resultOf(40_000)).toMatchObject({
      result: 'unknown',
      reason: 'some states are only on disk, and a temporal property needs all of them in memory',
    })
  })

  it('ends as incomplete if the disk is full, and goes on from the checkpoint before', async () => {
    const common = { continue: true, engine: 'explicit' } as const
    const it = spec({
      name: 'cube',
      model: () => {
        const State = schema({ x: range(0, 25), y: range(0, 25), z: range(0, 25) })
        const up = action({ axis: oneOf('x', 'y', 'z') }, (s: ReturnType<typeof State>, { axis }) =>
          s[axis] < 25 ? s.set(axis, s[axis] + 1) : undefined,
        )
        return model(State, { init: State(), actions: { up }, deadlock: false })
      },
    })
    const expected = await documentOf(check, it, common)
    const disk = new Disk()
    const ends = new MemoryStore(disk, { isDue: () => true, isKilled: () => false }, true, 20_000)
    const outcome = await check(it, { ...common, memoryBytes: 60_000, checkpoints: ends })
    expect(outcome).toMatchObject({ ending: 'disk', verdict: 'incomplete' })
    expect(disk.onDisk).toBeGreaterThan(1)
    const goesOn = new MemoryStore(disk, NEVER, true)
    expect(await documentOf(check, it, { ...common, memoryBytes: 60_000, checkpoints: goesOn })).toEqual(expected)
    expect(disk.resumed).toBe(1)
  })

  it('tells when reading takes longer than exploring', async () => {
    const module = await moduleOf(GRID)
    const { default: it } = (await import(module)) as { default: AnySpec }
    const disk = new Disk()
    // Reading is slow here.
    let reads = 0
    const checkpoints = new MemoryStore(disk, NEVER, true, Infinity, () => {
      if (reads++ < 25) for (const until = now() + 50; now() < until;);
    })
    await built.check(it, { module, engine: 'explicit', memoryBytes: 20_000, maxDepth: 30, checkpoints })
    expect(disk.news.map(({ kind }) => kind)).toEqual(['full', 'slow'])
  })
})
