/** Mutants as a JSON document. */
import { verdictCounts, type Mutation } from '../../api/mutants/mutation.ts'
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
    properties: properties.map((property) => ({ ...property })),
    mutants: mutants.map((mutant) => ({ ...mutant, properties: [...mutant.properties] })),
    seconds,
  }
}
