/** The litmus tests against published verdicts, and state counts against a plain enumeration of the machine. */
import { describe, expect, it } from 'vitest'
import { TESTS, type Instruction, type LitmusTest } from '../../specs/kernel/litmus-tests.ts'
import storeBuffer from '../../specs/kernel/store-buffer.ts'
import { check } from '../../src/index.ts'
import { first, some } from '../support/amount.ts'
import { compareVariants } from '../support/compare-variants.ts'

type Design = 'tso' | 'sc' | 'no-forwarding'
type Test = keyof typeof TESTS

interface Machine {
  memory: { [address: string]: number }
  cpus: { next: number; buffer: [string, number][]; registers: { [register: string]: number } }[]
}

/** All reachable states of a machine, as text, and the number of steps. Written without the spec. */
function enumerate(programs: LitmusTest['programs'], design: Design, entries: number) {
  const initial: Machine = {
    memory: { x: 0, y: 0, z: 0 },
    cpus: programs.map(() => ({ next: 0, buffer: [], registers: { eax: 0, ebx: 0, ecx: 0 } })),
  }
  const seen = new Map([[JSON.stringify(initial), initial]])
  const queue = [initial]
  let generated = 1
  for (const state of queue) {
    for (const index of programs.keys()) {
      for (const after of [executed(state, index), drained(state, index)]) {
        if (after === undefined) continue
        generated++
        const text = JSON.stringify(after)
        if (seen.has(text)) continue
        seen.set(text, after)
        queue.push(after)
      }
    }
  }
  return { states: [...seen.values()], generated }

  function drained(before: Machine, index: number): Machine | undefined {
    const state = structuredClone(before)
    const oldest = state.cpus[index]!.buffer.shift()
    if (oldest === undefined) return undefined
    state.memory[oldest[0]] = oldest[1]
    return state
  }

  function executed(before: Machine, index: number): Machine | undefined {
    const state = structuredClone(before)
    const cpu = state.cpus[index]!
    const instruction: Instruction | undefined = programs[index]![cpu.next++]
    if (instruction === undefined) return undefined
    if (instruction[0] === 'store') {
      const [, address, value] = instruction
      if (design === 'sc') state.memory[address] = value
      else if (cpu.buffer.push([address, value]) > entries) return undefined
    } else if (instruction[0] === 'load') {
      const [, register, address] = instruction
      let value = state.memory[address]!
      if (design === 'tso') for (const [stored, own] of cpu.buffer) if (stored === address) value = own
      cpu.registers[register] = value
    } else if (instruction[0] === 'xchg' || instruction[0] === 'mfence') {
      if (cpu.buffer.length > 0) return undefined
      if (instruction[0] === 'xchg') {
        cpu.registers[instruction[1]] = state.memory[instruction[2]]!
        state.memory[instruction[2]] = 1
      }
    } else if (instruction[0] === 'jumpUnless') {
      const [, to, ...conditions] = instruction
      if (conditions.every(([register, value]) => cpu.registers[register] !== value)) cpu.next = to
    }
    return state
  }
}

/** Whether the outcome of a test is among the final states. */
function isReached({ programs, outcome }: LitmusTest, states: readonly Machine[]): boolean {
  return states.some(
    ({ memory, cpus }) =>
      cpus.every(({ next, buffer }, index) => buffer.length === 0 && next === programs[index]!.length) &&
      Object.entries(outcome!.memory ?? {}).every(([address, value]) => memory[address] === value) &&
      cpus.every(({ registers }, index) =>
        Object.entries(outcome!.registers[index] ?? {}).every(([register, value]) => registers[register] === value),
      ),
  )
}

/**
 * The verdicts of Owens, Sarkar and Sewell, UCAM-CL-TR-745, 2009, as uwplse/memsynth 4e7ad91 has them in
 * litmus/tests/x86.rkt. That file names the tests of SB, MP and LB iwp2.3.a, iwp2.1 and iwp2.2, and repeats iwp2.1 under
 * the name iwp2.2; LB is iwp2.2 in PipeCheck (D. Lustig, 2014), and Example 8-2 of Intel's manual. PipeCheck has the same
 * verdicts for all tests that have neither locked instructions nor fences. P. Sewell et al., "x86-TSO: a rigorous and
 * usable programmer's model for x86 multiprocessors", CACM 53(7), 2010, has them for Intel's examples.
 */
const PUBLISHED: { readonly [T in Test]?: 'allowed' | 'forbidden' } = {
  SB: 'allowed',
  'SB+mfences': 'forbidden',
  MP: 'forbidden',
  LB: 'forbidden',
  'iwp2.3.b': 'forbidden',
  'iwp2.4': 'allowed',
  'iwp2.5': 'forbidden',
  'iwp2.6': 'forbidden',
  'iwp2.7': 'forbidden',
  'iwp2.8.a': 'forbidden',
  'iwp2.8.b': 'forbidden',
  amd3: 'allowed',
  amd6: 'forbidden',
  amd10: 'forbidden',
  n1: 'allowed',
  n2: 'forbidden',
  n3: 'forbidden',
  n4: 'forbidden',
  n5: 'forbidden',
  n6: 'allowed',
  n7: 'allowed',
  n8: 'allowed',
  'rwc-unfenced': 'allowed',
  'rwc-fenced': 'forbidden',
}

const ALL_TESTS = Object.keys(TESTS) as Test[]
const litmus = (test: Test): LitmusTest => TESTS[test]

describe('store-buffer', () => {
  const published = Object.entries(PUBLISHED) as [Test, 'allowed' | 'forbidden'][]

  it('has the verdicts that were published', () => {
    for (const [test, verdict] of published) expect(litmus(test).isAllowed, test).toBe(verdict === 'allowed')
  })

  it.each(some(published, ([test], index) => ['SB', 'n6', 'n8'].includes(test) || index % 4 === 2))(
    'finds %s %s, as published',
    async (test, verdict) => {
      const result = await check(storeBuffer, { constants: { test } })
      const { result: found } = result.property('outcome')
      expect(found).toBe(verdict === 'allowed' ? 'reached' : 'holds')
    },
  )

  const designs = ['tso', 'sc', 'no-forwarding'] as const
  it.each(
    some(
      ALL_TESTS.flatMap((test) => designs.map((design) => [test, design] as const)),
      ([test], index) => litmus(test).programs.length === 2 && index % 9 === 0,
    ),
  )('has the states of a plain enumeration: %s with %s', async (test, design) => {
    const { programs, outcome, isAllowed } = litmus(test)
    const { states, generated } = enumerate(programs, design, 2)
    const result = await check(storeBuffer, { constants: { test, design, entries: 2 }, continue: true })
    expect(result.states.distinct).toBe(states.length)
    expect(result.states.generated).toBe(generated)
    if (outcome === undefined) return
    const reached = isReached(litmus(test), states)
    const expected = isAllowed === true ? (reached ? 'reached' : 'unreached') : reached ? 'violated' : 'holds'
    expect(result.property('outcome').result).toBe(expected)
  })

  it.each([
    ['dekker', 'tso', 'violated'],
    ['dekker', 'sc', 'holds'],
    ['dekker+mfence', 'tso', 'holds'],
    ['peterson', 'tso', 'violated'],
    ['peterson', 'sc', 'holds'],
    ['peterson+mfence', 'tso', 'holds'],
  ] as const)('needs a fence for mutual exclusion: %s with %s: %s', async (test, design, verdict) => {
    const result = await check(storeBuffer, { constants: { test, design } })
    const { result: found, trace } = result.property('mutualExclusion' as never) as { result: string; trace?: unknown }
    expect(found).toBe(verdict)
    expect(trace === undefined).toBe(verdict === 'holds')
  })

  it.each(first(1, ['iwp2.4', 'n6'] as const))('forwards stores to loads of the same CPU: %s', async (test) => {
    const { states } = enumerate(TESTS[test].programs, 'no-forwarding', 3)
    expect(isReached(litmus(test), states)).toBe(false)
    const result = await check(storeBuffer, { constants: { test, design: 'no-forwarding' }, continue: true })
    expect(result.property('outcome').result).toBe('unreached')
  })
})

compareVariants('kernel/store-buffer.ts')
