/**
 * Places in the author's file, for errors that are found later.
 *
 * Capturing a stack trace is cheap, but formatting it is expensive. So a place is stored as an `Error` and formatted on
 * demand. If source maps are enabled, the lines then refer to the author's `.ts` file.
 */

/** Files below this folder belong to Kripke, not to the author: `src`, or the folder of the bundle. */
const OWN = new URL(import.meta.url.endsWith('.ts') ? '..' : '.', import.meta.url).href
const FRAME = /^\s*at (?:.*\()?((?:file:\/\/)?\/[^()]*?|[A-Za-z]:\\[^()]*?):(\d+):(\d+)\)?$/

/** A place in a file, not formatted yet. */
export type Origin = Error

/** The place of the caller. */
export function here(): Origin {
  return new Error('origin')
}

/** The first place in `stack` in the author's files, as `path:line:column`; undefined if there is none. */
export function place(error: Error): string | undefined {
  const frame = authorFrame(error)
  return frame && `${decodeURI(frame.url.slice('file://'.length))}:${frame.position}`
}

/** The URL of the first of the author's files in `stack`. If source maps are enabled, it can be a file that did not run. */
export function fileOf(error: Error): string | undefined {
  return authorFrame(error)?.url
}

function authorFrame(error: Error): { readonly url: string; readonly position: string } | undefined {
  for (const line of (error.stack ?? '').split('\n')) {
    const frame = FRAME.exec(line)
    if (frame === null) continue
    const file = frame[1]!
    const url = file.startsWith('file://') ? file : `file://${file}`
    if (url.startsWith(OWN) || url.includes('/node_modules/')) continue
    return { url, position: `${frame[2]}:${frame[3]}` }
  }
  return undefined
}
