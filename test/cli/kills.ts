/** Runs of `kripke check` that are killed at random moments, and then go on. */
import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { comparable } from '../support/comparable.ts'
import { ROOT } from './kripke.ts'

const MAIN = join(ROOT, 'dist/cli/main.js')

/** What a process printed, and its exit status; null if it was killed. */
interface Ended {
  readonly status: number | null
  readonly stdout: string
}

/** Runs the command, and kills it after so many milliseconds. */
function run(args: readonly string[], killedAfterMs: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, 'check', ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    const timer = killedAfterMs < Infinity ? setTimeout(() => child.kill('SIGKILL'), killedAfterMs) : undefined
    child.on('error', reject)
    child.on('close', (status) => {
      clearTimeout(timer)
      resolve({ status, stdout })
    })
  })
}

/** The exit status, and the document of `--json` without what depends on the process. */
function result({ status, stdout }: Ended): unknown {
  return { status, document: comparable(JSON.parse(stdout) as { readonly [name: string]: unknown }) }
}

/** One run to its end, with workers chosen anew for each process. */
export interface KilledRun {
  readonly expected: unknown
  readonly found: unknown
  /** Processes that were killed. */
  readonly kills: number
}

/**
 * Runs a check to its end in one process, and again in processes that are killed.
 *
 * @param args - the spec and its options
 * @param moments - milliseconds after which to kill one process after the other
 * @param kept - options of these processes only
 */
export async function runKilled(
  args: readonly string[],
  folder: string,
  moments: readonly number[],
  kept: readonly string[] = [],
): Promise<KilledRun> {
  rmSync(folder, { recursive: true, force: true })
  const expected = result(await run([...args, '--json', '--workers', '1'], Infinity))
  let kills = 0
  let isBegun = false
  for (const moment of [...moments, Infinity]) {
    const common = ['--workers', String(1 + (kills % 2)), '--every', '30ms', ...kept]
    const which = isBegun ? ['--resume', folder, ...common] : [...args, '--json', '--checkpoint', folder, ...common]
    const ended = await run(which, moment)
    if (ended.status !== null && ended.stdout !== '' && !ended.stdout.includes('"error"')) {
      return { expected, found: result(ended), kills }
    }
    if (ended.status === null) kills++
    // A process that was killed before it wrote its first manifest leaves nothing to go on from.
    isBegun = isBegun || existsSync(join(folder, 'manifest'))
    if (!isBegun) rmSync(folder, { recursive: true, force: true })
  }
  throw new Error('the last process printed no document')
}
