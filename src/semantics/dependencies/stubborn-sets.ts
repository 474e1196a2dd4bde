/**
 * Stubborn sets: for each state some action instances such that it suffices to fire the enabled ones among them.
 *
 * A set of instances is stubborn in a state if
 *
 * - for each member that is enabled there, it contains every instance that conflicts with it (`conflictsOf`), and
 * - for each member that is not, it contains every instance that may make some false guard of it true.
 *
 * On any path from the state, take the first step by a member. The member is enabled in the state itself, because no
 * other instance could enable it. It commutes with the steps before it, so it can as well come first, and the path still
 * ends in the same state (condition D1 of A. Valmari and H. Hansen, "Stubborn set intuition explained", ToPNoC XII,
 * 2017). And no path without a member disables an enabled member (D2). Hence:
 *
 * - Deadlocks. A path to a deadlock has a step by a member, for a member that is enabled would still be so at the end.
 *   Moved to the front, it leaves a shorter path. So every deadlock is reached, in as few steps as without reduction.
 * - Targets (`targets.ts`): violations, goals, failures. If a path to a target has a step by a member, the same is true.
 *   If not, `choose` has made sure that the set has an enabled member that does not harm the target and makes progress
 *   (`progress.ts`). After it, the same path still leads to the target. That can happen only finitely often in a row.
 *
 * The second case is the ignoring problem and its solution. The intermediate states of a path may change, so properties
 * of more than single states are not preserved.
 */
import { DISABLED, type ActionDependencies } from './action-dependencies.ts'
import { addBits, hasBit, noBits, popCount, type Bits } from './bits.ts'
import type { Progress } from './progress.ts'
import type { Target } from './targets.ts'

/** Which instances to fire in a state. */
export interface Choice {
  /** The number of instances to fire. */
  readonly size: number
  /** Their paths, as indexes into `ActionDependencies.paths`, in the order of the instances. */
  readonly paths: Int32Array
}

/** How many enabled instances to begin with, before taking the best set found. */
const MAX_SEEDS = 12

/** Choices of an action to look at for one that makes progress and does no harm. */
const MAX_CHOICES = 64

/** The weight of an instance that is enabled, when choosing among guards. */
const ENABLED_WEIGHT = 64

export class StubbornSets {
  /** The number of instances that are enabled in the state of the last call of `choose`. */
  enabled = 0
  readonly #dependencies: ActionDependencies
  readonly #targets: readonly Target[]
  readonly #progress: Progress
  /** By path: the targets that it serves, if its instance is a member. */
  readonly #served: (Bits | undefined)[] = []
  readonly #all: Bits
  /** By instance: its path in the state, or -1 if it is not enabled. */
  readonly #pathOf: Int32Array
  readonly #enabledBits: Bits
  readonly #enabledList: Int32Array
  readonly #members: Bits
  readonly #waiting: Int32Array
  readonly #paths: Int32Array
  readonly #best: Int32Array
  readonly #servedNow: Bits
  readonly #choice: { size: number; paths: Int32Array }
  /** Instances by the first slot that their trees look at. */
  readonly #groups: readonly { readonly slot: number; readonly byContent: readonly Int32Array[] }[]

  constructor(dependencies: ActionDependencies, targets: readonly Target[], progress: Progress) {
    const { instances } = dependencies
    this.#dependencies = dependencies
    this.#targets = targets
    this.#progress = progress
    this.#all = noBits(targets.length)
    targets.forEach((_, index) => (this.#all[index >>> 5]! |= 1 << (index & 31)))
    this.#pathOf = new Int32Array(instances).fill(-1)
    this.#enabledBits = noBits(instances)
    this.#enabledList = new Int32Array(instances)
    this.#members = noBits(instances)
    this.#waiting = new Int32Array(instances)
    this.#paths = new Int32Array(instances)
    this.#best = new Int32Array(instances)
    this.#servedNow = noBits(targets.length)
    this.#choice = { size: 0, paths: this.#best }
    this.#groups = groupsOf(dependencies)
  }

  /**
   * A stubborn set for the state with the contents `slots`.
   *
   * @returns undefined if a function fails there or its path is not known; else what to fire, valid until the next call
   */
  choose(slots: Int32Array): Choice | undefined {
    if (this.chooseAll(slots) === undefined) return undefined
    const best = this.#choice
    const seeds = Math.min(this.enabled, MAX_SEEDS)
    for (let at = 0; at < seeds && best.size > 1; at++) {
      const size = this.#close(this.#enabledList[at]!, slots, best.size)
      if (size >= best.size || !this.#servesAll(size)) continue
      best.size = size
      best.paths.set(this.#paths.subarray(0, size))
    }
    return best
  }

  /** The same, but fires all enabled instances. */
  chooseAll(slots: Int32Array): Choice | undefined {
    if (!this.#evaluate(slots)) return undefined
    const { paths } = this.#choice
    for (let at = 0; at < this.enabled; at++) paths[at] = this.#pathOf[this.#enabledList[at]!]!
    this.#choice.size = this.enabled
    return this.#choice
  }

  /** Finds the path of every instance. Returns false if one fails or is not known. */
  #evaluate(slots: Int32Array): boolean {
    const { trees, paths } = this.#dependencies
    const { nodes } = trees
    for (let at = 0; at < this.enabled; at++) this.#pathOf[this.#enabledList[at]!] = -1
    this.#enabledBits.fill(0)
    this.enabled = 0
    for (const { slot, byContent } of this.#groups) {
      const group = byContent[slot < 0 ? 0 : slots[slot]!]!
      for (let at = 0; at < group.length; at += 2) {
        let node = group[at + 1]!
        while (node > 0) node = nodes[node + 1 + slots[nodes[node]!]!]!
        if (node === DISABLED) continue
        if (node === 0) return this.#isNotKnown()
        const path = -2 - node
        if (paths[path]!.fails || paths[path]!.choices === undefined) return this.#isNotKnown()
        const instance = group[at]!
        this.#pathOf[instance] = path
        this.#enabledBits[instance >>> 5]! |= 1 << (instance & 31)
        this.#enabledList[this.enabled++] = instance
      }
    }
    this.#enabledList.subarray(0, this.enabled).sort()
    return true
  }

  #isNotKnown(): false {
    this.#pathOf.fill(-1)
    this.enabled = 0
    return false
  }

  /**
   * Closes the set that begins with `seed`. Puts the paths of enabled members into `#paths`.
   *
   * @returns their number; `limit` if there are that many or if the set cannot be closed
   */
  #close(seed: number, slots: Int32Array, limit: number): number {
    const waiting = this.#waiting
    const members = this.#members
    members.fill(0)
    members[seed >>> 5]! |= 1 << (seed & 31)
    waiting[0] = seed
    let count = 1
    let size = 0
    while (count > 0) {
      const instance = waiting[--count]!
      const path = this.#pathOf[instance]!
      if (path >= 0) {
        if (++size >= limit) return limit
        count = this.#add(this.#dependencies.conflictsOf(path), count)
        continue
      }
      if (this.#dependencies.enabledPaths[instance]!.length === 0) continue
      const guard = this.#cheapestGuard(instance, slots)
      if (guard !== undefined) count = this.#add(guard, count)
      else {
        count = this.#addForEachPath(instance, slots, count)
        if (count < 0) return limit
      }
    }
    let at = 0
    for (let index = 0; index < this.enabled; index++) {
      const instance = this.#enabledList[index]!
      if (hasBit(members, instance)) this.#paths[at++] = this.#pathOf[instance]!
    }
    return size
  }

  /** Adds members, and puts the new ones on the waiting list. Returns its length. */
  #add(bits: Bits, count: number): number {
    const members = this.#members
    for (let word = 0; word < bits.length; word++) {
      let fresh = bits[word]! & ~members[word]!
      members[word]! |= fresh
      while (fresh !== 0) {
        const bit = 31 - Math.clz32(fresh & -fresh)
        this.#waiting[count++] = word * 32 + bit
        fresh &= fresh - 1
      }
    }
    return count
  }

  /** The instances that may make a guard true that is false now; undefined if no guard is false. */
  #cheapestGuard(instance: number, slots: Int32Array): Bits | undefined {
    let best: Bits | undefined
    let least = Infinity
    for (const { slot, allows, enabledBy } of this.#dependencies.guards[instance]!) {
      if (allows[slots[slot]!] === 1) continue
      const cost = this.#costOf(enabledBy)
      if (cost >= least) continue
      least = cost
      best = enabledBy
    }
    return best
  }

  /** How much larger the set becomes. */
  #costOf(bits: Bits): number {
    let cost = 0
    for (let word = 0; word < bits.length; word++) {
      const fresh = bits[word]! & ~this.#members[word]!
      if (fresh === 0) continue
      cost += popCount(fresh) + ENABLED_WEIGHT * popCount(fresh & this.#enabledBits[word]!)
    }
    return cost
  }

  /** The same for an instance whose paths do not have a guard in common: a false test of each path. */
  #addForEachPath(instance: number, slots: Int32Array, count: number): number {
    let waiting = count
    for (const index of this.#dependencies.enabledPaths[instance]!) {
      const { reads, contents } = this.#dependencies.paths[index]!
      let best: Bits | undefined
      let least = Infinity
      for (let at = 0; at < reads.length && least > 0; at++) {
        if (slots[reads[at]!] === contents[at]) continue
        const writers = this.#dependencies.writersOf(reads[at]!, contents[at]!)
        const cost = this.#costOf(writers)
        if (cost >= least) continue
        least = cost
        best = writers
      }
      if (best === undefined) return -1
      waiting = this.#add(best, waiting)
    }
    return waiting
  }

  /** Whether for each target some enabled member makes progress and does not harm it. */
  #servesAll(size: number): boolean {
    const served = this.#servedNow
    served.fill(0)
    for (let at = 0; at < size; at++) addBits(served, this.#servedBy(this.#paths[at]!))
    for (let word = 0; word < served.length; word++) if (served[word] !== this.#all[word]) return false
    return true
  }

  #servedBy(index: number): Bits {
    return (this.#served[index] ??= this.#findServed(index))
  }

  #findServed(index: number): Bits {
    const path = this.#dependencies.paths[index]!
    const served = noBits(this.#targets.length)
    const withProgress = path.choices!.slice(0, MAX_CHOICES).filter((writes) => this.#progress.isMadeBy(path, writes))
    this.#targets.forEach((target, at) => {
      if (withProgress.some((writes) => !target.isHarmedBy(path, writes))) served[at >>> 5]! |= 1 << (at & 31)
    })
    return served
  }
}

/** Groups instances by the root of their trees, so that one look at a slot rules out many. */
function groupsOf({ layout, trees, roots }: ActionDependencies) {
  const bySlot = new Map<number, number[]>()
  roots.forEach((root, instance) => {
    const slot = root > 0 ? trees.nodes[root]! : -1
    const group = bySlot.get(slot)
    if (group === undefined) bySlot.set(slot, [instance])
    else group.push(instance)
  })
  return Array.from(bySlot, ([slot, group]) => {
    const size = slot < 0 ? 1 : layout.slots[slot]!.size
    const byContent = Array.from({ length: size }, (_, content) => {
      const next = (instance: number): number =>
        slot < 0 ? roots[instance]! : trees.nodes[roots[instance]! + 1 + content]!
      return Int32Array.from(
        group.flatMap((instance) => (next(instance) === DISABLED ? [] : [instance, next(instance)])),
      )
    })
    return { slot, byContent }
  })
}
