/** Runs the command line as a child process. */
import { spawn } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url))
const MAIN = join(ROOT, 'dist/cli/main.js')

export interface Result {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** A signal to send, and after how many milliseconds. */
  readonly kill?: { readonly signal: NodeJS.Signals; readonly afterMs: number }
}

/** Runs `kripke` with the arguments, in the project's root unless told otherwise. */
export function kripke(args: readonly string[], { cwd = ROOT, env, kill }: RunOptions = {}): Promise<Result> {
  requireFreshBuild()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...process.env, FORCE_COLOR: '', ...env } })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, stdout, stderr }))
    if (kill !== undefined) setTimeout(() => child.kill(kill.signal), kill.afterMs)
  })
}

/** Runs `kripke ... --json` and parses what it prints. */
export async function kripkeJson(
  args: readonly string[],
  options?: RunOptions,
): Promise<{ status: number | null; document: any }> {
  const { status, stdout } = await kripke([...args, '--json'], options)
  return { status, document: JSON.parse(stdout) }
}

/** The commands run what was built; a build older than its source would test something else. */
function requireFreshBuild(): void {
  const src = join(ROOT, 'src')
  const newest = Math.max(
    ...readdirSync(src, { recursive: true, encoding: 'utf8' }).map((path) => statSync(join(src, path)).mtimeMs),
  )
  const built = statSync(MAIN, { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (built < newest) throw new Error('dist is older than src: npm run build')
}
