/** Commands that get contestants ready: run once, to their end, not part of what is measured. */
import { spawnSync } from 'node:child_process'

/** What a command prints on both streams, on one line at most; undefined if there is no such command. */
export function firstLine(command: string, ...args: readonly string[]): string | undefined {
  const { stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  return error === undefined ? `${stdout}${stderr}`.trim().split('\n')[0] : undefined
}

/**
 * Runs commands one after another in a folder.
 *
 * @returns the commands as one would type them, and the seconds they took
 * @throws {Error} if one of them fails, with what it printed
 */
export function prepare(folder: string, commands: readonly (readonly string[])[]) {
  const started = performance.now()
  for (const [command, ...args] of commands) {
    const { status, stdout, stderr } = spawnSync(command!, args, { cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`)
  }
  return { commands: commands.map((words) => words.join(' ')), seconds: (performance.now() - started) / 1000 }
}
