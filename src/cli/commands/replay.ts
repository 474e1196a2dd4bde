/** `kripke replay`. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { badTrace, fileFailed } from '../../errors.ts'
import { errorText } from '../../report/text/error.ts'
import { replayDocument, replayText, verdictOf } from '../../report/text/replay.ts'
import { parseTrace, type RecordedTrace } from '../../trace/replay/recorded-trace.ts'
import { replayRecorded } from '../../api/replay.ts'
import type { Replay } from '../../trace/replay/replay.ts'
import { HOLDS, INCOMPLETE, statusOf, statusOfError } from '../exit-status.ts'
import { loadSpec } from '../spec-loader/load-spec.ts'
import { locate } from '../spec-loader/locate.ts'
import { styleOf } from '../output.ts'
import { withConstants, type Given } from './options.ts'
import { stderr, stdout, tryWrite } from '../streams.ts'
import { print, printJson } from '../terminal.ts'

/** No trace is longer than this. The bound is for endless devices such as /dev/zero. */
const MAX_BYTES = 2 ** 28

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
  const recorded = parseTrace(path, await readTrace(path))
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

/** The text of a trace, which may come through a pipe. @throws {CheckerError} KR105 */
async function readTrace(path: string): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > MAX_BYTES) break
      chunks.push(chunk)
    }
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException
    throw fileFailed('read', path, code ?? message)
  }
  if (bytes > MAX_BYTES) throw fileFailed('read', path, 'it is larger than 256 MiB', 'name a file that holds a trace')
  return Buffer.concat(chunks).toString()
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
