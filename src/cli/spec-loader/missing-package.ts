/** The error text for an import that cannot be resolved. */
import { existsSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'

/** A reason, and a hint if there is one. */
export type Unresolved = readonly [reason: string, hint?: string]

/**
 * The reason and hint for the import `name` in the file `importer`.
 *
 * @param otherwise - the reason, if no package is missing
 */
export function unresolved(name: string, importer: string, otherwise: string): Unresolved {
  const [, packageName] = /^((?:@[^/]+\/)?[^/.@:][^/:]*)(?:\/|$)/.exec(name) ?? []
  if (packageName === undefined || isBuiltin(packageName) || isInstalled(packageName, importer)) return [otherwise]
  return [`the package ${packageName} is not installed`, `run npm install ${packageName}`]
}

/** Whether a package is in a folder where the importer looks for it. */
function isInstalled(packageName: string, importer: string): boolean {
  for (let folder = dirname(importer), last = ''; folder !== last; last = folder, folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', packageName))) return true
  }
  return false
}
