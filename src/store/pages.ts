/**
 * Levels of the search, as pages of packed states.
 *
 * States are written to one page after another, and read in the same order. Pages are reused after reading, so a search
 * stores little more than the states that are found but not expanded. Threads distribute work by pages.
 */
import { allocate } from './memory.ts'

/** Words of a page, unless states are so wide that few would fit. */
const PAGE_WORDS = 4096
const MIN_STATES = 64

/** Allocates pages and takes them back. */
export interface PageSource {
  /** An empty page: its number and its words. @throws {OutOfMemory} */
  take(): { id: number; words: Int32Array }
  words(id: number): Int32Array
  give(id: number): void
}

/** Words of a page for states of this width: a multiple of the width. */
export function pageWords(width: number): number {
  return Math.max(MIN_STATES, Math.floor(PAGE_WORDS / width)) * width
}

/** Pages in one thread's own memory. */
export class OwnPages implements PageSource {
  readonly #length: number
  readonly #pages: Int32Array[] = []
  readonly #free: number[] = []

  constructor(width: number) {
    this.#length = pageWords(width)
  }

  take(): { id: number; words: Int32Array } {
    const id = this.#free.pop() ?? this.#pages.push(allocate(this.#length)) - 1
    return { id, words: this.#pages[id]! }
  }

  words(id: number): Int32Array {
    return this.#pages[id]!
  }

  give(id: number): void {
    this.#free.push(id)
  }

  /** Bytes of all pages, read or not. */
  get bytes(): number {
    return this.#pages.length * this.#length * Int32Array.BYTES_PER_ELEMENT
  }
}

/** A level: the pages of its states, in order, and the number of words in use of each. */
export class Frontier {
  readonly ids: number[] = []
  readonly sizes: number[] = []
  /** Words in use. */
  words = 0

  add(id: number, size: number): void {
    this.ids.push(id)
    this.sizes.push(size)
    this.words += size
  }

  clear(): void {
    this.ids.length = 0
    this.sizes.length = 0
    this.words = 0
  }
}

/** Writes states to pages, and adds full pages to a level. */
export class PageWriter {
  /** The page being written. */
  words: Int32Array = new Int32Array(0)
  /** Where the next state goes. */
  at = 0
  readonly width: number
  readonly #source: PageSource
  readonly #full: (id: number, size: number) => void
  #id = -1

  /** @param full - receives a page and the number of its words in use */
  constructor(width: number, source: PageSource, full: (id: number, size: number) => void) {
    this.width = width
    this.#source = source
    this.#full = full
  }

  /** Ends the current page if it contains a state. */
  end(): void {
    if (this.at > 0) this.#full(this.#id, this.at)
    else if (this.#id >= 0) this.#source.give(this.#id)
    this.#id = -1
    this.words = new Int32Array(0)
    this.at = 0
  }

  /** Begins another page. @throws {OutOfMemory} */
  turn(): void {
    if (this.#id >= 0) this.end()
    const { id, words } = this.#source.take()
    this.#id = id
    this.words = words
  }

  /** Appends the first `length` words of `words`, which are whole states. @throws {OutOfMemory} */
  append(words: Int32Array, length: number): void {
    for (let from = 0; from < length;) {
      if (this.at === this.words.length) this.turn()
      const { words: page } = this
      const end = Math.min(length, from + page.length - this.at)
      let { at } = this
      while (from < end) page[at++] = words[from++]!
      this.at = at
    }
  }

  push(words: Int32Array, offset: number): void {
    if (this.at === this.words.length) this.turn()
    for (let word = 0; word < this.width; word++) this.words[this.at++] = words[offset + word]!
  }
}
