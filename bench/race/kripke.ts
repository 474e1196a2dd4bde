import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Contestant } from './contestant.ts'

const MAIN = 'dist/cli/main.js'

interface Document {
  readonly verdict: string
  readonly complete: boolean
  readonly states: { readonly distinct: number }
}

/** Kripke as built from this folder. */
export const kripke: Contestant = {
  name: 'kripke',
  version: () => `Kripke ${JSON.parse(readFileSync('package.json', 'utf8')).version}, Node ${process.version}`,
  prepare: ({ spec, constants, properties }, workers) => {
    const settings = `--engine explicit --symmetry off --workers ${workers}`
    const flags = ['--engine', 'explicit', '--symmetry', 'off', '--workers', String(workers), '--json']
    // Also warms the disk cache for the first round.
    const small = spawnSync(process.execPath, [MAIN, 'check', 'specs/classic/die-hard.ts', ...flags], {
      encoding: 'utf8',
    })
    const { error, workers: used } = JSON.parse(small.stdout || '{}')
    if (error !== undefined) return error.message
    if (used !== undefined && used !== workers) return `Kripke runs with ${used} workers when asked for ${workers}`
    const bindings = Object.entries(constants).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const command = [process.execPath, MAIN, 'check', spec, ...bindings, '--property', properties.join(), ...flags]
    return { command, settings, distinct: distinctOf }
  },
}

function distinctOf(stdout: string): number {
  const { verdict, complete, states } = JSON.parse(stdout) as Document
  if (verdict !== 'holds' || !complete) throw new Error(`Kripke did not find that everything holds, but: ${verdict}`)
  return states.distinct
}
