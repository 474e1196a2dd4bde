/**
 * Every error a user can meet: its code, its one sentence, its labelled values and its hint. The only home of all four.
 *
 * A violated property is a result, not an error; it never comes from here. Errors are mistakes in a command line (KR1xx),
 * a spec (KR2xx), a value written outside its domain (KR3xx), a limit reached (KR4xx), a spec function that failed while
 * the checker ran it (KR5xx), or a defect of Kripke (KR9xx). Anyone may throw from here; this file imports nothing.
 */

/** A value shown beneath an error's sentence, such as `['variables', 'owner, dma']`. */
export type Detail = readonly [label: string, value: string]

/** What a `CheckerError` is made of. */
export interface ErrorParts {
  /** `KR` and three digits; the first digit names the layer. */
  readonly code: string
  /** One sentence: what is wrong, in the user's words. */
  readonly message: string
  readonly details?: readonly Detail[]
  /** The repair, as an imperative. */
  readonly hint?: string
  /** Where in the user's file, as `path:line:column`, if known. */
  readonly at?: string | undefined
  /** The user's function that is to blame, if one is: where it is written is a better place than `at`. */
  readonly source?: SpecFunction | undefined
}

/** A function that the user wrote. */
export type SpecFunction = (...values: never[]) => unknown

/** Where an error is: a place, or a function whose place the engine may know, with a fallback place. */
export type Where = string | Pick<ErrorParts, 'at' | 'source'>

function whereOf(where: Where | undefined): Pick<ErrorParts, 'at' | 'source'> {
  return typeof where === 'object' ? where : { at: where }
}

/** A mistake that Kripke can name. Printed as code, sentence, labelled values and hint, without a stack trace. */
export class CheckerError extends Error {
  readonly code: string
  readonly details: readonly Detail[]
  readonly hint: string | undefined
  at: string | undefined
  readonly source: SpecFunction | undefined

  constructor({ code, message, details = [], hint, at, source }: ErrorParts) {
    super(message)
    this.name = 'CheckerError'
    this.code = code
    this.details = details
    this.hint = hint
    this.at = at
    this.source = source
  }
}

/** Throws KR901 unless `condition` holds: a state of the program that its author believed impossible. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw defect(sentence)
}

/** KR901: a defect of Kripke itself. */
export function defect(sentence: string): CheckerError {
  return new CheckerError({
    code: 'KR901',
    message: `${sentence}: a defect of Kripke`,
    hint: 'run again with --interpret to get a verdict now, and please report the spec',
  })
}

/** KR902: a thread that helped to explore is lost. */
export function workerLost(why: string): CheckerError {
  return new CheckerError({
    code: 'KR902',
    message: `a thread that helped to explore was lost before its work was done: ${why}`,
    hint: 'run again with --workers 1; a spec function that ends its process may be the cause',
  })
}

// ─── KR1xx: the command line and constants ───────────────────────────────────────────────────────────────────────────

/** KR101: a word of the command line that means nothing. */
export function badOption(message: string, hint?: string): CheckerError {
  return new CheckerError({ code: 'KR101', message, ...(hint === undefined ? {} : { hint }) })
}

/** KR102: a name that is not among those there are. */
export function unknownName(kind: string, name: string, available: readonly string[], of: string): CheckerError {
  return new CheckerError({
    code: 'KR102',
    message: `${of} has no ${kind} "${name}"`,
    details: [[kind, available.length === 0 ? 'none' : available.join(', ')]],
    ...nearest(name, available),
  })
}

/** KR103: a constant was given a value outside its domain. */
export function badConstant(name: string, value: string, domain: string): CheckerError {
  return new CheckerError({
    code: 'KR103',
    message: `constant "${name}" cannot be ${value}`,
    details: [['values', domain]],
    hint: `give "${name}" one of the values above`,
  })
}

/** KR104: an assumption over the constants is false. */
export function assumptionFalse(assumption: string, constants: string): CheckerError {
  return new CheckerError({
    code: 'KR104',
    message: `the assumption "${assumption}" is false`,
    details: [['constants', constants]],
    hint: 'choose constants for which it holds; the spec does not claim to mean anything for these',
  })
}

/** KR105: a file could not be read or written. */
export function fileFailed(action: string, path: string, reason: string, hint?: string): CheckerError {
  const message = `cannot ${action} ${path}: ${reason}`
  return new CheckerError({ code: 'KR105', message, ...(hint === undefined ? {} : { hint }) })
}

/** The current folder was removed. */
export function noCurrentFolder(reason: string): CheckerError {
  return fileFailed('read', 'the current folder', reason, 'change to a folder that exists')
}

/** KR106: a file that is no trace, or not one that can be replayed. */
export function badTrace(path: string, problem: string, hint?: string): CheckerError {
  const message = `cannot replay ${path}: ${problem}`
  return new CheckerError({ code: 'KR106', message, ...(hint === undefined ? {} : { hint }) })
}

/** KR107: an optional package is not installed. */
export function packageMissing(name: string, purpose: string, instead: string): CheckerError {
  return new CheckerError({
    code: 'KR107',
    message: `${purpose} takes the package ${name}, which is not installed`,
    hint: `npm install ${name}, or ${instead}`,
  })
}

// ─── KR2xx: the spec ─────────────────────────────────────────────────────────────────────────────────────────────────

/** KR201: the file could not be compiled or run. */
export function specNotLoaded(path: string, reason: string, at?: string, hint?: string): CheckerError {
  const message = `cannot load ${path}: ${reason}`
  return new CheckerError({ code: 'KR201', message, at, ...(hint === undefined ? {} : { hint }) })
}

/**
 * A constant is read while the spec is loaded, before it is defined.
 *
 * @param circle - the files that import each other, if they cause the error
 */
export function constantTooEarly(path: string, what: string, at: string | undefined, circle?: string): CheckerError {
  const reason = `${what} is read before it is defined`
  if (circle === undefined) return specNotLoaded(path, reason, at, `move the definition of ${what} above its first use`)
  const hint = `move ${what} to a module of its own that imports none of these`
  return specNotLoaded(path, `${reason}, because files import each other in a circle: ${circle}`, at, hint)
}

/** KR202: the file has no default export that is a spec. */
export function notASpec(path: string, found: string): CheckerError {
  return new CheckerError({
    code: 'KR202',
    message: `${path} is not a spec: its default export is ${found}`,
    hint: `end the file with: ${/\.c[jt]s$/.test(path) ? 'module.exports =' : 'export default'} spec({ name, constants, model })`,
  })
}

/** KR203: a write to, or a read of, a variable or field that was never declared. */
export function unknownField(owner: string, name: string, fields: readonly string[]): CheckerError {
  return new CheckerError({
    code: 'KR203',
    message: `"${name}" is not a ${owner === 'State' ? 'variable of the schema' : `field of ${owner}`}`,
    details: [[owner === 'State' ? 'variables' : 'fields', fields.join(', ')]],
    ...nearest(name, fields),
  })
}

/** KR204: a domain that makes no sense, such as an empty one. */
export function badDomain(domain: string, problem: string, hint: string, at?: string): CheckerError {
  return new CheckerError({ code: 'KR204', message: `${domain} ${problem}`, hint, at })
}

/** KR205: a name that is taken, or that cannot be used. */
export function nameClash(kind: string, name: string, problem: string, where?: Where): CheckerError {
  const message = `${kind} "${name}" ${problem}`
  return new CheckerError({ code: 'KR205', message, hint: 'choose another name', ...whereOf(where) })
}

/** KR206: something in a definition is of the wrong kind. */
export function badDefinition(what: string, problem: string, hint?: string, where?: Where): CheckerError {
  const message = `${what} ${problem}`
  return new CheckerError({ code: 'KR206', message, ...(hint === undefined ? {} : { hint }), ...whereOf(where) })
}

/** KR207: there is no initial state. */
export function noInitialState(): CheckerError {
  return new CheckerError({
    code: 'KR207',
    message: 'the spec has no initial state: init gave an empty collection',
    hint: 'init: State() is the state in which every variable has the first value of its domain',
  })
}

/** KR208: an initial state is outside its domains. Made of the KR3xx that says how. */
export function initialOutsideDomain({ message, details, hint, at, source }: CheckerError): CheckerError {
  return new CheckerError({
    code: 'KR208',
    message: message.replace(/^variable/, 'in an initial state, variable'),
    details: details.filter(([label]) => label === 'domain'),
    // A hint about a step does not fit, because no step writes an initial state.
    hint: hint === undefined || /\bthe step\b/.test(hint) ? 'widen the domain, or start elsewhere' : hint,
    at,
    source,
  })
}

/** KR209: a function that defines the spec threw, before anything was explored. */
export function definitionThrew(what: string, thrown: string, at: string | undefined): CheckerError {
  return new CheckerError({ code: 'KR209', message: `${what} threw ${thrown}`, at })
}

/** KR210: a definition has a part that nothing else knows of. */
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

// ─── KR3xx: values and their domains ─────────────────────────────────────────────────────────────────────────────────

/** KR301: a variable took `undefined`. */
export function undefinedValue(variable: string): CheckerError {
  return new CheckerError({
    code: 'KR301',
    message: `variable "${variable}" took undefined, which is never a value`,
    hint: 'use optional() and null for "none"',
  })
}

/** KR302: a variable took a value that its domain does not have. */
export function outsideDomain(
  variable: string,
  value: string,
  domain: string,
  hint = 'widen the domain, or guard the step that writes the value',
): CheckerError {
  return new CheckerError({
    code: 'KR302',
    message: `variable "${variable}" took ${value}, outside its domain`,
    details: [['domain', domain]],
    hint,
  })
}

/** KR303: an open variable holds something whose equality is identity. */
export function notAValue(
  variable: string,
  value: string,
  hint = 'use primitives and immutable Map, Set, List or Record',
): CheckerError {
  return new CheckerError({
    code: 'KR303',
    message: `variable "${variable}" took ${value}, which is not compared by value`,
    hint,
  })
}

// ─── KR4xx: limits ───────────────────────────────────────────────────────────────────────────────────────────────────

/** KR402: more distinct values in open variables than a slot can number. */
export function tooManyValues(limit: number): CheckerError {
  return new CheckerError({
    code: 'KR402',
    message: `open variables took more than ${limit.toLocaleString('en')} different values`,
    hint: 'give value() a larger capacity, use a finite domain, or bound the search with a constraint',
  })
}

/** KR403: a graph with more nodes, or of more states, than there may be. */
export function graphTooLarge(what: string, limit: number): CheckerError {
  return new CheckerError({
    code: 'KR403',
    message: `the graph has more than ${limit.toLocaleString('en')} ${what}`,
    hint: 'choose smaller constants with -c, merge states with --project a,b, or allow more with --max-states',
  })
}

/** KR404: a model that decision diagrams cannot take. */
export function unsuitedForDiagrams(why: string, source?: SpecFunction): CheckerError {
  return new CheckerError({
    code: 'KR404',
    message: `the symbolic engine cannot take this model: ${why}`,
    hint: 'run it with --engine explicit',
    source,
  })
}

/** KR405: node ran out of memory for JavaScript values. */
export function heapExhausted(): CheckerError {
  return new CheckerError({
    code: 'KR405',
    message: 'the run needs more memory for JavaScript values than node allows',
    hint: 'bound the search, for example with --max-states, or allow more: NODE_OPTIONS=--max-old-space-size=8192',
  })
}

// ─── KR5xx: spec functions at run time ───────────────────────────────────────────────────────────────────────────────

/** KR501: learned and reference evaluation disagree. */
export function disagreement(who: string, what: string): CheckerError {
  return new CheckerError({
    code: 'KR501',
    message: `learned and reference evaluation of ${who} disagree: ${what}`,
    hint: 'run again with --interpret to get a verdict now, and please report the spec',
  })
}

/** KR502: a spec function is not a function of the state. */
export function impure(who: string, evidence: string): CheckerError {
  return new CheckerError({
    code: 'KR502',
    message: `${who} is not a function of the state: ${evidence}`,
    hint: 'a spec function may read only the state and its parameters: no clock, no random numbers, nothing that changes outside',
  })
}

/** KR503: a spec function threw. */
export function threw(who: string, thrown: string, hint?: string): CheckerError {
  return new CheckerError({ code: 'KR503', message: `${who} threw ${thrown}`, ...(hint === undefined ? {} : { hint }) })
}

/** KR504: an action returned something that is no state. */
export function notAState(who: string, returned: string): CheckerError {
  return new CheckerError({
    code: 'KR504',
    message: `${who} must return states, but returned ${returned}`,
    hint: returned.includes('a promise')
      ? NOT_ASYNC
      : returned.includes('a plain object')
        ? "a state cannot be spread: return s.set('name', value) or s.merge({ ... })"
        : 'return the next state, an iterable of next states, or undefined when the action is not enabled',
  })
}

const NOT_ASYNC = 'return the value itself: a spec function cannot be async'

/** KR505: a thread fell off its last label, or moved its own program counter by hand. */
export function badStep(who: string, problem: string, hint: string): CheckerError {
  return new CheckerError({ code: 'KR505', message: `${who} ${problem}`, hint })
}

/** KR506: a predicate returned something that is no boolean. */
export function notABoolean(who: string, returned: string, source?: SpecFunction): CheckerError {
  return new CheckerError({
    code: 'KR506',
    message: `${who} must return a boolean, but returned ${returned}`,
    hint:
      returned === 'undefined'
        ? 'is a return missing?'
        : returned === 'a promise'
          ? NOT_ASYNC
          : 'compare explicitly, for example with !== null',
    source,
  })
}

/** KR507: an action went on and on returning states. */
export function tooManySuccessors(who: string, limit: number): CheckerError {
  return new CheckerError({
    code: 'KR507',
    message: `${who} returned more than ${limit.toLocaleString('en')} states`,
    hint: 'return finitely many next states, and not so many',
  })
}

/** KR508: a function of the spec tells members of a symmetric set apart. `permutation` is left out where it is not known. */
export function notSymmetric(
  who: string,
  permutation?: string,
  details: readonly Detail[] = [],
  where: Pick<ErrorParts, 'at' | 'source'> = {},
): CheckerError {
  const change =
    permutation === undefined ? 'when members change places' : `when members change places (${permutation})`
  return new CheckerError({
    code: 'KR508',
    message: `${who} breaks the symmetry that the spec declares: it does not do the same ${change}`,
    details,
    hint: 'name no member, and do not go by their order; or drop { symmetric: true }, or run with --symmetry off',
    ...where,
  })
}

/** KR509: a measure returned something that is no safe integer. */
export function notAnInteger(who: string, returned: string): CheckerError {
  return new CheckerError({
    code: 'KR509',
    message: `${who} returned ${returned}, which is no safe integer`,
    hint: returned === 'undefined' ? 'is a return missing?' : 'return a whole number of something that can be counted',
  })
}

/** KR510: a spec function did not return in time. */
export function neverReturned(who: string, waitedMs: number, details: readonly Detail[] = []): CheckerError {
  return new CheckerError({
    code: 'KR510',
    message: `${who} has not returned after ${(waitedMs / 1000).toFixed(1)} s`,
    details,
    hint: 'look for a loop or a recursion that never ends; if the function is only slow, allow it more time with --timeout',
  })
}

/** `{ hint }` naming the available name closest to `name`, if one is close enough to be a slip of the keyboard. */
function nearest(name: string, available: readonly string[]): { hint?: string } {
  const ranked = available
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  if (best === undefined || best.distance > Math.max(1, name.length * 0.4)) return {}
  return { hint: `did you mean "${best.candidate}"?` }
}

/** Levenshtein distance, by the two-row dynamic program. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(substitution, previous[j]! + 1, row[j - 1]! + 1))
    }
    previous = row
  }
  return previous[b.length]!
}
