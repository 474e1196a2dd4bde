/**
 * Readers and writers: several may read at the same time, but who writes is alone. All wait in one queue, so that
 * nobody overtakes, and neither readers nor writers starve.
 *
 * An actor may wait for both at once, to read and to write, but only once for each. It may even ask to write while it
 * reads; then it has to stop reading first, like everybody else. `design` breaks the rules:
 *
 *     no-queue       anybody who waits may go next: a writer may starve
 *     late-check     a reader does not look whether somebody writes
 *     writer-enters  a writer waits for other writers only
 *
 * Source: P. J. Courtois, F. Heymans, D. L. Parnas, "Concurrent control with 'readers' and 'writers'", 1971; the steps
 * and the fairness are those of I. DeFrain, tlaplus/Examples, specifications/ReadersWriters/ReadersWriters.tla. TLC finds
 * 21,527 states for three actors (MC.cfg).
 */
import {
  action,
  alwaysEventually,
  constant,
  forAll,
  listOf,
  members,
  model,
  oneOf,
  range,
  record,
  schema,
  setOf,
  spec,
  weak,
} from 'kripke'

export default spec({
  name: 'readers-writers',
  doc: 'Nobody reads while somebody writes, and everybody reads and writes again and again.',
  constants: {
    design: constant(
      oneOf('queue', 'no-queue', 'late-check', 'writer-enters'),
      'queue',
      'the algorithm, or what is wrong with it',
    ),
    actors: constant(range(1, 4), 3, 'how many read and write'),
  },
  model: ({ design, actors }) => {
    const Actor = members('actor', actors, { symmetric: true })
    const Kind = oneOf('read', 'write')
    const Request = record({ kind: Kind, actor: Actor })
    const State = schema({
      reading: setOf(Actor),
      writing: setOf(Actor),
      waiting: listOf(Request, 2 * actors),
    })
    type State = ReturnType<typeof State>

    const isBusy = (s: State, kind: 'read' | 'write') => {
      if (kind === 'read') return design !== 'late-check' && !s.writing.isEmpty()
      return !s.writing.isEmpty() || (design !== 'writer-enters' && !s.reading.isEmpty())
    }
    return model(State, {
      init: State(),
      actions: {
        ask: action(
          { actor: Actor, kind: Kind },
          (s, { actor, kind }) =>
            s.waiting.some((request) => request.actor === actor && request.kind === kind)
              ? undefined
              : s.set('waiting', s.waiting.push(Request({ actor, kind }))),
          { fair: 'weak' },
        ),
        /** The first in the queue begins. Without a queue, anybody who waits may begin. */
        begin: action({ index: range(0, design === 'no-queue' ? 2 * actors - 1 : 0) }, (s, { index }) => {
          const request = s.waiting.get(index)
          if (request === undefined || isBusy(s, request.kind)) return undefined
          const { kind, actor } = request
          const begun = s.set('waiting', s.waiting.remove(index))
          return kind === 'read'
            ? begun.update('reading', (all) => all.add(actor))
            : begun.update('writing', (all) => all.add(actor))
        }),
        stop: action({ actor: Actor }, (s, { actor }) => {
          if (s.reading.has(actor)) return s.set('reading', s.reading.delete(actor))
          return s.writing.has(actor) ? s.set('writing', s.writing.delete(actor)) : undefined
        }),
      },
      fairness: { somebodyBegins: weak('begin'), somebodyStops: weak('stop') },
      invariants: {
        exclusion: {
          noReaderWithWriter: (s) => s.reading.isEmpty() || s.writing.isEmpty(),
          oneWriter: (s) => s.writing.size <= 1,
        },
      },
      temporal: {
        everybodyReads: forAll({ actor: Actor }, ({ actor }) => alwaysEventually((s) => s.reading.has(actor))),
        everybodyWrites: forAll({ actor: Actor }, ({ actor }) => alwaysEventually((s) => s.writing.has(actor))),
        everybodyStops: forAll({ actor: Actor }, ({ actor }) =>
          alwaysEventually((s) => !s.reading.has(actor) && !s.writing.has(actor)),
        ),
      },
    })
  },
})
