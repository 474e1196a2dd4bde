/**
 * Measures cliffs: models on which an engine could suddenly become slow or large. Each run is a whole process.
 *
 *     npm run cliffs -- [--only wide,deep] [--runs 3] [--workers 1,2] [--timeout 300] [--save]
 *                       [--against path/to/other/dist/cli/main.js --called 'what it is']
 *
 * With `--against`, the two builds run in turn, A B A B ..., and ratios compare pairs. Machines drift, so only adjacent
 * runs are comparable. Each run must give the counts of its spec's formula. A build with other counts is reported and
 * not compared. A build with only one worker is compared with that one. Seconds and states per second are wall time and
 * include the start of the process. A run of more than `--timeout` seconds is killed and marked. `--save` writes
 * bench/results/cliffs-<date>-<commit>.json.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { median, spread } from '../median.ts'
import { expected, FAMILIES, type Constants, type Family } from './cases.ts'
import type { Counts } from './counts.ts'

const MAIN = 'dist/cli/main.js'
const RESULTS = 'bench/results'
const MIB = 2 ** 20
/** The status for a bad command line: the build does not support this number of workers. */
const BAD_OPTION = 151

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    runs: { type: 'string', default: '3' },
    workers: { type: 'string', default: '1' },
    timeout: { type: 'string', default: '300' },
    against: { type: 'string' },
    called: { type: 'string', default: 'the other build' },
    save: { type: 'boolean', default: false },
  },
})
const runs = natural('runs')
const timeoutSeconds = natural('timeout')
const names = FAMILIES.map(({ spec }) => spec.name)
const only = values.only?.split(',') ?? names
for (const name of only) if (!names.includes(name)) refuse(`--only: no ${name} among ${names.join(', ')}`)
const workerCounts = values.workers.split(',')
for (const count of workerCounts) if (!/^[1-9]\d*$/.test(count)) refuse(`--workers: ${count} is no number of workers`)
if (values.against !== undefined && !existsSync(values.against)) refuse(`--against: there is no ${values.against}`)
// Create the folder now, so that a failure to save shows before the benchmark, not after it.
if (values.save) mkdirSync(RESULTS, { recursive: true })

/** The result of a run. */
interface Sample {
  readonly seconds: number
  readonly peakBytes: number
  /** Memory of the seen set and the levels. */
  readonly bytesPerState: number
  readonly specCalls: number
}

interface Document {
  readonly verdict: string
  readonly states: Counts
  readonly specCalls: number
  readonly bytesPerState: number
  readonly peakMemoryBytes: number
}

/** A build, and its number of workers. */
interface Build {
  readonly main: string
  readonly workers: string
}

function natural(option: 'runs' | 'timeout'): number {
  if (!/^[1-9]\d*$/.test(values[option])) refuse(`--${option}: ${values[option]} is no positive integer`)
  return Number(values[option])
}

function refuse(sentence: string): never {
  console.error(sentence)
  process.exit(BAD_OPTION)
}

function command(family: Family, constants: Constants, workers: string): string[] {
  const given = Object.entries(constants).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return [
    'check',
    `bench/cliffs/${family.spec.name}.ts`,
    ...given,
    '--engine',
    'explicit',
    '--workers',
    workers,
    '--json',
  ]
}

/** One run. A text says why there is no sample: the run took too long, failed, or gave other counts. */
function sample({ main, workers }: Build, family: Family, constants: Constants): Sample | string {
  const started = performance.now()
  const { stdout, stderr, status, error } = spawnSync(
    process.execPath,
    [main, ...command(family, constants, workers)],
    { encoding: 'utf8', maxBuffer: 2 ** 28, timeout: timeoutSeconds * 1000 },
  )
  const seconds = (performance.now() - started) / 1000
  if (error !== undefined && 'code' in error && error.code === 'ETIMEDOUT') return `over ${timeoutSeconds} s`
  if (status !== 0) return `ended with ${status}: ${(stderr || stdout).trim().split('\n')[0]}`
  const { verdict, states, specCalls, bytesPerState, peakMemoryBytes } = JSON.parse(stdout) as Document
  const counts = expected(family, constants)
  const wrong = (Object.keys(counts) as (keyof Counts)[]).filter((name) => states[name] !== counts[name])
  if (verdict !== 'holds') return `says ${verdict}, not holds`
  if (wrong.length > 0) return wrong.map((name) => `counts ${states[name]} ${name}, not ${counts[name]}`).join(', ')
  return { seconds, peakBytes: peakMemoryBytes, bytesPerState, specCalls }
}

/** Whether a build supports this number of workers. */
function takes(build: Build): boolean {
  const { status } = spawnSync(process.execPath, [
    build.main,
    ...['check', 'specs/classic/die-hard.ts', '--workers', build.workers, '--max-depth', '1', '--quiet'],
  ])
  return status !== BAD_OPTION
}

/** The figures of one build, or a text that says why there are none. */
function figures(samples: readonly (Sample | string)[], { distinct }: Counts) {
  const failed = samples.find((one) => typeof one === 'string')
  if (failed !== undefined) return failed
  const good = samples as readonly Sample[]
  const seconds = good.map((one) => one.seconds)
  return {
    seconds: spread(seconds, 2),
    'states per second': Math.round(distinct / median(seconds)),
    'peak MiB': Math.round(median(good.map(({ peakBytes }) => peakBytes / MIB))),
    'bytes per state': Number(median(good.map(({ bytesPerState }) => bytesPerState)).toFixed(1)),
    'spec calls': median(good.map(({ specCalls }) => specCalls)),
  }
}

/** The other build for the same number of workers, or with its only worker; undefined without another build. */
const others = new Map(
  workerCounts.map((workers) => {
    const main = values.against
    if (main === undefined) return [workers, undefined]
    return [
      workers,
      [
        { main, workers },
        { main, workers: '1' },
      ].find(takes),
    ]
  }),
)
for (const workers of workerCounts) {
  if (!takes({ main: MAIN, workers })) refuse(`--workers: this build does not run with ${workers}`)
  if (values.against !== undefined && others.get(workers) === undefined)
    refuse(`--against: ${values.against} does not run`)
}

/** One case with one number of workers. Both builds run in turn. */
function measure(family: Family, constants: Constants, workers: string) {
  const other = others.get(workers)
  const own: (Sample | string)[] = []
  const theirs: (Sample | string)[] = []
  for (let run = 0; run < runs; run++) {
    own.push(sample({ main: MAIN, workers }, family, constants))
    if (other !== undefined) theirs.push(sample(other, family, constants))
    // After a failure or a timeout, do not try the case again.
    if (own.some(isText) && (other === undefined || theirs.some(isText))) break
  }
  const counts = expected(family, constants)
  const ratio = (of: (one: Sample) => number): string => {
    if (own.some(isText) || theirs.some(isText)) return 'not comparable'
    return spread(
      theirs.map((one, run) => of(one as Sample) / of(own[run] as Sample)),
      2,
    )
  }
  return {
    name: [family.spec.name, ...Object.entries(constants).map(([name, value]) => `${name}=${value}`)].join(' '),
    workers: Number(workers),
    counts,
    figures: figures(own, counts),
    ...(other !== undefined && {
      'the other build': figures(theirs, counts),
      'its workers': Number(other.workers),
      'times as fast as the other': ratio(({ seconds }) => seconds),
      'peak of the other, as a multiple': ratio(({ peakBytes }) => peakBytes),
    }),
    samples: { own, theirs },
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

const COLUMNS = [42, 2, 10, 10, 22, 11, 9, 8, 9]

function row(...cells: readonly unknown[]): string {
  return cells
    .map((cell, column) => String(cell)[column === 0 ? 'padEnd' : 'padStart'](COLUMNS[column] ?? 20))
    .join(' ')
}

function cells(of: ReturnType<typeof figures>): readonly unknown[] {
  return isText(of) ? [of] : Object.values(of)
}

const load = [loadavg()[0]!]
// One warm-up run each, so that no sample includes a cold disk.
for (const main of [MAIN, values.against]) {
  if (main !== undefined) sample({ main, workers: '1' }, FAMILIES[0]!, FAMILIES[0]!.small[0]!)
}
console.log(row('case', 'w', 'distinct', 'generated', 'seconds', 'states/s', 'peak MiB', 'B/state', 'calls'))
const cases = []
for (const family of FAMILIES.filter(({ spec }) => only.includes(spec.name))) {
  for (const constants of family.large) {
    for (const workers of workerCounts) {
      const measured = measure(family, constants, workers)
      cases.push(measured)
      const { counts } = measured
      console.log(row(measured.name, workers, counts.distinct, counts.generated, ...cells(measured.figures)))
      const their = measured['the other build']
      if (their === undefined) continue
      console.log(row('  the other build', measured['its workers'], '', '', ...cells(their)))
      console.log(`  times as fast: ${measured['times as fast as the other']}`)
      console.log(`  its peak, as a multiple: ${measured['peak of the other, as a multiple']}`)
    }
  }
}

load.push(loadavg()[0]!)
console.log(`load before and after, the benchmark's own included: ${load.map((one) => one.toFixed(1)).join(', ')}`)
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
const date = new Date().toISOString().slice(0, 10)
const result = {
  machine: `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  node: process.version,
  commit,
  date,
  runs,
  load,
  ...(values.against !== undefined && { against: values.called }),
  cases,
}
if (values.save) {
  const path = `${RESULTS}/cliffs-${date}-${commit}.json`
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`)
  console.log(path)
}
if (cases.some(({ figures, ...rest }) => isText(figures) || isText(rest['the other build']))) process.exitCode = 1
