/**
 * last-put: may a lookup take a reference to an object while the owner drops the last one?
 *
 * An object counts its references and is freed when the count falls to 0. A task looks up the
 * object in a list, takes a reference, uses the object, and puts the reference back. Meanwhile the
 * owner unlinks the object and puts its own reference. Other threads may run between any two steps
 * of a task, so a task may use a freed object.
 *
 *     npx kripke check last-put.ts                      shows how this happens, in four steps
 *     npx kripke check last-put.ts -c get=unless-zero   checks the fix: everything holds
 */
import { bool, constant, forAll, goto, members, model, oneOf, range, schema, spec, thread } from 'kripke'

export default spec({
  name: 'last-put',

  // What you can set from the command line: -c get=unless-zero. A constant has a domain, a default
  // and a description. `npx kripke compare last-put.ts --vary get` checks all its values.
  constants: {
    get: constant(oneOf('plain', 'unless-zero'), 'plain', 'how a lookup takes its reference'),
  },

  // The model for one choice of constants.
  model: ({ get }) => {
    // The names of two tasks: task1 and task2. More tasks have more states.
    const Task = members('task', 2)

    // The variables of a state, each with its domain. Kripke reports a write outside a domain.
    const State = schema({
      refs: range(0, Task.length + 1), // references: one of each task, and one of the owner
      listed: bool(), // whether a lookup finds the object
      freed: bool(),
      // The label of each task. A thread starts at the first of its labels.
      task: thread({ task: Task }, 'lookup', 'take', 'use', 'put', 'done'),
      // The label of the owner.
      owner: thread('unlink', 'put', 'done'),
    })
    type State = ReturnType<typeof State>

    // A step is a function from a state to the next state. A state is an immutable.js record, so
    // `set` and `merge` return a new record. A step is atomic: no other thread runs during it.
    const put = (s: State) => s.merge({ refs: s.refs - 1, freed: s.freed || s.refs === 1 })

    // After a step, the thread goes on to its next label, or to the label that `goto` names.
    const take = (s: State) => (get === 'unless-zero' && s.refs === 0 ? goto('done') : s.set('refs', s.refs + 1))

    return model(State, {
      // The initial state. The other variables start with the first value of their domain.
      init: State({ refs: 1, listed: true }),

      // The step that a thread takes at each label.
      threads: {
        task: {
          at: {
            lookup: (s) => goto(s.listed ? 'take' : 'done'),
            take,
            use: (s) => s, // changes no variable, but other threads may run before it
            put,
            done: {}, // the thread ends; if all threads end, that is not a deadlock
          },
        },
        owner: {
          at: {
            unlink: (s) => s.set('listed', false),
            put,
            done: {},
          },
        },
      },

      // Kripke checks invariants in every reachable state: no task uses a freed object.
      invariants: {
        noUseAfterFree: forAll({ task: Task }, (s, { task }) => !(s.task.get(task) === 'use' && s.freed)),
      },
    })
  },
})
