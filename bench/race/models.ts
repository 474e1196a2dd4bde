/**
 * The models of the race, with their sizes in the form that each tool needs.
 *
 * The versions for the other tools are in models/, and describe the same transition system. The runner requires that
 * all tools find the same number of distinct states.
 */
export interface RaceModel {
  readonly name: string
  readonly spec: string
  /** As `kripke check -c` takes them. */
  readonly constants: Readonly<Record<string, string | number>>
  /** In the form of `kripke check --property`: the properties that the other tools check too. */
  readonly properties: readonly string[]
  /** The name of the files in models/ without extension: Promela `.pml`, Murphi `.m`, TLA+ `.tla`. */
  readonly source: string
  /** Constants for the other tools: on SPIN's command line, in Murphi's first lines, in TLC's configuration. */
  readonly defines: Readonly<Record<string, number>>
  readonly spin: {
    /** `-w`: base-2 logarithm of the size of the hash table. The least one with a place for each state. */
    readonly hashBits: number
    /** `-m`: more than the longest path of depth-first search. */
    readonly depth: number
  }
  readonly rumur: {
    /** `--set-capacity`: bytes, enough that the set never grows. */
    readonly setBytes: number
  }
}

function twoPhase(managers: number, hashBits: number): RaceModel {
  return {
    name: `two-phase-${managers}`,
    spec: 'specs/classic/two-phase-commit.ts',
    constants: { resourceManagers: managers },
    properties: ['consistent', 'deadlock'],
    source: 'TwoPhaseCommit',
    defines: { N: managers },
    spin: { hashBits, depth: 1000 },
    rumur: { setBytes: 2 ** (hashBits + 4) },
  }
}

export const MODELS: readonly RaceModel[] = [
  twoPhase(7, 20),
  twoPhase(8, 22),
  twoPhase(9, 24),
  {
    name: 'truncate-dma',
    spec: 'specs/truncate-dma.ts',
    constants: { design: 'wait-allocated', files: 2, blocks: 3, users: 3 },
    properties: ['noFreeUnderDma', 'noReallocUnderDma', 'noWaitCycle', 'noUnexpectedFailure', 'deadlock'],
    source: 'TruncateDma',
    defines: {},
    spin: { hashBits: 20, depth: 200_000 },
    rumur: { setBytes: 2 ** 24 },
  },
]
