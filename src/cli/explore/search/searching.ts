/** Searches, each in a thread of its own. A page that no longer waits for the answer ends the thread. */
import { Worker } from 'node:worker_threads'
import { badOption } from '../../../errors.ts'
import { functionSource } from '../../../api/walk/predicate.ts'
import type { Walk } from '../../../api/walk/walk.ts'
import type { SearchReport, SearchTask } from './task.ts'

const THREAD = new URL('./search.js', import.meta.url)

/**
 * Works on a task in another thread.
 *
 * @param signal - ends the thread, wherever it is
 */
export function inThread(task: SearchTask, signal: AbortSignal): Promise<SearchReport> {
  if (signal.aborted) return Promise.reject(badOption('the search was cancelled'))
  return new Promise((resolve, reject) => {
    const thread = new Worker(THREAD, { workerData: task })
    const stop = (): void => void thread.terminate()
    signal.addEventListener('abort', stop, { once: true })
    thread.once('message', resolve)
    thread.once('error', reject)
    thread.once('exit', () => {
      signal.removeEventListener('abort', stop)
      reject(badOption('the search was cancelled'))
    })
  })
}

/** An expression as the source of a JavaScript function. @throws {CheckerError} KR101 if it is not an expression */
export async function compileExpression(expression: string, walk: Walk): Promise<string> {
  if (expression.trim() === '') throw badOption('the expression must not be empty', 'type one, for example: x === 1')
  // Alone, because text that closes a parenthesis would run outside the function.
  await transformed(`const it = ${expression}\n`)
  const source = functionSource(expression, { variables: walk.variables, constants: Object.keys(walk.constants) })
  const code = await transformed(`const it = ${source}`)
  return code
    .trim()
    .replace(/^const it = /, '')
    .replace(/;$/, '')
}

async function transformed(source: string, isAgain: boolean = false): Promise<string> {
  const { transform } = await import('esbuild')
  try {
    return (await transform(source, { loader: 'ts', target: 'node20' })).code
  } catch (thrown) {
    const { errors } = thrown as { readonly errors?: readonly { readonly text: string }[] }
    if (errors?.[0] !== undefined)
      throw badOption(`the expression must be a TypeScript expression, but is not: ${errors[0].text}`)
    // Loading a saved spec stops the compiler for all who use it.
    if (isAgain) throw thrown
    return await transformed(source, true)
  }
}
