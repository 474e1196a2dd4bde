/** Notes on steps: texts beside the changes, in every format of traces. */
import { describe, expect, it } from 'vitest'
import {
  action,
  anyOf,
  check,
  formatTrace,
  goto,
  mapOf,
  members,
  model,
  optional,
  range,
  replay,
  schema,
  spec,
  step,
  thread,
  toHtml,
  toItf,
  toMermaid,
} from '../../src/index.ts'
import { infoOf } from '../../src/api/info.ts'
import { traceDocument } from '../../src/report/json/documents.ts'

const Cpu = members('cpu', 2)
const State = schema({
  tail: optional(Cpu),
  old: mapOf(Cpu, optional(Cpu)),
  lock: thread({ cpu: Cpu }, 'swap', 'look', 'done'),
  n: range(0, 2),
})
type State = ReturnType<typeof State>

type Noted = { readonly note?: any; readonly doc?: string }

/** A queued lock whose steps have notes. `look` only reads. */
const queued = (options: Noted = {}) =>
  spec({
    name: 'queued',
    model: () =>
      model(State, {
        init: State(),
        actions: {
          count: action(
            (s: State) => (s.n < 2 ? anyOf([1, 2], (by) => s.n + by < 3 && s.set('n', s.n + by)) : undefined),
            {
              note: ({ before, after, chosen }) => `${before.n} + ${chosen['by']} = ${after.n}`,
              ...options,
            },
          ),
        },
        threads: {
          lock: {
            at: {
              swap: step((s: State, { cpu }) => s.merge({ tail: cpu, old: s.old.set(cpu, s.tail) }), {
                note: ({ before, bindings }) => `old = xchg(tail, ${bindings.cpu}) = ${before.tail ?? 'nobody'}`,
              }),
              look: step((s: State) => goto('done', s), { doc: 'looks at the tail' }),
              done: {},
            },
          },
        },
        invariants: { no: (s) => !(s.lock.get('cpu2') === 'done' && s.n === 2) },
        deadlock: false,
      }),
  })

describe('notes', () => {
  it('stand in every format of traces, also of a replay', async () => {
    const result = await check(queued())
    const trace = result.property('no').trace!
    const notes = trace.steps.map(({ note }) => note)
    expect([...notes].sort()).toEqual(
      ['0 + 2 = 2', 'looks at the tail', 'old = xchg(tail, cpu2) = nobody', undefined].sort(),
    )
    const texts = [
      formatTrace(trace),
      formatTrace(trace, { full: true } as never),
      toMermaid(trace, result),
      toHtml(trace, result),
      JSON.stringify(traceDocument(trace)),
      JSON.stringify(toItf(trace, result)),
    ]
    for (const text of texts) for (const note of notes) if (note !== undefined) expect(text).toContain(note)
    const { trace: again } = replay(queued(), JSON.stringify(toItf(trace, result)))
    expect(again.steps.map(({ note }) => note)).toEqual(notes)
  })

  it('never change verdicts or counts', async () => {
    const [noted, plain] = [
      await check(queued(), { continue: true }),
      await check(queued({ note: () => undefined }), { continue: true }),
    ]
    expect(plain.states).toEqual(noted.states)
    expect(plain.properties).toEqual(noted.properties)
    expect(plain.property('no').trace!.steps.some(({ action, note }) => action === 'count' && note)).toBe(false)
  })

  it('are one clear error if they throw or return anything but a text', async () => {
    const throws = queued({
      note: () => {
        throw new Error('no')
      },
    })
    await expect(check(throws)).rejects.toMatchObject({
      code: 'KR503',
      message: 'the note of action "count" threw Error: no',
    })
    await expect(check(queued({ note: () => 3 }))).rejects.toMatchObject({ code: 'KR515' })
    const impure = queued({ note: () => String(Math.random()) })
    await expect(check(impure)).rejects.toMatchObject({ code: 'KR502' })
    expect(() => queued({ note: 'text' }).model({})).toThrow(/must be given a function as note, but was given "text"/)
    expect(() => queued({ doc: 3 as never }).model({})).toThrow(/must be given a text as doc, but was given 3/)
  })

  it('show the documentation of an action in the list of a spec', () => {
    const { actions } = infoOf(queued(), {})
    expect(actions.map(({ name, doc }) => [name, doc])).toEqual([
      ['count', ''],
      ['lock.swap', ''],
      ['lock.look', 'looks at the tail'],
    ])
  })
})
