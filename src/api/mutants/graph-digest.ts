/** A digest of a state graph, so that graphs can be compared without keeping both. */
import { prepareContext } from '../../engine/context.ts'
import { untilAllElementsAreKnownSync } from '../../engine/growth.ts'
import { explicitRun } from '../../engine/explicit/explicit-run.ts'
import type { CheckOptions } from '../../engine/settings.ts'
import { Failure } from '../../semantics/failure.ts'
import { Successors, UNKNOWN_STEP } from '../../semantics/successors.ts'
import { callText } from '../../spec/bindings.ts'
import { purely } from '../../spec/purity.ts'
import type { State } from '../../spec/model.ts'
import type { AnySpec } from '../../spec/spec.ts'

/**
 * A digest of the reachable states, the steps between them with their actions, and the states in which the conditions of fairness
 * are true. Equal graphs have equal digests. Other graphs have other digests, unless their hashes collide.
 *
 * @returns undefined if there are more than `maxStates` states
 * @throws {CheckerError} the error of a spec function that fails
 */
export function graphDigest(
  spec: AnySpec,
  constants: CheckOptions['constants'],
  maxStates: number,
): string | undefined {
  return untilAllElementsAreKnownSync({ constants }, (own) => digestOf(spec, own, maxStates))
}

function digestOf(spec: AnySpec, options: CheckOptions, maxStates: number): string | undefined {
  const run = explicitRun(prepareContext(spec, { ...options, symmetry: false, tuning: { asks: false } }))
  const { evaluator, reference, layout, monitor, initial, instances, model } = run
  const conditions = model.fairness.flatMap(({ when }, index) =>
    when === undefined ? [] : [{ when: when as (state: State) => unknown, hashes: hashesOf(`fairness ${index}`) }],
  )
  const names = instances.map(({ definition, bindings }) => callText(definition.name, bindings))
  /** The hashes of the states, by their words. */
  const seen = new Map<string, Hashes>()
  const frontier: { readonly words: Int32Array; readonly hashes: Hashes }[] = []
  const actions = names.map(hashesOf)
  const sum = new Sum()
  /** The hashes of a state; undefined outside the constraints. */
  const meet = (words: Int32Array): Hashes => {
    const key = words.join()
    const known = seen.get(key)
    if (known !== undefined) return known
    // Words may number the same open values in another order, but the text of a state is the same in each run.
    const hashes = hashesOf(String(reference.decode(words, 0)))
    seen.set(key, hashes)
    if (monitor.isInside?.(words, 0, UNKNOWN_STEP) !== false) frontier.push({ words, hashes })
    return hashes
  }
  try {
    return purely(() => {
      for (let offset = 0; offset < initial.length; offset += layout.width) {
        sum.add(INITIAL, INITIAL, meet(initial.slice(offset, offset + layout.width)))
      }
      // Grows while it is walked.
      for (const { words, hashes } of frontier) {
        if (frontier.length > maxStates) return undefined
        const out = new Successors(layout.width)
        evaluator.next.successors(words, 0, out)
        for (const { when, hashes: condition } of conditions) {
          if (when(reference.decode(words, 0)) === true) sum.add(hashes, condition, INITIAL)
        }
        if (out.failure !== undefined) throw out.failure
        for (let index = 0; index < out.size; index++) {
          const after = out.words.slice(index * layout.width, (index + 1) * layout.width)
          sum.add(hashes, actions[out.instance[index]!]!, meet(after))
        }
      }
      return `${frontier.length} ${sum.text}`
    })
  } catch (thrown) {
    throw thrown instanceof Failure ? thrown.cause : thrown
  }
}

/** Two hashes of a text, each with 32 bits: FNV-1a, once with another prime, then mixed. */
type Hashes = readonly [low: number, high: number]

function hashesOf(text: string): Hashes {
  return [hash(text, 0x811c9dc5, 0x01000193), hash(text, 0x9747b28c, 0x85ebca77)]
}

/** Stands for the state before an initial state, and for its action. */
const INITIAL: Hashes = [0, 0]

/** A sum over steps, which does not depend on their order. */
class Sum {
  #low = 0
  #high = 0
  #count = 0

  add(before: Hashes, action: Hashes, after: Hashes): void {
    this.#low = (this.#low + combined(before[0], action[0], after[0])) | 0
    this.#high = (this.#high + combined(before[1], action[1], after[1])) | 0
    this.#count++
  }

  get text(): string {
    return `${this.#count} ${this.#low} ${this.#high}`
  }
}

/** The hash of a step. The other direction of a step has another hash. */
function combined(before: number, action: number, after: number): number {
  return mixed(Math.imul(mixed(Math.imul(before, 0x9e3779b1) ^ action), 0x85ebca77) ^ after)
}

function hash(text: string, offset: number, prime: number): number {
  let hashed = offset
  for (let index = 0; index < text.length; index++) hashed = Math.imul(hashed ^ text.charCodeAt(index), prime)
  return mixed(hashed)
}

/** The finalizer of MurmurHash3. */
function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}
