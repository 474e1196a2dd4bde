/**
 * A board that one thread writes on between levels and all read: numbers, ever more of them.
 *
 * What is told with a task reaches whoever takes the task; what stands here reaches everybody.
 */
import { allocate, OutOfMemory } from '../../../store/memory.ts'

/** Words of address space. */
const LENGTH = 2 ** 26

export class BroadcastLog {
  readonly memory: Int32Array
  /** How much of it this thread has read. */
  #read = 1

  /** @param memory - of a board that another thread made; its first word says how much is written */
  constructor(memory: Int32Array = allocate(LENGTH, 'shared')) {
    this.memory = memory
    if (memory[0] === 0) memory[0] = 1
  }

  /** Adds numbers. @throws {OutOfMemory} */
  write(numbers: readonly number[]): void {
    const end = this.memory[0]!
    if (end + numbers.length > this.memory.length) throw new OutOfMemory()
    this.memory.set(numbers, end)
    Atomics.store(this.memory, 0, end + numbers.length)
  }

  /** What was added since the last call. */
  read(): Int32Array {
    const end = Atomics.load(this.memory, 0)
    const delta = this.memory.slice(this.#read, end)
    this.#read = end
    return delta
  }
}
