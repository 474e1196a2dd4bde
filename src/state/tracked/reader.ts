/**
 * Records which slots a spec function reads, in order.
 *
 * A `Reader` represents one state of which nothing has been read yet. For a scalar it decodes the value and records the
 * slot. For a composite it returns a view, and records nothing until something inside is read. The order of first reads
 * is the path of the evaluation through a decision tree.
 */
import { impure } from '../../errors.ts'
import type { BagShape, ListShape, MapShape, RecordShape, SetShape, Shape, Slot } from '../shape.ts'
import { BagView } from './bag-view.ts'
import { ListView } from './list-view.ts'
import { MapView } from './map-view.ts'
import type { PlaceReader } from './place-reader.ts'
import { recordView } from './record-view.ts'
import { SetView } from './set-view.ts'

/** The reads of one evaluation, over all its states. */
export class Recording {
  /** Slots in the order of their first read, each once. */
  readonly reads: Slot[] = []
  readonly #seen = new Set<Slot>()
  #open = true
  /** Whether to refuse reads of further slots, and whether one was refused. */
  #refuses = false
  #refused = false

  add(slot: Slot): void {
    if (!this.#open) throw impure('a spec function', 'reads a state of an earlier call')
    if (this.#seen.has(slot)) return
    if (this.#refuses) {
      this.#refused = true
      throw new Error('this read has to wait')
    }
    this.#seen.add(slot)
    this.reads.push(slot)
  }

  has(slot: Slot): boolean {
    return this.#seen.has(slot)
  }

  /** See `PlaceReader.withoutReading`. */
  withoutReading<T>(body: () => T): T | undefined {
    const [refuses, refused] = [this.#refuses, this.#refused]
    this.#refuses = true
    this.#refused = false
    try {
      const result = body()
      // The body may have caught the refusal.
      return this.#refused ? undefined : result
    } catch {
      return undefined
    } finally {
      this.#refuses = refuses
      this.#refused = refused
    }
  }

  /** Ends the evaluation. A later read through a view throws KR502. */
  close(): void {
    this.#open = false
  }
}

export class Reader implements PlaceReader {
  readonly recording: Recording
  readonly #slots: Int32Array
  /** The offset for recorded slots: 0, or the number of slots for the second state of a step. */
  readonly #base: Slot
  readonly #views = new Map<Shape, unknown>()

  /** @param slots - the unpacked state; it must not change until the recording is closed */
  constructor(slots: Int32Array, recording: Recording, base: Slot = 0) {
    this.#slots = slots
    this.recording = recording
    this.#base = base
  }

  read(slot: Slot): number {
    this.recording.add(this.#base + slot)
    return this.#slots[slot]!
  }

  withoutReading<T>(body: () => T): T | undefined {
    return this.recording.withoutReading(body)
  }

  /** Whether a slot was read and holds `content`. */
  knows(slot: Slot, content: number): boolean {
    return this.recording.has(this.#base + slot) && this.#slots[slot] === content
  }

  /** The content of a slot that was read; undefined if it was not read. */
  known(slot: Slot): number | undefined {
    return this.recording.has(this.#base + slot) ? this.#slots[slot]! : undefined
  }

  value(shape: Shape): unknown {
    if (shape.kind === 'scalar') return shape.decode(this.read(shape.first))
    if (shape.kind === 'optional') return this.read(shape.first) === 0 ? null : this.value(shape.inner)
    if (shape.kind === 'union') return this.value(shape.byTag[this.read(shape.first)]!)
    let view = this.#views.get(shape)
    if (view === undefined) {
      view = viewOf(this, shape)
      this.#views.set(shape, view)
    }
    return view
  }
}

/** A view of the place. It behaves like the `Map`, `Set`, `List`, `Bag` or `Record` that decoding would give. */
function viewOf(reader: PlaceReader, shape: MapShape | SetShape | ListShape | BagShape | RecordShape): unknown {
  switch (shape.kind) {
    case 'map':
      return new MapView(reader, shape).proxy
    case 'set':
      return new SetView(reader, shape).proxy
    case 'list':
      return new ListView(reader, shape).proxy
    case 'bag':
      return new BagView(reader, shape)
    case 'record':
      return recordView(reader, shape)
  }
}
