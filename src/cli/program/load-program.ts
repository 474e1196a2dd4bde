/**
 * Loads the program: the code of all threads, except for what the main thread needs to supervise.
 *
 * A small check takes less time than compiling the program. Node.js 20 can keep compiled code of scripts, but not of modules. So
 * `build.mjs` bundles the program into one script, a function.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'
import type { main, programOf } from '../command-line.ts'
import { DEADLOCK, HOLDS, STEP_PROPERTY } from '../exit-status.ts'
import type { printCrash, printUnreturned } from '../supervisor/errors.ts'
import { CodeCache } from './code-cache.ts'

/** Commands whose compiled code is kept. */
const COMMANDS = new Set(['check', 'compare', 'bench', 'simulate', 'info', 'graph', 'replay'])

/** What the program exports: see `build.mjs`. */
export interface Program {
  readonly kripke: { readonly [name: string]: unknown }
  readonly immutable: { readonly [name: string]: unknown }
  readonly main: typeof main
  readonly programOf: typeof programOf
  readonly printCrash: typeof printCrash
  readonly printUnreturned: typeof printUnreturned
  runCommand(): Promise<number>
  runWatchedCommand(): Promise<number>
  runSearch(): Promise<void>
  /** Prepare a worker thread. They return what works on a task. */
  prepareWorker(): Promise<unknown>
  prepareVariantWorker(): Promise<unknown>
  prepareWalkWorker(): Promise<unknown>
}

/** The function in the file of the program. */
type Factory = (
  require: NodeJS.Require,
  /** Scripts with compiled code of an earlier run cannot import. */
  importModule: (specifier: string) => Promise<unknown>,
  fileUrl: string,
) => Program

/** The hash of the program, which `build.mjs` inserts. */
declare const PROGRAM_HASH: string

const URL_OF_PROGRAM = new URL('./program.js', import.meta.url)

let program: Program | undefined
let keep = (): void => {}

/**
 * The program. Each thread loads it once.
 *
 * @param command - the command whose compiled code to use; without it, V8 compiles the program
 */
export function loadProgram(command?: string): Program {
  program ??= load(command)
  return program
}

function load(command: string | undefined): Program {
  const cache = command !== undefined && COMMANDS.has(command) ? CodeCache.for(PROGRAM_HASH, command) : undefined
  const cachedData = cache?.find()
  const script = new Script(readFileSync(URL_OF_PROGRAM, 'latin1'), {
    filename: URL_OF_PROGRAM.href,
    ...(cachedData && { cachedData }),
  })
  if (cache !== undefined && script.cachedDataRejected !== false) keep = () => cache.add(script.createCachedData())
  const make = script.runInThisContext() as Factory
  return make(createRequire(fileURLToPath(URL_OF_PROGRAM)), (specifier) => import(specifier), URL_OF_PROGRAM.href)
}

/** Keeps the compiled code of a command that reached a verdict, because only then it has run most of its code. */
export function keepCode(status: number): void {
  if (status === HOLDS || (status >= DEADLOCK && status <= STEP_PROPERTY)) keep()
}
