/**
 * Which actions depend on each other: the relations from which stubborn sets are computed.
 *
 * All of them are read off complete paths. A path that is not complete counts as one that reads and writes everything.
 *
 * - `writersOf(slot, content)`: the instances that may give a slot a content. An instance that is not enabled stays so
 *   until one of these gives a slot that it tests a content with which it may go on. So they are a necessary enabling
 *   set of a guard (Godefroid; Laarman et al., "Guard-based partial-order reduction", STTT 2016).
 * - `conflictsOf(path)`: the instances that do not commute with this path of an instance. All others, wherever both are
 *   enabled, leave the path as it is, are left as they are, and write nothing else into the same slots. So the order of
 *   the two does not matter, and neither disables the other, whatever each chooses.
 */
import type { Layout } from '../../state/layout.ts'
import type { Slot } from '../../state/shape.ts'
import type { Writes } from '../../state/tracked/changes.ts'
import { addBits, noBits, setBit, type Bits } from './bits.ts'
import type { Path } from './complete-paths.ts'
import { PathTrees } from './path-trees.ts'

/** The leaf of a state in which an instance is not enabled. */
export const DISABLED = -1

/** A path on which an instance is enabled, fails, or does what is not known. */
export interface ActionPath extends Path {
  readonly instance: number
  /** What each successor writes; undefined if that is not known. Empty if the function fails. */
  readonly choices: readonly Writes[] | undefined
  /** The slots that some successor writes: the content if all that write it agree, else `SEVERAL`. */
  readonly written: ReadonlyMap<Slot, number>
  readonly fails: boolean
}

/** Several contents. */
const SEVERAL = -1

/** A slot that an instance reads on each path on which it is enabled. */
export interface Guard {
  readonly slot: Slot
  /** By content: whether the instance may be enabled. */
  readonly allows: Uint8Array
  /** The instances that may make the guard true. */
  readonly enabledBy: Bits
}

export class ActionDependencies {
  readonly layout: Layout
  readonly instances: number
  readonly trees: PathTrees
  /** The root of each instance's tree. */
  readonly roots: Int32Array
  /** The paths that have a leaf of their own: path `i` has the leaf `-2 - i`. */
  readonly paths: ActionPath[] = []
  /** By instance: the indexes of the paths on which it is or may be enabled. */
  readonly enabledPaths: readonly number[][]
  readonly guards: readonly (readonly Guard[])[]
  /** The instances with a path whose outcome is not known. */
  readonly unknown: Bits
  readonly #writers: (Bits | undefined)[][]
  readonly #noWriters: Bits
  readonly #conflicts: (Bits | undefined)[] = []
  /** By instance: the slots that its enabled paths read, and the slots that they write. */
  readonly #reads: readonly Bits[]
  readonly #writes: readonly Bits[]
  /** By slot: the content that the path in question reads, or -1. */
  readonly #held: Int32Array

  constructor(layout: Layout, pathsOf: readonly (readonly Path[])[]) {
    const slots = layout.slots.length
    this.layout = layout
    this.instances = pathsOf.length
    this.trees = new PathTrees(layout)
    this.unknown = noBits(this.instances)
    this.#writers = layout.slots.map(() => [])
    this.#held = new Int32Array(slots).fill(-1)
    this.#reads = pathsOf.map(() => noBits(slots))
    this.#writes = pathsOf.map(() => noBits(slots))
    this.enabledPaths = pathsOf.map(() => [])
    this.roots = Int32Array.from(pathsOf, (paths, instance) =>
      this.trees.add(paths, (path) => this.#leaf(path, instance)),
    )
    this.#noWriters = this.unknown
    for (const writers of this.#writers) for (const bits of writers) if (bits !== undefined) addBits(bits, this.unknown)
    this.guards = pathsOf.map((_, instance) => this.#guardsOf(instance))
  }

  writersOf(slot: Slot, content: number): Bits {
    return this.#writers[slot]![content] ?? this.#noWriters
  }

  conflictsOf(index: number): Bits {
    return (this.#conflicts[index] ??= this.#findConflicts(this.paths[index]!))
  }

  #leaf(path: Path, instance: number): number {
    const { outcome } = path
    const choices = outcome?.kind === 'successors' ? outcome.writes : outcome === undefined ? undefined : []
    const fails = outcome?.kind === 'error'
    if (choices?.length === 0 && !fails) return DISABLED
    const written = writtenBy(choices ?? [])
    const index = this.paths.push({ ...path, instance, choices, written, fails }) - 1
    if (fails) return -2 - index
    this.enabledPaths[instance]!.push(index)
    if (choices === undefined) setBit(this.unknown, instance)
    for (const slot of path.reads) setBit(this.#reads[instance]!, slot)
    for (const [slot, content] of (choices ?? []).flatMap((writes) => [...writes])) {
      setBit(this.#writes[instance]!, slot)
      setBit((this.#writers[slot]![content] ??= noBits(this.instances)), instance)
    }
    return -2 - index
  }

  #guardsOf(instance: number): Guard[] {
    const paths = this.enabledPaths[instance]!.map((index) => this.paths[index]!)
    const [first, ...others] = paths
    if (first === undefined) return []
    const common = first.reads.filter((slot) => others.every(({ reads }) => reads.includes(slot)))
    return common.flatMap((slot) => {
      const allows = new Uint8Array(this.layout.slots[slot]!.size)
      for (const { reads, contents } of paths) allows[contents[reads.indexOf(slot)]!] = 1
      if (!allows.includes(0)) return []
      const enabledBy = noBits(this.instances)
      allows.forEach((isAllowed, content) => {
        if (isAllowed === 1) addBits(enabledBy, this.writersOf(slot, content))
      })
      return [{ slot, allows, enabledBy }]
    })
  }

  #findConflicts(path: ActionPath): Bits {
    const found = noBits(this.instances)
    const { reads, contents } = path
    const held = this.#held
    const read = noBits(held.length)
    const written = noBits(held.length)
    reads.forEach((slot, index) => {
      held[slot] = contents[index]!
      setBit(read, slot)
    })
    for (const slot of path.written.keys()) setBit(written, slot)
    for (let other = 0; other < this.instances; other++) {
      if (other !== path.instance && this.#mayConflict(other, read, written) && this.#doConflict(path, other)) {
        setBit(found, other)
      }
    }
    for (const slot of reads) held[slot] = -1
    return found
  }

  #mayConflict(other: number, read: Bits, written: Bits): boolean {
    const [reads, writes] = [this.#reads[other]!, this.#writes[other]!]
    let common = (this.unknown[other >>> 5]! >>> (other & 31)) & 1
    for (let word = 0; word < read.length; word++) {
      common |= (read[word]! & writes[word]!) | (written[word]! & (reads[word]! | writes[word]!))
    }
    return common !== 0
  }

  #doConflict(path: ActionPath, other: number): boolean {
    return this.enabledPaths[other]!.some((index) => {
      const path2 = this.paths[index]!
      return this.#areCompatible(path2) && this.#interfere(path, path2)
    })
  }

  /** Whether some state has both this path and the one in `#held`. */
  #areCompatible({ reads, contents }: Path): boolean {
    const held = this.#held
    for (let index = 0; index < reads.length; index++) {
      const content = held[reads[index]!]!
      if (content >= 0 && content !== contents[index]) return false
    }
    return true
  }

  /** Whether one of the two changes what the other reads, or they write different contents to a slot. */
  #interfere({ choices, written }: ActionPath, other: ActionPath): boolean {
    if (choices === undefined || other.choices === undefined) return true
    const held = this.#held
    for (const [slot, content] of other.written) if (held[slot]! >= 0 && held[slot] !== content) return true
    for (const [slot, content] of written) {
      const at = other.reads.indexOf(slot)
      if (at >= 0 && other.contents[at] !== content) return true
      const others = other.written.get(slot)
      if (others !== undefined && (others !== content || content === SEVERAL)) return true
    }
    return false
  }
}

function writtenBy(choices: readonly Writes[]): Map<Slot, number> {
  const written = new Map<Slot, number>()
  for (const writes of choices) {
    for (const [slot, content] of writes) {
      written.set(slot, (written.get(slot) ?? content) === content ? content : SEVERAL)
    }
  }
  return written
}
