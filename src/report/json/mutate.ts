/** Mutants as a JSON document. */
import { scoreOf, verdictCounts, type Mutation } from '../../api/mutants/mutation.ts'
import { VERSION } from '../version.ts'
import { plainJson, type Json } from './plain.ts'

/** The document of `kripke mutate --json`. */
export function mutationDocument({ spec, constants, mutants, properties, seconds }: Mutation): {
  readonly [name: string]: Json
} {
  return {
    kripke: VERSION,
    spec,
    constants: plainJson(constants),
    counts: { ...verdictCounts(mutants) },
    score: scoreOf(mutants) ?? null,
    properties: properties.map((property) => ({ ...property, alone: property.alone ?? null })),
    mutants: mutants.map((mutant) => ({
      ...mutant,
      properties: [...mutant.properties],
      reason: mutant.reason ?? null,
    })),
    seconds,
  }
}
