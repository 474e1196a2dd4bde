/**
 * Shrinks a walk with a finding, so that a person can read it.
 *
 * It repeats three methods until none helps:
 *
 * - Remove cycles between two visits of one state.
 * - Remove steps, many at first, then one by one, while the rest of the walk still hits the target (Zeller and
 *   Hildebrandt, "Simplifying and isolating failure-inducing input", 2002). A step that is no longer enabled is removed
 *   too.
 * - Search breadth-first from a state of the walk for a shorter path to the target, or to a later state of the walk.
 *
 * A number of expanded states bounds all of this, not time, so the result depends on the walk alone. If the search from
 * the initial states is not cut, the result is a shortest walk. If there are very many initial states, it tries only
 * the first ones and the walk's own.
 */
import type { FailureFinding, Finding } from '../../properties/finding.ts'
import { compareStates } from '../../state/order.ts'
import { isOfSteps } from '../../spec/model.ts'
import type { CheckContext } from '../context.ts'
import { Probe, type ShrinkTarget } from './probe.ts'
import { joined, keyOf, movesOf, part, withoutCycles, type WalkStep, type Walk } from './walk.ts'

/** Maximal number of states expanded in replays. */
const REPLAYED_STATES = 100_000

/** Maximal number of states expanded in breadth-first searches: from one state of the walk, and in total. */
const NEARBY_STATES = 4_000
const EXPLORED_STATES = 40_000

/** Maximal number of initial states to search from. */
const INITIAL_STATES = 40_000

/** A shorter walk, and the finding at its end. */
export interface ShrunkWalk {
  readonly walk: Walk
  /** Undefined if the walk ends in a failure. */
  readonly finding: Finding | undefined
  readonly failure: FailureFinding | undefined
}

/** Shrinks a walk that leads to `target`; undefined if a replay of the walk does not. */
export function shrink(context: CheckContext, target: ShrinkTarget, walk: Walk): ShrunkWalk | undefined {
  return new Shortener(context, target).shorten(walk)
}

class Shortener {
  readonly #context: CheckContext
  readonly #probe: Probe
  /** Whether a step hits the target, so that the last step must stay. */
  readonly #isStep: boolean
  #replayed = 0
  #explored = 0

  constructor(context: CheckContext, target: ShrinkTarget) {
    this.#context = context
    this.#probe = new Probe(context, target)
    this.#isStep = target instanceof Error || isOfSteps(target)
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

  /** Removes steps. */
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

  /** Makes all possible moves until the target is hit; undefined if that does not happen. */
  #replay(initial: Int32Array, moves: readonly WalkStep[]): Walk | undefined {
    const probe = this.#probe
    const walk = { states: [initial], instances: [-1], choices: [-1] }
    let words = initial
    for (let sight = probe.meet(words, true), made = 0; ; made++) {
      if (sight !== 'plain') return sight === 'hit' ? walk : undefined
      sight = probe.expand(words)
      this.#replayed++
      if (sight !== 'plain') return sight === 'hit' ? walk : undefined
      // Skip all moves that are impossible here.
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

  /** The successor that a move gives in the state expanded last; undefined if it is not enabled or changes nothing. */
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

  /** Searches for shorter paths around the states of a walk. */
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

/** A state near a walk, and the step that led there. */
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
  /** By state: the number of steps that the walk takes from it to its end. */
  readonly #left: ReadonlyMap<string, number>
  #expanded = 0
  /** The best shortcut back to the walk, and the steps that it saves. */
  #saved = 0
  #shortcut: Walk | undefined

  constructor(probe: Probe, walk: Walk, at: number) {
    this.#probe = probe
    this.#walk = walk
    this.#at = at
    const last = walk.states.length - 1
    this.#left = new Map(walk.states.map((words, index) => [keyOf(words), last - index]))
  }

  /** A shorter walk if the search finds one, and the number of states expanded. */
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
      const sight = probe.meet(node.words, node.from === undefined && this.#at === 0)
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
      // Only shorter walks help.
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

  /** The successors that change something, of the node expanded last. */
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

  /** Records a shortcut to a state of the walk. */
  #consider(node: Node, key: string): void {
    const left = this.#left.get(key)
    // Skip the last state: if a step hits the target, another path to that state does not.
    if (left === undefined || left === 0) return
    const saved = this.#walk.states.length - 1 - left - this.#at - node.steps
    if (saved <= this.#saved) return
    this.#saved = saved
    this.#shortcut = joined(this.#wayTo(node), part(this.#walk, this.#walk.states.length - 1 - left))
  }

  /** The walk up to the start of this search, then the path to a node. */
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
