/**
 * What a cluster needs from a network. `src/cli/cluster` has one on NATS, tests have one in memory.
 *
 * Messages may be lost, repeated, delayed and reordered. The two logs are durable. A record that was appended stays, and
 * every reader sees the same order.
 */

/** The address of the process that coordinates a run. Each node has a name of its own. */
export const COORDINATOR = 'coordinator'

export interface Transport {
  /** Milliseconds. */
  now(): number
  /** Resolves after this time. With 0, messages that have arrived are delivered first. */
  sleep(milliseconds: number): Promise<void>
  /** Sends a message to a node or to the coordinator. The message must not be changed afterwards. */
  send(to: string, message: Uint8Array): void
  /** Calls `receive` with each message to this process. */
  listen(receive: (message: Uint8Array) => void): void
  readonly control: ControlLog
  readonly journals: Journals
  /** Bytes of all messages and records that this process has sent. */
  readonly bytesSent: number
}

/** The commands of the coordinator, in order. */
export interface ControlLog {
  /** All records so far. */
  read(): Promise<readonly Uint8Array[]>
  /**
   * Appends a record if the log has `length` records.
   *
   * @returns false if it has more, because another process appended to it
   */
  append(record: Uint8Array, length: number): Promise<boolean>
  /** Calls `receive` with each record from the first one on, in order and without gaps. */
  follow(receive: (record: Uint8Array) => void): void
}

/** A log of states for each hash slot. */
export interface Journals {
  /** Resolves when the record is durable. A record may then be there twice. */
  append(slot: number, record: Uint8Array): Promise<void>
  /** The records of a slot that are durable now, in order. */
  read(slot: number): AsyncIterable<Uint8Array>
}
