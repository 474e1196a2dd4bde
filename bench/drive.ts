/**
 * Measures `kripke/drive` on bundled specs that run themselves: how many paths and calls a cover takes, and what that costs.
 *
 *     npm run bench:drive
 */
import { action, members, model, optional, schema, spec, type Spec } from 'kripke'
import { drive, driveConcurrently, refused, type Run } from 'kripke/drive'
import { driverOf } from '../test/support/driven-spec.ts'
import dieHard from '../specs/classic/die-hard.ts'
import diningPhilosophers from '../specs/classic/dining-philosophers.ts'
import peterson from '../specs/classic/peterson.ts'
import twoPhaseCommit from '../specs/classic/two-phase-commit.ts'
import spinlock from '../specs/kernel/spinlock.ts'
import writeAheadLog from '../specs/kernel/write-ahead-log.ts'
import unbind from '../specs/unbind.ts'

const SPECS: readonly (readonly [Spec, object])[] = [
  [dieHard, {}],
  [peterson, {}],
  [spinlock, {}],
  [diningPhilosophers, {}],
  [twoPhaseCommit, {}],
  [writeAheadLog, {}],
  [unbind, { maxStates: 500 }],
]

/** Milliseconds of processor time that some work takes. */
async function costOf<T>(work: () => Promise<T>): Promise<{ result: T; cpuMs: number }> {
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return { result, cpuMs: Math.round((user + system) / 1000) }
}

console.log('| spec | transitions | covered | paths | calls | CPU ms |')
console.log('| --- | --- | --- | --- | --- | --- |')
for (const [of, options] of SPECS) {
  const { result, cpuMs } = await costOf(() => drive(of, { ...driverOf(of), ...options }))
  const { spec: name, transitions, paths, steps, isSampled } = result
  const { all, covered } = transitions!
  console.log(`| ${name}${isSampled ? ' (500 states)' : ''} | ${all} | ${covered} | ${paths} | ${steps} | ${cpuMs} |`)
}

const Client = members('client', 2)
const State = schema({ holder: optional(Client) })
const lock = spec({
  name: 'lock',
  model: () =>
    model(State, {
      init: State({ holder: null }),
      actions: {
        acquire: action({ client: Client }, (s, { client }) =>
          s.holder === null ? s.set('holder', client) : undefined,
        ),
        release: action({ client: Client }, (s, { client }) =>
          s.holder === client ? s.set('holder', null) : undefined,
        ),
      },
    }),
})

for (const calls of [5, 50]) {
  const runs = 10_000 / calls
  const { result, cpuMs } = await costOf(() =>
    driveConcurrently(lock, {
      client: 'client',
      calls,
      runs,
      setup: ({ pause }: Run) => ({ holder: '', pause }),
      actions: {
        acquire: async (it, { client }) => {
          await it.pause()
          if (it.holder !== '') return refused
          it.holder = client as string
          return undefined
        },
        release: (it, { client }) => {
          if (it.holder !== client) return refused
          it.holder = ''
          return undefined
        },
      },
    }),
  )
  const perSecond = Math.round((runs / cpuMs) * 1000)
  console.log(
    `${calls} calls of 2 clients: ${perSecond} histories a second, ${result.configurations / runs} configurations each`,
  )
}
