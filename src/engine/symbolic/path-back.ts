/** Shortest paths back through levels: at every step to the least state of the level before that leads there. */
import { impure } from '../../errors.ts'
import { contentOrderOf } from '../../state/order.ts'
import { EMPTY } from './diagram/node-table.ts'
import type { Drive } from './reachable-set.ts'
import type { Levels } from './levels.ts'
import type { SymbolicModel } from './symbolic-model.ts'

/**
 * The states before a state that is met at `depth`, initial state first.
 *
 * @param levels - explored to that depth, or to the one before
 * @throws {CheckerError} KR502 if no path leads to it, although one did before; and what ends the work
 */
export async function pathBack(
  model: SymbolicModel,
  drive: Drive,
  { levels }: Levels,
  slots: Int32Array,
  depth: number,
): Promise<Int32Array[]> {
  const { space } = model
  const compare = contentOrderOf(model.layout)
  const path: Int32Array[] = []
  let target = slots
  for (let at = depth - 2; at >= 0; at--) {
    // One piece of work for each step: a path may be long.
    target = await drive(() => {
      const before = model.before(levels[at]!, target)
      if (before === EMPTY) throw impure('a spec function', 'searched again, a state that was found cannot be reached')
      return space.least(before, compare)
    })
    path.push(target)
  }
  return path.reverse()
}
