/**
 * A shared log of numbers. One thread appends between levels, and all threads read.
 *
 * A task reaches only the thread that takes it. This log reaches every thread.
 */
import { allocate, OutOfMemory } from '../../../store/memory.ts'

/** Words of address space. */
const LENGTH = 2 ** 26

export class BroadcastLog {
  readonly memory: Int32Array
  /** The position up to which this thread has read. */
  #read = 1

  /** @param memory - the memory of another thread's log; its first word holds the length */
  constructor(memory: Int32Array = allocate(LENGTH, 'shared')) {
    this.memory = memory
    if (memory[0] === 0) memory[0] = 1
  }

  /** Appends numbers. @throws {OutOfMemory} */
  write(numbers: readonly number[]): void {
    const end = this.memory[0]!
    if (end + numbers.length > this.memory.length) throw new OutOfMemory()
    this.memory.set(numbers, end)
    Atomics.store(this.memory, 0, end + numbers.length)
  }

  /** The numbers appended since the last call. */
  read(): Int32Array {
    const end = Atomics.load(this.memory, 0)
    const delta = this.memory.slice(this.#read, end)
    this.#read = end
    return delta
  }
}
