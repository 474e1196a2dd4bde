/**
 * Runs the command line: as a function of this process in `npm test`, as a process of its own in `npm run test:all`.
 *
 * The function is the built one, so both run specs with the same `kripke` and `immutable`.
 */
// Remembers the folder in which it is loaded, and starts its process there: that must not be one that a test removes.
import 'esbuild'
import { spawn } from 'node:child_process'
import { readdirSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
// The global one throws while a spec function runs.
import { setImmediate } from 'node:timers'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { main as Main } from '../../src/cli/command-line.ts'
import { ALL } from '../support/amount.ts'

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url))
const MAIN = join(ROOT, 'dist/cli/main.js')
const COMMAND_LINE = join(ROOT, 'dist/cli/command-line.mjs')

export interface Result {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** A signal to send once the command has printed this to standard error. */
  readonly kill?: { readonly signal: NodeJS.Signals; readonly after: RegExp }
  /** The descriptor of the file that gets standard output. */
  readonly stdout?: number
  /** Kills a process after so many milliseconds. It then has no exit status. A function runs to its end. */
  readonly timeout?: number
}

/** Runs `kripke` with the arguments, in the project's root unless told otherwise. */
export const kripke: (args: readonly string[], options?: RunOptions) => Promise<Result> = ALL
  ? kripkeProcess
  : kripkeFunction

/** Runs `kripke ... --json` and parses what it prints. */
export async function kripkeJson(
  args: readonly string[],
  options?: RunOptions,
): Promise<{ status: number | null; document: any }> {
  const { status, stdout } = await kripke([...args, '--json'], options)
  return { status, document: JSON.parse(stdout) }
}

/** Runs `kripke` as a process of its own, for what no function can show: signals, pipes, a function that does not return. */
export function kripkeProcess(
  args: readonly string[],
  { cwd = ROOT, env, kill, stdout: file, timeout }: RunOptions = {},
): Promise<Result> {
  requireFreshBuild()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd,
      env: { ...process.env, FORCE_COLOR: '', NO_COLOR: '', ...env },
      stdio: ['ignore', file ?? 'pipe', 'pipe'],
      timeout,
      killSignal: 'SIGKILL',
    })
    let stdout = ''
    let stderr = ''
    let isSent = false
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      if (isSent || kill?.after.test(stderr) !== true) return
      isSent = true
      child.kill(kill.signal)
    })
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, stdout, stderr }))
  })
}

/** A folder for compiled specs. Without it, most of the time would go to compiling. */
const { KRIPKE_TEST_CACHE: CACHE = 'off' } = process.env

async function kripkeFunction(
  args: readonly string[],
  { cwd = ROOT, env, kill, stdout: file }: RunOptions = {},
): Promise<Result> {
  requireFreshBuild()
  const { main } = (await import(pathToFileURL(COMMAND_LINE).href)) as { main: typeof Main }
  const asked = new AbortController()
  let stdout = ''
  let stderr = ''
  const sink = (write: (text: string) => void) => ({ isTTY: false, columns: 0, write })
  const restore = enter(cwd, { FORCE_COLOR: '', NO_COLOR: '', KRIPKE_CACHE: CACHE, ...env })
  try {
    const status = await main(args, {
      stdout: sink((text) => {
        if (file !== undefined) writeSync(file, text)
        stdout += text
      }),
      stderr: sink((text) => {
        stderr += text
        // A signal arrives between two pieces of work, too.
        if (kill?.after.test(stderr) === true) setImmediate(() => asked.abort(kill.signal))
      }),
      signal: asked.signal,
    })
    return { status, stdout, stderr }
  } finally {
    restore()
  }
}

/** Changes folder and environment of this process. @returns a function that changes them back */
function enter(folder: string, env: NodeJS.ProcessEnv): () => void {
  const before = process.cwd()
  const known = Object.keys(env).map((name) => [name, process.env[name]] as const)
  process.chdir(folder)
  Object.assign(process.env, env)
  return () => {
    process.chdir(before)
    for (const [name, value] of known) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}

let isFresh = false

/** The commands run what was built; a build older than its source would test something else. */
function requireFreshBuild(): void {
  if (isFresh) return
  const src = join(ROOT, 'src')
  const newest = Math.max(
    ...readdirSync(src, { recursive: true, encoding: 'utf8' }).map((path) => statSync(join(src, path)).mtimeMs),
  )
  const built = statSync(MAIN, { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (built < newest) throw new Error('dist is older than src: npm run build')
  isFresh = true
}
