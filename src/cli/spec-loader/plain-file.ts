/** Reads only regular files: opening a pipe without a writer waits, and a device may be endless. */
import { closeSync, constants, fstatSync, openSync, readFileSync, statSync, type Stats } from 'node:fs'

// Windows has no such flag.
const { O_RDONLY, O_NONBLOCK = 0 } = constants

/**
 * The content of a file.
 *
 * @param accepts - called before the file is read
 * @param flags - for opening the file, besides those for reading
 * @throws if it is not a regular file, is not accepted, or cannot be read
 */
export function readPlainFile(
  path: string,
  accepts: (found: Stats) => boolean = () => true,
  flags: number = 0,
): Buffer {
  // Look at the opened file, so that no other file can take its place before it is read.
  const file = openSync(path, O_RDONLY | O_NONBLOCK | flags)
  try {
    const found = fstatSync(file)
    if (!found.isFile() || !accepts(found)) throw new Error(`${path} is not a regular file`)
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}

/** Whether opening a path may wait, or reading it may never end: a pipe, a socket or a device. */
export function isEndless(path: string): boolean {
  try {
    const found = statSync(path)
    return !found.isFile() && !found.isDirectory()
  } catch {
    // The path does not exist, or is a link to itself. Opening it fails at once.
    return false
  }
}
