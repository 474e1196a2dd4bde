/** Shortest paths back through levels: at every step to the least state of the level before that leads there. */
import { impure } from '../errors.ts'
import { contentOrderOf } from '../state/order.ts'
import { EMPTY } from './diagram/node-table.ts'
import type { Levels } from './levels.ts'
import type { SymbolicModel } from './symbolic-model.ts'

/**
 * The states before a state that is met at `depth`, initial state first.
 *
 * @param levels - explored to that depth, or to the one before
 * @throws {CheckerError} KR502 if there is no way to it, though there was one before
 */
export function pathBack(model: SymbolicModel, { levels }: Levels, slots: Int32Array, depth: number): Int32Array[] {
  const { diagrams, space, actions } = model
  const compare = contentOrderOf(model.layout)
  const path: Int32Array[] = []
  let target = slots
  for (let at = depth - 2; at >= 0; at--) {
    const goal = space.state(target)
    let before = EMPTY
    for (const { moves } of actions) {
      for (const { step } of moves) {
        before = diagrams.union(before, space.relations.preimage(levels[at]!, goal, step))
      }
    }
    if (before === EMPTY) throw impure('a spec function', 'searched again, a state that was found cannot be reached')
    target = space.least(before, compare)
    path.unshift(target)
  }
  return path
}
