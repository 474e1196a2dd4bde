/** Messages between threads, with constructed races. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { allocateSharedMemory } from '../../../src/engine/explicit/parallel/shared-memory.ts'
import { wakeupOf, inboxOf, PENDING } from '../../../src/engine/explicit/parallel/control.ts'
import { Mailbox } from '../../../src/engine/explicit/parallel/mailbox.ts'

/** The part that the mailbox uses. */
const atomics = Atomics as unknown as {
  compareExchange(array: Int32Array, index: number, expected: number, replacement: number): number
  exchange(array: Int32Array, index: number, value: number): number
}

function three() {
  const memory = allocateSharedMemory({
    width: 1,
    threads: 3,
    instances: 1,
    maxBytes: 2 ** 20,
    states: 0,
    pageStates: 4,
  })
  const [one, two, owner] = [0, 1, 2].map((thread) => new Mailbox(memory, thread)) as [Mailbox, Mailbox, Mailbox]
  /** Sends a message with one number. */
  const send = (from: Mailbox, content: number): void => {
    const message = from.take()
    from.words(message)[0] = content
    from.send(message, 1, 2)
  }
  const received = (): number[] => {
    const contents: number[] = []
    owner.receive((words, load) => {
      contents.push(words[0]!)
      return load
    })
    return contents.sort((a, b) => a - b)
  }
  return { memory, one, two, owner, send, received }
}

describe('Mailbox', () => {
  afterEach(() => vi.restoreAllMocks())

  it('delivers a message, and returns the answer', () => {
    const { memory, one, owner, send, received } = three()
    send(one, 7)
    send(one, 8)
    expect(memory.control[PENDING]).toBe(2)
    expect(received()).toEqual([7, 8])
    expect(received()).toEqual([])
    const answers: number[] = []
    expect(one.collect((words) => void answers.push(words[0]!))).toBe(true)
    expect(answers.sort()).toEqual([7, 8])
    expect(memory.control[PENDING]).toBe(0)
    expect(owner.collect(() => {})).toBe(false)
  })

  it('loses no message if another thread puts one into the box first', () => {
    const { one, two, send, received } = three()
    const genuine = atomics.compareExchange
    vi.spyOn(atomics, 'compareExchange').mockImplementationOnce((array, index, expected, replacement) => {
      send(two, 2)
      return genuine(array, index, expected, replacement)
    })
    send(one, 1)
    expect(received()).toEqual([1, 2])
  })

  it('loses no message if the box is emptied and filled again meanwhile', () => {
    const { one, two, send, received } = three()
    send(one, 1)
    const genuine = atomics.compareExchange
    const early: number[] = []
    vi.spyOn(atomics, 'compareExchange').mockImplementationOnce((array, index, expected, replacement) => {
      early.push(...received())
      one.collect(() => {})
      // The message that was the last in the box, and is the last again.
      send(one, 3)
      return genuine(array, index, expected, replacement)
    })
    send(two, 2)
    expect([...early, ...received()].sort()).toEqual([1, 2, 3])
  })

  it('leaves a message for the next time if it arrives while the box is emptied', () => {
    const { memory, one, two, send, received } = three()
    send(one, 1)
    const genuine = atomics.exchange
    vi.spyOn(atomics, 'exchange').mockImplementationOnce((array, index, value) => {
      const taken = genuine(array, index, value)
      send(two, 2)
      return taken
    })
    expect(received()).toEqual([1])
    expect(memory.control[inboxOf(2)]).not.toBe(0)
    expect(received()).toEqual([2])
  })

  it('wakes the receiver of a message, and everybody when nothing is left', () => {
    const { memory, one, send, received } = three()
    const bells = (): number[] => [0, 1, 2].map((thread) => memory.control[wakeupOf(thread)]!)
    send(one, 1)
    expect(bells()).toEqual([0, 0, 1])
    received()
    expect(bells()).toEqual([1, 0, 1])
    one.collect(() => {})
    expect(bells()).toEqual([2, 1, 2])
  })
})
