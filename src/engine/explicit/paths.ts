/** Paths to what the explicit engine found: by searching again. */
import type { Location } from '../../properties/finding.ts'
import { orderOf } from '../../state/order.ts'
import { shortestPaths, type Path } from './shortest-path.ts'
import { Ended } from '../ending.ts'
import { Pace } from '../pace.ts'
import type { ExplicitRun } from '../context.ts'

/**
 * The canonical shortest path to each place. The seen set is empty afterwards, or holds something else.
 *
 * @throws {OutOfMemory}; {Ended} if the user asks for it
 */
export async function pathsBySearch(run: ExplicitRun, places: readonly Location[]): Promise<Path[]> {
  const { evaluator, layout, initial, instances, symmetry, monitor, search, settings } = run
  const order = orderOf(layout)
  const pace = new Pace()
  return await shortestPaths(
    {
      next: evaluator.next,
      seen: search.takeEmptySet(),
      initial,
      instances: instances.length,
      order,
      symmetry,
      admits: monitor.isInside,
      pause: pace.isDue,
      rest: async () => {
        await pace.turn()
        if (settings.signal?.aborted === true) throw new Ended('interrupted')
      },
    },
    places,
  )
}
