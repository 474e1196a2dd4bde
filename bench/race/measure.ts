import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { prepare } from './commands.ts'
import type { Runner } from './contestant.ts'

export interface Sample {
  /** Wall time of the whole process. */
  readonly seconds: number
  /** Peak resident memory of the process, or of the largest one if there are several. */
  readonly peakMemoryBytes: number
  readonly stdout: string
}

/** Compiles measure.c into a folder. The result runs commands to completion and measures each of them. */
export function stopwatch(folder: string): (runner: Runner) => Sample {
  const program = `${folder}/measure`
  prepare(folder, [['cc', '-O2', '-o', program, resolve('bench/race/measure.c')]])
  const report = `${folder}/measured`

  return ({ command, folder: cwd = '.', environment }) => {
    const env = { ...process.env, ...environment }
    const run = spawnSync(program, [report, ...command], { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 28 })
    if (run.status !== 0) throw new Error(`${command.join(' ')} could not be measured.\n${run.stderr}`)
    const [seconds, kibibytes, status] = readFileSync(report, 'utf8').trim().split(' ').map(Number)
    if (status !== 0)
      throw new Error(`${command.join(' ')} ended with ${status}.\n${run.stdout.slice(-2000)}${run.stderr}`)
    return { seconds: seconds!, peakMemoryBytes: kibibytes! * 1024, stdout: run.stdout }
  }
}
