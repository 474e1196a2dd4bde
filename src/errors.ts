/**
 * Every error that a user can see: its code, sentence, labelled values and hint. All errors are defined here.
 *
 * A violated property is a result, not an error. The first digit of a code says what failed: the command line (KR1xx), the
 * definition of the spec (KR2xx), a value outside its domain (KR3xx), a limit (KR4xx), a spec function during the run (KR5xx),
 * or Kripke itself (KR9xx). Every layer may throw these errors; this file imports nothing.
 */

/** A value that a report prints below the sentence, such as `['variables', 'owner, dma']`. */
export type Detail = readonly [label: string, value: string]

/** The parts of a `CheckerError`. */
export interface ErrorParts {
  /** `KR` and three digits. */
  readonly code: string
  /** One sentence without a full stop, usually: SUBJECT must ..., but ... */
  readonly message: string
  readonly details?: readonly Detail[]
  /** What to do, as an imperative. */
  readonly hint?: string
  /** The place in the user's file, as `path:line:column`. */
  readonly at?: string | undefined
  /** The user's function that caused the error. Its own place is better than `at`. */
  readonly source?: SpecFunction | undefined
}

/** A function that the user wrote. */
export type SpecFunction = (...values: never[]) => unknown

/** The place of an error: as text, or a function that may be located later, with a fallback. */
export type Where = string | Pick<ErrorParts, 'at' | 'source'>

function whereOf(where: Where | undefined): Pick<ErrorParts, 'at' | 'source'> {
  return typeof where === 'object' ? where : { at: where }
}

/** An error that Kripke explains: printed as code, sentence, labelled values and hint, without a stack trace. */
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

/** Throws KR901 unless `condition` holds. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw defect(sentence)
}

/** KR901: Kripke has a defect. */
export function defect(sentence: string): CheckerError {
  return new CheckerError({
    code: 'KR901',
    message: `Kripke has a defect: ${sentence}`,
    hint: 'run again with --interpret to get a verdict now, and please report the spec',
  })
}

/** KR902: a worker thread exited unexpectedly. */
export function workerLost(why: string): CheckerError {
  return new CheckerError({
    code: 'KR902',
    message: `a worker thread exited unexpectedly: ${why}`,
    hint: 'run again with --workers 1, and make sure that no spec function ends the process',
  })
}

// ─── KR1xx: the command line and constants ───────────────────────────────────────────────────────────────────────────

/** KR101: an option or argument is wrong. */
export function badOption(message: string, hint?: string): CheckerError {
  return new CheckerError({ code: 'KR101', message, ...(hint === undefined ? {} : { hint }) })
}

/** An option that does not exist: KR101. */
export function unknownOption(what: string, name: string, available: readonly string[]): CheckerError {
  return new CheckerError({
    code: 'KR101',
    message: `"${name}" is not an ${what}`,
    details: [['options', available.join(', ')]],
    ...nearest(name, available),
  })
}

/** KR102: a constant, property or variable that the spec does not have. */
export function unknownName(kind: string, name: string, available: readonly string[], of: string): CheckerError {
  return new CheckerError({
    code: 'KR102',
    message: `spec "${of}" has no ${kind} "${name}"`,
    details: [[kind, available.length === 0 ? 'none' : available.join(', ')]],
    ...nearest(name, available),
  })
}

/** KR103: a constant has a value outside its domain. */
export function badConstant(name: string, value: string, domain: string, problem: string = ''): CheckerError {
  return new CheckerError({
    code: 'KR103',
    message: `constant "${name}" must have one of its values, but is ${value}${problem === '' ? '' : `: ${problem}`}`,
    details: [['values', domain]],
    hint: `give "${name}" one of these values`,
  })
}

/** KR104: an assumption about the constants is false. */
export function assumptionFalse(assumption: string, constants: string): CheckerError {
  return new CheckerError({
    code: 'KR104',
    message: `the assumption "${assumption}" must be true, but is false`,
    details: [['constants', constants]],
    hint: 'choose constants that satisfy the assumption',
  })
}

/** KR105: Kripke cannot read or write a file. */
export function fileFailed(
  action: 'read' | 'run' | 'write' | 'write to',
  path: string,
  reason: string,
  hint: string | undefined = (action.startsWith('write') ? WRITE_HINTS : READ_HINTS)[reason],
): CheckerError {
  const words = SYSTEM_ERRORS[reason]
  const message = `cannot ${action} ${path}: ${words === undefined ? reason : `${words} (${reason})`}`
  return new CheckerError({ code: 'KR105', message, ...(hint === undefined ? {} : { hint }) })
}

/** Error codes of the operating system in words. */
const SYSTEM_ERRORS: { readonly [code: string]: string } = {
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOENT: 'no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is not a folder',
  EPIPE: 'the reader closed the pipe',
  EROFS: 'the file system is read-only',
}

const READ_HINTS: { readonly [code: string]: string } = {
  EISDIR: 'name a file, not a folder',
  ENOENT: 'check the path of the file',
  ENOTDIR: 'check the path of the file',
}

const OTHER_FOLDER = 'name a file in a folder that you can write to'

const WRITE_HINTS: { readonly [code: string]: string } = {
  EACCES: OTHER_FOLDER,
  EISDIR: 'name a file, not a folder',
  ENOENT: 'create the folder first, or name a file in another folder',
  ENOSPC: 'free space on the disk, or name a file on another disk',
  ENOTDIR: OTHER_FOLDER,
  EROFS: OTHER_FOLDER,
}

/** The current folder does not exist any more. */
export function noCurrentFolder(reason: string): CheckerError {
  return fileFailed('read', 'the current folder', reason, 'change to a folder that exists')
}

/** KR106: a file is not a trace that Kripke can replay. */
export function badTrace(
  path: string,
  problem: string,
  hint = 'write the trace again with kripke check --trace itf:file',
): CheckerError {
  return new CheckerError({ code: 'KR106', message: `cannot replay ${path}: ${problem}`, hint })
}

/** KR107: an optional package is not installed. */
export function packageMissing(names: readonly string[], purpose: string, instead: string): CheckerError {
  const which = names.length === 1 ? 'the package' : 'the packages'
  return new CheckerError({
    code: 'KR107',
    message: `${purpose} needs ${which} ${names.join(' and ')}, but ${names.length === 1 ? 'it is' : 'they are'} not installed`,
    hint: `run npm install --save-dev ${names.join(' ')}, or ${instead}`,
  })
}

// ─── KR2xx: the spec ─────────────────────────────────────────────────────────────────────────────────────────────────

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

// ─── KR3xx: values and their domains ─────────────────────────────────────────────────────────────────────────────────

/** KR301: a variable is undefined. */
export function undefinedValue(variable: string): CheckerError {
  return new CheckerError({
    code: 'KR301',
    message: `variable "${variable}" must be in its domain, but is undefined`,
    hint: 'write a value of the domain; for a value that may be missing, declare optional(...) and write null',
  })
}

/** KR302: a variable has a value outside its domain. */
export function outsideDomain(
  variable: string,
  value: string,
  domain: string,
  hint = 'widen the domain, or guard the step that writes the value',
): CheckerError {
  return new CheckerError({
    code: 'KR302',
    message: `variable "${variable}" must be in its domain, but is ${value}`,
    details: [['domain', domain]],
    hint,
  })
}

/** KR303: an open variable holds an object that Kripke cannot compare by content. */
export function notAValue(
  variable: string,
  value: string,
  hint = 'use strings, numbers, booleans, or the immutable Map, Set, List and Record',
): CheckerError {
  return new CheckerError({
    code: 'KR303',
    message: `variable "${variable}" must hold a value that Kripke can compare by content, but holds ${value}`,
    hint,
  })
}

// ─── KR4xx: limits ───────────────────────────────────────────────────────────────────────────────────────────────────

/** KR402: open variables have more distinct values than their capacity. */
export function tooManyValues(limit: number): CheckerError {
  return new CheckerError({
    code: 'KR402',
    message: `open variables must have at most ${limit.toLocaleString('en')} distinct values, but have more`,
    hint: 'give value() a larger capacity, use a finite domain, or limit the search with a constraint',
  })
}

/** KR403: a graph has too many nodes or states. */
export function graphTooLarge(what: string, limit: number): CheckerError {
  return new CheckerError({
    code: 'KR403',
    message: `the graph must have at most ${limit.toLocaleString('en')} ${what}, but has more`,
    hint: 'choose smaller constants with -c, merge states with --project a,b, or allow more with --max-states',
  })
}

/** KR404: the symbolic engine cannot explore the model. */
export function unsuitedForDiagrams(why: string, source?: SpecFunction): CheckerError {
  return new CheckerError({
    code: 'KR404',
    message: `the symbolic engine cannot explore this model: ${why}`,
    hint: 'use --engine explicit',
    source,
  })
}

/** KR405: the run reached the heap limit of Node.js. */
export function heapExhausted(): CheckerError {
  return new CheckerError({
    code: 'KR405',
    message: 'the run reached the heap limit of Node.js',
    hint: 'limit the search, for example with --max-states, or raise the heap limit: NODE_OPTIONS=--max-old-space-size=8192',
  })
}

// ─── KR5xx: spec functions at run time ───────────────────────────────────────────────────────────────────────────────

/** KR501: learned and reference evaluation disagree. */
export function disagreement(who: string, what: string): CheckerError {
  return new CheckerError({
    code: 'KR501',
    message: `learned and reference evaluation disagree about ${who}: ${what}`,
    hint: 'run again with --interpret to get a verdict now, and please report the spec',
  })
}

/** KR502: the result of a spec function depends on more than the state and its parameters. */
export function impure(who: string, evidence: string): CheckerError {
  return new CheckerError({
    code: 'KR502',
    message: `${who} must depend only on the state and its parameters, but ${evidence}`,
    hint: 'read only the state and the parameters: do not use clocks, random numbers, or variables that change outside',
  })
}

/** KR503: a spec function threw. */
export function threw(who: string, thrown: string, hint?: string): CheckerError {
  return new CheckerError({ code: 'KR503', message: `${who} threw ${thrown}`, ...(hint === undefined ? {} : { hint }) })
}

/** KR504: an action returned a value that is not a state. */
export function notAState(who: string, returned: string): CheckerError {
  return new CheckerError({
    code: 'KR504',
    message: `${who} must return states, but returned ${returned}`,
    hint: returned.includes('a promise')
      ? NOT_ASYNC
      : returned.includes('a plain object')
        ? "return s.set('name', value) or s.merge({ ... }): spreading a state does not make a state"
        : 'return the next state, an iterable of next states, or undefined if the action is not enabled',
  })
}

const MISSING_RETURN = 'return a value on every path: a return may be missing'
const NOT_ASYNC = 'return the value itself: a spec function must not be async'

/** KR505: a step does not move its thread to a label. */
export function badStep(who: string, problem: string, hint: string): CheckerError {
  return new CheckerError({ code: 'KR505', message: `${who} ${problem}`, hint })
}

/** KR506: a predicate returned a value that is not a boolean. */
export function notABoolean(who: string, returned: string, source?: SpecFunction): CheckerError {
  return new CheckerError({
    code: 'KR506',
    message: `${who} must return a boolean, but returned ${returned}`,
    hint:
      returned === 'undefined'
        ? MISSING_RETURN
        : returned === 'a promise'
          ? NOT_ASYNC
          : 'return true or false, for example by a comparison such as !== null or > 0',
    source,
  })
}

/** KR513: the mapping of a refinement does not give an abstract state. */
export function notAnAbstractState(who: string, spec: string, problem: string): CheckerError {
  return new CheckerError({
    code: 'KR513',
    message: `${who} must map to the variables of "${spec}", but ${problem}`,
    hint: 'return a value for each variable of the abstract spec: (s) => ({ queue: s.sent })',
  })
}

/** KR514: a view returned a value that cannot be compared. */
export function notAView(returned: string): CheckerError {
  return new CheckerError({
    code: 'KR514',
    message: `view must return a value that can be compared, but returned ${returned}`,
    hint: returned.includes('a promise') ? NOT_ASYNC : 'return a value, an array, an object, or an immutable.js value',
  })
}

/** KR511: an alias returned a value that is not an object of named values. */
export function notAnAlias(who: string, returned: string): CheckerError {
  return new CheckerError({
    code: 'KR511',
    message: `${who} must return an object of named values, but returned ${returned}`,
    hint: returned.includes('a promise') ? NOT_ASYNC : 'return ({ name: value, ... })',
  })
}

/** KR507: an action returned too many states. */
export function tooManySuccessors(who: string, limit: number): CheckerError {
  return new CheckerError({
    code: 'KR507',
    message: `${who} must return at most ${limit.toLocaleString('en')} states, but returned more`,
    hint: 'return fewer next states, and end the iterable',
  })
}

/** KR508: a spec function distinguishes members of a symmetric set. Callers omit an unknown `permutation`. */
export function notSymmetric(
  who: string,
  permutation?: string,
  details: readonly Detail[] = [],
  where: Pick<ErrorParts, 'at' | 'source'> = {},
): CheckerError {
  const swap = permutation === undefined ? 'swapping members' : `swapping members (${permutation})`
  return new CheckerError({
    code: 'KR508',
    message: `${who} is not symmetric: ${swap} changes its result`,
    details,
    hint: 'do not name a member or depend on the order of members; or drop { symmetric: true }; or use --symmetry off',
    ...where,
  })
}

/** KR509: a measure returned a value that is not a safe integer. */
export function notAnInteger(who: string, returned: string): CheckerError {
  return new CheckerError({
    code: 'KR509',
    message: `${who} must return a safe integer, but returned ${returned}`,
    hint: returned === 'undefined' ? MISSING_RETURN : 'return a whole number',
  })
}

/** KR510: a spec function did not return before the run ended. */
export function neverReturned(who: string, waitedMs: number, details: readonly Detail[] = []): CheckerError {
  return new CheckerError({
    code: 'KR510',
    message: `${who} must return, but has not returned after ${(waitedMs / 1000).toFixed(1)} s`,
    details,
    hint: 'look for a loop or recursion that never ends; if the function is only slow, give the run more time',
  })
}

/** KR512: a step calls a procedure while as many calls are in progress as its thread allows. */
export function callTooDeep(who: string, procedure: string, depth: number): CheckerError {
  const calls = depth === 1 ? 'one call' : `${depth} calls`
  return new CheckerError({
    code: 'KR512',
    message: `${who} must not call "${procedure}" while ${calls} of its thread ${depth === 1 ? 'is' : 'are'} in progress, but does`,
    hint: `raise the depth of the thread in the schema: { calls: [...], depth: ${depth + 1} }`,
  })
}

/** KR515: a note did not return a text. */
export function badNote(who: string, returned: string, source?: SpecFunction): CheckerError {
  return new CheckerError({
    code: 'KR515',
    message: `${who} must return a text or nothing, but returned ${returned}`,
    hint: 'write note: ({ after }) => `...`',
    source,
  })
}

/** A hint with the available name closest to `name`, if the difference can be a typing error; else to choose a name. */
function nearest(name: string, available: readonly string[]): { hint?: string } {
  const ranked = available
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  if (best === undefined) return {}
  if (best.distance > Math.max(1, name.length * 0.4)) return { hint: 'use one of these names' }
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
