/**
 * The dining philosophers: each one sits between two forks, needs both to eat, and takes them one by one.
 *
 * If all take the left fork first, all may hold one fork and wait for the other forever. Some values of `design` break
 * the circle:
 *
 *     left-first        everyone takes the left fork first: deadlock
 *     one-right-handed  the last philosopher takes the right fork first
 *     ordered           everyone takes the fork with the lower number first: the same effect, for another reason
 *     waiter            a waiter lets all but one sit at the table; the forks are taken left first
 *     put-back          puts the first fork back if the second is taken: no deadlock, but perhaps nobody ever eats
 *     no-forks          nobody uses the forks: only here do neighbors eat at the same time
 *
 * A philosopher may think forever. All other steps are strongly or weakly fair. With weak fairness, a philosopher may
 * starve if the neighbor always takes the fork that becomes free.
 *
 * Source: E. W. Dijkstra, "Hierarchical ordering of sequential processes", 1971 (EWD310).
 */
import { constant, forAll, goto, leadsTo, mapOf, members, model, oneOf, range, schema, spec, thread } from 'kripke'

export default spec({
  name: 'dining-philosophers',
  doc: 'Neighbors never eat at the same time, and who is hungry eats in the end.',
  constants: {
    design: constant(
      oneOf('left-first', 'one-right-handed', 'ordered', 'waiter', 'put-back', 'no-forks'),
      'left-first',
      'how forks are taken',
    ),
    philosophers: constant(range(2, 128), 4, 'philosophers at the table'),
    fair: constant(oneOf('weak', 'strong'), 'strong', 'the fairness of what a philosopher does who does not think'),
  },
  model: ({ design, philosophers, fair }) => {
    const Philosopher = members('philosopher', philosophers)
    const Fork = members('fork', philosophers)
    type Philosopher = (typeof Philosopher)[number]
    type Fork = (typeof Fork)[number]

    const State = schema({
      holder: mapOf(Fork, oneOf('nobody', ...Philosopher)),
      philosopher: thread({ philosopher: Philosopher }, 'think', 'enter', 'takeFirst', 'takeSecond', 'eat', 'leave'),
    })
    type State = ReturnType<typeof State>
    type Own = { philosopher: Philosopher }

    /** The forks beside a philosopher, in the order of taking them. */
    const forksOf = (philosopher: Philosopher): readonly [first: Fork, second: Fork] => {
      const seat = Philosopher.indexOf(philosopher)
      const left = Fork[seat]!
      const right = Fork[(seat + 1) % philosophers]!
      if (design === 'one-right-handed' && seat === philosophers - 1) return [right, left]
      if (design === 'ordered' && Fork.indexOf(right) < seat) return [right, left]
      return [left, right]
    }
    const take = (s: State, fork: Fork, philosopher: Philosopher) =>
      (design === 'no-forks' || s.holder.get(fork) === 'nobody') && s.setIn(['holder', fork], philosopher)
    const putBack = (s: State, forks: readonly Fork[], philosopher: Philosopher) =>
      forks.reduce((t, fork) => (t.holder.get(fork) === philosopher ? t.setIn(['holder', fork], 'nobody') : t), s)

    const isSeated = (s: State, philosopher: Philosopher) =>
      !['think', 'enter'].includes(s.philosopher.get(philosopher))
    const mayEnter = (s: State) =>
      design !== 'waiter' || Philosopher.filter((philosopher) => isSeated(s, philosopher)).length < philosophers - 1

    return model(State, {
      init: State(),
      threads: {
        philosopher: {
          fair,
          unfair: ['think'],
          at: {
            think: (s) => s,
            enter: (s) => mayEnter(s) && s,
            takeFirst: (s, { philosopher }) => take(s, forksOf(philosopher)[0], philosopher),
            takeSecond: {
              take: (s, { philosopher }) => take(s, forksOf(philosopher)[1], philosopher),
              ...(design === 'put-back' && {
                giveUp: (s: State, { philosopher }: Own) => {
                  const [first, second] = forksOf(philosopher)
                  return s.holder.get(second) !== 'nobody' && goto('takeFirst', putBack(s, [first], philosopher))
                },
              }),
            },
            eat: (s) => s,
            leave: (s, { philosopher }) => goto('think', putBack(s, forksOf(philosopher), philosopher)),
          },
        },
      },
      invariants: {
        noNeighborsEat: forAll({ philosopher: Philosopher }, (s, { philosopher }) => {
          const neighbor = Philosopher[(Philosopher.indexOf(philosopher) + 1) % philosophers]!
          return !(s.philosopher.get(philosopher) === 'eat' && s.philosopher.get(neighbor) === 'eat')
        }),
      },
      temporal: {
        /** While somebody is hungry, somebody eats eventually. */
        someoneEats: leadsTo(
          (s) => Philosopher.some((philosopher) => s.philosopher.get(philosopher) === 'enter'),
          (s) => Philosopher.some((philosopher) => s.philosopher.get(philosopher) === 'eat'),
        ),
        /** A hungry philosopher eats eventually. */
        everyoneEats: forAll({ philosopher: Philosopher }, ({ philosopher }) =>
          leadsTo(
            (s) => s.philosopher.get(philosopher) === 'enter',
            (s) => s.philosopher.get(philosopher) === 'eat',
          ),
        ),
      },
      goals: {
        /** The largest possible number of philosophers eats at the same time. */
        feast: (s) =>
          Philosopher.filter((philosopher) => s.philosopher.get(philosopher) === 'eat').length >=
          Math.floor(philosophers / 2),
      },
    })
  },
})
