/**
 * A lock server on a TCP port. A request is a line, `acquire NAME`, `release NAME` or `status`, and so is the answer: `granted`,
 * `released`, `refused`, or the name of the holder.
 */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

export interface ServerOptions {
  /** Writes a grant to an audit log, before the server grants it. */
  readonly audit: (client: string) => Promise<void>
  /** The mistake: the server does not check again after it has waited for the audit log. */
  readonly forgetsCheck?: boolean
}

export class LockServer {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #options: ServerOptions
  #holder: string | undefined

  constructor(options: ServerOptions) {
    this.#options = options
    this.#server = createServer((socket) => this.#serve(socket))
  }

  /** Listens on a free port of the loopback interface. @returns the port */
  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await once(this.#server, 'close')
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => {})
    createInterface(socket).on('line', (line) => {
      void this.#answer(line).then((answer) => socket.write(`${answer}\n`))
    })
  }

  async #answer(line: string): Promise<string> {
    const [request, client = ''] = line.split(' ')
    if (request === 'acquire') return (await this.#acquire(client)) ? 'granted' : 'refused'
    if (request === 'release') return this.#release(client) ? 'released' : 'refused'
    return this.#holder ?? 'none'
  }

  async #acquire(client: string): Promise<boolean> {
    if (this.#holder !== undefined) return false
    await this.#options.audit(client)
    if (this.#options.forgetsCheck !== true && this.#holder !== undefined) return false
    this.#holder = client
    return true
  }

  #release(client: string): boolean {
    if (this.#holder !== client) return false
    this.#holder = undefined
    return true
  }
}

/** A connection to the server. It sends one request after another. */
export class LockClient {
  readonly #socket: Socket
  readonly #answers: NodeJS.AsyncIterator<string>

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#answers = createInterface(socket)[Symbol.asyncIterator]()
  }

  static async connect(port: number): Promise<LockClient> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new LockClient(socket)
  }

  async ask(request: string): Promise<string> {
    this.#socket.write(`${request}\n`)
    const { value, done } = await this.#answers.next()
    if (done === true) throw new Error('the server closed the connection')
    return value
  }

  close(): void {
    this.#socket.destroy()
  }
}
