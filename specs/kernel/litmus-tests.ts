/**
 * Litmus tests of x86-TSO: programs, an outcome, and whether x86-TSO allows it.
 *
 * The names and verdicts are those of Owens, Sarkar and Sewell, "A Better x86 Memory Model: x86-TSO", TPHOLs 2009:
 * `iwp2.*` and `amd*` are the examples of Intel's and AMD's manuals, `n*` are their own.
 */
type Address = 'x' | 'y' | 'z'
type Register = 'eax' | 'ebx'

export type Instruction =
  | readonly ['store', Address, number]
  | readonly ['load', Register, Address]
  /** Swaps memory with 1, as a locked instruction. */
  | readonly ['xchg', Register, Address]
  | readonly ['mfence']
  /** The critical section of a lock. */
  | readonly ['critical']
  /** Goes to an instruction unless some register has the given value. */
  | readonly ['jumpUnless', number, ...(readonly [Register, number])[]]

/** The registers of each CPU, and memory, after everything ran and each buffer is empty. */
export interface Outcome {
  readonly registers: readonly { readonly [R in Register]?: number }[]
  readonly memory?: { readonly [A in Address]?: number }
}

export interface LitmusTest {
  readonly programs: readonly (readonly Instruction[])[]
  readonly outcome?: Outcome
  readonly isAllowed?: boolean
  /** Whether two CPUs must not be in their critical sections at once. */
  readonly critical?: boolean
}

const store = (address: Address, value: number) => ['store', address, value] as const
const load = (register: Register, address: Address) => ['load', register, address] as const
const xchg = (address: Address) => ['xchg', 'eax', address] as const
const mfence = ['mfence'] as const
const critical = ['critical'] as const
const eax = (value: number) => ({ eax: value })
const both = (first: number, second: number) => ({ eax: first, ebx: second })

/** Raises a flag and enters if the other's flag is down. It gives up otherwise. */
const dekker = (own: Address, other: Address, ...fence: Instruction[]): readonly Instruction[] => [
  store(own, 1),
  ...fence,
  load('eax', other),
  ['jumpUnless', 5 + fence.length, ['eax', 0]],
  critical,
  store(own, 0),
]

/** Peterson's lock. `z` is the turn: 1 for the first CPU, 2 for the second. */
const peterson = (own: Address, other: Address, turn: number, ...fence: Instruction[]): readonly Instruction[] => [
  store(own, 1),
  store('z', 3 - turn),
  ...fence,
  load('eax', other),
  load('ebx', 'z'),
  ['jumpUnless', 2 + fence.length, ['eax', 0], ['ebx', turn]],
  critical,
  store(own, 0),
]

export const TESTS = {
  // Intel 8.2.3.4.
  SB: {
    programs: [
      [store('x', 1), load('eax', 'y')],
      [store('y', 1), load('eax', 'x')],
    ],
    outcome: { registers: [eax(0), eax(0)] },
    isAllowed: true,
  },
  'SB+mfences': {
    programs: [
      [store('x', 1), mfence, load('eax', 'y')],
      [store('y', 1), mfence, load('eax', 'x')],
    ],
    outcome: { registers: [eax(0), eax(0)] },
    isAllowed: false,
  },
  'SB+mfence': {
    programs: [
      [store('x', 1), mfence, load('eax', 'y')],
      [store('y', 1), load('eax', 'x')],
    ],
    outcome: { registers: [eax(0), eax(0)] },
    isAllowed: true,
  },
  // iwp2.1, Intel 8.2.3.2.
  MP: {
    programs: [
      [store('x', 1), store('y', 1)],
      [load('eax', 'y'), load('ebx', 'x')],
    ],
    outcome: { registers: [{}, both(1, 0)] },
    isAllowed: false,
  },
  'MP+mfences': {
    programs: [
      [store('x', 1), mfence, store('y', 1)],
      [load('eax', 'y'), mfence, load('ebx', 'x')],
    ],
    outcome: { registers: [{}, both(1, 0)] },
    isAllowed: false,
  },
  // iwp2.2, Intel 8.2.3.3.
  LB: {
    programs: [
      [load('eax', 'x'), store('y', 1)],
      [load('eax', 'y'), store('x', 1)],
    ],
    outcome: { registers: [eax(1), eax(1)] },
    isAllowed: false,
  },
  // Intel 8.2.3.5: a CPU sees its own store before other CPUs do.
  'iwp2.4': {
    programs: [
      [store('x', 1), load('eax', 'x'), load('ebx', 'y')],
      [store('y', 1), load('eax', 'y'), load('ebx', 'x')],
    ],
    outcome: { registers: [both(1, 0), both(1, 0)] },
    isAllowed: true,
  },
  // Intel 8.2.3.6: causality.
  'iwp2.5': {
    programs: [[store('x', 1)], [load('eax', 'x'), store('y', 1)], [load('eax', 'y'), load('ebx', 'x')]],
    outcome: { registers: [{}, eax(1), both(1, 0)] },
    isAllowed: false,
  },
  // IRIW, Intel 8.2.3.7: all CPUs see the stores of two others in one order.
  amd6: {
    programs: [
      [store('x', 1)],
      [store('y', 1)],
      [load('eax', 'x'), load('ebx', 'y')],
      [load('eax', 'y'), load('ebx', 'x')],
    ],
    outcome: { registers: [{}, {}, both(1, 0), both(1, 0)] },
    isAllowed: false,
  },
  // Intel 8.2.3.8: locked instructions have one order.
  'iwp2.7': {
    programs: [[xchg('x')], [xchg('y')], [load('eax', 'x'), load('ebx', 'y')], [load('eax', 'y'), load('ebx', 'x')]],
    outcome: { registers: [{}, {}, both(1, 0), both(1, 0)] },
    isAllowed: false,
  },
  // Intel 8.2.3.9: loads do not pass locked instructions.
  'iwp2.8.a': {
    programs: [
      [xchg('x'), load('ebx', 'y')],
      [xchg('y'), load('ebx', 'x')],
    ],
    outcome: { registers: [{ ebx: 0 }, { ebx: 0 }] },
    isAllowed: false,
  },
  n4b: {
    programs: [
      [load('eax', 'x'), store('x', 1)],
      [load('eax', 'x'), store('x', 2)],
    ],
    outcome: { registers: [eax(2), eax(1)] },
    isAllowed: false,
  },
  n5: {
    programs: [
      [store('x', 1), load('eax', 'x')],
      [store('x', 2), load('eax', 'x')],
    ],
    outcome: { registers: [eax(2), eax(1)] },
    isAllowed: false,
  },
  n6: {
    programs: [
      [store('x', 1), load('eax', 'x'), load('ebx', 'y')],
      [store('y', 2), store('x', 2)],
    ],
    outcome: { registers: [both(1, 0), {}], memory: { x: 1 } },
    isAllowed: true,
  },
  dekker: { programs: [dekker('x', 'y'), dekker('y', 'x')], critical: true },
  'dekker+mfence': { programs: [dekker('x', 'y', mfence), dekker('y', 'x', mfence)], critical: true },
  peterson: { programs: [peterson('x', 'y', 1), peterson('y', 'x', 2)], critical: true },
  'peterson+mfence': { programs: [peterson('x', 'y', 1, mfence), peterson('y', 'x', 2, mfence)], critical: true },
} satisfies { readonly [name: string]: LitmusTest } as { readonly [name in Name]: LitmusTest }

type Name =
  | 'SB'
  | 'SB+mfences'
  | 'SB+mfence'
  | 'MP'
  | 'MP+mfences'
  | 'LB'
  | `iwp2.${'4' | '5' | '7' | '8.a'}`
  | 'amd6'
  | 'n4b'
  | 'n5'
  | 'n6'
  | `${'dekker' | 'peterson'}${'' | '+mfence'}`
