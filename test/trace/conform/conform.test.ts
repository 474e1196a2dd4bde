/** Follows logs through small specs: events, observations, hidden steps, and where a log leaves its spec. */
import '../../../src/vitest.ts'
import { List, Map, Set } from 'immutable'
import { describe, expect, it } from 'vitest'
import {
  action,
  assertConforms,
  bag,
  Bag,
  CheckerError,
  conform,
  ConformAssertionError,
  formatConformance,
  listOf,
  logMap,
  mapOf,
  members,
  model,
  oneOf,
  optional,
  range,
  record,
  schema,
  setOf,
  spec,
  union,
  value,
  type ConformOptions,
  type LogEvent,
} from '../../../src/index.ts'
import dieHard from '../../../specs/classic/die-hard.ts'
import truncateDma from '../../../specs/truncate-dma.ts'

/** Counts to five. `up` is logged, `tick` and `reset` may not be. */
const Count = schema({ n: range(0, 5), ticks: range(0, 5) })
const counter = spec({
  name: 'counter',
  constants: {},
  model: () =>
    model(Count, {
      init: Count(),
      actions: {
        up: (s) => (s.n < 5 ? s.set('n', s.n + 1) : undefined),
        tick: (s) => (s.ticks < 5 ? s.set('ticks', s.ticks + 1) : undefined),
        jump: action({ to: range(0, 5) }, (s, { to }) => (to > s.n ? s.set('n', to) : undefined)),
      },
    }),
})

/** A variable of each kind. One step makes them all what the tests observe. */
const Key = members('key', 2)
const Point = record({ x: range(0, 3), y: range(0, 3) })
const Line = record({ is: oneOf('line'), length: range(1, 3) })
const Shape = union(record({ is: oneOf('dot') }), Line)
const Kinds = schema({
  table: mapOf(Key, range(0, 3)),
  nested: mapOf(Key, mapOf(Key, Point)),
  held: setOf(Key),
  points: setOf(Point),
  queue: listOf(oneOf('a', 'b'), 3),
  pile: bag(oneOf('a', 'b'), 3),
  shape: Shape,
  maybe: optional(Point),
  open: value<unknown>(null),
})

function observing(observes: unknown): LogEvent[] {
  return [{ action: 'make' }, { observes } as LogEvent]
}

const kinds = spec({
  name: 'kinds',
  model: () =>
    model(Kinds, {
      init: Kinds(),
      actions: {
        make: (s) =>
          s.merge({
            table: s.table.set('key2', 2),
            nested: s.nested.setIn(['key1', 'key2', 'x'], 3),
            held: Set(['key2'] as const),
            points: Set([Point({ x: 1, y: 2 })]),
            queue: List(['b', 'a'] as const),
            pile: Bag(['b', 'b'] as const),
            shape: Line({ length: 2 }),
            maybe: Point({ x: 1 }),
            open: Map({ deep: List([1, 2]), other: 3 }),
          }),
      },
    }),
})

/** The error that a log gives. */
function errorOf(log: string | Iterable<unknown>, options: ConformOptions = {}, of: any = counter): string {
  try {
    conform(of, log, options)
    return 'no error'
  } catch (thrown) {
    if (!(thrown instanceof CheckerError)) throw thrown
    return `${thrown.code} ${thrown.message}${thrown.hint === undefined ? '' : ` (${thrown.hint})`}`
  }
}

function verdict(log: string | Iterable<unknown>, options: ConformOptions = {}, of: any = counter): string {
  const result = conform(of, log, options)
  return `${result.verdict} ${result.events}`
}

describe('an event', () => {
  it('is a step of an action, with all or some of its bindings', () => {
    expect(verdict([{ action: 'up' }, { action: 'jump', bindings: { to: 3 } }, { action: 'jump' }])).toBe('conforms 3')
    expect(
      verdict([
        { action: 'jump', bindings: { to: 3 } },
        { action: 'jump', bindings: { to: 2 } },
      ]),
    ).toBe('deviates 1')
  })

  it('may stand for one of several actions, or for any', () => {
    expect(verdict([{ action: ['up', 'tick'], observes: { ticks: 1 } }])).toBe('conforms 1')
    expect(verdict([{ action: ['up', 'tick'], observes: { n: 2 } }])).toBe('deviates 0')
    expect(verdict([{ action: '*', observes: { n: 2 } }])).toBe('conforms 1')
    expect(verdict([{ action: '*', observes: { n: 2, ticks: 1 } }])).toBe('deviates 0')
  })

  it('without an action is not a step', () => {
    expect(verdict([{ observes: { n: 0 } }, { action: 'up' }, { observes: { n: 1 } }])).toBe('conforms 3')
    expect(verdict([{ observes: { n: 1 } }])).toBe('deviates 0')
  })

  it('named init is about the state in which the run began', () => {
    expect(verdict([{ action: 'init', observes: { n: 0 } }, { action: 'up' }])).toBe('conforms 2')
    const options = { hidden: ['up'] }
    expect(verdict([{ observes: { n: 1 } }], options)).toBe('conforms 1')
    expect(verdict([{ action: 'init', observes: { n: 1 } }], options)).toBe('deviates 0')
    expect(errorOf([{ action: 'up' }, { action: 'init' }])).toMatch(
      /KR108 event 2 of the log is about the initial state \("init"\) and must be the first event, but is event 2/,
    )
  })
})

describe('hidden steps', () => {
  const log = (n: number): LogEvent[] => [{ observes: { n } }]

  it('are at most as many before an event as the options say', () => {
    for (const maxHidden of [0, 1, 2, 3]) {
      const counts = [0, 1, 2, 3, 4].filter((n) => verdict(log(n), { hidden: ['up'], maxHidden }) === 'conforms 1')
      expect(counts).toEqual([0, 1, 2, 3, 4].slice(0, maxHidden + 1))
    }
    const { deviation } = conform(counter, log(3), { hidden: ['up'], maxHidden: 2 })
    expect(deviation).toMatchObject({ problem: 'not-reached', isCut: true, count: 3 })
    expect(conform(counter, [{ observes: { ticks: 1 } }], { hidden: ['up'] }).deviation).toMatchObject({ isCut: false })
  })

  it('leave the verdict open if the bound left out states before an event that does not fit', () => {
    const resultOf = (events: readonly LogEvent[], maxHidden: number): unknown[] => {
      const { verdict: own, reason, deviation } = conform(counter, events, { hidden: ['up'], maxHidden })
      return [own, reason, deviation?.number]
    }
    expect(resultOf(log(3), 2)).toEqual(['incomplete', 'hidden', 1])
    expect(resultOf(log(3), 0)).toEqual(['incomplete', 'hidden', 1])
    expect(resultOf([{ observes: { n: 1, ticks: 1 } }], 4)).toEqual(['incomplete', 'hidden', 1])
    expect(resultOf([{ observes: { n: 1, ticks: 1 } }], 5)).toEqual(['deviates', undefined, 1])
    // The bound leaves out states before the first event, and none before the second.
    const jumps: LogEvent[] = [{ action: 'jump', bindings: { to: 5 } }, { observes: { ticks: 1 } }]
    expect(resultOf(jumps, 1)).toEqual(['incomplete', 'hidden', 2])
    expect(resultOf(jumps, 5)).toEqual(['deviates', undefined, 2])
    // These events do not fit in any state, however many steps come before.
    expect(resultOf([{ observes: { n: 6 } }], 1)).toEqual(['deviates', undefined, 1])
    expect(resultOf([{ action: 'upp' }], 1)).toEqual(['deviates', undefined, 1])
    expect(resultOf([{ action: 'jump', bindings: { to: 6 } }], 1)).toEqual(['deviates', undefined, 1])
    expect(resultOf([{ action: 'init', observes: { n: 1 } }], 1)).toEqual(['deviates', undefined, 1])
  })

  it('are steps of the actions that the options name, or of all', () => {
    expect(verdict([{ action: 'up' }, { observes: { ticks: 2 } }], { hidden: ['tick'] })).toBe('conforms 2')
    expect(verdict([{ action: 'up' }, { observes: { ticks: 2 } }], { hidden: ['up'] })).toBe('deviates 1')
    expect(verdict([{ observes: { n: 2, ticks: 2 } }], { hidden: ['*'] })).toBe('conforms 1')
    expect(errorOf([{ action: 'up' }], { hidden: ['tock'] })).toMatch(/KR102 .*"tock".*did you mean "tick"/)
    // The constants may decide which actions there are, so a map may name others.
    const map = logMap({ hidden: ['tock', 'tick'], event: (it) => it })
    expect(conform(counter, [{ observes: { ticks: 1 } }], { map })).toMatchObject({
      verdict: 'conforms',
      hidden: ['tick'],
    })
  })

  it('leave several states, which later events tell apart', () => {
    const options = { hidden: ['up'], maxHidden: 3 }
    const result = conform(counter, [{ action: 'tick' }, { action: 'jump', bindings: { to: 5 } }], options)
    expect(result).toMatchObject({ verdict: 'conforms', states: 1 })
    expect(conform(counter, [{ action: 'tick' }], options)).toMatchObject({ states: 4, mostStates: 4 })
  })
})

describe('an observation', () => {
  it.each<[string, unknown, unknown]>([
    ['part of a map', { table: { key2: 2 } }, { table: { key1: 2 } }],
    [
      'part of nested maps and records',
      { nested: { key1: { key2: { x: 3 } } } },
      { nested: { key2: { key2: { x: 3 } } } },
    ],
    ['a whole set', { held: ['key2'] }, { held: ['key1', 'key2'] }],
    ['part of a set', { held: { key1: false } }, { held: { key2: false } }],
    ['a set of records', { points: [{ x: 1, y: 2 }] }, { points: [{ x: 2, y: 2 }] }],
    ['a whole list', { queue: ['b', 'a'] }, { queue: ['b'] }],
    ['part of a list', { queue: { 1: 'a' } }, { queue: { 2: 'a' } }],
    ['the size of a list', { queue: { size: 2 } }, { queue: { size: 3 } }],
    ['a whole bag', { pile: ['b', 'b'] }, { pile: ['b'] }],
    ['part of a bag', { pile: { b: 2 } }, { pile: { b: 1 } }],
    ['a record of a union', { shape: { is: 'line', length: 2 } }, { shape: { is: 'dot' } }],
    ['an optional value', { maybe: { x: 1 } }, { maybe: null }],
    ['an open value', { open: { deep: [1, 2], other: 3 } }, { open: { deep: [2, 1] } }],
    ['part of an open value', { open: { other: 3 } }, { open: { other: 4 } }],
    ['immutable values', { table: Map({ key2: 2 }), held: Set(['key2']) }, { queue: List(['a', 'b']) }],
    ['JavaScript collections', { table: new globalThis.Map([['key2', 2]]) }, { held: new globalThis.Set(['key1']) }],
  ])('may be %s', (_, fits, differs) => {
    expect(verdict(observing(fits), {}, kinds)).toBe('conforms 2')
    expect(verdict(observing(differs), {}, kinds)).toBe('deviates 1')
  })

  it.each<[unknown, RegExp]>([
    [{ mpa: {} }, /observes "mpa", but the spec does not have this variable/],
    [{ table: { key3: 1 } }, /observes table\[key3\], but key3 is not a key of this map \(use one of key1, key2\)/],
    [{ table: undefined }, /observes table as undefined \(leave out/],
    [{ nested: { key1: { key2: { x: undefined } } } }, /observes nested\[key1\]\[key2\]\.x as undefined/],
    [{ table: [1] }, /observes table as the array \[1\], but it is a map/],
    [{ maybe: { z: 1 } }, /observes maybe\.z, but the record does not have this field/],
    [{ shape: { length: 2 } }, /observes shape without its field "is"/],
    [{ held: 'key1' }, /observes held as "key1", but it is a set/],
    [{ held: { key1: 1 } }, /observes held ∋ key1 as 1, but it must be a boolean/],
    [{ queue: { first: 'a' } }, /observes queue\[first\]/],
  ])('of what the spec does not have is a mistake: %j', (observes, message) => {
    expect(errorOf(observing(observes), {}, kinds)).toMatch(message)
    expect(errorOf(observing(observes), {}, kinds)).toMatch(/^KR108 event 2 of the log observes/)
  })

  it('and bindings outside their domain deviate, and say so', () => {
    const bound = conform(counter, [{ action: 'jump', bindings: { to: '3' } }]).deviation
    expect(bound?.outside).toMatchObject([
      { path: 'to', log: '3', hint: expect.stringMatching(/^write 3: .*the number/) },
    ])
    const { deviation } = conform(dieHard, [{ observes: { big: '0' } }])
    expect(deviation?.outside).toMatchObject([
      { path: 'big', log: '0', expected: '0..5', hint: expect.stringMatching(/number/) },
    ])
  })
})

describe('a mistake in a log', () => {
  it.each<[unknown, RegExp]>([
    [3, /must be an object with action, bindings, observes, but is 3/],
    [{}, /must have an action or observes, but has neither/],
    [{ acton: 'up' }, /must have only the fields action, bindings, observes, but has "acton"/],
    [{ action: 3 }, /must have as action a name or a list of names, but has 3/],
    [{ action: 'up', bindings: 3 }, /must have as bindings an object/],
    [{ action: 'jump', bindings: { to: undefined } }, /must bind "to" to a value or leave it out/],
    [{ bindings: {} }, /must name the action of its bindings/],
    [{ action: 'jump', bindings: { ot: 1 } }, /binds "ot", but jump does not have this parameter \(use one of to\)/],
  ])('is an error: %j', (event, message) => {
    expect(errorOf([event])).toMatch(/^KR108 .*(entry|event) 1 of the log/)
    expect(errorOf([event])).toMatch(message)
  })

  it('has its line', () => {
    expect(errorOf('{"action":"up"}\n\n{"action":')).toMatch(
      /^KR108 the log:3 must be a JSON object, but is not valid JSON/,
    )
    expect(errorOf('{"action":"up"}\n[]')).toMatch(/^KR108 the log:2 must be a JSON object, but is another value/)
    expect(errorOf('{"action":"up"}\n{"observe":{}}')).toMatch(
      /the log:2 has the unknown field "observe" \(did you mean/,
    )
    expect(errorOf('{"action":"jump","bindings":{"too":1}}')).toMatch(/the log:1 binds "too"/)
  })

  it('in a map has the line of the entry', () => {
    const failing = logMap({
      event: () => {
        throw new TypeError('no such pid')
      },
    })
    expect(errorOf('{"pid":1}', { map: failing })).toMatch(
      /the log:1 must have a meaning, but the map threw TypeError: no such pid/,
    )
    const forgetful = logMap({
      memory: (): unknown => {
        throw new TypeError('no names')
      },
      event: () => undefined,
    })
    expect(errorOf('{"pid":1}', { map: forgetful })).toMatch(
      /^KR108 the memory of the map for the log must be made without an error, but the map threw TypeError: no names/,
    )
    const wrong = logMap({ event: (() => ({ act: 'up' })) as never })
    expect(errorOf('{"pid":1}', { map: wrong })).toMatch(
      /the event that the map gives for the log:1 must have only the fields/,
    )
    const late = logMap({ event: (() => Promise.resolve({ action: 'up' })) as never })
    expect(errorOf('{"pid":1}', { map: late })).toMatch(
      /the log:1 must have a meaning at once, but the map gives a promise/,
    )
    expect(() => logMap({} as never)).toThrow(/logMap\(\.\.\.\) must have a function event/)
    expect(() => logMap({ event: () => undefined, hide: [] } as never)).toThrow(/does not have a part "hide"/)
    expect(errorOf('{}', { map: (() => undefined) as never })).toMatch(/KR101 map must be made by logMap/)
    expect(errorOf([], { hiden: [] } as never)).toMatch(/KR101 "hiden" is not an option/)
    expect(errorOf([], { maxHidden: -1 })).toMatch(/KR101 maxHidden must be a number from 0 on/)
  })
})

describe('a log', () => {
  it('of JSON may have other fields and blank lines', () => {
    expect(verdict('{"t":1,"action":"up"}\r\n\n{"level":"info","observes":{"n":1}}\n')).toBe('conforms 2')
  })

  it('of JSON may begin with a byte order mark, and must not be an array', () => {
    expect(verdict('\uFEFF{"action":"up"}\n')).toBe('conforms 1')
    for (const array of ['[{"action":"up"}]', '\n[\n{"action":"up"}\n]']) {
      expect(errorOf(array)).toMatch(
        /KR108 the log:[12] must be a JSON object, but the log is a JSON array .*one object/,
      )
    }
  })

  it.each<[unknown, RegExp]>([
    [undefined, /must get an object/],
    [{ format: 'csv' }, /must have ndjson or ftrace as format, but has .*"csv"/],
    [{ hidden: 'up' }, /must have a list of names as hidden, but has .*"up"/],
    [{ maxHidden: -1 }, /must have a number from 0 on as maxHidden, but has /],
    [{ memory: 3 }, /must have a function as memory, but has /],
  ])('has a map with parts that fit: %j', (parts, message) => {
    const given = parts === undefined ? undefined : { event: () => undefined, ...(parts as object) }
    expect(() => logMap(given as never)).toThrow(message)
  })

  it('without an event has no verdict', () => {
    expect(conform(counter, '')).toMatchObject({ verdict: 'incomplete', reason: 'no-events' })
    const map = logMap({ event: () => undefined })
    expect(conform(counter, [1, 2], { map })).toMatchObject({ verdict: 'incomplete', reason: 'no-events', skipped: 2 })
  })

  it('has no verdict if the run may be in more states than the bound', () => {
    const options = { hidden: ['*'], maxStates: 3 }
    expect(conform(counter, [{ action: 'up' }], options)).toMatchObject({ verdict: 'incomplete', reason: 'states' })
  })

  it('goes through a map, which may remember, skip, and give several events', () => {
    const map = logMap({
      memory: () => ({ last: 0 }),
      event: ({ n }: { n: number }, memory) => {
        const steps = n - memory.last
        memory.last = n
        return steps === 0 ? undefined : Array.from({ length: steps }, () => ({ action: 'up' }))
      },
    })
    expect(conform(counter, [{ n: 1 }, { n: 1 }, { n: 3 }], { map })).toMatchObject({
      verdict: 'conforms',
      events: 3,
      skipped: 1,
    })
    // The memory is new for each log.
    expect(conform(counter, [{ n: 1 }], { map })).toMatchObject({ verdict: 'conforms', events: 1 })
  })

  it('counts the events of each action', () => {
    const { actions } = conform(counter, [{ action: 'up' }, { action: 'up' }, { action: '*' }])
    expect([...actions]).toEqual([
      ['up', 2],
      ['tick', 0],
      ['jump', 0],
    ])
  })
})

describe('the text of ftrace', () => {
  const map = logMap({ format: 'ftrace', event: ({ event }) => ({ action: event }) })
  const entries = (text: string): unknown[] => {
    const found: unknown[] = []
    conform(counter, text, {
      map: logMap({
        format: 'ftrace',
        event: (entry) => {
          found.push(entry)
          return undefined
        },
      }),
    })
    return found
  }

  it('is read line by line, as several tools print it', () => {
    const text = [
      '# tracer: nop',
      'cpus=2',
      '          <idle>-0     [001]  1234.500000: up:      ',
      ' Web Content-x-812   ( 811) [000] d.h2.  1234.500001: sched_switch:         prev_comm=Web Content prev_pid=812 ==> next_comm=a=b',
      'kworker/u4:1-77 [003] 1235.000000: xfs:up: dev 8:0 ino 0x83 flags DIRECT|WRITE, size=4096, offset=0x10',
    ].join('\n')
    expect(entries(text)).toEqual([
      expect.objectContaining({ task: '<idle>', pid: 0, cpu: 1, time: 1234.5, event: 'up', details: '', fields: {} }),
      expect.objectContaining({
        task: 'Web Content-x',
        pid: 812,
        cpu: 0,
        event: 'sched_switch',
        fields: { prev_comm: 'Web Content', prev_pid: '812 ==>', next_comm: 'a=b' },
      }),
      expect.objectContaining({ task: 'kworker/u4:1', event: 'xfs:up', fields: { size: '4096', offset: '0x10' } }),
    ])
  })

  it('may come from a script of bpftrace', () => {
    // printf("%s-%d [%03d] %llu.%06llu: take: task=%d\\n", comm, pid, cpu, nsecs / 1000000000, nsecs / 1000 % 1000000, arg0)
    const text = 'Attaching 3 probes...\n\nmy task-12 [001] 17.000003: take: task=1\n^C\n'
    expect(entries(text)).toEqual([
      expect.objectContaining({
        task: 'my task',
        pid: 12,
        cpu: 1,
        time: 17.000003,
        event: 'take',
        fields: { task: '1' },
      }),
    ])
    expect(errorOf(`${text}Lost 12 events\n`, { map })).toMatch(/KR108 the log:5 says that events were lost/)
  })

  it('is an error where a line is not an event, events were lost, or time goes backwards', () => {
    const first = 'a-1 [000] 2.5: up:'
    expect(errorOf(`${first}\nnonsense`, { map })).toMatch(
      /KR108 the log:2 must have the form task-pid .* but does not/,
    )
    expect(errorOf(`${first}\nCPU:0 [LOST 57 EVENTS]`, { map })).toMatch(/KR108 the log:2 says that events were lost/)
    expect(errorOf(`${first}\n\na-1 [000] 2.4: up:`, { map })).toMatch(
      /KR108 the log:3 must not be earlier .*2\.4 follows 2\.5/,
    )
  })
})

describe('a deviation', () => {
  it('has the last event that fits, the states before, what the spec allows, and the nearest miss', () => {
    const { deviation } = conform(dieHard, '{"action":"fillBig"}\n{"action":"bigToSmall","observes":{"big":3}}')
    expect(deviation).toMatchObject({
      number: 2,
      place: { line: 2 },
      problem: 'leads-elsewhere',
      last: { number: 1, event: { action: 'fillBig' } },
      count: 1,
      nearest: { action: 'bigToSmall', isOtherAction: false, differences: [{ path: 'big', spec: 2, log: 3 }] },
    })
    expect(deviation!.allowed.map(({ action: name }) => name)).toContain('bigToSmall')
    expect(deviation!.states.map((state) => state.toJS())).toEqual([{ small: 0, big: 5 }])
  })

  it('prefers the step with the fewest differences, then the action of the event', () => {
    const nearest = (event: LogEvent) =>
      conform(counter, [{ action: 'jump', bindings: { to: 4 } }, event]).deviation?.nearest
    expect(nearest({ action: 'jump', bindings: { to: 3 } })).toMatchObject({ action: 'jump', bindings: { to: 5 } })
    expect(nearest({ action: 'tick', observes: { n: 5, ticks: 0 } })).toMatchObject({
      action: 'up',
      isOtherAction: true,
    })
    // A step that the log must not leave out.
    expect(nearest({ observes: { n: 5 } })).toMatchObject({ action: 'up', isOtherAction: true, differences: [] })
    expect(nearest({ observes: { n: 3 } })).toMatchObject({ action: undefined, differences: [{ path: 'n', spec: 4 }] })
    expect(nearest({ observes: { n: 5, ticks: 1 } })).toMatchObject({ action: 'up', differences: [{ path: 'ticks' }] })
  })

  it('names an action that the spec does not have', () => {
    const { deviation } = conform(counter, [{ action: 'upp' }])
    expect(deviation).toMatchObject({
      problem: 'no-such-action',
      unknown: [{ name: 'upp', hint: 'did you mean "up"?' }],
    })
  })

  it('is printed', () => {
    const result = conform(counter, [{ action: 'up' }, { observes: { n: 4, ticks: 2 } }], {
      hidden: ['up'],
      maxHidden: 1,
    })
    expect(formatConformance(result)).toBe(
      [
        'counter',
        '',
        '  ? the log  incomplete  event 2 may fit with more hidden steps (--max-hidden)',
        '',
        'the log may leave the spec at event 2:',
        '    observes { n: 4, ticks: 2 }',
        '',
        '  the last event that fits is event 1:',
        '    up',
        '  the system may have been in 3 states:',
        '    n 1 · ticks 0',
        '    or with n 1 → 2',
        '    or with n 1 → 3',
        '',
        '  the observed values are not those of any of these states',
        '  the spec allows there:',
        '    up · tick · jump(to=4) · jump(to=5) · jump(to=3) (in 2) · jump(to=2) (in 1)',
        '  the nearest miss is jump(to=4), which the log would have to record',
        '    ticks: the spec has 0, the log 2',
        '  Kripke followed at most 1 hidden step before each event. Before this one, more are possible.',
        '  With more of them, the log may conform: raise --max-hidden.',
      ].join('\n'),
    )
  })
})

describe('a spec function that fails', () => {
  const failing = spec({
    name: 'failing',
    model: () =>
      model(Count, {
        init: Count(),
        actions: {
          up: (s) => s.set('n', s.n + 1),
          crash: () => {
            throw new Error('planned')
          },
        },
      }),
  })

  it('matters only if the event or a hidden step may be of it', () => {
    expect(verdict([{ action: 'up' }, { action: 'up' }], {}, failing)).toBe('conforms 2')
    expect(errorOf([{ action: 'up' }, { action: 'crash' }], {}, failing)).toMatch(
      /KR503 action "crash" threw Error: planned/,
    )
    expect(errorOf([{ action: 'up' }], { hidden: ['crash'] }, failing)).toMatch(/KR503/)
  })
})

describe('toConform', () => {
  const options = { constants: { design: 'wait-allocated' } } as const
  const alloc = { action: 'alloc', bindings: { file: 'file1', block: 'block1' } }

  it('passes if the log conforms', () => {
    expect([alloc]).toConform(truncateDma, options)
    expect('{"action":"fillBig"}').toConform(dieHard)
    expect([alloc, alloc]).not.toConform(truncateDma, options)
  })

  it('fails with the report', () => {
    expect(() => expect([alloc, alloc]).toConform(truncateDma, options)).toThrow(
      /deviates from truncate-dma[^]*leaves the spec at event 2/,
    )
    expect(() => expect([alloc]).not.toConform(truncateDma, options)).toThrow(/conforms to truncate-dma/)
    expect(() => expect([]).toConform(dieHard)).toThrow(/neither/)
    expect(() => expect([]).not.toConform(dieHard)).toThrow(/neither/)
    const cut = { hidden: ['up'], maxHidden: 1 }
    expect(() => expect([{ observes: { n: 2 } }]).not.toConform(counter, cut)).toThrow(/neither[^]*raise --max-hidden/)
    expect(() => expect('{').toConform(dieHard)).toThrow(/error KR108/)
  })

  it('has an assertion for other test runners', () => {
    expect(assertConforms(dieHard, [{ action: 'fillBig' }])).toMatchObject({ verdict: 'conforms' })
    expect(() => assertConforms(dieHard, [{ action: 'bigToSmall', observes: { big: 3 } }])).toThrow(
      ConformAssertionError,
    )
  })
})
