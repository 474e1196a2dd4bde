/** The write-ahead log, compared with an enumeration that shares no code with Kripke. */
import '../../src/vitest.ts'
import { describe, expect, it } from 'vitest'
import { check, formatTrace } from '../../src/index.ts'
import { compareVariants } from '../support/compare-variants.ts'
import log from '../../specs/kernel/write-ahead-log.ts'

type Flush = 'log' | 'commit' | 'checkpoint'

interface Design {
  readonly flushes: readonly Flush[]
  readonly recovery: 'trusts' | 'checksum'
  readonly transactions: number
  readonly blocks: number
}

/** Places are numbers: records, then home places, then the commit record. A cache entry of -1 is empty. */
interface Plain {
  readonly disk: readonly number[]
  readonly cache: readonly number[]
  readonly pc: number
  readonly current: number
  readonly acknowledged: number
  readonly phase: number
}

/** The number of reachable states, and which claims are false in one of them. */
function enumerate({ flushes, recovery, transactions, blocks }: Design): { distinct: number; broken: string[] } {
  const commit = 2 * blocks
  const size = commit + 1
  const put = (s: Plain, from: number, to: number, version: number): Plain => ({
    ...s,
    pc: s.pc + 1,
    cache: s.cache.map((held, place) => (place >= from && place < to ? version : held)),
  })
  const survive = (s: Plain, mask: number): Plain => ({
    ...s,
    disk: s.disk.map((old, place) => ((mask >> place) & 1 && s.cache[place]! >= 0 ? s.cache[place]! : old)),
    cache: s.cache.map((held, place) => ((mask >> place) & 1 ? -1 : held)),
  })
  const all = 2 ** size - 1
  const flush = (s: Plain, after: Flush): Plain => ({
    ...(flushes.includes(after) ? survive(s, all) : s),
    pc: s.pc + 1,
  })
  const next = (s: Plain): Plain[] => {
    if (s.phase === 2) return []
    if (s.phase === 1) {
      const number = s.disk[commit]!
      const records = s.disk.slice(0, blocks)
      const replays = number > 0 && (recovery === 'trusts' || records.every((one) => one === number))
      return [{ ...s, phase: 2, disk: replays ? [...records, ...records, number] : s.disk }]
    }
    const found: Plain[] = []
    if (s.pc === 0) found.push(put(s, 0, blocks, s.current))
    if (s.pc === 1) found.push(flush(s, 'log'))
    if (s.pc === 2) found.push(put(s, commit, size, s.current))
    if (s.pc === 3) found.push({ ...flush(s, 'commit'), acknowledged: s.current })
    if (s.pc === 4) found.push(put(s, blocks, commit, s.current))
    if (s.pc === 5) found.push(flush(s, 'checkpoint'))
    if (s.pc === 6) found.push(put(s, commit, size, 0))
    if (s.pc === 7) {
      const isLast = s.current === transactions
      found.push({ ...survive(s, all), pc: isLast ? 8 : 0, current: isLast ? s.current : s.current + 1 })
    }
    for (let place = 0; place < size; place++) if (s.cache[place]! >= 0) found.push(survive(s, 1 << place))
    for (let mask = 0; mask <= all; mask++) found.push({ ...survive(s, mask), cache: s.cache.map(() => -1), phase: 1 })
    return found
  }
  const none = Array.from({ length: size }, () => -1)
  const first: Plain = { disk: none.map(() => 0), cache: none, pc: 0, current: 1, acknowledged: 0, phase: 0 }
  const seen = new Map([[JSON.stringify(first), first]])
  const broken = new Set<string>()
  for (const s of seen.values()) {
    const home = s.disk.slice(blocks, commit)
    if (s.phase === 2 && home.some((version) => version !== home[0])) broken.add('atomic')
    if (s.phase === 2 && home.some((version) => version < s.acknowledged)) broken.add('durable')
    for (const one of next(s)) seen.set(JSON.stringify(one), seen.get(JSON.stringify(one)) ?? one)
  }
  return { distinct: seen.size, broken: [...broken].sort() }
}

const ALL_FLUSHES: readonly Flush[] = ['checkpoint', 'commit', 'log']
const small = { transactions: 2, blocks: 2 }

const DESIGNS: readonly (readonly [Design, readonly string[]])[] = [
  [{ flushes: ALL_FLUSHES, recovery: 'trusts', ...small }, []],
  [{ flushes: ALL_FLUSHES, recovery: 'checksum', ...small }, []],
  // A torn transaction is replayed.
  [{ flushes: ['checkpoint', 'commit'], recovery: 'trusts', ...small }, ['atomic']],
  // JBD2's journal_async_commit.
  [{ flushes: ['checkpoint', 'commit'], recovery: 'checksum', ...small }, []],
  [{ flushes: ['checkpoint', 'log'], recovery: 'trusts', ...small }, ['atomic', 'durable']],
  [{ flushes: ['commit', 'log'], recovery: 'checksum', ...small }, ['atomic', 'durable']],
]

describe('the write-ahead log', () => {
  it.each(DESIGNS)('%j has the states and verdicts of the enumeration', async (design, expected) => {
    const { distinct, broken } = enumerate(design)
    const { states, properties } = await check(log, { constants: design, continue: true })
    expect(states.distinct).toBe(distinct)
    const violated = properties.filter(({ result }) => result === 'violated').map(({ name }) => name)
    expect([violated.sort(), broken]).toEqual([expected, expected])
    expect(properties.filter(({ result }) => result === 'unreached')).toEqual([])
  })

  it('shows which writes survived, and what recovery read', async () => {
    const constants = { flushes: ['commit', 'checkpoint'] } as const
    const { property } = await check(log, { constants, properties: ['atomic'] })
    const { trace } = property('atomic')
    expect(trace!.steps.map(({ action }) => action).slice(-2)).toEqual(['crash', 'recover'])
    expect(formatTrace(trace!)).toMatch(/crash \{survived: .*commit.*\}/)
    expect(trace!.steps.at(-1)!.note).toMatch(/^commit 1, records .*: replay$/)
  })
})

compareVariants('kernel/write-ahead-log.ts')
