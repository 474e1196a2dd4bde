/**
 * Completes what is known of a spec function: all of its paths, over the finite domains of the slots that it reads.
 *
 * A learned tree has the paths of reachable states only. Partial-order reduction needs more: what a function may read
 * and write in any state. So this module calls the function on states that need not be reachable. The first call finds
 * the slots that the function reads. For each of them, further calls give the slot every other content and keep those
 * read before. The function is deterministic, so a call follows the path of an earlier call up to the changed slot.
 *
 * What is not complete is said to be so: a path has no outcome if the function reads an open value, a slot with many
 * contents, or needs more calls than the budget has. Who uses the paths must then expect every read and write.
 */
import { Failure } from '../failure.ts'
import type { FunctionResult } from '../learned/observation.ts'
import type { LearnableFunction, Oracle } from '../learned/oracle.ts'
import { probeOf, type Rng } from '../learned/probe.ts'
import type { Layout } from '../../state/layout.ts'
import type { Slot } from '../../state/shape.ts'

/** All states that hold `contents` in the slots `reads` have this outcome. */
export interface Path {
  /** In the order in which the function reads them. */
  readonly reads: readonly Slot[]
  readonly contents: readonly number[]
  /** Undefined if it is not known; then the function may read and write everything. */
  readonly outcome: FunctionResult | undefined
}

/** Calls that may still be made. A call with several successors counts as one for each. */
export interface CallBudget {
  left: number
}

/** Slots with more contents are not completed. */
export const MAX_CONTENTS = 64

/** The beginning of a path. The last slot has a content that no call has met there. */
interface Prefix {
  readonly reads: readonly Slot[]
  readonly contents: readonly number[]
}

export interface CompletionContext {
  readonly layout: Layout
  readonly oracle: Oracle
  readonly rng: Rng
  /** The slots of some state. It supplies what the function has not read yet. */
  readonly background: Int32Array
  readonly budget: CallBudget
  /** A function with more paths is not completed. */
  readonly maxPaths: number
}

/** Stands for a function of which nothing is known. */
export const UNKNOWN_FUNCTION: readonly Path[] = [{ reads: [], contents: [], outcome: undefined }]

/**
 * The paths of a function. Every state of the model has exactly one of them. Short prefixes are completed first, so that
 * a function which is too large still has its first guards.
 */
export function completePaths(context: CompletionContext, fn: LearnableFunction): readonly Path[] {
  const { layout, budget, maxPaths } = context
  const paths: Path[] = []
  // By length of the prefix.
  const waiting: Prefix[][] = [[{ reads: [], contents: [] }]]
  for (let length = 0; length < waiting.length; length++) {
    // Each prefix adds only longer ones.
    for (const prefix of waiting[length] ?? []) {
      if (budget.left <= 0 || paths.length >= maxPaths) {
        paths.push({ ...prefix, outcome: undefined })
        continue
      }
      const state = stateWith(context, prefix)
      if (state === undefined) continue
      const sample = sampled(context, fn, state)
      budget.left -= costOf(sample)
      if (sample === undefined || !sample.trusted) return UNKNOWN_FUNCTION
      const { reads, outcome } = sample.observation
      if (prefix.reads.some((slot, index) => reads[index] !== slot)) return UNKNOWN_FUNCTION
      const contents = reads.map((slot) => state[slot]!)
      const large = reads.findIndex((slot) => layout.slots[slot]!.open || layout.slots[slot]!.size > MAX_CONTENTS)
      const end = large < 0 ? reads.length : large
      paths.push({
        reads: reads.slice(0, end),
        contents: contents.slice(0, end),
        outcome: large < 0 ? outcome : undefined,
      })
      for (let at = prefix.reads.length; at < end; at++) {
        const before = { reads: reads.slice(0, at + 1), contents: contents.slice(0, at) }
        for (let content = 0; content < layout.slots[reads[at]!]!.size; content++) {
          if (content === contents[at]) continue
          const others = (waiting[at + 1] ??= [])
          others.push({ reads: before.reads, contents: [...before.contents, content] })
        }
      }
    }
  }
  return paths
}

/** A state with the contents of a prefix; undefined if there is no such state. */
function stateWith(
  { layout, rng, background }: CompletionContext,
  { reads, contents }: Prefix,
): Int32Array | undefined {
  const wanted = new Int32Array(layout.slots.length)
  const fixed = new Set(reads)
  reads.forEach((slot, index) => (wanted[slot] = contents[index]!))
  const state = probeOf(layout, wanted, (slot) => fixed.has(slot), undefined, rng, background)
  // Views read a tag, a length or a presence before what it governs. So if the slots contradict each other, what is read
  // first makes the last content impossible, whatever the others hold.
  return reads.every((slot, index) => state[slot] === contents[index]) ? state : undefined
}

type Sampled = ReturnType<Oracle['sampleAlone']>

/** An action that chooses may have very many successors. */
function costOf(sample: Sampled | undefined): number {
  const outcome = sample?.observation.outcome
  return outcome?.kind === 'successors' ? Math.max(1, outcome.writes.length) : 1
}

function sampled({ oracle }: CompletionContext, fn: LearnableFunction, state: Int32Array): Sampled | undefined {
  try {
    return oracle.sampleAlone(fn, state)
  } catch (thrown) {
    // An impure function is an error only if the search meets it.
    if (thrown instanceof Failure) return undefined
    throw thrown
  }
}
