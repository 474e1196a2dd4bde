/**
 * Compiles a spec and what it imports into one module, by esbuild.
 *
 * To be imported only when there is something to compile: loading, starting and stopping esbuild takes longer than a small check.
 */
import { realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { basename, dirname, extname, resolve } from 'node:path'
import {
  build,
  stop,
  transform,
  type BuildFailure,
  type BuildOptions,
  type BuildResult,
  type Loader,
  type Plugin,
} from 'esbuild'
import { specNotLoaded } from '../../errors.ts'
import { bundleOptions, OWN_PACKAGES } from './bundle-options.ts'
import { endlessSettings, hashOf, inputsOf, type Inputs } from './bundle-inputs.ts'
import { filesOnCircles, importGraph, type ImportGraph } from './import-cycles.ts'
import { unresolved } from './missing-package.ts'
import { nodeModules, placed } from './node-modules-plugin.ts'
import { isEndless } from './plain-file.ts'

/** A compiled spec. */
export interface Bundle {
  readonly code: string
  /** What it was made from; undefined if that cannot be told. */
  readonly inputs: Inputs | undefined
  readonly imports: ImportGraph
}

/**
 * Bundles the spec at `absolute`, which the user calls `path`.
 *
 * Bundling turns constants into variables, so reading one before its definition gives undefined. That happens mostly between
 * files that import each other. So these files stay separate modules, in which reading too early throws an error.
 *
 * @param strict - keep each of the user's files as a separate module, to learn why a bundle fails
 * @param places - gets the files that were read, and the places where imports were looked for, even if compiling fails
 * @throws {CheckerError} KR201 if it cannot be compiled
 */
export async function bundle(
  path: string,
  absolute: string,
  { strict = false, places }: { strict?: boolean; places?: Set<string> } = {},
): Promise<Bundle> {
  const settings = endlessSettings(absolute)
  if (settings !== undefined) throw specNotLoaded(path, `${settings} is not a file`)
  const sources = new Map<string, string | undefined>()
  const compile = (staysSeparate: (file: string) => boolean, entry: Partial<BuildOptions> = {}): Promise<BuildResult> =>
    build({
      ...bundleOptions(absolute),
      ...entry,
      // Otherwise the folder in which the compiler was loaded. Paths are relative to it.
      absWorkingDir: process.cwd(),
      plugins: [...(places ? [recorder(places)] : []), ownPackages, nodeModules, reader(sources, staysSeparate)],
    })
  try {
    const first = await compile(() => false)
    const imports = importGraph(first.metafile!)
    const circles = filesOnCircles(imports)
    const isApart = (file: string): boolean => (strict ? !file.includes('/node_modules/') : circles.has(file))
    // The compiler identifies files by the targets of links.
    const real = realpathSync(absolute)
    const isCommonJs = Object.entries(first.metafile!.inputs).some(
      ([file, { format }]) => format === 'cjs' && resolve(file) === real,
    )
    const isPlain = !strict && circles.size === 0 && !isCommonJs
    const { outputFiles, metafile } = isPlain ? first : await compile(isApart, defaultOf(absolute))
    return { code: outputFiles![0]!.text, inputs: inputsOf(metafile!, sources), imports }
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
    for (const source of sources.keys()) places?.add(source)
    await stop()
  }
}

/** Records where the user's files are looked for. */
function recorder(places: Set<string>): Plugin {
  return {
    name: 'recorder',
    setup({ onResolve }) {
      onResolve({ filter: /^\.{0,2}\// }, ({ path, resolveDir }) => {
        places.add(resolve(resolveDir, path))
        return undefined
      })
    },
  }
}

/** Wraps a spec that is not an ES module in one that exports its `module.exports`, or the `default` of that. */
function defaultOf(absolute: string): Partial<BuildOptions> {
  const contents = `
    import * as it from ${JSON.stringify(absolute)}
    const given = it.default
    export default given?.kind !== 'spec' && given?.default !== undefined ? given.default : given`
  return { entryPoints: [], stdin: { contents, resolveDir: dirname(absolute), sourcefile: 'kripke-entry.js' } }
}

/**
 * The bundle imports modules of node and our own packages on behalf of modules that require them, because a bundle cannot
 * require.
 */
const ownPackages: Plugin = {
  name: 'own-packages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(kripke|immutable)$/ }, ({ path, kind, namespace }) =>
      kind === 'require-call' && namespace !== REQUIRED
        ? { path, namespace: REQUIRED }
        : { path: OWN_PACKAGES[path]!, external: true },
    )
    onResolve({ filter: /./ }, ({ path, kind, namespace }) => {
      if (namespace === REQUIRED) return { path: OWN_PACKAGES[path] ?? path, external: true }
      return kind === 'require-call' && isBuiltin(path) ? { path, namespace: REQUIRED } : undefined
    })
    onLoad({ filter: /./, namespace: REQUIRED }, ({ path }) => {
      const from = JSON.stringify(path)
      const contents = isBuiltin(path) ? `module.exports = process.getBuiltinModule(${from})` : `export * from ${from}`
      return { contents, loader: 'js' }
    })
  },
}

const REQUIRED = 'required'

/**
 * Reads files, and records the hash of each as the compiler sees it. Hashing the files afterwards would confuse a file saved in
 * the meantime with the compiled one.
 *
 * @param isApart - whether a file stays a separate module
 */
function reader(sources: Map<string, string | undefined>, isApart: (file: string) => boolean): Plugin {
  return {
    name: 'reader',
    setup({ onLoad }) {
      onLoad({ filter: /.*/, namespace: 'file' }, async ({ path, with: attributes }) => {
        if (isEndless(path)) return { errors: [{ text: `${path} is not a file` }] }
        const contents = await readFile(path).catch(() => undefined)
        sources.set(path, contents && hashOf(contents))
        // What cannot be read, or is not to be read by its extension, is left to the compiler.
        if (contents === undefined || Object.keys(attributes).length > 0) return undefined
        const text = placed(path, contents)
        const apart = isApart(path) ? await asCommonJs(path, text ?? contents.toString()) : undefined
        return apart === undefined
          ? { contents: text ?? contents, loader: 'default' }
          : { contents: apart, loader: 'js' }
      })
    },
  }
}

const LOADERS: { readonly [extension: string]: Loader } = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
}

/** An ES module converted to CommonJS, which bundling keeps as a separate module; undefined if that is impossible. */
async function asCommonJs(path: string, source: string): Promise<string | undefined> {
  const loader = LOADERS[extname(path)]
  if (loader === undefined || source.includes('import.meta')) return undefined
  const options = { loader, format: 'cjs', target: 'node20', sourcemap: 'inline', sourcesContent: false } as const
  // For example, with top-level await. The bundler reports what is wrong with the file.
  const made = await transform(source, { ...options, sourcefile: basename(path), logLevel: 'silent' }).catch(
    () => undefined,
  )
  if (made === undefined) return undefined
  const [, exported] = /^ {2}default: \(\) => (\w+_default)\b/m.exec(made.code) ?? []
  const code = exported === undefined ? made.code : made.code.replace(`\nvar ${exported} = `, `\nconst ${exported} = `)
  // In a block, because outside one the bundler turns constants into variables.
  return `{${code}\n}`
}
