/** Compares the order of steps with a stable sort. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { StepOrder } from '../../../src/properties/liveness/step-order.ts'

it('sorts the steps of a state by action instance, and keeps the order within an instance, for any number of steps', () => {
  const order = new StepOrder()
  fc.assert(
    fc.property(fc.array(fc.nat(300), { maxLength: 200, size: 'max' }), fc.nat(5), (instances, begin) => {
      const stride = 3
      const entries = Int32Array.from([...Array(begin).fill(7), ...instances].flatMap((instance) => [0, instance, 0]))
      order.take(entries, 1, stride, begin, begin + instances.length)
      const expected = instances
        .map((instance, index) => ({ instance, index: begin + index }))
        .sort((a, b) => a.instance - b.instance || a.index - b.index)
      expect([...order.indexes.subarray(0, instances.length)]).toEqual(expected.map(({ index }) => index))
    }),
  )
})
