/**
 * Transaction commit, and two-phase commit as a refinement of it.
 *
 * Source: J. Gray and L. Lamport, "Consensus on transaction commit", ACM TODS 31, 2006: TCommit.tla and TwoPhase.tla, whose
 * theorem is `TPSpec => TC!TCSpec`.
 */
import { action, constant, mapOf, members, model, oneOf, range, refines, schema, spec } from 'kripke'
import twoPhaseCommit from '../../../specs/classic/two-phase-commit.ts'

export const transactionCommit = spec({
  name: 'transaction-commit',
  constants: { resourceManagers: constant(range(1, 128), 3) },
  model: ({ resourceManagers }) => {
    const RM = members('rm', resourceManagers, { symmetric: true })
    const State = schema({ rm: mapOf(RM, oneOf('working', 'prepared', 'committed', 'aborted')) })
    return model(State, {
      init: State(),
      actions: {
        prepare: action({ rm: RM }, (s, { rm }) =>
          s.rm.get(rm) === 'working' ? s.setIn(['rm', rm], 'prepared') : undefined,
        ),
        commit: action({ rm: RM }, (s, { rm }) =>
          s.rm.get(rm) === 'prepared' && s.rm.every((state) => state === 'prepared' || state === 'committed')
            ? s.setIn(['rm', rm], 'committed')
            : undefined,
        ),
        abort: action({ rm: RM }, (s, { rm }) =>
          (s.rm.get(rm) === 'working' || s.rm.get(rm) === 'prepared') && !s.rm.some((state) => state === 'committed')
            ? s.setIn(['rm', rm], 'aborted')
            : undefined,
        ),
      },
      deadlock: false,
    })
  },
})

type Broken = 'none' | 'map' | 'protocol'

/** `map`: a working manager is taken for a prepared one. `protocol`: the abort of one manager does not stop a commit. */
export const refined = (broken: Broken = 'none') =>
  spec({
    name: 'two-phase-commit-refined',
    constants: { resourceManagers: constant(range(1, 128), 3) },
    model: (constants) => {
      const { actions, schema: state, init } = twoPhaseCommit.model(constants)
      return model(state, {
        init: init as () => ReturnType<typeof state>,
        actions: Object.fromEntries(
          actions.map(({ name, parameters, next }) => [
            name,
            action(parameters, (s: any, bindings: any) => {
              if (broken === 'protocol' && name === 'tmCommit') return s.set('tm', 'committed').set('commitSent', true)
              return next(s, bindings) as never
            }),
          ]),
        ),
        refinements: {
          commit: refines(
            transactionCommit,
            (s: any) => ({ rm: broken === 'map' ? s.rm.map((it: any) => (it === 'working' ? 'prepared' : it)) : s.rm }),
            { constants },
          ),
        },
        deadlock: false,
      })
    },
  })

export default refined()
