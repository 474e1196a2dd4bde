/**
 * The models of the race, with what each tool has to be told about their size.
 *
 * Every peer's version is in models/, and is the same transition system: the runner refuses to compare unless the distinct
 * states are as many as Kripke's.
 */
export interface RaceModel {
  readonly name: string
  readonly spec: string
  /** As `kripke check -c` takes them. */
  readonly constants: Readonly<Record<string, string | number>>
  /** As `kripke check --property` takes them: those that the peers check too. */
  readonly properties: readonly string[]
  /** Name of the files in models/ without extension: Promela `.pml`, Murphi `.m`, TLA+ `.tla`. */
  readonly source: string
  /** Defined as constants for the peers: on SPIN's command line, as Murphi's first lines, in TLC's configuration. */
  readonly defines: Readonly<Record<string, number>>
  readonly spin: {
    /** `-w`: base-2 logarithm of the places in the hash table; the least that holds a state for each place. */
    readonly hashBits: number
    /** `-m`: more than the longest path that depth-first search meets. */
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
