/** Signs of verdicts. */

const SIGNS: { readonly [result: string]: string } = {
  holds: '✓',
  reached: '✓',
  violated: '✗',
  unreached: '✗',
  unknown: '?',
}

export function signOf(result: string): string {
  return SIGNS[result] ?? ''
}

export function isBad(result: string): boolean {
  return result === 'violated' || result === 'unreached'
}
