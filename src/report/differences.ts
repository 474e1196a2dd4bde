/**
 * What a step changed, place by place.
 *
 * A collection is never shown twice. A set or bag shows which elements came and went; maps, records and lists show the places inside them
 * that differ.
 */
import { is, isList, isMap, isRecord, isSet, type List, type Map as ImmutableMap } from 'immutable'
import { isBag, type Bag } from '../spec/bag.ts'
import type { Change } from '../state/describe.ts'
import { show, sorted } from './show.ts'

/** How a place differs: another value; or elements that came to it and went from it. */
export type Difference =
  | { readonly path: string; readonly from: unknown; readonly to: unknown }
  | { readonly path: string; readonly added: readonly unknown[]; readonly removed: readonly unknown[] }
  /** A list that differs in too many places to name each. */
  | { readonly path: string; readonly now: unknown }

/** A list that differs in more places than this is shown as it is after the step. */
const MAX_PLACES = 6

/** Two lists with more pairs of different elements than this are compared at their ends alone. */
const MAX_PAIRS = 10_000

/** What the changes of a step come down to. */
export function differencesOf(changes: readonly Change[]): Difference[] {
  return changes.flatMap(({ path, from, to }) => differences(path, from, to))
}

function differences(path: string, from: unknown, to: unknown): Difference[] {
  if (is(from, to)) return []
  if (isSet(from) && isSet(to)) {
    return [{ path, added: sorted(to.subtract(from)), removed: sorted(from.subtract(to)) }]
  }
  if (isBag(from) && isBag(to)) return [{ path, added: sorted(moreIn(to, from)), removed: sorted(moreIn(from, to)) }]
  if (isList(from) && isList(to)) {
    const found = inLists(path, from, to)
    return found.length > MAX_PLACES ? [{ path, now: to }] : found
  }
  if (isMap(from) && isMap(to)) return inMaps(path, from, to)
  if (isRecord(from) && isRecord(to)) {
    const names = from.toSeq().keySeq().toArray()
    if (!is(from.toSeq().keySeq().toSet(), to.toSeq().keySeq().toSet())) return [{ path, from, to }]
    return names.flatMap((name) => differences(`${path}.${name}`, from.get(name, null), to.get(name, null)))
  }
  return [{ path, from, to }]
}

/** The elements of which a bag has more copies than another, once for each copy more. */
function moreIn(bag: Bag<unknown>, other: Bag<unknown>): unknown[] {
  return [...bag].flatMap((it) => Array<unknown>(Math.max(0, bag.count(it) - other.count(it))).fill(it))
}

function inMaps(path: string, from: ImmutableMap<unknown, unknown>, to: ImmutableMap<unknown, unknown>): Difference[] {
  const keys = [...from.keys(), ...[...to.keys()].filter((key) => !from.has(key))]
  return keys.flatMap((key): Difference[] => {
    const place = `${path}[${show(key)}]`
    if (!to.has(key)) return [{ path: place, added: [], removed: [from.get(key)] }]
    if (!from.has(key)) return [{ path: place, added: [to.get(key)], removed: [] }]
    return differences(place, from.get(key), to.get(key))
  })
}

/** Elements removed, by their old places; elements added, by their new ones; an element that stays in its place but differs, inside. */
function inLists(path: string, from: List<unknown>, to: List<unknown>): Difference[] {
  const found: Difference[] = []
  const run = (index: number, added: readonly unknown[], removed: readonly unknown[]): void => {
    if (added.length + removed.length > 0) found.push({ path: `${path}[${index}]`, added, removed })
  }
  let [old, now] = [0, 0]
  for (const [oldNext, nowNext] of [...common(from.toArray(), to.toArray()), [from.size, to.size] as const]) {
    const pairs = old === now ? Math.min(oldNext - old, nowNext - now) : 0
    for (let index = old; index < old + pairs; index++) {
      found.push(...differences(`${path}[${index}]`, from.get(index), to.get(index)))
    }
    run(old + pairs, [], from.slice(old + pairs, oldNext).toArray())
    run(now + pairs, to.slice(now + pairs, nowNext).toArray(), [])
    old = oldNext + 1
    now = nowNext + 1
  }
  return found
}

/** Pairs of places of a longest common subsequence, in order. */
function common(from: readonly unknown[], to: readonly unknown[]): (readonly [old: number, now: number])[] {
  let start = 0
  while (start < Math.min(from.length, to.length) && is(from[start], to[start])) start++
  let end = 0
  const most = Math.min(from.length, to.length) - start
  while (end < most && is(from[from.length - 1 - end], to[to.length - 1 - end])) end++
  const ends = (first: number, count: number, shift: number): (readonly [number, number])[] =>
    Array.from({ length: count }, (_, index) => [first + index, first + index + shift] as const)
  const before = ends(0, start, 0)
  const after = ends(from.length - end, end, to.length - from.length)
  const [rows, width] = [from.length - start - end, to.length - start - end]
  if (rows * width > MAX_PAIRS) return [...before, ...after]
  // The longest that can still be had from each pair of places.
  const longest = Array.from({ length: rows + 1 }, () => new Uint32Array(width + 1))
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = width - 1; j >= 0; j--) {
      longest[i]![j] = is(from[start + i], to[start + j])
        ? longest[i + 1]![j + 1]! + 1
        : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!)
    }
  }
  const between: (readonly [number, number])[] = []
  for (let i = 0, j = 0; i < rows && j < width;) {
    if (is(from[start + i], to[start + j])) between.push([start + i++, start + j++])
    else if (longest[i + 1]![j]! >= longest[i]![j + 1]!) i++
    else j++
  }
  return [...before, ...between, ...after]
}

/** How the parts of a difference look. */
export interface Look {
  readonly path: (text: string) => string
  readonly old: (text: string) => string
  readonly now: (text: string) => string
}

const BARE: Look = { path: (text) => text, old: (text) => text, now: (text) => text }

/** `owner[block1] free → file1`, `gup[user1].pages +block1 -block2`, `queue[0] -a`, `queue now [a, b]`. */
export function differenceText(difference: Difference, look: Look = BARE): string {
  return `${look.path(difference.path)} ${valueText(difference, look)}`
}

/** A difference without its place: `free → file1`, `+block1 -block2`. */
export function valueText(difference: Difference, { old, now }: Look = BARE): string {
  if ('now' in difference) return `now ${now(show(difference.now))}`
  if ('from' in difference) return `${old(`${show(difference.from)} →`)} ${now(show(difference.to))}`
  return [
    ...difference.added.map((it) => now(`+${signed(it)}`)),
    ...difference.removed.map((it) => now(`-${signed(it)}`)),
  ].join(' ')
}

/** A value after a sign, which must not look like its own. */
function signed(value: unknown): string {
  const text = show(value)
  if (!/^[+-]/.test(text)) return text
  return typeof value === 'string' ? JSON.stringify(value) : `(${text})`
}
