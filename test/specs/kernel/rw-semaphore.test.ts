import { describe, expect, it } from 'vitest'
import {
  downRead,
  downWrite,
  mayRead,
  mayWrite,
  rwSemaphore,
  upRead,
  upWrite,
} from '../../../specs/kernel/rw-semaphore.ts'
import { check, constant, forAll, goto, members, model, oneOf, schema, spec, thread } from '../../../src/index.ts'

/**
 * Two tasks read under a semaphore and two write, again and again. In one design a writer does not check for readers.
 */
const sharing = spec({
  name: 'sharing',
  constants: { writer: constant(oneOf('waits', 'ignores-readers'), 'waits', 'what a writer does about readers') },
  model: ({ writer }) => {
    const Reader = members('reader', 2, { symmetric: true })
    const Writer = members('writer', 2, { symmetric: true })
    const State = schema({
      sem: rwSemaphore(Reader, Writer),
      reader: thread({ reader: Reader }, 'down', 'up'),
      writer: thread({ writer: Writer }, 'down', 'up'),
    })
    type State = ReturnType<typeof State>

    const mayTake = (s: State) => (writer === 'waits' ? mayWrite(s.sem) : mayRead(s.sem))
    const readers = (s: State) => Reader.filter((reader) => s.reader.get(reader) === 'up')
    const writers = (s: State) => Writer.filter((writer) => s.writer.get(writer) === 'up')

    return model(State, {
      init: State(),
      threads: {
        reader: {
          at: {
            down: (s, { reader }) => mayRead(s.sem) && s.update('sem', (sem) => downRead(sem, reader)),
            up: (s, { reader }) =>
              goto(
                'down',
                s.update('sem', (sem) => upRead(sem, reader)),
              ),
          },
        },
        writer: {
          at: {
            down: (s, { writer }) => mayTake(s) && s.update('sem', (sem) => downWrite(sem, writer)),
            up: (s) => goto('down', s.update('sem', upWrite)),
          },
        },
      },
      invariants: {
        oneWriter: (s) => writers(s).length <= 1,
        noReaderBesideAWriter: (s) => writers(s).length === 0 || readers(s).length === 0,
        knowsItsReaders: forAll(
          { reader: Reader },
          (s, { reader }) => s.sem.readers.has(reader) === readers(s).includes(reader),
        ),
      },
      goals: {
        twoRead: (s) => readers(s).length === 2,
        oneWrites: (s) => writers(s).length === 1,
      },
    })
  },
})

describe('a reader-writer semaphore', () => {
  it('allows several readers or one writer', async () => {
    const { verdict, states } = await check(sharing, { continue: true, symmetry: false })
    // Free; read by one, the other, or both; written by one or the other.
    expect([verdict, states.distinct]).toEqual(['holds', 6])
  })

  it('does not help if a writer does not check for readers', async () => {
    const { traces } = await check(sharing, { constants: { writer: 'ignores-readers' } })
    expect(traces.map(({ property }) => property)).toContain('noReaderBesideAWriter')
  })
})
