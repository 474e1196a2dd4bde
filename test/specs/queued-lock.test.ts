/** The queued lock against a plain enumeration of it without procedures. */
import { describe, expect, it } from 'vitest'
import queuedLock from '../../specs/kernel/queued-lock.ts'
import { check } from '../../src/index.ts'
import { some } from '../support/amount.ts'
import { compareVariants } from '../support/compare-variants.ts'

type Design = 'mcs' | 'no-wait' | 'no-cmpxchg' | 'late-init'

/** One CPU: its place in code in which the lock is inlined, `prev` of an acquire, and its node. */
interface Cpu {
  at: 'idle' | 'init' | 'swap' | 'link' | 'wait' | 'critical' | 'check' | 'clear' | 'await' | 'pass'
  prev: number | null
  next: number | null
  locked: boolean
}

interface Lock {
  tail: number | null
  cpus: Cpu[]
}

/** Follows the code of kernel/locking/mcs_spinlock.h line by line. Counts states, steps, deadlocks and overlaps. */
function enumerate(design: Design, count: number) {
  const initial: Lock = {
    tail: null,
    cpus: Array.from({ length: count }, () => ({ at: 'idle', prev: null, next: null, locked: false })),
  }
  const seen = new Set([JSON.stringify(initial)])
  let level = [initial]
  let generated = 1
  let depth = 0
  let deadlocked = false
  let overlapping = false
  while (level.length > 0) {
    depth++
    const following: Lock[] = []
    for (const lock of level) {
      let steps = 0
      overlapping ||= lock.cpus.filter(({ at }) => at === 'critical').length > 1
      for (let own = 0; own < count; own++) {
        const after = structuredClone(lock)
        if (!step(after, own)) continue
        steps++
        generated++
        const text = JSON.stringify(after)
        if (seen.has(text)) continue
        seen.add(text)
        following.push(after)
      }
      deadlocked ||= steps === 0
    }
    level = following
  }
  return { distinct: seen.size, generated, depth, deadlocked, overlapping }

  /** Takes the step of a CPU; false if it waits. */
  function step(lock: Lock, own: number): boolean {
    const cpu = lock.cpus[own]!
    switch (cpu.at) {
      case 'idle':
        cpu.at = 'init'
        return true
      case 'init':
        if (design !== 'late-init') Object.assign(cpu, { next: null, locked: false })
        cpu.at = 'swap'
        return true
      case 'swap':
        cpu.prev = lock.tail
        lock.tail = own
        cpu.at = 'link'
        return true
      case 'link':
        if (design === 'late-init') Object.assign(cpu, { next: null, locked: false })
        if (cpu.prev !== null) lock.cpus[cpu.prev]!.next = own
        cpu.at = cpu.prev === null ? 'critical' : 'wait'
        return true
      case 'wait':
        if (!cpu.locked) return false
        cpu.prev = null
        cpu.at = 'critical'
        return true
      case 'critical':
        cpu.at = 'check'
        return true
      case 'check':
        cpu.at = cpu.next === null ? 'clear' : 'pass'
        return true
      case 'clear': {
        const isLast = lock.tail === own || design === 'no-cmpxchg'
        if (isLast) lock.tail = null
        cpu.at = isLast || design === 'no-wait' ? 'idle' : 'await'
        return true
      }
      case 'await':
        if (cpu.next === null) return false
        cpu.at = 'pass'
        return true
      case 'pass':
        lock.cpus[cpu.next!]!.locked = true
        cpu.at = 'idle'
        return true
    }
  }
}

const designs = ['mcs', 'no-wait', 'no-cmpxchg', 'late-init'] as const
const cases = designs.flatMap((design) => [1, 2, 3].map((cpus) => [design, cpus] as const))

describe('queued-lock', () => {
  it.each(some(cases, ([, cpus]) => cpus < 3))(
    'has the states and steps of the inlined code: %s with %i CPUs',
    async (design, cpus) => {
      const { deadlocked, overlapping, ...counts } = enumerate(design, cpus)
      const result = await check(queuedLock, {
        constants: { design, cpus },
        continue: true,
        symmetry: false,
        properties: ['mutualExclusion', 'deadlock'],
      })
      expect(result.states).toEqual({ initial: 1, ...counts })
      expect(result.property('mutualExclusion').result).toBe(overlapping ? 'violated' : 'holds')
      expect(result.property('deadlock').result).toBe(deadlocked ? 'violated' : 'holds')
    },
  )

  it.each([
    ['mcs', 2, []],
    ['no-wait', 2, ['getsTheLock', 'deadlock']],
    ['no-cmpxchg', 2, ['getsTheLock']],
    ['late-init', 2, ['getsTheLock', 'deadlock']],
  ] as const)('finds what is wrong with %s', async (design, cpus, violated) => {
    const { properties } = await check(queuedLock, { constants: { design, cpus }, continue: true })
    expect(properties.filter(({ result }) => result === 'violated').map(({ name }) => name)).toEqual(violated)
  })
})

compareVariants('kernel/queued-lock.ts')
