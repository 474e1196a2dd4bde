/** Traces as recorded in files: parsed from the Informal Trace Format, and not trusted yet. */
import { badTrace } from '../../errors.ts'
import { meaning, type Recorded } from './recorded-value.ts'

type Named = { readonly [name: string]: Recorded }

export interface RecordedAction {
  readonly action: string
  readonly bindings: Named
}

export interface RecordedState {
  /** The step that led to it; undefined if the file does not record it. Files of other tools do not. */
  readonly by: RecordedAction | undefined
  /** Values by variable. */
  readonly values: Named
}

export interface RecordedTrace {
  /** The spec's file, relative to the file of the trace; undefined if not recorded. */
  readonly file: string | undefined
  readonly constants: { readonly [name: string]: unknown }
  readonly property: { readonly name: string; readonly kind: string; readonly bindings: Named }
  /** At least one state. */
  readonly states: readonly RecordedState[]
  /** The index of the state that follows the last one; null without a lasso. */
  readonly loop: number | undefined
  /** The step from the last state to that one, if recorded. */
  readonly returns: RecordedAction | undefined
}

/**
 * Reads a trace from text.
 *
 * @param path - the name of the file in errors
 * @throws {CheckerError} KR106 for text that is not a trace of a property
 */
export function parseTrace(path: string, text: string): RecordedTrace {
  return readTrace(path, parseJson(path, text))
}

/** Reads a trace from parsed JSON. @throws {CheckerError} KR106 for a value that is not a trace of a property */
export function readTrace(path: string, document: Recorded): RecordedTrace {
  if (!isNamed(document)) throw badTrace(path, 'it must be a JSON object, but is not')
  const { '#meta': meta = {}, vars, states, loop: given } = document
  if (!isList(vars) || !vars.every((name) => typeof name === 'string'))
    throw badTrace(path, '"vars" must be a list of names, but is not')
  if (!isList(states) || states.length === 0) throw badTrace(path, '"states" must be a list with a state, but is not')
  const loop = (given ?? undefined) as number | undefined
  if (loop !== undefined && (!Number.isInteger(loop) || loop < 0 || loop >= states.length)) {
    throw badTrace(path, `"loop" must be the index of a state, but is ${JSON.stringify(loop)}`)
  }
  const { spec, constants = {}, property, returns } = isNamed(meta) ? meta : {}
  if (!isNamed(constants)) throw badTrace(path, 'its constants must be an object, but are not')
  if (!isNamed(property) || typeof property['name'] !== 'string' || typeof property['kind'] !== 'string') {
    throw badTrace(path, 'its "#meta" does not name a property', 'write the trace with kripke check --trace itf:file')
  }
  return {
    file: isNamed(spec) && typeof spec['file'] === 'string' ? spec['file'] : undefined,
    constants: Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, meaning(value)])),
    property: { name: property['name'], kind: property['kind'], bindings: named(property['bindings']) },
    states: states.map((state, index) => parseState(path, vars, state, index)),
    loop,
    returns: isNamed(returns) ? actionOf(returns) : undefined,
  }
}

function parseJson(path: string, text: string): Recorded {
  try {
    return JSON.parse(text) as Recorded
  } catch (thrown) {
    const why = text.trim() === '' ? 'it is empty' : `it is not valid JSON (${(thrown as Error).message})`
    throw badTrace(path, why)
  }
}

function parseState(path: string, vars: readonly string[], state: Recorded, index: number): RecordedState {
  if (!isNamed(state)) throw badTrace(path, `state ${index} must be an object, but is not`)
  const missing = vars.find((name) => !Object.hasOwn(state, name))
  if (missing !== undefined) throw badTrace(path, `state ${index} does not have the variable "${missing}"`)
  const { '#meta': meta, ...values } = state
  return { by: isNamed(meta) ? actionOf(meta) : undefined, values }
}

function actionOf({ action, bindings }: Named): RecordedAction | undefined {
  return typeof action === 'string' ? { action, bindings: named(bindings) } : undefined
}

function named(value: Recorded | undefined): Named {
  return isNamed(value) ? value : {}
}

function isNamed(value: Recorded | undefined): value is Named {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isList<T extends Recorded>(value: Recorded | undefined): value is readonly T[] {
  return Array.isArray(value)
}
