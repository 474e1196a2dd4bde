/**
 * How a spec is compiled, apart from the compiler: what this says is part of a compiled spec's key in the cache, and a run that
 * finds one there never loads esbuild.
 */
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BuildOptions } from 'esbuild'

/** The compiler replaces `import.meta.url` by this variable, which each file that uses it defines (node-modules-plugin.ts). */
export const FILE_URL = '__kripkeFileUrl'

/**
 * Where the bare names of this installation lead: a spec's states are instances of the checker's own classes. Both modules lie
 * beside the bundled command line, and export parts of the program (build.mjs).
 */
export const OWN_PACKAGES: { readonly [name: string]: string } = {
  kripke: new URL('./kripke.mjs', import.meta.url).href,
  immutable: new URL('./immutable.mjs', import.meta.url).href,
}

/** Changes whenever the way of compiling specs changes, so that Kripke does not use modules compiled in the old way. */
export const COMPILATION = 2

/** The options for the spec at `absolute`, whose folder the source map takes for its root. */
export function bundleOptions(absolute: string): BuildOptions {
  return {
    entryPoints: [absolute],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    define: { 'import.meta.url': FILE_URL },
    sourcemap: 'inline',
    sourcesContent: false,
    sourceRoot: `${pathToFileURL(dirname(absolute)).href}/`,
    outdir: dirname(absolute),
    logLevel: 'silent',
  }
}
