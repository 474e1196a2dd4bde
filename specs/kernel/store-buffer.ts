/**
 * The memory of x86 multiprocessors (x86-TSO), with litmus tests.
 *
 * Each CPU has a FIFO buffer of stores. A store goes into the buffer, and later from there to memory. A load reads the
 * youngest buffered store of its own CPU to that address (store forwarding), else memory. `mfence` and locked
 * instructions wait until the buffer of their CPU is empty. `design` changes the machine:
 *
 *     tso            x86-TSO
 *     sc             stores go to memory at once: sequential consistency
 *     no-forwarding  loads skip the buffer: a CPU does not see its own stores
 *
 * `test` names a litmus test: a program for each CPU, and an outcome that is allowed or forbidden by x86-TSO. The tests
 * `dekker` and `peterson` are locks without a fence, the seeded bug: both CPUs may enter. With `+mfence` they are right.
 *
 * Source: S. Owens, S. Sarkar, P. Sewell, "A Better x86 Memory Model: x86-TSO", TPHOLs 2009. litmus-tests.ts says where
 * the tests come from. A locked instruction is one step here. The paper holds a global lock during it, so that no other
 * CPU reads or writes memory in between.
 */
import {
  action,
  constant,
  listOf,
  mapOf,
  members,
  model,
  oneOf,
  range,
  record,
  schema,
  spec,
  unreachable,
} from 'kripke'
import { TESTS, type Instruction, type Outcome } from './litmus-tests.ts'

const Address = oneOf('x', 'y', 'z')
const Value = range(0, 2)
const Register = oneOf('eax', 'ebx', 'ecx')
const Store = record({ address: Address, value: Value })

export default spec({
  name: 'store-buffer',
  doc: 'What x86 multiprocessors may do to the order of loads and stores.',
  constants: {
    test: constant(oneOf(...(Object.keys(TESTS) as (keyof typeof TESTS)[])), 'SB', 'the litmus test'),
    design: constant(oneOf('tso', 'sc', 'no-forwarding'), 'tso', 'the memory of the machine'),
    entries: constant(range(1, 4), 3, 'stores that a buffer holds'),
  },
  model: ({ test, design, entries }) => {
    const { programs, outcome, isAllowed, critical } = TESTS[test]
    const Cpu = members('cpu', programs.length)
    const longest = Math.max(...programs.map((program) => program.length))
    const State = schema({
      memory: mapOf(Address, Value),
      buffer: mapOf(Cpu, listOf(Store, entries)),
      registers: mapOf(Cpu, mapOf(Register, Value)),
      next: mapOf(Cpu, range(0, longest)),
    })
    type State = ReturnType<typeof State>
    type Cpu = (typeof Cpu)[number]

    const programOf = (cpu: Cpu): readonly Instruction[] => programs[Cpu.indexOf(cpu)]!
    const forwarded = (s: State, cpu: Cpu, address: string) =>
      design === 'tso' ? s.buffer.get(cpu).findLast((store) => store.address === address)?.value : undefined
    const isEmpty = (s: State, cpu: Cpu) => s.buffer.get(cpu).size === 0
    const isDone = (s: State) => Cpu.every((cpu) => s.next.get(cpu) === programOf(cpu).length && isEmpty(s, cpu))
    const isAt = (s: State, { registers, memory }: Outcome) =>
      isDone(s) &&
      Object.entries(memory ?? {}).every(([address, value]) => s.memory.get(address as 'x') === value) &&
      Cpu.every((cpu, index) =>
        Object.entries(registers[index] ?? {}).every(
          ([register, value]) => s.registers.get(cpu).get(register as 'eax') === value,
        ),
      )

    const run = (s: State, cpu: Cpu, instruction: Instruction): State | undefined => {
      const [operation, first, second] = instruction
      switch (operation) {
        case 'store':
          if (design === 'sc') return s.setIn(['memory', first], second)
          if (s.buffer.get(cpu).size === entries) return undefined
          return s.updateIn(['buffer', cpu], (buffer) => buffer.push(Store({ address: first, value: second })))
        case 'load':
          return s.setIn(['registers', cpu, first], forwarded(s, cpu, second) ?? s.memory.get(second))
        case 'xchg':
          if (!isEmpty(s, cpu)) return undefined
          return s.setIn(['registers', cpu, first], s.memory.get(second)).setIn(['memory', second], 1)
        case 'mfence':
          return isEmpty(s, cpu) ? s : undefined
        case 'critical':
        case 'jumpUnless':
          return s
      }
    }
    const target = (s: State, cpu: Cpu, instruction: Instruction): number => {
      const following = s.next.get(cpu) + 1
      if (instruction[0] !== 'jumpUnless') return following
      const [, to, ...conditions] = instruction
      return conditions.some(([register, value]) => s.registers.get(cpu).get(register) === value) ? following : to
    }

    return model(State, {
      init: State(),
      actions: {
        execute: action({ cpu: Cpu }, (s, { cpu }) => {
          const instruction = programOf(cpu)[s.next.get(cpu)]
          if (instruction === undefined) return undefined
          return run(s, cpu, instruction)?.setIn(['next', cpu], target(s, cpu, instruction))
        }),
        flush: action({ cpu: Cpu }, (s, { cpu }) => {
          const oldest = s.buffer.get(cpu).first()
          if (oldest === undefined) return undefined
          return s.setIn(['memory', oldest.address], oldest.value).updateIn(['buffer', cpu], (buffer) => buffer.shift())
        }),
      },
      ...(critical && {
        invariants: {
          mutualExclusion: (s) => {
            const inside = Cpu.filter((cpu) => programOf(cpu)[s.next.get(cpu)]?.[0] === 'critical')
            return inside.length < 2
          },
        },
      }),
      goals: {
        ...(outcome && { outcome: isAllowed ? (s) => isAt(s, outcome) : unreachable((s) => isAt(s, outcome)) }),
      },
      deadlock: { unless: isDone },
    })
  },
})
