/** Names of new specs. */
import { badOption } from '../../errors.ts'

const KEBAB_CASE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/

/** Windows reserves these names, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/

/** The written files import packages of these names, and a `baseUrl` would lead such an import to the spec. */
const PACKAGES = ['kripke', 'vitest', 'immutable']

/** Checks that a spec may have this name. @throws {CheckerError} KR101 if not */
export function requireSpecName(name: string): void {
  if (!KEBAB_CASE.test(name))
    throw badOption(`the name of a spec must be in kebab-case, but is "${name}"`, hintFor(name))
  const isDevice = DEVICE.test(name)
  if (!isDevice && !PACKAGES.includes(name)) return
  const owner = isDevice ? 'Windows reserves this name' : 'a package that specs import has this name'
  throw badOption(
    `a spec must not be named "${name}", because ${owner}`,
    `use another name: npx kripke init my-${name}`,
  )
}

/** What to write instead. */
function hintFor(name: string): string {
  const [, folder, file = name] = /^(.*)[/\\](.*)$/.exec(name) ?? []
  const command = `npx kripke init ${kebabCase(file)}`
  if (folder === undefined) return `use lowercase words joined by hyphens, without an extension: ${command}`
  return `change to the folder first: cd ${folder === '' ? '/' : folder} && ${command}`
}

/** The nearest name in kebab-case. */
function kebabCase(name: string): string {
  const words = name
    .replace(/(?:\.test)?\.[cm]?[jt]sx?$/, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
  const joined = words.join('-').replace(/^[0-9-]+/, '')
  return joined === '' ? 'my-design' : joined
}
