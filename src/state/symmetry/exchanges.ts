/**
 * The effect of exchanging two members of a symmetric set on the slots of a state.
 *
 *     exchange rm1 and rm2:   slots     rm[rm1] ↔ rm[rm2],  prepared ∋ rm1 ↔ prepared ∋ rm2     places that members index
 *                             contents  leader: "rm1" ↔ "rm2"                                 values that are members
 *
 * Each permutation is a product of exchanges, so exchanges suffice. An unused slot is 0, beyond the end of a list or
 * inside an absent optional, and 0 does not stand for a value there.
 */
import { domainsIn, valuesOf } from '../../spec/domain-values.ts'
import type { AnyDomain } from '../../spec/domain.ts'
import type { SymmetricSet } from '../../spec/symmetric-sets.ts'
import type { Layout } from '../layout.ts'
import { textOf } from '../order.ts'
import type { Shape, Slot } from '../shape.ts'
import { permuted, type Renaming } from './permuted.ts'
import { SharedSlots, type Guard, type Transfer } from './shared-slots.ts'

/** A member's number over all sets, set by set, in order. */
export type Member = number

/** No member. */
export const NOBODY = -1

/** The slot of a guard that is always true. */
export const UNGUARDED = -1

/** The properties of a slot that matter for symmetry. */
export interface Site {
  readonly slot: Slot
  /** The place: names of variables and fields, indexes of lists, and keys. Symmetry renames the members in the keys. */
  readonly path: readonly Step[]
  /** The members in its path, in order. */
  readonly indexes: readonly Member[]
  /** By content: the member that it stands for, or `NOBODY`. Undefined if no content stands for a member. */
  readonly members: Int32Array | undefined
  /** The slot is in use while this slot holds at least `least`. */
  readonly guard: Slot
  readonly least: number
  /** For a place in a union: its outermost union, and all guards of the place. */
  readonly shared: { readonly union: Shape; readonly guards: readonly Guard[] } | undefined
}

/** A step of a path: a piece of its text, or a key or element. */
export type Step = string | { readonly key: unknown }

/** The exchange of two members, as lists of numbers. */
export interface Exchange {
  /** Pairs of slots that change places. */
  readonly pairs: Int32Array
  /**
   * Slots that change places and may hold either member: `slot, other, one member's content, the other's, guard,
   * other's guard, least`.
   */
  readonly holders: Int32Array
  /** Slots that stay and may hold either member: `slot, one member's content, the other's, guard, least`. */
  readonly stayers: Int32Array
  /** The unions that it changes. */
  readonly unions: SharedSlots | undefined
}

/** The symmetric sets of a layout: their numbered members, and the exchanges of two members of a set. */
export class Exchanges {
  readonly sets: readonly SymmetricSet[]
  /** By member: its name, and the index of its set. */
  readonly names: readonly string[]
  readonly setOf: Int32Array
  /** By set: its first member. The last entry is one past all members. */
  readonly first: Int32Array
  readonly sites: readonly Site[]
  readonly #numbers: ReadonlyMap<string, Member>
  readonly #made: (Exchange | undefined)[] = []
  /** By text of the path. */
  readonly #byPath: ReadonlyMap<string, Site>

  constructor(layout: Layout, sets: readonly SymmetricSet[]) {
    this.sets = sets
    this.names = sets.flatMap(({ names }) => names)
    this.setOf = Int32Array.from(sets.flatMap(({ names }, set) => names.map(() => set)))
    this.first = new Int32Array(sets.length + 1)
    sets.forEach(({ names }, set) => (this.first[set + 1] = this.first[set]! + names.length))
    this.#numbers = new Map(this.names.map((name, member) => [name, member]))
    this.sites = sitesOf(layout.shape, (name) => this.#numbers.get(name) ?? NOBODY)
    this.#byPath = new Map(this.sites.map((site) => [pathText(site.path, (name) => name), site]))
  }

  /** The number of the member with this name, or `NOBODY`. */
  numberOf(name: string): Member {
    return this.#numbers.get(name) ?? NOBODY
  }

  /** The exchange of two members of one set. Computed on first use. */
  of(one: Member, other: Member): Exchange {
    const at = Math.min(one, other) * this.names.length + Math.max(one, other)
    return (this.#made[at] ??= this.#make(Math.min(one, other), Math.max(one, other)))
  }

  #make(one: Member, other: Member): Exchange {
    const [oneName, otherName] = [this.names[one]!, this.names[other]!]
    const rename: Renaming = (name) => (name === oneName ? otherName : name === otherName ? oneName : name)
    const pairs: number[] = []
    const holders: number[] = []
    const stayers: number[] = []
    const transfers: (Transfer & { union: Shape; image: Shape })[] = []
    for (const site of this.sites) {
      const { slot, path, indexes, members, guard, least, shared } = site
      const moves = indexes.some((member) => member === one || member === other)
      const image = moves ? this.#byPath.get(pathText(path, rename))! : site
      const contents = members === undefined ? [] : [members.indexOf(one), members.indexOf(other)]
      const holds = contents.length > 0 && contents[0] !== -1
      if (shared !== undefined) {
        const [first, second] = holds ? (contents as [number, number]) : [-1, -1]
        const { union, guards } = shared
        transfers.push({ slot, to: image.slot, one: first, other: second, guards, union, image: image.shared!.union })
        continue
      }
      if (image.slot < slot) continue
      if (image.slot === slot) {
        if (holds) stayers.push(slot, ...contents, guard, least)
      } else if (holds) {
        holders.push(slot, image.slot, ...contents, guard, image.guard, least)
      } else {
        pairs.push(slot, image.slot)
      }
    }
    const isChange = ({ slot, to, one: held }: Transfer): boolean => slot !== to || held !== -1
    const changed = new Set(transfers.filter(isChange).flatMap(({ union, image }) => [union, image]))
    const concerned = transfers.filter(({ union }) => changed.has(union))
    return {
      pairs: Int32Array.from(pairs),
      holders: Int32Array.from(holders),
      stayers: Int32Array.from(stayers),
      unions: concerned.length === 0 ? undefined : new SharedSlots(concerned),
    }
  }
}

/** By slot: the slot of its place after the exchange. */
export function slotsAfter({ pairs, holders }: Exchange, count: number): Int32Array {
  const image = Int32Array.from({ length: count }, (_, slot) => slot)
  const swap = (slot: Slot, other: Slot): void => {
    image[slot] = other
    image[other] = slot
  }
  for (let at = 0; at < pairs.length; at += 2) swap(pairs[at]!, pairs[at + 1]!)
  for (let at = 0; at < holders.length; at += 7) swap(holders[at]!, holders[at + 1]!)
  return image
}

/** Exchanges two members in a state. */
export function exchange({ pairs, holders, stayers, unions }: Exchange, slots: Int32Array): void {
  // Exchange unions before these slots change: tags, lengths and flags say which places a state has.
  unions?.exchange(slots)
  // Guards are lengths and flags. They never hold members, and they move last.
  for (let at = 0; at < stayers.length; at += 5) {
    const slot = stayers[at]!
    slots[slot] = exchanged(slots, slot, stayers[at + 1]!, stayers[at + 2]!, stayers[at + 3]!, stayers[at + 4]!)
  }
  for (let at = 0; at < holders.length; at += 7) {
    const slot = holders[at]!
    const other = holders[at + 1]!
    const [one, two, least] = [holders[at + 2]!, holders[at + 3]!, holders[at + 6]!]
    const content = exchanged(slots, slot, one, two, holders[at + 4]!, least)
    slots[slot] = exchanged(slots, other, one, two, holders[at + 5]!, least)
    slots[other] = content
  }
  for (let at = 0; at < pairs.length; at += 2) {
    const slot = pairs[at]!
    const other = pairs[at + 1]!
    const content = slots[slot]!
    slots[slot] = slots[other]!
    slots[other] = content
  }
}

/** Whether exchanging two members leaves a state as it is. */
export function isUnchangedBy({ pairs, holders, stayers, unions }: Exchange, slots: Int32Array): boolean {
  for (let at = 0; at < pairs.length; at += 2) if (slots[pairs[at]!] !== slots[pairs[at + 1]!]) return false
  for (let at = 0; at < stayers.length; at += 5) {
    const slot = stayers[at]!
    const content = exchanged(slots, slot, stayers[at + 1]!, stayers[at + 2]!, stayers[at + 3]!, stayers[at + 4]!)
    if (content !== slots[slot]) return false
  }
  for (let at = 0; at < holders.length; at += 7) {
    const content = exchanged(
      ...([slots, holders[at]!, holders[at + 2]!, holders[at + 3]!, holders[at + 4]!, holders[at + 6]!] as const),
    )
    if (content !== slots[holders[at + 1]!]) return false
  }
  return unions?.isUnchanged(slots) ?? true
}

/** The content of a slot after exchanging the contents `one` and `other`. */
function exchanged(slots: Int32Array, slot: Slot, one: number, other: number, guard: Slot, least: number): number {
  const content = slots[slot]!
  if (content !== one && content !== other) return content
  if (guard !== UNGUARDED && slots[guard]! < least) return content
  return content === one ? other : one
}

/** The context of a place. */
interface Surroundings {
  /** The innermost length or flag that says whether the place exists. */
  readonly guard: Slot
  readonly least: number
  /** The outermost union. */
  readonly union: Shape | undefined
  /** Outside unions only the innermost guard; in a union all guards of the place. */
  readonly guards: readonly Guard[]
}

/** The slots below a shape, in order. A shared slot occurs once for each place that uses it. */
function sitesOf(root: Shape, numberOf: (name: string) => Member): Site[] {
  const sites: Site[] = []
  const visit = (shape: Shape, path: readonly Step[], around: Surroundings): void => {
    const { guard, least, union, guards } = around
    const add = (slot: Slot, at: readonly Step[], domain?: AnyDomain, outer: Shape | undefined = union): void => {
      const indexes = at.flatMap((step) => (typeof step === 'string' ? [] : membersIn(step.key, numberOf)))
      const members = domain && membersAmong(domain, numberOf)
      const shared = outer && { union: outer, guards }
      sites.push({ slot, path: at, indexes, members, guard, least, shared })
    }
    switch (shape.kind) {
      case 'scalar':
        return add(shape.first, path, shape.domain)
      case 'optional':
        add(shape.first, [...path, '?'])
        return visit(shape.inner, path, within(around, shape.first, 1))
      case 'map':
        return shape.keys.forEach((key, index) => visit(shape.children[index]!, [...path, { key }], around))
      case 'set':
        return shape.elements.forEach((key, index) => add(shape.first + index, [...path, '∋', { key }]))
      case 'bag':
        add(shape.first, [...path, '#size'])
        return shape.elements.forEach((key, index) => add(shape.first + 1 + index, [...path, '#count', { key }]))
      case 'list':
        add(shape.first, [...path, '#size'])
        return shape.children.forEach((child, index) =>
          visit(child, [...path, `[${index}]`], within(around, shape.first, index + 1)),
        )
      case 'record':
        return shape.names.forEach((name, index) =>
          visit(shape.children[index]!, [...path, `.${JSON.stringify(name)}`], around),
        )
      case 'union':
        add(shape.first, [...path, '#tag'], shape.tag.domain, union ?? shape)
        return shape.variants.forEach((variant, number) => {
          const tag = { slot: shape.first, least: shape.byTag.indexOf(variant), most: shape.byTag.lastIndexOf(variant) }
          const inside = { ...around, union: union ?? shape, guards: [...guards, tag] }
          for (const [index, child] of variant.children.entries()) {
            if (child.first !== shape.first)
              visit(child, [...path, `|${number}.${JSON.stringify(variant.names[index])}`], inside)
          }
        })
    }
  }
  visit(root, [], { guard: UNGUARDED, least: 0, union: undefined, guards: [] })
  return sites
}

/** The context of a place that exists only if the slot holds at least `least`. */
function within({ union, guards }: Surroundings, slot: Slot, least: number): Surroundings {
  const guard = { slot, least, most: Infinity }
  // Outside unions the innermost guard is enough, because an unused guard holds 0.
  return { guard: slot, least, union, guards: union === undefined ? [guard] : [...guards, guard] }
}

/** Members in a key in the order of occurrence. Members in a set or map have no order. */
function membersIn(key: unknown, numberOf: (name: string) => Member): Member[] {
  const found: Member[] = []
  permuted(key, (name) => {
    const member = numberOf(name)
    if (member !== NOBODY) found.push(member)
    return name
  })
  return found
}

/** By content of a scalar: the member that it stands for. */
function membersAmong(domain: AnyDomain, numberOf: (name: string) => Member): Int32Array | undefined {
  const isNamed = domainsIn([domain]).some(({ kind }) => kind === 'oneOf' || kind === 'members')
  if (!isNamed) return undefined
  const numbers = valuesOf(domain).map((value) => (typeof value === 'string' ? numberOf(value) : NOBODY))
  return numbers.some((number) => number !== NOBODY) ? Int32Array.from(numbers) : undefined
}

/** A text that identifies the path, with its members renamed. */
export function pathText(path: readonly Step[], rename: Renaming): string {
  return path.map((step) => (typeof step === 'string' ? step : `‹${textOf(permuted(step.key, rename))}›`)).join('')
}
