/** KR1xx: the command line, constants and files. */
import { CheckerError } from './checker-error.ts'
import { nearest } from './nearest.ts'

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

/**
 * KR108: a log cannot be read, or an event of it cannot be an event of the spec.
 *
 * @param where - the place, as the subject of the sentence
 */
export function badEvent(where: string, problem: string, hint?: string): CheckerError {
  return new CheckerError({ code: 'KR108', message: `${where} ${problem}`, ...(hint === undefined ? {} : { hint }) })
}

/** KR110: a graph cannot be written as an automaton for runtime verification. */
export function notAnAutomaton(problem: string, hint: string): CheckerError {
  return new CheckerError({ code: 'KR110', message: `the graph cannot be a monitor: ${problem}`, hint })
}

/** KR109: the file of `--map` does not export a map. */
export function notAMap(path: string): CheckerError {
  return new CheckerError({
    code: 'KR109',
    message: `${path} must have a map of logs as its default export, but has another value or none`,
    hint: 'end the file with: export default logMap({ event: (entry) => ... })',
  })
}

/**
 * KR111: a run cannot go on from a checkpoint.
 *
 * @param from - the folder
 */
export function badCheckpoint(
  from: string,
  problem: string,
  hint = 'run kripke check --checkpoint again, with another folder',
): CheckerError {
  return new CheckerError({ code: 'KR111', message: `cannot go on from ${from}: ${problem}`, hint })
}

/** KR112: the values of the run cannot be written to a file. */
export function unsuitedForCheckpoints(): CheckerError {
  return new CheckerError({
    code: 'KR112',
    message: 'a checkpoint cannot keep this run: an open variable has a record, or text that is not valid Unicode',
    hint: 'give the variable a domain such as record({ ... }), or run without --checkpoint',
  })
}

/** KR113: a cluster cannot be reached, or a run on it cannot go on. */
export function clusterFailed(where: string, problem: string, hint?: string): CheckerError {
  return new CheckerError({ code: 'KR113', message: `${where}: ${problem}`, ...(hint === undefined ? {} : { hint }) })
}

/** A run on a cluster that belongs to another spec, or to other options: KR113. */
export function anotherRun(): CheckerError {
  return clusterFailed(
    'the run on the cluster',
    'it must be of the same spec and options, but is of others',
    'give the run another name with --run',
  )
}

/** KR114: messages or journals of a cluster are damaged. */
export function damagedMessage(where: string, problem: string): CheckerError {
  return new CheckerError({
    code: 'KR114',
    message: `${where} of the cluster is damaged: ${problem}`,
    hint: 'check that all nodes run the same version of Kripke, and begin again',
  })
}

/** A journal does not have all states of its slot: KR114. */
export function lostStates(slot: number, found: number, expected: number): CheckerError {
  return damagedMessage(`the journal of slot ${slot}`, `it has ${found} states instead of ${expected}`)
}

/** The nodes and the journals do not have the same number of states: KR114. */
export function unequalCounts(found: number, expected: number): CheckerError {
  return damagedMessage('the seen set', `the nodes have ${found} states instead of ${expected}`)
}

/** A node has another layout for the spec than the coordinator: KR114. */
export function runOfAnotherSpec(): CheckerError {
  return damagedMessage('the run', 'a node lays out the states of the spec differently')
}

/** KR115: another process coordinates the run. */
export function anotherCoordinator(): CheckerError {
  return new CheckerError({
    code: 'KR115',
    message: 'this process must be the only coordinator of its run, but another process has taken the run over',
    hint: 'look at the other process, or give the run another name with --run',
  })
}
