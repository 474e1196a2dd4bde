/**
 * What a bundle was made from, and whether that is still the same.
 *
 * Not only the contents of the files count. The compiler heeds the package.json and tsconfig.json of the folders above them, and
 * an import means another file once there is one that is looked for earlier: `./limit` means limit.ts rather than limit.js.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import type { Metafile } from 'esbuild'
import { isEndless, readPlainFile } from './plain-file.ts'

/** All that a bundle depends on, by absolute path. */
export interface Inputs {
  /** The hash of each file; null for one that would count, but is not there. */
  readonly files: { readonly [path: string]: string | null }
  /** What was found in each place where an import was looked for. */
  readonly lookups: { readonly [path: string]: string }
}

/** Files that the compiler heeds in every folder above a source. */
const SETTINGS = ['package.json', 'tsconfig.json', 'jsconfig.json']

/** SHA-256, in hexadecimal digits. */
export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** The inputs of a bundle whose `sources` have these hashes; undefined if something of it could not be read. */
export function inputsOf(metafile: Metafile, sources: ReadonlyMap<string, string | undefined>): Inputs | undefined {
  try {
    const names = listing()
    const lookups = [...placesOfAll(metafile, sources.keys())].map((place) => [place, lookup(place, names)])
    return { files: filesOf(sources), lookups: Object.fromEntries(lookups) as Inputs['lookups'] }
  } catch {
    return undefined
  }
}

/** A settings file above the spec at `absolute` whose reading may never end, such as a pipe; undefined if there is none. */
export function endlessSettings(absolute: string): string | undefined {
  const all = above(absolute).flatMap((folder) => SETTINGS.map((name) => join(folder, name)))
  return all.find(isEndless)
}

function filesOf(sources: ReadonlyMap<string, string | undefined>): Inputs['files'] {
  const files: { [path: string]: string | null } = {}
  for (const [path, hash] of sources) {
    if (hash === undefined) throw new Error(`${path} was not read`)
    files[path] = hash
    for (const folder of above(path)) for (const name of SETTINGS) addSettings(join(folder, name), files)
  }
  return files
}

/** Where the sources, and what they import, were looked for. */
function placesOfAll({ inputs }: Metafile, sources: Iterable<string>): Set<string> {
  const places = new Set(sources)
  for (const [importer, { imports }] of Object.entries(inputs)) {
    for (const { original, external } of imports) {
      if (original === undefined || external === true) continue
      for (const place of placesOf(original, resolve(importer))) places.add(place)
    }
  }
  return places
}

/** Whether all files, and the places where others were looked for, are as they were. */
export function areUnchanged({ files, lookups }: Inputs): boolean {
  const names = listing()
  return (
    Object.entries(files).every(([path, hash]) => hashOfFile(path) === hash) &&
    Object.entries(lookups).every(([place, found]) => lookup(place, names) === found)
  )
}

/** Adds a file of settings, and the files that it extends. */
function addSettings(path: string, files: { [path: string]: string | null }): void {
  if (path in files) return
  files[path] = hashOfFile(path)
  if (files[path] === null || basename(path) === 'package.json') return
  // Such files may have comments, so JSON.parse cannot read them. It does no harm to add a file that is not really extended.
  const [, list = ''] = /"extends"\s*:\s*("[^"]*"|\[[^\]]*\])/.exec(readPlainFile(path).toString()) ?? []
  for (const [, name] of list.matchAll(/"([^"]+)"/g)) {
    for (const extended of extendedBy(path, name!)) addSettings(extended, files)
  }
}

/** Where the settings called `name` may lie that those at `path` extend. */
function extendedBy(path: string, name: string): string[] {
  if (/^\.{0,2}\//.test(name)) return [name, `${name}.json`].map((file) => resolve(dirname(path), file))
  const { resolve: find } = createRequire(path)
  return [name, `${name}.json`, `${name}/tsconfig.json`].flatMap((file) => {
    try {
      return [find(file)]
    } catch {
      return []
    }
  })
}

/** The paths at which an import may be found, without an extension. */
function placesOf(name: string, importer: string): string[] {
  if (/^\.{0,2}\//.test(name)) return [resolve(dirname(importer), name)]
  const [, packageName = name] = /^(@[^/]+\/[^/]+|[^/]+)/.exec(name) ?? []
  return above(importer).map((folder) => join(folder, 'node_modules', packageName))
}

/** Lists the names in folders, and reads each folder only once. */
function listing(): (folder: string) => readonly string[] {
  const known = new Map<string, readonly string[]>()
  return (folder) => {
    const names = known.get(folder) ?? (existsSync(folder) ? readdirSync(folder) : [])
    known.set(folder, names)
    return names
  }
}

/** What is called so, whatever its extension, and where links to it lead. */
function lookup(place: string, namesIn: (folder: string) => readonly string[]): string {
  const folder = dirname(place)
  const [stem] = basename(place).split('.')
  return namesIn(folder)
    .filter((name) => name === stem || name.startsWith(`${stem}.`))
    .toSorted()
    .map((name) => `${name} ${realpathOf(join(folder, name))}`)
    .join('\n')
}

function realpathOf(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    return ''
  }
}

/** The folders above a file, the nearest first. */
function above(path: string): string[] {
  const folder = dirname(path)
  return folder === path ? [] : [folder, ...above(folder)]
}

function hashOfFile(path: string): string | null {
  return existsSync(path) ? hashOf(readPlainFile(path)) : null
}
