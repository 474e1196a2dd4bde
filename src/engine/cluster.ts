/**
 * How a check reaches a cluster. `kripke check --cluster` uses NATS.
 *
 * The engine does not know the network. It gets a transport for each run, and there may be several runs in one check.
 */
import type { Transport } from './explicit/cluster/transport.ts'

/** Each node has at least one hash slot. */
export const MAX_NODES = 64

/** Where a check finds the nodes of a cluster. @experimental */
export interface Cluster {
  /** How many nodes must be there before the search begins. Others may join later. Default 1. */
  readonly nodes?: number | undefined
  /** A node that is silent for this long is lost. Default 5000. */
  readonly lostMs?: number | undefined
  /** Opens a new run, or one whose coordinator was lost. */
  open(): Promise<RunTransport>
}

/** The network of one run. */
export interface RunTransport extends Transport {
  close(end: RunEnd): Promise<void>
}

/**
 * How a coordinator leaves a run. `over`: nobody goes on with it, so its logs can go. `foreign`: it belongs to another
 * coordinator. `unanswered`: the network did not answer, so that is not known.
 */
export type RunEnd = 'over' | 'foreign' | 'unanswered'

/** Progress of a cluster. */
export interface ClusterProgress {
  readonly nodes: number
  /** The number of nodes that the search waits for; undefined once it has begun. */
  readonly wanted?: number | undefined
  /** Bytes of messages and records that the nodes have sent. */
  readonly bytesSent: number
  /** The least and the greatest number of slots of a node. */
  readonly slots: readonly [least: number, greatest: number]
}
