/**
 * How threads agree on the numbers of open values: a log in shared memory contains each value once, in the order of its
 * numbers. A thread that finds a new value locks the log, reads the values of other threads, and appends the value if
 * it is still new.
 *
 * msgpackr serializes values, and collections become tagged arrays. Records cannot be sent, because each thread has its
 * own class for a record, with its own methods. So a spec with records in open variables is explored by one thread.
 */
import { bagOf, isBag } from '../spec/bag.ts'
import { isList, isMap, isRecord, isSet, List, Map, Set } from 'immutable'
import { Packr } from 'msgpackr'
import { Unshareable } from './unshareable.ts'

/** Bytes of address space for the log. */
const LOG_BYTES = 2 ** 28

/** Words at the beginning: whether the log is locked, the number of values, and their bytes. */
const LOCK = 0
const COUNT = 1
const USED = 2
const HEADER = 3

const WORD = Int32Array.BYTES_PER_ELEMENT

const packr = new Packr({ useRecords: false, moreTypes: false })

/** An open value as bytes. @throws {Unshareable} */
export function serializeValue(value: unknown): Uint8Array {
  return packr.pack(toPlain(value))
}

/** The value that `serializeValue` turned into bytes. The memory must not be shared. */
export function deserializeValue(bytes: Uint8Array): unknown {
  return fromPlain(packr.unpack(bytes) as Plain)
}

export class ValueLog {
  readonly memory: SharedArrayBuffer
  readonly #header: Int32Array
  readonly #bytes: Uint8Array
  #read = 0
  #at = HEADER * WORD

  /** @param memory - the memory of another thread's log */
  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(LOG_BYTES)) {
    this.memory = memory
    this.#header = new Int32Array(memory, 0, HEADER)
    this.#bytes = new Uint8Array(memory)
    if (this.#header[USED] === 0) this.#header[USED] = HEADER * WORD
  }

  /** Calls `learn` with each value written since the last call, in order. */
  catchUp(learn: (value: unknown) => void): void {
    const count = Atomics.load(this.#header, COUNT)
    for (; this.#read < count; this.#read++) {
      const length = this.#length(this.#at)
      // msgpackr reads only unshared memory.
      const entry = this.#bytes.slice(this.#at + WORD, this.#at + WORD + length)
      learn(deserializeValue(Uint8Array.from(entry)))
      this.#at += WORD + length
    }
  }

  /** Locks the log, reads it to its end, and appends `value` if `isNew` still returns true. @throws {Unshareable} */
  append(value: unknown, isNew: () => boolean): void {
    const packed = serializeValue(value)
    while (Atomics.compareExchange(this.#header, LOCK, 0, 1) !== 0) Atomics.wait(this.#header, LOCK, 1, 1)
    try {
      if (isNew()) this.#write(packed)
    } finally {
      Atomics.store(this.#header, LOCK, 0)
      Atomics.notify(this.#header, LOCK, 1)
    }
  }

  #write(packed: Uint8Array): void {
    const at = this.#header[USED]!
    const end = at + WORD + packed.length
    if (end > this.#bytes.length) throw new Unshareable()
    new DataView(this.memory).setUint32(at, packed.length)
    this.#bytes.set(packed, at + WORD)
    this.#header[USED] = end
    Atomics.add(this.#header, COUNT, 1)
    this.#read++
    this.#at = end
  }

  #length(at: number): number {
    return new DataView(this.memory).getUint32(at)
  }
}

/** With the flag `u`, a surrogate matches only if it is not part of a pair. */
const UNPAIRED = /\p{Surrogate}/u

type Plain = string | number | boolean | null | Plain[]

function toPlain(value: unknown): Plain {
  if (isRecord(value)) throw new Unshareable()
  // UTF-8 has no unpaired surrogates, so another thread would read a different string.
  if (typeof value === 'string' && UNPAIRED.test(value)) throw new Unshareable()
  if (isList(value)) return ['list', ...value.map(toPlain)]
  if (isSet(value)) return ['set', ...value.toArray().map(toPlain)]
  if (isMap(value)) return ['map', ...value.toArray().map(([key, entry]) => [toPlain(key), toPlain(entry)])]
  if (isBag(value)) return ['bag', toPlain(value.toMap())]
  if (typeof value === 'bigint') return ['bigint', String(value)]
  return value as Plain
}

function fromPlain(plain: Plain): unknown {
  if (!Array.isArray(plain)) return plain
  const [tag, ...rest] = plain
  switch (tag) {
    case 'list':
      return List(rest.map(fromPlain))
    case 'set':
      return Set(rest.map(fromPlain))
    case 'bag':
      return bagOf(fromPlain(rest[0]!) as Map<unknown, number>)
    case 'map':
      return Map((rest as [Plain, Plain][]).map(([key, entry]) => [fromPlain(key), fromPlain(entry)]))
    default:
      return BigInt(rest[0] as string)
  }
}
