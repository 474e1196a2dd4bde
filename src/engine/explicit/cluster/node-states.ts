/**
 * The states of a node: the seen set, the level being expanded, and the next one, all for the slots that the node owns.
 *
 * The node appends each new state to the journal of its slot. If it gets another slot, it reads the states of the slot
 * from there.
 */
import { lostStates } from '../../../errors.ts'
import { hash } from '../../../semantics/hash.ts'
import type { Batch } from '../../../semantics/successor-batch.ts'
import { TRAILER } from '../../../semantics/successor-batch.ts'
import { UNKNOWN_STEP } from '../../../semantics/successors.ts'
import { makeInserter, type Insert, type NewStates } from '../../../store/inserter.ts'
import { ownerOf } from '../../../store/owner.ts'
import { StateSet } from '../../../store/state-set.ts'
import { decodeRecord, encodeRecord, type JournalRecord } from './messages.ts'
import { SLOTS } from './protocol.ts'
import { StateList } from './state-list.ts'
import type { Journals } from './transport.ts'

/** Words of states in a journal record: 32 KiB. */
const RECORD_WORDS = 2 ** 13

/** Records that may be on their way to the journals. */
const MAX_UNWRITTEN = 128

/** Homes of a seen set for each state that it gets at once. */
const SPACE = 1.3

export interface StatesOptions {
  readonly width: number
  readonly instances: number
  readonly layout: number
  readonly maxBytes: number
  readonly journals: Journals
  /** Words of states in a record of a journal. Default 32 KiB. */
  readonly recordWords?: number | undefined
  readonly newStates: NewStates
  /** Called when a record is durable. */
  readonly written: () => void
}

export class NodeStates {
  frontier: StateList
  next: StateList
  set: StateSet
  readonly #options: StatesOptions
  /** The slots whose states are here. */
  #held: ReadonlySet<number> = new Set()
  #insert: Insert
  readonly #newBy: Float64Array
  /** Entries of a received batch. */
  #entries = new Int32Array()
  /** Pieces of the next level that are in the journals or on the way there, and states of the piece after them. */
  #journaled = 0
  #journaledWords = 0
  /** By slot: new states that are not on the way to the journal, and the number of their words. */
  readonly #records: (Int32Array | undefined)[]
  readonly #loads = new Int32Array(SLOTS)
  #depth = 0
  #unwritten = 0
  #failure: unknown

  constructor(options: StatesOptions) {
    const { width, maxBytes, instances } = options
    this.#options = options
    this.#newBy = new Float64Array(instances)
    this.set = new StateSet(width, maxBytes)
    this.frontier = new StateList(width)
    this.next = new StateList(width)
    this.#insert = this.#inserter()
    this.#records = Array.from({ length: SLOTS }, () => undefined)
  }

  /** Whether the journals lag behind, so that the node should wait before it finds more. */
  get isCrowded(): boolean {
    return this.#unwritten > MAX_UNWRITTEN
  }

  get bytes(): number {
    return this.set.bytes + this.frontier.bytesUsed + this.next.bytesUsed
  }

  /** Makes the next level the level. */
  advance(): void {
    this.frontier = this.next
    this.next = new StateList(this.#options.width)
    this.#journaled = 0
    this.#journaledWords = 0
    this.#insert = this.#inserter()
  }

  /** Forgets the states of all slots except `slots`. Call `endLevel` before. */
  keepOnly(slots: ReadonlySet<number>): void {
    const kept = new Set([...this.#held].filter((slot) => slots.has(slot)))
    if (kept.size === this.#held.size) return
    const { width, maxBytes } = this.#options
    const { set: before, frontier, next } = this
    this.#held = kept
    // The states come in the order of their hashes, which would crowd a table that grows.
    this.set = new StateSet(width, maxBytes, kept.size === 0 ? undefined : Math.ceil(before.size * SPACE) + 1024)
    if (kept.size > 0) {
      const { table, lastPlace } = before
      for (let base = 0; base < lastPlace; base += width) {
        if (table[base + width - 1] !== 0 && this.#holds(table, base)) this.set.add(table, base)
      }
    }
    this.frontier = this.#kept(frontier)
    this.next = this.#kept(next)
    this.#skipJournal()
    this.#insert = this.#inserter()
  }

  /**
   * Reads the states of slots that are not here from their journals. Call `endLevel` before.
   *
   * @param level - depth of the states to expand
   * @param counts - by slot: the number of states up to that depth
   * @param isStale - whether another command has arrived; then this node forgets all states
   * @returns the states of the level and of the next one that were read
   * @throws {CheckerError} KR114 if the journal is damaged, or lacks states
   */
  async adopt(
    slots: readonly number[],
    level: number,
    counts: readonly number[],
    isStale: () => boolean,
  ): Promise<readonly JournalRecord[]> {
    const { width, layout, journals } = this.#options
    const frontier = new StateList(width)
    const next = new StateList(width)
    const adopted: number[] = []
    for (const slot of slots) {
      if (this.#held.has(slot)) continue
      adopted.push(slot)
      // What the command before gave of the initial states is found again.
      if (counts[slot] === 0) continue
      let known = 0
      for await (const bytes of journals.read(slot)) {
        if (isStale()) {
          this.#forget()
          return []
        }
        const { depth, states } = decodeRecord(bytes, layout)
        for (let offset = 0; offset < states.length; offset += width) {
          if (!this.set.add(states, offset)) continue
          if (depth <= level) known++
          if (depth === level) frontier.push(states, offset)
          else if (depth > level) next.push(states, offset)
        }
      }
      if (known !== counts[slot]) throw lostStates(slot, known, counts[slot]!)
    }
    if (adopted.length === 0) return []
    this.#held = new Set([...this.#held, ...adopted])
    append(this.frontier, frontier, width)
    append(this.next, next, width)
    this.#skipJournal()
    this.#insert = this.#inserter()
    return [...depthOf(frontier, level), ...depthOf(next, level + 1)]
  }

  /** Forgets everything. */
  #forget(): void {
    this.#held = new Set([-1])
    this.keepOnly(new Set())
  }

  /** Begins to find states of this depth. */
  begin(depth: number): void {
    this.#depth = depth
  }

  /** Inserts the entries of a batch, which must belong to slots of this node. @throws {OutOfMemory} */
  insert(batch: Pick<Batch, 'entries' | 'size'>): void {
    const { set } = this
    while (set.room < batch.size / (this.#options.width + TRAILER)) set.grow()
    for (let from = 0; (from = this.#insert(batch, from)) < batch.size;) set.grow()
    this.#journalFull()
  }

  /** Inserts states from another node. @throws {OutOfMemory} */
  insertStates(states: Int32Array): void {
    const { width } = this.#options
    const stride = width + TRAILER
    const size = (states.length / width) * stride
    if (this.#entries.length < size) this.#entries = new Int32Array(size)
    const entries = this.#entries
    for (let offset = 0, at = 0; offset < states.length; offset += width, at += stride) {
      for (let word = 0; word < width; word++) entries[at + word] = states[offset + word]!
      entries[at + width] = hash(states, offset, width)
      entries[at + width + 1] = UNKNOWN_STEP
      entries[at + width + 2] = 0
    }
    this.insert({ entries, size })
  }

  /** Sends the rest of the new states to the journals. */
  endLevel(): void {
    const pieces = this.next.pieces(this.#journaled)
    pieces.forEach((piece, index) => this.#journal(piece, index === 0 ? this.#journaledWords : 0))
    this.#skipJournal()
    for (let slot = 0; slot < SLOTS; slot++) this.#write(slot)
  }

  /** Whether each state is durable. @throws what an append threw */
  get isDurable(): boolean {
    if (this.#failure !== undefined) throw this.#failure as Error
    return this.#unwritten === 0
  }

  /** By slot: the number of states of the next level. */
  countNext(): [slot: number, states: number][] {
    const { width } = this.#options
    const counts = new Map<number, number>()
    for (const piece of this.next.pieces()) {
      for (let offset = 0; offset < piece.length; offset += width) {
        const slot = ownerOf(hash(piece, offset, width), SLOTS)
        counts.set(slot, (counts.get(slot) ?? 0) + 1)
      }
    }
    return [...counts]
  }

  #inserter(): Insert {
    return makeInserter(this.set, this.next, this.#options.newStates, this.#newBy)
  }

  #holds(words: Int32Array, offset: number): boolean {
    return this.#held.has(ownerOf(hash(words, offset, this.#options.width), SLOTS))
  }

  #kept(list: StateList): StateList {
    const { width } = this.#options
    const kept = new StateList(width)
    for (const piece of list.pieces()) {
      for (let offset = 0; offset < piece.length; offset += width) {
        if (this.#holds(piece, offset)) kept.push(piece, offset)
      }
    }
    return kept
  }

  /** Sends pieces of the next level that are full to the journals. */
  #journalFull(): void {
    if (this.next.fullPieces === this.#journaled) return
    const { next } = this
    const count = next.fullPieces - this.#journaled
    next
      .pieces(this.#journaled)
      .slice(0, count)
      .forEach((piece, index) => this.#journal(piece, index === 0 ? this.#journaledWords : 0))
    this.#journaled += count
    this.#journaledWords = 0
  }

  #journal(piece: Int32Array, from: number): void {
    const { width, recordWords = RECORD_WORDS } = this.#options
    const size = Math.max(1, Math.floor(recordWords / width)) * width
    for (let offset = from; offset < piece.length; offset += width) {
      const slot = ownerOf(hash(piece, offset, width), SLOTS)
      const record = (this.#records[slot] ??= new Int32Array(size))
      for (let word = 0; word < width; word++) record[this.#loads[slot]!++] = piece[offset + word]!
      if (this.#loads[slot] === size) this.#write(slot)
    }
  }

  #write(slot: number): void {
    const load = this.#loads[slot]!
    if (load === 0) return
    this.#loads[slot] = 0
    const { journals, layout, written } = this.#options
    this.#unwritten++
    const bytes = encodeRecord({ depth: this.#depth, states: this.#records[slot]!.subarray(0, load) }, layout)
    journals.append(slot, bytes).then(
      () => {
        this.#unwritten--
        written()
      },
      (thrown: unknown) => {
        this.#failure ??= thrown
        written()
      },
    )
  }

  /** The states of the next level are in the journals, or on the way there. */
  #skipJournal(): void {
    this.#journaled = this.next.fullPieces
    this.#journaledWords = this.next.at
  }
}

function append(list: StateList, more: StateList, width: number): void {
  for (const piece of more.pieces()) {
    for (let offset = 0; offset < piece.length; offset += width) list.push(piece, offset)
  }
}

function depthOf(list: StateList, depth: number): JournalRecord[] {
  return list.pieces().map((states) => ({ depth, states }))
}
