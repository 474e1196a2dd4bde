/** Runs that go on from a checkpoint give the results of runs that were never interrupted. */
import fc from 'fast-check'
import { Record } from 'immutable'
import { describe, expect, it } from 'vitest'
import { check, model, schema, spec, value, type AnySpec, type CheckOptions } from '../../../src/index.ts'
import { ALL, first, runs } from '../../support/amount.ts'
import { Disk, Killed, MemoryStore } from '../../support/checkpoint-memory.ts'
import {
  built,
  documentOf,
  GRID,
  interrupted,
  random,
  specModule,
  SPECS,
  type Check,
} from '../../support/interrupted-runs.ts'
import { moduleOf } from '../../support/module-of.ts'
import { modelOf, plan } from '../../support/random-spec.ts'

describe('a run that goes on from a checkpoint', () => {
  it('gives the results of a run that was never interrupted, on random models', async () => {
    let resumed = 0
    const property = fc.asyncProperty(plan, fc.integer(), fc.boolean(), async (it, seed, isWhole) => {
      const model = modelOf({ ...it, order: false })
      const random_ = spec({ name: 'random', model: () => model })
      const options = { continue: isWhole, engine: 'explicit', tuning: { sliceMs: 0 } } as const
      const expected = await documentOf(check as Check, random_, options)
      const { document, disk } = await interrupted(check as Check, random_, () => options, seed, {
        due: 0.5,
        killed: 0.1,
        processes: 20,
      })
      // Open records are refused; see below.
      fc.pre((document as { code?: string }).code !== 'KR112')
      resumed += disk.resumed
      expect(document).toEqual(expected)
    })
    await fc.assert(property, { numRuns: runs(1000) })
    expect(resumed).toBeGreaterThan(runs(300))
  })

  it.each([true, false])('gives them if it ends at any moment, with continue %j', async (isWhole) => {
    const module = await moduleOf(GRID)
    const { default: it } = (await import(module)) as { default: AnySpec }
    const common = { module, continue: isWhole, engine: 'explicit', tuning: { sliceMs: 0 } } as const
    const expected = await documentOf(built.check, it, common)
    expect(expected).toMatchObject({ verdict: 'violated' })
    let within = 0
    // In the smaller amount the moments are those of a third of the run, around the violation.
    for (let moment = ALL ? 0 : 30; moment < (ALL ? 200 : 70); moment++) {
      const disk = new Disk()
      const ends = { isDue: (asked: number) => asked === moment, isKilled: () => disk.commits > 0 }
      const begun = documentOf(built.check, it, { ...common, checkpoints: new MemoryStore(disk, ends) })
      const isOver = await begun.then(
        () => true,
        () => false,
      )
      within += disk.within
      const goesOn = { isDue: () => false, isKilled: () => false }
      if (isOver) continue
      expect(await documentOf(built.check, it, { ...common, checkpoints: new MemoryStore(disk, goesOn) })).toEqual(
        expected,
      )
    }
    expect(within).toBeGreaterThan(10)
  })

  it.each([
    [2, true, 15, 1],
    [2, false, 15, 0.3],
    [3, false, 39, 0.3],
  ])('gives them if %i threads stop within levels: continue %j, size %i', async (workers, isWhole, size, due) => {
    const module = await moduleOf(GRID)
    const { default: it } = (await import(module)) as { default: AnySpec }
    // Pages of 80 states are larger than what a thread expands before it looks for a pause.
    const tuning = { sliceMs: 0, parallelFrom: size === 15 ? 16 : 640 }
    const common = { module, continue: isWhole, engine: 'explicit', constants: { size } } as const
    const expected = await documentOf(built.check, it, common)
    let within = 0
    for (let seed = 1; seed <= (ALL ? 40 : 8); seed++) {
      const disk = new Disk()
      const killed = seed % 2 === 0 ? Infinity : seed
      const next = random(seed)
      const ends = { isDue: () => next() < due, isKilled: () => disk.within >= killed }
      const begun = { ...common, workers, tuning, checkpoints: new MemoryStore(disk, ends) }
      const found = await documentOf(built.check, it, begun).catch(async (thrown: unknown) => {
        if (!(thrown instanceof Killed)) throw thrown
        const goesOn = new MemoryStore(disk, { isDue: () => false, isKilled: () => false })
        return await documentOf(built.check, it, { ...common, checkpoints: goesOn })
      })
      within += disk.within
      expect(found).toEqual(expected)
    }
    expect(within).toBeGreaterThan(0)
  })

  it('is refused where an open variable has a record', async () => {
    const Point = Record({ x: 0 })
    const State = schema({ at: value(Point()) })
    const open = spec({
      name: 'open',
      model: () =>
        model(State, {
          init: State(),
          actions: { move: (s) => (s.at.x < 3 ? s.set('at', s.at.set('x', s.at.x + 1)) : undefined) },
          deadlock: false,
        }),
    })
    const store = new MemoryStore(new Disk(), { isDue: () => false, isKilled: () => false })
    await expect(check(open, { checkpoints: store })).rejects.toMatchObject({ code: 'KR112' })
  })

  it.each(first(3, SPECS))(
    'gives them in %s %j, with other numbers of threads',
    { timeout: 300_000 },
    async (path, constants) => {
      const module = await specModule(path)
      const { default: it } = (await import(module)) as { default: AnySpec }
      for (const isWhole of first(1, [true, false])) {
        const common = { module, constants, continue: isWhole, engine: 'explicit' } as const
        const expected = await documentOf(built.check, it, common)
        let resumed = 0
        for (const seed of ALL ? [1, 2, 3, 4] : [1]) {
          const options = (process: number): CheckOptions => ({
            ...common,
            workers: 1 + ((process + seed) % 3),
            tuning: { sliceMs: 5, parallelFrom: seed % 2 === 0 ? 1 : 16 },
          })
          const { document, disk } = await interrupted(built.check, it, options, seed, {
            due: 0.3,
            killed: 0.1,
            processes: 3,
          })
          resumed += disk.resumed
          expect(document).toEqual(expected)
        }
        expect(resumed).toBeGreaterThan(0)
      }
    },
  )
})
