/** A contestant from the command line, for prototypes: a shell command of which only time and memory are measured. */
import type { Contestant } from './contestant.ts'

/**
 * The contestant that `name=command` describes. The command finds the model's name in RACE_MODEL and the number of
 * workers in RACE_WORKERS.
 *
 * @throws {Error} if the name or the command is missing
 */
export function against(description: string): Contestant {
  const [, name, command] = /^([^=\s]+)=(.+)$/s.exec(description) ?? []
  if (name === undefined || command === undefined) {
    throw new Error(`--against takes name=command, such as 'prototype=node prototype.js', and not '${description}'.`)
  }
  return {
    name,
    version: () => 'from the command line',
    prepare: (model, workers) => ({
      command: ['sh', '-c', command],
      environment: { RACE_MODEL: model.name, RACE_WORKERS: String(workers) },
      settings: command,
    }),
  }
}
