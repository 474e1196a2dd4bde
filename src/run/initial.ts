/** The initial states of a model, packed. */
import { isRecord } from 'immutable'
import { badDefinition, initialOutsideDomain, noInitialState } from '../errors.ts'
import { failureOf } from '../next/failure.ts'
import { beginCall, endCall } from '../spec/calls.ts'
import { purely } from '../spec/purity.ts'
import type { Model, State } from '../spec/model.ts'
import { encode } from '../state/codec.ts'
import { packInto, type Layout } from '../state/layout.ts'
import { inWords } from '../spec/show.ts'

/**
 * The initial states in the order given, repeats included; `layout.width` words for each.
 *
 * @throws {CheckerError} KR207 if there is none, KR206 for something that is no state, KR208 for one outside its domains
 */
export function packInitialStates(model: Model, layout: Layout): Int32Array {
  const slots = new Int32Array(layout.slots.length)
  beginCall('init', undefined)
  try {
    return purely(() => {
      const states = initialStates(model)
      if (states.length === 0) throw noInitialState()
      const words = new Int32Array(states.length * layout.width)
      states.forEach((state, index) => {
        encode(layout, state, slots)
        packInto(layout, slots, words, index * layout.width)
      })
      return words
    })
  } catch (thrown) {
    const error = failureOf({ who: 'init', definition: model }, thrown)
    // Known before the search: the spec's mistake, not an evaluation's.
    throw error.code.startsWith('KR3') ? initialOutsideDomain(error) : error
  } finally {
    endCall()
  }
}

function initialStates({ schema, init }: Model): State[] {
  const given = init()
  const { record } = schema.factory
  const isState = (value: unknown): value is State => value instanceof (record as unknown as new () => object)
  if (isState(given)) return [given]
  const states =
    typeof given === 'object' && given !== null && Symbol.iterator in given && !isRecord(given)
      ? [...(given as Iterable<unknown>)]
      : [given]
  return states.map((state) => {
    if (isState(state)) return state
    throw badDefinition(
      'init',
      `must give states of the schema, but gave ${inWords(state)}`,
      'build states with the schema: State({ ... })',
    )
  })
}
