/** Compares learned evaluation with reference evaluation, state by state and edge by edge. */
import { expect } from 'vitest'
import { ZERO_THRESHOLDS } from '../../src/semantics/learned/codegen/thresholds.ts'
import { Batch } from '../../src/semantics/successor-batch.ts'
import { hash } from '../../src/semantics/hash.ts'
import { StateSet } from '../../src/store/state-set.ts'
import { LearnedEvaluator } from '../../src/semantics/learned/learned-evaluator.ts'
import { type Evaluator, type Watched } from '../../src/semantics/contract.ts'
import { Failure } from '../../src/semantics/failure.ts'
import { Successors, UNKNOWN_STEP } from '../../src/semantics/successors.ts'
import { ReferenceEvaluator } from '../../src/semantics/reference.ts'
import { packInitialStates } from '../../src/semantics/initial-states.ts'
import {
  actionInstances,
  predicateInstances,
  type ActionInstance,
  type PredicateInstance,
} from '../../src/spec/instances.ts'
import type { Model } from '../../src/spec/model.ts'
import type { Layout } from '../../src/state/layout.ts'
import { layOutWhole } from '../../src/state/symmetry/closure.ts'

/** An evaluator's result on a state: its successors and their instances, or the code of the error. */
function expansion(evaluator: Evaluator, words: Int32Array, out: Successors): string {
  try {
    evaluator.next.successors(words, 0, out)
    if (out.failure !== undefined) throw out.failure
    const { size, width } = out
    return JSON.stringify([[...out.words.subarray(0, size * width)], [...out.instance.subarray(0, size)]])
  } catch (thrown) {
    if (thrown instanceof Failure) return `${thrown.subject.who} ${thrown.cause.code}`
    throw thrown
  }
}

function truth(check: (report: () => void) => void): string {
  let departs = false
  try {
    check(() => (departs = true))
    return String(!departs)
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown.cause.code
    throw thrown
  }
}

/** The successors that change something, and the number from each instance, in a canonical order. */
function steps(words: Int32Array, { size, width, words: after, instance }: Successors): unknown {
  const all = Array.from({ length: size }, (_, index) => [
    instance[index]!,
    after.slice(index * width, (index + 1) * width).join(),
  ])
  const changing = all.filter(([, state]) => state !== words.join())
  return {
    changing: changing.map((step) => step.join(' ')).sort(),
    given: all.map(([by]) => by as number).sort((a, b) => a - b),
    isDead: size === 0,
  }
}

/** Expands a state with generated code that is regenerated whenever possible; for comparison with `steps`. */
function compiled(layout: Layout, instances: readonly ActionInstance[]): (words: Int32Array) => unknown {
  const { width } = layout
  const batch = new Batch(width, new Float64Array(instances.length), false, 1)
  let isDead = false
  const expander = new LearnedEvaluator(layout, instances, 7, { thresholds: ZERO_THRESHOLDS }).expander(batch, {
    dead: () => (isDead = true),
    failed: (failure) => {
      throw failure
    },
  })
  return (words) => {
    batch.size = 0
    batch.generated.fill(0)
    isDead = false
    expander.expand(words, 0, width)
    expect(batch.ends).toEqual(Int32Array.of(batch.size))
    const changing: string[] = []
    for (let entry = 0; entry < batch.size; entry += batch.stride) {
      const state = batch.entries.slice(entry, entry + width)
      same(batch.entries[entry + width], hash(state, 0, width))
      changing.push(`${batch.entries[entry + width + 2]} ${state.join()}`)
    }
    const given = Array.from(batch.generated).flatMap((count, instance) => Array<number>(count).fill(instance))
    return { changing: changing.sort(), given, isDead }
  }
}

/** Expects equality. Calls `expect` only on a failure, because the call takes longer than the comparison. */
function same(actual: unknown, expected: unknown): void {
  if (actual !== expected) expect(actual).toBe(expected)
}

/**
 * Explores up to `most` states by reference evaluation, and compares all results of learned evaluation on each.
 *
 * @returns the number of compared states
 */
export function compareEvaluators(model: Model, most: number): number {
  const layout = layOutWhole(model.schema)
  const instances = actionInstances(model)
  const reference = new ReferenceEvaluator(layout, instances)
  const learned = new LearnedEvaluator(layout, instances, 7, { thresholds: ZERO_THRESHOLDS })
  const expand = compiled(layout, instances)
  const { width } = layout
  const ofKind = (isStep: boolean): PredicateInstance[] =>
    [...model.properties, ...model.constraints]
      .filter(({ kind }) => (kind === 'transition') === isStep)
      .flatMap(predicateInstances)
      .flatMap((it) => (it.antecedent === undefined ? [it] : [it, it.antecedent]))
  const single = (evaluator: Evaluator, isStep: boolean) =>
    ofKind(isStep).map((predicate) => {
      const watched: Watched[] = [{ predicate, expected: true }]
      return isStep ? { step: evaluator.watchSteps(watched) } : { state: evaluator.watch(watched) }
    })
  const [referenceTruths, learnedTruths] = [single(reference, false), single(learned, false)]
  const [referenceSteps, learnedSteps] = [single(reference, true), single(learned, true)]
  const incremental = learned.watch(ofKind(false).map((predicate) => ({ predicate, expected: true })))

  const known = new Map<string, string[]>()
  const truthsOf = (words: Int32Array): string[] => {
    const key = words.join()
    const truths =
      known.get(key) ??
      referenceTruths.map(({ state }) => truth((report) => state!.check(words, 0, UNKNOWN_STEP, report)))
    known.set(key, truths)
    return truths
  }
  const compareTruths = (words: Int32Array): string[] => {
    const expected = truthsOf(words)
    learnedTruths.forEach(({ state }, index) => {
      same(
        truth((report) => state!.check(words, 0, UNKNOWN_STEP, report)),
        expected[index],
      )
    })
    return expected
  }
  const seen = new StateSet(width)
  const queue: Int32Array[] = []
  const initial = packInitialStates(model, layout)
  const meet = (words: Int32Array): void => {
    if (!seen.add(words, 0)) return
    queue.push(words)
    const expected = compareTruths(words)
    if (expected.every((it) => it === 'true' || it === 'false')) incremental.check(words, 0, UNKNOWN_STEP, () => {})
  }
  for (let offset = 0; offset < initial.length; offset += width) meet(initial.slice(offset, offset + width))

  const [one, other] = [new Successors(width), new Successors(width)]
  let compared = 0
  for (; compared < queue.length && compared < most; compared++) {
    const words = queue[compared]!
    const expected = expansion(reference, words, one)
    same(expansion(learned, words, other), expected)
    if (!expected.startsWith('[')) continue
    expect(expand(words)).toEqual(steps(words, one))
    const isAsExpected = truthsOf(words).every((it) => it === 'true')
    for (let index = 0; index < one.size; index++) {
      const after = one.words.slice(index * width, (index + 1) * width)
      referenceSteps.forEach(({ step }, which) => {
        const says = (it: typeof step) => truth((report) => it!.check(words, 0, after, 0, one.instance[index]!, report))
        same(says(learnedSteps[which]!.step), says(step))
      })
      meet(after)
      if (!isAsExpected) continue
      const truths = truthsOf(after)
      if (!truths.every((it) => it === 'true' || it === 'false')) continue
      const departing: number[] = []
      const isSuspected = incremental.suspects(after, 0, other.step[index]!)
      incremental.check(after, 0, other.step[index]!, (which) => departing.push(which))
      if (departing.length > 0) same(isSuspected, true)
      same(departing.join(), [...truths.keys()].filter((which) => truths[which] === 'false').join())
    }
  }
  expect(learned.remarks()).toEqual([])
  return compared
}
