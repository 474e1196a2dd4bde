/** `kripke cluster status` as text. */
import { count } from '../show.ts'

export interface ClusterLines {
  readonly runs: readonly {
    readonly run: string
    readonly spec: string
    readonly nodes: number
    readonly distinct: number
    readonly depth: number
    readonly seconds: number
  }[]
  readonly workers: readonly { readonly worker: string; readonly runs: readonly string[] }[]
  readonly left: readonly string[]
}

/** The lines of a report on a cluster. */
export function clusterText({ runs, workers, left }: ClusterLines): string[] {
  return [
    ...runs.map(({ run, spec, nodes, distinct, depth, seconds }) => {
      const size = `${count(distinct)} distinct, depth ${depth}, ${seconds.toFixed(0)} s`
      return `run ${run}: checks ${spec} on ${nodes} ${nodes === 1 ? 'node' : 'nodes'}, ${size}`
    }),
    ...left.map((run) => `run ${run}: has lost its coordinator; go on with --run ${run}, or cancel it`),
    ...workers.map(({ worker, runs: own }) => `worker ${worker}: ${own.length === 0 ? 'idle' : own.join(', ')}`),
    ...(runs.length + left.length === 0 ? ['no runs'] : []),
    ...(workers.length === 0 ? ['no workers; start one with kripke cluster work'] : []),
  ]
}
