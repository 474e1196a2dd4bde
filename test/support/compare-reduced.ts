/** Compares a search with partial-order reduction to the search without. */
import { expect } from 'vitest'
import { prepareContext, type CheckContext } from '../../src/engine/context.ts'
import { explicitRun } from '../../src/engine/explicit/explicit-run.ts'
import type { Search } from '../../src/engine/explicit/search.ts'
import { obstacleToReduction, STATE_PROPERTIES } from '../../src/engine/partial-order.ts'
import { soughtBy } from '../../src/engine/reduced-search.ts'
import type { ReducedNextState } from '../../src/semantics/dependencies/reduced-next-state.ts'
import { reduceModel, type ModelReduction } from '../../src/semantics/dependencies/reduce-model.ts'
import { Successors } from '../../src/semantics/successors.ts'
import { purely } from '../../src/spec/purity.ts'
import { instantiate, type AnySpec } from '../../src/spec/spec.ts'
import type { Constants } from './variants.ts'

export interface Compared {
  readonly full: number
  readonly reduced: number
}

/** Bounds on the analysis. Low ones leave functions incomplete. */
export interface Limits {
  readonly calls?: number
  readonly maxPaths?: number
}

/** The reduced next-state relation of a model. */
export function reductionOf(context: CheckContext, { calls = 20_000, maxPaths = 1024 }: Limits = {}): ModelReduction {
  const { evaluator, settings } = context
  const analysis = reduceModel({
    ...context,
    next: evaluator.next,
    sought: soughtBy(context),
    seed: settings.seed,
    calls,
    maxPaths,
  })
  for (;;) {
    const { done, value } = analysis.next()
    if (done === true) return value
  }
}

/** Explores everything, after violations too. Returns all that the search found. */
function found(context: CheckContext) {
  const { search, monitor, layout } = explicitRun(context)
  const dead: string[] = []
  const report = monitor.dead.bind(monitor)
  monitor.dead = (words, offset) => {
    dead.push(`${monitor.depth}: ${words.slice(offset, offset + layout.width).join()}`)
    report(words, offset)
  }
  purely(() => {
    search.begin(context.initial)
    for (;;) {
      monitor.endLevel()
      if (monitor.failure !== undefined || search.frontier.words === 0) break
      monitor.depth = search.depth
      search.expandLevel()
    }
  })
  const { findings, vacuous, failure } = monitor
  return {
    search,
    states: search.found,
    fails: failure !== undefined,
    decided: failure === undefined ? Array.from(findings.keys(), ({ name }) => name).sort() : undefined,
    vacuous: failure === undefined ? Array.from(vacuous, ({ name }) => name).sort() : undefined,
    dead: failure === undefined ? dead.sort() : undefined,
  }
}

/** Compares the successors from complete paths with those of the evaluator, on some of the states found. */
function comparePaths({ evaluator, layout }: CheckContext, search: Search, { unreduced }: ReducedNextState): void {
  const [actual, expected] = [new Successors(layout.width), new Successors(layout.width)]
  const told = ({ size, words, instance, failure }: Successors) => ({
    words: [...words.subarray(0, size * layout.width)],
    instances: [...instance.subarray(0, size)],
    failure: failure?.cause.code,
  })
  for (let ticket = 0; search.found > 0 && ticket < 1; ticket += 0.1) {
    const words = search.pick(ticket)
    unreduced.successors(words, 0, actual)
    evaluator.next.successors(words, 0, expected)
    expect(told(actual)).toEqual(told(expected))
  }
}

/**
 * Explores a spec with and without reduction, and expects the same findings, and the same states without successors on
 * the same levels. Checks all properties that states decide.
 *
 * @returns the numbers of states; undefined if the spec cannot be reduced
 */
export function compareReduced(spec: AnySpec, constants: Constants = {}, limits?: Limits): Compared | undefined {
  const { properties } = instantiate(spec, constants).model
  const names = properties.filter(({ kind }) => STATE_PROPERTIES.includes(kind)).map(({ name }) => name)
  const context = prepareContext(spec, { constants, symmetry: false, properties: names, deadlock: true })
  if (obstacleToReduction(context) !== undefined) return undefined
  const { states: full, search, ...expected } = found(context)
  const reducedNext = reductionOf(context, limits).next
  comparePaths(context, search, reducedNext)
  const { states: reduced, search: _, ...actual } = found({ ...context, reducedNext })
  expect(actual).toEqual(expected)
  // A failure ends a search, and a reduced search may meet it on a later level.
  if (!expected.fails) expect(reduced).toBeLessThanOrEqual(full)
  return { full, reduced }
}
