/**
 * Loads a spec from a TypeScript or JavaScript file, wherever it lies.
 *
 * The file and what it imports are bundled into one module by esbuild. `kripke` and `immutable` are not: they resolve to this
 * very installation, so that a spec's states are instances of the checker's own classes. The module is written to a folder of
 * its own and imported from there; its source map leads stack traces back to the author's lines.
 */
import { createRequire } from 'node:module'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { build, stop, type BuildFailure, type Plugin } from 'esbuild'
import { CheckerError, fileFailed, notASpec, specNotLoaded } from '../errors.ts'
import { place } from '../spec/origin.ts'
import type { AnySpec } from '../spec/spec.ts'

const require = createRequire(import.meta.url)

/** Where the bare names of this installation lead. */
const OWN: { readonly [name: string]: string } = {
  kripke: new URL('../index.js', import.meta.url).href,
  immutable: pathToFileURL(require.resolve('immutable')).href,
}

const ownPackages: Plugin = {
  name: 'own-packages',
  setup({ onResolve }) {
    onResolve({ filter: /^(kripke|immutable)$/ }, ({ path }) => ({ path: OWN[path]!, external: true }))
  },
}

/**
 * The spec that `path` exports by default.
 *
 * @throws {CheckerError} KR201 if there is no such file, or it cannot be compiled or run, KR202 if it exports no spec, KR105 if
 *   there is no room for the compiled module, and what the spec's own definitions throw
 */
export async function loadSpec(path: string): Promise<AnySpec> {
  const absolute = resolve(path)
  const found = await stat(absolute).catch(() => undefined)
  if (found === undefined) throw specNotLoaded(path, 'there is no such file')
  if (!found.isFile()) throw specNotLoaded(path, 'it is not a file')
  const code = await bundle(path, absolute)
  const exported = await importCode(path, code)
  if (isSpec(exported)) return exported
  // A file without exports counts as CommonJS, whose exports are an empty object.
  const isMissing = exported === undefined || isDeepStrictEqual(exported, {})
  throw notASpec(path, isMissing ? 'missing' : exported === null ? 'null' : `of type ${typeof exported}`)
}

async function bundle(path: string, absolute: string): Promise<string> {
  try {
    const { outputFiles } = await build({
      entryPoints: [absolute],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'inline',
      sourcesContent: false,
      sourceRoot: `${pathToFileURL(dirname(absolute)).href}/`,
      outdir: dirname(absolute),
      logLevel: 'silent',
      plugins: [ownPackages],
    })
    return outputFiles[0]!.text
  } catch (thrown) {
    const error = (thrown as Partial<BuildFailure>).errors?.[0]
    if (error === undefined) throw thrown
    const { location } = error
    const at = location ? `${resolve(location.file)}:${location.line}:${location.column + 1}` : undefined
    throw specNotLoaded(path, error.text, at)
  } finally {
    await stop()
  }
}

/** Runs a module and returns its default export. */
async function importCode(path: string, code: string): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'kripke-')).catch(refuse)
  const file = join(folder, 'spec.mjs')
  try {
    await writeFile(file, code).catch(refuse)
    const { default: exported } = (await import(pathToFileURL(file).href)) as { default?: unknown }
    return exported
  } catch (thrown) {
    if (thrown instanceof CheckerError) {
      thrown.at ??= place(thrown)
      throw thrown
    }
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    throw specNotLoaded(path, `${error.name}: ${error.message}`, place(error))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function refuse(thrown: NodeJS.ErrnoException): never {
  throw fileFailed('write to', `${tmpdir()} (TMPDIR names another folder)`, thrown.code ?? thrown.message)
}

function isSpec(value: unknown): value is AnySpec {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'spec'
}
