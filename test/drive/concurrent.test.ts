import { action, members, model, optional, range, schema, spec } from 'kripke'
import { driveConcurrently, DriveError, refused, type Run } from 'kripke/drive'
import { describe, expect, it } from 'vitest'
import { recordHistory } from '../../src/drive/history.ts'

const Client = members('client', 2)
const LockState = schema({ holder: optional(Client) })

const lock = spec({
  name: 'lock',
  model: () =>
    model(LockState, {
      init: LockState({ holder: null }),
      actions: {
        acquire: action({ client: Client }, (s, { client }) =>
          s.holder === null ? s.set('holder', client) : undefined,
        ),
        release: action({ client: Client }, (s, { client }) =>
          s.holder === client ? s.set('holder', null) : undefined,
        ),
      },
      deadlock: false,
    }),
})

/** A lock that pauses between its test and its write. With the mistake, it does not test again. */
class Lock {
  holder: string | null = null
  readonly pause: () => Promise<void>
  readonly isWrong: boolean

  constructor(pause: () => Promise<void>, isWrong: boolean) {
    this.pause = pause
    this.isWrong = isWrong
  }

  async acquire(client: string): Promise<boolean> {
    if (this.holder !== null) return false
    await this.pause()
    if (!this.isWrong && this.holder !== null) return false
    this.holder = client
    return true
  }

  release(client: string): boolean {
    if (this.holder !== client) return false
    this.holder = null
    return true
  }
}

const lockDriver = (isWrong: boolean) => ({
  setup: ({ pause }: { pause: () => Promise<void> }) => new Lock(pause, isWrong),
  actions: {
    acquire: async (it: Lock, { client }: { client: string }) => ((await it.acquire(client)) ? undefined : refused),
    release: (it: Lock, { client }: { client: string }) => (it.release(client) ? undefined : refused),
  },
  observe: ({ holder }: Lock) => ({ holder }),
  client: 'client',
})

async function failureOf(run: Promise<unknown>): Promise<DriveError> {
  const error: unknown = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof DriveError)) throw new Error(`no DriveError, but ${String(error)}`)
  return error
}

describe('concurrent clients', () => {
  it('pass if each history is linearizable', async () => {
    const driven = await driveConcurrently(lock, { ...lockDriver(false), runs: 200 })
    expect(driven).toMatchObject({ spec: 'lock', runs: 200, calls: 2000 })
    expect(driven.overlaps).toBeGreaterThan(200)
  })

  it('find a race, the same one for the same seed, in a smallest history', async () => {
    const error = await failureOf(driveConcurrently(lock, lockDriver(true)))
    expect(error.problem).toBe('not-linearizable')
    expect(error.message.split('\n').slice(0, 9)).toEqual([
      'the system does not follow "lock": no order of these calls explains what they returned',
      '',
      '  client1           client2',
      expect.stringMatching(/^ {2}acquire\(client1\)$|^ {20}acquire\(client2\)$/),
      expect.stringMatching(/^ {2}acquire\(client1\)$|^ {20}acquire\(client2\)$/),
      expect.stringMatching(/^ +→$/),
      expect.stringMatching(/^ +→$/),
      '',
      expect.stringMatching(/^ {2}longest order that fits {2}acquire\(client.\)$/),
    ])
    expect(error.message).toContain('it failed again')
    const [, calls, seed] = /calls: (\d+), runs: 1, seed: (\d+)/.exec(error.message)!
    const again = await failureOf(
      driveConcurrently(lock, { ...lockDriver(true), calls: Number(calls), runs: 1, seed: Number(seed) }),
    )
    expect(again.message.split('\n').slice(0, 12)).toEqual(error.message.split('\n').slice(0, 12))
    expect((await failureOf(driveConcurrently(lock, lockDriver(true)))).message).toBe(error.message)
  })

  it('go on one at a time if the system pauses', async () => {
    let [running, most] = [0, 0]
    const call = async (pause: () => Promise<void>): Promise<void> => {
      for (let times = 0; times < 2; times++) {
        running++
        await Promise.resolve()
        most = Math.max(most, running--)
        await pause()
      }
    }
    const driver = { setup: ({ pause }: Run) => pause, actions: { call } }
    const calls = [{ name: 'call', action: 'call', bindings: {} }]
    const clients = new Map(['one', 'two', 'three'].map((client) => [client, calls]))
    for (let seed = 1; seed <= 20; seed++) await recordHistory(driver, clients, 4, seed)
    expect(most).toBe(1)
  })

  it('overlap without pauses too', async () => {
    const driver = lockDriver(false)
    const { overlaps } = await driveConcurrently(lock, { ...driver, setup: () => new Lock(async () => {}, false) })
    expect(overlaps).toBeGreaterThan(100)
    await failureOf(driveConcurrently(lock, { ...driver, setup: () => new Lock(async () => {}, true) }))
  })

  it('compare what is observed at the end', async () => {
    const driver = { ...lockDriver(false), observe: () => ({ holder: 'client1' }) }
    const error = await failureOf(driveConcurrently(lock, driver))
    expect(error.message).toContain('observed at the end')
  })

  const CounterState = schema({ n: range(0, 30) })
  const counter = spec({
    name: 'counter',
    model: () =>
      model(CounterState, {
        init: CounterState(),
        actions: { next: (s) => (s.n < 30 ? s.set('n', s.n + 1) : undefined) },
        deadlock: false,
      }),
  })
  const counterDriver = (next: (counter: { n: number }) => unknown) => ({
    setup: ({ pause }: { pause: () => Promise<void> }) => ({ n: 0, pause }),
    actions: { next },
    results: { next: (_: unknown, __: object, after: ReturnType<typeof CounterState>) => after.n },
    clients: 3,
  })

  it('compare results, of clients without a parameter', async () => {
    const right = counterDriver((it) => ++it.n)
    expect(await driveConcurrently(counter, { ...right, calls: 4, runs: 30 })).toMatchObject({ calls: 360 })
    const wrong = {
      ...counterDriver(() => 0),
      actions: {
        next: async (it: { n: number; pause: () => Promise<void> }) => {
          const { n } = it
          await it.pause()
          return (it.n = n + 1)
        },
      },
    }
    const { message } = await failureOf(driveConcurrently(counter, wrong))
    expect(message).toMatch(/does not fit after it {4}next → 1/)
  })

  it('fail if a call throws or does not return', async () => {
    const throwing = counterDriver(() => {
      throw new Error('gone')
    })
    const error = await failureOf(driveConcurrently(counter, throwing))
    expect(error).toMatchObject({ problem: 'threw', cause: new Error('gone') })
    const stuck = { ...counterDriver(() => new Promise(() => {})), timeoutMs: 5, calls: 1 }
    expect(await failureOf(driveConcurrently(counter, stuck))).toMatchObject({ problem: 'late' })
  })

  it.each([
    [{ client: 'owner' }, 'the action "acquire" must have the parameter "owner"'],
    [{ clients: 0 }, 'clients must be a positive integer, but is 0'],
    [{ runs: 0.5 }, 'runs must be a positive integer, but is 0.5'],
    [{ seed: Number.NaN }, 'seed must be an integer, but is NaN'],
    [{ obsrve: () => ({}) }, '"obsrve" is not an option'],
    [{ chosenByTest: ['acquire'] }, '"chosenByTest" is not an option'],
    [{ setup: undefined }, 'setup must be a function, but is undefined'],
    [{ actions: {}, skip: ['acquire', 'release'] }, 'actions is empty'],
  ])('are refused with %j', async (options, message) => {
    await expect(driveConcurrently(lock, { ...lockDriver(false), ...options } as never)).rejects.toThrow(message)
  })
})
