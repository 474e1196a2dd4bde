/** Answers that another thread finds. */
import { CheckerError } from '../../../errors.ts'
import { defaultMemory } from '../../memory.ts'
import type { Requests } from '../protocol.ts'
import { compileExpression, inThread } from '../search/searching.ts'
import type { SearchReport } from '../search/task.ts'
import type { Session } from '../session.ts'
import { withStart } from './walk-answers.ts'

/** A search in another thread may take so much of the memory that is free. */
const MEMORY_SHARE = 0.5

export async function searchAnswer(
  session: Session,
  { constants, path, at = path.length - 1, until, from, how, seed, expression }: Requests['search']['body'],
  signal: AbortSignal,
): Promise<Requests['search']['answer']> {
  const { module } = session
  const walk = session.walk(constants)
  const source = until === 'expression' ? await compileExpression(expression, walk) : undefined
  const search = { until, from, how, seed, memoryBytes: defaultMemory() * MEMORY_SHARE }
  const taken = withStart(walk, path.slice(0, at + 1))
  const report = await inThread({ module, constants, path: taken, source, search }, signal)
  if (report.kind !== 'found') throw failureOf(report)
  return report.result
}

export async function evaluateAnswer(
  session: Session,
  { constants, path, expression }: Requests['evaluate']['body'],
  signal: AbortSignal,
): Promise<Requests['evaluate']['answer']> {
  const { module } = session
  const walk = session.walk(constants)
  const source = await compileExpression(expression, walk)
  const task = { module, constants, path: withStart(walk, path), source, search: undefined }
  const report = await inThread(task, signal)
  if (report.kind !== 'values') throw failureOf(report)
  return { values: report.values }
}

/** The error of a thread, as one of this thread. */
function failureOf(report: SearchReport): unknown {
  if (report.kind !== 'failed') return new Error(`the thread answered with ${report.kind}`)
  return new CheckerError(report.error)
}
