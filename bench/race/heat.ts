import { mkdirSync } from 'node:fs'
import type { Contestant, Runner } from './contestant.ts'
import type { Sample } from './measure.ts'
import type { RaceModel } from './models.ts'

/** A model, a number of workers, and the contestants. */
export interface Heat {
  readonly model: string
  readonly workers: number
  readonly distinct: number
  readonly results: readonly Result[]
  /** A sentence for each contestant that did not run. */
  readonly skipped: readonly string[]
}

export interface Result {
  readonly contestant: string
  readonly settings: string
  readonly command: string
  readonly preparation?: Runner['preparation']
  /** A sample for each round. */
  readonly seconds: readonly number[]
  readonly peakMemoryBytes: readonly number[]
  /** Ratios of Kripke's seconds to this contestant's, round by round. Empty if Kripke did not run. */
  readonly ratios: readonly number[]
}

export interface HeatOptions {
  readonly contestants: readonly Contestant[]
  readonly rounds: number
  /** The folder for the contestants' builds. */
  readonly folder: string
  readonly measure: (runner: Runner) => Sample
  /** The distinct states of the model, by Kripke's count. */
  readonly distinct: number
}

/**
 * Runs the contestants in turn, A B C A B C ..., and compares.
 *
 * @throws {Error} if a run finds another number of distinct states than Kripke, because then the models differ
 */
export function heat(model: RaceModel, workers: number, options: HeatOptions): Heat {
  const { contestants, rounds, measure, distinct } = options
  const skipped: string[] = []
  const ready: { name: string; runner: Runner; samples: Sample[] }[] = []
  for (const { name, prepare } of contestants) {
    const folder = `${options.folder}/${model.name}-${workers}-${name}`
    mkdirSync(folder, { recursive: true })
    const runner = prepare(model, workers, folder)
    if (typeof runner === 'string') skipped.push(`${model.name}, workers ${workers}, ${name}: ${runner}.`)
    else ready.push({ name, runner, samples: [] })
  }
  for (let round = 0; round < rounds; round++) {
    for (const { name, runner, samples } of ready) {
      const sample = measure(runner)
      const found = runner.distinct?.(sample.stdout) ?? distinct
      if (found !== distinct) {
        throw new Error(
          `${name} found ${found} distinct states of ${model.name} and Kripke ${distinct}: no comparison of different models.`,
        )
      }
      samples.push(sample)
    }
  }
  const own = ready.find(({ name }) => name === 'kripke')?.samples
  const results = ready.map(({ name, runner, samples }) => ({
    contestant: name,
    settings: runner.settings,
    command: asTyped(runner.command, runner.folder),
    ...(runner.preparation !== undefined && { preparation: runner.preparation }),
    seconds: samples.map(({ seconds }) => seconds),
    peakMemoryBytes: samples.map(({ peakMemoryBytes }) => peakMemoryBytes),
    ratios: own === undefined ? [] : samples.map(({ seconds }, round) => own[round]!.seconds / seconds),
  }))
  return { model: model.name, workers, distinct, results, skipped }
}

/** A command as typed in its folder, without names of temporary folders and without the path of Node. */
function asTyped(command: readonly string[], folder?: string): string {
  const words = command.map((word) => (word === process.execPath ? 'node' : word))
  return (folder === undefined ? words : words.map((word) => word.replace(folder, '.'))).join(' ')
}
