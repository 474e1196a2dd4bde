/**
 * Watches files, whether they exist or not.
 *
 * The system reports changes in a folder, not in a file: an editor may save a file by a rename, which gives its name to another file. A
 * report only says when to look. What counts is a comparison of the files with what they were, so one save never counts twice. Because some file
 * systems report nothing, the watcher also looks now and then without a report.
 */
import { statSync, watch, type BigIntStats, type FSWatcher } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** An editor may write a file in several steps. Later steps within this time belong to the same save. */
const SETTLE_MS = 20

/** How long steps may follow each other before the watcher looks anyway. */
const MAX_SETTLE_MS = 200

/** How often to look without a report. */
const POLL_MS = 1000

/** The system's times of files may be so much behind its clock. */
const COARSE_MS = 5

/** What identifies the content of a file that does not exist. */
const MISSING = ''

interface Folder {
  readonly watcher: FSWatcher
  /** Identifies the folder itself: another one may get its name. */
  readonly identity: string
}

/** Watches a set of files. */
export class FileWatcher {
  readonly #onSave: (paths: readonly string[]) => void
  /** What identifies the content of each file. */
  #files = new Map<string, string>()
  /** The names to look out for: the files, and folders above them that do not exist. */
  #names = new Set<string>()
  readonly #folders = new Map<string, Folder>()
  readonly #poll: NodeJS.Timeout
  #settling: NodeJS.Timeout | undefined
  #firstMs = 0

  /** @param onSave - called with the files that changed, appeared or disappeared */
  constructor(onSave: (paths: readonly string[]) => void) {
    this.#onSave = onSave
    this.#poll = setInterval(() => this.#look(), POLL_MS)
  }

  /** How many of the files exist. */
  get existing(): number {
    return [...this.#files.values()].filter((identity) => identity !== MISSING).length
  }

  /**
   * Watches these files, and no others.
   *
   * @param sinceMs - by the clock: a file that was not watched before counts as saved if it changed after this
   */
  watch(paths: Iterable<string>, sinceMs: number): void {
    const known = this.#files
    this.#files = new Map()
    const late: string[] = []
    for (const path of paths) {
      const now = known.get(path) ?? identityOf(path)
      this.#files.set(path, now)
      if (!known.has(path) && modifiedMs(path) > sinceMs - COARSE_MS) late.push(path)
    }
    this.#watchFolders()
    if (late.length > 0) this.#onSave(late)
    else this.#look()
  }

  close(): void {
    clearInterval(this.#poll)
    clearTimeout(this.#settling)
    for (const { watcher } of this.#folders.values()) watcher.close()
  }

  /** Looks whether a file changed. */
  #look(): void {
    this.#settling = undefined
    const saved: string[] = []
    for (const [path, before] of this.#files) {
      const now = identityOf(path)
      if (now === before) continue
      this.#files.set(path, now)
      saved.push(path)
    }
    this.#watchFolders()
    if (saved.length > 0) this.#onSave(saved)
  }

  #lookSoon(): void {
    const nowMs = performance.now()
    if (this.#settling === undefined) this.#firstMs = nowMs
    else if (nowMs - this.#firstMs > MAX_SETTLE_MS) return
    clearTimeout(this.#settling)
    this.#settling = setTimeout(() => this.#look(), SETTLE_MS)
  }

  /** Watches the folder of each file, or the nearest one above it that exists. */
  #watchFolders(): void {
    const needed = new Map<string, string>()
    const names = new Set<string>()
    for (const path of this.#files.keys()) {
      let name = path
      let identity = ''
      for (let last = ''; identity === '' && name !== last;) {
        names.add(name)
        last = name
        name = dirname(name)
        identity = needed.get(name) ?? folderIdentity(name)
      }
      needed.set(name, identity)
    }
    this.#names = names
    for (const [path, { watcher, identity }] of this.#folders) {
      if (needed.get(path) === identity) continue
      watcher.close()
      this.#folders.delete(path)
    }
    for (const [path, identity] of needed) if (!this.#folders.has(path)) this.#watchFolder(path, identity)
  }

  #watchFolder(path: string, identity: string): void {
    try {
      const watcher = watch(path, (_, name) => {
        // The name of the folder itself means that it was moved or removed.
        if (name === null || this.#names.has(join(path, name)) || name === basename(path)) this.#lookSoon()
      })
      // The system watches only so many folders. Then the watcher looks now and then.
      watcher.on('error', () => watcher.close())
      this.#folders.set(path, { watcher, identity })
    } catch {
      // As above.
    }
  }
}

/** What identifies the content of a file without reading it. */
function identityOf(path: string): string {
  const found = statOf(path)
  return found?.isFile() === true ? `${found.ino} ${found.size} ${found.mtimeNs}` : MISSING
}

function modifiedMs(path: string): number {
  return Number(statOf(path)?.mtimeMs ?? 0)
}

function folderIdentity(path: string): string {
  const found = statOf(path)
  return found?.isDirectory() === true ? `${found.dev} ${found.ino}` : ''
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false, bigint: true })
  } catch {
    // Such as a folder that may not be read.
    return undefined
  }
}
