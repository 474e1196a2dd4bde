/**
 * Variable orders: slots that are read or written together should be near each other.
 *
 * FORCE treats every function of the spec as an edge between the slots that it reads or writes. It alternates: an edge
 * moves to the average place of its slots, a slot moves to the average place of its edges, and the slots are sorted. A
 * small sum of the edges' spans is good. The result depends on the initial order, so this module offers several.
 *
 * Source: F. A. Aloul, I. L. Markov, K. A. Sakallah, "FORCE: a fast and easy-to-implement variable-ordering heuristic"
 * (GLSVLSI 2003).
 */
import type { Slot } from '../../state/shape.ts'

/** The slots of one function. */
export type Edge = readonly Slot[]

/** Maximal number of turns of FORCE. */
const MAX_TURNS = 60

/** FORCE ends after this many turns without improvement. */
const IDLE_TURNS = 6

/** A longer edge says little about which of its slots belong together. */
const LONG = 8

/** A restart under another order pays if the cost shrinks to this share. */
const MUCH_BETTER = 0.9

/** A slot is shared by many functions if it has this many times the average number of edges. */
const SHARED = 2

export type Ordering = (slots: number, edges: readonly Edge[]) => Slot[]

/** Whether an order is so much better than another that a restart pays. */
export function isMuchBetter(order: readonly Slot[], than: readonly Slot[], edges: readonly Edge[]): boolean {
  const shared = sharedBy(order.length, edges)
  const others = edges.map((edge) => edge.filter((slot) => !shared.has(slot)))
  return costOf(order, others) < MUCH_BETTER * costOf(than, others)
}

/** Slots in the order of declaration. */
export function declared(slots: number): Slot[] {
  return Array.from({ length: slots }, (_, slot) => slot)
}

/** The better result of FORCE, from the order of declaration and from an order along the edges. */
export function forced(slots: number, edges: readonly Edge[]): Slot[] {
  return bestOf(declared(slots), edges)
}

/**
 * Puts slots that many functions share last, and orders the rest by FORCE without them. So otherwise unrelated
 * functions first read different places, and saturation depends on that.
 */
export function sharedLast(slots: number, edges: readonly Edge[]): Slot[] {
  const shared = sharedBy(slots, edges)
  const others = edges.map((edge) => edge.filter((slot) => !shared.has(slot)))
  const rest = declared(slots).filter((slot) => !shared.has(slot))
  return [...bestOf(rest, others), ...shared]
}

function bestOf(order: readonly Slot[], edges: readonly Edge[]): Slot[] {
  const [one, other] = [force(order, edges), force(alongEdges(order, edges), edges)]
  return costOf(one, edges) < costOf(other, edges) ? one : other
}

/** Slots in breadth-first order along the edges. Long edges are ignored. */
function alongEdges(order: readonly Slot[], edges: readonly Edge[]): Slot[] {
  const neighbors = new Map<Slot, Set<Slot>>(order.map((slot) => [slot, new Set()]))
  for (const edge of edges) {
    if (edge.length <= LONG) for (const slot of edge) for (const other of edge) neighbors.get(slot)!.add(other)
  }
  const few = (one: Slot, other: Slot): number => neighbors.get(one)!.size - neighbors.get(other)!.size || one - other
  const met = new Set<Slot>()
  for (const start of [...order].sort(few)) {
    if (met.has(start)) continue
    const queue = [start]
    met.add(start)
    for (const slot of queue) {
      for (const next of [...neighbors.get(slot)!].sort(few)) {
        if (met.has(next)) continue
        met.add(next)
        queue.push(next)
      }
    }
  }
  return [...met]
}

/** An edge of many slots cannot be short, so it should not prevent short ones. */
function weightOf({ length }: Edge): number {
  return 1 / (length - 1) ** 2
}

/** The weighted sum of the spans of all edges, in places. */
export function costOf(order: readonly Slot[], edges: readonly Edge[]): number {
  const place = placesOf(order)
  let cost = 0
  for (const edge of edges.filter(({ length }) => length > 1)) {
    let least = Infinity
    let most = -Infinity
    for (const slot of edge) {
      least = Math.min(least, place[slot]!)
      most = Math.max(most, place[slot]!)
    }
    cost += (most - least) * weightOf(edge)
  }
  return cost
}

/** Improves an order by FORCE. */
export function force(start: readonly Slot[], all: readonly Edge[]): Slot[] {
  // An edge of one slot would only hold that slot in its place.
  const edges = all.filter(({ length }) => length > 1)
  let best = [...start]
  let bestCost = costOf(best, edges)
  let order = best
  for (let turn = 0, idle = 0; turn < MAX_TURNS && idle < IDLE_TURNS; turn++) {
    order = turned(order, edges)
    const cost = costOf(order, edges)
    idle = cost < bestCost ? 0 : idle + 1
    if (cost < bestCost) {
      best = order
      bestCost = cost
    }
  }
  return best
}

function sharedBy(slots: number, edges: readonly Edge[]): Set<Slot> {
  const counts = new Float64Array(slots)
  for (const edge of edges) for (const slot of edge) counts[slot]!++
  const average = counts.reduce((sum, count) => sum + count, 0) / slots
  return new Set([...counts.keys()].filter((slot) => counts[slot]! > SHARED * average))
}

/**
 * One turn: edges move to the middle of their slots, slots to the middle of their edges.
 *
 */
function turned(order: readonly Slot[], edges: readonly Edge[]): Slot[] {
  const place = placesOf(order)
  const sums = new Float64Array(order.length)
  const counts = new Float64Array(order.length)
  for (const edge of edges) {
    const middle = edge.reduce((sum, slot) => sum + place[slot]!, 0) / edge.length
    const weight = weightOf(edge)
    for (const slot of edge) {
      sums[slot]! += middle * weight
      counts[slot]! += weight
    }
  }
  const at = order.map((slot) => (counts[slot] === 0 ? place[slot]! : sums[slot]! / counts[slot]!))
  const sorted = [...order.keys()].sort((a, b) => at[a]! - at[b]! || a - b)
  return sorted.map((index) => order[index]!)
}

function placesOf(order: readonly Slot[]): Int32Array {
  const place = new Int32Array(Math.max(0, ...order) + 1)
  order.forEach((slot, index) => (place[slot] = index))
  return place
}
