/** Shortest paths back through levels. Each step goes to the least predecessor on the level before. */
import { impure } from '../../errors.ts'
import type { Location } from '../../properties/finding.ts'
import { type NextState } from '../../semantics/contract.ts'
import { Successors } from '../../semantics/successors.ts'
import { slotsOf, wordsOf, type Layout } from '../../state/layout.ts'
import { contentOrderOf } from '../../state/order.ts'
import { stepTo, type Path } from '../../trace/path.ts'
import { endingFor } from '../ending.ts'
import { EMPTY } from './diagram/node-table.ts'
import type { RunSliced } from './reachable-set.ts'
import type { Levels } from './levels.ts'
import type { SymbolicModel } from './symbolic-model.ts'

/**
 * The states on a path to a state at `depth`, initial state first, without that state.
 *
 * @param levels - explored at least to the depth before
 * @throws {CheckerError} KR502 if no path leads to it, although the search found one; and the errors of `runSliced`
 */
async function pathBack(
  model: SymbolicModel,
  runSliced: RunSliced,
  { levels }: Levels,
  slots: Int32Array,
  depth: number,
): Promise<Int32Array[]> {
  const { space } = model
  const compare = contentOrderOf(model.layout)
  const path: Int32Array[] = []
  let target = slots
  for (let at = depth - 2; at >= 0; at--) {
    // One piece of work for each step, because a path may be long.
    target = await runSliced(() => {
      const before = model.before(levels[at]!, target)
      if (before === EMPTY) throw impure('a spec function', 'a second search did not reach the same state')
      return space.least(before, compare)
    })
    path.push(target)
  }
  return path.reverse()
}

/** Finds and caches the paths to findings. */
export class Paths {
  readonly #model: SymbolicModel
  readonly #layout: Layout
  readonly #next: NextState
  readonly #runSliced: RunSliced
  readonly #levels: Levels
  readonly #known = new Map<Location, Path>()

  constructor(model: SymbolicModel, next: NextState, runSliced: RunSliced, levels: Levels) {
    this.#model = model
    this.#layout = model.layout
    this.#next = next
    this.#runSliced = runSliced
    this.#levels = levels
  }

  /** Finds paths now, within the budget. If a bound ends that, `to` finds the others on request. */
  async prepare(locations: Iterable<Location>): Promise<void> {
    try {
      for (const location of locations) this.#known.set(location, await this.#find(location))
    } catch (thrown) {
      if (endingFor(thrown) === undefined) throw thrown
    }
  }

  /** The canonical shortest path to each location. */
  async to(locations: readonly Location[]): Promise<Path[]> {
    const paths: Path[] = []
    for (const location of locations) paths.push(this.#known.get(location) ?? (await this.#find(location)))
    return paths
  }

  async #find({ words, depth }: Location): Promise<Path> {
    const before = await pathBack(this.#model, this.#runSliced, this.#levels, slotsOf(this.#layout, words), depth)
    const states = [...before.map((slots) => wordsOf(this.#layout, slots)), words.slice()]
    return { states, instances: this.#instancesAlong(states) }
  }

  /** The first action instance that leads from each state to the next one. */
  #instancesAlong(states: readonly Int32Array[]): number[] {
    const out = new Successors(this.#layout.width)
    return states.map((state, index) => {
      if (index === 0) return -1
      this.#next.successors(states[index - 1]!, 0, out)
      return stepTo(out, state)
    })
  }
}
