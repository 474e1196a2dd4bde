/** The cases of `npm run symbolic`: models for one or both engines. */

export type Engine = 'explicit' | 'symbolic'

/** A model to explore. */
export interface Case {
  /** The cases of a family are sizes of the same model, ascending. */
  readonly family: string
  readonly spec: string
  readonly constants: { readonly [name: string]: string | number }
  readonly properties: readonly string[]
  /** For the explicit engine: whether states that differ by a permutation count as one. */
  readonly symmetry: boolean
  readonly engines: readonly Engine[]
  /** Distinct states by a formula, if there is one. */
  readonly distinct?: bigint
  /** The argument of the prototype, if it has this model. */
  readonly prototype?: string
  /** Target for the symbolic engine in seconds, for a whole process on a quiet machine. */
  readonly goalSeconds?: number
}

const BOTH: readonly Engine[] = ['explicit', 'symbolic']

/**
 * Two-phase commit. While the transaction manager waits, a resource manager has four states: working, aborted, or
 * prepared with its message received or not. After a commit, it has prepared or committed. After an abort, it is in one
 * of six states.
 */
function twoPhase(managers: number, goalSeconds?: number): Case {
  const n = BigInt(managers)
  return {
    ...{
      family: 'two-phase-commit',
      spec: 'specs/classic/two-phase-commit.ts',
      properties: ['consistent', 'deadlock'],
    },
    ...{ constants: { resourceManagers: managers }, symmetry: false, engines: BOTH },
    ...{ distinct: 2n ** n + 4n ** n + 6n ** n, prototype: String(managers) },
    ...(goalSeconds !== undefined && { goalSeconds }),
  }
}

function philosophers(count: number, goalSeconds?: number): Case {
  return {
    ...{ family: 'dining-philosophers', spec: 'specs/classic/dining-philosophers.ts' },
    ...{ constants: { design: 'ordered', philosophers: count }, properties: ['noNeighborsEat', 'deadlock'] },
    ...{ symmetry: false, engines: BOTH },
    ...(goalSeconds !== undefined && { goalSeconds }),
  }
}

/** With all properties except temporal ones, which need the explicit engine. */
const TRUNCATE: Omit<Case, 'symmetry' | 'engines'> = {
  ...{ family: 'truncate-dma', spec: 'specs/truncate-dma.ts' },
  constants: { design: 'wait-allocated', files: 3, blocks: 4, users: 3 },
  properties: ['noFreeUnderDma', 'noReallocUnderDma', 'noWaitCycle', 'noUnexpectedFailure', 'deadlock'],
}

const UNBIND: Omit<Case, 'symmetry' | 'engines'> = {
  ...{ family: 'unbind', spec: 'specs/unbind.ts' },
  ...{ constants: { design: 'v6', processes: 4 }, properties: ['deadlock'] },
}

export const CASES: readonly Case[] = [
  ...[5, 6, 7, 8].map((managers) => twoPhase(managers)),
  twoPhase(9, 0.6),
  ...[10, 12, 16, 20].map((managers) => twoPhase(managers)),
  twoPhase(40, 1.5),
  twoPhase(100, 10),
  ...[8, 10, 12, 20, 50].map((count) => philosophers(count)),
  philosophers(100, 10),
  { ...TRUNCATE, constants: { ...TRUNCATE.constants, design: 'sequester' }, symmetry: false, engines: BOTH },
  { ...TRUNCATE, symmetry: false, engines: BOTH },
  { ...TRUNCATE, symmetry: true, engines: ['explicit'] },
  { ...UNBIND, symmetry: false, engines: BOTH },
  { ...UNBIND, symmetry: true, engines: ['explicit'] },
]

/** The name of a case: family and constants. */
export function nameOf({ family, constants, symmetry }: Case): string {
  const given = Object.entries(constants).map(([name, value]) => `${name}=${value}`)
  return [family, ...given, ...(symmetry ? ['(up to symmetry)'] : [])].join(' ')
}
