/** A digest of a state graph, so that graphs can be compared without keeping both. */
import { prepareContext } from '../../engine/context.ts'
import { untilAllElementsAreKnownSync } from '../../engine/growth.ts'
import { explicitRun } from '../../engine/explicit/explicit-run.ts'
import type { CheckOptions } from '../../engine/settings.ts'
import { Failure } from '../../semantics/failure.ts'
import { Successors, UNKNOWN_STEP } from '../../semantics/successors.ts'
import { callText } from '../../spec/bindings.ts'
import { purely } from '../../spec/purity.ts'
import type { AnySpec } from '../../spec/spec.ts'

/**
 * A digest of the reachable states and the steps between them, with their actions. Equal graphs have equal digests. Other graphs
 * have other digests, unless their hashes collide.
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
  const { evaluator, reference, layout, monitor, initial, instances } = run
  const names = instances.map(({ definition, bindings }) => callText(definition.name, bindings))
  const seen = new Set<string>()
  const frontier: Int32Array[] = []
  const sum = new Sum()
  // Words may number the same open values in another order, but the text of a state is the same in each run.
  const textOf = (words: Int32Array): string => String(reference.decode(words, 0))
  const meet = (words: Int32Array): boolean => {
    if (monitor.isInside?.(words, 0, UNKNOWN_STEP) === false) return false
    const key = words.join()
    if (!seen.has(key)) {
      seen.add(key)
      frontier.push(words)
    }
    return true
  }
  try {
    return purely(() => {
      for (let offset = 0; offset < initial.length; offset += layout.width) {
        const words = initial.slice(offset, offset + layout.width)
        if (meet(words)) sum.add(`init ${textOf(words)}`)
      }
      // Grows while it is walked.
      for (const words of frontier) {
        if (frontier.length > maxStates) return undefined
        const out = new Successors(layout.width)
        evaluator.next.successors(words, 0, out)
        if (out.failure !== undefined) throw out.failure
        const before = textOf(words)
        for (let index = 0; index < out.size; index++) {
          const after = out.words.slice(index * layout.width, (index + 1) * layout.width)
          meet(after)
          sum.add(`${before} ${names[out.instance[index]!]} ${textOf(after)}`)
        }
      }
      return `${frontier.length} ${sum.text}`
    })
  } catch (thrown) {
    throw thrown instanceof Failure ? thrown.cause : thrown
  }
}

/** A sum of hashes, which does not depend on the order. Each hash is FNV-1a with 32 bits, from two offsets, then mixed. */
class Sum {
  #low = 0
  #high = 0
  #count = 0

  add(text: string): void {
    this.#low = (this.#low + hash(text, 0x811c9dc5)) | 0
    this.#high = (this.#high + hash(text, 0x9747b28c)) | 0
    this.#count++
  }

  get text(): string {
    return `${this.#count} ${this.#low} ${this.#high}`
  }
}

function hash(text: string, offset: number): number {
  let mixed = offset
  for (let index = 0; index < text.length; index++) mixed = Math.imul(mixed ^ text.charCodeAt(index), 0x01000193)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
