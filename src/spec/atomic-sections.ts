/** The labels of atomic sections, and the variables that say which thread holds control. */
import type { AnyThread, Domain, Fields } from './domain.ts'
import { bool, optional } from './domain-constructors.ts'
import { labelIn } from './labels.ts'

/** The labels of a thread's atomic sections, those of its procedures included. */
export function sectionOf({ atomic, procedures }: AnyThread): ReadonlySet<string> {
  return new Set([...atomic, ...procedures.flatMap((it) => (it.atomic as string[]).map((label) => labelIn(it, label)))])
}

/** The variables that say which instance of a thread holds control, for threads with atomic sections. */
export function holderVariables(variables: Fields): Fields {
  const threads = Object.entries(variables).filter(
    ([, domain]) => domain.kind === 'thread' && sectionOf(domain as AnyThread).size > 0,
  )
  return Object.fromEntries(
    threads.map(([name, domain]): [string, Domain<unknown>] => {
      const [instance] = Object.values((domain as AnyThread).instance)
      return [holderName(name), instance === undefined ? bool() : optional(instance)]
    }),
  )
}

/** The name of the variable that says which instance of a thread holds control. */
export function holderName(thread: string): string {
  return `${thread}_atomic`
}
