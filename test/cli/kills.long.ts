/** Kills at random moments x specs x engines: a run that goes on prints the same document as one that was never killed. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runKilled } from './kills.ts'

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'kripke-test-'))
})
afterAll(() => rmSync(root, { recursive: true }))

/** Specs with symmetry, measures, goals, temporal properties, constraints, open values, message sets and refinements. */
const SPECS: readonly (readonly string[])[] = [
  ['specs/classic/two-phase-commit.ts', '-c', 'resourceManagers=7', '--symmetry', 'off'],
  ['specs/truncate-dma.ts', '-c', 'design=wait-allocated'],
  ['specs/truncate-dma.ts', '-c', 'design=sequester', '--continue'],
  ['specs/seen-set.ts', '-c', 'capacity=2', '--continue'],
  ['specs/classic/paxos.ts'],
  ['specs/classic/ewd998.ts'],
  ['specs/classic/lamport-mutex.ts'],
  ['specs/classic/sliding-puzzle.ts'],
  ['specs/classic/dining-philosophers.ts', '--continue'],
  ['specs/unbind.ts', '--continue'],
]

const ENGINES = ['auto', 'explicit', 'symbolic'] as const

describe('a run that is killed', () => {
  it.each(SPECS.flatMap((args) => ENGINES.map((engine) => [args, engine] as const)))(
    'goes on to the same document: %j %s',
    async (args, engine) => {
      // Three moments for each pair: before the search, and within it.
      const moments = [200, 500, 800].map((moment) => moment + Math.random() * 500)
      const { expected, found } = await runKilled([...args, '--engine', engine], join(root, 'run'), moments)
      expect(found).toEqual(expected)
    },
  )

  it.each(Array.from({ length: 10 }, (_, index) => index))('goes on on disk: run %i', async () => {
    const args = ['specs/classic/two-phase-commit.ts', '-c', 'resourceManagers=7', '--symmetry', 'off']
    const moments = [500, 900, 1300].map((moment) => moment + Math.random() * 800)
    const explicit = [...args, '--engine', 'explicit']
    const { expected, found } = await runKilled(explicit, join(root, 'run'), moments, ['--memory', '1MB'])
    expect(found).toEqual(expected)
  })
})
