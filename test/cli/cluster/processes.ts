/** A NATS server, workers and checks as processes on the loopback interface. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { comparable } from '../../support/comparable.ts'
import { ROOT } from '../kripke.ts'

const MAIN = join(ROOT, 'dist/cli/main.js')
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin`

/** Whether this machine has a server. */
export const HAS_SERVER: boolean = spawnSync('nats-server', ['--version'], { env: { PATH } }).status === 0
if (!HAS_SERVER) process.stderr.write('tests of clusters are skipped: nats-server is not installed\n')

async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

/** Resolves when the process prints something that matches. */
async function printed(child: ChildProcess, pattern: RegExp): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let text = ''
    const look = (more: string): void => {
      text += more
      if (pattern.test(text)) resolve()
    }
    child.stderr!.setEncoding('utf8').on('data', look)
    child.stdout!.setEncoding('utf8').on('data', look)
    child.on('error', reject)
    child.on('close', () => reject(new Error(`the process ended: ${text}`)))
  })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  await new Promise((resolve) => {
    child.once('close', resolve)
  })
}

/** A check, and its result. */
export interface Checking {
  readonly child: ChildProcess
  /** Resolves when the check has printed an event of its progress. */
  readonly begun: Promise<void>
  readonly result: Promise<{ readonly status: number | null; readonly document: unknown }>
}

/** Runs `kripke check --ndjson`. */
export function checking(args: readonly string[]): Checking {
  const child = spawn(process.execPath, [MAIN, 'check', ...args, '--ndjson'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let hasBegun: () => void = () => {}
  const begun = new Promise<void>((resolve) => (hasBegun = resolve))
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    if (/"depth":([3-9]|\d\d)/.test(stdout)) hasBegun()
  })
  child.stderr.resume()
  const result = new Promise<{ status: number | null; document: unknown }>((resolve) => {
    child.on('close', (status) => {
      hasBegun()
      const last = stdout.trim().split('\n').at(-1)!
      const parsed = (last.startsWith('{') ? JSON.parse(last) : {}) as { [name: string]: unknown }
      resolve({ status, document: parsed['event'] === 'result' ? comparable(parsed) : parsed })
    })
  })
  return { child, begun, result }
}

/** A server with its data in a temporary folder, and workers. */
export class TestCluster {
  readonly port: number
  readonly #folder: string
  #server: ChildProcess | undefined
  readonly #workers = new Set<ChildProcess>()

  readonly #options: readonly string[]

  private constructor(port: number, folder: string, options: readonly string[]) {
    this.port = port
    this.#folder = folder
    this.#options = options
  }

  /** @param options - of the server, besides its address */
  static async start(workers: number, options?: readonly string[]): Promise<TestCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'kripke-nats-'))
    const cluster = new TestCluster(await freePort(), folder, options ?? ['-js', '-sd', folder])
    await cluster.startServer()
    for (let worker = 0; worker < workers; worker++) await cluster.startWorker()
    return cluster
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`
  }

  async startServer(): Promise<void> {
    const args = [...this.#options, '-a', '127.0.0.1', '-p', String(this.port)]
    this.#server = spawn('nats-server', args, { env: { PATH }, stdio: ['ignore', 'pipe', 'pipe'] })
    await printed(this.#server, /Server is ready/)
  }

  async killServer(): Promise<void> {
    this.#server!.kill('SIGKILL')
    await ended(this.#server!)
  }

  async startWorker(port = this.port): Promise<ChildProcess> {
    const args = [MAIN, 'cluster', 'work', '--nats', `nats://127.0.0.1:${port}`, '--memory', '1GiB']
    const worker = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#workers.add(worker)
    worker.on('close', () => this.#workers.delete(worker))
    await printed(worker, /runs the code of every spec/)
    return worker
  }

  /** Kills the worker that began first. */
  killWorker(): void {
    const [worker] = this.#workers
    worker!.kill('SIGKILL')
    this.#workers.delete(worker!)
  }

  async stop(): Promise<void> {
    for (const worker of this.#workers) worker.kill('SIGKILL')
    this.#server?.kill('SIGKILL')
    for (const worker of this.#workers) await ended(worker)
    if (this.#server !== undefined) await ended(this.#server)
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
