/**
 * The representative of a state: one state of its orbit, the same for all states of the orbit.
 *
 * The algorithm is canonical labeling as for graphs (McKay and Piperno, "Practical graph isomorphism, II", 2014). Each
 * member gets a color that depends on the state alone, not on names. Refinement mixes in the slots that members index
 * and the places that hold them, until it distinguishes no more members. Then each set is sorted by color.
 *
 * That is usually enough, because members of the same color are usually interchangeable: exchanging two of them does
 * not change the state. If not, the search gives one member after the other its own color, and takes the least of the
 * resulting states. Two equal results reveal an automorphism, and the search skips branches that it maps to known ones.
 *
 * Colors are hashes. An accidental collision costs only time, because the search tries all members that are not known
 * to be interchangeable. The algorithm does not depend on the run, so all threads find the same representative.
 */
import {
  exchange,
  isUnchangedBy,
  NOBODY,
  pathText,
  UNGUARDED,
  type Exchanges,
  type Member,
  type Site,
} from './exchanges.ts'
import { isThere, type Guard } from './shared-slots.ts'

/** The rank of a member without its own color. */
const UNRANKED = 2 ** 30

/** The depth to return to: none, continue. */
const ONWARD = 2 ** 30

/** Slots that one member indexes and that hold no members. They contribute to the color of their member at once. */
interface Column {
  readonly slot: Int32Array
  readonly member: Int32Array
  readonly salt: Int32Array
}

/**
 * A slot that relates members: several members index it, or it holds a member. In a union, also a slot that one member
 * indexes.
 */
interface Relation {
  readonly slot: number
  readonly salt: number
  readonly members: Int32Array | undefined
  readonly guard: number
  readonly least: number
  /** For a place in a union: all guards of the place. */
  readonly guards: readonly Guard[] | undefined
  /** The members that index it, and salts that distinguish their positions. */
  readonly indexes: Int32Array
  readonly salts: Int32Array
}

export class Canonizer {
  readonly #exchanges: Exchanges
  readonly #column: Column
  readonly #relations: readonly Relation[]
  readonly #setColor: Int32Array
  readonly #color: Int32Array
  readonly #sum: Int32Array
  /** By member: the depth at which it got its own color. */
  readonly #rank: Int32Array
  /** Members, set by set, sorted by rank and color. */
  readonly #order: Int32Array
  /** By depth: the saved contents of `#color`. */
  readonly #saved: Int32Array[] = []
  /** The input state, the best result so far, and the result being built. */
  #slots: Int32Array
  readonly #best: Int32Array
  readonly #made: Int32Array
  #hasBest = false
  /** The choices of the current branch, and of the best result. */
  readonly #path: Member[] = []
  #bestPath: readonly Member[] = []
  /** By member: its image in the current result, and in the best one. */
  readonly #image: Int32Array
  readonly #bestImage: Int32Array
  readonly #preimage: Int32Array

  /** @param size - number of slots of a state */
  constructor(exchanges: Exchanges, size: number) {
    this.#exchanges = exchanges
    const { names, sites, setOf, sets } = exchanges
    const isSimple = ({ indexes, members, shared }: Site): boolean =>
      indexes.length === 1 && members === undefined && shared === undefined
    const simple = sites.filter(isSimple)
    this.#column = {
      slot: Int32Array.from(simple, ({ slot }) => slot),
      member: Int32Array.from(simple, ({ indexes }) => indexes[0]!),
      salt: Int32Array.from(simple, (site) => saltOf(exchanges, site)),
    }
    this.#relations = sites
      .filter((site) => (site.indexes.length > 0 || site.members !== undefined) && !isSimple(site))
      .map((site) => {
        const { slot, members, guard, least, indexes, shared } = site
        const isOrdered = site.path.every((step) => typeof step === 'string' || typeof step.key === 'string')
        return {
          slot,
          members,
          guard,
          least,
          guards: shared?.guards,
          salt: saltOf(exchanges, site),
          indexes: Int32Array.from(indexes),
          salts: Int32Array.from(indexes, (_, place) => scramble(isOrdered ? place + 1 : 1)),
        }
      })
    this.#setColor = Int32Array.from(setOf, (set) => textSalt(sets[set]!.label + set))
    const ofMembers = (): Int32Array => new Int32Array(names.length)
    this.#color = ofMembers()
    this.#sum = ofMembers()
    this.#rank = ofMembers()
    this.#order = ofMembers()
    this.#image = ofMembers()
    this.#bestImage = ofMembers()
    this.#preimage = ofMembers()
    this.#best = new Int32Array(size)
    this.#made = new Int32Array(size)
    this.#slots = this.#best
  }

  /**
   * Replaces a state by its representative.
   *
   * @returns by member: its image. This array is valid until the next call.
   */
  canonize(slots: Int32Array): Int32Array {
    this.#slots = slots
    this.#hasBest = false
    this.#path.length = 0
    this.#rank.fill(UNRANKED)
    this.#colorAlone()
    this.#search(0)
    slots.set(this.#best)
    return this.#bestImage
  }

  /** Colors members by the slots that only one member indexes. */
  #colorAlone(): void {
    const { slot, member, salt } = this.#column
    const slots = this.#slots
    const color = this.#color
    color.set(this.#setColor)
    for (let at = 0; at < slot.length; at++) {
      const content = slots[slot[at]!]!
      if (content !== 0) color[member[at]!] = (color[member[at]!]! + scramble(content ^ salt[at]!)) | 0
    }
    for (let at = 0; at < color.length; at++) color[at] = scramble(color[at]!)
  }

  /**
   * Searches all results for the current colors and ranks.
   *
   * @returns the depth to go back to if all deeper branches are known
   */
  #search(depth: number): number {
    this.#refine()
    const { first, sets } = this.#exchanges
    const order = this.#order
    for (let set = 0; set < sets.length; set++) {
      for (let from = first[set]!; from < first[set + 1]!;) {
        let to = from + 1
        while (to < first[set + 1]! && !this.#isTold(order[from]!, order[to]!)) to++
        if (to - from > 1) {
          const classes = this.#classesOf(from, to)
          if (classes.length > 1) return this.#branch(depth, classes)
        }
        from = to
      }
    }
    return this.#arrive(depth)
  }

  /** Gives each of the members in turn its own color. */
  #branch(depth: number, members: readonly Member[]): number {
    const saved = (this.#saved[depth] ??= new Int32Array(this.#color.length))
    saved.set(this.#color)
    for (const member of members) {
      this.#rank[member] = depth
      this.#color[member] = scramble(saved[member]! + depth + 1)
      this.#path[depth] = member
      const back = this.#search(depth + 1)
      this.#rank[member] = UNRANKED
      this.#color.set(saved)
      if (back < depth) return back
    }
    return ONWARD
  }

  /** A member from each class of interchangeable members at `order[from..to)`. */
  #classesOf(from: number, to: number): Member[] {
    const kinds: Member[] = []
    for (let at = from; at < to; at++) {
      const member = this.#order[at]!
      const isKnown = kinds.some((kind) => isUnchangedBy(this.#exchanges.of(kind, member), this.#slots))
      if (!isKnown) kinds.push(member)
    }
    return kinds
  }

  /** Compares the state for the current order of members with the best one. */
  #arrive(depth: number): number {
    const made = this.#hasBest ? this.#made : this.#best
    const image = this.#hasBest ? this.#image : this.#bestImage
    this.#permute(made, image)
    if (this.#hasBest) {
      const difference = compareSlots(made, this.#best)
      if (difference === 0) {
        for (let at = 0; at < depth; at++) if (this.#path[at] !== this.#bestPath[at]) return at
      }
      if (difference >= 0) return ONWARD
      this.#best.set(made)
      this.#bestImage.set(image)
    }
    this.#hasBest = true
    this.#bestPath = this.#path.slice(0, depth)
    return ONWARD
  }

  /** Moves each member to its position in the order. */
  #permute(made: Int32Array, image: Int32Array): void {
    made.set(this.#slots)
    const order = this.#order
    const preimage = this.#preimage
    for (let at = 0; at < order.length; at++) image[at] = preimage[at] = at
    for (let place = 0; place < order.length; place++) {
      const member = order[place]!
      const now = image[member]!
      if (now === place) continue
      exchange(this.#exchanges.of(now, place), made)
      const other = preimage[place]!
      image[other] = now
      preimage[now] = other
      image[member] = place
      preimage[place] = member
    }
  }

  /** Refines colors until they distinguish no more members. */
  #refine(): void {
    let told = this.#sort()
    if (this.#relations.length === 0) return
    while (told < this.#order.length) {
      this.#recolor()
      const now = this.#sort()
      if (now === told) return
      told = now
    }
  }

  /** Mixes the color of each member with the colors of related members. */
  #recolor(): void {
    const slots = this.#slots
    const color = this.#color
    const sum = this.#sum
    sum.fill(0)
    for (const { slot, salt, members, guard, least, guards, indexes, salts } of this.#relations) {
      const content = slots[slot]!
      if (guards !== undefined && !isThere(guards, slots)) continue
      if (members === undefined) {
        if (content === 0) continue
      } else if (guard !== UNGUARDED && slots[guard]! < least) continue
      const held = members === undefined ? NOBODY : members[content]!
      if (held === NOBODY && content === 0) continue
      let mixed = salt + (held === NOBODY ? content + 1 : scramble(color[held]! ^ 0x5bd1e995))
      for (let at = 0; at < indexes.length; at++) {
        const index = indexes[at]!
        mixed = (mixed + scramble(color[index]! ^ salts[at]!) + (index === held ? salts[at]! : 0)) | 0
      }
      mixed = scramble(mixed)
      for (let at = 0; at < indexes.length; at++) {
        sum[indexes[at]!] = (sum[indexes[at]!]! + scramble(mixed ^ salts[at]!)) | 0
      }
      if (held !== NOBODY) sum[held] = (sum[held]! + scramble(mixed ^ 0x27d4eb2f)) | 0
    }
    for (let at = 0; at < color.length; at++) color[at] = scramble((Math.imul(color[at]!, 31) + sum[at]!) | 0)
  }

  /** Sorts the members of each set. @returns the number of distinguishable members over all sets */
  #sort(): number {
    const { first, sets } = this.#exchanges
    const order = this.#order
    let told = 0
    for (let set = 0; set < sets.length; set++) {
      const from = first[set]!
      const to = first[set + 1]!
      for (let at = from; at < to; at++) {
        let place = at
        for (; place > from && this.#precedes(at, order[place - 1]!); place--) order[place] = order[place - 1]!
        order[place] = at
      }
      told++
      for (let at = from + 1; at < to; at++) if (this.#isTold(order[at - 1]!, order[at]!)) told++
    }
    return told
  }

  #precedes(one: Member, other: Member): boolean {
    const byRank = this.#rank[one]! - this.#rank[other]!
    return byRank === 0 ? this.#color[one]! < this.#color[other]! : byRank < 0
  }

  #isTold(one: Member, other: Member): boolean {
    return this.#rank[one] !== this.#rank[other] || this.#color[one] !== this.#color[other]
  }
}

function compareSlots(one: Int32Array, other: Int32Array): number {
  for (let slot = 0; slot < one.length; slot++) {
    const difference = one[slot]! - other[slot]!
    if (difference !== 0) return difference
  }
  return 0
}

/** A hash that is equal for slots that some permutation maps to each other, and usually differs for others. */
function saltOf(exchanges: Exchanges, { path, indexes }: Site): number {
  const label = (name: string): string => {
    const member = exchanges.numberOf(name)
    return member === NOBODY ? name : `‹${exchanges.sets[exchanges.setOf[member]!]!.label}›`
  }
  const pattern = indexes.map((member) => indexes.indexOf(member)).join()
  const isOrdered = path.every((step) => typeof step === 'string' || typeof step.key === 'string')
  return textSalt(`${pathText(path, label)} ${isOrdered ? pattern : ''}`)
}

/** FNV-1a. */
function textSalt(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return scramble(hash)
}

/** C. Wellons' lowbias32 (public domain). */
function scramble(number: number): number {
  let mixed = Math.imul(number ^ (number >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return mixed ^ (mixed >>> 15)
}
