/**
 * Compares the chosen order with the best one from manual orders or a long search. The search starts from several
 * orders, some of them random. It moves each slot to the position where the diagram of all states is smallest, until no
 * move helps (sifting, after R. Rudell, "Dynamic variable ordering for ordered binary decision diagrams", ICCAD 1993).
 */
import { describe, expect, it } from 'vitest'
import philosophers from '../../../specs/classic/dining-philosophers.ts'
import twoPhaseCommit from '../../../specs/classic/two-phase-commit.ts'
import daxLease from '../../../specs/dax-lease.ts'
import gupFastRemove from '../../../specs/gup-fast-remove.ts'
import kmemRemove from '../../../specs/kmem-remove.ts'
import poisonRecovery from '../../../specs/poison-recovery.ts'
import radixSync from '../../../specs/radix-sync.ts'
import truncateDma from '../../../specs/truncate-dma.ts'
import unbind from '../../../specs/unbind.ts'
import type { LearnedEvaluator } from '../../../src/semantics/learned/learned-evaluator.ts'
import { rngFrom } from '../../../src/semantics/learned/probe.ts'
import { prepareContext } from '../../../src/engine/context.ts'
import type { AnySpec } from '../../../src/spec/spec.ts'
import type { Slot } from '../../../src/state/shape.ts'
import type { Diagram } from '../../../src/engine/symbolic/diagram/diagrams.ts'
import { declared, forced, sharedLast } from '../../../src/engine/symbolic/variable-order.ts'
import { reach } from '../../../src/engine/symbolic/reachability.ts'
import { randomWalks } from '../../../src/engine/symbolic/random-walks.ts'
import { SymbolicModel } from '../../../src/engine/symbolic/symbolic-model.ts'

/** Maximal ratios of work and of diagram size to those of the best order. */
const MAX_WORK = 3
const MAX_NODES = 3

/** Number of random initial orders. */
const RANDOM_STARTS = 2

/** An order is given up after this many operations. */
const MAX_OPERATIONS = 2 ** 18

class TooMuch extends Error {}

/** All states of a model under the chosen order, with all functions learned. */
async function explored(spec: AnySpec, constants: object): Promise<{ model: SymbolicModel; all: Diagram }> {
  const { layout, evaluator, instances, initial } = prepareContext(spec, { constants: constants as never })
  const model = new SymbolicModel({
    ...{ layout, evaluator: evaluator as LearnedEvaluator, instances, initial, constraints: [], maxBytes: Infinity },
  })
  const steps = randomWalks(evaluator.next, instances.length, initial, layout, rngFrom(1))
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  const { changed } = step.value
  changed.forEach((slots, index) => slots.forEach((slot) => model.actions[index]!.written.add(slot)))
  return { model, all: await reach(model, async (work) => work()) }
}

/** Operations to find all states under an order, following one action after another. */
function workIn(model: SymbolicModel, order: readonly Slot[]): number {
  model.moveTo(order)
  const { diagrams, space } = model
  const { stored } = diagrams.cache
  let reached = model.start()
  for (let before = 0; before !== reached;) {
    before = reached
    for (const { step } of model.actions.flatMap(({ moves }) => moves)) {
      for (let last = 0; last !== reached;) {
        last = reached
        reached = diagrams.union(reached, space.relations.image(reached, step))
      }
    }
  }
  return diagrams.cache.stored - stored
}

/** The best order that sifting finds for a set in the space of a model, and the size of its diagram. */
function best(model: SymbolicModel, all: Diagram): { order: readonly Slot[]; size: number } {
  const { diagrams, space } = model
  const sizeIn = (order: readonly Slot[]): number => {
    const most = diagrams.cache.stored + MAX_OPERATIONS
    diagrams.cache.onWork = () => {
      if (diagrams.cache.stored > most) throw new TooMuch()
    }
    try {
      return diagrams.size(space.inOrder(order, all))
    } catch (thrown) {
      if (!(thrown instanceof TooMuch)) throw thrown
      diagrams.recover()
      return Infinity
    } finally {
      diagrams.cache.onWork = () => {}
      if (diagrams.table.size > 2 ** 21) diagrams.collect([all])
    }
  }
  const rng = rngFrom(1)
  const slots = space.order.length
  const edges = model.edges()
  const shuffled = (): Slot[] => {
    const left = declared(slots)
    return declared(slots).map(() => left.splice(rng(left.length), 1)[0]!)
  }
  const starts = [space.order, sharedLast(slots, edges), forced(slots, edges), declared(slots)]
  for (let start = 0; start < RANDOM_STARTS; start++) starts.push(shuffled())
  const sifted = starts.map((start) => {
    let found = { order: start, size: sizeIn(start) }
    for (let size = Infinity; found.size < size;) {
      size = found.size
      for (const slot of declared(slots)) {
        const others = found.order.filter((it) => it !== slot)
        for (let place = 0; place < slots; place++) {
          const order = [...others.slice(0, place), slot, ...others.slice(place)]
          const other = sizeIn(order)
          if (other < found.size) found = { order, size: other }
        }
      }
    }
    return found
  })
  return sifted.reduce((one, other) => (other.size < one.size ? other : one))
}

describe('the chosen order', () => {
  it.each([
    ['two-phase-commit', twoPhaseCommit, { resourceManagers: 6 }],
    ['dining-philosophers', philosophers, { philosophers: 8, design: 'ordered' }],
    ['truncate-dma', truncateDma, { design: 'wait-allocated', blocks: 2, users: 3 }],
    ['truncate-dma', truncateDma, { design: 'sequester', blocks: 3 }],
    ['truncate-dma', truncateDma, { design: 'busy-page' }],
    ['dax-lease', daxLease, { design: 'v3' }],
    ['unbind', unbind, { design: 'v6' }],
    ['gup-fast-remove', gupFastRemove, { pfns: 3, cpus: 3 }],
    ['kmem-remove', kmemRemove, { design: 'mf-movable' }],
    ['poison-recovery', poisonRecovery, { design: 'flag', blocks: 2 }],
    ['radix-sync', radixSync, { design: 'v1' }],
  ] as const)('takes at most three times the work of the best: %s %#', async (name, spec, constants) => {
    const { model, all } = await explored(spec, constants)
    const own = model.diagrams.size(all)
    const { order } = model.space
    const other = best(model, all)
    const [work, least] = [workIn(model, order), workIn(model, other.order)]
    console.log(`${name} ${JSON.stringify(constants)}: nodes ${own} for ${other.size}, operations ${work} for ${least}`)
    expect(own).toBeLessThanOrEqual(MAX_NODES * other.size)
    expect(work).toBeLessThanOrEqual(MAX_WORK * least)
  })
})
