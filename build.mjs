/**
 * Builds dist: the modules that specs and tests import, and the command line.
 *
 * The command line is bundled, because finding and reading a hundred small files takes longer than a small check. So
 * are the modules that specs run with: Kripke's own `kripke`, which shares chunks with the command line, and
 * `immutable` as an ES module, which loads faster than CommonJS. `immutable` is copied, not bundled, because bundling
 * renames its classes and `console.log` shows their names.
 */
import { spawnSync } from 'node:child_process'
import { appendFileSync, chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

const OUT = 'dist/cli'
const { resolve } = createRequire(import.meta.url)

rmSync('dist', { recursive: true, force: true })
const tsc = join(dirname(resolve('typescript/package.json')), 'bin/tsc')
const { status } = spawnSync(process.execPath, [tsc, '--project', 'tsconfig.build.json'], { stdio: 'inherit' })
if (status !== 0) process.exit(1)

// Only the command line imports these modules, and it is bundled.
for (const folder of [OUT, 'dist/report']) rmSync(folder, { recursive: true })
mkdirSync(OUT)
await build({
  entryPoints: {
    main: 'src/cli/main.ts',
    command: 'src/cli/command.ts',
    'command-line': 'src/cli/command-line.ts',
    kripke: 'src/index.ts',
    worker: 'src/engine/explicit/parallel/worker.ts',
    'walk-worker': 'src/engine/simulation/walk-worker.ts',
  },
  outdir: OUT,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Piscina starts threads from its own files. The others are loaded only when needed.
  external: ['esbuild', 'piscina', 'msgpackr', '@viz-js/viz', 'vega', 'vega-lite'],
  // Commander is CommonJS and requires modules of node.
  banner: {
    js: "import { createRequire as bannerRequire } from 'node:module'; const require = bannerRequire(import.meta.url);",
  },
  plugins: [
    {
      name: 'immutable',
      setup: ({ onResolve }) =>
        onResolve({ filter: /^immutable$/ }, () => ({ path: './immutable.js', external: true, sideEffects: false })),
    },
  ],
})
chmodSync(join(OUT, 'main.js'), 0o755)

const immutable = join(OUT, 'immutable.js')
copyFileSync(join(dirname(resolve('immutable')), 'immutable.es.js'), immutable)
appendFileSync(immutable, "\n// As in the CommonJS form.\nexport * as default from './immutable.js';\n")

const bundled = ['commander', 'immutable', 'picocolors']
const licenses = bundled.map((name) => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8')}`)
writeFileSync(join(OUT, 'LICENSES'), licenses.join('\n'))
