/**
 * Estimates what partial-order reduction leaves out, from what a search has learned.
 *
 * A reduced search by the learned paths repeats the first levels. Each of its levels is a part of the same level of the
 * search so far, and it may leave out more than a sound reduction. So if it finds nearly as many states, a sound
 * reduction would find at least as many.
 */
import { ActionDependencies } from '../semantics/dependencies/action-dependencies.ts'
import { learnedPaths } from '../semantics/dependencies/learned-paths.ts'
import { Progress } from '../semantics/dependencies/progress.ts'
import { ReducedNextState } from '../semantics/dependencies/reduced-next-state.ts'
import { StubbornSets } from '../semantics/dependencies/stubborn-sets.ts'
import type { NextState } from '../semantics/contract.ts'
import { LearnedEvaluator } from '../semantics/learned/learned-evaluator.ts'
import { Successors } from '../semantics/successors.ts'
import { purely } from '../spec/purity.ts'
import { slotsOf } from '../state/layout.ts'
import type { CheckContext } from './context.ts'

/** The estimate ends before a level with more than this share of the states, so that it takes a small share of the time. */
const SHARE = 0.005
const MIN_STATES = 150

/** Comparing each path with each other must not take long either: so many comparisons for each state found. */
const COMPARISONS = 200

/**
 * The share of the states that a reduced search finds up to some level.
 *
 * @param found - by depth: the states found up to that level
 * @returns undefined if the functions have too many paths to tell soon
 */
export function remainingShare(
  { evaluator, layout, initial }: CheckContext,
  found: readonly number[],
): number | undefined {
  if (!(evaluator instanceof LearnedEvaluator)) return undefined
  const levels = found.length - 1
  const paths = learnedPaths(evaluator, layout, Math.sqrt(COMPARISONS * found[levels]!))
  if (paths === undefined) return undefined
  const dependencies = new ActionDependencies(layout, paths)
  const sets = new StubbornSets(dependencies, [], new Progress(layout, [], slotsOf(layout, initial)))
  const next = new ReducedNextState(evaluator.next, dependencies, sets)
  const enough = Math.max(MIN_STATES, found[levels]! * SHARE)
  return purely(() => {
    const search = new SmallSearch(next, layout.width, initial)
    const isNextSmall = (): boolean =>
      (search.found * found[search.depth + 1]!) / found[search.depth]! <= enough || search.found < MIN_STATES / 4
    while (search.depth < levels && search.frontier.length > 0 && isNextSmall()) search.expandLevel()
    return search.found / found[search.frontier.length === 0 ? levels : search.depth]!
  })
}

/**
 * A breadth-first search of some hundred states. If `Search` explored a second relation, V8 would give up the code that
 * it has optimized for the first.
 */
class SmallSearch {
  depth = 1
  frontier: Int32Array[] = []
  readonly #next: NextState
  readonly #width: number
  readonly #seen = new Set<string>()
  readonly #out: Successors

  constructor(next: NextState, width: number, initial: Int32Array) {
    this.#next = next
    this.#width = width
    this.#out = new Successors(width)
    this.#addAll(initial, initial.length)
  }

  get found(): number {
    return this.#seen.size
  }

  expandLevel(): void {
    const level = this.frontier
    const out = this.#out
    this.frontier = []
    this.depth++
    for (const state of level) {
      this.#next.successors(state, 0, out)
      this.#addAll(out.words, out.size * this.#width)
    }
  }

  #addAll(words: Int32Array, end: number): void {
    for (let at = 0; at < end; at += this.#width) {
      const state = words.slice(at, at + this.#width)
      const key = state.join()
      if (this.#seen.has(key)) continue
      this.#seen.add(key)
      this.frontier.push(state)
    }
  }
}
