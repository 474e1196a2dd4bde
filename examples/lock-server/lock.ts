/** The spec of a lock server: at most one client holds the lock, and only the holder releases it. */
import { action, members, model, optional, schema, spec } from 'kripke'

export default spec({
  name: 'lock-server',
  doc: 'Clients acquire and release one lock. A request that the lock does not allow is refused.',
  model: () => {
    const Client = members('client', 2)
    const State = schema({ holder: optional(Client) })
    return model(State, {
      init: State({ holder: null }),
      actions: {
        acquire: action({ client: Client }, (s, { client }) =>
          s.holder === null ? s.set('holder', client) : undefined,
        ),
        release: action({ client: Client }, (s, { client }) =>
          s.holder === client ? s.set('holder', null) : undefined,
        ),
      },
      invariants: {
        /** A holder is a client. */
        known: (s) => s.holder === null || Client.includes(s.holder),
      },
    })
  },
})
