/** The spinlock against a plain enumeration of it, without procedures and priorities. */
import { describe, expect, it } from 'vitest'
import spinlock from '../../specs/kernel/spinlock.ts'
import { check } from '../../src/index.ts'
import { some } from '../support/amount.ts'
import { compareVariants } from '../support/compare-variants.ts'

const DESIGNS = ['irqsave', 'plain', 'late-save', 'early-restore'] as const
const LOCKS = ['ticket', 'test-and-set'] as const
type Design = (typeof DESIGNS)[number]

/** A task or a handler: its place in code in which the lock is inlined, and its ticket while it has one. */
interface Runner {
  at: 'idle' | 'lock' | 'take' | 'spin' | 'critical' | 'unlock' | 'drop' | 'restore'
  ticket: number
}

interface Machine {
  held: boolean
  next: number
  owner: number
  cpus: { irqsOff: boolean; task: Runner; irq: Runner }[]
}

const HOLDING: readonly Runner['at'][] = ['critical', 'unlock', 'drop']

function enumerate(design: Design, lock: (typeof LOCKS)[number], count: number) {
  const tickets = 2 * count
  const idle = (): Runner => ({ at: 'idle', ticket: 0 })
  const cpus = Array.from({ length: count }, () => ({ irqsOff: false, task: idle(), irq: idle() }))
  const initial: Machine = { held: false, next: 0, owner: 0, cpus }
  const seen = new Set([JSON.stringify(initial)])
  const found = { mutualExclusion: false, noSelfDeadlock: false }
  let level = [initial]
  let generated = 1
  let depth = 0
  while (level.length > 0) {
    depth++
    const following: Machine[] = []
    for (const machine of level) {
      const runners = machine.cpus.flatMap(({ task, irq }) => [task, irq])
      found.mutualExclusion ||= runners.filter(({ at }) => HOLDING.includes(at)).length > 1
      found.noSelfDeadlock ||= machine.cpus.some(
        ({ task, irq }) => ['take', 'spin'].includes(irq.at) && HOLDING.includes(task.at),
      )
      for (let index = 0; index < count; index++) {
        for (const who of ['task', 'irq'] as const) {
          const after = structuredClone(machine)
          if (!step(after, index, who)) continue
          generated++
          const text = JSON.stringify(after)
          if (seen.has(text)) continue
          seen.add(text)
          following.push(after)
        }
      }
    }
    level = following
  }
  return { counts: { initial: 1, generated, distinct: seen.size, depth }, found }

  function step(machine: Machine, index: number, who: 'task' | 'irq'): boolean {
    const cpu = machine.cpus[index]!
    const runner = cpu[who]
    // A handler that runs keeps its CPU, even while it spins.
    if (who === 'task' && cpu.irq.at !== 'idle') return false
    switch (runner.at) {
      case 'idle':
        if (who === 'irq' && cpu.irqsOff) return false
        if (who === 'task') cpu.irqsOff = ['irqsave', 'early-restore'].includes(design)
        runner.at = 'lock'
        return true
      case 'lock':
        runner.at = 'take'
        return true
      case 'take':
        if (lock === 'ticket') {
          runner.ticket = machine.next
          machine.next = (machine.next + 1) % tickets
          runner.at = 'spin'
        } else if (!machine.held) {
          machine.held = true
          runner.at = 'critical'
        }
        return true
      case 'spin':
        if (machine.owner === runner.ticket) Object.assign(runner, { at: 'critical', ticket: 0 })
        return true
      case 'critical':
        if (who === 'task' && design === 'late-save') cpu.irqsOff = true
        if (who === 'task' && design === 'early-restore') cpu.irqsOff = false
        runner.at = 'unlock'
        return true
      case 'unlock':
        runner.at = 'drop'
        return true
      case 'drop':
        if (lock === 'ticket') machine.owner = (machine.owner + 1) % tickets
        else machine.held = false
        runner.at = who === 'task' ? 'restore' : 'idle'
        return true
      case 'restore':
        cpu.irqsOff = false
        runner.at = 'idle'
        return true
    }
  }
}

const cases = DESIGNS.flatMap((design) => LOCKS.flatMap((lock) => [1, 2].map((cpus) => [design, lock, cpus] as const)))

describe('spinlock', () => {
  it.each(some(cases, ([, lock, cpus]) => cpus === 1 || lock === 'test-and-set'))(
    'has the states and steps of a plain enumeration: %s, %s, %i CPUs',
    async (design, lock, cpus) => {
      const { counts, found } = enumerate(design, lock, cpus)
      const result = await check(spinlock, {
        constants: { design, lock, cpus },
        continue: true,
        symmetry: false,
        properties: ['mutualExclusion', 'noSelfDeadlock', 'deadlock'],
      })
      expect(result.states).toEqual(counts)
      expect(found).toEqual({ mutualExclusion: false, noSelfDeadlock: design !== 'irqsave' })
      expect(result.property('mutualExclusion').result).toBe('holds')
      expect(result.property('noSelfDeadlock').result).toBe(design === 'irqsave' ? 'holds' : 'violated')
    },
  )

  it.each([
    ['irqsave', 'ticket', 'holds'],
    ['irqsave', 'test-and-set', 'violated'],
    ['plain', 'ticket', 'violated'],
  ] as const)('with %s and a %s lock: that handlers return %s', async (design, lock, verdict) => {
    const cpus = design === 'plain' ? 1 : 2
    const result = await check(spinlock, {
      constants: { design, lock, cpus },
      continue: true,
      properties: ['handlerReturns'],
    })
    expect(result.property('handlerReturns').result).toBe(verdict)
  })
})

compareVariants('kernel/spinlock.ts')
