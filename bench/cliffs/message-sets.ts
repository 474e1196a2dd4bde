/**
 * Messages that are never removed, in several shapes: what does a set of messages cost?
 *
 * The protocol is consensus (Paxos, L. Lamport) with three acceptors and two values. An acceptor remembers the highest
 * ballot that it took part in, and its last vote. A message may be received twice or never.
 *
 * `sent` is the shape. `apart` has one set for each type of message: the best shape. `together` has one set of records
 * with all fields, of which few occur. `messages` has the same set with slots only for records that occur. `open` has
 * it as an open value.
 *
 * No formula gives the counts. A brute-force explorer found those of one ballot, and `--interpret` those of two.
 * All shapes must have them.
 */
import { Set } from 'immutable'
import {
  action,
  constant,
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
  value,
} from 'kripke'
import type { Model } from '../../src/spec/model.ts'
import type { Counts } from './counts.ts'

export function counts({ ballots }: { readonly ballots: number }): Counts {
  return COUNTS[ballots]!
}

const COUNTS: { readonly [ballots: number]: Counts } = {
  1: { initial: 1, generated: 310, distinct: 73, depth: 9 },
  2: { initial: 1, generated: 22_995, distinct: 3921, depth: 17 },
  3: { initial: 1, generated: 1_316_584, distinct: 185_369, depth: 25 },
}

const Value = members('v', 2)
const Acceptor = members('a', 3)
const QUORUMS = Acceptor.map((absent) => Acceptor.filter((one) => one !== absent))

/** A message. Its type decides which fields mean something. */
interface Message {
  readonly type: '1a' | '1b' | '2a' | '2b'
  readonly bal: number
  readonly acc: string | null
  readonly mbal: number
  readonly val: string | null
}

type State = any

/** How a state keeps messages. */
interface Shape {
  readonly variables: { readonly [name: string]: ReturnType<typeof setOf<Message>> }
  /** The messages of a type. */
  readonly of: (s: State, type: Message['type']) => Set<Message>
  readonly has: (s: State, message: Partial<Message>) => boolean
  readonly send: (s: State, message: Partial<Message>) => State
}

function shapeOf(sent: string, ballots: number): Shape {
  const bal = range(0, ballots - 1)
  const all = {
    type: oneOf('1a', '1b', '2a', '2b'),
    bal,
    acc: optional(Acceptor),
    mbal: range(-1, ballots - 1),
    val: optional(Value),
  }
  const { acc, mbal, val } = all
  const kinds: { readonly [type: string]: any } = {
    '1a': record({ bal }),
    '1b': record({ acc, bal, mbal, val }),
    '2a': record({ bal, val }),
    '2b': record({ acc, bal, val }),
  }
  const name = (type: string): string => `sent${type}`
  if (sent === 'apart') {
    const made = ({ type, ...fields }: Partial<Message>): any => kinds[type!](fields)
    return {
      variables: Object.fromEntries(Object.entries(kinds).map(([type, kind]) => [name(type), setOf<any>(kind)])),
      of: (s, type) => s.get(name(type)),
      has: (s, message) => s.get(name(message.type!)).has(made(message)),
      send: (s, message) => s.update(name(message.type!), (set: Set<unknown>) => set.add(made(message))),
    }
  }
  const Any: any = record(all)
  const open = value(Set<Message>(), { capacity: 2 ** 20 }) as unknown as ReturnType<typeof setOf<Message>>
  return {
    variables: { sent: sent === 'open' ? open : sent === 'messages' ? messages<any>(Any) : setOf<any>(Any) },
    of: (s, type) => s.sent.filter((message: Message) => message.type === type),
    has: (s, message) => s.sent.has(Any(message)),
    send: (s, message) => s.update('sent', (set: Set<unknown>) => set.add(Any(message))),
  }
}

export default spec({
  name: 'message-sets',
  doc: 'What does a set of messages cost?',
  constants: {
    sent: constant(oneOf('apart', 'together', 'messages', 'open'), 'messages', 'how a state keeps the messages'),
    ballots: constant(range(1, 3), 2, 'ballots'),
  },
  model: ({ sent, ballots }): Model => {
    const Ballot = range(0, ballots - 1)
    const { variables, of, has, send } = shapeOf(sent, ballots)
    const MaybeBallot = range(-1, ballots - 1)
    const State: any = schema({
      ...variables,
      maxBal: mapOf(Acceptor, MaybeBallot),
      maxVBal: mapOf(Acceptor, MaybeBallot),
      maxVal: mapOf(Acceptor, optional(Value)),
    })
    const isSafe = (s: State, bal: number, val: string): boolean =>
      QUORUMS.some((quorum) => {
        const promised = of(s, '1b').filter((m) => m.bal === bal && quorum.some((acceptor) => acceptor === m.acc))
        const voted = promised.filter((m) => m.mbal >= 0)
        return (
          quorum.every((acceptor) => promised.some((m) => m.acc === acceptor)) &&
          (voted.isEmpty() || voted.some((m) => m.val === val && voted.every((other) => m.mbal >= other.mbal)))
        )
      })
    return model(State, {
      init: State(),
      actions: {
        phase1a: action({ bal: Ballot }, (s: State, { bal }) => send(s, { type: '1a', bal })),
        phase1b: action({ acc: Acceptor, bal: Ballot }, (s: State, { acc, bal }) =>
          has(s, { type: '1a', bal }) && bal > s.maxBal.get(acc)
            ? send(s, { type: '1b', acc, bal, mbal: s.maxVBal.get(acc), val: s.maxVal.get(acc) }).setIn(
                ['maxBal', acc],
                bal,
              )
            : undefined,
        ),
        phase2a: action({ bal: Ballot, val: Value }, (s: State, { bal, val }) =>
          !of(s, '2a').some((m) => m.bal === bal) && isSafe(s, bal, val)
            ? send(s, { type: '2a', bal, val })
            : undefined,
        ),
        phase2b: action({ acc: Acceptor, bal: Ballot, val: Value }, (s: State, { acc, bal, val }) =>
          has(s, { type: '2a', bal, val }) && bal >= s.maxBal.get(acc)
            ? send(s, { type: '2b', acc, bal, val })
                .setIn(['maxBal', acc], bal)
                .setIn(['maxVBal', acc], bal)
                .setIn(['maxVal', acc], val)
            : undefined,
        ),
      },
      deadlock: false,
      invariants: {
        agreement: (s: State) => {
          const voted = (acc: string, bal: number, val: string): boolean =>
            of(s, '2b').some((m) => m.acc === acc && m.bal === bal && m.val === val)
          const chosen = Value.filter((val) =>
            Array.from({ length: ballots }, (_, bal) => bal).some((bal) =>
              QUORUMS.some((quorum) => quorum.every((acc) => voted(acc, bal, val))),
            ),
          )
          return chosen.length <= 1
        },
      },
    } as never) as unknown as Model
  },
})
