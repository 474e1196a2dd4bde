/** Explores with the engine that the options name. */
import { exploreAutomatically } from './auto.ts'
import { exploreSymbolically } from './symbolic-first.ts'
import { exploreOnCluster } from './on-cluster.ts'
import { exploreExplicitly, type Explored, type Request } from './policy.ts'

/** @throws {CheckerError} for a mistake in the spec or the options */
export async function explore(request: Request): Promise<Explored> {
  const { engine, por = 'off', cluster } = request.options
  if (cluster !== undefined) return await exploreOnCluster(request, cluster)
  if (engine === 'symbolic') {
    const explored = await exploreSymbolically(request)
    return por === 'off' ? explored : { ...explored, notReduced: 'the symbolic engine does not use it' }
  }
  // With the explicit engine alone, that policy decides about partial-order reduction only.
  return engine === 'explicit' && por === 'off' ? await exploreExplicitly(request) : await exploreAutomatically(request)
}
