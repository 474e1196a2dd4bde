/** Runs the built command line in the project's root. */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'

const MAIN = resolve('dist/cli/main.js')

/** Exit statuses of a finished check, whatever its verdict; see docs/reference/commands.md. */
const ENDED = [0, 10, 11, 12, 13, 75]

/** The output of `kripke`, without colors. @throws {Error} if the command failed */
export async function kripke(args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run(args)
  if (!ENDED.includes(status ?? -1))
    throw new Error(`kripke ${args.join(' ')} ended with ${status}\n${stderr}${stdout}`)
  return stdout
}

/** The document that `kripke ... --json` prints. @throws as `kripke` does */
export async function kripkeJson<T>(args: readonly string[]): Promise<T> {
  return JSON.parse(await kripke([...args, '--json'])) as T
}

/** The columns of the sample outputs of the documentation. */
export const SAMPLE_COLUMNS = 80

/** What a user sees of a command in a folder: its results, or its error if it has none. */
export async function shownBy(args: readonly string[], cwd: string): Promise<string> {
  const { stdout, stderr } = await run(args, cwd, { COLUMNS: String(SAMPLE_COLUMNS) })
  return stdout || stderr
}

function run(
  args: readonly string[],
  cwd = '.',
  own: NodeJS.ProcessEnv = {},
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, FORCE_COLOR: '', NO_COLOR: '1', ...own }
    const child = spawn(process.execPath, [MAIN, ...args], { env, cwd })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, stdout, stderr }))
  })
}
