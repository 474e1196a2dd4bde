/**
 * Runs both engines on the same models, as whole processes. It measures how long each takes for how many states, and
 * finds the sizes that are too large.
 *
 *     npm run symbolic -- [--only two-phase-commit,unbind] [--runs 3] [--timeout 30] [--prototype path/to/symbolic.mjs] [--save]
 *
 * Engines run in turn, A B A B ..., because machines drift and only adjacent runs are comparable. Both must give the
 * same counts, and those of the formula if there is one. After a failure or a run of more than `--timeout` seconds, the
 * case and larger sizes of the same model are skipped. One worker; wall time, including the start of the process. A
 * prototype is a program that takes the number of resource managers, checks no property, and prints `states: '…'`.
 * `--save` writes bench/results/symbolic-<date>-<commit>.json, which `npm run symbolic:plot` draws.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { median, spread } from '../median.ts'
import { CASES, nameOf, type Case, type Engine } from './cases.ts'
import type { Figures, Measured, Results } from './results.ts'

const MAIN = 'dist/cli/main.js'
const RESULTS = 'bench/results'
const MIB = 2 ** 20

type Contestant = Engine | 'prototype'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    runs: { type: 'string', default: '3' },
    timeout: { type: 'string', default: '30' },
    prototype: { type: 'string' },
    save: { type: 'boolean', default: false },
  },
})
const runs = natural('runs')
const timeoutSeconds = natural('timeout')
const families = [...new Set(CASES.map(({ family }) => family))]
const only = values.only?.split(',') ?? families
for (const name of only) if (!families.includes(name)) refuse(`--only: no ${name} among ${families.join(', ')}`)
if (values.prototype !== undefined && !existsSync(values.prototype)) {
  refuse(`--prototype: there is no ${values.prototype}`)
}
// Create the folder now, so that a failure to save shows before the benchmark, not after it.
if (values.save) mkdirSync(RESULTS, { recursive: true })

/** The result of a run. */
interface Sample {
  readonly seconds: number
  readonly peakBytes: number | null
  readonly specCalls: number | null
  readonly distinct: bigint
  readonly depth: number | null
}

interface Document {
  readonly complete: boolean
  readonly states: { readonly distinct: number; readonly depth: number | null; readonly exact?: { distinct: string } }
  readonly specCalls: number
  readonly peakMemoryBytes: number
  readonly error?: { readonly code: string; readonly message: string }
}

function natural(option: 'runs' | 'timeout'): number {
  if (!/^[1-9]\d*$/.test(values[option])) refuse(`--${option}: ${values[option]} is no positive integer`)
  return Number(values[option])
}

function refuse(sentence: string): never {
  console.error(sentence)
  process.exit(151)
}

function command(it: Case, contestant: Contestant): string[] {
  if (contestant === 'prototype') return [values.prototype!, it.prototype!]
  return [
    ...[MAIN, 'check', it.spec, ...Object.entries(it.constants).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    ...['--property', it.properties.join(), '--symmetry', it.symmetry ? 'on' : 'off'],
    ...['--engine', contestant, '--workers', '1', '--continue', '--json'],
  ]
}

/** One run. A text says why there is no sample. */
function sample(it: Case, contestant: Contestant): Sample | string {
  const started = performance.now()
  const { stdout, stderr, status, error } = spawnSync(process.execPath, command(it, contestant), {
    ...{ encoding: 'utf8', maxBuffer: 2 ** 28, timeout: timeoutSeconds * 1000, killSignal: 'SIGKILL' },
  })
  const seconds = (performance.now() - started) / 1000
  if (error !== undefined && 'code' in error && error.code === 'ETIMEDOUT') return `over ${timeoutSeconds} s`
  if (contestant === 'prototype') {
    const states = /states: '(\d+)'/.exec(stdout)?.[1]
    if (states === undefined) return `ended with ${status}: ${(stderr || stdout).trim().split('\n')[0]}`
    return { seconds, peakBytes: null, specCalls: null, distinct: BigInt(states), depth: null }
  }
  const { complete, states, specCalls, peakMemoryBytes, error: refused } = JSON.parse(stdout || '{}') as Document
  if (refused !== undefined) return `${refused.code}: ${refused.message}`
  if (status === null || status > 13 || !complete) return `ended with ${status}`
  const distinct = BigInt(states.exact?.distinct ?? states.distinct)
  return { seconds, peakBytes: peakMemoryBytes, specCalls, distinct, depth: states.depth }
}

/** The figures of one contestant, or a text that says why there are none. */
function figures(samples: readonly (Sample | string)[]): Figures | string {
  const failed = samples.find((one) => typeof one === 'string')
  if (failed !== undefined) return failed
  const good = samples as readonly Sample[]
  const { distinct, depth, peakBytes, specCalls } = good[0]!
  return {
    seconds: good.map(({ seconds }) => seconds),
    peakMemoryBytes: peakBytes && median(good.map((one) => one.peakBytes!)),
    ...{ specCalls, distinct: String(distinct), depth },
  }
}

/** One case with all contestants in turn. `givenUp` contains those that failed on a smaller size. */
function measure(it: Case, givenUp: Set<Contestant>): Measured {
  const all: readonly Contestant[] = [
    ...it.engines,
    ...(values.prototype !== undefined && it.prototype !== undefined ? (['prototype'] as const) : []),
  ]
  const samples = new Map<Contestant, (Sample | string)[]>()
  for (const contestant of all) samples.set(contestant, givenUp.has(contestant) ? ['a smaller one was too large'] : [])
  for (let run = 0; run < runs; run++) {
    for (const [contestant, own] of samples) {
      if (typeof own.at(-1) !== 'string') own.push(sample(it, contestant))
    }
  }
  for (const [contestant, own] of samples) if (typeof own.at(-1) === 'string') givenUp.add(contestant)
  const counts = [...samples.values()].flat().flatMap((one) => (typeof one === 'string' ? [] : [one.distinct]))
  const wrong = counts.find((count) => count !== (it.distinct ?? counts[0]))
  if (wrong !== undefined) throw new Error(`${nameOf(it)}: ${wrong} states are not ${it.distinct ?? counts[0]}`)
  const { family, constants, symmetry, goalSeconds } = it
  return {
    ...{ name: nameOf(it), family, constants, symmetry },
    ...(goalSeconds !== undefined && { goalSeconds }),
    by: Object.fromEntries([...samples].map(([contestant, own]) => [contestant, figures(own)])),
  }
}

function row(...cells: readonly string[]): string {
  const widths = [62, 10, 12, 24, 9, 9]
  return cells.map((cell, column) => cell[column === 0 ? 'padEnd' : 'padStart'](widths[column] ?? 0)).join(' ')
}

function tell({ name, goalSeconds, by }: Measured): void {
  for (const [contestant, found] of Object.entries(by)) {
    if (typeof found === 'string') {
      console.log(row(name, contestant, '', found))
      continue
    }
    const { seconds, peakMemoryBytes, specCalls, distinct } = found
    const states = Number(distinct) < 1e9 ? distinct : Number(distinct).toPrecision(4)
    const peak = peakMemoryBytes === null ? '' : `${Math.round(peakMemoryBytes / MIB)} MiB`
    const isMissed = contestant === 'symbolic' && goalSeconds !== undefined && median(seconds) > goalSeconds
    const goal = isMissed ? ` (goal: ${goalSeconds} s)` : ''
    console.log(
      row(name, contestant, states, spread(seconds, 2), peak, specCalls === null ? '' : String(specCalls)) + goal,
    )
  }
}

const load = [loadavg()[0]!]
// One warm-up run, so that no sample includes a cold disk or the compilation of a spec.
for (const it of CASES.filter(({ family }) => only.includes(family))) {
  spawnSync(process.execPath, [MAIN, 'check', it.spec, '--max-depth', '1', '--quiet'])
}
console.log(row('model', 'by', 'distinct', 'seconds', 'peak', 'calls'))
const cases: Measured[] = []
const givenUp = new Map<string, Set<Contestant>>()
for (const it of CASES.filter(({ family }) => only.includes(family))) {
  const key = `${it.family} ${it.symmetry}`
  givenUp.set(key, givenUp.get(key) ?? new Set())
  const measured = measure(it, givenUp.get(key)!)
  cases.push(measured)
  tell(measured)
}
load.push(loadavg()[0]!)
console.log(`load before and after, the benchmark's own included: ${load.map((one) => one.toFixed(1)).join(', ')}`)
if (values.save) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const date = new Date().toISOString().slice(0, 10)
  const machine = `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`
  const results: Results = { machine, node: process.version, commit, date, runs, timeoutSeconds, load, cases }
  const path = `${RESULTS}/symbolic-${date}-${commit}.json`
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`)
  console.log(path)
}
