/** A cluster gives the results of one process, whatever the network and the nodes do. */
import { describe, expect, it } from 'vitest'
import { check, type AnySpec, type CheckOptions } from '../../../../src/index.ts'
import { COORDINATOR } from '../../../../src/engine/explicit/cluster/transport.ts'
import { checkDocument } from '../../../../src/report/json/documents.ts'
import { instantiate } from '../../../../src/spec/spec.ts'
import { comparable } from '../../../support/comparable.ts'
import { randomFrom, SimulatedNetwork, type Faults } from '../../../support/simulated-network.ts'
import { first, runs } from '../../../support/amount.ts'
import { SPECS, variantsOf, VARIANTS } from '../../../support/variants.ts'

async function load(path: string): Promise<AnySpec> {
  return ((await import(new URL(path, SPECS).href)) as { default: AnySpec }).default
}

async function documentOf(run: Promise<Awaited<ReturnType<typeof check>>>): Promise<unknown> {
  try {
    return comparable(checkDocument(await run, { peakMemoryBytes: 0 }) as { [key: string]: unknown })
  } catch (thrown) {
    const { code, message, trace } = thrown as { [key: string]: any }
    if (code === undefined) throw thrown
    return { code, message, steps: trace?.steps.length }
  }
}

async function onCluster(it: AnySpec, options: CheckOptions, seed: number, faults: Faults, nodes = 2) {
  const network = new SimulatedNetwork(it, seed, faults)
  for (let node = 0; node < nodes; node++) network.startNode()
  const cluster = network.cluster(nodes)
  const run = (): Promise<unknown> => documentOf(check(it, { ...options, cluster }))
  const document = await network.run(async () => {
    let isOver = false
    return await new Promise((resolve, reject) => {
      const begin = (): void => {
        run().then(
          (result) => {
            isOver = true
            resolve(result)
          },
          (thrown: unknown) => reject(thrown),
        )
      }
      for (const atMs of faults.coordinatorEndsMs ?? []) {
        network.at(atMs, () => {
          if (isOver) return
          network.kill(COORDINATOR)
          begin()
        })
      }
      begin()
    })
  })
  return { network, document }
}

describe('a cluster', () => {
  it.each(Object.keys(VARIANTS))('explores %s as one process does', async (path) => {
    const it = await load(path)
    for (const constants of first(1, variantsOf(path))) {
      const { model } = instantiate(it, constants)
      if (model.view !== undefined) continue
      const options = { constants, continue: true }
      const expected = await documentOf(check(it, { ...options, engine: 'explicit' }))
      const { document, network } = await onCluster(it, options, 1, {})
      expect(document).toEqual(expected)
      expect(network.isRemoved).toBe(true)
    }
  })

  /** By what goes wrong: the faults of a run that would take `lastMs` without. */
  const FAULTS: { readonly [what: string]: (moments: (count: number) => number[]) => Faults } = {
    'loses, repeats and reorders messages': () => ({ lost: 0.1, repeated: 0.2, delayMs: 60 }),
    'loses nodes': (moments) => ({ nodesEndMs: moments(3), delayMs: 40 }),
    'loses nodes and writes slowly': (moments) => ({ nodesEndMs: moments(4), delayMs: 10, journalMs: 150 }),
    'loses nodes and messages arrive late': (moments) => ({ nodesEndMs: moments(3), delayMs: 10, lateMs: 1500 }),
    'gets nodes late': (moments) => ({ nodesBeginMs: moments(2), delayMs: 10 }),
    'loses coordinators': (moments) => ({ coordinatorEndsMs: moments(3), delayMs: 10 }),
    'loses its server for a while': (moments) => {
      const [from] = moments(1)
      return { outageMs: [from!, from! + 3000], delayMs: 10 }
    },
    'has all of these faults': (moments) => ({
      lost: 0.05,
      repeated: 0.1,
      delayMs: 40,
      lateMs: 1500,
      nodesEndMs: moments(2),
      nodesBeginMs: moments(1),
      coordinatorEndsMs: moments(1),
      outageMs: [1000, 2000],
    }),
  }

  const FAULTY: readonly (readonly [path: string, options: CheckOptions])[] = [
    ['classic/two-phase-commit.ts', { symmetry: false }],
    ['classic/dining-philosophers.ts', { constants: { design: 'left-first', philosophers: 2 } }],
    ['poison-recovery.ts', { constants: { design: 'plain' } }],
    ['classic/lamport-mutex.ts', { constants: { processes: 2, time: 1 } }],
  ]

  it.each(Object.keys(FAULTS))('gives the same results if it %s', { timeout: 300_000 }, async (name) => {
    for (const [path, options] of FAULTY) {
      const it = await load(path)
      const expected: unknown[] = []
      for (const goesOn of [true, false]) {
        expected.push(await documentOf(check(it, { ...options, continue: goesOn, engine: 'explicit' })))
      }
      const { delayMs = 5, journalMs = 0 } = FAULTS[name]!(() => [1])
      const { network } = await onCluster(it, { ...options, continue: true }, 1, { delayMs, journalMs }, 3)
      for (let seed = 1; seed <= runs(30); seed++) {
        const random = randomFrom(seed)
        const moments = (count: number): number[] => Array.from({ length: count }, () => random() * network.nowMs)
        const { document } = await onCluster(
          it,
          { ...options, continue: seed % 2 === 1 },
          seed,
          FAULTS[name]!(moments),
          3,
        )
        expect(document, `${path}, seed ${seed}`).toEqual(expected[(seed + 1) % 2])
      }
    }
  })

  it('stops with an error if a message is damaged', async () => {
    const it = await load('classic/two-phase-commit.ts')
    const { document } = await onCluster(it, {}, 1, { damaged: 0.2 })
    expect(document).toMatchObject({ code: 'KR114', message: expect.stringContaining('damaged') })
  })

  it('stops with an error if a journal loses states', async () => {
    const it = await load('classic/two-phase-commit.ts')
    const network = new SimulatedNetwork(it, 1, { nodesEndMs: [600, 1200] })
    network.startNode()
    network.startNode()
    network.at(599, () => {
      for (const records of network.journals.values()) records.splice(0, 1)
    })
    const cluster = network.cluster(2)
    const document = await network.run(async () => await documentOf(check(it, { cluster })))
    expect(document).toMatchObject({ code: 'KR114', message: expect.stringMatching(/has \d+ states instead of \d+/) })
  })
})
