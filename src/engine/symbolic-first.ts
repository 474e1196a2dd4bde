/**
 * The policy of `--engine symbolic`: the symbolic engine explores, and the explicit engine does the rest.
 *
 * If a function of the spec fails, the explicit engine explores, because it shows the failure. If there are few enough
 * states, it also finds lassos, and decides the temporal properties that the symbolic engine leaves open.
 */
import { disagreement } from '../errors.ts'
import type { PropertyDefinition } from '../spec/model.ts'
import { prepareContextInSlices, type CheckContext } from './context.ts'
import type { Exploration } from './engine.ts'
import { exploredBy, exploreExplicitly, exploreWith, withTimeLeft, type Explored, type Request } from './policy.ts'
import type { TemporalFinding, TemporalResults } from './temporal-results.ts'

/**
 * @throws {CheckerError} KR404 if diagrams cannot represent a function of the spec; and for a mistake in the spec or
 *   the options
 */
export async function exploreSymbolically({ spec, options }: Request): Promise<Explored> {
  const context = await prepareContextInSlices(spec, { ...options, workers: 1 })
  // Imported here, because loading takes time and most checks do not need it.
  const { symbolicEngine } = await import('./symbolic/symbolic-engine.ts')
  const result = await exploreWith(symbolicEngine, context)
  if (result.kind === 'declined') {
    if (result.reason === 'failure') return await exploreFailure({ spec, options }, context)
    throw result.error!
  }
  const { left } = result.temporal
  if (left.length === 0) return exploredBy(result)
  const own = {
    properties: left.map(({ name }) => name),
    continue: false,
    deadlock: undefined,
    engine: 'explicit',
    checkpoints: undefined,
  } as const
  const { exploration } = await exploreExplicitly({ spec, options: { ...withTimeLeft(options, context), ...own } })
  const explicit =
    exploration.ending === 'exhausted' ? exploration.temporal : { ...exploration.temporal, cut: exploration.ending }
  // The explicit engine reports a failing function with its state.
  if (explicit.cut === 'failed') return await exploreFailure({ spec, options }, context)
  return exploredBy({ ...result, temporal: merged(result, explicit) })
}

async function exploreFailure({ spec, options }: Request, context: CheckContext): Promise<Explored> {
  const own = { ...withTimeLeft(options, context), engine: 'explicit', checkpoints: undefined } as const
  const explored = await exploreExplicitly({ spec, options: own })
  const engineChange = 'Kripke switched engines to show the failure of a spec function'
  return { ...explored, engineChange, startedMs: context.startedMs }
}

/** @throws {CheckerError} KR501 if sets of states violate a property, but single states do not */
function merged({ temporal, settings }: Exploration, explicit: TemporalResults): TemporalResults {
  const byName = new Map(Array.from(explicit.findings, ([{ name }, finding]) => [name, finding]))
  const findings = new Map<PropertyDefinition, TemporalFinding>()
  const undecided = new Map(temporal.undecided)
  // Report in the order of the spec, whichever engine decided a property.
  for (const property of settings.properties) {
    const onSets = temporal.findings.get(property)
    const finding = byName.get(property.name) ?? onSets
    if (finding === undefined) continue
    if (onSets?.result === 'violated' && finding.result !== 'violated') {
      throw disagreement(
        `temporal "${property.name}"`,
        'the symbolic engine found a violation that the explicit engine does not confirm',
      )
    }
    findings.set(property, finding)
    if (byName.has(property.name)) undecided.delete(property)
  }
  return { findings, undecided, left: [], cut: explicit.cut }
}
