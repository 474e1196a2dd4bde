/** Clusters whose workers, server and checks are killed at random moments, for each of several specs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomFrom } from '../../support/simulated-network.ts'
import { checking, HAS_SERVER, TestCluster, type Checking } from './processes.ts'

const SPECS: readonly (readonly string[])[] = [
  ['specs/classic/two-phase-commit.ts', '-c', 'resourceManagers=7', '--symmetry', 'off'],
  ['specs/truncate-dma.ts', '-c', 'design=busy-page'],
  ['specs/classic/dining-philosophers.ts', '-c', 'design=left-first', '-c', 'philosophers=4', '--continue'],
  ['specs/poison-recovery.ts', '-c', 'design=merged', '-c', 'writers=2', '--continue'],
]

/** Kills for each spec. */
const MOMENTS = 15

describe.skipIf(!HAS_SERVER)('a cluster that is killed at random moments', { timeout: 1_800_000 }, () => {
  let cluster: TestCluster
  beforeAll(async () => {
    cluster = await TestCluster.start(2)
  })
  afterAll(async () => await cluster.stop())

  it.each(SPECS.map((args) => [args.join(' '), args] as const))('gives the same results: %s', async (_, args) => {
    const expected = await checking([...args, '--engine', 'explicit', '--workers', '1']).result
    const startedMs = performance.now()
    expect(await checking([...args, '--cluster', cluster.url, '--nodes', '2']).result).toEqual(expected)
    const lastsMs = performance.now() - startedMs
    const random = randomFrom(1)
    for (let moment = 0; moment < MOMENTS; moment++) {
      const run = ['--cluster', cluster.url, '--nodes', '2', '--lost-after', '2s', '--run', `moment-${moment}`]
      let check: Checking = checking([...args, ...run])
      const kinds = ['worker', 'server', 'check'] as const
      const kind = kinds[moment % kinds.length]!
      await new Promise((resolve) => {
        setTimeout(resolve, random() * lastsMs)
      })
      if (kind === 'worker') {
        cluster.killWorker()
        await cluster.startWorker()
      } else if (kind === 'server') {
        await cluster.killServer()
        await cluster.startServer()
      } else if (check.child.kill('SIGKILL')) {
        const first = await check.result
        // It may have printed its result just before.
        if (first.status === null) check = checking([...args, ...run])
      }
      expect(await check.result, `${kind}, moment ${moment}`).toEqual(expected)
    }
  })
})
