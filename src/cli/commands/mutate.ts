/** `kripke mutate`. */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Option, type Command } from 'commander'
import { badOption } from '../../errors.ts'
import { baselineOf } from '../../api/mutants/judge-mutant.ts'
import { scoresOf, type Mutation } from '../../api/mutants/mutation.ts'
import { mutationDocument } from '../../report/json/mutate.ts'
import { mutationText } from '../../report/text/mutate.ts'
import { HOLDS } from '../exit-status.ts'
import { judgeMutants } from '../mutate/mutant-pool.ts'
import { styleOf } from '../output.ts'
import { loadSpec } from '../spec-loader/load-spec.ts'
import { stdout } from '../streams.ts'
import { print, printJson, ProgressLine } from '../terminal.ts'
import { duration, natural, withConstants, workers, type Given } from './options.ts'

interface MutateCommandOptions {
  readonly constant: Given
  readonly maxStates: number
  readonly timeout: number
  readonly workers?: number | 'auto'
  readonly json?: true
  readonly quiet?: true
}

/** Adds the command to the program; `exit` gets its status. */
export function addMutateCommand(program: Command, exit: (status: number) => void): void {
  const command = program
    .command('mutate')
    .argument('<spec>', 'a TypeScript or JavaScript file with a spec as its default export')
    .description('change the functions of a spec in small ways, and list the changes that no property notices')
  withConstants(command)
    .option('--max-states <n>', 'check each mutant up to n states', natural, 50_000)
    .addOption(
      new Option('--timeout <duration>', 'check each mutant for at most this time, such as 30s')
        .argParser(duration)
        .default(20_000, '20s'),
    )
    .option('--workers <n|auto>', 'check n mutants at a time (default: auto, one per core)', workers)
    .option('--json', 'print one JSON document')
    .option('--quiet', 'print only the counts')
    .action(async (spec: string, options: MutateCommandOptions) => exit(await run(spec, options)))
}

async function run(
  path: string,
  { constant, maxStates, timeout, workers: threads = 'auto', json, quiet }: MutateCommandOptions,
): Promise<number> {
  const begin = performance.now()
  const { spec, module } = await loadSpec(path)
  const bounds = { constants: constant, maxStates, timeoutMs: timeout }
  const baseline = await baselineOf(spec, bounds)
  if (!baseline.complete) {
    throw badOption(
      `mutate must explore "${spec.name}" to the end, but reached a bound`,
      'choose smaller constants with -c, or raise --max-states or --timeout',
    )
  }
  const { mutantsOf } = await import('../mutate/mutants.ts')
  const mutants = mutantsOf(readFileSync(fileURLToPath(module), 'utf8'), process.cwd())
  const progress = new ProgressLine(spec.name)
  const threadCount = threads === 'auto' ? availableParallelism() : threads
  const judged = await judgeMutants(mutants, baseline, bounds, threadCount, (count) => {
    if (quiet === undefined) progress.showMutants(count, mutants.length, performance.now() - begin)
  }).finally(() => progress.clear())
  const mutation: Mutation = {
    spec: spec.name,
    constants: baseline.constants,
    mutants: judged,
    properties: scoresOf(baseline.properties, judged),
    seconds: (performance.now() - begin) / 1000,
  }
  if (json) printJson(mutationDocument(mutation))
  else print(mutationText(mutation, styleOf(stdout), quiet === true))
  return HOLDS
}
