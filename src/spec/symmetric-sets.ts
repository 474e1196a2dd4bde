/**
 * The member sets of a model that its author claims to be symmetric, and those among them of which no use can be made.
 *
 * A member is recognized by its name, wherever it occurs: `oneOf('free', ...File)` does not say where its literals come from.
 */
import { domainsIn, memberSetsIn } from './domain-values.ts'
import type { AnyDomain, Domain } from './domain.ts'
import type { Members } from './members.ts'
import type { Model } from './model.ts'

/** A symmetric set: any exchange of its members turns behaviors of the model into behaviors. */
export interface SymmetricSet {
  /** What one member is called, such as `file`. */
  readonly label: string
  /** At least two. */
  readonly names: readonly string[]
}

/** A set that is said to be symmetric, and cannot be reduced by. */
export interface Obstacle {
  readonly label: string
  /** Why, as a clause. */
  readonly why: string
}

/** The symmetric sets that the variables and parameters of a model mention, in the order of first mention. */
export function symmetricSetsOf(model: Model): { sets: readonly SymmetricSet[]; obstacles: readonly Obstacle[] } {
  const { schema, actions, properties, constraints } = model
  const claims = [...properties, ...constraints]
  const ofConjuncts = claims.flatMap(({ conjuncts }) => conjuncts.map(({ parameters = {} }) => parameters))
  const parts = [schema.variables, ...[...actions, ...claims].map(({ parameters }) => parameters), ...ofConjuncts]
  const domains = parts.flatMap((part) => Object.values(part) as Domain<unknown>[])
  const all = memberSetsIn(domains)
  const places = domainsIn(domains)
  const sets: SymmetricSet[] = []
  const obstacles: Obstacle[] = []
  const known = new Set<string>()
  for (const set of all) {
    if (!set.symmetric || set.length < 2 || known.has(set.join())) continue
    known.add(set.join())
    const why = obstacleTo(set, all, places)
    if (why === undefined) sets.push({ label: set.label, names: [...set] })
    else obstacles.push({ label: set.label, why })
  }
  return { sets, obstacles }
}

function obstacleTo(set: Members, all: readonly Members[], places: readonly AnyDomain[]): string | undefined {
  const isOpen = places.some(({ kind }) => kind === 'value')
  if (isOpen) return 'a variable has an open domain, value(), whose values may name members'
  const rival = all.find(
    (other) => (other.join() !== set.join() || !other.symmetric) && other.some((name) => set.includes(name)),
  )
  if (rival !== undefined) {
    return rival.join() === set.join()
      ? 'it is declared once as symmetric and once not'
      : `another set has a member of the same name, "${rival.find((name) => set.includes(name))}"`
  }
  for (const place of places) {
    if (place.kind !== 'oneOf') continue
    const named = set.filter((name) => place.literals.includes(name))
    if (named.length > 0 && named.length < set.length)
      return `oneOf(${place.literals.join(', ')}) names only some of it`
  }
  return undefined
}
