/** Goals that must not be reached, on a litmus test of two processors: store buffering. */
import '../../src/vitest.ts'
import { describe, expect, it } from 'vitest'
import {
  action,
  check,
  compare,
  constant,
  forAll,
  formatTrace,
  members,
  model,
  oneOf,
  replay,
  schema,
  simulate,
  spec,
  mapOf,
  optional,
  range,
  unreachable,
  toItf,
} from '../../src/index.ts'

const Cpu = members('cpu', 2)
const State = schema({
  at: mapOf(Cpu, oneOf('store', 'load', 'end')),
  memory: mapOf(Cpu, range(0, 1)),
  buffer: mapOf(Cpu, optional(range(0, 1))),
  read: mapOf(Cpu, optional(range(0, 1))),
})
const other = (cpu: (typeof Cpu)[number]) => (cpu === 'cpu1' ? 'cpu2' : 'cpu1')

/** Each processor writes its own variable and reads that of the other one. x86 allows that both read 0. */
const buffering = spec({
  name: 'store-buffering',
  constants: {
    order: constant(oneOf('sc', 'tso'), 'tso', 'sequential consistency, or store buffers'),
    quantified: constant(oneOf('conjuncts', 'forAll', 'plain'), 'plain', 'the form of the claim'),
  },
  model: ({ order, quantified }) =>
    model(State, {
      init: State(),
      actions: {
        store: action({ cpu: Cpu }, (s, { cpu }) =>
          s.at.get(cpu) !== 'store'
            ? undefined
            : s.setIn(['at', cpu], 'load').setIn([order === 'sc' ? 'memory' : 'buffer', cpu], 1),
        ),
        load: action({ cpu: Cpu }, (s, { cpu }) =>
          s.at.get(cpu) === 'load'
            ? s.setIn(['at', cpu], 'end').setIn(['read', cpu], s.memory.get(other(cpu)))
            : undefined,
        ),
        flush: action({ cpu: Cpu }, (s, { cpu }) => {
          const stored = s.buffer.get(cpu)
          return stored === null ? undefined : s.setIn(['memory', cpu], stored).setIn(['buffer', cpu], null)
        }),
      },
      goals: {
        bothOne: (s) => s.read.every((value) => value === 1),
        ...(quantified === 'plain' && { bothZero: unreachable((s) => s.read.every((value) => value === 0)) }),
        ...(quantified === 'forAll' && {
          bothZero: unreachable(forAll({ cpu: Cpu }, (s, { cpu }) => s.read.get(cpu) === 0)),
        }),
        ...(quantified === 'conjuncts' && {
          bothZero: unreachable({ first: (s) => s.read.get('cpu1') === 0, second: (s) => s.read.get('cpu2') === 0 }),
        }),
      },
      deadlock: false,
    }),
})

const FORMS = ['plain', 'forAll', 'conjuncts'] as const

describe('unreachable', () => {
  it.each(FORMS)('holds under sequential consistency and is violated with store buffers, as %s', async (quantified) => {
    // H. Sewell et al., "x86-TSO", 2010: SB is allowed on x86. Two stores and two loads reach it.
    for (const engine of ['explicit', 'symbolic'] as const) {
      await expect(buffering).toHold({ constants: { order: 'sc', quantified }, engine })
      await expect(buffering).toViolate('bothZero', { constants: { quantified }, engine, steps: 4 })
    }
  })

  it('has a kind of its own, and a trace that says what it read', async () => {
    const { verdict, properties, property } = await check(buffering)
    expect(verdict).toBe('violated')
    expect(properties.find(({ name }) => name === 'bothZero')).toMatchObject({
      kind: 'unreachable',
      result: 'violated',
    })
    const trace = property('bothZero').trace!
    expect(trace.failed[0]!.read).toEqual([
      { path: 'read[cpu1]', value: 0 },
      { path: 'read[cpu2]', value: 0 },
    ])
    expect(formatTrace(trace)).toMatch(/bothZero must be unreachable, but is reached in 4 steps/)
  })

  it('is unknown if a bound ends the search', async () => {
    const { property } = await check(buffering, { maxDepth: 2, properties: ['bothZero'] })
    expect(property('bothZero').result).toBe('unknown')
  })

  it('works in comparisons, simulations and replays', async () => {
    const { variants } = await compare(buffering, { vary: [{ constant: 'order' }], properties: ['bothZero'] })
    expect(variants.map(({ outcome }) => outcome?.property('bothZero').result)).toEqual(['holds', 'violated'])
    const walks = await simulate(buffering, { seed: 1, runs: 500, properties: ['bothZero'] })
    expect(walks.properties.find(({ name }) => name === 'bothZero')?.result).toBe('violated')
    const result = await check(buffering)
    const { divergence, trace } = replay(buffering, JSON.stringify(toItf(result.property('bothZero').trace!, result)))
    expect([divergence, trace.kind]).toEqual([undefined, 'unreachable'])
  })

  it('refuses anything but a claim', () => {
    expect(() => unreachable(3 as never)).toThrow(/the claim of unreachable\(\.\.\.\) must be a predicate/)
  })
})
