/** Runs that end in the middle, for the tests of checkpoints and of searches on disk. */
import type { AnySpec, CheckOptions, Outcome } from '../../src/index.ts'
import { checkDocument } from '../../src/report/json/documents.ts'
import { Disk, Killed, MemoryStore, type Schedule } from './checkpoint-memory.ts'
import { comparable } from './comparable.ts'
import { moduleOf } from './module-of.ts'

export type Check = (spec: AnySpec, options: CheckOptions) => Promise<Outcome>

/** The document of `check --json` without what depends on the process, or the failure. */
export async function documentOf(run: Check, it: AnySpec, options: CheckOptions): Promise<unknown> {
  try {
    const document = checkDocument(await run(it, options), { peakMemoryBytes: 0 }) as { [key: string]: unknown }
    return comparable(document)
  } catch (thrown) {
    if (thrown instanceof Killed) throw thrown
    const { code, message, trace } = thrown as { [key: string]: any }
    if (code === undefined) throw thrown
    return { code, message, steps: trace?.steps.length }
  }
}

/** A generator of numbers from 0 to below 1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

// The built package, because threads run it.
export const built: { check: Check } = (await import(new URL('../../dist/index.js', import.meta.url).href)) as {
  check: Check
}

/** When processes write checkpoints and end: shares of the questions and of the writes. The last process ends by itself. */
export interface Interruptions {
  readonly due: number
  readonly killed: number
  readonly processes: number
  /** Whether states may go to files. */
  readonly takesStates?: boolean
}

/** Runs that end at random are resumed until one of them ends by itself. */
export async function interrupted(
  run: Check,
  it: AnySpec,
  options: (process: number) => CheckOptions,
  seed: number,
  { due, killed, processes, takesStates = false }: Interruptions,
): Promise<{ readonly document: unknown; readonly disk: Disk }> {
  const disk = new Disk()
  const next = random(seed)
  for (let process = 0; ; process++) {
    const isLast = process === processes - 1
    const schedule: Schedule = { isDue: () => next() < due, isKilled: () => !isLast && next() < killed }
    try {
      const document = await documentOf(run, it, {
        ...options(process),
        checkpoints: new MemoryStore(disk, schedule, takesStates),
      })
      return { document, disk }
    } catch (thrown) {
      if (!(thrown instanceof Killed)) throw thrown
    }
  }
}

export const specModule = (path: string): Promise<string> => moduleOf(`export { default } from '../specs/${path}'`)

/** Violations at different depths, temporal properties, goals, measures, symmetry, open values, sparse sets, constraints. */
export const SPECS: readonly (readonly [path: string, constants: { readonly [name: string]: unknown }])[] = [
  ['classic/die-hard.ts', {}],
  ['truncate-dma.ts', { design: 'none' }],
  ['truncate-dma.ts', { design: 'wait-allocated', users: 1 }],
  ['classic/two-phase-commit.ts', { resourceManagers: 4 }],
  ['classic/ewd998.ts', {}],
  ['seen-set.ts', { design: 'finish-early', capacity: 2 }],
]

/**
 * Levels of many states: up to 192 with the default size, 1,200 with size 39. Of the first level that violates `few`,
 * each state does, and the least is found last.
 */
export const GRID = `
  import { action, constant, model, oneOf, range, schema, spec } from 'kripke'
  const Axis = oneOf('x', 'y', 'z')
  export default spec({
    name: 'grid',
    constants: { size: constant(range(1, 50), 15) },
    model: ({ size }) => {
      const State = schema({ x: range(0, size), y: range(0, size), z: range(0, size) })
      return model(State, {
        init: State(),
        actions: { up: action({ axis: Axis }, (s, { axis }) => (s[axis] < size ? s.set(axis, s[axis] + 1) : undefined)) },
        invariants: { few: (s) => s.x + s.y + s.z < size + 7 },
        transitions: { late: ({ before, after }) => after.y === before.y || after.y + after.z < size + 10 },
        goals: { corner: (s) => s.x === size && s.z === size && s.y > 3 },
        measures: { most: (s) => s.x * s.y + s.z },
        deadlock: false,
      })
    },
  })`
