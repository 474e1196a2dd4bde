/** Schemas: the variables of a state, with their domains. */
import { badDefinition } from '../errors.ts'
import { holderVariables } from './atomic-sections.ts'
import { defaultOf } from './domain-values.ts'
import type { Domain, FieldValues, Fields } from './domain.ts'
import { here, place } from './origin.ts'
import { inWords } from './show.ts'
import { structFactory, type Struct, type StructFactory } from './struct.ts'

/** The state of a schema: an immutable.js record of its variables. */
export type StateOf<V extends Fields> = Struct<FieldValues<V>>

/** The variables of a spec. Call it to build a state: omitted variables take the first value of their domains. */
export interface Schema<in out V extends Fields = Fields> {
  (values?: Parameters<StructFactory<FieldValues<V>>>[0]): StateOf<V>
  readonly variables: V
  readonly factory: StructFactory<FieldValues<V>>
}

/**
 * Declares the variables of a state.
 *
 * @throws {CheckerError} KR205 for a name that immutable.js needs, KR206 for a value that is not a domain
 */
export function schema<V extends Fields>(declared: V): Schema<V> {
  const names = Object.keys(declared)
  if (names.length === 0)
    throw badDefinition(
      'schema({})',
      'must have a variable, but has none',
      'declare at least one variable',
      place(here()),
    )
  for (const name of names) {
    const domain: Domain<unknown> | undefined = declared[name]
    if (typeof domain?.kind !== 'string') {
      throw badDefinition(
        `variable "${name}"`,
        `must have a domain, but has ${inWords(domain)}`,
        `write ${name}: bool(), ${name}: oneOf('a', 'b'), or another domain`,
        place(here()),
      )
    }
  }
  const variables = { ...declared, ...holderVariables(declared) }
  const defaults = Object.fromEntries(
    Object.entries(variables).map(([name, domain]) => [name, defaultOf(domain)]),
  ) as FieldValues<V>
  const factory = structFactory('State', defaults)
  const build = (values?: Parameters<typeof factory>[0]): StateOf<V> => factory(values)
  return Object.assign(build, { variables, factory })
}
