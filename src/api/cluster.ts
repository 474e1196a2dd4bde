/** What the command line needs to connect a check with a cluster. */
export { takePart } from '../engine/explicit/cluster/node.ts'
export { COORDINATOR, type Transport } from '../engine/explicit/cluster/transport.ts'
export type { Cluster, ClusterProgress, RunEnd, RunTransport } from '../engine/cluster.ts'
