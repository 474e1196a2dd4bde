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

/** A check of more resource managers does not look for goals. */
const MOST_WITH_GOALS = 3

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
    type State = ReturnType<typeof State>

    const isAborted = (s: State, rm: (typeof RM)[number]) => s.rm.get(rm) === 'aborted'
    const goals = {
      allCommitted: (s: State) => RM.every((rm) => s.rm.get(rm) === 'committed'),
      /** The transaction manager may abort after a resource manager has prepared. */
      abortsPrepared: (s: State) => RM.some((rm) => isAborted(s, rm) && s.preparedSent.has(rm)),
      /** A resource manager may abort before the transaction manager does. */
      abortsAlone: (s: State) => !s.abortSent && RM.some((rm) => isAborted(s, rm)),
    }

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
      // To say how a goal is reached, a check explores again up to there. For large sizes that takes longer than all the rest.
      goals: resourceManagers > MOST_WITH_GOALS ? {} : goals,
    })
  },
})
