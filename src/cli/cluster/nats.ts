/** Connects to a NATS server. Its packages are optional, so they are loaded here and nowhere else. */
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { clusterFailed, fileFailed, packageMissing } from '../../errors.ts'

/** How long to try: the server may start at the same time. */
const CONNECT_MS = 3000
const RETRY_MS = 200

/** How to reach and to convince the server. */
export interface NatsOptions {
  readonly natsCreds?: string
  readonly tlsCa?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
}

export interface Nats {
  readonly connection: NatsConnection
  readonly jetstream: JetStreamClient
  readonly manager: JetStreamManager
}

/** @throws {CheckerError} KR107 if the packages are missing, KR105 for the files, KR113 if the server cannot be reached */
export async function connectNats(url: string, options: NatsOptions): Promise<Nats> {
  const { connect, credsAuthenticator } = await packages(import('@nats-io/transport-node'))
  const { jetstream, jetstreamManager } = await packages(import('@nats-io/jetstream'))
  const { natsCreds, tlsCa, tlsCert, tlsKey } = options
  const tls = {
    ...(tlsCa !== undefined && { ca: read(tlsCa) }),
    ...(tlsCert !== undefined && { cert: read(tlsCert) }),
    ...(tlsKey !== undefined && { key: read(tlsKey) }),
  }
  const authenticator = natsCreds === undefined ? undefined : credsAuthenticator(Buffer.from(read(natsCreds)))
  const untilMs = Date.now() + CONNECT_MS
  for (;;) {
    let connection: NatsConnection | undefined
    try {
      connection = await connect({
        servers: url,
        name: 'kripke',
        maxReconnectAttempts: -1,
        reconnectTimeWait: 200,
        ...(authenticator && { authenticator }),
        ...(Object.keys(tls).length > 0 && { tls }),
      })
      const manager = await jetstreamManager(connection, { checkAPI: true })
      return { connection, jetstream: jetstream(connection), manager }
    } catch (thrown) {
      await connection?.close()
      if (Date.now() < untilMs) {
        await setTimeout(RETRY_MS)
        continue
      }
      throw clusterFailed(
        `the NATS server at ${url}`,
        `it must answer and have JetStream, but ${messageOf(thrown)}`,
        'start one with nats-server -js, and check the URL and the credentials',
      )
    }
  }
}

async function packages<T>(imported: Promise<T>): Promise<T> {
  try {
    return await imported
  } catch {
    throw packageMissing(['@nats-io/transport-node', '@nats-io/jetstream'], 'a cluster', 'run without --cluster')
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    throw fileFailed('read', path, (thrown as NodeJS.ErrnoException).code ?? String(thrown))
  }
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message.toLowerCase() : String(thrown)
}
