/**
 * Records the spec function call in progress, in memory that another thread can read.
 *
 * JavaScript cannot interrupt a function. A supervising thread can only end this thread, and then only this record survives. To
 * show the trace to the state, the search runs again, and Kripke throws an error in place of that call.
 *
 * ```text
 * memory    word 0: records in use; then one record for each thread
 * record    0 calls begun or ended, odd during a call    1 the model, as a hash    2 bytes of the name    3 slots, or -1
 *           then the name in UTF-8, then the slots
 * ```
 */
import { neverReturned } from '../errors.ts'

const SEQUENCE = 0
const MODEL = 1
const NAME_BYTES = 2
const SLOTS = 3
const NAME = 4
const NAME_WORDS = 128
const MAX_SLOTS = 4096
const RECORD_WORDS = NAME + NAME_WORDS + MAX_SLOTS

/** A recorded call. */
export interface RecordedCall {
  /** The name of the function in an error. */
  readonly who: string
  /** A hash of the constants of the function's model. */
  readonly model: number
  /** The slot contents of the state. For a step, the contents before the step, then those after it. */
  readonly slots: readonly number[] | undefined
}

/** A call that does not return, with the time that the main thread waited for it. */
export interface UnreturnedCall extends RecordedCall {
  readonly waitedMs: number
}

/** Callbacks for calls that are known not to return. */
export interface CallListener {
  /** Called with the decoded states of the call: one, or the two of a step. */
  states?(states: readonly unknown[]): void
  /** Called when the search reaches the call. */
  reached?(): void
}

/** Thrown in place of any other call, after the search has reached the call that does not return. */
export class CallsStopped extends Error {}

const encoder = new TextEncoder()

/** The record of this thread; undefined if no thread reads it. */
let record: Int32Array | undefined
let nameOf: Uint8Array
/** Gives memory for the records of so many threads, which the thread that reads this thread's record reads too. */
let moreRecords: ((threads: number) => SharedArrayBuffer) | undefined
let model = 0
/** The name in the record. */
let recordedName: string | undefined

/** Calls that are known not to return. */
let unreturned: readonly UnreturnedCall[] = []
let listener: CallListener = {}
let isStopped = false

/** Memory for the records of so many threads. */
export function callMemory(threads: number): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * (1 + threads * RECORD_WORDS))
}

/**
 * Records the calls of this thread from now on, in the next free record of `memory`.
 *
 * @param more - gives memory for the records of threads that this thread starts
 */
export function recordCalls(memory: SharedArrayBuffer, more?: (threads: number) => SharedArrayBuffer): void {
  moreRecords = more
  const words = new Int32Array(memory)
  const start = 1 + Atomics.add(words, 0, 1) * RECORD_WORDS
  record = words.subarray(start, start + RECORD_WORDS)
  nameOf = new Uint8Array(memory, 4 * (start + NAME), 4 * NAME_WORDS)
  record[MODEL] = model
}

/** Whether to record calls or let some fail. Otherwise callers can skip `beginCall` and `endCall`. */
export function isRecording(): boolean {
  return record !== undefined || unreturned.length > 0
}

/** Memory for the records of threads that this thread starts; undefined if no thread reads them. */
export function furtherRecords(threads: number): SharedArrayBuffer | undefined {
  return moreRecords?.(threads)
}

/** Sets the model of the functions that are called from now on. */
export function callsOf(constants: string): void {
  model = hashOf(constants)
  if (record !== undefined) record[MODEL] = model
}

/**
 * Records that a call of a spec function begins.
 *
 * @param slots - of the state, or of both states of a step; undefined if there is no state, or if the slots have
 *   another meaning in other threads
 * @throws {CheckerError} KR510 if this call is known not to return; {CallsStopped} after `stopCalls`
 */
export function beginCall(who: string, slots: Int32Array | undefined): void {
  if (unreturned.length > 0) failIfUnreturned(who, slots)
  if (record === undefined) return
  if (who !== recordedName) {
    record[NAME_BYTES] = encoder.encodeInto(who, nameOf).written
    recordedName = who
  }
  if (slots === undefined || slots.length > MAX_SLOTS) record[SLOTS] = -1
  else {
    record[SLOTS] = slots.length
    record.set(slots, NAME + NAME_WORDS)
  }
  Atomics.store(record, SEQUENCE, (record[SEQUENCE]! + 1) | 1)
}

/** Records that the call is over. */
export function endCall(): void {
  if (record !== undefined) Atomics.store(record, SEQUENCE, (record[SEQUENCE]! + 1) & ~1)
}

/** The sequence number of each thread that has a record. It is odd while a call is in progress. */
export function callNumbers(memory: SharedArrayBuffer): number[] {
  const words = new Int32Array(memory)
  return Array.from({ length: Atomics.load(words, 0) }, (_, thread) =>
    Atomics.load(words, 1 + thread * RECORD_WORDS + SEQUENCE),
  )
}

/** The call in progress in a thread. Read it only while the call does not return. */
export function recordedCall(memory: SharedArrayBuffer, thread: number): RecordedCall {
  const start = 1 + thread * RECORD_WORDS
  const words = new Int32Array(memory).subarray(start, start + RECORD_WORDS)
  // Text cannot be decoded from shared memory.
  const bytes = Uint8Array.from(new Uint8Array(memory, 4 * (start + NAME), words[NAME_BYTES]!))
  const count = words[SLOTS]!
  const first = NAME + NAME_WORDS
  return {
    who: new TextDecoder().decode(bytes),
    model: words[MODEL]!,
    slots: count < 0 ? undefined : Array.from(words.subarray(first, first + count)),
  }
}

/** Makes these calls fail from now on. */
export function failCalls(calls: readonly UnreturnedCall[], about: CallListener): void {
  unreturned = calls
  listener = about
}

/**
 * Passes to `listener.states` the states on which a call of the present model is known not to return. @param slots -
 * how many slots a state has
 */
export function tellStates(decode: (slots: Int32Array) => unknown, slots: number): void {
  for (const call of unreturned) {
    if (call.model !== model || call.slots === undefined) continue
    const states = Array.from({ length: call.slots.length / slots }, (_, index) =>
      decode(Int32Array.from(call.slots!.slice(index * slots, (index + 1) * slots))),
    )
    listener.states?.(states)
  }
}

/** Makes every call fail until `resumeCalls`, because the function may not return on other states either. */
export function stopCalls(): void {
  isStopped = true
}

/** Allows calls again. */
export function resumeCalls(): void {
  isStopped = false
}

function failIfUnreturned(who: string, slots: Int32Array | undefined): void {
  if (isStopped) throw new CallsStopped('the run has stopped calling spec functions')
  for (const call of unreturned) {
    if (call.model !== model || call.who !== who || call.slots?.length !== slots?.length) continue
    if (call.slots?.every((content, slot) => content === slots![slot]) === false) continue
    listener.reached?.()
    throw neverReturned(who, call.waitedMs)
  }
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 | 0
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}
