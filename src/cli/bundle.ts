/**
 * Compiles a spec and what it imports into one module, by esbuild.
 *
 * To be imported only when there is something to compile: loading, starting and stopping esbuild takes longer than a small check.
 */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { build, stop, type BuildFailure, type Plugin } from 'esbuild'
import { specNotLoaded } from '../errors.ts'
import { bundleOptions, OWN_PACKAGES } from './bundle-options.ts'
import { endlessSettings, hashOf, inputsOf, type Inputs } from './bundle-inputs.ts'
import { unresolved } from './missing-package.ts'
import { nodeModules, placed } from './node-modules-plugin.ts'
import { isEndless } from './plain-file.ts'

/** A compiled spec. */
export interface Bundle {
  readonly code: string
  /** What it was made from; undefined if that cannot be told. */
  readonly inputs: Inputs | undefined
}

/**
 * Bundles the spec at `absolute`, which the user calls `path`.
 *
 * @throws {CheckerError} KR201 if it cannot be compiled
 */
export async function bundle(path: string, absolute: string): Promise<Bundle> {
  const settings = endlessSettings(absolute)
  if (settings !== undefined) throw specNotLoaded(path, `${settings} is not a file`)
  const sources = new Map<string, string | undefined>()
  try {
    const plugins = [ownPackages, nodeModules, recorder(sources)]
    const { outputFiles, metafile } = await build({ ...bundleOptions(absolute), plugins })
    return { code: outputFiles![0]!.text, inputs: inputsOf(metafile!, sources) }
  } catch (thrown) {
    const error = (thrown as Partial<BuildFailure>).errors?.[0]
    if (error === undefined) throw thrown
    const { location } = error
    const at = location ? `${resolve(location.file)}:${location.line}:${location.column + 1}` : undefined
    const [, name] = /^Could not resolve "([^"]+)"$/.exec(error.text) ?? []
    const importer = location ? resolve(location.file) : absolute
    const [reason, hint] = name === undefined ? [error.text] : unresolved(name, importer, error.text)
    throw specNotLoaded(path, reason, at, hint)
  } finally {
    await stop()
  }
}

const ownPackages: Plugin = {
  name: 'own-packages',
  setup({ onResolve }) {
    onResolve({ filter: /^(kripke|immutable)$/ }, ({ path }) => ({ path: OWN_PACKAGES[path]!, external: true }))
  },
}

/**
 * Records the hash of every file as the compiler gets to see it. To hash the files afterwards would take one that was saved in
 * the meantime for what was compiled.
 */
function recorder(sources: Map<string, string | undefined>): Plugin {
  return {
    name: 'recorder',
    setup({ onLoad }) {
      onLoad({ filter: /.*/, namespace: 'file' }, async ({ path, with: attributes }) => {
        if (isEndless(path)) return { errors: [{ text: `${path} is not a file` }] }
        const contents = await readFile(path).catch(() => undefined)
        sources.set(path, contents && hashOf(contents))
        // What cannot be read, or is not to be read by its extension, is left to the compiler.
        const isPlain = contents !== undefined && Object.keys(attributes).length === 0
        return isPlain ? { contents: placed(path, contents) ?? contents, loader: 'default' } : undefined
      })
    },
  }
}
