/**
 * Breadth-first search whose seen set does not fit into memory.
 *
 * Every state is in the journal of its slot (`slot-journals.ts`), and the levels are in files. The states of the first
 * slots are in the seen set too, as many slots as fit. A successor of such a slot is looked up at once. Others become
 * candidates (`src/store/candidates.ts`). At the end of a level, or earlier if there are too many, a pass reads the
 * journals of their slots, to decide which are new. So the search is as exact as one in memory, and every level is the
 * same set of states.
 *
 * The memory is divided between the seen set, candidates and buffers; see `memory-shares.ts`.
 */
import type { Observer } from '../../../semantics/contract.ts'
import { reduce } from '../../../semantics/reduction.ts'
import { UNKNOWN_STEP } from '../../../semantics/successors.ts'
import { Candidates } from '../../../store/candidates.ts'
import { makeInserter, type Insert } from '../../../store/inserter.ts'
import type { StateIndex } from '../../../store/state-index.ts'
import type { StateSet } from '../../../store/state-set.ts'
import { pieceWords, piecesOf, type WordFile } from '../../../store/word-file.ts'
import type { StatesOnDisk } from '../../checkpoint.ts'
import { now } from '../../clock.ts'
import type { RestoredStates, SearchState, StateExpander } from '../search.ts'
import { LevelReader, LevelWriter } from './level-file.ts'
import type { MemoryShares } from './memory-shares.ts'
import { SLOT_HASHES, SLOTS, SlotJournals, slotOf } from './slot-journals.ts'

/** States expanded between two checks of the clock. */
const CLOCK_INTERVAL = 64

/** The share of the slots in memory that stays there when the seen set is full. */
const STAYING = 0.85

/** When states are loaded into an empty seen set, this share of its maximal size is used. */
const LOADED = 0.9

/** Words of the page between the seen set and the files. */
const PAGE_STATES = 512

/** What a search on disk needs. */
export interface DiskResources {
  readonly expansion: StateExpander
  readonly observer: Observer
  /** The states of the first slots: either all states, or none yet. */
  readonly seen: StateSet
  readonly shares: MemoryShares
  /** Makes an empty file for a level. @throws {OutOfDisk} */
  create(): WordFile
  /** Whether the files of expanded levels are kept. */
  readonly keepsLevels: boolean
}

/** Where a search stands. */
export type Position = Pick<SearchState, 'initial' | 'begun' | 'depth' | 'isWithinLevel'>

/** A pass over the journals of slots that have candidates. */
interface Pass {
  slot: number
  /** Words of the journal that were read. */
  at: number
}

export class DiskSearch implements SearchState {
  readonly isOnDisk = true
  readonly initial: number
  readonly begun: number
  depth: number
  readonly frontier: { words: number } = { words: 0 }
  /** Which instance reached a state first is not known, because candidates wait. */
  readonly distinctBy = undefined
  /** What passes took so far: milliseconds, and the words that they read. */
  readonly read: { ms: number; words: number } = { ms: 0, words: 0 }
  readonly #resources: DiskResources
  readonly #width: number
  readonly #journals: SlotJournals
  readonly #candidates: Candidates
  readonly #insert: Insert
  /** New states on their way from the seen set to the files. */
  readonly #page: { readonly words: Int32Array; at: number; turn(): void }
  readonly #levelBuffer: Int32Array
  readonly #passBuffer: Int32Array
  /** Entries of the batch that belong to slots on disk, with hashes minus the lowest of these. */
  readonly #outside: { entries: Int32Array; size: number } = { entries: new Int32Array(0), size: 0 }
  #outsideFrom = 0
  /** By slot: whether there are candidates of it. */
  readonly #hasCandidates = new Uint8Array(SLOTS)
  /** The slots below this are in memory. */
  #resident = SLOTS
  /** States of the other slots. */
  #onDisk = 0
  #level: LevelReader
  #next: LevelWriter
  #pass: Pass | undefined
  /** Whether the batch is being inserted: its entries are representatives within the constraints. */
  #isReduced: boolean
  /** Whether an earlier search expanded a part of the level. */
  #isContinued: boolean
  /** Whether the last insertion stopped at a run of full places. */
  #isCrowded = false

  /**
   * Goes on from states on disk, with the entries of the batch.
   *
   * @param isReduced - whether these entries are representatives within the constraints
   * @throws {OutOfDisk}
   */
  constructor(resources: DiskResources, states: StatesOnDisk, record: Position, isReduced: boolean = false) {
    const { seen, shares, expansion, observer } = resources
    const { width } = seen
    this.#resources = resources
    this.#width = width
    this.initial = record.initial
    this.begun = record.begun
    this.depth = record.depth
    this.#isContinued = record.isWithinLevel
    this.#isReduced = isReduced
    this.#journals = new SlotJournals(states.slots, width, shares.waiting)
    this.#candidates = new Candidates(width, shares.candidates, this.generatedBy.length)
    const page = { words: new Int32Array(PAGE_STATES * width), at: 0, turn: (): void => this.#emptyPage() }
    this.#page = page
    this.#insert = makeInserter(seen, page, observer, new Float64Array(this.generatedBy.length))
    this.#levelBuffer = new Int32Array(pieceWords(width))
    this.#passBuffer = new Int32Array(pieceWords(width))
    this.#outside.entries = new Int32Array(expansion.batch.entries.length)
    this.#level = new LevelReader(states.level, states.from, width)
    this.#next = new LevelWriter(states.next, this.#levelBuffer)
    this.frontier.words = states.level.length
    if (seen.size === 0) this.#load()
    else if (seen.size > seen.most) this.#leave(Math.floor((SLOTS * Math.max(0, seen.most)) / seen.size))
  }

  get generatedBy(): Float64Array {
    return this.#resources.expansion.batch.generated
  }

  get generated(): number {
    return this.generatedBy.reduce((sum, count) => sum + count, this.begun)
  }

  get found(): number {
    return this.#resources.seen.size + this.#onDisk
  }

  get bytes(): number {
    const buffers = this.#levelBuffer.byteLength + this.#passBuffer.byteLength + this.#level.words.byteLength
    return this.#resources.seen.bytes + this.#candidates.bytes + this.#journals.bytes + buffers
  }

  get pending(): number {
    return (this.#level.left + this.#next.length + this.#page.at) / this.#width
  }

  get isWithinLevel(): boolean {
    return this.#isContinued || this.#level.position > 0
  }

  /** States of the level, expanded or not. */
  get levelStates(): number {
    return this.frontier.words / this.#width
  }

  get isNearlyFull(): boolean {
    return false
  }

  /** The seen set if it has all states; undefined otherwise. */
  get index(): StateIndex | undefined {
    return this.#resident === SLOTS ? this.#resources.seen : undefined
  }

  pick(ticket: number): Int32Array {
    this.#journals.flush()
    let rank = Math.min(Math.floor(ticket * this.found), this.found - 1)
    let slot = 0
    while (rank >= this.#journals.sizeOf(slot)) rank -= this.#journals.sizeOf(slot++)
    const state = new Int32Array(this.#width)
    this.#journals.files[slot]!.read(rank * this.#width, state)
    return state
  }

  takeEmptySet(): StateSet {
    for (const file of [...this.#journals.files, this.#level.file, this.#next.file]) file.release()
    const { seen } = this.#resources
    seen.clear()
    return seen
  }

  /** The level that is being expanded. With `keepsLevels` it stays. */
  get level(): WordFile {
    return this.#level.file
  }

  /** Decides about all candidates, and brings every state to the files. @throws {OutOfDisk} */
  settle(): void {
    while (!this.#empty()) this.#finishPass()
    this.#finishPass()
    this.#journals.flush()
    this.#next.flush()
  }

  /** The states that are not expanded. Call `settle` first, and use each piece before the next one. */
  unexpanded(): RestoredStates {
    const { level, from, next } = this.states()
    return { level: piecesOf(level, this.#width, from), next: piecesOf(next, this.#width) }
  }

  /** The files. Call `settle` first. */
  states(): StatesOnDisk {
    const { file: level, position: from } = this.#level
    return { slots: this.#journals.files, level, from, next: this.#next.file }
  }

  /**
   * Expands states of the current level until it is done or `pause` returns true.
   *
   * @param pause - called before every 64 states, and while a pass reads
   * @returns whether the level is done; then the next one is the current one, and it is empty if the search is over
   * @throws {OutOfDisk}
   */
  expandLevel(pause: () => boolean = () => false): boolean {
    const { batch, expander } = this.#resources.expansion
    const level = this.#level
    for (;;) {
      if (this.#pass !== undefined && !this.#goOnWith(this.#pass, pause)) return false
      const isRead = !level.hasMore()
      if (isRead || this.#isReduced || batch.size >= batch.enough) {
        if (!this.#empty() || (isRead && this.#candidates.size > 0)) {
          this.#beginPass()
          continue
        }
        if (isRead) {
          this.#advance()
          return true
        }
      }
      if (pause()) return false
      const to = Math.min(level.size, level.at + CLOCK_INTERVAL * this.#width)
      level.at = expander.expand(level.words, level.at, to)
    }
  }

  /** @returns whether the batch is empty. Otherwise a pass must come first */
  #empty(): boolean {
    const { expansion, observer, seen } = this.#resources
    const { batch, representatives } = expansion
    if (!this.#isReduced) {
      if (representatives !== undefined) reduce(batch, representatives)
      if (observer.admits !== undefined) batch.keep(observer.admits)
      this.#isReduced = true
    }
    while (batch.size > 0 || this.#outside.size > 0) {
      if (this.#outside.size === 0) this.#split()
      // The slots in memory may change only when no entry waits.
      if (!this.#insertOutside()) return false
      if (batch.size === 0) break
      if (seen.room <= 0 || this.#isCrowded) {
        if (!this.#makeRoom()) return false
        continue
      }
      const { entries, size, stride } = batch
      const end = Math.min(size, seen.room * stride)
      const done = this.#insert({ entries, size: end }, 0)
      this.#isCrowded = done < end
      entries.copyWithin(0, done, size)
      batch.size = size - done
    }
    this.#isReduced = false
    return true
  }

  /** Moves entries of slots on disk out of the batch. */
  #split(): void {
    const { batch } = this.#resources.expansion
    if (this.#resident === SLOTS) return
    const { entries, size, stride, width } = batch
    const outside = this.#outside
    if (outside.entries.length < size) outside.entries = new Int32Array(entries.length)
    const low = this.#candidates.low
    const { entries: out } = outside
    let kept = 0
    let moved = 0
    for (let entry = 0; entry < size; entry += stride) {
      const hashed = entries[entry + width]! >>> 0
      if (hashed >= low) {
        for (let part = 0; part < stride; part++) out[moved + part] = entries[entry + part]!
        out[moved + width] = hashed - low
        moved += stride
      } else {
        if (kept < entry) for (let part = 0; part < stride; part++) entries[kept + part] = entries[entry + part]!
        kept += stride
      }
    }
    batch.size = kept
    outside.size = moved
    this.#outsideFrom = 0
  }

  /** @returns whether all entries of slots on disk are candidates */
  #insertOutside(): boolean {
    const outside = this.#outside
    const { stride } = this.#resources.expansion.batch
    const candidates = this.#candidates
    while (this.#outsideFrom < outside.size) {
      const { room } = candidates
      const end = Math.min(outside.size, this.#outsideFrom + Math.max(0, room) * stride)
      this.#noteSlots(outside.entries, this.#outsideFrom, end)
      const done = candidates.insert({ entries: outside.entries, size: end }, this.#outsideFrom)
      this.#outsideFrom = done
      if (done < end || room <= 0) return false
    }
    outside.size = 0
    return true
  }

  /** Notes the slots of entries that become candidates. */
  #noteSlots(entries: Int32Array, from: number, to: number): void {
    const { stride, width } = this.#resources.expansion.batch
    const { low } = this.#candidates
    for (let entry = from; entry < to; entry += stride) this.#hasCandidates[slotOf(entries[entry + width]! + low)] = 1
  }

  /** Makes the table of the seen set larger, or its states fewer. @returns whether it did. It needs a pass first */
  #makeRoom(): boolean {
    const { seen } = this.#resources
    if (seen.mayGrow) seen.grow()
    else if (this.#candidates.size > 0) return false
    else this.#leave(Math.max(0, Math.min(this.#resident - 1, Math.floor(this.#resident * STAYING))))
    this.#isCrowded = false
    return true
  }

  /** Only the slots below `resident` stay in memory. */
  #leave(resident: number): void {
    this.#onDisk += this.#resources.seen.narrow(resident * SLOT_HASHES)
    this.#resident = resident
    this.#candidates.low = resident * SLOT_HASHES
  }

  #beginPass(): void {
    this.#emptyPage()
    this.#journals.flush()
    this.#pass = { slot: this.#resident, at: 0 }
  }

  /** Runs a pass to its end. */
  #finishPass(): void {
    if (this.#pass === undefined) this.#beginPass()
    this.#goOnWith(this.#pass!, () => false)
  }

  /** @returns whether the pass is finished */
  #goOnWith(pass: Pass, pause: () => boolean): boolean {
    const beganMs = now()
    const isRead = this.#readFor(pass, pause)
    this.read.ms += now() - beganMs
    if (!isRead) return false
    const { observer } = this.#resources
    this.#candidates.drain((words, offset) => {
      if (observer.suspects(words, offset, UNKNOWN_STEP)) observer.discovered(words, offset, UNKNOWN_STEP)
      this.#add(words, offset)
      this.#onDisk++
    })
    this.#hasCandidates.fill(0)
    this.#pass = undefined
    return true
  }

  /** Marks the candidates that are in the journals. @returns whether all journals are read */
  #readFor(pass: Pass, pause: () => boolean): boolean {
    const candidates = this.#candidates
    for (; pass.slot < SLOTS; pass.slot++, pass.at = 0) {
      if (this.#hasCandidates[pass.slot] === 0) continue
      const file = this.#journals.files[pass.slot]!
      while (pass.at < file.length) {
        if (pause()) return false
        const piece = this.#passBuffer.subarray(0, Math.min(this.#passBuffer.length, file.length - pass.at))
        file.read(pass.at, piece)
        candidates.mark(piece)
        pass.at += piece.length
        this.read.words += piece.length
      }
    }
    return true
  }

  /** Brings a new state to the files. */
  #add(words: Int32Array, offset: number): void {
    this.#journals.add(words, offset)
    this.#next.add(words, offset, this.#width)
  }

  #emptyPage(): void {
    const { words, at } = this.#page
    for (let offset = 0; offset < at; offset += this.#width) this.#add(words, offset)
    this.#page.at = 0
  }

  #advance(): void {
    this.#emptyPage()
    this.#next.flush()
    const { create, keepsLevels } = this.#resources
    if (!keepsLevels) this.#level.file.release()
    const { file } = this.#next
    this.#level = new LevelReader(file, 0, this.#width)
    this.#next = new LevelWriter(create(), this.#levelBuffer)
    this.#isContinued = false
    this.frontier.words = file.length
    if (file.length > 0) this.depth++
  }

  /** Reads as many slots into memory as fit. */
  #load(): void {
    const { seen } = this.#resources
    const sizes = this.#journals.files.map((_, slot) => this.#journals.sizeOf(slot))
    const all = sizes.reduce((sum, size) => sum + size, 0)
    let resident = 0
    for (let left = seen.most * LOADED; resident < SLOTS && sizes[resident]! <= left; resident++) {
      left -= sizes[resident]!
    }
    if (resident < SLOTS) this.#leave(resident)
    for (const file of this.#journals.files.slice(0, resident)) {
      for (const piece of piecesOf(file, this.#width)) {
        for (let offset = 0; offset < piece.length; offset += this.#width) seen.add(piece, offset)
      }
    }
    this.#onDisk = all - seen.size
  }
}
