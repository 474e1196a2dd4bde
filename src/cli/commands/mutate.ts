/** `kripke mutate`. */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Option, type Command } from 'commander'
import { badOption } from '../../errors.ts'
import { baselineOf, type MutantBounds } from '../../api/mutants/judge-mutant.ts'
import { byPlace, scoresOf, type JudgedMutant, type Mutation } from '../../api/mutants/mutation.ts'
import { reachOf } from '../../api/mutants/reach.ts'
import type { AnySpec } from '../../spec/spec.ts'
import { mutationDocument } from '../../report/json/mutate.ts'
import { mutationText } from '../../report/text/mutate.ts'
import { HOLDS } from '../exit-status.ts'
import { judgeMutants } from '../mutate/mutant-pool.ts'
import type { Mutant, Mutants } from '../mutate/mutants.ts'
import { loadProbe } from '../mutate/probe.ts'
import { styleOf } from '../output.ts'
import { loadSpec } from '../spec-loader/load-spec.ts'
import { TemporaryModule } from '../spec-loader/temporary-module.ts'
import { stdout } from '../streams.ts'
import { print, printJson, ProgressLine } from '../terminal.ts'
import { duration, natural, withConstants, workers, type Given } from './options.ts'

interface MutateCommandOptions {
  readonly constant: Given
  readonly maxStates: number
  readonly timeout: number
  readonly workers?: number | 'auto'
  readonly first?: true
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
    .option('--first', 'end the check of a mutant at the first property that notices it')
    .option('--json', 'print one JSON document')
    .option('--quiet', 'print only the counts')
    .action(async (spec: string, options: MutateCommandOptions) => exit(await run(spec, options)))
}

async function run(
  path: string,
  { constant, maxStates, timeout, workers: threads = 'auto', first: stopsFirst, json, quiet }: MutateCommandOptions,
): Promise<number> {
  const begin = performance.now()
  const { spec, module } = await loadSpec(path)
  const bounds: MutantBounds = { constants: constant, maxStates, timeoutMs: timeout, first: stopsFirst === true }
  const baseline = await baselineOf(spec, bounds)
  if (!baseline.isExhausted) {
    throw badOption(
      `mutate must explore "${spec.name}" to the end, but reached a bound`,
      'choose smaller constants with -c, or raise --max-states or --timeout',
    )
  }
  const { mutantsOf } = await import('../mutate/mutants.ts')
  const found = mutantsOf(readFileSync(fileURLToPath(module), 'utf8'), process.cwd())
  const { digest, unreached, open } = await sorted(found, bounds)
  const progress = new ProgressLine(spec.name)
  const threadCount = threads === 'auto' ? availableParallelism() : threads
  const judged = await judgeMutants(open, baseline, digest, bounds, threadCount, (count) => {
    if (quiet === undefined) progress.showMutants(count, open.length, performance.now() - begin)
  }).finally(() => progress.clear())
  const mutants = [...judged, ...unreached].sort(byPlace)
  const mutation: Mutation = {
    spec: spec.name,
    constants: baseline.constants,
    mutants,
    properties: scoresOf(baseline.properties, mutants, bounds.first),
    seconds: (performance.now() - begin) / 1000,
  }
  if (json) printJson(mutationDocument(mutation))
  else print(mutationText(mutation, styleOf(stdout), quiet === true))
  return HOLDS
}

/** Separates the mutants that the spec does not reach from the mutants to check. Mutants of claims are in neither list. */
async function sorted(
  { mutants, probe: code, marks: size }: Mutants,
  bounds: MutantBounds,
): Promise<{ digest: string | undefined; unreached: JudgedMutant[]; open: Mutant[] }> {
  const { file } = new TemporaryModule(code)
  const { probe, marks } = await loadProbe(
    size,
    async () => ((await import(pathToFileURL(file).href)) as { default: AnySpec }).default,
  )
  const { digest, system, all } = await reachOf(probe, marks, bounds)
  const isIn = (record: readonly boolean[], { mark }: Mutant): boolean => mark === undefined || record[mark]!
  const unreached = mutants
    .filter((mutant) => !isIn(all, mutant))
    .map(({ code: _code, mark: _mark, ...place }): JudgedMutant => ({
      ...place,
      verdict: 'unreached',
      properties: [],
      reason: undefined,
    }))
  return { digest, unreached, open: mutants.filter((mutant) => isIn(system, mutant)) }
}
