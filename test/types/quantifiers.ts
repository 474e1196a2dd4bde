/** The types that the compiler infers for quantifiers in functions. Never run; see `inference.ts`. */
import { expectTypeOf } from 'vitest'
import { count, every, exists, mapOf, members, model, oneOf, range, record, schema, setOf } from 'kripke'

const User = members('user', 2)
const Message = record({ from: User, n: range(0, 3) })
const State = schema({ owner: mapOf(User, oneOf('free', 'used')), sent: setOf(Message), n: range(0, 3) })

model(State, {
  init: State(),
  actions: {
    act: (s) => {
      expectTypeOf(exists(User, (user) => s.owner.get(user) === 'free')).toEqualTypeOf<boolean>()
      expectTypeOf(count(User, (user) => s.owner.get(user) === 'free')).toEqualTypeOf<number>()
      every(User, (user) => {
        expectTypeOf(user).toEqualTypeOf<'user1' | 'user2'>()
        return true
      })
      every({ user: User, n: range(0, 2) }, ({ user, n }) => {
        expectTypeOf(user).toEqualTypeOf<'user1' | 'user2'>()
        expectTypeOf(n).toEqualTypeOf<number>()
        return true
      })
      count(s.sent, (message) => {
        expectTypeOf(message.from).toEqualTypeOf<'user1' | 'user2'>()
        return message.n === 2
      })
      exists(s.owner, ([user, owner]) => {
        expectTypeOf(user).toEqualTypeOf<'user1' | 'user2'>()
        expectTypeOf(owner).toEqualTypeOf<'free' | 'used'>()
        return true
      })
      exists([1, 2], (n) => n.toFixed() === '1')
      // @ts-expect-error no such literal
      exists(User, (user) => s.owner.get(user) === 'lost')
      // @ts-expect-error no such member
      exists(User, (user) => user === 'user3')
      // @ts-expect-error no such parameter
      every({ user: User }, ({ block }) => block === 'user1')
      // @ts-expect-error the predicate must return a boolean
      count(User, (user) => user)
      // @ts-expect-error the predicate comes last
      exists((user: string) => user === 'user1', User)
      return s
    },
  },
  invariants: { all: (s) => every(User, (user) => s.owner.get(user) === 'free') },
})
