import { describe, expect, it } from 'vitest'
import { mayLast, pinDuration } from '../../../specs/kernel/pins.ts'
import { check, leadsTo, model, schema, spec, thread } from '../../../src/index.ts'
import type { AnySpec } from '../../../src/spec/spec.ts'

/** A device pins a page, and a waiter waits for the end of the pin. */
const waiting = spec({
  name: 'waiting',
  constants: { pins: pinDuration },
  model: ({ pins }) => {
    const State = schema({ device: thread('pin', 'unpin', 'done'), waiter: thread('wait', 'done') })
    return model(State, {
      init: State(),
      threads: {
        device: {
          fair: 'weak',
          unfair: ['pin', ...mayLast(pins, 'unpin')],
          at: { pin: (s) => s, unpin: (s) => s, done: {} },
        },
        waiter: { fair: 'weak', at: { wait: (s) => s.device !== 'unpin' && s, done: {} } },
      },
      temporal: {
        waitEnds: leadsTo(
          (s) => s.waiter === 'wait',
          (s) => s.waiter === 'done',
        ),
      },
    })
  },
})

describe('pins', () => {
  it.each([
    ['transient', 'holds'],
    ['long-term', 'violated'],
  ])('that are %s: the claim that waiting for them ends %s', async (pins, result) => {
    const { properties } = await check(waiting as AnySpec, { constants: { pins } })
    expect(properties.find(({ name }) => name === 'waitEnds')).toMatchObject({ result })
  })
})
