/** KR2xx: the definition of the spec. */
import { CheckerError, whereOf, type Detail, type Where } from './checker-error.ts'
import { nearest } from './nearest.ts'

/** KR201: Kripke cannot find, compile or run the file of the spec. */
export function specNotLoaded(path: string, reason: string, at?: string, hint?: string): CheckerError {
  const message = `cannot load ${path}: ${reason}`
  return new CheckerError({ code: 'KR201', message, at, ...(hint === undefined ? {} : { hint }) })
}

/**
 * Code at the top level of a module reads a constant before its definition.
 *
 * @param circle - the files that import each other, if they cause the error
 */
export function constantTooEarly(path: string, what: string, at: string | undefined, circle?: string): CheckerError {
  const reason = `${what} is read before it is defined`
  if (circle === undefined) return specNotLoaded(path, reason, at, `move the definition of ${what} above its first use`)
  const hint = `move ${what} to a module of its own that imports none of these`
  return specNotLoaded(path, `${reason}, because these files import each other: ${circle}`, at, hint)
}

/** KR202: the default export of the file is not a spec. */
export function notASpec(path: string, found: string): CheckerError {
  return new CheckerError({
    code: 'KR202',
    message: `${path} must have a spec as its default export, but its default export is ${found}`,
    hint: `end the file with: ${/\.c[jt]s$/.test(path) ? 'module.exports =' : 'export default'} spec({ name, constants, model })`,
  })
}

/** KR203: a function reads or writes a variable or field that is not declared. */
export function unknownField(owner: string, name: string, fields: readonly string[]): CheckerError {
  return new CheckerError({
    code: 'KR203',
    message: `"${name}" is not a ${owner === 'State' ? 'variable of the schema' : `field of ${owner}`}`,
    details: [[owner === 'State' ? 'variables' : 'fields', fields.join(', ')]],
    ...nearest(name, fields),
  })
}

/** KR204: a domain is not valid, for example because it is empty. */
export function badDomain(domain: string, problem: string, hint: string, at?: string): CheckerError {
  return new CheckerError({ code: 'KR204', message: `${domain} ${problem}`, hint, at })
}

/** KR205: a name is used twice, or is not allowed. */
export function nameClash(
  kind: string,
  name: string,
  problem: string,
  where?: Where,
  hint = 'choose another name',
): CheckerError {
  const message = `${kind} "${name}" ${problem}`
  return new CheckerError({ code: 'KR205', message, hint, ...whereOf(where) })
}

/** KR206: a part of a definition is missing or has the wrong type. */
export function badDefinition(what: string, problem: string, hint?: string, where?: Where): CheckerError {
  const message = `${what} ${problem}`
  return new CheckerError({ code: 'KR206', message, ...(hint === undefined ? {} : { hint }), ...whereOf(where) })
}

/** KR207: the spec does not have an initial state. */
export function noInitialState(): CheckerError {
  return new CheckerError({
    code: 'KR207',
    message: 'init must give at least one state, but gave an empty collection',
    hint: 'write init: State() to start with the first value of each domain, or return at least one state',
  })
}

/** KR208: an initial state has a value outside its domain. It takes its parts from a KR3xx error. */
export function initialOutsideDomain({ message, details, hint, at, source }: CheckerError): CheckerError {
  return new CheckerError({
    code: 'KR208',
    message: message.replace(/^variable/, 'in an initial state, variable'),
    details: details.filter(([label]) => label === 'domain'),
    // A hint about a step does not fit, because no step writes an initial state.
    hint: hint === undefined || /\bthe step\b/.test(hint) ? 'widen the domain, or choose another initial value' : hint,
    at,
    source,
  })
}

/** KR209: a function that defines the spec threw. */
export function definitionThrew(what: string, thrown: string, at: string | undefined): CheckerError {
  return new CheckerError({ code: 'KR209', message: `${what} threw ${thrown}`, at })
}

/** KR210: a definition has an unknown part, or names an unknown action, parameter, thread or label. */
export function unknownPart(
  kind: string,
  name: string,
  available: readonly string[],
  of: string,
  at?: string,
): CheckerError {
  return new CheckerError({
    code: 'KR210',
    message: `${of} has no ${kind} "${name}"`,
    details: [[`${kind}s`, available.length === 0 ? 'none' : available.join(', ')]],
    ...nearest(name, available),
    at,
  })
}

/** KR211: `init` gave too many states. */
export function tooManyInitialStates(limit: number): CheckerError {
  return new CheckerError({
    code: 'KR211',
    message: `init must give at most ${limit.toLocaleString('en')} initial states, but gave more`,
    hint: 'end the iterable that init returns, or return fewer states and let an action choose the rest',
  })
}

/** KR212: the spec has type errors. */
export function typesWrong(message: string, at: string | undefined, details: readonly Detail[] = []): CheckerError {
  return new CheckerError({
    code: 'KR212',
    message,
    details,
    at,
    hint: 'run without --types to check the spec anyway',
  })
}
