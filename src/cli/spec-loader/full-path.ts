/** Paths of the command line, resolved from the current folder. */
import { resolve } from 'node:path'
import { noCurrentFolder } from '../../errors.ts'

/**
 * The absolute path that `path` names.
 *
 * @throws {CheckerError} KR105 if the current folder was removed, because the compiler and others that need it do not work then
 */
export function fullPath(path: string): string {
  try {
    return resolve(process.cwd(), path)
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException
    throw noCurrentFolder(code ?? message)
  }
}
