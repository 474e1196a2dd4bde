/**
 * Builds dist: the library that specs and tests import, its types, and the command line.
 *
 * Everything is bundled, because finding and reading a hundred small files takes longer than a small check. The code of
 * Kripke is in dist twice, because the two parts need different copies of immutable.js:
 *
 * - The library imports `immutable` by name. So it shares the user's copy with the user's specs and tests.
 * - The command line (build-command-line.mjs) has a copy of its own. It starts sooner with it, and specs can lie in folders
 *   without packages.
 *
 * There are no source maps. The bundles are not minified and keep their names, so stack traces are readable without. With
 * maps, traces would lead to source files that the package does not contain.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import { commandLine } from './build-command-line.mjs'
import { explorer, tracePage } from './build-pages.mjs'

/** What users can import, as in `exports` of package.json: `index` is `kripke`, and any other NAME is `kripke/NAME`. */
const ENTRIES = ['index', 'drive', 'fast-check', 'vitest']

/** Modules that threads run. They must lie beside the chunks that start them. */
const WORKERS = {
  worker: 'src/engine/explicit/parallel/worker.ts',
  'walk-worker': 'src/engine/simulation/walk-worker.ts',
  'variant-worker': 'src/api/variants/variant-worker.ts',
}

/** Where tsc writes one file of types for each source, which are then merged. */
const DECLARATIONS = 'dist/declarations'

const { resolve } = createRequire(import.meta.url)
const { dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
/** Packages that users install. All others are part of the bundles. */
const external = Object.keys({ ...dependencies, ...peerDependencies })

rmSync('dist', { recursive: true, force: true })
/** What `src/report/trace-html.ts` gets from this build. */
const define = { TRACE_PAGE: JSON.stringify(await tracePage()) }
const [, ...bundles] = await Promise.all([declarations(), library(), explorer(), commandLine(external, define)])
writeFileSync('dist/LICENSES', licenses(bundles))

/** Writes one file of types for each entry. What several entries need is in files that they share. */
async function declarations() {
  const tsc = join(dirname(resolve('typescript/package.json')), 'bin/tsc')
  const options = ['--project', 'tsconfig.build.json', '--outDir', DECLARATIONS]
  const [status] = await once(spawn(process.execPath, [tsc, ...options], { stdio: 'inherit' }), 'exit')
  if (status !== 0) process.exit(1)
  const merged = await rollup({
    input: Object.fromEntries(ENTRIES.map((name) => [name, join(DECLARATIONS, `${name}.d.ts`)])),
    external: [/^[^./]/],
    plugins: [dts()],
    onwarn: ({ message }) => {
      // Declarations of users cannot name types that no entry exports, with or without files that entries share.
      if (!message.includes('no public re-export')) throw new Error(message)
    },
  })
  // As in src/spec/map-types.ts. Without it, compilers that check the types of packages take twice as long.
  await merged.write({ dir: 'dist', chunkFileNames: 'types-[hash].d.ts', banner: '// @ts-nocheck' })
  await merged.close()
  rmSync(DECLARATIONS, { recursive: true })
}

function library() {
  const entries = ENTRIES.map((name) => [name, `src/${name}.ts`])
  return bundle('dist', { ...Object.fromEntries(entries), ...WORKERS })
}

/** Bundles some entries into a folder, where they share chunks. */
function bundle(outdir, entryPoints, options = {}) {
  return build({
    entryPoints,
    outdir,
    external,
    bundle: true,
    splitting: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    define,
    ...options,
  })
}

/** The licenses of the packages of which dist has copies. */
function licenses(bundles) {
  const inputs = bundles.flat().flatMap(({ metafile }) => Object.keys(metafile.inputs))
  const names = inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [])
  return [...new Set(['immutable', ...names])]
    .toSorted()
    .map((name) => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8')}`)
    .join('\n')
}
