/**
 * Shrinks a failing run: tries shorter sequences of calls, each on a new system.
 *
 * First a shortest path of the graph to the failing call. Then the run without its loops, and without parts of it, as delta debugging
 * does. A sequence whose calls the spec does not allow is not tried further.
 *
 * @see Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 28(2), 2002
 */
import { shortestCalls } from './cover.ts'
import type { AnyDriver } from './driver.ts'
import { callsOf, Session, type Failure } from './session.ts'
import type { StateGraph } from './state-graph.ts'

/** States that a search for a shortest path may visit. */
const MAX_SEARCHED = 20_000

/** Runs calls on a new system. @returns the session, and the first call that the spec does not allow there */
export async function runCalls(
  graph: StateGraph,
  driver: AnyDriver,
  calls: readonly string[],
): Promise<{ readonly session: Session; readonly stray: number | undefined }> {
  const session = await Session.begin(graph, driver)
  try {
    for (const [index, name] of calls.entries()) {
      if (session.failure !== undefined) break
      let call = session.calls().find((it) => it.name === name)
      if (call === undefined && session.failure === undefined) {
        // The system may take a hidden step first.
        await session.wait()
        call = session.calls().find((it) => it.name === name)
      }
      if (session.failure !== undefined) break
      if (call === undefined) return { session, stray: index }
      await session.call(call)
    }
    return { session, stray: undefined }
  } finally {
    await session.end()
  }
}

/** A failure with as few calls as `attempts` runs can find. */
export async function shrink(
  graph: StateGraph,
  driver: AnyDriver,
  failure: Failure,
  attempts: number,
): Promise<{ readonly failure: Failure; readonly attempts: number }> {
  let best = failure
  let made = 0
  const tried = new Set<string>()
  /** Runs a shorter sequence, and keeps it if it fails. */
  const isFailing = async (calls: readonly string[]): Promise<boolean> => {
    const key = calls.join('\n')
    if (calls.length >= callsOf(best).length || tried.has(key) || made >= attempts) return false
    tried.add(key)
    made++
    const { session } = await runCalls(graph, driver, calls)
    if (session.failure === undefined) return false
    best = session.failure
    return true
  }
  const before = failure.entries.at(-2)
  const last = failure.entries.at(-1)?.call
  if (before !== undefined && last !== undefined) {
    for (const state of before.states.slice(0, 5)) {
      const path = shortestCalls(graph, state, MAX_SEARCHED)
      if (path !== undefined && (await isFailing([...path, last.name]))) break
    }
  }
  while (await isShortened(() => best, isFailing)) if (made >= attempts) break
  return { failure: best, attempts: made }
}

/** Tries the best sequence without one of its loops, then without one of its parts. */
async function isShortened(
  best: () => Failure,
  isFailing: (calls: readonly string[]) => Promise<boolean>,
): Promise<boolean> {
  const { entries } = best()
  const rows = entries.map(({ states }) => [...states].sort((a, b) => a - b).join())
  for (let from = 0; from < entries.length - 1; from++) {
    const to = rows.lastIndexOf(rows[from]!, entries.length - 2)
    if (to <= from) continue
    if (await isFailing(callsOf({ entries: [...entries.slice(0, from + 1), ...entries.slice(to + 1)] }))) return true
  }
  const calls = callsOf({ entries })
  for (let size = Math.ceil(calls.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < calls.length; from += size) {
      if (await isFailing([...calls.slice(0, from), ...calls.slice(from + size)])) return true
    }
  }
  return false
}
