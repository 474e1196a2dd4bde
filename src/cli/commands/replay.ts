/** `kripke replay`. */
import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { badTrace } from '../../errors.ts'
import { errorText } from '../../report/text/error.ts'
import { replayDocument, replayText, verdictOf } from '../../report/text/replay.ts'
import type { RecordedTrace } from '../../trace/replay/recorded-trace.ts'
import { replayRecorded } from '../../api/replay.ts'
import type { Replay } from '../../trace/replay/replay.ts'
import { HOLDS, INCOMPLETE, statusOf, statusOfError } from '../exit-status.ts'
import { loadSpec } from '../spec-loader/load-spec.ts'
import { locate } from '../spec-loader/locate.ts'
import { styleOf } from '../output.ts'
import { withConstants, type Given } from './options.ts'
import { readTrace } from './read-trace.ts'
import { stderr, stdout, tryWrite } from '../streams.ts'
import { print, printJson } from '../terminal.ts'

interface ReplayCommandOptions {
  readonly constant: Given
  readonly spec?: string
  readonly json?: true
  readonly full?: boolean
  readonly quiet?: true
}

/** Adds the command to the program; `exit` gets its status. */
export function addReplayCommand(program: Command, exit: (status: number) => void): void {
  const command = program
    .command('replay')
    .argument('<trace>', 'a trace in the Informal Trace Format, as written by check --trace itf:file')
    .description('replay a saved trace and report where the spec diverges')
  withConstants(command)
    .option('--spec <file>', 'use this spec instead of the one that the trace names')
    .option('--json', 'print one JSON document')
    .option('--full', 'print whole states, not only the changes')
    .option('--quiet', 'print only the verdict')
    .action(async (path: string, options: ReplayCommandOptions) => exit(await run(path, options)))
}

async function run(
  path: string,
  { spec: named, constant, json, full = false, quiet }: ReplayCommandOptions,
): Promise<number> {
  const recorded = await readTrace(path)
  const { spec } = await loadSpec(named ?? (await specOf(path, recorded)))
  const replay = replayRecorded(spec, recorded, constant)
  const { failure } = replay
  if (failure !== undefined) locate(failure)
  const style = styleOf(stdout)
  if (json) printJson(replayDocument(replay))
  else print(quiet ? verdictOf(replay, style) : replayText(replay, style, { full }))
  if (failure !== undefined && !json) tryWrite(`${errorText(failure, styleOf(stderr)).join('\n')}\n`)
  return statusOfReplay(replay)
}

/** The spec's file, which the trace names relative to itself. */
async function specOf(path: string, { file }: RecordedTrace): Promise<string> {
  if (file === undefined) throw badTrace(path, 'it does not name its spec', 'name the spec with --spec file')
  const found = resolve(dirname(path), file)
  const isThere = await stat(found).then(
    (it) => it.isFile(),
    () => false,
  )
  if (!isThere) throw badTrace(path, `its spec ${file} does not exist`, 'name the spec with --spec file')
  return found
}

/**
 * The status that `check` has for such a verdict. A trace that cannot be followed, or whose end is not what it was, says nothing about
 * the property, neither that it holds nor that it does not: there is no verdict.
 */
function statusOfReplay({ trace, divergence, failure }: Replay): number {
  if (divergence !== undefined) return INCOMPLETE
  const { kind, property: name } = trace
  if (kind === 'error') return statusOfError(failure!)
  if (kind === 'goal') return HOLDS
  return statusOf({ verdict: 'violated', properties: [{ name, kind, result: 'violated' }] })
}
