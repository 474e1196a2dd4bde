/** The folder of compiled specs. What lies in it is run, so it must be nobody else's to write to. */
import { mkdirSync, statSync, type Stats } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'

/** The folder, made if need be; undefined if `KRIPKE_CACHE` is `off`, or there can be none that is the user's alone. */
export function cacheFolder(): string | undefined {
  const { KRIPKE_CACHE: wanted = '' } = process.env
  if (wanted === 'off') return undefined
  try {
    const folder = wanted === '' ? customaryFolder() : resolve(wanted)
    if (folder === undefined) return undefined
    makeFolders(folder)
    const made = statSync(folder)
    return made.isDirectory() && isOurs(made) ? folder : undefined
  } catch {
    return undefined
  }
}

/** Whether a file or folder is the user's, and only the user may write to it. Windows guards the user's folders by itself. */
export function isOurs({ uid, mode }: Stats): boolean {
  const user = process.getuid?.()
  return user === undefined || (uid === user && (mode & 0o022) === 0)
}

/** The folder of all caches on this system; undefined for a user without a home. */
function customaryFolder(): string | undefined {
  const { XDG_CACHE_HOME = '', LOCALAPPDATA = '' } = process.env
  // The XDG specification has a path that is not absolute ignored.
  if (isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'kripke')
  if (process.platform === 'win32' && isAbsolute(LOCALAPPDATA)) return join(LOCALAPPDATA, 'kripke', 'Cache')
  const home = homedir()
  // Accounts without a home name a folder that does not exist. Kripke must not create it.
  if (!isAbsolute(home) || !isFolder(home)) return undefined
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches', 'kripke')
  if (process.platform === 'win32') return join(home, 'AppData', 'Local', 'kripke', 'Cache')
  return join(home, '.cache', 'kripke')
}

/**
 * Makes a folder and its parents, and tries each level once. Node's recursive `mkdir` never returns on file systems such as
 * /proc: they say that a folder does not exist even though its parent does.
 */
function makeFolders(folder: string): void {
  if (isFolder(folder)) return
  const parent = dirname(folder)
  if (parent !== folder) makeFolders(parent)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (thrown) {
    // Another run may make the folder at the same time.
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
