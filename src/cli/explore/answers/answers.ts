/** Answers the requests of pages. */
import { badOption } from '../../../errors.ts'
import type { RequestName, Requests, VersionDocument } from '../protocol.ts'
import type { Version } from '../changes.ts'
import type { Session } from '../session.ts'
import { errorOf } from '../errors.ts'
import { requireBody } from './body.ts'
import { checkDocument, traceOfProperty } from './check-answers.ts'
import { compareVariants } from './compare-answers.ts'
import { graphAround, wayToNode } from './graph-answers.ts'
import { evaluateAnswer, searchAnswer } from './search-answers.ts'
import { lanesDocument, savedTrace } from './trace-answers.ts'
import { disabledSteps, positionDocument, randomPosition, specDocument } from './walk-answers.ts'

type Answer<N extends RequestName> = Requests[N]['answer']

type Answers = {
  readonly [N in RequestName]: (
    session: Session,
    body: Requests[N]['body'],
    signal: AbortSignal,
  ) => Answer<N> | Promise<Answer<N>>
}

const ANSWERS: Answers = {
  spec: specDocument,
  position: (session, body) => positionDocument(session.walk(body.constants), body),
  disabled: disabledSteps,
  random: randomPosition,
  version: async ({ changes }, { version }) => versionDocument(await changes.after(version)),
  check: (session, { constants }) => checkDocument(session.check(constants)),
  trace: traceOfProperty,
  compare: compareVariants,
  graph: graphAround,
  way: wayToNode,
  search: searchAnswer,
  evaluate: evaluateAnswer,
  lanes: lanesDocument,
  save: savedTrace,
}

function versionDocument({ number, error }: Version): VersionDocument {
  return { version: number, failure: error === undefined ? null : errorOf(error) }
}

/**
 * The answer to a request.
 *
 * @param signal - aborts when nobody waits for the answer any longer
 * @throws {CheckerError} KR101 for a request that is not one, and the errors of the spec
 */
export async function answer(
  session: Session,
  name: string,
  body: unknown,
  signal: AbortSignal = new AbortController().signal,
): Promise<object> {
  if (!Object.hasOwn(ANSWERS, name)) throw badOption(`the explorer does not know the request "${name}"`)
  return ANSWERS[name as RequestName](session, requireBody(body) as never, signal)
}
