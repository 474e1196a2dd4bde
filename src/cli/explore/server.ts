/**
 * The server of `kripke explore`: it serves the page, and answers its requests.
 *
 * Spec code and expressions of the page run on this machine as the user. So nobody else may ask: the server listens on the loopback interface
 * alone, refuses a foreign `Host` or `Origin`, which DNS rebinding and other sites would send, and wants the token that is in the
 * address of the page.
 */
import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CheckerError } from '../../errors.ts'
import { errorOf } from './errors.ts'
import { TOKEN_HEADER } from './protocol.ts'

const HOST = '127.0.0.1'

/** Names by which a page on this machine may call the server. */
const NAMES = [HOST, 'localhost']

/** A request has a path and a few constants. */
const MAX_BODY_BYTES = 2 ** 20

/** A page may load what this server serves, and nothing else. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** A file of the page. */
export interface Asset {
  readonly type: string
  readonly content: string | Uint8Array
}

export interface ServerOptions {
  readonly port: number
  readonly token: string
  /** Files by path; `/` is the page itself. */
  readonly assets: ReadonlyMap<string, Asset>
  /**
   * The answer to a request as JSON.
   *
   * @param signal - aborts when the client closes the connection
   * @throws {CheckerError}
   */
  answer(name: string, body: unknown, signal: AbortSignal): object | Promise<object>
}

/** A server that listens. */
export interface ExploreServer {
  /** The address of the page, with the token. */
  readonly address: string
  readonly port: number
  close(): Promise<void>
}

/** A request that the server refuses. */
class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Starts a server. @throws the error of the system if the port cannot be used */
export async function startServer({ port, token, assets, answer }: ServerOptions): Promise<ExploreServer> {
  const server = createServer((request, response) => {
    void respond(request, response).catch(() => response.destroy())
  })
  const own = await listen(server, port)

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      requireOwnPage(request, own)
      const { pathname, searchParams } = new URL(request.url ?? '/', `http://${HOST}`)
      if (request.method === 'POST') {
        requireToken(request.headers[TOKEN_HEADER], token)
        const name = /^\/api\/([a-z]+)$/.exec(pathname)?.[1]
        if (name === undefined) throw new Refusal(404, 'the server does not know this request')
        const closed = closing(response)
        sendJson(response, 200, await answer(name, await bodyOf(request), closed))
        return
      }
      if (request.method !== 'GET' && request.method !== 'HEAD') throw new Refusal(405, 'only GET and POST are known')
      if (pathname === '/') requireToken(searchParams.get('token') ?? undefined, token)
      const asset = assets.get(pathname)
      if (asset === undefined) throw new Refusal(404, 'the server does not have this page')
      send(response, 200, asset.type, request.method === 'HEAD' ? '' : asset.content)
    } catch (thrown) {
      sendError(response, thrown)
    }
  }

  return {
    port: own,
    address: `http://${HOST}:${own}/?token=${token}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The port on which the server listens, which the system chooses for port 0. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => resolve((server.address() as AddressInfo).port))
  })
}

/** The first port after `port` on which a server could listen; undefined if there is none nearby. */
export async function nextFreePort(port: number): Promise<number | undefined> {
  for (let next = port + 1; next <= Math.min(port + 100, 65_535); next++) {
    const probe = createServer()
    try {
      await listen(probe, next)
      return next
    } catch {
      continue
    } finally {
      probe.close()
    }
  }
  return undefined
}

/** @throws {Refusal} for a request that another site made, or that reached this server by another name */
function requireOwnPage({ headers }: IncomingMessage, port: number): void {
  const hosts = NAMES.map((name) => `${name}:${port}`)
  if (!hosts.includes(headers.host ?? '')) throw new Refusal(403, 'this server answers only to its own address')
  const { origin } = headers
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) {
    throw new Refusal(403, 'this server answers only to its own pages')
  }
}

/** @throws {Refusal} if the token is not the right one */
function requireToken(given: string | readonly string[] | undefined, token: string): void {
  const [one, other] = [Buffer.from(typeof given === 'string' ? given : ''), Buffer.from(token)]
  if (one.length === other.length && timingSafeEqual(one, other)) return
  throw new Refusal(403, 'the token is missing or wrong: open the address that kripke explore printed')
}

/** Aborts when the client closes the connection before it has its answer. */
function closing(response: ServerResponse): AbortSignal {
  const closed = new AbortController()
  response.once('close', () => closed.abort())
  return closed.signal
}

/** The body of a request, parsed. @throws {Refusal} */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
    throw new Refusal(415, 'the body must be JSON')
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) throw new Refusal(413, 'the body is too large')
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new Refusal(400, 'the body must be JSON, but is not')
  }
}

function sendError(response: ServerResponse, thrown: unknown): void {
  if (thrown instanceof Refusal)
    return sendJson(response, thrown.status, { error: { code: 'KR101', message: thrown.message } })
  if (thrown instanceof CheckerError) return sendJson(response, 422, { error: errorOf(thrown) })
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  sendJson(response, 500, { error: { code: 'KR901', message } })
}

function sendJson(response: ServerResponse, status: number, document: object): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(document))
}

function send(response: ServerResponse, status: number, type: string, content: string | Uint8Array): void {
  if (response.headersSent) return void response.destroy()
  response.writeHead(status, {
    'content-type': type,
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  })
  response.end(content)
}
