/** Commands that show something again: quoted for a shell where they have to be. */
import { spellingOf } from '../../spec/constant-text.ts'

/**
 * The command that shows a counterexample again.
 *
 * @param isUnreduced - whether symmetry could reduce the check of the property, and is not to
 */
export function againCommand(
  path: string,
  given: { readonly [name: string]: unknown },
  property: string,
  isUnreduced: boolean,
): string {
  const reduction = isUnreduced ? ['--symmetry off'] : []
  return ['npx kripke check', quote(path), ...constants(given), '--property', quote(property), ...reduction].join(' ')
}

/** The command that opens a counterexample in the browser. */
export function exploreCommand(path: string, given: { readonly [name: string]: unknown }, property: string): string {
  return ['npx kripke explore', quote(path), ...constants(given), '--property', quote(property)].join(' ')
}

/**
 * The command that repeats one walk of a simulation.
 *
 * @param options - by name; undefined ones are left out
 */
export function walkCommand(
  path: string,
  given: { readonly [name: string]: unknown },
  options: { readonly [name: string]: unknown },
): string {
  const chosen = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, quote(String(value))],
  )
  return ['npx kripke simulate', quote(path), ...constants(given), ...chosen].join(' ')
}

function quote(word: string): string {
  return /^[\w./=:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

function constants(given: { readonly [name: string]: unknown }): string[] {
  return Object.entries(given).flatMap(([name, value]) => ['-c', quote(`${name}=${spellingOf(value)}`)])
}
