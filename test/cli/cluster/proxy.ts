/**
 * A proxy between a worker and a NATS server, which repeats and delays what the server delivers.
 *
 * It knows as much of the protocol as it needs: a line, and for MSG and HMSG a payload after it.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { randomFrom } from '../../support/simulated-network.ts'

const LINE_END = '\r\n'

export class FaultyProxy {
  port = 0
  /** Messages that were delivered twice. */
  repeated = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #random: () => number

  private constructor(serverPort: number, seed: number) {
    this.#random = randomFrom(seed)
    this.#server = createServer((client) => {
      const upstream = connect(serverPort, '127.0.0.1')
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket)
        socket.on('error', () => {})
        socket.on('close', () => {
          client.destroy()
          upstream.destroy()
        })
      }
      client.pipe(upstream)
      let rest: Buffer<ArrayBufferLike> = Buffer.alloc(0)
      upstream.on('data', (bytes: Buffer) => {
        rest = this.#deliver(Buffer.concat([rest, bytes]), client)
      })
    })
  }

  static async start(serverPort: number, seed: number): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(serverPort, seed)
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', resolve)
    })
    proxy.port = (proxy.#server.address() as { port: number }).port
    return proxy
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }

  /** Delivers whole frames. @returns the bytes that are not a whole frame yet */
  #deliver(bytes: Buffer<ArrayBufferLike>, client: Socket): Buffer<ArrayBufferLike> {
    for (;;) {
      const end = bytes.indexOf(LINE_END)
      if (end < 0) return bytes
      const line = bytes.subarray(0, end).toString()
      const [kind, subject = '', ...words] = line.split(' ')
      const payload = kind === 'MSG' || kind === 'HMSG' ? Number(words.at(-1)) + LINE_END.length : 0
      const size = end + LINE_END.length + payload
      if (bytes.length < size) return bytes
      const frame = bytes.subarray(0, size)
      bytes = bytes.subarray(size)
      // Only messages between nodes. The client itself deals with those of JetStream.
      const isFree = subject.startsWith('kripke.run.') && subject.includes('.to.')
      if (!isFree) client.write(frame)
      else this.#spoil(frame, client)
    }
  }

  #spoil(frame: Buffer, client: Socket): void {
    const copies = this.#random() < 0.3 ? 2 : 1
    this.repeated += copies - 1
    for (let copy = 0; copy < copies; copy++) {
      setTimeout(() => {
        if (!client.destroyed) client.write(frame)
      }, this.#random() * 30)
    }
  }
}
