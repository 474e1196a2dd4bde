/**
 * The token of the explorer: whoever has it may run spec code and expressions.
 *
 * It is kept in the user's cache, readable by the user alone, so that a link leads back after the command was started again.
 * Without a cache, each run makes another one.
 */
import { randomBytes } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { join } from 'node:path'
import { isOurs } from '../spec-loader/cache-folder.ts'
import { CacheFiles } from '../spec-loader/cache-files.ts'
import { readPlainFile } from '../spec-loader/plain-file.ts'

const NAME = 'explore-token'
const BYTES = 24
const PATTERN = /^[\w-]{32}$/

/** Windows has no such flag. */
const { O_NOFOLLOW = 0 } = constants

export function ownToken(): string {
  const files = CacheFiles.open()
  const kept = files && read(join(files.folder, NAME))
  if (kept !== undefined) return kept
  const token = randomBytes(BYTES).toString('base64url')
  try {
    files?.write(NAME, token)
  } catch {
    // Links then lead back as long as the command runs.
  }
  return token
}

function read(path: string): string | undefined {
  try {
    const text = readPlainFile(path, isSecret, O_NOFOLLOW).toString()
    return PATTERN.test(text) ? text : undefined
  } catch {
    return undefined
  }
}

/** Whether only the user can read a file. Windows guards the user's folders by itself. */
function isSecret(found: Stats): boolean {
  return isOurs(found) && (process.getuid === undefined || (found.mode & 0o077) === 0)
}
