import { describe, expect, it } from 'vitest'
import {
  assign,
  bool,
  call,
  check,
  type CheckerError,
  FailedRun,
  goto,
  graph,
  members,
  model,
  optional,
  procedure,
  range,
  replay,
  ret,
  schema,
  spec,
  step,
  steps,
  taken,
  eventually,
  thread,
  toHtml,
  toItf,
  toMermaid,
  type AnySpec,
} from '../../src/index.ts'

const Cpu = members('cpu', 2)

/** A thread that takes a lock by a procedure: `try` returns whether it got it, and `take` calls `try` until it did. */
function locked({ depth = 2, symmetric = false } = {}): AnySpec {
  const Own = members('cpu', 2, { symmetric })
  const tryLock = procedure('tryLock', { by: Own }, 'swap', { returns: bool() })
  const take = procedure('take', { by: Own }, 'try', 'look', { locals: { tries: range(0, 1) }, initial: { tries: 1 } })
  const State = schema({
    holder: optional(Own),
    open: bool(),
    cpu: thread({ cpu: Own }, 'idle', 'held', 'done', { calls: [take, tryLock], depth }),
  })
  return spec({
    name: 'locked',
    model: () =>
      model(State, {
        init: State({ open: true }),
        threads: {
          cpu: {
            guard: (s) => s.open,
            fair: 'weak',
            at: {
              idle: (s, { cpu }) => call(take, { by: cpu }, s.set('open', true)),
              held: {
                leave: (s) => goto('done', s.set('holder', null)),
                stay: step({ why: bool() }, (s) => goto('held', s)),
              },
              done: {},
            },
          },
        },
        procedures: {
          take: {
            at: {
              try: (_, { by }) => call(tryLock, { by }),
              look: {
                yes: (_, { returned }) => returned === true && ret(),
                no: (_, { returned, tries }) => returned === false && goto('try', assign({ tries: 1 - tries })),
              },
            },
          },
          tryLock: {
            at: {
              swap: (s, { self, by }) =>
                s.holder === null ? ret(true, s.set('holder', self === by ? self : null)) : ret(false),
            },
          },
        },
        invariants: { exclusion: (s) => s.cpu.count(({ at }) => at === 'held') < 2 },
        goals: {
          contended: (s) => s.cpu.some(({ returned }) => returned?.value === false),
          nested: (s) => s.cpu.some(({ stack }) => stack.last()?.procedure === 'tryLock' && stack.size === 2),
        },
        transitions: {
          only: ({ label, thread: name, before, after, bindings }) =>
            label !== 'tryLock.swap' ||
            (name === 'cpu' && before.holder !== bindings['cpu'] && after.cpu !== before.cpu),
        },
      }),
  })
}

describe('a thread that calls procedures', () => {
  it('has the same counts and verdicts for each way to explore', async () => {
    const plain = await check(locked(), { interpret: true, continue: true })
    expect(plain.properties.map(({ name, result }) => `${name} ${result}`)).toEqual([
      'exclusion holds',
      'only holds',
      'contended reached',
      'nested reached',
      'deadlock holds',
    ])
    for (const options of [{}, { engine: 'explicit' }] as const) {
      const { states, properties } = await check(locked(), { ...options, continue: true })
      expect(states).toEqual(plain.states)
      expect(properties.map(({ result }) => result)).toEqual(plain.properties.map(({ result }) => result))
    }
    const symbolic = await check(locked(), {
      engine: 'symbolic',
      continue: true,
      properties: ['exclusion', 'contended'],
    })
    expect(symbolic.states.distinct).toBe(plain.states.distinct)
    const reduced = await check(locked({ symmetric: true }), { continue: true })
    expect(reduced.states.distinct).toBeLessThan(plain.states.distinct)
    expect(reduced.symmetry).toBe('on')
    const full = await check(locked({ symmetric: true }), { continue: true, symmetry: false })
    expect(full.states).toEqual(plain.states)
  })

  it('names procedure and label in traces, which replay', async () => {
    const { traces } = await check(locked(), { continue: true, properties: ['contended'] })
    const [trace] = traces
    const names = trace!.steps.map(({ action }) => action)
    expect(names.toSorted()).toEqual(
      ['idle', 'idle', 'take.try', 'take.try', 'tryLock.swap', 'tryLock.swap']
        .map((label) => `cpu.${label}`)
        .concat('init'),
    )
    const last = trace!.steps.at(-1)!
    expect(last.thread).toEqual({ name: 'cpu', label: 'tryLock.swap', instance: 'cpu', procedure: 'tryLock' })
    const source = { spec: 'locked', constants: {} }
    const itf = toItf(trace!, source)
    expect((await replay(locked(), itf)).divergence).toBeUndefined()
    expect(toHtml(trace!, source)).toContain('take.try')
    expect(toMermaid(trace!, source)).toContain('take.try')
    // Only live frames are in a state.
    const sizes = trace!.steps.map(({ state }) => state.toJS().cpu.cpu1.stack.length)
    expect(Math.max(...sizes)).toBe(2)
  })

  it('fails with a trace if a call goes too deep', async () => {
    const thrown: unknown = await check(locked({ depth: 1 })).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(FailedRun)
    const { code, trace, message } = thrown as FailedRun
    expect(code).toBe('KR512')
    expect(message).toContain('tryLock')
    expect(trace?.steps.map(({ action }) => action)).toEqual(['init', 'cpu.idle'])
  })

  it('has a graph', async () => {
    const { edges } = await graph(locked(), { project: ['holder'] })
    expect(edges.flatMap(({ by }) => by.map(({ thread: of }) => of?.procedure))).toContain('tryLock')
  })
})

describe('steps of a procedure', () => {
  const P = procedure('wait', {}, 'spin', 'out')
  const State = schema({
    go: bool(),
    cpu: thread({ cpu: Cpu }, 'run', 'end', { calls: [P] }),
    main: thread('run', 'end', { calls: [P] }),
  })
  const waiting = (of: Parameters<typeof taken>[0], unfair: 'wait.spin'[] = []): AnySpec =>
    spec({
      name: 'waiting',
      model: () =>
        model(State, {
          init: State(),
          threads: {
            cpu: { fair: 'weak', unfair, at: { run: () => call(P, {}), end: {} } },
            main: { fair: 'weak', at: { run: () => call(P, {}), end: {} } },
          },
          procedures: { wait: { at: { spin: { on: (s) => s }, out: () => ret() } } },
          temporal: { taken: eventually(taken(of)) },
        }),
    })

  it.each([
    ['the procedure', 'wait', [], 'holds'],
    ['the thread', 'main', [], 'holds'],
    ['a step of one thread', 'main.wait.on', [], 'holds'],
    ['an instance', steps('cpu', { cpu: 'cpu2' }, { except: ['run', 'wait'] }), [], 'violated'],
    ['an instance at a label', steps('cpu', { cpu: 'cpu2' }, { except: ['run', 'wait.spin'] }), [], 'holds'],
    ['a label without fairness', steps('cpu', {}, { except: ['run', 'wait.spin'] }), ['wait.spin'], 'violated'],
  ] as const)('are selected by %s', async (_, of, unfair, result) => {
    const { properties } = await check(waiting(of as never, [...unfair]), { properties: ['taken'] })
    expect(properties[0]!.result).toBe(result)
  })
})

describe('mistakes with procedures', () => {
  const P = procedure('p', { n: range(0, 1) }, 'a')
  const Q = procedure('q', {}, 'a', { returns: bool() })
  const State = schema({ n: range(0, 1), main: thread('run', 'end', { calls: [P] }) })
  const code = async (run: () => unknown): Promise<string> => {
    try {
      await run()
    } catch (error) {
      return (error as CheckerError).code
    }
    return 'none'
  }
  const running = (main: unknown, p: unknown = () => ret()): (() => unknown) => {
    const made = (): AnySpec =>
      spec({
        name: 'mistake',
        model: () =>
          model(State, {
            init: State(),
            threads: { main: { at: { run: main as never, end: {} } } },
            procedures: { p: { at: { a: p as never } } },
          }),
      })
    return () => check(made())
  }
  const inP = (p: unknown): (() => unknown) => running(() => call(P, { n: 0 }), p)

  it.each<[string, () => unknown, string]>([
    ['an unknown label', () => procedure('p', {}, 'a', { atomic: ['b' as 'a'] }), 'KR206'],
    ['no label', () => procedure('p', {}), 'KR204'],
    ['a name that is used twice', () => procedure('p', { n: bool() }, 'a', { locals: { n: bool() } }), 'KR205'],
    ['a reserved name', () => procedure('p', { self: bool() }, 'a'), 'KR205'],
    ['a name that cannot be part of a label', () => procedure('p.q', {}, 'a'), 'KR206'],
    ['a procedure twice', () => thread('run', { calls: [P, P] }), 'KR205'],
    ['a depth of zero', () => thread('run', { calls: [P], depth: 0 }), 'KR206'],
    ['calls that are not procedures', () => thread('run', { calls: ['p'] as never }), 'KR206'],
    [
      'no body',
      () => model(State, { init: State(), threads: { main: { at: { run: {}, end: {} } } } } as never),
      'KR206',
    ],
    ['a call of another procedure', running(() => call(Q, {})), 'KR505'],
    ['a missing argument', running(() => call(P, {} as never)), 'KR505'],
    ['an unknown argument', running(() => call(P, { n: 0, m: 1 } as never)), 'KR505'],
    ['an argument outside its domain', running(() => call(P, { n: 7 })), 'KR302'],
    ['a return outside a procedure', running(() => ret()), 'KR505'],
    ['an assignment outside a procedure', running(() => assign({ n: 1 })), 'KR505'],
    ['an assignment of an unknown name', inP(() => goto('a', assign({ m: 1 }))), 'KR505'],
    ['a step past the last label', inP((s: unknown) => s), 'KR505'],
    ['a label of the thread', inP(() => goto('run')), 'KR505'],
    ['a returned value that is not declared', inP((s: unknown) => ret(true, s)), 'KR505'],
    ['a return in a goto', inP(() => goto('a', ret() as never)), 'KR505'],
    ['a goto in an assignment', inP(() => assign({ n: 1 }, goto('a') as never)), 'KR505'],
    ['a write of its own label', inP((s: any) => goto('a', s.setIn(['main', 'at'], 'end'))), 'KR505'],
    ['nothing wrong', inP(() => ret()), 'none'],
  ])('are errors: %s', async (_, run, expected) => {
    expect(await code(run)).toBe(expected)
  })
})
