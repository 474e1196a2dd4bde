/** The command that shows a counterexample again: quoted for a shell where it has to be. */
export function againCommand(path: string, given: { readonly [name: string]: unknown }, property: string): string {
  const quote = (word: string): string => (/^[\w./=:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
  const constants = Object.entries(given).flatMap(([name, value]) => ['-c', quote(`${name}=${String(value)}`)])
  return ['npx kripke check', quote(path), ...constants, '--property', quote(property)].join(' ')
}
