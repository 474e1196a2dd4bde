/**
 * Two-phase commit, after Lamport's TwoPhase.tla. A transaction manager asks resource managers to prepare, commits when
 * all have prepared, and may abort until then. A resource manager may abort on its own until it has prepared.
 *
 * Messages are never lost and never removed: the state has a set of sent messages, as in the original. "Prepared"
 * messages are kept by sender, "Commit" and "Abort" as two flags.
 *
 * Source: L. Lamport, tlaplus/Examples, specifications/transaction_commit/TwoPhase.tla.
 */
import { action, bool, constant, forAll, mapOf, members, model, oneOf, range, schema, setOf, spec } from 'kripke'

export default spec({
  name: 'two-phase-commit',
  doc: 'Resource managers never disagree: none commits while another aborts.',
  constants: {
    resourceManagers: constant(range(1, 128), 3, 'how many resource managers take part'),
  },
  model: ({ resourceManagers }) => {
    const RM = members('rm', resourceManagers, { symmetric: true })
    const State = schema({
      rm: mapOf(RM, oneOf('working', 'prepared', 'committed', 'aborted')),
      tm: oneOf('init', 'committed', 'aborted'),
      /** Resource managers whose "Prepared" message the transaction manager has received. */
      tmPrepared: setOf(RM),
      preparedSent: setOf(RM),
      commitSent: bool(),
      abortSent: bool(),
    })

    return model(State, {
      init: State(),
      actions: {
        tmRcvPrepared: action({ rm: RM }, (s, { rm }) =>
          s.tm === 'init' && s.preparedSent.has(rm) ? s.set('tmPrepared', s.tmPrepared.add(rm)) : undefined,
        ),
        tmCommit: (s) =>
          s.tm === 'init' && RM.every((rm) => s.tmPrepared.has(rm))
            ? s.set('tm', 'committed').set('commitSent', true)
            : undefined,
        tmAbort: (s) => (s.tm === 'init' ? s.set('tm', 'aborted').set('abortSent', true) : undefined),
        rmPrepare: action({ rm: RM }, (s, { rm }) =>
          s.rm.get(rm) === 'working'
            ? s.setIn(['rm', rm], 'prepared').set('preparedSent', s.preparedSent.add(rm))
            : undefined,
        ),
        rmChooseToAbort: action({ rm: RM }, (s, { rm }) =>
          s.rm.get(rm) === 'working' ? s.setIn(['rm', rm], 'aborted') : undefined,
        ),
        rmRcvCommit: action({ rm: RM }, (s, { rm }) => (s.commitSent ? s.setIn(['rm', rm], 'committed') : undefined)),
        rmRcvAbort: action({ rm: RM }, (s, { rm }) => (s.abortSent ? s.setIn(['rm', rm], 'aborted') : undefined)),
      },
      invariants: {
        consistent: forAll(
          { one: RM, other: RM },
          (s, { one, other }) => !(s.rm.get(one) === 'aborted' && s.rm.get(other) === 'committed'),
        ),
      },
    })
  },
})
