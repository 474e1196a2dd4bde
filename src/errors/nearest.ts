/** Finds the name that a user probably meant. */

/** A hint with the available name closest to `name`, if the difference can be a typing error; else to choose a name. */
export function nearest(name: string, available: readonly string[]): { hint?: string } {
  const ranked = available
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  if (best === undefined) return {}
  if (best.distance > Math.max(1, name.length * 0.4)) return { hint: 'use one of these names' }
  return { hint: `did you mean "${best.candidate}"?` }
}

/** Levenshtein distance, by the two-row dynamic program. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(substitution, previous[j]! + 1, row[j - 1]! + 1))
    }
    previous = row
  }
  return previous[b.length]!
}

/** The same hint as text, with the names if none of them is close. */
export function nearestName(name: string, available: readonly string[]): string | undefined {
  const { hint } = nearest(name, available)
  return hint?.startsWith('did') === true ? hint : hint && `use one of ${available.join(', ')}`
}
