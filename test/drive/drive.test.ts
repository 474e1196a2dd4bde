import { List, Map as ValueMap, Set as ValueSet } from 'immutable'
import {
  action,
  anyOf,
  anySubset,
  Bag,
  CheckerError,
  listOf,
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
  type Spec,
} from 'kripke'
import { drive, driveConcurrently, DriveError, refused, type DriveOptions } from 'kripke/drive'
import { describe, expect, it } from 'vitest'
import { openWalk } from '../../src/api/walk/walk.ts'
import { callText, type Bindings } from '../../src/spec/bindings.ts'
import type { State } from '../../src/spec/model.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import dieHard from '../../specs/classic/die-hard.ts'
import peterson from '../../specs/classic/peterson.ts'
import twoPhaseCommit from '../../specs/classic/two-phase-commit.ts'
import { driverOf, type DrivenSpec } from '../support/driven-spec.ts'
import { differing } from '../../src/drive/observation.ts'

const Item = oneOf('a', 'b')
const QueueState = schema({ items: listOf(Item, 2) })

/** A queue of at most two items. */
const queue = spec({
  name: 'queue',
  model: () =>
    model(QueueState, {
      init: QueueState(),
      actions: {
        put: action({ item: Item }, (s, { item }) =>
          s.items.size < 2 ? s.set('items', s.items.push(item)) : undefined,
        ),
        take: (s) => (s.items.isEmpty() ? undefined : s.set('items', s.items.shift())),
      },
      deadlock: false,
    }),
})

/** A ring buffer. With the mistake, it forgets to wrap where it takes. */
class Ring {
  readonly slots: string[] = ['', '']
  readonly isWrong: boolean
  head = 0
  size = 0

  constructor(isWrong: boolean = false) {
    this.isWrong = isWrong
  }

  put(item: string): void {
    this.slots[(this.head + this.size) % 2] = item
    this.size++
  }

  take(): string {
    const item = this.slots[this.head]!
    this.head = this.isWrong ? Math.min(this.head + 1, 1) : (this.head + 1) % 2
    this.size--
    return item
  }

  get items(): string[] {
    return Array.from({ length: this.size }, (_, index) => this.slots[(this.head + index) % 2]!)
  }
}

const ringDriver = (isWrong: boolean = false) =>
  ({
    setup: () => {
      return new Ring(isWrong)
    },
    actions: {
      put: (ring: Ring, { item }: { item: string }) => ring.put(item),
      take: (ring: Ring) => ring.take(),
    },
    observe: (ring: Ring) => ({ items: ring.items }),
    results: { take: (before: ReturnType<typeof QueueState>) => before.items.first() },
  }) satisfies DriveOptions<Ring>

/** The error of a test that must fail. */
async function failureOf(run: Promise<unknown>): Promise<DriveError> {
  const error: unknown = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof DriveError)) throw new Error(`no DriveError, but ${String(error)}`)
  return error
}

/** Every transition of a spec, by a search of its own: `before, call, after`. */
function transitionsOf(of: AnySpec): Set<string> {
  const walk = openWalk(of, { properties: [] })
  const found = new Set<string>()
  let seen = ValueSet<State>(walk.initialStates)
  const left = [...walk.initialStates]
  for (const state of left) {
    for (const step of walk.stepsFrom(state).enabled) {
      found.add(`${String(state)} ${callText(step.action, step.bindings)} ${String(step.state)}`)
      if (seen.has(step.state)) continue
      seen = seen.add(step.state)
      left.push(step.state)
    }
  }
  return found
}

describe('a cover', () => {
  // The transitions are TLC's generated states without the initial ones: 97 - 1 and 1146 - 1.
  it.each([
    ['die-hard', dieHard, 96],
    ['two-phase-commit', twoPhaseCommit, 1145],
    ['peterson', peterson, undefined],
  ] as const)('takes every transition of %s', async (_, of, count) => {
    const driver = driverOf(of)
    const taken = new Set<string>()
    const actions = Object.fromEntries(
      Object.entries(driver.actions).map(([name, call]) => [
        name,
        (system: DrivenSpec, bindings: Bindings) => {
          const before = String(system.state)
          call!(system, bindings)
          taken.add(`${before} ${callText(name, bindings)} ${String(system.state)}`)
        },
      ]),
    )
    const driven = await drive(of as Spec, { ...driver, actions })
    const all = transitionsOf(of)
    expect(taken).toEqual(all)
    if (count !== undefined) expect(driven.transitions).toEqual({ covered: count, all: count })
    expect(driven.isSampled).toBe(false)
    expect([...driven.notMade]).toEqual([])
  })

  it('starts again only if it cannot go on', async () => {
    // Every state of these specs leads back.
    expect(await drive(dieHard, driverOf(dieHard))).toMatchObject({ paths: 1 })
    expect(await drive(peterson, driverOf(peterson))).toMatchObject({ paths: 1 })
  })

  it('takes the transitions between projected states', async () => {
    const driver = driverOf(dieHard)
    const driven = await drive(dieHard, { ...driver, project: ['big'] })
    const pairs = new Set(
      [...transitionsOf(dieHard)].map((it) => it.replaceAll(/State \{[^}]*\bbig"?: (\d)[^}]*\}/g, '$1')),
    )
    expect(pairs.size).toBeLessThan(96)
    expect(driven.transitions).toEqual({ covered: pairs.size, all: pairs.size })
    expect(driven.steps).toBeLessThan(96)
  })

  it('makes a call again if the system has another choice', async () => {
    const State = schema({ up: oneOf('none', 'heads', 'tails') })
    const coin = spec({
      name: 'coin',
      model: () =>
        model(State, {
          init: State(),
          actions: { flip: (s) => [s.set('up', 'heads'), s.set('up', 'tails')] },
          deadlock: false,
        }),
    })
    const taken = new Set<string>()
    const flips = { heads: 0, tails: 0, none: 0 }
    const driver = {
      setup: () => ({ up: 'none' as keyof typeof flips }),
      actions: {
        flip: (it: { up: keyof typeof flips }) => {
          const before = it.up
          it.up = flips[before]++ % 2 === 0 ? 'heads' : 'tails'
          taken.add(`${before} ${it.up}`)
        },
      },
      observe: (it: { up: string }) => it,
    }
    expect((await drive(coin, driver)).transitions).toEqual({ covered: 6, all: 6 })
    expect(taken.size).toBe(6)
    // A system that always chooses the same does not keep the cover from ending.
    const stubborn = { ...driver, actions: { flip: (it: { up: string }) => void (it.up = 'heads') } }
    expect((await drive(coin, stubborn)).transitions).toEqual({ covered: 2, all: 6 })
  })

  it('observes again to see a hidden step that a call needs', async () => {
    const State = schema({ server: oneOf('down', 'booting', 'up') })
    const server = spec({
      name: 'server',
      model: () =>
        model(State, {
          init: State(),
          actions: {
            start: (s) => (s.server === 'down' ? s.set('server', 'booting') : undefined),
            boot: (s) => (s.server === 'booting' ? s.set('server', 'up') : undefined),
            stop: (s) => (s.server === 'up' ? s.set('server', 'down') : undefined),
          },
        }),
    })
    const driver = {
      setup: () => ({ server: 'down' }),
      actions: {
        start: (it: { server: string }) => void (it.server = 'booting'),
        stop: (it: { server: string }) => void (it.server = 'down'),
      },
      observe: (it: { server: string }) => {
        const { server: now } = it
        if (now === 'booting') it.server = 'up'
        return { server: now }
      },
      hidden: ['boot' as const],
    }
    expect(await drive(server, driver)).toMatchObject({
      paths: 1,
      transitions: { covered: 2, all: 2 },
      notMade: new Map(),
    })
    const stuck = { ...driver, observe: (it: { server: string }) => ({ ...it }) }
    expect((await drive(server, stuck)).notMade).toEqual(new Map([['stop', 1]]))
    const { message } = await failureOf(
      drive(server, { ...driver, actions: { ...driver.actions, stop: () => {} }, paths: 'cover' }),
    )
    expect(message).toContain("path: ['start', 'stop']")
  })

  it('explores a part of a large graph, and says so', async () => {
    const driven = await drive(twoPhaseCommit, { ...driverOf(twoPhaseCommit), maxStates: 50 })
    expect(driven.isSampled).toBe(true)
    expect(driven.transitions!.covered).toBe(driven.transitions!.all)
    expect(driven.transitions!.all).toBeLessThan(1145)
  })
})

describe('a system with a mistake', () => {
  it('passes without it', async () => {
    const driven = await drive(queue, ringDriver(false))
    // 7 states: two puts from 3 of them, a take from 6.
    expect(driven.transitions).toEqual({ covered: 12, all: 12 })
  })

  /** The least number of calls that show the mistake, by all sequences of calls. */
  function leastCalls(): number {
    for (let length = 1; ; length++) {
      for (let code = 0; code < 3 ** length; code++) {
        const [right, wrong] = [new Ring(), new Ring(true)]
        const sequence = Array.from({ length }, (_, index) => Math.floor(code / 3 ** index) % 3)
        let isDifferent = false
        for (const call of sequence) {
          if (call === 2 ? right.size === 0 : right.size === 2) break
          for (const ring of [right, wrong]) {
            if (call === 2) ring.take()
            else ring.put('ab'[call]!)
          }
          isDifferent ||= right.items.join() !== wrong.items.join()
        }
        if (isDifferent) return length
      }
    }
  }

  it.each(['cover', { walks: 20, steps: 60, seed: 4 }] as const)(
    'is found on paths %j, and the path shrinks to the shortest one',
    async (paths) => {
      const error = await failureOf(drive(queue, { ...ringDriver(true), paths }))
      expect(error.path).toHaveLength(leastCalls())
      expect(error.problem).toBe('observed')
      const again = await failureOf(drive(queue, { ...ringDriver(true), paths: { path: error.path } }))
      expect(again.path).toEqual(error.path)
      // The same path is a path of the spec.
      expect(await drive(queue, { ...ringDriver(false), paths: { path: error.path } })).toMatchObject({
        steps: error.path.length,
      })
    },
  )

  it('is shown with expected and observed values side by side, and the way to repeat it', async () => {
    const { message, steps } = await failureOf(drive(queue, ringDriver(true)))
    expect(message.split('\n')).toEqual([
      'the system does not follow "queue": it shows a state that the spec does not allow, at step 5, take',
      '',
      '     step         expected       observed',
      '  0  setup        items: []      items: []',
      '  1  put(item=a)  items: [a]     items: [a]',
      '  2  put(item=a)  items: [a, a]  items: [a, a]',
      '  3  take         items: [a]     → a · items: [a]',
      '  4  put(item=b)  items: [a, b]  items: [a, b]',
      '  5  take         items: [b]     → a · items: [a]  ← differs',
      '',
      '  items',
      '    expected  [b]',
      '    observed  [a]',
      '',
      '  again, with this option of drive:',
      "    paths: { path: ['put(item=a)', 'put(item=a)', 'take', 'put(item=b)', 'take'] }",
      '',
      expect.stringMatching(/^ {2}found in path 1 of the cover, at call \d+; runs to make it shorter: \d+$/),
    ])
    expect(steps[0]).toMatchObject({ call: 'setup', observed: { items: [] } })
  })

  it('shrinks to a path with other calls, if that is shorter', async () => {
    const State = schema({ n: range(0, 5) })
    const sums = spec({
      name: 'sums',
      model: () =>
        model(State, {
          init: State(),
          actions: {
            add: action({ k: range(1, 5) }, (s, { k }) => (s.n + k <= 5 ? s.set('n', s.n + k) : undefined)),
            check: (s) => s,
          },
        }),
    })
    const driver = {
      setup: () => ({ n: 0 }),
      actions: {
        add: (it: { n: number }, { k }: { k: number }) => void (it.n += k),
        check: (it: { n: number }) => void (it.n = it.n === 5 ? 4 : it.n),
      },
      observe: ({ n }: { n: number }) => ({ n }),
    }
    const paths = { path: ['add(k=1)', 'add(k=1)', 'add(k=1)', 'add(k=1)', 'add(k=1)', 'check'] }
    expect((await failureOf(drive(sums, { ...driver, paths }))).path).toEqual(paths.path)
    const { path } = await failureOf(drive(sums, { ...driver, paths: { walks: 50, steps: 9, seed: 1 } }))
    expect(path).toEqual(['add(k=5)', 'check'])
  })

  it('makes the same random walks for the same seed', async () => {
    const pathOf = async (seed: number): Promise<string> =>
      (await failureOf(drive(queue, { ...ringDriver(true), paths: { walks: 9, steps: 60, seed }, shrinks: 0 }))).message
    expect(await pathOf(7)).toBe(await pathOf(7))
    const [, walk] = /paths: (\{.*?\})/.exec((await pathOf(7)).split('found in')[1]!)!
    expect(walk).toMatch(/walks: 1, steps: 60, seed: \d+/)
    const seed = Number(/seed: (\d+)/.exec(walk!)![1])
    const alone = await failureOf(
      drive(queue, { ...ringDriver(true), paths: { walks: 1, steps: 60, seed }, shrinks: 0 }),
    )
    expect(await pathOf(7)).toBe(alone.message)
  })
})

const CacheState = schema({ disk: range(0, 3), cache: optional(range(0, 3)), lost: setOf(oneOf('x', 'y')) })

/** A disk with a cache that writes back by itself, and loses any of two files in a crash. */
const cache = spec({
  name: 'cache',
  model: () =>
    model(CacheState, {
      init: CacheState({ cache: null }),
      actions: {
        write: action({ n: range(1, 3) }, (s, { n }) => s.set('cache', n)),
        writeBack: (s) => (s.cache === null ? undefined : s.set('disk', s.cache).set('cache', null)),
        crash: (s) => anySubset(['x', 'y'] as const, (lost) => s.set('cache', null).set('lost', lost)),
      },
      deadlock: false,
    }),
})

interface Disk {
  disk: number
  cache: number | null
  lost: string[]
}

/** A disk that writes back after some calls. */
const diskDriver = (isLazy: (calls: number) => boolean) => {
  let calls = 0
  return {
    setup: (): Disk => ({ disk: 0, cache: null, lost: [] }),
    actions: {
      write: (disk: Disk, { n }: { n: number }) => {
        disk.cache = n
        if (isLazy(calls++)) return
        disk.disk = n
        disk.cache = null
      },
      crash: (disk: Disk, { lost }: { lost: ValueSet<string> }) => {
        disk.cache = null
        disk.lost = [...lost]
      },
    },
    // The cache is not observed.
    observe: ({ disk, lost }: Disk) => ({ disk, lost }),
    hidden: ['writeBack' as const],
    chosenByTest: ['crash' as const],
  } satisfies DriveOptions<Disk>
}

describe('a system that chooses', () => {
  it('may take hidden steps at any time', async () => {
    for (const isLazy of [() => true, () => false, (calls: number) => calls % 2 === 0]) {
      expect(await drive(cache, { ...diskDriver(isLazy), paths: { walks: 5, steps: 20, seed: 1 } })).toMatchObject({
        steps: 100,
      })
      await drive(cache, diskDriver(isLazy))
    }
  })

  it('may not take them if they are not allowed', async () => {
    const error = await failureOf(drive(cache, { ...diskDriver(() => false), hiddenSteps: 0 }))
    expect(error.message).toContain('at step 1, write(n=1)')
  })

  it('does not choose what the test chooses', async () => {
    const right = diskDriver(() => true)
    // 16 states; from each state three writes, and four crashes. The system decides which states there are.
    const { transitions } = await drive(cache, right)
    expect(transitions!.covered).toBeGreaterThan(50)
    const wrong = { ...right, actions: { ...right.actions, crash: (disk: Disk) => void (disk.lost = ['x']) } }
    const error = await failureOf(drive(cache, wrong))
    expect(error.path.at(-1)).toMatch(/^crash \{lost: /)
    // The system may choose what the test does not.
    await drive(cache, { ...wrong, chosenByTest: [] })
  })

  it('is followed to each successor that fits, and fails where none does', async () => {
    const State = schema({ n: range(0, 20), parity: oneOf('even', 'odd') })
    const dice = spec({
      name: 'dice',
      model: () =>
        model(State, {
          init: State(),
          actions: {
            roll: (s) =>
              anyOf(range(1, 3), (k) =>
                s.n + k > 20 ? undefined : s.set('n', s.n + k).set('parity', (s.n + k) % 2 === 0 ? 'even' : 'odd'),
              ),
          },
          deadlock: false,
        }),
    })
    const driver = (by: number) => ({
      setup: () => ({ n: 0 }),
      actions: { roll: (it: { n: number }) => void (it.n += by) },
      // Only the parity is observed, so there are several possible states.
      observe: ({ n }: { n: number }) => ({ parity: n % 2 === 0 ? 'even' : 'odd' }),
      results: {},
    })
    for (const by of [1, 2, 3]) await drive(dice, { ...driver(by), paths: { walks: 1, steps: 6, seed: 1 } })
    const seen = { ...driver(4), observe: ({ n }: { n: number }) => ({ n }) }
    expect((await failureOf(drive(dice, seen))).message).toContain('expected  1, or 2, or 3')
  })
})

describe('a call', () => {
  const right = ringDriver()

  it('that throws, or does not return in time, fails', async () => {
    const cause = new Error('disk full')
    const throwing = {
      ...right,
      actions: {
        ...right.actions,
        take: () => {
          throw cause
        },
      },
    }
    const error = await failureOf(drive(queue, throwing))
    expect(error).toMatchObject({ problem: 'threw', cause, path: ['put(item=a)', 'take'] })
    expect(error.message).toContain('take threw Error: disk full at step 2, take')
    const late = {
      ...right,
      actions: { ...right.actions, take: () => new Promise(() => {}) },
      timeoutMs: 5,
      shrinks: 0,
    }
    expect(await failureOf(drive(queue, late))).toMatchObject({ problem: 'late' })
  })

  it('must return what the spec says', async () => {
    const wrong = {
      ...right,
      actions: {
        ...right.actions,
        take: (ring: Ring) => {
          ring.take()
          return 'c'
        },
      },
    }
    const error = await failureOf(drive(queue, wrong))
    expect(error).toMatchObject({ problem: 'returned', path: ['put(item=a)', 'take'] })
    expect(error.message).toContain('  returned  c\n  expected  a\n')
  })

  it('may be refused where the spec does not allow it, and only there', async () => {
    const refusing = { ...right, actions: { ...right.actions, take: () => refused } }
    expect(await failureOf(drive(queue, refusing))).toMatchObject({
      problem: 'refused',
      path: ['put(item=a)', 'take'],
    })
    // The cache may have been written back just before, so that nothing is left to discard.
    const State = schema({ dirty: oneOf('no', 'yes') })
    const discardable = spec({
      name: 'discardable',
      model: () =>
        model(State, {
          init: State(),
          actions: {
            write: (s) => s.set('dirty', 'yes'),
            discard: (s) => (s.dirty === 'yes' ? s.set('dirty', 'no') : undefined),
            writeBack: (s) => (s.dirty === 'yes' ? s.set('dirty', 'no') : undefined),
          },
          deadlock: false,
        }),
    })
    const driver = {
      setup: () => ({}),
      actions: { write: () => {}, discard: () => refused },
      hidden: ['writeBack'] as const,
    }
    await drive(discardable, driver)
    // Without a refusal, the test makes only calls that each possible state allows.
    const strict = {
      ...driver,
      actions: {
        write: () => {},
        discard: () => {
          throw new Error('nothing to discard')
        },
      },
    }
    expect((await drive(discardable, strict)).notMade).toEqual(new Map([['discard', 1]]))
  })

  it('may be refused before a hidden step', async () => {
    const State = schema({ n: range(0, 1) })
    const tank = spec({
      name: 'tank',
      model: () =>
        model(State, {
          init: State(),
          actions: {
            put: (s) => (s.n === 0 ? s.set('n', 1) : undefined),
            fill: (s) => (s.n === 0 ? s.set('n', 1) : undefined),
            drain: (s) => (s.n === 1 ? s.set('n', 0) : undefined),
          },
          deadlock: false,
        }),
    })
    // The system is filled, refuses, and is drained before anybody looks.
    const driver = {
      setup: () => ({}),
      actions: { put: () => refused },
      observe: () => ({ n: 0 }),
      hidden: ['fill', 'drain'] as const,
    }
    await drive(tank, { ...driver, paths: { path: ['put'] } })
    const still = { ...driver, skip: ['drain'] as const, hidden: ['fill'] as const }
    expect(await failureOf(drive(tank, { ...still, paths: { path: ['put'] } }))).toMatchObject({ problem: 'observed' })
  })

  it('may come after a hidden step that nobody observed', async () => {
    const State = schema({ server: oneOf('booting', 'up') })
    const server = spec({
      name: 'server',
      model: () =>
        model(State, {
          init: State(),
          actions: { ping: (s) => s, boot: (s) => (s.server === 'booting' ? s.set('server', 'up') : undefined) },
          deadlock: false,
        }),
    })
    const driver = {
      setup: () => ({ server: 'booting' }),
      actions: { ping: (it: { server: string }) => (it.server = 'up') },
      observe: (it: { server: string }) => ({ server: it.server }),
      results: { ping: (before: ReturnType<typeof State>) => before.server },
      hidden: ['boot' as const],
    }
    await drive(server, driver)
    const wrong = { ...driver, actions: { ping: (it: { server: string }) => (it.server = 'down') } }
    expect(await failureOf(drive(server, wrong))).toMatchObject({ problem: 'returned', path: ['ping'] })
  })
})

describe('what a call returns', () => {
  const State = schema({ n: range(0, 1) })
  const one = spec({
    name: 'one',
    model: () => model(State, { init: State(), actions: { get: (s) => s }, deadlock: false }),
  })
  const driver = (expected: unknown, returned: unknown) => ({
    setup: () => ({}),
    actions: { get: () => returned },
    results: { get: () => expected },
  })
  const Pair = record({ a: range(0, 3), b: range(0, 3) })

  it.each([
    [
      [1, 2],
      [1, 2],
    ],
    [
      [1, [2, { a: 3 }]],
      [1, [2, { a: 3 }]],
    ],
    [{ value: [1] }, { value: [1] }],
    [[1, 2], List([1, 2])],
    [{ a: [1] }, ValueMap({ a: List([1]) })],
    [new Map([['a', [1]]]), { a: [1] }],
    [new Set([1, 2]), ValueSet([2, 1])],
    [List([[1], { a: 2 }]), [[1], { a: 2 }]],
    [
      List([1])
        .map((it) => ({ it }))
        .toSeq(),
      [{ it: 1 }],
    ],
    [ValueMap({ a: [1] }), { a: [1] }],
    [Pair({ a: 1, b: 2 }), { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, Pair({ a: 1, b: 2 })],
    [{ 1: ['a'] }, ValueMap([[1, List('a')]])],
    [ValueMap([[1, ['a']]]), { 1: ['a'] }],
    [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    [ValueSet([List([1]), List([2])]), [[2], [1]]],
    [new Set(), []],
    [Bag(['a', 'a']), ['a', 'a']],
    [undefined, undefined],
    [null, null],
  ])('agrees by content: %j', async (expected, returned) => {
    await drive(one, driver(expected, returned))
  })

  it.each([
    [{ value: 3 }, {}],
    [{ value: 3, other: 1 }, { value: 3 }],
    [{ value: 3 }, { value: 3, other: 1 }],
    [{ in: { value: 3 } }, { in: {} }],
    [ValueMap({ a: 1, b: 2 }), { a: 1 }],
    [Pair({ a: 1, b: 2 }), {}],
    [List([1, 2]), { size: 2 }],
    [ValueSet([1]), { 1: true }],
    [
      [1, 2],
      [2, 1],
    ],
    [[1, 2], [1]],
    [[{ a: 1 }], [{}]],
    [{ value: 3 }, { value: undefined }],
    [{ value: 3 }, undefined],
    [undefined, {}],
    [null, undefined],
    [[1, 2], new Set([1, 2])],
    [List([1, 2]), ValueSet([1, 2])],
    [new Set(), {}],
    [new Set(), undefined],
    [[], {}],
    [ValueSet([1]), [1, 1]],
    [{ a: 1 }, { b: 1 }],
    [{ 1: 'a' }, ValueMap([[2, 'a']])],
    [Bag(['a', 'a']), ['a']],
  ])('is compared as a whole: %j is not %j', async (expected, returned) => {
    expect(await failureOf(drive(one, driver(expected, returned)))).toMatchObject({ problem: 'returned' })
    const concurrent = driveConcurrently(one, { ...driver(expected, returned), runs: 1, calls: 1 })
    expect(await failureOf(concurrent)).toMatchObject({ problem: 'not-linearizable' })
  })

  it('cannot be judged if the function of results throws', async () => {
    const cause = new Error('no such field')
    const throwing = {
      ...driver(0, 0),
      results: {
        get: () => {
          throw cause
        },
      },
    }
    const error = await failureOf(drive(one, throwing))
    expect(error).toMatchObject({ problem: 'threw', cause, path: ['get'] })
    expect(error.message).toContain(
      'the test of "one" cannot judge the system: results.get threw Error: no such field at step 1, get',
    )
    const history = await failureOf(driveConcurrently(one, { ...throwing, runs: 1, calls: 1 }))
    expect(history).toMatchObject({ problem: 'threw', cause })
    expect(history.message).toMatch(
      /^the test of "one" cannot judge the system: results.get threw Error: no such field\n\n {2}client1/,
    )
  })
})

describe('the end of a system', () => {
  it('comes after each run, also after one that fails', async () => {
    let open = 0
    const counting = (isWrong: boolean) => ({
      ...ringDriver(isWrong),
      setup: () => {
        open++
        return new Ring(isWrong)
      },
      teardown: () => void open--,
    })
    await drive(queue, counting(false))
    expect(open).toBe(0)
    await failureOf(drive(queue, counting(true)))
    expect(open).toBe(0)
  })
})

describe('a system that the test does not call', () => {
  it('is set up and observed once', async () => {
    const State = schema({ n: range(0, 1) })
    const clock = spec({
      name: 'clock',
      model: () => model(State, { init: State(), actions: { tick: (s) => (s.n === 0 ? s.set('n', 1) : undefined) } }),
    })
    let open = 0
    const driver = (n: number) => ({
      setup: () => ++open,
      actions: {},
      observe: () => ({ n }),
      hidden: ['tick' as const],
      teardown: () => void open--,
    })
    expect(await drive(clock, driver(1))).toMatchObject({ paths: 1, steps: 0, transitions: { covered: 0, all: 0 } })
    expect(await failureOf(drive(clock, driver(2)))).toMatchObject({ problem: 'observed', path: [] })
    expect(open).toBe(0)
  })
})

describe('a mistake in the test', () => {
  const codeOf = async (options: object): Promise<string> => {
    const error: unknown = await drive(queue, { ...ringDriver(), ...options } as never).catch(
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof CheckerError)) throw new Error(`no CheckerError, but ${String(error)}`)
    return `${error.code} ${error.message}`
  }

  it.each([
    [{ actions: { put: () => {} } }, 'KR101 the test must say what becomes of the action "take"'],
    [{ hidden: ['take'] }, 'KR101 the action "take" must have one role'],
    [{ skip: ['tak'] }, 'KR102 spec "queue" has no action "tak"'],
    [{ observe: () => ({ item: [] }) }, 'KR102 spec "queue" has no variable "item"'],
    [{ observe: () => 3 }, 'KR101 observe must return variables by name, but returned 3'],
    [{ project: ['size'] }, 'KR102 spec "queue" has no variable "size"'],
    [{ paths: { walks: 0, steps: 1, seed: 1 } }, 'KR101 walks must be a positive integer, but is 0'],
    [{ paths: { walks: 1, steps: Number.NaN, seed: 1 } }, 'KR101 steps must be a positive integer, but is NaN'],
    [{ paths: { walks: 1, steps: 1, seed: Number.NaN } }, 'KR101 seed must be an integer, but is NaN'],
    [{ paths: { walks: 1, steps: 1 } }, 'KR101 seed must be an integer, but is undefined'],
    [{ paths: { walks: 1, steps: 1, seed: 1, sed: 2 } }, 'KR101 "sed" is not an option of paths'],
    [{ paths: 'random' }, 'KR101 paths must be a cover, random walks or a path, but is "random"'],
    [{ paths: { path: 'take' } }, 'KR101 path must be an array of calls, but is "take"'],
    [{ maxStates: 0 }, 'KR101 maxStates must be an integer from 1 on, but is 0'],
    [{ maxStates: Number.NaN }, 'KR101 maxStates must be an integer from 1 on, but is NaN'],
    [{ shrinks: -1 }, 'KR101 shrinks must be an integer from 0 on, but is -1'],
    [{ hiddenSteps: Number.NaN }, 'KR101 hiddenSteps must be an integer from 0 on, but is NaN'],
    [{ timeoutMs: Infinity }, 'KR101 timeoutMs must be a positive number up to 2147483647, but is Infinity'],
    [{ obsrve: () => ({}) }, 'KR101 "obsrve" is not an option'],
    [{ observe: { items: [] } }, 'KR101 observe must be a function, but is'],
    [{ setup: undefined }, 'KR101 setup must be a function, but is undefined'],
    [{ actions: undefined }, 'KR101 actions must be an object with a function for each action, but is undefined'],
    [{ actions: { put: 3 } }, 'KR101 actions.put must be a function, but is 3'],
    [{ results: { take: 'a' } }, 'KR101 results.take must be a function, but is "a"'],
    [{ hidden: 'take' }, 'KR101 hidden must be an array of names, but is "take"'],
    [
      { paths: { path: ['take'] } },
      'KR101 step 1 of the path must be a call that the spec allows there, but is "take"',
    ],
  ])('%o is an error', async (options, message) => {
    expect(await codeOf(options)).toContain(message)
  })

  it('such as no options is an error', async () => {
    await expect(drive(queue, undefined as never)).rejects.toThrow('the options must be an object, but are undefined')
  })

  it('in the first observation ends the system', async () => {
    let open = 0
    const counting = { setup: () => new Ring(open++ < 0), teardown: () => void open-- }
    expect(await codeOf({ ...counting, observe: () => ({ item: [] }) })).toContain('KR102')
    expect(open).toBe(0)
  })
})

describe('an observation', () => {
  const Key = members('key', 2)
  const State = schema({
    n: range(0, 3),
    byKey: mapOf(Key, range(0, 3)),
    keys: setOf(Key),
    both: setOf(Key),
    order: listOf(Key, 3),
    pair: record({ a: range(0, 3), b: optional(Key) }),
  })
  const state = State({
    n: 1,
    byKey: mapOf(Key, range(0, 3)).fill(2),
    keys: ValueSet(['key2']),
    both: ValueSet(['key1', 'key2']),
    order: List(['key1', 'key2']),
  }) as unknown as State

  it.each([
    [{}],
    [{ n: undefined }],
    [{ n: 1, byKey: { key1: 2 } }],
    [{ byKey: new Map([['key2', 2]]) }],
    [{ byKey: ValueMap({ key1: 2, key2: 2 }) }],
    [{ keys: ['key2'], both: ['key2', 'key1'] }],
    [{ keys: new Set(['key2']) }],
    [{ keys: { key2: true, key1: false }, order: { 1: 'key2', size: 2 } }],
    [{ keys: ValueSet(['key2']) }],
    [{ order: ['key1', 'key2'], pair: { a: 0 } }],
  ])('%j agrees', (observed) => {
    expect(differing(state, observed)).toEqual([])
  })

  it.each([
    [{ n: 2 }, 'n'],
    [{ n: '1' }, 'n'],
    [{ byKey: { key1: 2, key2: 1 } }, 'byKey'],
    [{ byKey: { key3: 2 } }, 'byKey'],
    [{ byKey: [2, 2] }, 'byKey'],
    [{ keys: [] }, 'keys'],
    [{ both: ['key1', 'key1'] }, 'both'],
    [{ keys: ['key1', 'key2'] }, 'keys'],
    [{ keys: ['key1'] }, 'keys'],
    [{ keys: { key1: true } }, 'keys'],
    [{ order: { 0: 'key2' } }, 'order'],
    [{ order: ['key2', 'key1'] }, 'order'],
    [{ order: ['key1'] }, 'order'],
    [{ order: ['key1', undefined] }, 'order'],
    [{ pair: { a: 0, b: 'key1' } }, 'pair'],
    [{ pair: null }, 'pair'],
  ])('%j differs in %s', (observed, name) => {
    expect(differing(state, observed)).toEqual([name])
  })
})
