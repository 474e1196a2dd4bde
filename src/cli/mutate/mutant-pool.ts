/** Checks the mutants of a spec in threads. A function that does not return ends with its thread. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { getHeapStatistics } from 'node:v8'
import type { Piscina } from 'piscina'
import type { Baseline, MutantBounds, MutantReport } from '../../api/mutants/judge-mutant.ts'
import type { JudgedMutant } from '../../api/mutants/mutation.ts'
import { postToSupervisor } from '../supervisor/supervision.ts'
import type { MutantTask } from './mutant-worker.ts'
import type { Mutant } from './mutants.ts'

const WORKER = new URL('./mutant-worker.js', import.meta.url)

/** How much longer than its time a check may take before its thread ends: a check looks at the clock between calls only. */
const GRACE_MS = 3000

/** What Piscina says if a thread exits during a task. */
const EXITED = /^worker exited with code/

/**
 * Checks mutants.
 *
 * @param onJudged - called after each mutant, with the number of judged ones
 * @returns them with their verdicts, in the same order
 */
export async function judgeMutants(
  mutants: readonly Mutant[],
  baseline: Baseline,
  digest: string | undefined,
  bounds: MutantBounds,
  threads: number,
  onJudged: (judged: number) => void,
): Promise<JudgedMutant[]> {
  const { Piscina: Pool } = await import('piscina')
  const size = Math.max(1, Math.min(threads, mutants.length))
  const options = {
    filename: WORKER.href,
    minThreads: size,
    maxThreads: size,
    concurrentTasksPerWorker: 1,
    // Threads do not follow --max-old-space-size by themselves.
    resourceLimits: { maxOldGenerationSizeMb: Math.ceil(getHeapStatistics().heap_size_limit / 2 ** 20) },
  }
  const pool: Piscina<MutantTask, MutantReport> = new Pool(options)
  const folder = mkdtempSync(join(tmpdir(), 'kripke-mutants-'))
  postToSupervisor({ kind: 'folder', path: folder })
  const judged: JudgedMutant[] = []
  let next = 0
  let count = 0
  /** Takes one mutant after another, so that no check waits in the queue while its time runs. */
  const judgeOn = async (): Promise<void> => {
    while (next < mutants.length) {
      const index = next++
      const { code, mark: _mark, ...place } = mutants[index]!
      const file = join(folder, `${index}.mjs`)
      writeFileSync(file, code)
      const task = { module: pathToFileURL(file).href, kind: place.kind, baseline, digest, bounds }
      judged[index] = { ...place, ...(await runInTime(pool, task, bounds.timeoutMs + GRACE_MS)) }
      rmSync(file)
      onJudged(++count)
    }
  }
  try {
    await Promise.all(Array.from({ length: size }, judgeOn))
    return judged
  } finally {
    await pool.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The report of a task. If it takes too long or loses its thread, Piscina starts another thread. */
async function runInTime(
  pool: Piscina<MutantTask, MutantReport>,
  task: MutantTask,
  limitMs: number,
): Promise<MutantReport> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), limitMs)
  try {
    return await pool.run(task, { signal: controller.signal })
  } catch (thrown) {
    if (controller.signal.aborted) return lost('undecided', 'one of its functions did not return')
    const report = reportOfLoss(thrown)
    if (report === undefined) throw thrown
    return report
  } finally {
    clearTimeout(timer)
  }
}

/** What the loss of a thread says about its mutant. Undefined for an error that is not a loss. */
function reportOfLoss(thrown: unknown): MutantReport | undefined {
  if (!(thrown instanceof Error)) return undefined
  if ((thrown as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY')
    return lost('undecided', 'it filled the memory')
  return EXITED.test(thrown.message) ? lost('failed', 'it ended its thread') : undefined
}

function lost(verdict: 'undecided' | 'failed', reason: string): MutantReport {
  return { verdict, properties: [], reason }
}
