/**
 * The alternating bit protocol refines a sender and a receiver that take turns.
 *
 * Source: L. Lamport, "The TLA+ video course", lecture 9: ABSpec.tla and AB.tla. There the theorem is
 * `FairSpec => ABS!FairSpec`, where FairSpec needs strong fairness of the receiving steps and weak fairness of the sending
 * steps. The lecture shows that weak fairness of the receiving steps is not enough.
 */
import { action, bool, listOf, members, model, record, refines, schema, spec, strong, weak } from 'kripke'

const Data = members('data', 2)
const Message = record({ data: Data, bit: bool() })
const Pair = schema({ a: Message, b: Message })

/** A sends a value when B has the last one: ABSpec. */
export const turns = spec({
  name: 'turns',
  model: () =>
    model(Pair, {
      init: Data.map((data) => Pair({ a: Message({ data, bit: true }), b: Message({ data, bit: true }) })),
      actions: {
        a: action({ data: Data }, (s, { data }) =>
          s.a.equals(s.b) ? s.set('a', Message({ data, bit: !s.a.bit })) : undefined,
        ),
        b: (s) => (s.a.equals(s.b) ? undefined : s.set('b', s.a)),
      },
      fairness: { next: weak('a', 'b') },
      deadlock: false,
    }),
})

const MAX = 2
const State = schema({ a: Message, b: Message, toB: listOf(Message, MAX), toA: listOf(bool(), MAX) })

export const alternatingBit = (receives: 'strong' | 'weak' | 'not' = 'strong', broken: 'none' | 'bit' = 'none') =>
  spec({
    name: 'alternating-bit',
    model: () =>
      model(State, {
        init: Data.map((data) => State({ a: Message({ data, bit: true }), b: Message({ data, bit: true }) })),
        actions: {
          aSend: (s) => (s.toB.size < MAX ? s.update('toB', (all) => all.push(s.a)) : undefined),
          aReceive: action({ data: Data }, (s, { data }) => {
            if (s.toA.isEmpty()) return undefined
            const rest = s.set('toA', s.toA.shift())
            const isNew = broken === 'bit' || s.toA.first() === s.a.bit
            return isNew ? rest.set('a', Message({ data, bit: !s.a.bit })) : rest
          }),
          bSend: (s) => (s.toA.size < MAX ? s.update('toA', (all) => all.push(s.b.bit)) : undefined),
          bReceive: (s) => {
            if (s.toB.isEmpty()) return undefined
            const rest = s.set('toB', s.toB.shift())
            const message = s.toB.first()!
            return message.bit === s.b.bit ? rest : rest.set('b', message)
          },
          lose: (s) => [
            ...s.toB.map((_, index) => s.set('toB', s.toB.delete(index))),
            ...s.toA.map((_, index) => s.set('toA', s.toA.delete(index))),
          ],
        },
        fairness: {
          ...(receives === 'not'
            ? {}
            : receives === 'strong'
              ? { aReceives: strong('aReceive'), bReceives: strong('bReceive') }
              : { aReceives: weak('aReceive'), bReceives: weak('bReceive') }),
          aSends: weak('aSend'),
          bSends: weak('bSend'),
        },
        refinements: { turns: refines(turns, ({ a, b }) => ({ a, b })) },
        deadlock: false,
      }),
  })
