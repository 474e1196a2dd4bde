/** The options of `kripke check` that concern clusters, and which options fit together. */
import { badOption } from '../../errors.ts'
import { MAX_NODES } from '../../api/options.ts'
import type { NatsOptions } from './nats.ts'

/** The options of `kripke check` that concern clusters. */
export interface ClusterOptions extends NatsOptions {
  readonly cluster?: string
  readonly nodes?: number
  readonly run?: string
  readonly keep?: boolean
  readonly lostAfter?: number
}

/** Options of runs on one machine. */
const APART: readonly string[] = ['checkpoint', 'disk', 'resume', 'watch', 'workers', 'profile']

/** @throws {CheckerError} KR101 if options of clusters do not fit together */
export function requireClusterOptions(options: ClusterOptions, given: readonly string[]): void {
  const own = ['nodes', 'run', 'keep', 'lostAfter', 'natsCreds', 'tlsCa', 'tlsCert', 'tlsKey']
  const used = given.find((name) => own.includes(name))
  if (options.cluster === undefined && used !== undefined) {
    const option = used.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    throw badOption(`--${option} must be given with --cluster, but is given without`, 'add --cluster nats://HOST:4222')
  }
  const { nodes } = options
  if (nodes !== undefined && (nodes < 1 || nodes > MAX_NODES)) {
    throw badOption(`--nodes must be from 1 to ${MAX_NODES}, but is ${nodes}`)
  }
  const other = given.find((name) => [...APART, 'memory'].includes(name))
  if (options.cluster === undefined || other === undefined) return
  const hint =
    other === 'memory' ? 'remove it, and give --memory to kripke cluster work' : 'remove it, or check without --cluster'
  throw badOption(`--${other} must be given without --cluster, but is given with it`, hint)
}
