/** Commands that prepare contestants. They run once to completion and are not measured. */
import { spawnSync } from 'node:child_process'

/** The first line that a command prints on either stream; undefined if the command does not exist. */
export function firstLine(command: string, ...args: readonly string[]): string | undefined {
  const { stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  return error === undefined ? `${stdout}${stderr}`.trim().split('\n')[0] : undefined
}

/**
 * Runs commands one after another in a folder.
 *
 * @returns the commands as typed by a user, and the seconds that they took
 * @throws {Error} if one of them fails, with its output
 */
export function prepare(folder: string, commands: readonly (readonly string[])[]) {
  const started = performance.now()
  for (const [command, ...args] of commands) {
    const { status, stdout, stderr } = spawnSync(command!, args, { cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`)
  }
  return { commands: commands.map((words) => words.join(' ')), seconds: (performance.now() - started) / 1000 }
}
