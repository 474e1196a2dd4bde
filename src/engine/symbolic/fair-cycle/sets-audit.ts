/**
 * The audit of the sets that decide temporal properties: compares a sample of the reached states with reference
 * evaluation, as the audit of a graph does.
 */
import type { Alphabet } from '../../../properties/liveness/alphabet.ts'
import { rngFrom } from '../../../semantics/learned/probe.ts'
import { Successors } from '../../../semantics/successors.ts'
import { purely } from '../../../spec/purity.ts'
import { compareStates } from '../../../state/order.ts'
import { packInto, unpack } from '../../../state/layout.ts'
import { EMPTY } from '../diagram/node-table.ts'
import type { RunSliced } from '../reachable-set.ts'
import type { SymbolicModel } from '../symbolic-model.ts'
import type { CheckContext } from '../../context.ts'
import { TemporalAudit, type ClaimedAnswer } from '../../../audit/temporal-audit.ts'
import type { Answers } from './temporal-checker.ts'

/** A ticket selects a state; it has this many values. */
const TICKETS = 2 ** 30

/**
 * @throws {CheckerError} KR501 if reference evaluation disagrees with learned evaluation, KR502 if it disagrees with
 *   itself
 */
export async function auditSets(
  context: CheckContext,
  { model, runSliced }: { readonly model: SymbolicModel; readonly runSliced: RunSliced },
  alphabet: Alphabet,
  { reached, steps, states }: Answers,
): Promise<void> {
  if (reached === EMPTY) return
  const { layout, evaluator, settings } = context
  const { space } = model
  const { width } = layout
  const out = new Successors(width)
  const slotsOf = (words: Int32Array, offset: number): Int32Array => {
    const slots = new Int32Array(layout.slots.length)
    unpack(layout, words, offset, slots)
    return slots
  }
  /**
   * The claim of the sets about a state, or about a step from it. The samples are drawn before, because this may be
   * aborted and rerun.
   */
  const say = (bit: number, ticket: number, step: number | undefined): ClaimedAnswer => {
    const slots = space.at(reached, (space.counter.count(reached) * BigInt(ticket)) / BigInt(TICKETS))
    const words = new Int32Array(width)
    packInto(layout, slots, words, 0)
    evaluator.next.successors(words, 0, out)
    if (step === undefined || out.size === 0) {
      return { words, target: undefined, told: space.has(states[bit]!, slots) }
    }
    const at = (step % out.size) * width
    const target = out.words.slice(at, at + width)
    const after = slotsOf(target, 0)
    const own = steps.filter(({ instance }) => alphabet.stepSets[bit]![instance] === 1)
    const isOpen = alphabet.conditionOf(bit) === undefined || space.has(states[bit]!, slots)
    const isMade = isOpen && own.some((it) => space.has(space.relations.image(space.state(slots), it.step), after))
    const isStill = compareStates(words, 0, target, 0, width) === 0
    return isStill
      ? { words, target: undefined, told: space.has(states[bit]!, slots) }
      : { words, target, told: isMade }
  }
  const rng = rngFrom(settings.seed)
  for (const audit = new TemporalAudit(context, alphabet); !audit.isOver;) {
    const bit = rng(audit.questions)
    const ticket = rng(TICKETS)
    const step = audit.isAboutSteps(bit) && rng(2) === 1 ? rng(TICKETS) : undefined
    const said = await runSliced(() => say(bit, ticket, step))
    purely(() => audit.hold(bit, said))
  }
}
