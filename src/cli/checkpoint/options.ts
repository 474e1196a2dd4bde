/** The options that keep a run in a folder, and which options fit together. */
import { badOption } from '../../errors.ts'

/** The options of the command line that concern checkpoints. */
export interface CheckpointOptions {
  readonly checkpoint?: string
  readonly disk?: string
  readonly resume?: string
  readonly every?: number
}

/** Options that may differ when a run goes on. The others come from the checkpoint. */
const FREE: readonly string[] = [
  ...['resume', 'every', 'workers', 'memory', 'timeout'],
  ...['json', 'ndjson', 'quiet', 'strict'],
]

/** @throws {CheckerError} KR101 if the options do not fit together */
export function requireCheckpointOptions(
  path: string | undefined,
  { checkpoint, disk, resume, every, watch }: CheckpointOptions & { readonly watch?: boolean },
  given: readonly string[],
): void {
  if (path === undefined && resume === undefined) {
    throw badOption('check must get a spec, but gets none', 'name the file of the spec, or use --resume folder')
  }
  if (path !== undefined && resume !== undefined) {
    throw badOption(
      `--resume must be given without a spec, but is given with ${path}`,
      `the checkpoint names its spec: kripke check --resume ${resume}`,
    )
  }
  const used = checkpoint !== undefined ? '--checkpoint' : disk !== undefined ? '--disk' : '--resume'
  if (used !== '--resume' && resume !== undefined) {
    throw badOption(`--resume must be given without ${used}`, 'remove one; --resume keeps the run in its folder')
  }
  if (checkpoint !== undefined && disk !== undefined) {
    throw badOption(
      '--disk must be given without --checkpoint',
      'remove --disk; states that do not fit into memory go to the folder of --checkpoint',
    )
  }
  if (checkpoint === undefined && disk === undefined && resume === undefined) {
    if (every === undefined) return
    throw badOption(
      '--every must be given with --checkpoint, --disk or --resume, but is given without',
      'add --checkpoint folder',
    )
  }
  if (watch === true)
    throw badOption(`${used} must be given without --watch, but is given with it`, 'remove one of them')
  const bound = resume === undefined ? undefined : given.find((name) => !FREE.includes(name))
  if (bound === undefined) return
  throw badOption(
    `--resume must keep the options of the run, but --${inWords(bound)} is given`,
    `remove it; ${FREE.slice(1)
      .map((name) => `--${name}`)
      .join(', ')} may differ`,
  )
}

function inWords(option: string): string {
  return option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
