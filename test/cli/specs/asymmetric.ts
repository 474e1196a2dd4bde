/** A spec whose set is symmetric, unless it is told to single a member out. */
import { action, constant, members, model, oneOf, optional, schema, spec } from 'kripke'

export default spec({
  name: 'asymmetric',
  constants: { single: constant(oneOf('nobody', 'second'), 'nobody', 'whom an invariant singles out') },
  model: ({ single }) => {
    const Client = members('client', 2, { symmetric: true })
    const State = schema({ leader: optional(Client) })
    return model(State, {
      init: State(),
      actions: { lead: action({ client: Client }, (s, { client }) => s.set('leader', client)) },
      invariants: { notSecond: (s) => single === 'nobody' || s.leader !== 'client2' },
    })
  },
})
