/**
 * A last look at a state graph before temporal properties are decided on it: on a sample of the states and steps, what learned
 * evaluation said is held against reference evaluation once more.
 */
import type { Alphabet } from '../check/liveness/alphabet.ts'
import type { StateGraph } from '../check/liveness/state-graph.ts'
import type { Chance } from '../learn/probe.ts'
import type { State } from '../spec/model.ts'
import { compareStates } from '../state/compare.ts'
import { packInto } from '../state/layout.ts'
import { complaint, SAMPLE } from './audit.ts'
import { askedAgain } from './asked-again.ts'
import type { Run } from './run.ts'

/** What a graph says to one question, and what the spec's functions say when they are asked again. */
interface Answer {
  readonly who: string
  readonly told: boolean
  ask(): boolean
}

/**
 * Evaluates predicates of formulas, and which steps are enabled and taken, by reference.
 *
 * @throws {CheckerError} KR501 if that disagrees with what was learned, KR502 if it disagrees with itself
 */
export function auditGraph(run: Run, graph: StateGraph, alphabet: Alphabet, chance: Chance): void {
  const { reference } = run
  const questions = alphabet.stepSets.length + alphabet.predicates.length
  if (questions === 0 || graph.size === 0) return
  const limit = reference.specCalls + SAMPLE
  try {
    for (let sampled = 0; sampled < SAMPLE && reference.specCalls < limit; sampled++) {
      const number = chance(graph.size)
      const words = graph.state(number)
      const state = reference.decode(words, 0)
      const bit = chance(questions)
      const answer =
        bit >= alphabet.stepSets.length
          ? predicateAnswer(run, graph, alphabet, { number, state, bit })
          : stepAnswer(run, graph, alphabet, { number, state, bit, words }, chance)
      const { who, told, ask } = answer
      const truth = ask()
      if (truth !== told) throw complaint(who, state, ask() === truth)
    }
  } catch (thrown) {
    throw askedAgain(thrown)
  }
}

/** A state of the graph, and the bit of a question about it. */
interface Asked {
  readonly number: number
  readonly state: State
  readonly bit: number
}

function predicateAnswer(
  { reference }: Run,
  graph: StateGraph,
  alphabet: Alphabet,
  { number, state, bit }: Asked,
): Answer {
  const predicate = alphabet.predicates[bit - alphabet.stepSets.length]!
  return { who: predicate.who, told: graph.hasStateBit(number, bit), ask: () => reference.holds(predicate, state) }
}

/** Whether such a step is enabled; or, every other time, whether one step of the state is such a step. */
function stepAnswer(
  run: Run,
  graph: StateGraph,
  { stepSets }: Alphabet,
  { number, state, bit, words }: Asked & { readonly words: Int32Array },
  chance: Chance,
): Answer {
  const { instances, reference, layout } = run
  const { width } = layout
  const meant = instances.filter((_, instance) => stepSets[bit]![instance] === 1)
  const packed = new Int32Array(width)
  const leads = (isWanted: () => boolean): boolean =>
    meant.some((instance) =>
      reference.successorSlots(instance, state).some((slots) => {
        packInto(layout, slots, packed, 0)
        return isWanted()
      }),
    )
  const isAt = (place: Int32Array): boolean => compareStates(packed, 0, place, 0, width) === 0
  const who = meant[0]?.who ?? 'steps that there are none of'
  const first = graph.firsts[number]!
  const steps = graph.firsts[number + 1]! - first
  if (steps === 0 || chance(2) === 0) {
    return { who, told: graph.hasStateBit(number, bit), ask: () => leads(() => !isAt(words)) }
  }
  const step = first + chance(steps)
  const target = graph.state(graph.targets[step]!)
  return { who, told: graph.hasLabelBit(graph.labels[step]!, bit), ask: () => leads(() => isAt(target)) }
}
