/** The folder of compiled specs. What lies in it is run, so it must be nobody else's to write to. */
import { mkdirSync, statSync, type Stats } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/** The folder, made if need be; undefined if `KRIPKE_CACHE` is `off`, or there can be none that is the user's alone. */
export function cacheFolder(): string | undefined {
  const { KRIPKE_CACHE: wanted = '' } = process.env
  if (wanted === 'off') return undefined
  try {
    const folder = wanted === '' ? customaryFolder() : resolve(wanted)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return isOurs(statSync(folder)) ? folder : undefined
  } catch {
    return undefined
  }
}

/** Whether a file or folder is the user's, and only the user may write to it. Windows guards the user's folders by itself. */
export function isOurs({ uid, mode }: Stats): boolean {
  const user = process.getuid?.()
  return user === undefined || (uid === user && (mode & 0o022) === 0)
}

/** Where such folders lie on this system. */
function customaryFolder(): string {
  const { XDG_CACHE_HOME = '', LOCALAPPDATA = '' } = process.env
  // The XDG specification has a path that is not absolute ignored.
  if (isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'kripke')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'kripke')
  if (process.platform === 'win32') return join(LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'kripke', 'Cache')
  return join(homedir(), '.cache', 'kripke')
}
