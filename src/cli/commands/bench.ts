/** `kripke bench`. */
import type { Command } from 'commander'
import { badOption, type CheckerError } from '../../errors.ts'
import { benchCsv } from '../../report/bench-csv.ts'
import { benchDocument } from '../../report/json/bench.ts'
import { loadDraw } from '../../report/chart/draw.ts'
import { growthChart } from '../../report/chart/growth-chart.ts'
import { benchText } from '../../report/text/bench.ts'
import { describe } from '../../report/text/compare.ts'
import { errorDocument } from '../../report/json/documents.ts'
import { bench, type Bench } from '../../api/bench/bench.ts'
import { planSweeps, type Sweep } from '../../api/bench/sweep.ts'
import { ChildError, measureInChild } from './child-check.ts'
import { HOLDS, statusOfError, SYSTEM } from '../exit-status.ts'
import { fullPath } from '../spec-loader/full-path.ts'
import { listenForInterrupt } from '../supervisor/interrupt.ts'
import { loadSpec } from '../spec-loader/load-spec.ts'
import { locate } from '../spec-loader/locate.ts'
import { defaultMemory } from '../memory.ts'
import { styleOf } from '../output.ts'
import { checkOptions, natural, withAnother, withExploreOptions, type ExploreOptions } from './options.ts'
import { stdout } from '../streams.ts'
import { sweep } from './sweep-option.ts'
import { print, printJson, ProgressLine, writeWhole } from '../terminal.ts'
import { requireWritable, reportWriteError, firstWriteError } from './trace-files.ts'

interface BenchCommandOptions extends ExploreOptions {
  readonly sweep: readonly Sweep[]
  readonly runs: number
  readonly maxSeconds?: number
  readonly json?: boolean
  readonly csv?: boolean
  readonly svg?: string
  readonly quiet?: boolean
}

/** Adds the command to the program; `exit` gets its status. */
export function addBenchCommand(program: Command, exit: (status: number) => void): void {
  const command = program
    .command('bench')
    .argument('<spec>', 'a TypeScript or JavaScript file with a spec as its default export')
    .description('measure the state space for each value of a constant, and predict its growth')
  withExploreOptions(command)
    .option(
      '--sweep <name=1..4>',
      'sweep a constant: name=1..4, name=1..9..2 or name=a,b (repeatable: all combinations; growth follows the last numeric sweep)',
      withAnother<Sweep>('--sweep', sweep),
    )
    .setOptionValue('sweep', [])
    .option('--runs <n>', 'check each row n times and report the median seconds', natural, 1)
    .option('--max-seconds <s>', 'stop a row after this time, and predict it and the larger sizes', positive)
    .option('--json', 'print one JSON document')
    .option('--csv', 'print comma-separated values')
    .option('--svg <file>', 'write a chart of the growth to a file')
    .option('--quiet', 'print only the table')
    .action(async (path: string, options: BenchCommandOptions) => exit(await run(path, options)))
}

async function run(path: string, options: BenchCommandOptions): Promise<number> {
  if (options.json && options.csv) throw badOption('--json and --csv cannot be used together', 'remove one of them')
  if (options.svg !== undefined && fullPath(options.svg) === fullPath(path)) {
    throw badOption(`--svg would overwrite the spec ${path}`, 'name another file')
  }
  const { spec, module } = await loadSpec(path)
  if (options.svg !== undefined) requireWritable([{ path: options.svg }])
  const { axis } = planSweeps(spec, options.sweep, options.constant)
  if (options.svg !== undefined && axis === undefined) {
    throw badOption(
      '--svg needs a swept constant with numbers, but there is none',
      'sweep one, for example --sweep files=1..4',
    )
  }
  const draw = options.svg === undefined ? undefined : await loadDraw()
  const interrupt = listenForInterrupt()
  let progress = new ProgressLine(spec.name)
  const asked = checkOptions(options, module, defaultMemory())
  const result = await bench(spec, {
    ...asked,
    timeoutMs: leastOf(asked.timeoutMs, options.maxSeconds && options.maxSeconds * 1000),
    sweeps: options.sweep,
    runs: options.runs,
    signal: interrupt.signal,
    measure: measureInChild(path, options.workers),
    onRow: (varied) => {
      progress.clear()
      progress = new ProgressLine(`${spec.name} ${describe(varied)}`)
    },
    onProgress: options.quiet ? undefined : (it) => progress.show(it),
  }).finally(() => progress.clear())
  const errors = result.series.flatMap(({ rows }) => rows.flatMap(({ error }) => error ?? []))
  for (const error of errors) locate(error)
  const { svg } = options
  const picture = await draw?.(growthChart(result))
  const error = await firstWriteError(
    svg === undefined || picture === undefined ? [] : [() => writeWhole(svg, picture)],
  )
  show(result, options, error)
  if (error !== undefined) return SYSTEM
  const isCut = result.series.some(({ rows }) => rows.some(({ missing }) => missing?.cause === 'interrupted'))
  if (interrupt.status !== undefined && (isCut || !result.complete)) return interrupt.status
  return errors.reduce((worst, error) => Math.max(worst, statusOfRow(error)), HOLDS)
}

/** Prints the results, and the error if a file could not be written; as JSON, both are one document. */
function show(result: Bench, { json, csv, quiet = false }: BenchCommandOptions, error?: CheckerError): void {
  if (json) {
    const document = benchDocument(result)
    return printJson(error === undefined ? document : { ...document, error: errorDocument(error)['error'] })
  }
  reportWriteError(error)
  if (csv) return void stdout.write(benchCsv(result))
  print(benchText(result, styleOf(stdout), { quiet }))
}

function statusOfRow(error: Parameters<typeof statusOfError>[0]): number {
  return error instanceof ChildError ? error.status : statusOfError(error)
}

function leastOf(...bounds: readonly (number | undefined)[]): number | undefined {
  const given = bounds.filter((bound) => bound !== undefined)
  return given.length === 0 ? undefined : Math.min(...given)
}

function positive(text: string): number {
  if (/^\d+(?:\.\d+)?$/.test(text) && Number(text) > 0) return Number(text)
  throw badOption(`--max-seconds must be a positive number, but is ${text}`, 'write, for example, --max-seconds 60')
}
