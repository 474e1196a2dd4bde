/**
 * Many instances: an action over two members has 10,000 bindings for 100 members. Nearly all are disabled in any state.
 *
 * At most two members stand up during a round. Two standing members may meet, and sit down again. With `guards=own`
 * each instance reads its own members first. With `guards=shared` a baton passes to one of the next `REACH` members,
 * and all instances read the same variable first.
 *
 * With n members and r rounds: `own` has D = 1 + n + C(n, 2) ways to stand, so r D distinct states, generated 1 + r (n
 * + 2 n (n - 1)) + (r - 1) D, depth r + 2. `shared` has r n distinct states, generated 1 + r n REACH + (r - 1) n, depth
 * r + ceil((n - 1) / REACH).
 */
import { action, constant, forAll, mapOf, members, bool, model, oneOf, range, schema, spec } from 'kripke'
import type { Model } from '../../src/spec/model.ts'
import { choose, type Counts } from './counts.ts'

const REACH = 3

interface Constants {
  readonly guards: 'own' | 'shared'
  readonly members: number
  readonly rounds: number
}

export function counts({ guards, members: n, rounds }: Constants): Counts {
  if (guards === 'shared') {
    const generated = 1 + rounds * n * REACH + (rounds - 1) * n
    return { initial: 1, generated, distinct: rounds * n, depth: rounds + Math.ceil((n - 1) / REACH) }
  }
  const standing = 1 + n + choose(n, 2)
  const generated = 1 + rounds * (n + 2 * n * (n - 1)) + (rounds - 1) * standing
  return { initial: 1, generated, distinct: rounds * standing, depth: rounds + 2 }
}

function meetings(count: number, rounds: number): Model {
  const Member = members('member', count)
  const State = schema({ up: mapOf(Member, bool()), free: oneOf(2, 1, 0), round: range(1, rounds) })
  return model(State, {
    init: State(),
    actions: {
      stand: action({ member: Member }, (s, { member }) =>
        s.free > 0 && !s.up.get(member) ? s.setIn(['up', member], true).set('free', s.free === 2 ? 1 : 0) : undefined,
      ),
      meet: action({ one: Member, other: Member }, (s, { one, other }) =>
        one !== other && s.up.get(one) && s.up.get(other)
          ? s.setIn(['up', one], false).setIn(['up', other], false).set('free', 2)
          : undefined,
      ),
      tick: (s) => (s.round < rounds ? s.set('round', s.round + 1) : undefined),
    },
    invariants: { counted: forAll({ member: Member }, (s, { member }) => !s.up.get(member) || s.free < 2) },
  })
}

function baton(count: number, rounds: number): Model {
  const Member = members('member', count)
  const State = schema({ at: oneOf(...Member), round: range(1, rounds) })
  const distance = (from: string, to: string): number =>
    (Member.indexOf(to as 'member1') - Member.indexOf(from as 'member1') + count) % count
  return model(State, {
    init: State(),
    actions: {
      pass: action({ from: Member, to: Member }, (s, { from, to }) =>
        s.at === from && distance(from, to) >= 1 && distance(from, to) <= REACH ? s.set('at', to) : undefined,
      ),
      tick: (s) => (s.round < rounds ? s.set('round', s.round + 1) : undefined),
    },
    invariants: { counted: (s) => s.round <= rounds },
  })
}

export default spec({
  name: 'many-instances',
  doc: 'What do thousands of instances cost of which few are enabled?',
  constants: {
    guards: constant(oneOf('own', 'shared'), 'own', 'whether every instance looks at variables of its own'),
    members: constant(range(5, 250), 100, 'members; there are as many instances as pairs'),
    rounds: constant(range(1, 65_536), 6, 'rounds, which multiply the states'),
  },
  model: ({ guards, members, rounds }) => (guards === 'own' ? meetings(members, rounds) : baton(members, rounds)),
})
