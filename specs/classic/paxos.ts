/**
 * Paxos, Lamport's consensus algorithm: acceptors choose one value, although messages may be lost, repeated or late.
 *
 * Leaders run ballots, which have numbers. The leader of a ballot asks acceptors to prepare for it. An acceptor that
 * answers promises to ignore lower ballots, and says for which value it voted last. When a quorum has promised, the
 * leader proposes a value: the value of the latest vote that it was told of, or any value if it was told of none. A
 * value is chosen when a quorum has voted for it in one ballot. Any two quorums have an acceptor in common.
 *
 *     any-value       the leader ignores the votes that it is told of
 *     small-quorum    less than half of the acceptors are a quorum, so two quorums may have nobody in common
 *     broken-promise  an acceptor also votes in ballots lower than it has promised
 *
 * Messages are never removed, as in the original: a lost message is one that nobody receives. An acceptor sends at most
 * one promise and one vote in a ballot, and a leader at most one proposal. So each kind of message is a map from its
 * ballot and sender to its contents, null until it is sent. A leader keeps nothing but its messages.
 *
 * A value is chosen eventually if the highest ballot proceeds: no other ballot can interrupt it.
 *
 * Source: L. Lamport, "The part-time parliament", 1998; the steps are those of tlaplus/Examples,
 * specifications/PaxosHowToWinATuringAward/Paxos.tla, the fairness is that of specifications/Paxos/MCPaxos.tla. TLC finds
 * 3,921 states for three acceptors, two values and two ballots (MCPaxosTiny.cfg).
 */
import {
  action,
  constant,
  eventually,
  forAll,
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
  steps,
  weak,
} from 'kripke'

export default spec({
  name: 'paxos',
  doc: 'Acceptors never choose two values.',
  constants: {
    design: constant(
      oneOf('paxos', 'any-value', 'small-quorum', 'broken-promise'),
      'paxos',
      'the algorithm, or what is wrong with it',
    ),
    acceptors: constant(range(1, 5), 3, 'acceptors that vote'),
    values: constant(range(1, 3), 2, 'values that may be chosen'),
    ballots: constant(range(1, 4), 2, 'ballots that leaders may run'),
  },
  model: ({ design, acceptors, values, ballots }) => {
    const Acceptor = members('acceptor', acceptors, { symmetric: true })
    const Value = members('value', values, { symmetric: true })
    const Ballot = range(1, ballots)
    type Acceptor = (typeof Acceptor)[number]
    type Value = (typeof Value)[number]

    const Vote = record({ ballot: Ballot, value: Value })
    const Promise = record({ vote: optional(Vote) })
    const State = schema({
      /** The highest ballot in which an acceptor takes part. 0 if there is none. */
      highest: mapOf(Acceptor, range(0, ballots)),
      lastVote: mapOf(Acceptor, optional(Vote)),
      // The messages.
      prepare: setOf(Ballot),
      promise: mapOf(Ballot, mapOf(Acceptor, optional(Promise))),
      proposal: mapOf(Ballot, optional(Value)),
      vote: mapOf(Ballot, mapOf(Acceptor, optional(Value))),
    })
    type State = ReturnType<typeof State>

    const quorum = design === 'small-quorum' ? Math.max(1, Math.ceil(acceptors / 2) - 1) : Math.floor(acceptors / 2) + 1
    const Quorum = Array.from({ length: 2 ** acceptors }, (_, bits) =>
      Acceptor.filter((_acceptor, index) => (bits >> index) % 2 === 1),
    ).filter((some) => some.length === quorum)

    /** Whether the promises of some quorum allow the leader to propose the value. */
    const maySelect = (s: State, ballot: number, value: Value, some: readonly Acceptor[]) => {
      const promises = some.map((acceptor) => s.promise.get(ballot).get(acceptor))
      if (promises.includes(null)) return false
      const votes = promises.flatMap((promise) => promise?.vote ?? [])
      const latest = Math.max(...votes.map((vote) => vote.ballot))
      return design === 'any-value' || votes.every((vote) => vote.ballot < latest || vote.value === value)
    }
    const isChosen = (s: State, value: Value) =>
      Array.from({ length: ballots }, (_, index) => s.vote.get(index + 1)).some((votes) =>
        Quorum.some((some) => some.every((acceptor) => votes.get(acceptor) === value)),
      )

    return model(State, {
      init: State(),
      actions: {
        prepare: action({ ballot: Ballot }, (s, { ballot }) => s.set('prepare', s.prepare.add(ballot))),
        promise: action({ acceptor: Acceptor, ballot: Ballot }, (s, { acceptor, ballot }) =>
          s.prepare.has(ballot) && ballot > s.highest.get(acceptor)
            ? s
                .setIn(['highest', acceptor], ballot)
                .setIn(['promise', ballot, acceptor], Promise({ vote: s.lastVote.get(acceptor) }))
            : undefined,
        ),
        propose: action({ ballot: Ballot, value: Value }, (s, { ballot, value }) =>
          s.proposal.get(ballot) === null && Quorum.some((some) => maySelect(s, ballot, value, some))
            ? s.setIn(['proposal', ballot], value)
            : undefined,
        ),
        vote: action({ acceptor: Acceptor, ballot: Ballot }, (s, { acceptor, ballot }) => {
          const value = s.proposal.get(ballot)
          if (value === null) return undefined
          if (ballot < s.highest.get(acceptor) && design !== 'broken-promise') return undefined
          return s
            .setIn(['highest', acceptor], ballot)
            .setIn(['lastVote', acceptor], Vote({ ballot, value }))
            .setIn(['vote', ballot, acceptor], value)
        }),
      },
      invariants: {
        agreement: forAll(
          { one: Value, other: Value },
          (s, { one, other }) => one === other || !isChosen(s, one) || !isChosen(s, other),
        ),
        /** An acceptor takes part in the ballot of its last vote, or in a higher one. */
        votesKeepPromises: forAll(
          { acceptor: Acceptor },
          (s, { acceptor }) => (s.lastVote.get(acceptor)?.ballot ?? 0) <= s.highest.get(acceptor),
        ),
        votesAreProposed: forAll({ acceptor: Acceptor, ballot: Ballot }, (s, { acceptor, ballot }) => {
          const value = s.vote.get(ballot).get(acceptor)
          return value === null || value === s.proposal.get(ballot)
        }),
      },
      goals: { canChoose: (s) => Value.some((value) => isChosen(s, value)) },
      fairness: {
        prepares: weak(steps('prepare', { ballot: ballots })),
        proposes: weak(steps('propose', { ballot: ballots })),
        answers: forAll({ acceptor: Acceptor }, ({ acceptor }) =>
          weak(steps('promise', { acceptor }), steps('vote', { acceptor })),
        ),
      },
      temporal: { choosesEventually: eventually((s) => Value.some((value) => isChosen(s, value))) },
    })
  },
})
