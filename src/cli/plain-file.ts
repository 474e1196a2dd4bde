/** Reads regular files only: whoever opens a pipe that nobody writes to waits, and a device may have no end. */
import { closeSync, constants, fstatSync, openSync, readFileSync, statSync, type Stats } from 'node:fs'

// Windows has no such flag.
const { O_RDONLY, O_NONBLOCK = 0 } = constants

/**
 * The content of a file.
 *
 * @param accepts - asked before it is read
 * @param flags - to open it with, besides those for reading
 * @throws if it is not a regular file, is not accepted, or cannot be read
 */
export function readPlainFile(
  path: string,
  accepts: (found: Stats) => boolean = () => true,
  flags: number = 0,
): Buffer {
  // The file that is looked at is the one that is read, whatever takes its place meanwhile.
  const file = openSync(path, O_RDONLY | O_NONBLOCK | flags)
  try {
    const found = fstatSync(file)
    if (!found.isFile() || !accepts(found)) throw new Error(`${path} is not a file to read`)
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}

/** Whether opening a path may wait, or reading it never end: a pipe, a socket or a device. */
export function isEndless(path: string): boolean {
  try {
    const found = statSync(path)
    return !found.isFile() && !found.isDirectory()
  } catch {
    // It is not there, or a link to itself: whoever opens it is told at once.
    return false
  }
}
