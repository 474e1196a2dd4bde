/** Runs again without questions if something else than its answer left a question; see `Leaked`. */
import { CheckerError } from '../errors.ts'
import { Leaked } from '../semantics/leaked.ts'
import { framesSoFar } from '../spec/questions.ts'
import { now } from './clock.ts'
import type { CheckOptions } from './settings.ts'

/** The options of a run that may have to begin again. */
type Options = Pick<CheckOptions, 'timeoutMs' | 'tuning'>

/** Runs `run`, and once more without questions if the first run shows that a question leaked. */
export async function askingFirst<O extends Options, T>(options: O, run: (options: O) => Promise<T>): Promise<T> {
  const [frames, startedMs] = [framesSoFar(), now()]
  try {
    return await run(options)
  } catch (thrown) {
    if (!mayBeLeak(thrown) || framesSoFar() === frames) throw thrown
    return await run(withoutQuestions(options, now() - startedMs))
  }
}

function withoutQuestions<O extends Options>(options: O, elapsedMs: number): O {
  const { timeoutMs, tuning } = options
  const left = timeoutMs === undefined ? {} : { timeoutMs: Math.max(1, timeoutMs - elapsedMs) }
  return { ...options, ...left, tuning: { ...tuning, asks: false } }
}

/** A leak may also show as a difference between learned and reference evaluation. */
function mayBeLeak(thrown: unknown): boolean {
  return (
    thrown instanceof Leaked || (thrown instanceof CheckerError && (thrown.code === 'KR501' || thrown.code === 'KR502'))
  )
}
