import { describe, expect, it } from 'vitest'
import { isWithin } from '../../../specs/kernel/section.ts'
import { check, constant, goto, members, model, oneOf, schema, spec, thread } from '../../../src/index.ts'

/** Tasks take a lock that is not a variable. Their labels determine the holder. A label may be missing. */
const critical = spec({
  name: 'critical',
  constants: { section: constant(oneOf('whole', 'short'), 'whole', 'which labels count') },
  model: ({ section }) => {
    const Task = members('task', 3, { symmetric: true })
    const State = schema({ task: thread({ task: Task }, 'lock', 'read', 'write', 'rest') })
    type State = ReturnType<typeof State>

    const isLocked = (s: State) =>
      Task.some((task) => isWithin(s.task.get(task), 'read', ...(section === 'whole' ? (['write'] as const) : [])))

    return model(State, {
      init: State(),
      threads: {
        task: {
          at: {
            lock: (s) => !isLocked(s) && goto('read'),
            read: (s) => s,
            /** This step releases the lock. */
            write: (s) => s,
            rest: () => goto('lock'),
          },
        },
      },
      invariants: {
        alone: (s) => Task.filter((task) => isWithin(s.task.get(task), 'read', 'write')).length <= 1,
      },
    })
  },
})

describe('a section', () => {
  it('keeps others out of the whole section', async () => {
    const { verdict, states } = await check(critical, { symmetry: false })
    // Everybody at lock or rest, 2³; or one of three within, at one of two labels, and the others at lock or rest.
    expect([verdict, states.distinct]).toEqual(['holds', 8 + 3 * 2 * 4])
  })

  it('fails if a label is missing', async () => {
    const { traces } = await check(critical, { constants: { section: 'short' } })
    expect(traces[0]).toMatchObject({ property: 'alone' })
  })

  it('consists of labels that the thread has', () => {
    // @ts-expect-error: a misspelled label would be in no section.
    expect(isWithin('read' as 'lock' | 'read', 'raed')).toBe(false)
  })
})
