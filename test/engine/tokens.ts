/**
 * Nodes ask each other for a token. Sets of messages are everywhere: in a map, a list, a record and a union. With
 * `sparse`, they are `messages(...)`, else `setOf(...)`. Late messages are beyond the reach of discovery.
 */
import { Set } from 'immutable'
import {
  action,
  bool,
  constant,
  forAll,
  listOf,
  mapOf,
  members,
  messages,
  model,
  oneOf,
  optional,
  range,
  record,
  schema,
  setOf,
  spec,
  union,
} from '../../src/index.ts'
import type { Model } from '../../src/spec/model.ts'

export default spec({
  name: 'tokens',
  constants: {
    sparse: constant(bool(), true),
    symmetric: constant(bool(), false),
    hops: constant(range(1, 3), 2),
    late: constant(range(0, 2000), 0, 'ticks before a late message, and between late messages'),
    bug: constant(bool(), false),
  },
  model: ({ sparse, symmetric, hops, late, bug }): Model => {
    const set = (sparse ? messages : setOf) as typeof setOf<any>
    const Node = members('n', 3, { symmetric })
    const Ask = record({ type: oneOf('ask'), by: Node, to: Node })
    const Give = record({ type: oneOf('give'), to: Node, hop: range(0, hops) })
    const Message = union(Ask, Give)
    const Some = record({ kind: oneOf('some'), all: set(Message), on: bool() })
    const None = record({ kind: oneOf('none'), n: range(0, 3) })
    const Gone = record({ all: set(Give) })
    const State: any = schema({
      holder: optional(Node),
      hop: range(0, hops),
      inbox: mapOf(Node, set(Message)),
      last: union(None, Some),
      gone: listOf(Gone, 1),
      clock: range(0, 3 * late),
      late: set(range(0, late > 0 ? 50_000 : 1)),
    })
    return model(State, {
      init: late > 0 ? [State({ holder: 'n1' })] : Node.map((node) => State({ holder: node })),
      actions: {
        ask: action({ by: Node, to: Node }, (s: any, { by, to }) =>
          late === 0 && s.holder === to && by !== to
            ? s.updateIn(['inbox', to], (inbox: any) => inbox.add(Ask({ by, to })))
            : undefined,
        ),
        give: action({ from: Node, to: Node }, (s: any, { from, to }) =>
          s.holder === from && s.hop < hops && s.inbox.get(from).has(Ask({ by: to, to: from }))
            ? s.merge({
                holder: null,
                hop: s.hop + 1,
                inbox: s.inbox.set(from, Set()).update(to, (inbox: any) => inbox.add(Give({ to, hop: s.hop + 1 }))),
              })
            : undefined,
        ),
        take: action({ node: Node }, (s: any, { node }) => {
          const give = s.inbox.get(node).find((m: any) => m.type === 'give')
          return give === undefined
            ? undefined
            : s.merge({
                holder: node,
                last: Some({ all: s.inbox.get(node), on: bug }),
                gone:
                  s.gone.size < 1 ? s.gone.push(Gone({ all: Set([give]) })) : s.gone.set(0, Gone({ all: Set([give]) })),
                inbox: s.inbox.update(node, (inbox: any) => inbox.delete(give)),
              })
        }),
        forget: (s: any) => (s.last.kind === 'some' ? s.set('last', None({ n: 1 })) : undefined),
        tick: (s: any) =>
          s.clock < 3 * late
            ? s.merge({
                clock: s.clock + 1,
                late: s.clock % late === late - 1 ? s.late.add(20 * s.clock) : s.late,
              })
            : undefined,
      },
      invariants: {
        ownOnly: forAll({ node: Node }, (s: any, { node }) => s.inbox.get(node).every((m: any) => m.to === node)),
        oneGive: (s: any) => Node.filter((node) => s.inbox.get(node).some((m: any) => m.type === 'give')).length <= 1,
        off: (s: any) => s.last.kind === 'none' || !s.last.on || s.hop < hops,
      },
      goals: { far: (s: any) => (late > 0 ? s.late.count((n: number) => n > 0) === 3 : s.hop === hops) },
      deadlock: false,
    } as never) as unknown as Model
  },
})
