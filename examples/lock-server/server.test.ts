/**
 * Runs a lock server over real sockets against `lock.ts`: along every transition, and with two clients at once.
 *
 *     npx vitest run examples/lock-server
 *     MISTAKE=yes npx vitest run examples/lock-server    # fails, and shows how
 */
import { check } from 'kripke'
import { drive, driveConcurrently, DriveError, refused, type Run } from 'kripke/drive'
import { expect, it } from 'vitest'
import lock from './lock.ts'
import { LockClient, LockServer } from './server.ts'

/** A server, a connection for each client, and one that only observes. */
interface System {
  readonly server: LockServer
  readonly clients: { readonly [name: string]: LockClient }
  readonly observer: LockClient
}

const driverOf = (forgetsCheck: boolean) => ({
  setup: async ({ pause }: Run): Promise<System> => {
    // While the server waits for its audit log, it serves other clients. There the test decides who goes on.
    const server = new LockServer({ audit: pause, forgetsCheck })
    const port = await server.listen()
    const [client1, client2, observer] = [
      await LockClient.connect(port),
      await LockClient.connect(port),
      await LockClient.connect(port),
    ]
    return { server, clients: { client1, client2 }, observer }
  },
  actions: {
    acquire: async ({ clients }: System, { client }: { client: string }) =>
      (await clients[client]!.ask(`acquire ${client}`)) === 'granted' ? undefined : refused,
    release: async ({ clients }: System, { client }: { client: string }) =>
      (await clients[client]!.ask(`release ${client}`)) === 'released' ? undefined : refused,
  },
  observe: async ({ observer }: System) => {
    const holder = await observer.ask('status')
    return { holder: holder === 'none' ? null : holder }
  },
  teardown: async ({ server, clients, observer }: System) => {
    for (const client of [...Object.values(clients), observer]) client.close()
    await server.close()
  },
})

it('the spec holds', async () => {
  expect((await check(lock)).verdict).toBe('holds')
})

it('the server follows the spec, one request after another', async () => {
  expect((await drive(lock, driverOf(false))).transitions).toEqual({ covered: 4, all: 4 })
  // So does the one with the mistake: it takes two requests at once to see that.
  await drive(lock, driverOf(true))
})

it('the server is linearizable for two clients at once', async () => {
  const forgetsCheck = process.env['MISTAKE'] !== undefined
  const driven = await driveConcurrently(lock, { ...driverOf(forgetsCheck), client: 'client', runs: 50 })
  expect(driven.overlaps).toBeGreaterThan(50)
})

it('a server that forgets to check again is found', async () => {
  const error: unknown = await driveConcurrently(lock, { ...driverOf(true), client: 'client', runs: 50 }).catch(
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof DriveError)) throw new Error('not found')
  expect(error.problem).toBe('not-linearizable')
  // One request of each client is enough: both are granted.
  expect(error.message).toContain('calls: 1, runs: 1')
  expect(error.message).toContain('it failed again')
})
