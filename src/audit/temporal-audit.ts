/**
 * The temporal audit: before temporal properties are decided, it compares a sample of the answers about states and
 * steps with reference evaluation.
 */
import type { Alphabet } from '../properties/liveness/alphabet.ts'
import type { StateGraph } from '../properties/liveness/state-graph.ts'
import type { Rng } from '../semantics/learned/probe.ts'
import { compareStates } from '../state/order.ts'
import { stepView } from '../semantics/reference.ts'
import { packInto } from '../state/layout.ts'
import { complaint, SAMPLE } from './evaluation-audit.ts'
import { failureOnRepeat } from '../semantics/failure.ts'
import type { ModelContext } from '../semantics/context.ts'

/** A claimed answer: whether a state, or one of its steps, has the bit of a question. */
export interface ClaimedAnswer {
  /** The state, packed. */
  readonly words: Int32Array
  /** The packed target of the step; undefined if the claim is about the state itself. */
  readonly target: Int32Array | undefined
  readonly told: boolean
}

/** Checks claimed answers until the audit has used its budget. */
export class TemporalAudit {
  /** The number of questions: bits of the alphabet. */
  readonly questions: number
  readonly #context: Pick<ModelContext, 'reference' | 'instances' | 'layout'>
  readonly #alphabet: Alphabet
  readonly #limit: number
  #asked = 0

  constructor(context: Pick<ModelContext, 'reference' | 'instances' | 'layout'>, alphabet: Alphabet) {
    this.questions = alphabet.stepSets.length + alphabet.predicates.length + alphabet.stepPredicates.length
    this.#context = context
    this.#alphabet = alphabet
    this.#limit = context.reference.specCalls + SAMPLE
  }

  get isOver(): boolean {
    return this.questions === 0 || this.#asked >= SAMPLE || this.#context.reference.specCalls >= this.#limit
  }

  /** Whether the question is about steps of some actions. Such a question also applies to single steps. */
  isAboutSteps(bit: number): boolean {
    return bit < this.#alphabet.stepSets.length
  }

  /** Whether the question is a predicate of steps, which applies to single steps only. */
  isOfSteps(bit: number): boolean {
    return bit >= this.#alphabet.stepSets.length + this.#alphabet.predicates.length
  }

  /** Counts a sample to which the question does not apply. */
  skip(): void {
    this.#asked++
  }

  /**
   * Compares a claimed answer with reference evaluation. The claim is about a predicate, about whether such a step is
   * enabled, or about whether a step is such a step.
   *
   * @throws {CheckerError} KR501 if reference evaluation disagrees with learned evaluation, KR502 if it disagrees with
   *   itself
   */
  hold(bit: number, { words, target, told }: ClaimedAnswer): void {
    const { reference, instances, layout } = this.#context
    const { stepSets, predicates, stepPredicates } = this.#alphabet
    this.#asked++
    try {
      const state = reference.decode(words, 0)
      const predicate = predicates[bit - stepSets.length]
      const ofSteps = stepPredicates[bit - stepSets.length - predicates.length]
      const meant = instances.filter((_, instance) => stepSets[bit]?.[instance] === 1)
      const who = predicate?.who ?? ofSteps?.who ?? meant[0]?.who ?? 'steps that there are none of'
      const condition = this.#alphabet.conditionOf(bit)
      const packed = new Int32Array(layout.width)
      const isAt = (place: Int32Array): boolean => compareStates(packed, 0, place, 0, layout.width) === 0
      const ask = (): boolean => {
        if (predicate !== undefined) return reference.holds(predicate, state)
        if (ofSteps !== undefined) {
          const after = reference.decode(target!, 0)
          return instances.some((instance) => {
            const isStep = reference.successorSlots(instance, state).some((slots) => {
              packInto(layout, slots, packed, 0)
              return isAt(target!)
            })
            return isStep && reference.holds(ofSteps, stepView(instance, state, after))
          })
        }
        if (condition !== undefined && !reference.holds(condition, state)) return false
        return meant.some((instance) =>
          reference.successorSlots(instance, state).some((slots) => {
            packInto(layout, slots, packed, 0)
            return target === undefined ? !isAt(words) : isAt(target)
          }),
        )
      }
      const truth = ask()
      if (truth !== told) throw complaint(who, state, ask() === truth)
    } catch (thrown) {
      throw failureOnRepeat(thrown)
    }
  }
}

/** Audits a graph. @throws {CheckerError} KR501, KR502; see `hold` */
export function auditGraph(
  context: Pick<ModelContext, 'reference' | 'instances' | 'layout'>,
  graph: StateGraph,
  alphabet: Alphabet,
  rng: Rng,
): void {
  if (graph.size === 0) return
  for (const audit = new TemporalAudit(context, alphabet); !audit.isOver;) {
    const number = rng(graph.size)
    const words = graph.state(number)
    const bit = rng(audit.questions)
    const first = graph.firsts[number]!
    const steps = graph.firsts[number + 1]! - first
    if (audit.isOfSteps(bit) && steps === 0) {
      audit.skip()
      continue
    }
    if (!audit.isOfSteps(bit) && (!audit.isAboutSteps(bit) || steps === 0 || rng(2) === 0)) {
      audit.hold(bit, { words, target: undefined, told: graph.hasStateBit(number, bit) })
      continue
    }
    const step = first + rng(steps)
    const target = graph.state(graph.targets[step]!)
    audit.hold(bit, { words, target, told: graph.hasLabelBit(graph.labels[step]!, bit) })
  }
}
