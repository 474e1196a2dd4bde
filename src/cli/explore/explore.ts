/** Serves the page of `kripke explore`. */
import { readFileSync } from 'node:fs'
import { badOption } from '../../errors.ts'
import type { Given } from '../commands/options.ts'
import { readTrace } from '../commands/read-trace.ts'
import { HOLDS } from '../exit-status.ts'
import { defaultMemory } from '../memory.ts'
import { stdout } from '../streams.ts'
import { listenForInterrupt } from '../supervisor/interrupt.ts'
import { postToSupervisor } from '../supervisor/supervision.ts'
import { answer } from './answers/answers.ts'
import { Reloading, loadWatched } from './reloading.ts'
import { nextFreePort, startServer, type Asset, type ExploreServer } from './server.ts'
import { Session } from './session.ts'
import { startOf } from './start.ts'
import { ownToken } from './token.ts'

/** Where `build.mjs` puts the page. */
const PAGE = new URL('../explore/', import.meta.url)

/** The options of the command, as the user gives them. */
export interface ExploreOptions {
  readonly constant: Given
  readonly port: number
  /** The file of a trace to open. */
  readonly trace?: string
  /** The property of which to open the trace. */
  readonly property?: string
}

/** Serves the page until the user ends the command. @returns the exit status */
export async function explore(path: string, options: ExploreOptions): Promise<number> {
  const { constant, port, trace, property } = options
  if (trace !== undefined && property !== undefined)
    throw badOption('--property must not be given with --trace, which names a property itself', 'give only one of them')
  const recorded = trace === undefined ? undefined : await readTrace(trace)
  const loaded = await loadWatched(path)
  const session = new Session(loaded, path, defaultMemory())
  const start = startOf(session, { constant, property, recorded })
  const interrupt = listenForInterrupt()
  postToSupervisor({ kind: 'serving' })
  const server = await serve(session, port)
  const reloading = new Reloading(session, loaded)
  stdout.write(`${loaded.spec.name}: open ${server.address}${start === '#' ? '' : start}\nPress Ctrl-C to end.\n`)
  await new Promise<void>((resolve) => {
    if (interrupt.signal.aborted) resolve()
    interrupt.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  reloading.close()
  await Promise.all([server.close(), session.close()])
  return HOLDS
}

/** @throws {CheckerError} KR101 if the port is in use or may not be used */
async function serve(session: Session, wanted: number): Promise<ExploreServer> {
  try {
    return await startServer({
      port: wanted,
      token: ownToken(),
      assets: assets(),
      answer: (...request) => answer(session, ...request),
    })
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw thrown
    const next = await nextFreePort(Math.max(wanted, 1024))
    const reason = code === 'EADDRINUSE' ? 'is in use' : 'may not be used'
    throw badOption(
      `port ${wanted} ${reason}`,
      next === undefined ? 'choose another one: --port' : `choose another one: --port ${next}`,
    )
  }
}

function assets(): ReadonlyMap<string, Asset> {
  const asset = (name: string, type: string): Asset => ({
    type: `${type}; charset=utf-8`,
    content: readFileSync(new URL(name, PAGE)),
  })
  return new Map([
    ['/', asset('index.html', 'text/html')],
    ['/app.js', asset('app.js', 'text/javascript')],
    ['/layout.js', asset('layout.js', 'text/javascript')],
    ['/app.css', asset('app.css', 'text/css')],
  ])
}
