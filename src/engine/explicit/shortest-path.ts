/**
 * Shortest paths to the findings of a search.
 *
 * The search keeps no predecessors, because most runs do not need a path. For a path, this module repeats the search up
 * to the level of the finding, and keeps the levels. Then it walks back from each finding. Each step goes to the least
 * predecessor on the level before, by its first action instance that leads there. So the path depends on the spec
 * alone. With symmetry it is a path over representatives, and `concretize.ts` turns it into a behavior.
 */
import { impure } from '../../errors.ts'
import type { Location } from '../../properties/finding.ts'
import { type NextState, type Observer } from '../../semantics/contract.ts'
import { Successors } from '../../semantics/successors.ts'
import type { ViewClasses } from '../../semantics/view-classes.ts'
import { purely } from '../../spec/purity.ts'
import { orderOf, type StateOrder } from '../../state/order.ts'
import type { Symmetry } from '../../state/symmetry/symmetry.ts'
import type { StateSet } from '../../store/state-set.ts'
import { piecesOf } from '../../store/word-file.ts'
import { stepTo, type Path } from '../../trace/path.ts'
import { Ended } from '../ending.ts'
import { Pace } from '../pace.ts'
import type { ExplicitRun } from './explicit-run.ts'
import type { DiskSearch } from './disk/disk-search.ts'
import { Search } from './search.ts'

/** A state to reach, with its depth. Initial states have depth 1. */
export interface Target {
  readonly words: Int32Array
  readonly depth: number
}

/** The input of a repeated search. */
export interface Again {
  readonly next: NextState
  /** Must be empty. */
  readonly seen: StateSet
  readonly initial: Int32Array
  readonly instances: number
  readonly order: StateOrder
  /** The reduction of the first search. */
  readonly symmetry: Symmetry | undefined
  /** The view of the first search. A representative is a successor of another one, so paths need nothing else. */
  readonly view?: ViewClasses | undefined
  /** Keeps the repeated search within the constraints; undefined without constraints. */
  readonly admits: Observer['admits'] | undefined
  /** Whether other tasks are due for a turn. */
  readonly pause: () => boolean
  /** Gives other tasks their turn. Throws to end the work. */
  readonly rest: () => Promise<void>
  /** Keeps the levels in files; undefined if they fit into memory. */
  readonly toDisk?: ((search: Search, observer: Observer) => DiskSearch) | undefined
}

/** A level, in pieces of whole states. */
type Level = () => Iterable<Int32Array>

/**
 * The canonical shortest path to each location that a run found. This overwrites the seen set.
 *
 * @throws {OutOfMemory}; {OutOfDisk}; {Ended} if the user stops the run
 */
export async function pathsBySearch(run: ExplicitRun, locations: readonly Location[]): Promise<Path[]> {
  const { next, layout, initial, instances, symmetry, view, monitor, search, settings } = run
  const pace = new Pace()
  const disk = search.isOnDisk ? settings.checkpoints!.disk : undefined
  const { moveToDisk } = disk === undefined ? {} : await import('./disk/move-to-disk.ts')
  const again: Again = {
    next,
    seen: search.takeEmptySet(),
    initial,
    instances: instances.length,
    order: orderOf(layout),
    symmetry,
    view,
    admits: monitor.isInside,
    pause: pace.isDue,
    rest: async () => {
      await pace.turn()
      if (settings.signal?.aborted === true) throw new Ended('interrupted')
    },
    toDisk:
      disk &&
      ((repeated, observer) =>
        moveToDisk!(repeated, { disk, memoryBytes: settings.memoryBytes, observer, keepsLevels: true })),
  }
  return await shortestPaths(again, locations)
}

/**
 * The canonical shortest path to each target, or with symmetry to its representative. One repetition of the search
 * serves all targets.
 *
 * @throws {OutOfMemory}, and the errors of `rest`
 */
export async function shortestPaths(again: Again, targets: readonly Target[]): Promise<Path[]> {
  const deepest = Math.max(0, ...targets.map(({ depth }) => depth))
  const levels = await collectLevels(again, deepest - 1)
  const paths = targets.map(({ words }) => {
    const end: Int32Array = words.slice()
    again.symmetry?.represent(end, 0)
    return { states: [end], instances: [] as number[] }
  })
  for (let depth = deepest; depth > 1; depth--) {
    const due = paths.filter((_, index) => targets[index]!.depth >= depth)
    const ends = due.map(({ states }) => states[0]!)
    const steps = await leastPredecessors(again, levels[depth - 2]!, ends)
    due.forEach((path, index) => {
      path.states.unshift(steps[index]!.words)
      path.instances.unshift(steps[index]!.instance)
    })
  }
  return paths.map(({ states, instances }) => ({ states, instances: [-1, ...instances] }))
}

/**
 * The first `count` levels of the search. No spec function fails on them, because the first search would have ended
 * there.
 */
async function collectLevels(again: Again, count: number): Promise<Level[]> {
  if (count <= 0) return []
  const { next, seen, initial, instances, symmetry, view, admits, pause, rest } = again
  const observer: Observer = {
    discovered() {},
    suspects: () => false,
    dead() {},
    failed() {},
    ...(admits && { admits }),
  }
  const search = new Search(next, instances, observer, seen, false, view ?? symmetry)
  while (!purely(() => search.begin(initial, pause))) await rest()
  const onDisk = again.toDisk?.(search, observer)
  const level = (): Level => {
    if (onDisk !== undefined) {
      const { level: file } = onDisk
      return () => piecesOf(file, seen.width)
    }
    const copy = search.copy(search.frontier)
    return () => [copy]
  }
  const levels = [level()]
  while (levels.length < count) {
    while (!purely(() => (onDisk ?? search).expandLevel(pause))) await rest()
    levels.push(level())
  }
  return levels
}

/** A state from which an instance leads to a target. */
export interface Predecessor {
  readonly words: Int32Array
  readonly instance: number
}

/** What decides which predecessor is the least. */
export interface Stepping extends Pick<Again, 'next' | 'order' | 'symmetry'> {
  readonly width: number
}

/**
 * For each target the least predecessor on `level`, and the first instance that leads to the target.
 *
 * @throws {CheckerError} KR502 if there is none, although the first search found one
 */
async function leastPredecessors(
  { next, seen: { width }, order, symmetry, pause, rest }: Again,
  level: Level,
  targets: readonly Int32Array[],
): Promise<Predecessor[]> {
  const turn = async (): Promise<void> => {
    if (pause()) await rest()
  }
  const best = await leastSteps({ next, width, order, symmetry }, level(), targets, turn)
  return best.map((found) => {
    if (found === undefined) throw unreachedAgain()
    return found
  })
}

/** The error for a state that a search reached and a second search did not. */
export function unreachedAgain(): Error {
  return impure('a spec function', 'a second search did not reach the same state')
}

/**
 * For each target the least predecessor on `level`, and the first instance that leads to the target; undefined if there
 * is none.
 *
 * @param level - in pieces of whole states
 * @param turn - called every 32 states
 */
export async function leastSteps(
  { next, width, order, symmetry }: Stepping,
  level: Iterable<Int32Array>,
  targets: readonly Int32Array[],
  turn: () => Promise<void>,
): Promise<(Predecessor | undefined)[]> {
  const best: (Predecessor | undefined)[] = targets.map(() => undefined)
  const out = new Successors(width)
  const look = (states: Int32Array, offset: number): void => {
    next.successors(states, offset, out)
    if (symmetry !== undefined) {
      for (let at = 0; at < out.size; at++) symmetry.represent(out.words, at * width)
    }
    targets.forEach((target, which) => {
      const instance = stepTo(out, target)
      if (instance < 0) return
      const known = best[which]
      if (known !== undefined && order(states, offset, known.words, 0) >= 0) return
      best[which] = { words: states.slice(offset, offset + width), instance }
    })
  }
  for (const states of level) {
    for (let offset = 0; offset < states.length;) {
      const end = Math.min(states.length, offset + 32 * width)
      purely(() => {
        for (; offset < end; offset += width) look(states, offset)
      })
      await turn()
    }
  }
  return best
}
