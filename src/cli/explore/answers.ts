/** Answers the requests of pages. */
import { badOption } from '../../errors.ts'
import { infoOf } from '../../api/info.ts'
import { namesOfInitialStates } from '../../api/walk/step-names.ts'
import { follow, namesOfTrace } from '../../api/walk/path.ts'
import { randomSteps } from '../../api/walk/random-steps.ts'
import type { Walk } from '../../api/walk/walk.ts'
import { disabledDocument, pathDocument, stepsDocument } from '../../report/json/walk.ts'
import { show } from '../../report/show.ts'
import type { BackgroundCheck } from './checks.ts'
import type { CheckDocument, Position, PositionDocument, RequestName, Requests, SpecDocument } from './protocol.ts'
import type { Session } from './session.ts'

type Answers = { readonly [name in RequestName]: (session: Session, body: any) => Requests[name]['answer'] }

/** Random steps of one request. */
const MAX_RANDOM = 1000

const ANSWERS: Answers = {
  spec: (session, { constants }: Requests['spec']['body']) => specDocument(session, session.walk(constants), constants),
  position: (session, { constants, path }: Position) => positionDocument(session.walk(constants), path),
  disabled: (session, { constants, path }: Position) => {
    const { walk, followed } = session.follow(constants, path)
    const state = followed.states.at(-1)
    return { disabled: state === undefined ? [] : walk.disabledIn(state).map(disabledDocument) }
  },
  check: (session, { constants }: Requests['check']['body']) => checkDocument(session.check(constants)),
  trace: (session, { constants, property }: Requests['trace']['body']) => {
    const { outcome } = session.check(constants)
    const trace = outcome?.traces.find((it) => it.property === property)
    if (trace === undefined) throw badOption(`the check has not found a trace of ${property}`)
    const path = namesOfTrace(session.walk(constants), trace)
    const isWhole = path.length === trace.steps.length
    return { path, loop: isWhole ? (trace.loop ?? null) : null }
  },
  random: (session, { constants, path, steps, seed }: Requests['random']['body']) => {
    const { walk, followed } = session.follow(constants, path)
    if (followed.departure !== undefined) return positionDocument(walk, path)
    const start = path.length === 0 ? namesOfInitialStates(walk.initialStates, walk.variables).slice(0, 1) : path
    return positionDocument(walk, [...start, ...randomSteps(walk, followed.states.at(-1)!, steps, seed)])
  },
}

/** The answer to a request. @throws {CheckerError} KR101 for a request that is not one, and the errors of the spec */
export function answer(session: Session, name: string, body: unknown): object {
  if (!Object.hasOwn(ANSWERS, name)) throw badOption(`the explorer does not know the request "${name}"`)
  return ANSWERS[name as RequestName](session, requireBody(body))
}

/** Checks what comes from outside. */
function requireBody(body: unknown): object {
  const {
    constants = {},
    path = [],
    steps = 1,
    seed = 1,
    property = '',
  } = (isObject(body) ? body : {}) as { [name: string]: unknown }
  const isText = (it: unknown): boolean => typeof it === 'string'
  if (!isObject(constants) || !Object.values(constants).every(isText)) {
    throw badOption('"constants" must be an object of texts, but is not')
  }
  if (!Array.isArray(path) || !path.every(isText)) throw badOption('"path" must be a list of names, but is not')
  if (!isCount(steps) || steps > MAX_RANDOM)
    throw badOption(`"steps" must be a number from 1 to ${MAX_RANDOM}, but is not`)
  if (!Number.isSafeInteger(seed)) throw badOption('"seed" must be a whole number, but is not')
  if (!isText(property)) throw badOption('"property" must be a name, but is not')
  return { constants, path, steps, seed, property }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}

function specDocument({ spec, file }: Session, walk: Walk, constants: Position['constants']): SpecDocument {
  const info = infoOf(spec, constants)
  return {
    spec: info.spec,
    file,
    doc: info.doc,
    constants: info.constants.map(({ name, values, default: initial, doc }) => ({
      name,
      values,
      default: show(initial),
      doc,
    })),
    variables: walk.variables,
    properties: walk.properties.map(({ name, kind }) => ({ name, kind })),
    initial: namesOfInitialStates(walk.initialStates, walk.variables),
  }
}

function positionDocument(walk: Walk, path: readonly string[]): PositionDocument {
  const names = path.length === 0 ? namesOfInitialStates(walk.initialStates, walk.variables).slice(0, 1) : path
  const followed = follow(walk, names)
  const last = followed.states.at(-1)
  return {
    ...pathDocument(walk, names, followed),
    steps: last === undefined ? { enabled: [], failed: [] } : stepsDocument(walk.stepsFrom(last)),
    constants: Object.fromEntries(Object.entries(walk.constants).map(([name, value]) => [name, show(value)])),
  }
}

function checkDocument({ outcome, error, progress }: BackgroundCheck): CheckDocument {
  return {
    isRunning: outcome === undefined && error === undefined,
    distinct: outcome?.states.distinct ?? progress?.distinct ?? 0,
    depth: outcome?.states.depth ?? progress?.depth ?? 0,
    seconds: outcome?.seconds ?? (progress?.elapsedMs ?? 0) / 1000,
    properties: (outcome?.properties ?? []).map(({ name, kind, result, reason, trace }) => ({
      name,
      kind,
      result,
      reason: reason ?? null,
      hasTrace: trace !== undefined,
    })),
    failure:
      error === undefined
        ? null
        : { code: error.code, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) },
  }
}
