/**
 * The evaluation audit: before Kripke reports that something holds, it compares a sample of the found states with
 * reference evaluation.
 */
import type { RangeBounds } from '../properties/range.ts'
import { disagreement, impure } from '../errors.ts'
import { compareStates } from '../state/order.ts'
import type { Rng } from '../semantics/learned/probe.ts'
import type { FoundStates } from './audit-context.ts'
import { type NextState, type Watched } from '../semantics/contract.ts'
import { Successors } from '../semantics/successors.ts'
import { stepView, type ReferenceEvaluator } from '../semantics/reference.ts'
import type { ActionInstance, MeasureInstance } from '../spec/instances.ts'
import type { State } from '../spec/model.ts'
import { packInto, type Layout } from '../state/layout.ts'
import { show } from '../spec/show.ts'

/** Maximal number of spec calls of an audit. */
export const SAMPLE = 256

/** A measure, and the claimed bounds of its values. */
export interface Bounded {
  readonly measure: MeasureInstance
  readonly bounds: RangeBounds
}

/** A claim about each state, or about each step. */
type Said = Watched | Bounded

/** The claims to audit. */
export interface Audited {
  readonly layout: Layout
  readonly instances: readonly ActionInstance[]
  readonly next: NextState
  readonly reference: ReferenceEvaluator
  readonly seen: Pick<FoundStates, 'pick'>
  /** Claims about each state found. */
  readonly states: readonly Said[]
  /** Claims about each step between them. */
  readonly steps: readonly Said[]
}

/**
 * Evaluates pairs of a state and an action instance, a predicate or a measure, by reference.
 *
 * @throws {CheckerError} KR501 if reference evaluation disagrees with learned evaluation, KR502 if it disagrees with
 *   itself
 */
export function audit(audited: Audited, rng: Rng): void {
  const { instances, states, steps, seen, next, reference, layout } = audited
  const out = new Successors(layout.width)
  const unlearned = new Set<number>()
  for (let sampled = 0; sampled < SAMPLE; sampled++) {
    const words = seen.pick(rng(2 ** 30) / 2 ** 30)
    const state = reference.decode(words, 0)
    unlearned.clear()
    // Claims about steps need all steps. Otherwise what reference evaluation gave needs no comparison with itself.
    if (steps.length > 0 || next.learnedSuccessors === undefined) next.successors(words, 0, out)
    else next.learnedSuccessors(words, 0, out, (instance) => unlearned.add(instance))
    // Choose an enabled instance every other time, because most pairs of a state and an instance are not enabled.
    const enabled = sampled % 2 === 0 && out.size > 0
    const kind = enabled ? out.instance[rng(out.size)]! : rng(instances.length + states.length)
    if (unlearned.has(kind)) continue
    if (kind < instances.length) auditAction(audited, kind, state, out)
    else auditSaid(audited, states[kind - instances.length]!, state, state)
    if (steps.length === 0 || !enabled) continue
    const taken = rng(out.size)
    if (compareStates(words, 0, out.words, taken * layout.width, layout.width) === 0) continue
    const after = reference.decode(out.words, taken * layout.width)
    const view = stepView(instances[out.instance[taken]!]!, state, after)
    auditSaid(audited, steps[rng(steps.length)]!, view, state)
  }
}

function auditAction(audited: Audited, index: number, state: State, out: Successors): void {
  const { layout, instances, reference } = audited
  const { width } = layout
  const evaluate = (): Int32Array => {
    const successors = reference.successorSlots(instances[index]!, state)
    const packed = new Int32Array(successors.length * width)
    successors.forEach((slots, at) => packInto(layout, slots, packed, at * width))
    return packed
  }
  const learned = Array.from({ length: out.size }, (_, at) => at)
    .filter((at) => out.instance[at] === index)
    .flatMap((at) => [...out.words.subarray(at * width, (at + 1) * width)])
  const expected = evaluate()
  if (same(expected, learned)) return
  throw complaint(instances[index]!.who, state, same(expected, evaluate()))
}

function auditSaid({ reference }: Audited, said: Said, subject: unknown, state: State): void {
  const question = 'measure' in said ? said.measure : said.predicate
  const answer = reference.answer(question, subject)
  if (!isAsSaid(said, answer)) throw complaint(question.who, state, reference.answer(question, subject) === answer)
}

function isAsSaid(said: Said, answer: boolean | number): boolean {
  if ('expected' in said) return answer === said.expected
  const [minimum, maximum] = said.bounds
  return minimum <= Number(answer) && Number(answer) <= maximum
}

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.from(a).every((word, index) => word === b[index])
}

/**
 * The error if reference evaluation disagrees with learned evaluation. If the disagreement does not repeat, the
 * function is impure.
 */
export function complaint(who: string, state: State, repeats: boolean): Error {
  return repeats
    ? disagreement(who, `in state ${show(state)}`)
    : impure(who, 'two calls with the same state gave different results')
}
