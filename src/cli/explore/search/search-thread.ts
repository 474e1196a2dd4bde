/** A thread that searches for the explorer, or evaluates an expression. The explorer can end it wherever it is. */
import { parentPort, workerData } from 'node:worker_threads'
import { badOption, CheckerError } from '../../../errors.ts'
import { follow } from '../../../api/walk/path.ts'
import { functionOf, type StateFunction } from '../../../api/walk/predicate.ts'
import { search, withOneModel } from '../../../api/walk/search.ts'
import { openWalk, type Walk } from '../../../api/walk/walk.ts'
import { show } from '../../../report/show.ts'
import type { AnySpec } from '../../../spec/spec.ts'
import { errorOf } from '../errors.ts'
import type { EvaluatedDocument, SearchResult } from '../protocol.ts'
import type { SearchReport, SearchTask } from './task.ts'

/** Works on the task of this thread, and posts its report. */
export async function runSearch(): Promise<void> {
  // Standard output is reserved for the address of the page.
  for (const method of ['log', 'info', 'debug', 'table'] as const) console[method] = console.error
  const report = await reportOn(workerData as SearchTask).catch((thrown: unknown): SearchReport => {
    if (!(thrown instanceof CheckerError)) throw thrown
    return { kind: 'failed', error: errorOf(thrown) }
  })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort!.postMessage(report)
}

async function reportOn(task: SearchTask): Promise<SearchReport> {
  const { default: loaded } = (await import(task.module)) as { default: AnySpec }
  const spec = withOneModel(loaded)
  const walk = openWalk(spec, { constants: task.constants })
  const source = task.source === undefined ? undefined : functionOf(task.source)
  return task.search === undefined
    ? { kind: 'values', values: valuesAlong(walk, task.path, source!) }
    : { kind: 'found', result: await searched(spec, walk, task, source) }
}

async function searched(
  spec: AnySpec,
  walk: Walk,
  { path, search: asked }: SearchTask,
  source: StateFunction | undefined,
): Promise<SearchResult> {
  const { until, from, ...others } = asked!
  const { states, departure } = follow(walk, path)
  if (departure !== undefined) throw badOption(`${departure.name} is not enabled at step ${departure.index}`)
  const here = states.at(-1)!
  const isFromHere = from === 'here'
  const { names, ...found } = await search(spec, walk, {
    ...others,
    from: isFromHere ? here : undefined,
    until: until === 'expression' ? source : until === 'here' ? (state) => state.equals(here) : undefined,
  })
  const whole = names && (isFromHere ? [...path.slice(0, states.length), ...names] : names)
  return { path: whole ?? null, ...found }
}

function valuesAlong(walk: Walk, path: readonly string[], source: StateFunction): EvaluatedDocument[] {
  return follow(walk, path).states.map((state) => {
    try {
      return { text: show(source(state, walk.constants)), isError: false }
    } catch (thrown) {
      return { text: thrown instanceof Error ? thrown.message : String(thrown), isError: true }
    }
  })
}
