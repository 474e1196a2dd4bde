/**
 * Two-phase commit like specs/classic/two-phase-commit.ts, with a temporal property and weak fairness for each resource
 * manager. It shows the cost of deciding the property, compared with a search of the same states.
 *
 *     kripke check bench/liveness/two-phase-live.ts -c resourceManagers=9 --workers 1 --deadlock off [--property consistent]
 */
import {
  action,
  bool,
  constant,
  forAll,
  leadsTo,
  mapOf,
  members,
  model,
  oneOf,
  range,
  schema,
  setOf,
  spec,
  steps,
  weak,
} from 'kripke'

export default spec({
  name: 'two-phase-live',
  doc: 'When the transaction manager has decided, every resource manager does in the end.',
  constants: { resourceManagers: constant(range(1, 12), 3, 'how many resource managers take part') },
  model: ({ resourceManagers }) => {
    const RM = members('rm', resourceManagers)
    const State = schema({
      rm: mapOf(RM, oneOf('working', 'prepared', 'committed', 'aborted')),
      tm: oneOf('init', 'committed', 'aborted'),
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
      fairness: {
        each: forAll({ rm: RM }, ({ rm }) => weak(steps('rmRcvCommit', { rm }), steps('rmRcvAbort', { rm }))),
      },
      invariants: {
        consistent: forAll(
          { one: RM, other: RM },
          (s, { one, other }) => !(s.rm.get(one) === 'aborted' && s.rm.get(other) === 'committed'),
        ),
      },
      temporal: {
        decided: leadsTo(
          (s) => s.tm !== 'init',
          (s) => RM.every((rm) => ['committed', 'aborted'].includes(s.rm.get(rm))),
        ),
      },
    })
  },
})
