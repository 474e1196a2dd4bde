/** The standard streams of the command. */
import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { Output, type TextSink } from './output.ts'

const nowhere: TextSink = { isTTY: false, columns: 0, write: () => {} }

/** Standard output of the command that runs. */
export let stdout: Output = new Output(nowhere)
/** Standard error of the command that runs. */
export let stderr: Output = new Output(nowhere)

/** Sends what a command prints to these streams from now on. */
export function useStreams(streams: { readonly stdout: TextSink; readonly stderr: TextSink }): void {
  stdout = new Output(streams.stdout)
  stderr = new Output(streams.stderr)
}

/**
 * Redirects everything that specs print to standard error, because standard output is for results.
 *
 * @returns a function that ends this
 */
export function redirectConsole(): () => void {
  const before = globalThis.console
  const write = (chunk: unknown, _: unknown, done: () => void): void => {
    tryWrite(String(chunk))
    done()
  }
  globalThis.console = new Console(new Writable({ write, decodeStrings: false }))
  return () => {
    globalThis.console = before
  }
}

/** Writes to standard error. If that fails there is nobody left to tell. */
export function tryWrite(text: string): void {
  try {
    stderr.write(text)
  } catch {
    // Nobody is left to tell.
  }
}
