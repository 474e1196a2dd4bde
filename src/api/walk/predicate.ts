/** Predicates that a user types, as an expression over the state. */
import { is, List, Map as ValueMap, Set as ValueSet } from 'immutable'
import { badOption } from '../../errors.ts'
import { count, every, exists } from '../../spec/exists.ts'
import { implies } from '../../spec/implies.ts'
import type { State } from '../../spec/model.ts'

/** A function of a state and the constants. */
export type StateFunction = (state: State, constants: { readonly [name: string]: unknown }) => unknown

/** What an expression may name beside the state `s`, the `constants`, and each variable and constant by its own name. */
const SCOPE = { exists, every, count, implies, is, List, Map: ValueMap, Set: ValueSet }

/**
 * The source of a function that gives the value of an expression. It reads only the variables that the expression names.
 *
 * The expression is still TypeScript here. `functionOf` makes the function once a compiler has removed the types.
 */
export function functionSource(
  expression: string,
  { variables, constants }: { readonly variables: readonly string[]; readonly constants: readonly string[] },
): string {
  const words = new Set(expression.match(/[\p{ID_Start}_$][\p{ID_Continue}$]*/gu))
  const named = variables.filter((name) => words.has(name))
  const given = constants.filter((name) => words.has(name) && !named.includes(name))
  return [
    '(s, constants) => {',
    ...named.map((name) => `const ${name} = s.get(${JSON.stringify(name)})`),
    ...given.map((name) => `const ${name} = constants[${JSON.stringify(name)}]`),
    `return (${expression}\n)`,
    '}',
  ].join('\n')
}

/** @param source - a function as JavaScript. @throws {CheckerError} KR101 if it is not */
export function functionOf(source: string): StateFunction {
  try {
    // oxlint-disable-next-line no-implied-eval, no-new-func -- the user's own expression, as in a console
    const make = new Function(...Object.keys(SCOPE), `'use strict'\nreturn ${source}`) as (
      ...values: unknown[]
    ) => StateFunction
    return make(...Object.values(SCOPE))
  } catch (thrown) {
    throw badOption(`the expression must be a TypeScript expression, but is not: ${(thrown as Error).message}`)
  }
}
