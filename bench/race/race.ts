/**
 * Runs Kripke and compiled model checkers side by side on the same models.
 *
 *     npm run race -- [--models two-phase-8,truncate-dma] [--contestants kripke,spin] [--workers 1,2] [--rounds 5]
 *                     [--against 'name=command'] [--save]
 *
 * Machines drift, so contestants run in turn, A B C A B C ..., and ratios compare runs of one round. The race ends if a
 * contestant finds another number of distinct states than Kripke. Builds go to a temporary folder. `--save` writes
 * bench/results/race-<date>-<commit>.json, and the same data as a table, .md.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { against } from './against.ts'
import type { Contestant } from './contestant.ts'
import { heat, type Heat } from './heat.ts'
import { kripke } from './kripke.ts'
import { stopwatch } from './measure.ts'
import { MODELS } from './models.ts'
import { rumur } from './rumur.ts'
import { spin, spinBfs } from './spin.ts'
import { markdown, type Race } from './table.ts'
import { tlc } from './tlc.ts'

const RESULTS = 'bench/results'
const CONTESTANTS: readonly Contestant[] = [kripke, spin, spinBfs, rumur, tlc]

/** The members of a list that an option names; all if the option is not given. */
function chosen<T extends { readonly name: string }>(all: readonly T[], option: string, value?: string): readonly T[] {
  if (value === undefined) return all
  return value.split(',').map((name) => {
    const found = all.find((one) => one.name === name)
    if (found === undefined) {
      throw new Error(`--${option} knows no '${name}': there are ${all.map((one) => one.name).join(', ')}.`)
    }
    return found
  })
}

/** A whole number from 1 in an option. */
function count(option: string, value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new Error(`--${option} takes whole numbers from 1, and not '${value}'.`)
  return Number(value)
}

function race(): void {
  const { values } = parseArgs({
    options: {
      models: { type: 'string' },
      contestants: { type: 'string' },
      workers: { type: 'string', default: '1,2' },
      rounds: { type: 'string', default: '5' },
      against: { type: 'string', multiple: true, default: [] },
      save: { type: 'boolean', default: false },
    },
  })
  const models = chosen(MODELS, 'models', values.models)
  const workerCounts = values.workers.split(',').map((value) => count('workers', value))
  const rounds = count('rounds', values.rounds)
  const known = chosen(CONTESTANTS, 'contestants', values.contestants)
  const contestants = [...known.filter(isInstalled), ...values.against.map(against)]
  // Create the folder now, so that a failure to save shows before the race, not after it.
  if (values.save) mkdirSync(RESULTS, { recursive: true })

  const raced = circumstances()
  const folder = mkdtempSync(`${tmpdir()}/kripke-race-`)
  try {
    const measure = stopwatch(folder)
    const heats: Heat[] = []
    for (const model of models) {
      // Kripke's count is the reference even if Kripke does not take part. If it does, this run is its warm-up.
      const yardstick = kripke.prepare(model, 1, folder)
      if (typeof yardstick === 'string') throw new Error(yardstick)
      const distinct = yardstick.distinct!(measure(yardstick).stdout)
      for (const workers of workerCounts) {
        heats.push(heat(model, workers, { contestants, rounds, folder, measure, distinct }))
        console.error(`${model.name}, workers ${workers}: done`)
      }
    }
    tell({ ...raced, rounds, versions: versionsOf(contestants), heats }, values.save)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function isInstalled({ name, version }: Contestant): boolean {
  if (version() !== undefined) return true
  console.error(
    `${name} is left out: it is not installed${name === 'tlc' ? ', or TLA2TOOLS does not name its jar' : ''}.`,
  )
  return false
}

const versionsOf = (contestants: readonly Contestant[]) =>
  Object.fromEntries(contestants.map(({ name, version }) => [name, version() ?? 'unknown']))

/** Read before the race, because a later commit is not the one that raced. */
const circumstances = () => ({
  machine: `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  date: new Date().toISOString().slice(0, 10),
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
})

function tell(result: Race, isSaved: boolean): void {
  const text = markdown(result)
  console.log(text)
  if (!isSaved) return
  const path = `${RESULTS}/race-${result.date}-${result.commit}`
  writeFileSync(`${path}.json`, `${JSON.stringify(result, null, 2)}\n`)
  writeFileSync(`${path}.md`, text)
  console.log(`${path}.json\n${path}.md`)
}

try {
  race()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
