/**
 * The member sets of a model that its author claims to be symmetric, and why some of them cannot reduce a check.
 *
 * Kripke recognizes a member by its name, wherever it occurs. So a set reduces only if names are unambiguous: every
 * string that a variable or parameter can hold is either a member or contains no member's name.
 */
import { domainsIn } from './domain-values.ts'
import type { AnyDomain, Fields, LiteralDomain, Members } from './domain.ts'
import type { Model } from './model.ts'

/** A symmetric set: any exchange of its members turns behaviors of the model into behaviors. */
export interface SymmetricSet {
  /** The name of one member, such as `file`. */
  readonly label: string
  /** At least two names. */
  readonly names: readonly string[]
}

/** A set that is declared symmetric but cannot reduce a check. */
export interface Obstacle {
  readonly label: string
  /** Why, as a clause. */
  readonly why: string
}

/** A domain, at any depth, and the variable or parameter that it belongs to. */
interface DomainUse {
  readonly owner: string
  readonly isVariable: boolean
  readonly domain: AnyDomain
}

/** The symmetric sets that the variables and parameters of a model mention, in the order of first mention. */
export function symmetricSetsOf(model: Model): { sets: readonly SymmetricSet[]; obstacles: readonly Obstacle[] } {
  const places = placesOf(model)
  const all = places.flatMap(({ domain }) => setsMentionedBy(domain))
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

/** The member sets that a domain names itself. Its parts may name others. */
export function setsMentionedBy(domain: AnyDomain): readonly Members[] {
  if (domain.kind === 'oneOf') return domain.spread
  return domain.kind === 'members' ? [domain] : []
}

function placesOf({ schema, actions, properties, constraints }: Model): DomainUse[] {
  const within = (owner: (name: string) => string, fields: Fields, isVariable: boolean): DomainUse[] =>
    Object.entries(fields).flatMap(([name, domain]) =>
      domainsIn([domain]).map((part) => ({ owner: owner(name), isVariable, domain: part })),
    )
  const claims = [...properties, ...constraints]
  const ofConjuncts = claims.flatMap(({ name, conjuncts }) =>
    conjuncts.map(({ parameters = {} }) => ({ name, parameters })),
  )
  return [
    ...within((name) => `variable "${name}"`, schema.variables, true),
    ...[...actions, ...claims, ...ofConjuncts].flatMap(({ name: of, parameters }) =>
      within((name) => `parameter "${name}" of "${of}"`, parameters, false),
    ),
  ]
}

function obstacleTo(set: Members, all: readonly Members[], places: readonly DomainUse[]): string | undefined {
  const open = places.find(({ domain }) => domain.kind === 'value')
  if (open !== undefined) return `${open.owner} has the open domain value(), so it may contain names of members`
  const rival = all.find(
    (other) => (other.join() !== set.join() || !other.symmetric) && other.some((name) => set.includes(name)),
  )
  if (rival !== undefined) {
    return rival.join() === set.join()
      ? 'one declaration has symmetric: true and another does not'
      : `another set also has the member "${rival.find((name) => set.includes(name))}"`
  }
  for (const { owner, domain } of places) {
    const label = domain.kind === 'thread' ? domain.labels.find((name) => set.includes(name)) : undefined
    if (label !== undefined) return `"${label}" is both a member and a label of ${owner}`
    if (domain.kind !== 'oneOf') continue
    const named = set.filter((name) => domain.literals.includes(name))
    if (named.length > 0 && named.length < set.length)
      return `oneOf(${domain.literals.join(', ')}) of ${owner} lists some of its members but not all`
    const derived = derivedFrom(set, domain, all)
    if (derived !== undefined)
      return `${owner} can hold "${derived}", which contains the name of a member but is not a member`
  }
  const isHeld = places.some(({ isVariable, domain }) => isVariable && holds(domain, set))
  return isHeld ? undefined : 'no variable can hold its members'
}

/** Whether the domain has members of the set as values. */
function holds(domain: AnyDomain, set: Members): boolean {
  if (domain.kind === 'oneOf') return set.some((name) => domain.literals.includes(name))
  return domain.kind === 'members' && domain.some((name) => set.includes(name))
}

/**
 * A string that seems to be built from a member's name, such as `log-file1`. It contains a name as a word, or the
 * domain has the same string with each other name in its place. Members of any set do not count.
 */
function derivedFrom(set: Members, { literals }: LiteralDomain, all: readonly Members[]): string | undefined {
  const isDerived = (literal: string, name: string): boolean => {
    for (let at = literal.indexOf(name); at >= 0; at = literal.indexOf(name, at + 1)) {
      const [before, after] = [literal.slice(0, at), literal.slice(at + name.length)]
      if (/^\p{N}/u.test(after)) continue
      const isWord = !/[\p{L}\p{N}]$/u.test(before) && !/^\p{L}/u.test(after)
      if (isWord || set.every((other) => literals.includes(before + other + after))) return true
    }
    return false
  }
  return literals.find(
    (literal): literal is string =>
      typeof literal === 'string' &&
      set.some((name) => isDerived(literal, name)) &&
      !all.some((members) => members.includes(literal)),
  )
}
