/**
 * Finds out whether a spec fails to load because a constant is read before it is defined.
 *
 * Bundling makes such a read give undefined, which fails somewhere else. So where loading fails, the spec is compiled once more
 * with every file a module of its own, in which reading too early is an error that names the constant.
 */
import { realpathSync } from 'node:fs'
import { findSourceMap } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { constantTooEarly, type CheckerError } from '../errors.ts'
import { circleText, circleThrough } from './import-circles.ts'
import { TemporaryModule } from './temporary-module.ts'

/** The error for a constant that is read too early; undefined if that is not why loading fails. */
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
  /** Of the constant that was read too early. */
  readonly name: string
  /** Of the author's functions, innermost first, up to the module that was run. */
  readonly frames: readonly Frame[]
}

/** Runs a compiled spec; undefined if no constant is read too early. */
async function failureOf(code: string): Promise<Failure | undefined> {
  const { prepareStackTrace } = Error
  const url = pathToFileURL(new TemporaryModule(code).file).href
  // Where the compiled module was: what makes the exports is no code of the author's, and has no place in a file.
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

/** What `export` and `import` are compiled to. */
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
