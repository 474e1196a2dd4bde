/** Why the end of a trace decides its property, with the steps that made it so. */
import { callText } from '../spec/bindings.ts'
import type { ShownTrace } from '../trace/trace.ts'
import { differencesOf, type Difference } from './differences.ts'
import { show } from './show.ts'
import { readText } from './text/trace.ts'

/** A value that a false conjunct read. */
export interface ReadPlace {
  readonly text: string
  /** Such as `refs`, or `pages ∋ block1`. */
  readonly place: string
  /** Index of the last step that changed it; undefined if no step did. */
  readonly since: number | undefined
}

export interface Reason {
  /** The conjunct, '' for the property itself. */
  readonly name: string
  readonly read: readonly ReadPlace[]
}

/** The false conjuncts, and which steps made them false. */
export function reasonsOf(trace: ShownTrace): Reason[] {
  return trace.failed.map(({ name, bindings, read }) => ({
    name: name === '' ? '' : callText(name, bindings),
    read: read.map((it) => ({ text: readText(it), ...lastChange(trace, it.path) })),
  }))
}

/** Whether what a step changed is a reason. */
export function isCause(reasons: readonly Reason[], index: number, difference: Difference): boolean {
  return reasons.some(({ read }) => read.some(({ since, place }) => since === index && isAt(difference, place)))
}

/** Whether a difference is in the place that was read. */
function isAt(difference: Difference, place: string): boolean {
  const [path, element] = place.split(' ∋ ') as [string, string?]
  if (difference.path !== path) return false
  if (element === undefined || !('added' in difference)) return true
  return [...difference.added, ...difference.removed].some((value) => show(value) === element)
}

function lastChange({ steps, kind }: ShownTrace, path: string): Pick<ReadPlace, 'place' | 'since'> {
  // In a transition property, places of the first state of the last step have no prime.
  const isStep = kind === 'transition' || kind === 'refinement'
  const isBefore = isStep && !path.endsWith("'")
  const place = isStep ? path.replace(/'$/, '') : path
  const seen = isBefore ? steps.slice(0, -1) : steps
  const index = seen.findLastIndex(({ changes }) => differencesOf(changes).some((it) => isAt(it, place)))
  return { place, since: index < 0 ? undefined : index }
}

/** `✗ noReuse(file1) is violated`: what the end of the trace shows. Undefined for a path that decides nothing. */
export function ending({ property, kind, bindings, loop }: ShownTrace): string | undefined {
  if (kind === 'path') return undefined
  const name = callText(property, bindings)
  if (kind === 'goal') return `✓ ${name} is reached`
  if (kind === 'unreachable') return `✗ ${name} is reached`
  if (kind === 'error') return `✗ ${name} fails here`
  if (kind === 'deadlock') return '✗ deadlock: no action is enabled'
  return loop === undefined ? `✗ ${name} is violated` : `✗ ${name} is violated by this behavior`
}
