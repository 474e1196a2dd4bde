/**
 * Records which slots a spec function reads, in order.
 *
 * A `Reader` represents one state of which nothing has been read yet. For a scalar it decodes the value and records the
 * slot. For a composite it returns a view, and records nothing until something inside is read. The order of first reads
 * is the path of the evaluation through a decision tree.
 */
import { assert, impure } from '../../errors.ts'
import { countFrame, type Asker } from '../../spec/questions.ts'
import type { BagShape, ListShape, MapShape, RecordShape, SetShape, Shape, Slot } from '../shape.ts'
import { BagView } from './bag-view.ts'
import { ListView } from './list-view.ts'
import { MapView } from './map-view.ts'
import type { PlaceReader } from './place-reader.ts'
import { recordView } from './record-view.ts'
import { SetView } from './set-view.ts'

/**
 * The way of a tracked call through what is known of the function. It hears each read and each frame; see
 * `spec/questions.ts`.
 */
export interface Way {
  /** Whether to report frames. */
  readonly asks: boolean
  read(slot: Slot, content: number): void
  /** Begins a frame within the present one. */
  begin(): void
  /** The key that the frame that just began is known to end with. Then the frame has ended. */
  skip(): number | undefined
  /** From here on, the call depends on what it had read before the present frame, and on `key`. */
  join(key: number): void
  /** Ends the present frame. Without a join before, what follows depends on all that the frame read. */
  end(): void
  /** A predicate of the spec ran in a frame that ended. Nothing that follows counts. */
  stop(): void
  /** The call relies on a promise of the author; see `Asker.promise`. */
  promise(): void
  readonly isStopped: boolean
}

/** Thrown to leave a tracked call that has stopped. */
const STOP = new Error('a tracked call has stopped')

/** The reads of one evaluation, over all its states. */
export class Recording implements Asker {
  /** In the order of the first read. Without a stop, that leaves out what was read in frames that joined. */
  readonly reads: Slot[] = []
  readonly #known = new Set<Slot>()
  readonly #way: Way | undefined
  /** By open frame: the number of slots that were known when it began. Negative if the frame must not join. */
  readonly #frames: number[] = []
  #open = true
  /** Whether to refuse reads of further slots, and whether one was refused. */
  #refuses = false
  #refused = false

  constructor(way?: Way) {
    this.#way = way
  }

  /** @param content - the content of the slot */
  add(slot: Slot, content: number): void {
    if (!this.#open) throw impure('a spec function', 'reads a state of an earlier call')
    if (this.#known.has(slot)) return
    if (this.#refuses) {
      this.#refused = true
      throw new Error('this read has to wait')
    }
    this.#known.add(slot)
    this.reads.push(slot)
    this.#way?.read(slot, content)
  }

  /** Whether a slot was read, and the call may still depend on that. */
  has(slot: Slot): boolean {
    return this.#known.has(slot)
  }

  frame(body: () => number): number {
    return this.#frame(body, false)
  }

  join(key: number): void {
    const way = this.#way
    const known = this.#frames.at(-1)
    if (way === undefined || way.isStopped || this.#refuses || known === undefined || known < 0) return
    assert(this.reads.length === known, 'a quantifier reads outside its predicates')
    way.join(-1 - key)
  }

  ask(test: () => unknown): boolean {
    return this.#frame(() => (test() ? 1 : 0), true) === 1
  }

  promise(): void {
    this.#way?.promise()
  }

  /** What the open frames read may be used after they end, so they must not join. */
  leak(): void {
    this.#frames.fill(-1)
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

  /** @param isOfSpec - whether `body` calls a predicate of the spec */
  #frame(body: () => number, isOfSpec: boolean): number {
    const way = this.#way
    if (way === undefined || !way.asks || way.isStopped || this.#refuses) return body()
    way.begin()
    const skipped = way.skip()
    if (skipped !== undefined) return skipped
    const frames = this.#frames
    const depth = frames.push(this.reads.length) - 1
    let key: number
    try {
      key = body()
    } catch (thrown) {
      frames.length = depth
      way.end()
      throw thrown
    }
    const known = frames[depth]!
    frames.length = depth
    if (known < 0) {
      way.end()
      return key
    }
    if (way.isStopped) return key
    way.join(key)
    way.end()
    countFrame()
    // Otherwise the call would go on without the reads of the predicate.
    assert(isOfSpec || this.reads.length === known, 'a quantifier reads outside its predicates')
    if (!isOfSpec) return key
    way.stop()
    throw STOP
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
    const content = this.#slots[slot]!
    this.recording.add(this.#base + slot, content)
    return content
  }

  leak(): void {
    this.recording.leak()
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
