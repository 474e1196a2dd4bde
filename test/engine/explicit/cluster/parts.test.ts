/** The parts of the protocol: messages, windows of batches, and owners of slots. */
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Receiver, Sender } from '../../../../src/engine/explicit/cluster/channels.ts'
import { crcOfBytes, crcOfWords } from '../../../../src/engine/explicit/cluster/crc.ts'
import {
  decodeMessage,
  decodeText,
  encodeBatch,
  encodeText,
  type BatchMessage,
} from '../../../../src/engine/explicit/cluster/messages.ts'
import { SLOTS } from '../../../../src/engine/explicit/cluster/protocol.ts'
import { withOwners } from '../../../../src/engine/explicit/cluster/slots.ts'
import { randomFrom } from '../../../support/simulated-network.ts'

const words = fc.array(fc.integer(), { maxLength: 40 }).map((list) => Int32Array.from(list))

describe('messages', () => {
  it('have the checksum of zlib', () => {
    fc.assert(
      fc.property(words, (list) => {
        const bytes = new Uint8Array(list.buffer)
        expect(crcOfBytes(bytes) >>> 0).toBe(crc32(bytes))
        expect(crcOfWords(list, 0, list.length) >>> 0).toBe(crc32(bytes))
      }),
    )
  })

  it('come back as they were, also from bytes that are not aligned', () => {
    fc.assert(
      fc.property(words, fc.nat(3), (states, shift) => {
        const batch = { from: 'node 1', level: 3, epoch: 7, number: 2, isLast: true, states }
        const bytes = encodeBatch(batch, 99)
        const moved = Buffer.concat([Buffer.alloc(shift), bytes]).subarray(shift)
        expect(decodeMessage(moved, 99)).toEqual({ kind: 'batch', ...batch })
      }),
    )
    const value = { bounds: [Infinity, -Infinity], words: Int32Array.of(1, -2), nothing: null }
    expect(decodeText(encodeText(value))).toEqual(value)
  })

  it('are refused if a bit differs, or if the layout does', () => {
    const batch = { from: 'a', level: 1, epoch: 1, number: 0, isLast: false, states: Int32Array.of(5, 6) }
    const bytes = encodeBatch(batch, 99)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice()
      damaged[bit >> 3]! ^= 1 << (bit & 7)
      expect(() => decodeMessage(damaged, 99)).toThrow(expect.objectContaining({ code: 'KR114' }))
    }
    expect(() => decodeMessage(bytes, 98)).toThrow('another layout')
  })
})

describe('a window of batches', () => {
  it('brings each state once, whatever the network does', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(400), (seed, count) => {
        const random = randomFrom(seed)
        let nowMs = 0
        const wire: Uint8Array[] = []
        const underway = new Set<number>()
        let most = 0
        const sender = new Sender(
          {
            now: () => nowMs,
            send: (_, bytes) => {
              wire.push(bytes)
              underway.add((decodeMessage(bytes, 0) as BatchMessage).number)
              most = Math.max(most, underway.size)
            },
            encode: (batch) => encodeBatch({ ...batch, from: 'a', level: 1, epoch: 1 }, 0),
          },
          1,
          ['b'],
          4,
        )
        const receiver = new Receiver(['a'])
        const got: number[] = []
        for (let state = 0; state < count; state++) sender.append(0, Int32Array.of(state), 0)
        sender.end()
        while (!receiver.isWhole) {
          nowMs += 100
          sender.resend()
          const [bytes] = wire.splice(Math.floor(random() * wire.length), random() < 0.8 ? 1 : 0)
          if (bytes === undefined || random() < 0.2) continue
          const batch = decodeMessage(bytes, 0) as BatchMessage
          if (receiver.arrived(batch)) got.push(...batch.states)
          if (random() < 0.3) continue
          underway.delete(batch.number)
          sender.acknowledged('b', batch.number)
        }
        expect(got.sort((x, y) => x - y)).toEqual(Array.from({ length: count }, (_, state) => state))
        expect(most).toBeLessThanOrEqual(16)
      }),
      { numRuns: 30 },
    )
  })
})

describe('the owners of slots', () => {
  it('are present, have equal shares, and keep what they can', () => {
    const nodes = fc.uniqueArray(fc.constantFrom(...Array.from({ length: 70 }, (_, node) => `n${node}`)), {
      minLength: 1,
    })
    fc.assert(
      fc.property(nodes, nodes, (before, present) => {
        const first = withOwners([], before)
        const owners = withOwners(first, present)
        expect(owners).toHaveLength(SLOTS)
        const used = present.slice(0, SLOTS)
        const shares = used.map((node) => owners.filter((owner) => owner === node).length)
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(SLOTS)
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
        expect(withOwners(owners, present)).toEqual(owners)
      }),
    )
  })
})
