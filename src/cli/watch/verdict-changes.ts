/** Compares the verdicts of two runs. */
import type { PropertyOutcome } from '../../api/outcome.ts'

/** The results by the names of properties. */
export type Verdicts = ReadonlyMap<string, string>

/** A property whose result is not what it was; null where the run had no such property. */
export interface VerdictChange {
  readonly name: string
  readonly from: string | null
  readonly to: string | null
}

export function verdictsOf(properties: readonly Pick<PropertyOutcome, 'name' | 'result'>[]): Verdicts {
  return new Map(properties.map(({ name, result }) => [name, result]))
}

/** What changed, in the order of the properties: those of the later run first. */
export function verdictChanges(before: Verdicts, after: Verdicts): VerdictChange[] {
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((name) => {
    const [from, to] = [before.get(name) ?? null, after.get(name) ?? null]
    return from === to ? [] : [{ name, from, to }]
  })
}
