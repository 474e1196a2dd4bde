/**
 * Litmus tests of x86-TSO: programs, an outcome, and whether x86-TSO allows it.
 *
 * The names and verdicts are those of S. Owens, S. Sarkar, P. Sewell, "A Better x86 Memory Model: x86-TSO (extended
 * version)", 2009, technical report UCAM-CL-TR-745: `iwp2.*` and `amd*` are the examples of Intel's and AMD's manuals,
 * `n*` and `rwc-*` are their own. Two projects have the same tests and verdicts in code: uwplse/memsynth,
 * litmus/tests/x86.rkt, which also corrects n8 by the errata of the report, and PipeCheck by D. Lustig, 2014.
 * Intel's manual, volume 3, section 8.2.3, has some of them as Examples 8-1 to 8-10.
 */
type Address = 'x' | 'y' | 'z'
type Register = 'eax' | 'ebx' | 'ecx'

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
const all = (first: number, second: number, third: number) => ({ ...both(first, second), ecx: third })

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

/** Two CPUs store and then load what the other stores. */
const crossed = (...between: Instruction[]): readonly (readonly Instruction[])[] => [
  [store('x', 1), ...between, load('eax', 'y')],
  [store('y', 1), ...between, load('eax', 'x')],
]

/** Two CPUs load what two others have stored, in opposite order. */
const opposite: readonly (readonly Instruction[])[] = [
  [load('eax', 'x'), load('ebx', 'y')],
  [load('eax', 'y'), load('ebx', 'x')],
]

/** One CPU waits for another before it loads; a third one stores and loads. */
const readToWrite = (...between: Instruction[]): readonly (readonly Instruction[])[] => [
  [store('x', 1)],
  [load('eax', 'x'), load('ebx', 'y')],
  [store('y', 1), ...between, load('eax', 'x')],
]

export const TESTS = {
  // iwp2.3.a, amd4, Intel 8-3.
  SB: { programs: crossed(), outcome: { registers: [eax(0), eax(0)] }, isAllowed: true },
  // amd5.
  'SB+mfences': { programs: crossed(mfence), outcome: { registers: [eax(0), eax(0)] }, isAllowed: false },
  'SB+mfence': {
    programs: [crossed(mfence)[0]!, crossed()[1]!],
    outcome: { registers: [eax(0), eax(0)] },
    isAllowed: true,
  },
  // iwp2.1, amd1, Intel 8-1.
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
  // iwp2.2, amd2, Intel 8-2.
  LB: {
    programs: [
      [load('eax', 'x'), store('y', 1)],
      [load('eax', 'y'), store('x', 1)],
    ],
    outcome: { registers: [eax(1), eax(1)] },
    isAllowed: false,
  },
  // Intel 8-4: a CPU sees its own stores.
  'iwp2.3.b': {
    programs: [
      [store('x', 1), load('eax', 'x')],
      [store('y', 1), load('eax', 'y')],
    ],
    outcome: { registers: [eax(0), eax(0)] },
    isAllowed: false,
  },
  // amd9, Intel 8-5: a CPU sees its own store before other CPUs do.
  'iwp2.4': {
    programs: [
      [store('x', 1), load('eax', 'x'), load('ebx', 'y')],
      [store('y', 1), load('eax', 'y'), load('ebx', 'x')],
    ],
    outcome: { registers: [both(1, 0), both(1, 0)] },
    isAllowed: true,
  },
  // amd8, Intel 8-6: causality.
  'iwp2.5': {
    programs: [[store('x', 1)], [load('eax', 'x'), store('y', 1)], [load('eax', 'y'), load('ebx', 'x')]],
    outcome: { registers: [{}, eax(1), both(1, 0)] },
    isAllowed: false,
  },
  // All CPUs see the stores to one address in one order.
  'iwp2.6': {
    programs: [
      [store('x', 1)],
      [store('x', 2)],
      [load('eax', 'x'), load('ebx', 'x')],
      [load('eax', 'x'), load('ebx', 'x')],
    ],
    outcome: { registers: [{}, {}, both(1, 2), both(2, 1)] },
    isAllowed: false,
  },
  // amd7, Intel 8-8: locked instructions have one order.
  'iwp2.7': {
    programs: [[xchg('x')], [xchg('y')], ...opposite],
    outcome: { registers: [{}, {}, both(1, 0), both(1, 0)] },
    isAllowed: false,
  },
  // Intel 8-9: loads do not pass locked instructions.
  'iwp2.8.a': {
    programs: [
      [xchg('x'), load('ebx', 'y')],
      [xchg('y'), load('ebx', 'x')],
    ],
    outcome: { registers: [{ ebx: 0 }, { ebx: 0 }] },
    isAllowed: false,
  },
  // Intel 8-10: stores do not pass locked instructions.
  'iwp2.8.b': {
    programs: [
      [xchg('x'), store('y', 1)],
      [load('eax', 'y'), load('ebx', 'x')],
    ],
    outcome: { registers: [{}, both(1, 0)] },
    isAllowed: false,
  },
  amd3: {
    programs: [
      [store('x', 1), store('x', 2), load('eax', 'y')],
      [store('y', 1), store('y', 2), load('eax', 'x')],
    ],
    outcome: { registers: [eax(1), eax(1)] },
    isAllowed: true,
  },
  // IRIW, Intel 8-7: all CPUs see the stores of two others in one order.
  amd6: {
    programs: [[store('x', 1)], [store('y', 1)], ...opposite],
    outcome: { registers: [{}, {}, both(1, 0), both(1, 0)] },
    isAllowed: false,
  },
  amd10: {
    programs: [
      [store('x', 1), mfence, load('eax', 'x'), load('ebx', 'y')],
      [store('y', 1), mfence, load('eax', 'y'), load('ebx', 'x')],
    ],
    outcome: { registers: [both(1, 0), both(1, 0)] },
    isAllowed: false,
  },
  n1: {
    programs: [
      [store('x', 2), load('eax', 'y')],
      [store('y', 1), store('x', 1)],
      [load('eax', 'x'), load('ebx', 'x')],
    ],
    outcome: { registers: [eax(0), {}, both(1, 2)] },
    isAllowed: true,
  },
  n2: {
    programs: [
      [store('y', 1), store('x', 1)],
      [store('x', 2), store('z', 1)],
      [load('eax', 'x'), load('ebx', 'x')],
      [load('eax', 'z'), load('ebx', 'y')],
    ],
    outcome: { registers: [{}, {}, both(1, 2), both(1, 0)] },
    isAllowed: false,
  },
  n3: {
    programs: [
      [xchg('x')],
      [store('y', 1)],
      [load('eax', 'y'), load('ebx', 'x'), load('ecx', 'x')],
      [load('eax', 'x'), load('ebx', 'y'), load('ecx', 'y')],
    ],
    outcome: { registers: [{}, {}, all(1, 0, 1), all(1, 0, 1)] },
    isAllowed: false,
  },
  n4: {
    programs: [
      [load('eax', 'x'), store('x', 1), load('ebx', 'x')],
      [load('eax', 'x'), store('x', 2), load('ebx', 'x')],
    ],
    outcome: { registers: [both(2, 1), both(1, 2)] },
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
  n7: {
    programs: [
      [store('x', 1), load('eax', 'x'), load('ebx', 'y')],
      [store('y', 1)],
      [load('eax', 'y'), load('ebx', 'x')],
    ],
    outcome: { registers: [both(1, 0), {}, both(1, 0)] },
    isAllowed: true,
  },
  n8: {
    programs: [
      [xchg('x'), load('ebx', 'y')],
      [store('y', 1), load('ebx', 'x')],
    ],
    outcome: { registers: [{ ebx: 0 }, { ebx: 0 }] },
    isAllowed: true,
  },
  'rwc-unfenced': {
    programs: readToWrite(),
    outcome: { registers: [{}, both(1, 0), eax(0)] },
    isAllowed: true,
  },
  'rwc-fenced': {
    programs: readToWrite(mfence),
    outcome: { registers: [{}, both(1, 0), eax(0)] },
    isAllowed: false,
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
  | `iwp2.${'3.b' | '4' | '5' | '6' | '7' | '8.a' | '8.b'}`
  | `amd${3 | 6 | 10}`
  | `n${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`
  | `rwc-${'un' | ''}fenced`
  | `${'dekker' | 'peterson'}${'' | '+mfence'}`
