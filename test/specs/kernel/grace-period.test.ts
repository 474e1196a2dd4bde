import { describe, expect, it } from 'vitest'
import { beginGracePeriod, isDrained, isOver, leave } from '../../../specs/kernel/grace-period.ts'
import { isWithin } from '../../../specs/kernel/section.ts'
import {
  bool,
  check,
  constant,
  forAll,
  goto,
  leadsTo,
  members,
  model,
  oneOf,
  schema,
  setOf,
  spec,
  thread,
} from '../../../src/index.ts'

/** Readers look an object up and use it, again and again. Its owner unlinks it, waits for them, and frees it. */
const reclaim = spec({
  name: 'reclaim',
  constants: {
    wait: constant(oneOf('grace-period', 'begun-early', 'drain', 'none'), 'grace-period', 'for whom the owner waits'),
    readers: constant(oneOf('come', 'stay-out'), 'come', 'whether readers come in after the object is unlinked'),
  },
  model: ({ wait, readers }) => {
    const Reader = members('reader', 2, { symmetric: true })
    const State = schema({
      linked: bool(),
      freed: bool(),
      awaited: setOf(Reader),
      reader: thread({ reader: Reader }, 'outside', 'lookUp', 'use'),
      owner: thread('begin', 'unlink', 'wait', 'done'),
    })
    type State = ReturnType<typeof State>
    type Reader = (typeof Reader)[number]

    const isInside = (s: State) => (reader: Reader) => isWithin(s.reader.get(reader), 'lookUp', 'use')
    const begin = (s: State) => s.set('awaited', beginGracePeriod(Reader, isInside(s)))
    const comeOut = (s: State, reader: Reader) => goto('outside', s.set('awaited', leave(s.awaited, reader)))
    const mayFree = (s: State) => {
      if (wait === 'none') return true
      return wait === 'drain' ? isDrained(Reader, isInside(s)) : isOver(s.awaited)
    }

    return model(State, {
      init: State({ linked: true }),
      threads: {
        reader: {
          fair: 'weak',
          unfair: ['outside'],
          at: {
            outside: (s) => (s.linked || readers === 'come') && goto('lookUp'),
            lookUp: (s, { reader }) => (s.linked ? goto('use') : comeOut(s, reader)),
            use: (s, { reader }) => comeOut(s, reader),
          },
        },
        owner: {
          fair: 'weak',
          at: {
            begin: (s) => (wait === 'begun-early' ? begin(s) : s),
            unlink: (s) => (wait === 'grace-period' ? begin(s.set('linked', false)) : s.set('linked', false)),
            wait: (s) => mayFree(s) && s.set('freed', true),
            done: {},
          },
        },
      },
      invariants: {
        noUseAfterFree: forAll({ reader: Reader }, (s, { reader }) => !(s.freed && s.reader.get(reader) === 'use')),
      },
      temporal: {
        ends: leadsTo(
          (s) => s.owner === 'wait',
          (s) => s.owner === 'done',
        ),
      },
    })
  },
})

/** The results of the two properties. */
async function results(constants: { readonly [name: string]: string }): Promise<{ [property: string]: string }> {
  const { properties } = await check(reclaim, { constants, continue: true, deadlock: false })
  return Object.fromEntries(properties.map(({ name, result }) => [name, result]))
}

describe('a grace period', () => {
  it('ends when all initial readers have left, whoever has entered since', async () => {
    expect(await results({ wait: 'grace-period' })).toMatchObject({ noUseAfterFree: 'holds', ends: 'holds' })
  })

  it('does not cover readers who entered before the event that it follows', async () => {
    expect(await results({ wait: 'begun-early' })).toMatchObject({ noUseAfterFree: 'violated', ends: 'holds' })
  })

  it('is needed', async () => {
    expect(await results({ wait: 'none' })).toMatchObject({ noUseAfterFree: 'violated' })
  })
})

describe('waiting until nobody is inside', () => {
  it('ends if nobody enters any more', async () => {
    expect(await results({ wait: 'drain', readers: 'stay-out' })).toMatchObject({
      noUseAfterFree: 'holds',
      ends: 'holds',
    })
  })

  it('may take forever if others keep entering', async () => {
    expect(await results({ wait: 'drain' })).toMatchObject({ noUseAfterFree: 'holds', ends: 'violated' })
  })
})
