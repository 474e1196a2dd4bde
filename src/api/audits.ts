/** The audits of an exploration, before anything is said to hold. */
import { claimsAbout } from '../audit/claims.ts'
import { audit } from '../audit/evaluation-audit.ts'
import { auditPromises } from '../audit/promise-audit.ts'
import { auditView, type ViewDifference } from '../audit/view-audit.ts'
import { auditSymmetry } from '../audit/symmetry/symmetry-audit.ts'
import type { Exploration } from '../engine/engine.ts'
import { rngFrom } from '../semantics/learned/probe.ts'
import { purely } from '../spec/purity.ts'

/** What a view hides in the sample. Undefined without a view, and if it hides nothing. */
export function viewDifference(exploration: Exploration): ViewDifference | undefined {
  const { view, settings, monitor } = exploration
  if (view === undefined || monitor.failure !== undefined) return undefined
  return purely(() => auditView(exploration, settings.properties, view))
}

/** Endings after which a run has no time or memory left, or should end soon. */
const ENDED_BRIEFLY: ReadonlySet<string> = new Set(['time', 'memory', 'disk', 'interrupted'])

/**
 * Checks the symmetry that the spec claims, and a sample of what learned evaluation said.
 *
 * @returns names of the functions whose symmetry was checked on a sample only
 * @throws {CheckerError} KR508 for a function that tells members apart, KR501 if learned and reference evaluation disagree, KR502 if
 *   reference evaluation disagrees with itself
 */
export function runAudits(exploration: Exploration): string[] {
  const { ending, monitor, settings, states, symmetry, model, temporal } = exploration
  const isBrief = ENDED_BRIEFLY.has(ending)
  // Kripke does not call a function that does not return again.
  const isAudited = symmetry !== undefined && states.found > 0 && monitor.failure?.failure.cause.code !== 'KR510'
  const sampled = isAudited ? purely(() => auditSymmetry(exploration, symmetry, isBrief)) : []
  const lassos = [...temporal.findings.values()].filter(({ result }) => result === 'violated')
  const found = settings.properties.filter((property) => monitor.findings.has(property))
  const claims = settings.properties.length - found.length - lassos.length + model.measures.length
  if (ending === 'exhausted' && claims > 0 && states.found > 0 && !settings.interpret) {
    purely(() => auditAnswers(exploration))
  }
  const { evaluator, layout } = exploration
  if (!isBrief && states.found > 0 && monitor.failure === undefined) {
    purely(() => auditPromises(evaluator, states, layout.width))
  }
  return sampled
}

function auditAnswers(run: Exploration): void {
  const { layout, instances, evaluator, reference, states: found, monitor, settings, model, temporal } = run
  const unknown = new Set([...run.undecided, ...temporal.undecided].map(([property]) => property))
  const undecided = settings.properties.filter(
    (it) => !monitor.findings.has(it) && !run.decided.has(it) && !unknown.has(it),
  )
  const { states, steps } = claimsAbout(undecided, model.measures, monitor.ranges)
  // A reduced search has paths of its own.
  const next = run.reducedNext?.unreduced ?? evaluator.next
  audit({ layout, instances, next, reference, seen: found, states, steps }, rngFrom(settings.seed))
}
