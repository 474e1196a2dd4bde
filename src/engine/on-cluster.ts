/** The policy for a cluster: the explicit engine on its nodes, and nothing else. */
import { assert, badOption } from '../errors.ts'
import type { Cluster } from './cluster.ts'
import { prepareContextInSlices } from './context.ts'
import { clusterEngine } from './explicit/cluster/cluster-engine.ts'
import { exploredBy, exploreWith, type Explored, type Request } from './policy.ts'

/** @throws {CheckerError} KR101 for options that do not fit a cluster, and for other mistakes in the spec or the options */
export async function exploreOnCluster({ spec, options }: Request, cluster: Cluster): Promise<Explored> {
  if (options.engine === 'symbolic') {
    throw badOption('a cluster must explore with the explicit engine, but --engine is symbolic', 'remove --engine')
  }
  const context = await prepareContextInSlices(spec, { ...options, workers: 1 })
  const result = await exploreWith(clusterEngine(cluster), context)
  assert(result.kind === 'done', 'the engine of a cluster does not decline')
  return exploredBy(result)
}
