/**
 * A thread that checks variants of a comparison, one after another.
 *
 * Piscina runs it; see `variant-pool.ts`.
 */
import { registerWorker, reportReady, workerInit } from '../../engine/threads/thread-pool.ts'
import type { CheckOptions } from '../../engine/settings.ts'
import { recordCalls } from '../../spec/calls.ts'
import { instantiate, type AnySpec } from '../../spec/spec.ts'
import { check } from '../check.ts'
import { VariantControl } from './control.ts'
import type { VariantOptions, VariantReport, VariantTask } from './protocol.ts'
import { fromMessage, recordFactories, toMessage } from './value-message.ts'

/** Checks a variant. */
type Work = (task: VariantTask) => Promise<VariantReport>

/** What the thread that compares has to do itself. */
const AGAIN: VariantReport = { outcome: undefined }

// Standard output is reserved for results.
for (const method of ['log', 'info', 'debug', 'table'] as const) console[method] = console.error

const work: Promise<Work> = prepare()
export default work

async function prepare(): Promise<Work> {
  const { readyCounters, options } = await workerInit<VariantOptions>()
  const { calls } = options
  // Threads that this thread starts record their calls in the same memory.
  if (calls !== undefined) recordCalls(calls, () => calls)
  const { default: spec } = (await import(options.module)) as { default: AnySpec }
  const control = new VariantControl(options.control)
  const thread = registerWorker(readyCounters)
  reportReady(readyCounters)
  return async ({ variant, constants }) => {
    control.begin(thread, variant)
    try {
      return await checkVariant(fromMessage(constants, []) as CheckOptions['constants'])
    } catch {
      return AGAIN
    } finally {
      control.end(thread)
    }
  }

  async function checkVariant(constants: CheckOptions['constants']): Promise<VariantReport> {
    const stopped = new AbortController()
    const given = options.check as CheckOptions
    const outcome = await check(spec, {
      ...given,
      constants,
      module: options.module,
      tuning: { ...given.tuning, mayStartThreads: () => control.isLast },
      signal: stopped.signal,
      onProgress: (progress) => {
        control.report(thread, progress)
        if (control.isStopped) stopped.abort()
      },
    })
    if (outcome.ending === 'memory') return AGAIN
    return { outcome: toMessage(outcome, recordFactories(instantiate(spec, constants).model)) }
  }
}
