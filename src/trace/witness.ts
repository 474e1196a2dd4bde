/** Turns findings into behaviors of the model, with the finding at their ends. */
import type { FailureFinding, Finding, Location } from '../properties/finding.ts'
import { CheckerError, notSymmetric } from '../errors.ts'
import { Failure } from '../semantics/failure.ts'
import { stepView } from '../semantics/reference.ts'
import { predicateInstances, type PredicateInstance } from '../spec/instances.ts'
import { orderOf } from '../state/order.ts'
import { PermutedInstances } from '../state/symmetry/permuted-instances.ts'
import type { Renaming } from '../state/symmetry/permuted.ts'
import type { Permutation, Symmetry } from '../state/symmetry/symmetry.ts'
import { concretize, permutationBetween } from './concretize.ts'
import type { Path } from './path.ts'
import type { ModelContext } from '../semantics/context.ts'

export interface WitnessContext extends ModelContext {
  /** The reduction of the search; undefined without one. */
  readonly symmetry: Symmetry | undefined
}

/** A path that includes the step of the finding, if it has one, and the finding at its end. */
export interface Witness<P extends Location> {
  readonly path: Path
  readonly place: P
}

/**
 * The behavior that leads to a finding. With symmetry it leads to a permuted finding.
 *
 * @param path - the path to the state of the finding; with symmetry, over representatives
 */
export function witnessTo<P extends Finding | FailureFinding>(run: WitnessContext, place: P, path: Path): Witness<P> {
  const { symmetry, evaluator, initial, instances, layout } = run
  if (symmetry === undefined) return { place, path: withStep(path, place) }
  const order = orderOf(layout)
  const behaviors = { symmetry, next: evaluator.next, initial, instances, order, width: layout.width }
  const behavior = concretize(behaviors, path)
  const own = permuted(run, symmetry, place, permutationBetween(symmetry, place.words, behavior.states.at(-1)!))
  return { place: own, path: withStep(behavior, own) }
}

function withStep({ states, instances }: Path, { step }: Location): Path {
  if (step === undefined) return { states, instances }
  return { states: [...states, step.words], instances: [...instances, step.instance] }
}

/** The finding with its members permuted. */
function permuted<P extends Finding | FailureFinding>(
  run: ModelContext,
  symmetry: Symmetry,
  place: P,
  permutation: Permutation,
): P {
  const rename = symmetry.renaming(permutation)
  const image = (words: Int32Array): Int32Array => {
    const own = words.slice()
    symmetry.permute(own, 0, permutation)
    return own
  }
  const { instances } = run
  const step = place.step && {
    instance: new PermutedInstances(instances).image(instances[place.step.instance]!, rename),
    words: image(place.step.words),
  }
  const own: Location = { words: image(place.words), depth: place.depth, step }
  if ('failure' in place) return { ...place, ...own, failure: failureAt(run, own, place.failure, rename) }
  return { ...place, ...own, predicate: place.predicate && imageOf(place.predicate, rename) }
}

function imageOf(predicate: PredicateInstance, rename: Renaming): PredicateInstance {
  const all = predicateInstances(predicate.definition)
  return all[new PermutedInstances(all).image(predicate, rename)] ?? predicate
}

/** The failure of the same function at a permuted location. */
function failureAt(run: ModelContext, place: Location, { subject, cause }: Failure, rename: Renaming): Failure {
  const { instances, reference } = run
  const own =
    'run' in subject
      ? instances[new PermutedInstances(instances).image(subject, rename)]!
      : 'holds' in subject
        ? imageOf(subject, rename)
        : subject
  // Do not call a function again that does not return.
  if (cause.code === 'KR510') return renamed(cause, subject.who, own)
  const state = reference.decode(place.words, 0)
  try {
    if ('run' in own) reference.successorSlots(own, state)
    else {
      const { step } = place
      const view = step && stepView(instances[step.instance]!, state, reference.decode(step.words, 0))
      reference.answer(own, view ?? state)
    }
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown
    throw thrown
  }
  throw notSymmetric(subject.who)
}

/**
 * The same failure for another instance of the function.
 *
 */
function renamed(
  { code, message, details, hint, at, source }: CheckerError,
  who: string,
  own: Failure['subject'],
): Failure {
  const parts = { code, message: message.replace(who, own.who), details, at, source }
  return new Failure(own, new CheckerError({ ...parts, ...(hint === undefined ? {} : { hint }) }))
}
