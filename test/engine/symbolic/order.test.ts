import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import philosophers from '../../../specs/classic/dining-philosophers.ts'
import twoPhaseCommit from '../../../specs/classic/two-phase-commit.ts'
import truncateDma from '../../../specs/truncate-dma.ts'
import type { LearnedEvaluator } from '../../../src/semantics/learned/learned-evaluator.ts'
import { prepareContext } from '../../../src/engine/context.ts'
import type { AnySpec } from '../../../src/spec/spec.ts'
import { costOf, declared, force, forced, sharedLast } from '../../../src/engine/symbolic/variable-order.ts'
import { reach } from '../../../src/engine/symbolic/reachability.ts'
import { SymbolicModel } from '../../../src/engine/symbolic/symbolic-model.ts'

const edges = fc.array(fc.uniqueArray(fc.nat(9), { maxLength: 5 }), { maxLength: 12 })

/** The number at the end of the first name in a slot's name: 7 for `rm[rm7]`. */
function numberIn(name: string): number {
  return Number(/[a-z](\d+)/.exec(name)?.[1] ?? 0)
}

/** Nodes of all reachable states under the chosen order, and under a manual one. */
async function sizes(spec: AnySpec, constants: object, byHand: (name: string) => number): Promise<[number, number]> {
  const { layout, evaluator, instances, initial } = prepareContext(spec, { constants: constants as never })
  const model = new SymbolicModel({
    ...{ layout, evaluator: evaluator as LearnedEvaluator, instances, initial, constraints: [], maxBytes: Infinity },
  })
  const own = await reach(model, async (work) => work())
  const size = model.diagrams.size(own)
  const keys = layout.slots.map(({ name }) => byHand(name))
  const order = [...layout.slots.keys()].sort((a, b) => keys[a]! - keys[b]! || a - b)
  model.moveTo(order)
  let reached = model.start()
  for (let before = 0; before !== reached;) {
    before = reached
    for (const { step } of model.actions.flatMap(({ moves }) => moves)) {
      reached = model.diagrams.union(reached, model.space.relations.image(reached, step))
    }
  }
  return [size, model.diagrams.size(reached)]
}

describe('variable orders', () => {
  it('contain each slot once', () => {
    fc.assert(
      fc.property(edges, (all) => {
        for (const ordering of [sharedLast, forced, declared]) {
          expect([...ordering(10, all)].sort((a, b) => a - b)).toEqual(declared(10))
        }
      }),
    )
  })

  it('do not get worse by FORCE', () => {
    fc.assert(
      fc.property(edges, fc.shuffledSubarray(declared(10), { minLength: 10 }), (all, order) => {
        expect(costOf(force(order, all), all)).toBeLessThanOrEqual(costOf(order, all))
      }),
    )
  })

  it('put related slots together, and shared slots last', () => {
    // Slots 0 to 5 and 6 to 11 form pairs, and 12 is related to all.
    const pairs = [0, 1, 2, 3, 4, 5].map((slot) => [slot, slot + 6])
    const order = sharedLast(13, [...pairs, ...pairs.map((pair) => [...pair, 12])])
    expect(order.at(-1)).toBe(12)
    for (const [one, other] of pairs) expect(Math.abs(order.indexOf(one!) - order.indexOf(other!))).toBe(1)
  })

  it.each([
    ['two-phase commit', twoPhaseCommit, { resourceManagers: 12 }, numberIn],
    ['philosophers', philosophers, { philosophers: 20, design: 'ordered' }, numberIn],
    ['truncate-dma', truncateDma, { design: 'wait-allocated' }, (name: string) => (/user\d/.test(name) ? 1 : 2)],
  ] as const)(
    'give diagrams at most three times as large as a manual order: %s',
    async (_, spec, constants, byHand) => {
      const [own, best] = await sizes(spec, constants, byHand)
      expect(own).toBeLessThanOrEqual(3 * best)
    },
  )
})
