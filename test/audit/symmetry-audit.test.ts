/** Compares the symmetry audit with a plain one, which tries each permutation of each state found. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CheckerError, spec } from '../../src/index.ts'
import { prepareRun, type TestRun } from '../support/explicit-run.ts'
import { auditSymmetry } from '../../src/audit/symmetry/symmetry-audit.ts'
import { functionsOf } from '../../src/audit/symmetry/functions.ts'
import { stepView } from '../../src/semantics/reference.ts'
import type { ActionInstance, Question } from '../../src/spec/instances.ts'
import type { State } from '../../src/spec/model.ts'
import { purely } from '../../src/spec/purity.ts'
import { permuted, permutedBindings, type Renaming } from '../../src/state/symmetry/permuted.ts'
import { runs } from '../support/amount.ts'
import { text } from '../support/brute-force.ts'
import { claim, modelOf } from '../support/random-claims.ts'
import { renamings } from '../support/random-symmetric.ts'

type Function = ActionInstance | Question

/** The function with its parameters renamed. */
function imageIn<F extends Function>(all: readonly F[], of: F, rename: Renaming): F {
  const keyOf = (it: Function, bindings: object): string =>
    JSON.stringify(['conjunct' in it ? it.conjunct : '', ...Object.values(bindings)])
  const key = keyOf(of, permutedBindings(of.bindings, rename))
  return all.find((it) => it.definition === of.definition && keyOf(it, it.bindings) === key)!
}

/** Whether some function distinguishes members, on a state found or a permutation of one. */
function isRefusedPlainly(run: TestRun): boolean {
  const { instances, states, steps } = functionsOf(run)
  const { index } = run.search
  const { width } = run.layout
  const answer = (question: Question, subject: unknown): string =>
    String('holds' in question ? question.holds(subject as never) : question.value(subject as never))
  const successors = (by: ActionInstance, state: State): readonly State[] => [...by.run(state)]
  const found: State[] = []
  for (let place = 0; place < index.places; place++) {
    const words = new Int32Array(width)
    index.readPlace(place, words, 0)
    if (words[width - 1] !== 0) found.push(run.reference.decode(words, 0))
  }
  const initial = Array.from({ length: run.initial.length / width }, (_, at) =>
    run.reference.decode(run.initial, at * width),
  )
  const ends = states.filter(({ definition }) => 'kind' in definition && definition.kind === 'deadlock')
  const claims = states.filter((it) => !ends.includes(it))
  const isConstrained = run.model.constraints.length > 0
  return renamings(run.symmetry!.sets.map(({ names }) => names)).some((rename) => {
    const move = (state: State): State => permuted(state, rename) as State
    const differs = (questions: readonly Question[], state: State): boolean =>
      questions.some((it) => answer(it, state) !== answer(imageIn(states, it, rename), move(state)))
    // An initial state outside the constraints is checked, but not stored.
    if (isConstrained && initial.some((state) => differs(claims, state))) return true
    return found.some((state) => {
      const after = instances.flatMap((by) => successors(by, state).map((reached) => ({ by, reached })))
      if (differs(claims, state) || (after.length === 0 && differs(ends, state))) return true
      if (isConstrained && after.some(({ reached }) => differs(claims, reached))) return true
      const isAction = instances.some((by) => {
        const expected = successors(by, state).map((reached) => text(move(reached)))
        const own = successors(imageIn(instances, by, rename), move(state)).map(text)
        return [...new Set(expected)].sort().join() !== [...new Set(own)].sort().join()
      })
      const isStep = after
        .filter(({ reached }) => text(reached) !== text(state))
        .some(({ by, reached }) =>
          steps.some((it) => {
            const image = stepView(imageIn(instances, by, rename), move(state), move(reached))
            return answer(it, stepView(by, state, reached)) !== answer(imageIn(steps, it, rename), image)
          }),
        )
      return isAction || isStep
    })
  })
}

describe('auditSymmetry', () => {
  it('refuses the same random models as a plain audit', { timeout: 200_000 }, async () => {
    const counts = { refused: 0, accepted: 0, sampled: 0 }
    fc.assert(
      fc.property(claim, (plan) => {
        const run = prepareRun(
          spec({ name: 'claim', model: () => modelOf({ ...plan, size: Math.min(plan.size, 3) }) }),
          {},
        )
        if (run.symmetry === undefined) return
        purely(() => {
          run.search.begin(run.initial)
          while (run.search.frontier.words > 0 && run.search.found < 60) run.search.expandLevel()
        })
        if (run.search.frontier.words > 0) return
        /** Whether the claim is refused; undefined if the audit compared only a sample. */
        const audit = (): boolean | undefined => {
          try {
            const sampled = purely(() => auditSymmetry(run, run.symmetry!, false))
            return sampled.length > 0 ? undefined : false
          } catch (thrown) {
            if (!(thrown instanceof CheckerError) || thrown.code !== 'KR508') throw thrown
            return true
          }
        }
        const isRefused = isRefusedPlainly(run)
        const said = audit()
        if (said === undefined) return void counts.sampled++
        expect(said).toBe(isRefused)
        counts[isRefused ? 'refused' : 'accepted']++
      }),
      { numRuns: runs(120) },
    )
    expect(counts.refused).toBeGreaterThan(runs(8))
    expect(counts.accepted).toBeGreaterThan(runs(8))
    expect(counts.sampled).toBeLessThan(8)
  })
})
