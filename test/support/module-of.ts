/** Makes modules that threads can import. Their `kripke` is the built package, because the threads use it too. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

const folder = mkdtempSync(join(tmpdir(), 'kripke-test-'))
let made = 0

/** The URL of a module with text `source`. It may import `kripke` and files below `test/` and `specs/`. */
export async function moduleOf(source: string): Promise<string> {
  const outfile = join(folder, `${made++}.mjs`)
  await build({
    stdin: { contents: source, resolveDir: join(ROOT, 'test'), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'silent',
    plugins: [
      {
        name: 'built',
        setup({ onResolve }) {
          const built = (path: string) => ({ path: pathToFileURL(join(ROOT, 'dist', path)).href, external: true })
          onResolve({ filter: /^kripke$/ }, () => built('index.js'))
          onResolve({ filter: /\/src\/.*\.ts$/ }, ({ path }) =>
            built(path.replace(/^.*\/src\//, '').replace(/ts$/, 'js')),
          )
          const installed = (name: string) => ({
            path: pathToFileURL(join(ROOT, 'node_modules', name)).href,
            external: true,
          })
          onResolve({ filter: /^immutable$/ }, () => installed('immutable/dist/immutable.js'))
        },
      },
    ],
  })
  return pathToFileURL(outfile).href
}
