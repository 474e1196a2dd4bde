/** The standard streams of the command. */
import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { Output } from './output.ts'
import { data } from './supervisor/supervision.ts'

export const stdout: Output = new Output(1, data.stdout)
export const stderr: Output = new Output(2, data.stderr)

/** Redirects everything that specs print to standard error, because standard output is for results. */
export function redirectConsole(): void {
  const write = (chunk: unknown, _: unknown, done: () => void): void => {
    tryWrite(String(chunk))
    done()
  }
  globalThis.console = new Console(new Writable({ write, decodeStrings: false }))
}

/** Writes to standard error. If that fails there is nobody left to tell. */
export function tryWrite(text: string): void {
  try {
    stderr.write(text)
  } catch {
    // Nobody is left to tell.
  }
}
