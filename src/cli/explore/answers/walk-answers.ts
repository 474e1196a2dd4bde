/** Answers about the states of a walk. */
import { infoOf } from '../../../api/info.ts'
import { follow } from '../../../api/walk/path.ts'
import { randomSteps } from '../../../api/walk/random-steps.ts'
import { namesOfInitialStates } from '../../../api/walk/step-names.ts'
import type { Walk } from '../../../api/walk/walk.ts'
import { disabledDocument, pathDocument, stepsDocument } from '../../../report/json/walk.ts'
import { spellingOf } from '../../../spec/constant-text.ts'
import type { Constant } from '../../../spec/constant.ts'
import type { AnyDomain } from '../../../spec/domain.ts'
import type { Position, PositionDocument, Requests, SpecDocument } from '../protocol.ts'
import type { Session } from '../session.ts'

export function specDocument(session: Session, { constants }: Requests['spec']['body']): SpecDocument {
  const { spec, file } = session
  const walk = session.walk(constants)
  const info = infoOf(spec, constants)
  return {
    spec: info.spec,
    file,
    doc: info.doc,
    constants: info.constants.map(({ name, values, default: initial, doc }) => ({
      name,
      values,
      default: spellingOf(initial),
      doc,
      input: inputFor(spec.constants[name]!),
    })),
    variables: walk.variables,
    properties: walk.properties.map(({ name, kind }) => ({ name, kind })),
    initial: namesOfInitialStates(walk.initialStates, walk.variables),
  }
}

/** How a form asks for a value. */
function inputFor({ domain }: Constant): SpecDocument['constants'][number]['input'] {
  const it = domain as AnyDomain
  switch (it.kind) {
    case 'bool':
      return { kind: 'check' }
    case 'range':
      return { kind: 'number', low: it.low, high: it.high }
    case 'oneOf':
      return { kind: 'choice', options: it.literals.map(spellingOf) }
    case 'members':
      return { kind: 'choice', options: [...it].map(spellingOf) }
    default:
      return { kind: 'text' }
  }
}

export function positionDocument(walk: Walk, { path, at = path.length - 1 }: Position): PositionDocument {
  const followed = follow(walk, withStart(walk, path))
  const shown = Math.min(Math.max(0, at), followed.states.length - 1)
  const state = followed.states[shown]
  return {
    ...pathDocument(walk, withStart(walk, path), followed),
    at: Math.max(0, shown),
    steps: state === undefined ? { enabled: [], failed: [] } : stepsDocument(walk.stepsFrom(state)),
    constants: Object.fromEntries(Object.entries(walk.constants).map(([name, value]) => [name, spellingOf(value)])),
  }
}

export function disabledSteps(session: Session, position: Position): Requests['disabled']['answer'] {
  const { constants, path, at = path.length - 1 } = position
  const walk = session.walk(constants)
  const state = follow(walk, path.slice(0, at + 1)).states.at(-1)
  return { disabled: state === undefined ? [] : walk.disabledIn(state).map(disabledDocument) }
}

/** The position after random steps from the entry at `at`. */
export function randomPosition(
  session: Session,
  { constants, path, at = path.length - 1, steps, seed }: Requests['random']['body'],
): PositionDocument {
  const walk = session.walk(constants)
  const start = withStart(walk, path.slice(0, at + 1))
  const { states, departure } = follow(walk, start)
  if (departure !== undefined) return positionDocument(walk, { constants, path })
  return positionDocument(walk, { constants, path: [...start, ...randomSteps(walk, states.at(-1)!, steps, seed)] })
}

/** An empty path leads to the first initial state. */
export function withStart(walk: Walk, path: readonly string[]): readonly string[] {
  return path.length > 0 ? path : namesOfInitialStates(walk.initialStates, walk.variables).slice(0, 1)
}
