/** The contestants of the race, and the results of a run. */
import type { RaceModel } from './models.ts'

/** A command that can run any number of times. */
export interface Runner {
  readonly command: readonly string[]
  /** The folder to run it in; the current directory if omitted. */
  readonly folder?: string
  /** Additions to the runner's own environment. */
  readonly environment?: Readonly<Record<string, string>>
  /** The relevant flags for generating, compiling and running it. */
  readonly settings: string
  /** The commands that made it, and their duration, which is not part of the race. */
  readonly preparation?: { readonly commands: readonly string[]; readonly seconds: number }
  /**
   * Parses the distinct states from the output of a run; undefined if only time and memory are measured.
   *
   * @throws {Error} if the run was not complete, not exact, or found a violation, so that it cannot be compared
   */
  readonly distinct?: (stdout: string) => number
}

export interface Contestant {
  readonly name: string
  /** The version that the tool reports; undefined if it is not installed. */
  version(): string | undefined
  /**
   * Prepares a model in a temporary folder.
   *
   * @returns a sentence that says why, if the tool does not support it
   */
  prepare(model: RaceModel, workers: number, folder: string): Runner | string
}

/** The number in the first group of a pattern, in the output of a tool. */
export function numberIn(stdout: string, pattern: RegExp, tool: string): number {
  const found = pattern.exec(stdout)?.[1]
  if (found === undefined) throw new Error(`${tool} printed no count of distinct states:\n${stdout.slice(-2000)}`)
  return Number(found.replaceAll(',', ''))
}

/**
 * Rejects a run whose output lacks a line of a complete, exact and successful run, or contains a line that such a run
 * does not print.
 */
export function insist(stdout: string, tool: string, must: readonly RegExp[], mustNot: readonly RegExp[] = []): void {
  const bad = must.find((pattern) => !pattern.test(stdout)) ?? mustNot.find((pattern) => pattern.test(stdout))
  if (bad !== undefined) {
    throw new Error(`${tool} did not complete an exact search without errors (see ${bad}):\n${stdout.slice(-2000)}`)
  }
}
