/**
 * Shortens a walk that led to something, so that a person can read it.
 *
 * Three means, in turn until none helps: leave out detours between two visits of one state; leave out steps, many at first, then one by
 * one, as long as what remains of the walk still leads there (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input",
 * 2002; a step that is not enabled any more is left out too); and look around, breadth-first, for a shorter way from a state of the walk
 * to where it led, or to a later state of it. All of it is bounded by a number of states to expand, not by time, so that the
 * result depends on the walk alone. Where the search around the initial states is not cut by that, the result is a shortest walk.
 * If there are very many initial states, it looks only at the first ones and at the walk's own.
 */
import type { FailureFinding, Finding } from '../../properties/finding.ts'
import { compareStates } from '../../state/order.ts'
import type { CheckContext } from '../context.ts'
import { Probe, type ShrinkTarget } from './probe.ts'
import { joined, keyOf, movesOf, part, withoutCycles, type WalkStep, type Walk } from './walk.ts'

/** States that may be expanded to replay what remains of a walk. */
const REPLAYED_STATES = 100_000

/** States that may be expanded to look around: from one state of the walk, and in all. */
const NEARBY_STATES = 4_000
const EXPLORED_STATES = 40_000

/** The number of initial states to look at. */
const INITIAL_STATES = 40_000

/** A shorter walk, and what its end decides. */
export interface ShrunkWalk {
  readonly walk: Walk
  /** Undefined for a walk to a failure. */
  readonly finding: Finding | undefined
  readonly failure: FailureFinding | undefined
}

/** Shortens a walk that leads to `target`; undefined if, replayed, it does not. */
export function shrink(context: CheckContext, target: ShrinkTarget, walk: Walk): ShrunkWalk | undefined {
  return new Shortener(context, target).shorten(walk)
}

class Shortener {
  readonly #context: CheckContext
  readonly #probe: Probe
  /** Whether it is a step that decides, so that the last one has to stay. */
  readonly #isStep: boolean
  #replayed = 0
  #explored = 0

  constructor(context: CheckContext, target: ShrinkTarget) {
    this.#context = context
    this.#probe = new Probe(context, target)
    this.#isStep = target instanceof Error || target.kind === 'transition'
  }

  shorten(walk: Walk): ShrunkWalk | undefined {
    let best = this.#replay(walk.states[0]!, movesOf(walk))
    if (best === undefined) return undefined
    for (let steps = Infinity; best.states.length < steps;) {
      steps = best.states.length
      best = this.#look(this.#leaveOut(this.#straighten(best)))
    }
    const shortest = this.#replay(best.states[0]!, movesOf(best)) ?? best
    return { walk: shortest, finding: this.#probe.finding, failure: this.#probe.failure }
  }

  #straighten(walk: Walk): Walk {
    if (!this.#isStep || walk.states.length < 2) return withoutCycles(walk)
    return joined(withoutCycles(part(walk, 0, -1)), part(walk, -2))
  }

  /** Leaves out steps. */
  #leaveOut(walk: Walk): Walk {
    let best = walk
    for (let size = Math.ceil(movesOf(walk).length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < best.states.length - 1 && this.#replayed < REPLAYED_STATES;) {
        const shorter = this.#replay(best.states[0]!, movesOf(best).toSpliced(at, size))
        if (shorter !== undefined && shorter.states.length < best.states.length) best = shorter
        else at += size
      }
    }
    return best
  }

  /** Makes the moves that can be made, until the target is hit; undefined if it never is. */
  #replay(initial: Int32Array, moves: readonly WalkStep[]): Walk | undefined {
    const probe = this.#probe
    const walk = { states: [initial], instances: [-1], choices: [-1] }
    let words = initial
    for (let sight = probe.meet(words), made = 0; ; made++) {
      if (sight !== 'plain') return sight === 'hit' ? walk : undefined
      sight = probe.expand(words)
      this.#replayed++
      if (sight !== 'plain') return sight === 'hit' ? walk : undefined
      // All moves that cannot be made here are passed over at once.
      let after: Int32Array | undefined
      while (made < moves.length && (after = this.#successor(words, moves[made]!)) === undefined) made++
      if (after === undefined) return undefined
      const { instance, choice } = moves[made]!
      sight = probe.step(words, after, instance)
      walk.states.push(after)
      walk.instances.push(instance)
      walk.choices.push(choice)
      words = after
      if (sight === 'plain') sight = probe.meet(words)
    }
  }

  /** What a move leads to from the state expanded last; undefined if it is not enabled, or changes nothing. */
  #successor(words: Int32Array, { instance, choice }: WalkStep): Int32Array | undefined {
    const { out } = this.#probe
    const { width } = out
    for (let index = 0, left = choice; index < out.size; index++) {
      if (out.instance[index] !== instance || left-- > 0) continue
      const after = out.words.slice(index * width, (index + 1) * width)
      return compareStates(after, 0, words, 0, width) === 0 ? undefined : after
    }
    return undefined
  }

  /** Looks around the states of a walk for shorter ways. */
  #look(walk: Walk): Walk {
    let best = walk
    for (let at = 0; at < best.states.length - 2 && this.#explored < EXPLORED_STATES; at++) {
      best = this.#lookFrom(best, at) ?? best
    }
    return best
  }

  #lookFrom(walk: Walk, at: number): Walk | undefined {
    const { initial, layout } = this.#context
    const { width } = layout
    const count = initial.length / width
    const anyInitial = Array.from({ length: at > 0 ? 0 : Math.min(count, INITIAL_STATES) }, (_, index) =>
      initial.slice(index * width, (index + 1) * width),
    )
    const starts = anyInitial.length === count ? anyInitial : [walk.states[at]!, ...anyInitial]
    const found = new Surroundings(this.#probe, walk, at).explore(starts, NEARBY_STATES)
    this.#explored += found.expanded
    return found.walk
  }
}

/** A state near a walk, and how it was come to. */
interface Node {
  readonly words: Int32Array
  readonly from: Node | undefined
  readonly instance: number
  readonly choice: number
  readonly steps: number
}

/** A breadth-first search around one state of a walk. */
class Surroundings {
  readonly #probe: Probe
  readonly #walk: Walk
  readonly #at: number
  /** By state, the steps that the walk takes from it. */
  readonly #left: ReadonlyMap<string, number>
  #expanded = 0
  /** The best way back to the walk, and the steps it saves. */
  #saved = 0
  #shortcut: Walk | undefined

  constructor(probe: Probe, walk: Walk, at: number) {
    this.#probe = probe
    this.#walk = walk
    this.#at = at
    const last = walk.states.length - 1
    this.#left = new Map(walk.states.map((words, index) => [keyOf(words), last - index]))
  }

  /** A shorter walk, if there is one nearby, and how many states it took to find out. */
  explore(starts: readonly Int32Array[], most: number): { walk: Walk | undefined; expanded: number } {
    const walk = this.#search(starts, most) ?? this.#shortcut
    return { walk, expanded: this.#expanded }
  }

  #search(starts: readonly Int32Array[], most: number): Walk | undefined {
    const probe = this.#probe
    const queue: Node[] = []
    const seen = new Set<string>()
    const enqueue = (node: Node): Walk | undefined => {
      const key = keyOf(node.words)
      if (seen.has(key)) return undefined
      seen.add(key)
      const sight = probe.meet(node.words)
      if (sight === 'hit') return this.#wayTo(node)
      if (sight === 'closed') return undefined
      this.#consider(node, key)
      queue.push(node)
      return undefined
    }
    for (const words of starts) {
      const hit = enqueue({ words, from: undefined, instance: -1, choice: -1, steps: 0 })
      if (hit !== undefined) return hit
    }
    for (let next = 0; next < queue.length && this.#expanded < most; next++) {
      const node = queue[next]!
      // Only what is shorter than the walk is looked for.
      if (this.#at + node.steps >= this.#walk.states.length - 1) return undefined
      this.#expanded++
      const sight = probe.expand(node.words)
      if (sight === 'hit') return this.#wayTo(node)
      if (sight === 'closed') continue
      for (const child of this.#children(node)) {
        if (this.#at + child.steps >= this.#walk.states.length - 1) break
        const isHit = probe.step(node.words, child.words, child.instance) === 'hit'
        const hit = isHit ? this.#wayTo(child) : enqueue(child)
        if (hit !== undefined) return hit
      }
    }
    return undefined
  }

  /** The successors of the node expanded last that change something. */
  #children(from: Node): Node[] {
    const { out } = this.#probe
    const { width } = out
    let choice = 0
    return Array.from({ length: out.size }, (_, index): Node => {
      const instance = out.instance[index]!
      choice = index > 0 && out.instance[index - 1] === instance ? choice + 1 : 0
      const words = out.words.slice(index * width, (index + 1) * width)
      return { words, from, instance, choice, steps: from.steps + 1 }
    }).filter(({ words }) => compareStates(words, 0, from.words, 0, width) !== 0)
  }

  /** Takes note of a state of the walk that was come to in fewer steps than the walk takes. */
  #consider(node: Node, key: string): void {
    const left = this.#left.get(key)
    // Not of the last one: where it is a step that decides, to come there otherwise decides nothing.
    if (left === undefined || left === 0) return
    const saved = this.#walk.states.length - 1 - left - this.#at - node.steps
    if (saved <= this.#saved) return
    this.#saved = saved
    this.#shortcut = joined(this.#wayTo(node), part(this.#walk, this.#walk.states.length - 1 - left))
  }

  /** The walk up to where the search began, and from there to a node. */
  #wayTo(node: Node): Walk {
    const nodes: Node[] = []
    for (let at: Node | undefined = node; at !== undefined; at = at.from) nodes.unshift(at)
    const way: Walk = {
      states: nodes.map(({ words }) => words),
      instances: nodes.map(({ instance }) => instance),
      choices: nodes.map(({ choice }) => choice),
    }
    return this.#at === 0 ? way : joined(part(this.#walk, 0, this.#at + 1), way)
  }
}
