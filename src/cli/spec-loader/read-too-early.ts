/**
 * Detects that a spec fails to load because it reads a constant before its definition.
 *
 * In a bundle such a read gives undefined, which fails somewhere else. So if loading fails, Kripke compiles the spec again with
 * every file as a separate module. In such a module, reading too early throws an error that names the constant.
 */
import { realpathSync } from 'node:fs'
import { findSourceMap } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { constantTooEarly, type CheckerError } from '../../errors.ts'
import { circleText, circleThrough } from './import-cycles.ts'
import { TemporaryModule } from './temporary-module.ts'

/** The error for a constant that is read too early; undefined if loading fails for another reason. */
export async function readTooEarly(path: string, absolute: string): Promise<CheckerError | undefined> {
  try {
    const { bundle } = await import('./bundle.ts')
    const { code, imports } = await bundle(path, absolute, { strict: true })
    const { name, frames } = (await failureOf(code)) ?? {}
    const [first] = frames ?? []
    if (name === undefined || frames === undefined || first === undefined) return undefined
    const isCircular = frames.some(({ file }) => file !== first.file)
    const circle = isCircular ? circleThrough(imports, realpathSync(first.file)) : undefined
    const { file, line, column } = frames.find(({ isExport }) => !isExport) ?? first
    const what = name.endsWith('_default') ? 'the default export' : `"${name}"`
    return constantTooEarly(path, what, `${file}:${line}:${column}`, circle && circleText(circle))
  } catch {
    return undefined
  }
}

interface Frame {
  readonly file: string
  readonly line: number
  readonly column: number
  /** Whether it is the function by which one module reads what another exports. */
  readonly isExport: boolean
}

interface Failure {
  /** The name of the constant that was read too early. */
  readonly name: string
  /** The stack of the author's functions, innermost first, up to the module that was run. */
  readonly frames: readonly Frame[]
}

/** Runs a compiled spec; undefined if no constant is read too early. */
async function failureOf(code: string): Promise<Failure | undefined> {
  const { prepareStackTrace } = Error
  const url = pathToFileURL(new TemporaryModule(code).file).href
  // The position in the compiled module. The code that makes the exports is not the author's and has no place in a file.
  Error.prepareStackTrace = (_, sites) => sites
  try {
    await import(url)
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof ReferenceError)) return undefined
    const name = /^Cannot access '(.+)' before initialization$/.exec(thrown.message)?.[1]
    const sites = thrown.stack as unknown as readonly NodeJS.CallSite[]
    return name === undefined ? undefined : { name, frames: framesOf(url, code.split('\n'), sites) }
  } finally {
    Error.prepareStackTrace = prepareStackTrace
  }
}

/** The objects to which `export` and `import` are compiled. */
const EXPORT = /^\s*(?:\w+|"[^"]*"): \(\) => [\w.]+,?$|get: \(\) => from\[key\]/
const RUN = /\(mod = \{ exports: \{\} \}\)/

function framesOf(url: string, lines: readonly string[], sites: readonly NodeJS.CallSite[]): Frame[] {
  const frames: Frame[] = []
  for (const site of sites) {
    const [row, column] = [site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0]
    const text = lines[row - 1] ?? ''
    if (RUN.test(text)) break
    const entry = findSourceMap(url)?.findEntry(row - 1, column - 1)
    if (entry === undefined || !('originalSource' in entry) || !entry.originalSource.startsWith('file:')) continue
    frames.push({
      file: fileURLToPath(entry.originalSource),
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
      isExport: EXPORT.test(text),
    })
  }
  return frames
}
