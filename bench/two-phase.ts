/**
 * Measures time and memory: two-phase commit as a whole process, and the start-up of a tiny spec.
 *
 *     npm run bench -- [--managers 8] [--workers 1] [--runs 5] [--against 'another command' --called 'what it is'] [--save]
 *
 * Commands run in turn, A B A B ..., and each figure is a median with its range. Machines drift, so only adjacent runs
 * are comparable. `--save` writes bench/results/two-phase-<date>-<commit>.json.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { median, spread } from './median.ts'

const MAIN = 'dist/cli/main.js'
const RESULTS = 'bench/results'

const { values } = parseArgs({
  options: {
    managers: { type: 'string', default: '8' },
    workers: { type: 'string', default: '1' },
    runs: { type: 'string', default: '5' },
    against: { type: 'string' },
    called: { type: 'string', default: 'the other command' },
    save: { type: 'boolean', default: false },
  },
})
const runs = Number(values.runs)
// Create the folder now, so that a failure to save shows before the benchmark, not after it.
if (values.save) mkdirSync(RESULTS, { recursive: true })

interface Sample {
  readonly seconds: number
  readonly stdout: string
}

/** Runs a command to completion and measures its wall time in seconds. */
function time(command: string, args: readonly string[], shell = false): Sample {
  const started = performance.now()
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8', shell, maxBuffer: 2 ** 28 })
  const seconds = (performance.now() - started) / 1000
  if (status === null || status > 13) throw new Error(`${command} ended with ${status}: ${stderr}`)
  return { seconds, stdout }
}

function kripke(...args: string[]): Sample {
  return time(process.execPath, [MAIN, ...args])
}

interface Document {
  readonly states: { readonly generated: number; readonly distinct: number; readonly depth: number }
  readonly specCalls: number
  readonly peakMemoryBytes: number
  readonly bytesPerState: number
}

const check = (managers: string): string[] => [
  ...['check', 'specs/classic/two-phase-commit.ts', '-c', `resourceManagers=${managers}`],
  ...['--deadlock', 'off', '--engine', 'explicit', '--symmetry', 'off', '--workers', values.workers, '--json'],
]
const document = ({ stdout }: Sample): Document => JSON.parse(stdout) as Document

// One warm-up run each, so that no sample includes a cold disk.
kripke(...check('3'))
if (values.against !== undefined) time(values.against, [], true)

const own: Sample[] = []
const other: Sample[] = []
const empty: Sample[] = []
for (let run = 0; run < runs; run++) {
  own.push(kripke(...check(values.managers)))
  if (values.against !== undefined) other.push(time(values.against, [], true))
  empty.push(kripke(...check('1')))
}
const startup: number[] = []
for (let run = 0; run < Math.max(runs, 9); run++) {
  const tiny = kripke('check', 'specs/classic/die-hard.ts', '--quiet').seconds
  startup.push(tiny - time(process.execPath, ['-e', '0']).seconds)
}

const { states, specCalls, bytesPerState } = document(own[0]!)
const wall = own.map(({ seconds }) => seconds)
const peaks = own.map((sample) => document(sample).peakMemoryBytes)
const idle = median(empty.map((sample) => document(sample).peakMemoryBytes))
const perState = peaks.map((peak) => (peak - idle) / states.distinct)
const ratios = other.map(({ seconds }, run) => wall[run]! / seconds)

const figures = {
  machine: `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  node: process.version,
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
  date: new Date().toISOString().slice(0, 10),
  command: `kripke ${check(values.managers).join(' ')}`,
  states,
  specCalls,
  'whole process, s': spread(wall),
  ...(values.against !== undefined && {
    against: values.called,
    'the other command, s': spread(other.map(({ seconds }) => seconds)),
    'ratio, pair by pair': spread(ratios),
  }),
  'resident bytes per distinct state above an empty run': spread(perState, 1),
  'seen set and levels, bytes per distinct state': bytesPerState.toFixed(1),
  'start-up: check of a tiny spec less node -e 0, s': spread(startup),
  samples: { wall, other: other.map(({ seconds }) => seconds), peaks, startup },
}
console.log(JSON.stringify({ ...figures, samples: undefined }, null, 2))
if (values.save) {
  const path = `${RESULTS}/two-phase-${figures.date}-${figures.commit}.json`
  writeFileSync(path, `${JSON.stringify(figures, null, 2)}\n`)
  console.log(path)
}
