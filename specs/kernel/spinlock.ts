/**
 * A spinlock that tasks and interrupt handlers take.
 *
 * Each CPU runs a task and takes interrupts. A handler pre-empts the task of its CPU, so a task that an interrupt hits
 * while it holds the lock makes the handler of the same CPU spin forever. Therefore a task turns interrupts off before
 * it takes the lock, as spin_lock_irqsave does. `design` says when it does:
 *
 *     irqsave        interrupts are off from before the lock is taken until after it is dropped
 *     plain          never: the handler may spin for a lock that its own CPU holds
 *     late-save      only after the lock is taken
 *     early-restore  interrupts are on again before the lock is dropped
 *
 * `lock` is `ticket`, which serves in order of arrival, or `test-and-set`, under which a CPU may starve.
 *
 * Memory is sequentially consistent. A handler is not interrupted, and all handlers of a CPU are one. Spinning is a step
 * that changes nothing, so a CPU that spins is busy. Source: Linux v6.6, include/linux/spinlock_api_smp.h,
 * `__raw_spin_lock_irqsave`, and include/asm-generic/spinlock.h, `arch_spin_lock`.
 */
import {
  assign,
  bool,
  call,
  constant,
  forAll,
  goto,
  leadsTo,
  mapOf,
  members,
  model,
  oneOf,
  preempts,
  procedure,
  range,
  ret,
  schema,
  spec,
  steps,
  thread,
} from 'kripke'

export default spec({
  name: 'spinlock',
  doc: 'Never do two hold the lock, and no handler waits for the task that it interrupted.',
  constants: {
    design: constant(
      oneOf('irqsave', 'plain', 'late-save', 'early-restore'),
      'irqsave',
      'when a task that takes the lock has interrupts off',
    ),
    lock: constant(oneOf('ticket', 'test-and-set'), 'ticket', 'how the lock works'),
    cpus: constant(range(1, 3), 2, 'CPUs, each with a task and a handler'),
  },
  model: ({ design, lock, cpus }) => {
    const Cpu = members('cpu', cpus, { symmetric: true })
    // Each CPU waits with its task and its handler at most, so these tickets differ.
    const tickets = 2 * cpus
    const Ticket = range(0, tickets - 1)
    const acquire = procedure('acquire', {}, 'take', 'spin', { locals: { ticket: Ticket } })
    const release = procedure('release', {}, 'drop')
    const calls = [acquire, release]
    const State = schema({
      held: bool(),
      next: Ticket,
      owner: Ticket,
      irqsOff: mapOf(Cpu, bool()),
      task: thread({ cpu: Cpu }, 'idle', 'lock', 'critical', 'unlock', 'restore', { calls }),
      irq: thread({ cpu: Cpu }, 'idle', 'lock', 'critical', 'unlock', { calls }),
    })
    const setIrqs = (s: ReturnType<typeof State>, cpu: (typeof Cpu)[number], isOff: boolean) =>
      s.setIn(['irqsOff', cpu], isOff)
    const HOLDING = ['critical', 'unlock', 'release.drop']

    return model(State, {
      init: State(),
      threads: {
        task: {
          fair: 'weak',
          unfair: ['idle'],
          at: {
            idle: (s, { cpu }) => setIrqs(s, cpu, design === 'irqsave' || design === 'early-restore'),
            lock: () => call(acquire, {}),
            critical: (s, { cpu }) => {
              if (design === 'late-save') return setIrqs(s, cpu, true)
              return design === 'early-restore' ? setIrqs(s, cpu, false) : s
            },
            unlock: () => call(release, {}),
            restore: (s, { cpu }) => goto('idle', setIrqs(s, cpu, false)),
          },
        },
        irq: {
          fair: 'weak',
          unfair: ['idle'],
          at: {
            idle: (s, { cpu }) => !s.irqsOff.get(cpu) && s,
            lock: () => call(acquire, {}),
            critical: (s) => s,
            unlock: () => goto('idle', call(release, {})),
          },
        },
      },
      procedures: {
        acquire: {
          at: {
            take: (s) => {
              if (lock === 'ticket') return assign({ ticket: s.next }, s.set('next', (s.next + 1) % tickets))
              return s.held ? goto('take') : ret(s.set('held', true))
            },
            spin: (s, { ticket }) => (s.owner === ticket ? ret() : goto('spin')),
          },
        },
        release: {
          at: {
            drop: (s) => ret(lock === 'ticket' ? s.set('owner', (s.owner + 1) % tickets) : s.set('held', false)),
          },
        },
      },
      priorities: {
        handlerFirst: forAll({ cpu: Cpu }, ({ cpu }) =>
          preempts(steps('irq', { cpu }, { except: ['idle'] }), steps('task', { cpu })),
        ),
      },
      invariants: {
        mutualExclusion: (s) =>
          s.task.count(({ at }) => HOLDING.includes(at)) + s.irq.count(({ at }) => HOLDING.includes(at)) < 2,
        noSelfDeadlock: forAll({ cpu: Cpu }, (s, { cpu }) => {
          const waits = s.irq.get(cpu).at.startsWith('acquire')
          return !(waits && HOLDING.includes(s.task.get(cpu).at))
        }),
      },
      temporal: {
        handlerReturns: forAll({ cpu: Cpu }, ({ cpu }) =>
          leadsTo(
            (s) => s.irq.get(cpu).at === 'lock',
            (s) => s.irq.get(cpu).at === 'idle',
          ),
        ),
      },
    })
  },
})
