/** Compares protocols whose messages are unions with the same protocols without unions. */
import { Set } from 'immutable'
import { describe, expect, it } from 'vitest'
import {
  action,
  check,
  forAll,
  listOf,
  mapOf,
  members,
  model,
  oneOf,
  optional,
  range,
  record,
  schema,
  setOf,
  spec,
  union,
  type Domain,
  type Outcome,
} from '../../src/index.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import { first } from '../support/amount.ts'

/** Two-phase commit like TwoPhase.tla: one set of messages, whose "Prepared" messages name their sender. */
const twoPhase = (count: number): AnySpec =>
  spec({
    name: 'two-phase-messages',
    model: () => {
      const RM = members('rm', count, { symmetric: true })
      const Prepared = record({ type: oneOf('prepared'), rm: RM })
      const Decision = record({ type: oneOf('commit', 'abort') })
      const Message = union(Prepared, Decision)
      const State = schema({
        rm: mapOf(RM, oneOf('working', 'prepared', 'committed', 'aborted')),
        tm: oneOf('init', 'done'),
        tmPrepared: setOf(RM),
        messages: setOf(Message),
      })
      const decide = (s: ReturnType<typeof State>, type: 'commit' | 'abort') =>
        s.set('tm', 'done').set('messages', s.messages.add(Decision({ type })))
      return model(State, {
        init: State(),
        actions: {
          receive: action({ m: Message }, (s, { m }) => {
            if (m.type !== 'prepared' || s.tm !== 'init' || !s.messages.has(m)) return undefined
            return s.set('tmPrepared', s.tmPrepared.add(m.rm))
          }),
          commit: (s) => (s.tm === 'init' && s.tmPrepared.size === count ? decide(s, 'commit') : undefined),
          abort: (s) => (s.tm === 'init' ? decide(s, 'abort') : undefined),
          prepare: action({ rm: RM }, (s, { rm }) =>
            s.rm.get(rm) === 'working'
              ? s.setIn(['rm', rm], 'prepared').set('messages', s.messages.add(Prepared({ rm })))
              : undefined,
          ),
          chooseToAbort: action({ rm: RM }, (s, { rm }) =>
            s.rm.get(rm) === 'working' ? s.setIn(['rm', rm], 'aborted') : undefined,
          ),
          obey: action({ rm: RM, m: Message }, (s, { rm, m }) => {
            if (m.type === 'prepared' || !s.messages.has(m)) return undefined
            return s.setIn(['rm', rm], m.type === 'commit' ? 'committed' : 'aborted')
          }),
        },
        invariants: {
          consistent: forAll(
            { one: RM, other: RM },
            (s, { one, other }) => !(s.rm.get(one) === 'aborted' && s.rm.get(other) === 'committed'),
          ),
        },
        deadlock: false,
      })
    },
  })

const counts = async (whole: AnySpec, options: object): Promise<Outcome['states'] & { verdict: string }> => {
  const { states, verdict } = await check(whole, options)
  return { ...states, verdict }
}

describe('two-phase commit with a set of messages', () => {
  // 3: tlaplus/Examples, specifications/transaction_commit/manifest.json, TwoPhase.cfg; 80 orbits: see classic.test.ts.
  it.each([{ interpret: true }, { engine: 'explicit' }, { engine: 'symbolic' }])(
    "has TLC's counts, by %j",
    async (by) => {
      const expected = { initial: 1, generated: 1146, distinct: 288, depth: 11, verdict: 'holds' }
      expect(await counts(twoPhase(3), { ...by, symmetry: false })).toEqual(expected)
    },
  )

  it('has the right number of orbits', async () => {
    const orbits = { initial: 1, generated: 318, distinct: 80, depth: 11, verdict: 'holds' }
    expect(await counts(twoPhase(3), {})).toEqual(orbits)
    expect(await counts(twoPhase(6), {})).toMatchObject({ distinct: 553, verdict: 'holds' })
  })
})

/**
 * A vote of nodes. Each node is idle, has promised to a candidate, or has given it one of two values. Requests of
 * candidates come through a queue.
 */
const vote = (nodes: number, form: 'unions' | 'optional fields'): AnySpec =>
  spec({
    name: 'vote',
    model: () => {
      const Node = members('node', nodes, { symmetric: true })
      const Value = range(1, 3)
      const Ask = record({ type: oneOf('ask'), from: Node })
      const Give = record({ type: oneOf('give'), value: Value, from: Node })
      const Idle = record({ phase: oneOf('idle'), seen: range(0, 1) })
      const Promised = record({ phase: oneOf('promised'), to: Node, others: setOf(Node) })
      const Given = record({ phase: oneOf('given', 'lost'), value: Value, to: Node })
      const AnyMessage = record({ type: oneOf('ask', 'give'), from: Node, value: optional(Value) })
      const AnyPhase = record({
        phase: oneOf('idle', 'promised', 'given', 'lost'),
        seen: optional(range(0, 1)),
        to: optional(Node),
        others: optional(setOf(Node)),
        value: optional(Value),
      })
      const isUnion = form === 'unions'
      const ask = (from: any): any => (isUnion ? Ask({ from }) : AnyMessage({ type: 'ask', from }))
      const give = (from: any, value: number): any =>
        isUnion ? Give({ from, value }) : AnyMessage({ type: 'give', from, value })
      const idle = (seen: number): any => (isUnion ? Idle({ seen }) : AnyPhase({ phase: 'idle', seen }))
      const promised = (to: any, others: any): any =>
        isUnion ? Promised({ to, others }) : AnyPhase({ phase: 'promised', to, others })
      const given = (to: any, value: number): any =>
        isUnion ? Given({ phase: 'given', to, value }) : AnyPhase({ phase: 'given', to, value })
      const phase: Domain<any> = isUnion ? union(Idle, Promised, Given) : AnyPhase
      const message: Domain<any> = isUnion ? union(Ask, Give) : AnyMessage
      const State = schema({ at: mapOf(Node, phase), queue: listOf(message, 2), last: optional(message) }) as any
      return model(State, {
        init: State({ at: mapOf(Node, phase).fill(idle(0)) }),
        actions: {
          ask: action({ node: Node }, (s: any, { node }: any) =>
            s.queue.size < 2 ? s.set('queue', s.queue.push(ask(node))) : undefined,
          ),
          give: action({ node: Node, value: Value }, (s: any, { node, value }: any) =>
            s.queue.size < 2 && s.at.get(node).phase === 'idle'
              ? s.set('queue', s.queue.push(give(node, value)))
              : undefined,
          ),
          receive: action({ node: Node }, (s: any, { node }: any) => {
            const message = s.queue.first(null)
            if (message === null) return undefined
            const rest = s.set('queue', s.queue.shift()).set('last', message)
            const at = s.at.get(node)
            if (message.type === 'ask') {
              if (at.phase === 'idle') return rest.setIn(['at', node], promised(message.from, Set()))
              if (at.phase === 'promised')
                return rest.updateIn(['at', node, 'others'], (all: any) => all.add(message.from))
              return rest
            }
            if (at.phase !== 'promised') return rest.setIn(['at', node], idle(1))
            if (at.to === message.from) return rest.setIn(['at', node], given(message.from, message.value))
            return at.others.has(message.from) ? rest.setIn(['at', node, 'to'], message.from) : undefined
          }),
          lose: action({ node: Node }, (s: any, { node }: any) =>
            s.at.get(node).phase === 'given' && s.at.get(node).value < 3
              ? s.updateIn(['at', node], (it: any) => it.set('phase', 'lost').set('value', it.value + 1))
              : undefined,
          ),
        },
        invariants: {
          ownVote: forAll(
            { node: Node },
            (s: any, { node }: any) => s.at.get(node).phase !== 'lost' || s.at.get(node).to !== node,
          ),
        },
        goals: { all: (s: any) => Node.every((node) => s.at.get(node).phase === 'given') },
        deadlock: false,
      } as never)
    },
  }) as AnySpec

describe('a vote', () => {
  it.each<[number, object]>(
    first(2, [
      [2, { engine: 'symbolic' }],
      [2, { engine: 'explicit' }],
      [2, { interpret: true }],
      [2, { symmetry: false }],
      [3, {}],
    ]),
  )(
    'of %i nodes has the same counts with unions as with optional fields, by %j',
    { timeout: 60_000 },
    async (nodes, by) => {
      const options = { continue: true, maxStates: 60_000, ...by }
      const [own, other] = [
        await check(vote(nodes, 'unions'), options),
        await check(vote(nodes, 'optional fields'), options),
      ]
      expect(own.states).toEqual(other.states)
      expect(own.states.distinct).toBeGreaterThan(500)
      const told = ({ properties, traces }: Outcome) =>
        properties.map(({ name, result, trace }) => [
          name,
          result,
          trace === undefined ? 0 : traces[trace]!.steps.length,
        ])
      expect(told(own)).toEqual(told(other))
    },
  )
})
