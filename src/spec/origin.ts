/**
 * Where in the author's file something was written, for errors found only later.
 *
 * A stack trace is cheap to capture and dear to format, so it is kept as an `Error` and read on demand. Source maps, where
 * the process has them switched on, have by then turned the lines of compiled code into lines of the author's `.ts` file.
 */

/** Everything below this folder is Kripke, not the author. */
const OWN = new URL('..', import.meta.url).href
const FRAME = /^\s*at (?:.*\()?((?:file:\/\/)?\/[^()]*?|[A-Za-z]:\\[^()]*?):(\d+):(\d+)\)?$/

/** A place in a file, remembered unformatted. */
export type Origin = Error

/** Remembers the caller's place. */
export function here(): Origin {
  return new Error('origin')
}

/** The first place in `stack` that is the author's, as `path:line:column`; undefined if there is none. */
export function place(error: Error): string | undefined {
  for (const line of (error.stack ?? '').split('\n')) {
    const frame = FRAME.exec(line)
    if (frame === null) continue
    const file = frame[1]!
    const url = file.startsWith('file://') ? file : `file://${file}`
    if (url.startsWith(OWN) || url.includes('/node_modules/')) continue
    return `${decodeURI(file.replace(/^file:\/\//, ''))}:${frame[2]}:${frame[3]}`
  }
  return undefined
}
