/** Runs that go on from a checkpoint give the results of runs that were never interrupted. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check, spec, type AnySpec, type CheckOptions, type Outcome } from '../../../src/index.ts'
import { checkDocument } from '../../../src/report/json/documents.ts'
import { ALL, first, runs } from '../../support/amount.ts'
import { Disk, Killed, MemoryStore, type Schedule } from '../../support/checkpoint-memory.ts'
import { moduleOf } from '../../support/module-of.ts'
import { modelOf, plan } from '../../support/random-spec.ts'

// The built package, because threads run it.
const built = (await import(new URL('../../../dist/index.js', import.meta.url).href)) as {
  check(spec: AnySpec, options: CheckOptions): Promise<Outcome>
}

type Check = (spec: AnySpec, options: CheckOptions) => Promise<Outcome>

/** The document of `check --json` without the parts that vary, or the failure. */
async function documentOf(run: Check, it: AnySpec, options: CheckOptions): Promise<unknown> {
  try {
    const document = checkDocument(await run(it, options), { peakMemoryBytes: 0 }) as { [key: string]: unknown }
    for (const name of ['seconds', 'bytesPerState', 'specCalls', 'workers']) delete document[name]
    return document
  } catch (thrown) {
    if (thrown instanceof Killed) throw thrown
    const { code, message, trace } = thrown as { [key: string]: any }
    if (code === undefined) throw thrown
    return { code, message, steps: trace?.steps.length }
  }
}

/** A generator of numbers from 0 to below 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Runs that end at random are resumed until one of them ends by itself. */
async function interrupted(
  run: Check,
  it: AnySpec,
  options: (process: number) => CheckOptions,
  seed: number,
  { due, killed, processes }: { readonly due: number; readonly killed: number; readonly processes: number },
): Promise<{ readonly document: unknown; readonly disk: Disk }> {
  const disk = new Disk()
  const next = random(seed)
  for (let process = 0; ; process++) {
    const isLast = process === processes - 1
    const schedule: Schedule = { isDue: () => next() < due, isKilled: () => !isLast && next() < killed }
    try {
      const document = await documentOf(run, it, { ...options(process), checkpoints: new MemoryStore(disk, schedule) })
      return { document, disk }
    } catch (thrown) {
      if (!(thrown instanceof Killed)) throw thrown
    }
  }
}

const specModule = (path: string): Promise<string> => moduleOf(`export { default } from '../specs/${path}'`)

/** Violations at different depths, temporal properties, goals, measures, symmetry, open values, sparse sets, constraints. */
const SPECS: readonly (readonly [path: string, constants: { readonly [name: string]: unknown }])[] = [
  ['classic/die-hard.ts', {}],
  ['truncate-dma.ts', { design: 'none' }],
  ['truncate-dma.ts', { design: 'wait-allocated', users: 1 }],
  ['classic/two-phase-commit.ts', { resourceManagers: 4 }],
  ['classic/ewd998.ts', {}],
  ['seen-set.ts', { design: 'finish-early', capacity: 2 }],
]

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
      resumed += disk.resumed
      expect(document).toEqual(expected)
    })
    await fc.assert(property, { numRuns: runs(1000) })
    expect(resumed).toBeGreaterThan(runs(300))
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
