/** What is known of `specs/many-initial.ts`. */

/** Ways to explore, which must agree. */
export const ENGINES: readonly string[][] = [
  ['--engine', 'explicit', '--workers', '1'],
  ['--engine', 'explicit', '--workers', '2'],
  ['--engine', 'symbolic'],
  ['--engine', 'auto'],
  ['--interpret', '--workers', '1'],
]

/** Without the temporal property, which only some engines decide themselves. */
export const SIDE_PROPERTIES: readonly string[] = ['--property', 'above,corner', '--deadlock', 'on']

/** Counts, by arithmetic: every state is initial and has one successor, which is in the cube too. */
export function statesOf(side: number): { initial: number; distinct: number; generated: number } {
  return { initial: side ** 3, distinct: side ** 3, generated: 2 * side ** 3 }
}
