import { describe, expect, it } from 'vitest'
import { labelAfter, stepOf } from '../../../specs/kernel/code-path.ts'
import { bool, check, constant, goto, model, oneOf, schema, spec, thread } from '../../../src/index.ts'
import type { AnySpec } from '../../../src/spec/spec.ts'

type Label = 'store' | 'flush' | 'publish'

/** The steps of a writer, in order. */
const PATHS = {
  right: ['store', 'flush', 'publish'],
  'publish-first': ['publish', 'store', 'flush'],
  'no-flush': ['store', 'publish'],
} as const satisfies { readonly [design: string]: readonly Label[] }

/** A writer stores something, makes it durable, and publishes it, or does so in another order or incompletely. */
const writing = spec({
  name: 'writing',
  constants: { design: constant(oneOf('right', 'publish-first', 'no-flush'), 'right', 'the path') },
  model: ({ design }) => {
    const path: readonly Label[] = PATHS[design]
    const State = schema({
      stored: bool(),
      durable: bool(),
      published: bool(),
      writer: thread('begin', 'store', 'flush', 'publish', 'end'),
    })
    type State = ReturnType<typeof State>

    const at = (label: Label, effect: (s: State) => State) =>
      stepOf(path, label, (s: State) => goto(labelAfter(path, label) ?? 'end', effect(s)))

    return model(State, {
      init: State(),
      threads: {
        writer: {
          at: {
            begin: () => goto(path[0]!),
            store: at('store', (s) => s.set('stored', true)),
            flush: at('flush', (s) => s.set('durable', s.stored)),
            publish: at('publish', (s) => s.set('published', true)),
            end: {},
          },
        },
      },
      invariants: { publishedIsDurable: (s) => !s.published || s.durable },
    })
  },
})

describe('a code path', () => {
  it.each([
    ['right', ['begin', 'store', 'flush', 'publish'], 'holds'],
    ['publish-first', ['begin', 'publish', 'store', 'flush'], 'violated'],
    ['no-flush', ['begin', 'store', 'publish'], 'violated'],
  ])('of the design %s takes its steps, in its order', async (design, labels, verdict) => {
    const outcome = await check(writing as AnySpec, { constants: { design }, continue: true })
    expect([outcome.verdict, outcome.states.distinct]).toEqual([verdict, labels.length + 1])
    const taken = outcome.actions.filter(({ generated }) => generated! > 0).map(({ name }) => name)
    expect(taken.toSorted()).toEqual(labels.map((label) => `writer.${label}`).toSorted())
  })
})
