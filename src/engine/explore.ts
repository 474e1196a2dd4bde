/** Explores with the engine that the options name. */
import { exploreAutomatically } from './auto.ts'
import { exploreSymbolically } from './symbolic-first.ts'
import { exploreExplicitly, type Explored, type Request } from './policy.ts'

/** @throws {CheckerError} for a mistake in the spec or the options */
export async function explore(request: Request): Promise<Explored> {
  switch (request.options.engine) {
    case 'symbolic':
      return await exploreSymbolically(request)
    case 'explicit':
      return await exploreExplicitly(request)
    default:
      return await exploreAutomatically(request)
  }
}
