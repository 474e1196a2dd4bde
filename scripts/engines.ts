/**
 * The data for the picture of both engines and of other checkers: two-phase commit, from the results of `npm run
 * symbolic` and `npm run race`.
 */
import type { Results } from '../bench/symbolic/results.ts'
import { median } from '../bench/median.ts'
import { about, inSeconds, type Engines, type Timed, type Timing } from './engines-chart.ts'

const FAMILY = 'two-phase-commit'
const SIZE = 'resourceManagers'

/** The part of the output of `npm run race` that is needed. */
export interface Race {
  readonly heats: readonly {
    /** `two-phase-9` */
    readonly model: string
    readonly workers: number
    readonly distinct: number
    readonly results: readonly { readonly contestant: string; readonly seconds: readonly number[] }[]
  }[]
}

/** Larger numbers of states appear in words: drawing them would leave no room for explicit checkers. */
const MAX_DRAWN = 1e36

/**
 * States of two-phase commit that fill 24 GiB. A state takes two words, and the table is 1.24 times as large
 * (docs/performance.md).
 */
const FULL = (24 * 2 ** 30) / (8 * 1.24)

/** The contents of the picture. Each checker uses one worker. */
export function enginesOf(results: Results, race: Race): Engines {
  const ours = [engine(results, 'explicit'), engine(results, 'symbolic')]
  const peers = [peer(race, 'spin', 'SPIN'), peer(race, 'rumur', 'Rumur')]
  return {
    title: 'Two-phase commit: seconds for all states',
    subtitle: 'log scale; numbers are resource managers; one thread, whole processes',
    timings: [...ours, ...peers].filter(({ points }) => points.length > 0),
    landmark: { states: FULL, meaning: '24 GiB are full of states' },
  }
}

function engine({ cases }: Results, name: 'explicit' | 'symbolic'): Timing {
  const all = cases.flatMap(({ family, constants, by }): Timed[] => {
    const found = by[name]
    if (family !== FAMILY || found === undefined || typeof found === 'string') return []
    return [{ size: Number(constants[SIZE]), states: Number(found.distinct), seconds: median(found.seconds) }]
  })
  const last = all.at(-1)
  const isBeyond = last !== undefined && last.states > MAX_DRAWN
  return {
    name: `Kripke, ${name}`,
    points: all.filter(({ states }) => states <= MAX_DRAWN),
    isLabeled: name === 'symbolic',
    ...(isBeyond && { beyond: `→ ${last.size}: ${about(last.states)} states in ${inSeconds(last.seconds)}` }),
  }
}

function peer({ heats }: Race, contestant: string, name: string): Timing {
  const points = heats.flatMap(({ model, workers, distinct, results }): Timed[] => {
    const [, size] = /^two-phase-(\d+)$/.exec(model) ?? []
    const seconds = results.find((one) => one.contestant === contestant)?.seconds
    if (size === undefined || workers !== 1 || seconds === undefined) return []
    return [{ size: Number(size), states: distinct, seconds: median(seconds) }]
  })
  return { name, points, isLabeled: false }
}
