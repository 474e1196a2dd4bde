/** Who takes part in the race, and what a run of it has to tell. */
import type { RaceModel } from './models.ts'

/** One command, ready to be run any number of times. */
export interface Runner {
  readonly command: readonly string[]
  /** Where it is run; the current directory if left out. */
  readonly folder?: string
  /** Besides the runner's own environment. */
  readonly environment?: Readonly<Record<string, string>>
  /** What matters of the flags it was generated, compiled and run with. */
  readonly settings: string
  /** The commands that made it, and what they took; not part of the race. */
  readonly preparation?: { readonly commands: readonly string[]; readonly seconds: number }
  /**
   * The distinct states that a run found, from what it printed; nothing for a contestant that only counts for time and memory.
   *
   * @throws {Error} when the run was not complete, was not exact, or found a property violated: it cannot be compared
   */
  readonly distinct?: (stdout: string) => number
}

export interface Contestant {
  readonly name: string
  /** The version, as the tool tells it; undefined if it is not installed. */
  version(): string | undefined
  /**
   * Gets ready for a model, in a temporary folder of its own.
   *
   * @returns a sentence that says why, if this tool cannot do that
   */
  prepare(model: RaceModel, workers: number, folder: string): Runner | string
}

/** The number that a pattern's first group finds in what a tool printed. */
export function numberIn(stdout: string, pattern: RegExp, tool: string): number {
  const found = pattern.exec(stdout)?.[1]
  if (found === undefined) throw new Error(`${tool} printed no count of distinct states:\n${stdout.slice(-2000)}`)
  return Number(found.replaceAll(',', ''))
}

/** Refuses a run that does not say what a complete, exact and successful one says, or says what it must not. */
export function insist(stdout: string, tool: string, must: readonly RegExp[], mustNot: readonly RegExp[] = []): void {
  const bad = must.find((pattern) => !pattern.test(stdout)) ?? mustNot.find((pattern) => pattern.test(stdout))
  if (bad !== undefined) {
    throw new Error(`${tool} did not complete an exact search without errors (see ${bad}):\n${stdout.slice(-2000)}`)
  }
}
