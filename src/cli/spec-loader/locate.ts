/**
 * Locates the definition of a function.
 *
 * Some errors do not have a line of the author's on their stack, for example a return value that is not a state. But there is a
 * function to blame. The JavaScript engine tells debuggers where it compiled that function. The source map of the bundle, which
 * Node.js keeps, leads from there to the author's file.
 */
import type { Session } from 'node:inspector'
import { findSourceMap } from 'node:module'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CheckerError, SpecFunction } from '../../errors.ts'

/** Where the engine can see the function to be found. */
const SUBJECT = Symbol.for('kripke.written-at')

interface Location {
  readonly scriptId: string
  readonly lineNumber: number
  readonly columnNumber: number
}

/** Sets the place of an error to the best that can be told, as one would type it here. */
export function locate(error: CheckerError): void {
  const at = (error.source && writtenAt(error.source)) ?? error.at
  if (at === undefined) return
  const shorter = relative(process.cwd(), at)
  error.at = shorter.length < at.length ? shorter : at
}

/** Where `source` begins, as `path:line:column`; undefined if that cannot be told. */
function writtenAt(source: SpecFunction): string | undefined {
  // Only errors need the inspector, so other runs do not load it.
  const session = new (process.getBuiltinModule('node:inspector').Session)()
  try {
    session.connect()
    return findIn(session, source)
  } catch {
    return undefined
  } finally {
    session.disconnect()
    delete (globalThis as { [SUBJECT]?: unknown })[SUBJECT]
  }
}

function findIn(session: Session, source: SpecFunction): string | undefined {
  const urls = new Map<string, string>()
  session.on('Debugger.scriptParsed', ({ params: { scriptId, url } }) => void urls.set(scriptId, url))
  session.post('Debugger.enable')
  ;(globalThis as { [SUBJECT]?: unknown })[SUBJECT] = source
  let location: Location | undefined
  // Within a process the answers come before `post` returns.
  session.post('Runtime.evaluate', { expression: "globalThis[Symbol.for('kripke.written-at')]" }, (_, answer) => {
    session.post('Runtime.getProperties', { objectId: answer.result.objectId! }, (__, { internalProperties = [] }) => {
      const found = internalProperties.find(({ name }) => name === '[[FunctionLocation]]')
      location = found?.value?.value as Location | undefined
    })
  })
  if (location === undefined) return undefined
  const map = findSourceMap(urls.get(location.scriptId) ?? '')
  const entry = map?.findEntry(location.lineNumber, location.columnNumber)
  if (entry === undefined || !('originalSource' in entry) || !entry.originalSource.startsWith('file:')) return undefined
  return `${fileURLToPath(entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
}
