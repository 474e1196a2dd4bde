/**
 * SPIN: Promela to C, compiled for the wanted search. States are always stored completely: no bitstate, no hash
 * compaction.
 *
 * README.md lists the other settings tried.
 */
import { copyFileSync } from 'node:fs'
import { firstLine, prepare } from './commands.ts'
import { insist, numberIn, type Contestant } from './contestant.ts'

/**
 * Partial-order reduction cannot remove anything from a single process, so it is off. NOCOMP stores the state without
 * masking unused parts. HASH32 affects places, not the stored states. MEMLIM is in MiB.
 */
const COMPILE = [
  '-O3',
  '-march=native',
  '-DSAFETY',
  '-DNOFAIR',
  '-DNOREDUCE',
  '-DNOBOUNDCHECK',
  '-DHASH32',
  '-DMEMLIM=16000',
]

const version = () => firstLine('spin', '-V')

/** Depth-first; with two workers, the multi-core search over shared memory (-DNCORE=2). */
export const spin: Contestant = {
  name: 'spin',
  version,
  prepare: ({ source, defines, spin: { hashBits, depth } }, workers, folder) => {
    const cores = workers === 1 ? [] : [`-DNCORE=${workers}`, '-DVMAX=24']
    return pan(folder, {
      source,
      defines,
      compile: [...COMPILE, '-DNOCOMP', ...cores],
      run: [`-m${depth}`, `-w${hashBits}`],
    })
  },
}

/** Breadth-first; with two workers, -DBFS_PAR, which compacts states to hashes unless -DNO_HC is given. */
export const spinBfs: Contestant = {
  name: 'spin-bfs',
  version,
  prepare: ({ source, defines, spin: { hashBits } }, workers, folder) => {
    const search = workers === 1 ? ['-DBFS', '-DNOCOMP'] : ['-DBFS_PAR', '-DNO_HC']
    const cores = workers === 1 ? [] : [`-u${workers}`]
    return pan(folder, { source, defines, compile: [...COMPILE, ...search], run: [`-w${hashBits}`, ...cores] })
  },
}

interface Pan {
  readonly source: string
  readonly defines: Readonly<Record<string, number>>
  readonly compile: readonly string[]
  readonly run: readonly string[]
}

function pan(folder: string, { source, defines, compile, run }: Pan) {
  const constants = Object.entries(defines).map(([name, value]) => `-D${name}=${value}`)
  copyFileSync(`bench/race/models/${source}.pml`, `${folder}/model.pml`)
  const preparation = prepare(folder, [
    ['spin', ...constants, '-a', 'model.pml'],
    ['cc', ...compile, '-o', 'pan', 'pan.c'],
  ])
  const settings = [...compile, ...run].join(' ')
  return { command: [`${folder}/pan`, ...run], folder, settings, preparation, distinct: distinctOf }
}

/** Exported for the tests. */
export function distinctOf(stdout: string): number {
  const mustNot = [/search not completed/i, /depth too small/, /out of memory/, /aborting/]
  insist(stdout, 'SPIN', [/^Full statespace search/m, /errors: 0$/m], mustNot)
  return numberIn(stdout, /^\s*(\d+) states, stored/m, 'SPIN')
}
