/**
 * The queued spinlock of Mellor-Crummey and Scott: each CPU that waits spins on a node of its own.
 *
 * The lock is a pointer to the last node of a queue. `acquire` swaps its node in as the new tail. If there was a tail,
 * it links itself behind that node and waits until its predecessor passes the lock on. `release` passes the lock to the
 * next node. If it sees no next node, it clears the tail, unless another CPU has swapped itself in meanwhile: then it
 * waits until that CPU has linked itself. `design` breaks one part of the algorithm:
 *
 *     no-wait     release does not wait for a successor that has not linked itself yet: nobody passes the lock on
 *     no-cmpxchg  release clears the tail without a comparison: a CPU that has just swapped itself in waits forever
 *     late-init   acquire initializes its node after the swap: it may erase the link of its successor
 *
 * Memory is sequentially consistent, and each label is one access to shared memory. A CPU has one node, which has its
 * name: no lock is taken inside another.
 *
 * Source: J. M. Mellor-Crummey and M. L. Scott, "Algorithms for Scalable Synchronization on Shared-Memory
 * Multiprocessors", 1991; the steps are those of Linux v6.6, kernel/locking/mcs_spinlock.h.
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
  optional,
  procedure,
  range,
  record,
  ret,
  schema,
  spec,
  thread,
} from 'kripke'

export default spec({
  name: 'queued-lock',
  doc: 'Never do two CPUs hold the lock, and a CPU that wants it gets it.',
  constants: {
    design: constant(oneOf('mcs', 'no-wait', 'no-cmpxchg', 'late-init'), 'mcs', 'the lock, or what is wrong with it'),
    cpus: constant(range(1, 5), 3, 'CPUs that take the lock'),
  },
  model: ({ design, cpus }) => {
    const Cpu = members('cpu', cpus, { symmetric: true })
    const Node = record({ next: optional(Cpu), locked: bool() })
    const acquire = procedure('acquire', { node: Cpu }, 'init', 'swap', 'link', 'wait', {
      locals: { prev: optional(Cpu) },
    })
    const release = procedure('release', { node: Cpu }, 'check', 'clear', 'await', 'pass')
    const State = schema({
      tail: optional(Cpu),
      node: mapOf(Cpu, Node),
      cpu: thread({ cpu: Cpu }, 'idle', 'critical', { calls: [acquire, release] }),
    })

    return model(State, {
      init: State(),
      threads: {
        cpu: {
          fair: 'weak',
          unfair: ['idle'],
          at: {
            idle: (_, { cpu }) => call(acquire, { node: cpu }),
            critical: (_, { cpu }) => goto('idle', call(release, { node: cpu })),
          },
        },
      },
      procedures: {
        acquire: {
          at: {
            init: (s, { node }) => (design === 'late-init' ? s : s.setIn(['node', node], Node())),
            swap: (s, { node }) => assign({ prev: s.tail }, s.set('tail', node)),
            link: (s, { node, prev }) => {
              const initialized = design === 'late-init' ? s.setIn(['node', node], Node()) : s
              return prev === null ? ret(initialized) : initialized.setIn(['node', prev, 'next'], node)
            },
            wait: (s, { node }) => s.node.get(node).locked && ret(),
          },
        },
        release: {
          at: {
            check: (s, { node }) => (s.node.get(node).next === null ? s : goto('pass')),
            clear: (s, { node }) => {
              if (s.tail === node || design === 'no-cmpxchg') return ret(s.set('tail', null))
              return design === 'no-wait' ? ret() : s
            },
            await: (s, { node }) => s.node.get(node).next !== null && s,
            pass: (s, { node }) => ret(s.setIn(['node', s.node.get(node).next!, 'locked'], true)),
          },
        },
      },
      invariants: {
        mutualExclusion: (s) => s.cpu.count(({ at }) => at === 'critical') < 2,
      },
      temporal: {
        getsTheLock: forAll({ cpu: Cpu }, ({ cpu }) =>
          leadsTo(
            (s) => s.cpu.get(cpu).at === 'acquire.swap',
            (s) => s.cpu.get(cpu).at === 'critical',
          ),
        ),
      },
    })
  },
})
