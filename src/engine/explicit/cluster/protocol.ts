/**
 * The protocol of a cluster: commands of the coordinator, and reports of the nodes.
 *
 * Each state belongs to a hash slot, each slot to a node. A command names the owner of each slot and gives the nodes a
 * task, usually to expand a level. The coordinator appends commands to a log. Every node reads them in order, does the
 * task for its slots, and sends its report until the next command arrives. When the reports of all owners are there, the
 * next command follows.
 *
 * A node that does not answer is lost. The coordinator then repeats the command with other owners. Each command has a
 * number, its epoch.
 * Every node begins the task again. A node that gets a slot reads the states of the slot from its journal. Nothing is
 * rolled back, because the states that were found are reachable anyway.
 *
 * Expanding a level ends safely because of three rules:
 *
 * - A node numbers its batches to another node, keeps each until it is acknowledged, and marks the last one. The receiver
 *   acknowledges a batch after inserting it, and inserts each number once.
 * - Batches of another epoch do not count.
 * - A node reports only when it has every batch of every other node, and its journals are durable.
 *
 * Stern and Dill ("Parallelizing the Murphi verifier", CAV 1997) distribute states by their hash. The window of batches
 * is the selective repeat protocol of any textbook on networks. `specs/cluster.ts` checks the protocol, and shows what
 * each rule is for: its design `ignore-old` is this one. `docs/cluster.md` says what it guarantees.
 */
import type { MonitorRecord } from '../../../properties/monitor.ts'
import type { Candidate } from '../../../properties/finding.ts'
import type { RangeBounds } from '../../../properties/range.ts'
import type { SerializedError } from '../../threads/serialized-error.ts'
import type { Elements } from '../../../state/new-elements.ts'
import { MAX_NODES } from '../../cluster.ts'
import type { Turn } from './messages.ts'

/** The number of hash slots. More nodes than this cannot take part. */
export const SLOTS: number = MAX_NODES

/** Time between two signs of life of a node. */
export const ALIVE_MS = 300

/** What all nodes must know before the first command. It is the first record of the control log. */
export interface RunDescription {
  readonly constants: { readonly [name: string]: unknown }
  /** Names of the properties to check. */
  readonly properties: readonly string[]
  readonly interpret: boolean
  readonly symmetry: boolean
  readonly seed: number
  readonly asks: boolean
  readonly elements: Elements
  /** See `layoutHash`. */
  readonly layout: number
}

/** What the nodes do. */
export type Task =
  /** Expand the level. Level 0 gives the initial states. */
  | { readonly kind: 'expand' }
  /**
   * Send a sample of the states. `total` is the wanted number from all nodes. If properties are `decided`, the nodes
   * first audit what they have learned about the others.
   */
  | { readonly kind: 'sample'; readonly total: number; readonly decided?: readonly string[] | undefined }
  /** Find the least predecessor of each target among the states of the level. */
  | { readonly kind: 'predecessors'; readonly targets: readonly Int32Array[] }
  /** Wait for another command. A coordinator that goes on with a run that was over begins with it. */
  | { readonly kind: 'wait' }
  /** The run is over. */
  | { readonly kind: 'end' }

export interface Command extends Turn {
  readonly task: Task
  /** By slot: the name of its owner. */
  readonly owners: readonly string[]
  /** By slot: the number of states at this level or before. */
  readonly counts: readonly number[]
  /** Names of decided properties, and of properties whose antecedent has been true. */
  readonly decided: readonly string[]
  readonly notVacuous: readonly string[]
  /** What another coordinator needs to go on. */
  readonly totals: Totals
}

/** Sums over the levels before the level of a command. */
export interface Totals {
  /** The level to expand next. A command may be about an earlier one. */
  readonly level: number
  readonly depth: number
  /** States of the level to expand. */
  readonly frontier: number
  readonly initial: number
  readonly generatedBy: readonly number[]
  readonly specCalls: number
  readonly monitor: MonitorRecord
}

/** What a node sends to the coordinator. */
export interface NodeMessage {
  readonly node: string
  /** Whether the node leaves the run. */
  readonly isLeaving: boolean
  /** Undefined in a sign of life. */
  readonly report?: NodeReport | undefined
  /** For progress: states found and steps made on this level, and bytes sent. */
  readonly found: number
  readonly generated: number
  readonly bytesSent: number
}

/** A node has done its task. */
export interface NodeReport extends Turn {
  readonly task: Task['kind']
  readonly error?: SerializedError | undefined
  /** With `expand`: by own slot, the number of states of the next level. */
  readonly found?: readonly (readonly [slot: number, states: number])[]
  /** States in the seen set. */
  readonly seen?: number
  /** By action instance. */
  readonly generatedBy?: readonly number[]
  readonly candidates?: readonly Candidate[]
  /** Steps that led outside the constraints. */
  readonly outside?: number
  /** By measure: the values that the node has seen so far. */
  readonly measured?: readonly RangeBounds[]
  readonly specCalls?: number
  /** With `sample`. */
  readonly sample?: Int32Array
  /** With `predecessors`: by target. */
  readonly predecessors?: readonly (PredecessorStep | null)[]
}

/** A state from which an instance leads to a target. */
export interface PredecessorStep {
  readonly words: Int32Array
  readonly instance: number
}
