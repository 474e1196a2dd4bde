/**
 * Loads a spec from a TypeScript or JavaScript file, wherever it lies.
 *
 * The file and what it imports are bundled into one module. `kripke` and `immutable` are not: they resolve to this very
 * installation, so that a spec's states are instances of the checker's own classes. The module is taken from the cache or
 * written there, or else to a temporary folder, and imported; its source map leads stack traces back to the author's lines.
 */
import { stat } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { CheckerError, notASpec, specNotLoaded } from '../../errors.ts'
import { beginCall, endCall } from '../../spec/calls.ts'
import { place } from '../../spec/origin.ts'
import type { AnySpec } from '../../spec/spec.ts'
import { isWatched, postToSupervisor } from '../supervisor/supervision.ts'
import { fullPath } from './full-path.ts'
import { unresolved } from './missing-package.ts'
import { readTooEarly } from './read-too-early.ts'
import { SpecCache } from './spec-cache.ts'
import { TemporaryModule } from './temporary-module.ts'

/** A spec, and the module that exports it. */
export interface LoadedSpec {
  readonly spec: AnySpec
  /** The URL of the compiled module; it can be imported again as long as the process runs. */
  readonly module: string
}

/** Receives files that a spec depends on, and paths at which the compiler looked for some. It may be called several times. */
export type OnInputs = (paths: Iterable<string>) => void

/**
 * Loads the spec that `path` exports by default.
 *
 * @param onInputs - also called if loading fails
 * @throws {CheckerError} KR201 if there is no such file, or it cannot be compiled or run, KR202 if it exports no spec, KR105 if
 *   there is no room for the compiled module or no current folder, and what the spec's own definitions throw
 */
export async function loadSpec(path: string, onInputs: OnInputs = tellWatch): Promise<LoadedSpec> {
  const { exported, module } = await loadModule(path, onInputs)
  if (isSpec(exported)) return { spec: exported, module }
  // A file without exports counts as CommonJS, whose exports are an empty object.
  const isMissing = exported === undefined || isDeepStrictEqual(exported, {})
  throw notASpec(path, isMissing ? 'missing' : exported === null ? 'null' : `of type ${typeof exported}`)
}

/** Loads what a file exports by default. @throws {CheckerError} as `loadSpec` does, except KR202 */
export async function loadModule(
  path: string,
  onInputs: OnInputs = tellWatch,
): Promise<{ readonly exported: unknown; readonly module: string }> {
  const absolute = fullPath(path)
  onInputs([absolute])
  const found = await stat(absolute).catch(() => undefined)
  if (found === undefined) throw specNotLoaded(path, 'the file does not exist', undefined, 'check the path of the file')
  if (!found.isFile()) throw specNotLoaded(path, 'it is not a file', undefined, 'name the file of the spec')
  const compiled = await compile(path, absolute, onInputs)
  const module = pathToFileURL(compiled.file).href
  const exported = await importDefault(path, module).catch(async (thrown: unknown) => {
    throw (await readTooEarly(path, absolute)) ?? asLoadError(path, absolute, thrown)
  })
  return { exported, module }
}

/** The compiled spec, from the cache if it is there. */
async function compile(path: string, absolute: string, onInputs: OnInputs): Promise<{ file: string }> {
  const cache = SpecCache.for(absolute)
  const found = cache?.find()
  if (found !== undefined) {
    const { files, lookups } = found.inputs
    // A file that is null is not there.
    onInputs([...Object.keys(files).filter((file) => files[file] !== null), ...Object.keys(lookups)])
    return found
  }
  const { bundle } = await import('./bundle.ts')
  const places = new Set<string>()
  try {
    const { code, inputs } = await bundle(path, absolute, { places })
    if (inputs !== undefined) for (const file in inputs.files) if (inputs.files[file] !== null) places.add(file)
    const kept = inputs && cache?.add(code, inputs)
    return kept === undefined ? new TemporaryModule(code) : { file: kept }
  } finally {
    onInputs(places)
  }
}

/** Tells `--watch` what the run depends on. */
function tellWatch(paths: Iterable<string>): void {
  if (isWatched()) postToSupervisor({ kind: 'inputs', paths: [...paths] })
}

/** Runs a module and returns its default export. */
async function importDefault(path: string, module: string): Promise<unknown> {
  beginCall(`the module ${path}`, undefined)
  try {
    const { default: exported } = (await import(module)) as { default?: unknown }
    return exported
  } finally {
    endCall()
  }
}

/** An error that a spec's file threw, with a place. */
function asLoadError(path: string, absolute: string, thrown: unknown): CheckerError {
  if (thrown instanceof CheckerError) {
    thrown.at ??= place(thrown)
    return thrown
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  // Node lists the files through which it reached a missing module, but these are compiled files.
  const [, name] = /^Cannot find module '([^']+)'/.exec(error.message) ?? []
  const otherwise = `${error.name}: ${name === undefined ? error.message : error.message.split('\n')[0]}`
  const [, computed] = /^Dynamic require of "([^"]+)" is not supported$/.exec(error.message) ?? []
  if (computed !== undefined) {
    return specNotLoaded(path, `a package requires "${computed}" by a computed name, so Kripke cannot bundle it`)
  }
  const [reason, hint] = name === undefined ? [otherwise] : unresolved(name, absolute, otherwise)
  return specNotLoaded(path, reason, place(error), hint)
}

function isSpec(value: unknown): value is AnySpec {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'spec'
}
