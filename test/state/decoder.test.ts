import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { schema } from '../../src/index.ts'
import { rngFrom, probeOf } from '../../src/semantics/learned/probe.ts'
import type { Fields } from '../../src/spec/domain.ts'
import { decode } from '../../src/state/codec.ts'
import { Decoder } from '../../src/state/decoder.ts'
import { layOut } from '../../src/state/layout.ts'
import { domainOf, domainPlan } from '../support/random-spec.ts'

describe('Decoder', () => {
  it('decodes states like the codec, whatever it decoded before', () => {
    fc.assert(
      fc.property(fc.array(domainPlan, { minLength: 1, maxLength: 3 }), fc.integer(), (plans, seed) => {
        const variables: Fields = Object.fromEntries(plans.map((plan, index) => [`v${index}`, domainOf(plan)]))
        const layout = layOut(schema(variables) as never)
        const decoder = new Decoder(layout)
        const rng = rngFrom(seed)
        let slots: Int32Array = new Int32Array(layout.slots.length)
        for (let round = 0; round < 30; round++) {
          const read = new Set([...layout.slots.keys()].filter(() => rng(4) > 0))
          slots = probeOf(layout, slots, (slot) => read.has(slot), undefined, rng)
          const [own, expected] = [decoder.decode(slots), decode(layout, slots)]
          expect(own.equals(expected)).toBe(true)
          expect(String(own)).toBe(String(expected))
        }
      }),
    )
  })
})
