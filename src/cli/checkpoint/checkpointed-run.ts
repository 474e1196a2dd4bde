/** Runs of `kripke check` that a folder keeps: how they begin, go on and end. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { badCheckpoint, type CheckerError } from '../../errors.ts'
import type { Outcome } from '../../api/outcome.ts'
import { errorText } from '../../report/text/error.ts'
import { styleOf } from '../output.ts'
import { stderr, tryWrite } from '../streams.ts'
import { diskText } from '../../report/text/disk.ts'
import { CheckpointFolder, type Listener } from './checkpoint-folder.ts'
import type { Report } from './manifest.ts'

const EVERY_MS = 300_000

/** Options that are not kept, because each process has its own. */
const OWN: readonly string[] = ['checkpoint', 'disk', 'resume', 'every', 'workers', 'memory', 'timeout']

/**
 * The folder for a new run. `module` is the URL of the compiled spec. `isForDisk` says that checkpoints begin once memory
 * is full.
 *
 * @throws {CheckerError} KR101, KR105, KR111
 */
export function newRun(
  folder: string,
  { path, module, options }: { readonly path: string; readonly module: string; readonly options: object },
  { everyMs = EVERY_MS, isForDisk }: { readonly everyMs?: number | undefined; readonly isForDisk: boolean },
): CheckpointFolder {
  const kept = Object.fromEntries(Object.entries(options).filter(([name]) => !OWN.includes(name)))
  const run = { path, folder: process.cwd(), hash: hashOf(module), options: kept }
  return CheckpointFolder.create(folder, run, { everyMs, isForDisk }, LISTENER)
}

/** The folder of an earlier run. @throws {CheckerError} KR105, KR111 */
export function earlierRun(folder: string, everyMs: number = EVERY_MS): CheckpointFolder {
  return CheckpointFolder.open(folder, everyMs, LISTENER)
}

/** @throws {CheckerError} KR111 if the spec is not the one of the run */
export function requireSameSpec({ folder, run }: CheckpointFolder, module: string): void {
  if (hashOf(module) === run.hash) return
  throw badCheckpoint(
    folder,
    `${run.path}, or a file that it imports, has changed since the run began`,
    'restore the files, or begin again with kripke check --checkpoint and another folder',
  )
}

/** Endings after which a run can go on, with more time or memory. */
const MAY_GO_ON: readonly string[] = ['time', 'memory', 'disk', 'interrupted']

/**
 * Tells how to go on if a limit or a signal ended the run. Otherwise keeps what it printed.
 *
 * @throws {CheckerError} KR105
 */
export function concludeRun(folder: CheckpointFolder, { ending }: Pick<Outcome, 'ending'>, report: () => Report): void {
  if (!MAY_GO_ON.includes(ending)) return folder.finish(report())
  // A disk that is full may not even take the options.
  if (ending === 'disk' && !folder.hasStates) return
  folder.keepOptions()
  tellHowToGoOn(folder)
}

function tellHowToGoOn({ folder, hasStates }: CheckpointFolder): void {
  const what = hasStates ? 'the run is kept' : 'the run will begin again'
  tryWrite(`${what}; go on with: npx kripke check --resume ${folder}\n`)
}

const LISTENER: Listener = {
  failed: (error) => tryWrite(`no checkpoint was written, and the one before stays:\n${inText(error)}`),
  ended: (error) => tryWrite(inText(error)),
  told: (news, folder) => tryWrite(`${diskText(news, folder)}\n`),
}

function inText(error: CheckerError): string {
  return `${errorText(error, styleOf(stderr)).join('\n')}\n`
}

function hashOf(module: string): string {
  return createHash('sha256')
    .update(readFileSync(fileURLToPath(module)))
    .digest('hex')
}
