/**
 * One level of Kripke's own parallel search: which thread inserts which state into the seen set, and how the threads
 * detect that they are done.
 *
 * The seen set stores vectors: states as words. The hash of a vector determines the worker that owns it. Only the owner
 * looks it up and inserts it, in its own part of the seen set. Another worker that finds the vector sends it to the
 * owner in a parcel. The owner inserts the contents, leaves the new ones in the parcel, and returns it. The sender puts
 * those on its pages of the next level.
 *
 * A worker has two boxes: an inbox, and one for its own parcels that come back. A box is a linked list that begins with
 * the last parcel: `box` names that parcel, and `link` the parcel below each. A sender sets the parcel's link and
 * changes the box by compare-and-swap. The owner empties a box with one exchange. `pending` counts workers that still
 * expand, and parcels under way; at 0 the level is done. An idle worker waits for its bell. The bell is rung by a
 * worker that puts a parcel into its box, or that brings `pending` to 0.
 *
 * Is each vector stored once and reported new once, at any speed of the workers? Is everything done when a worker sees
 * that the level is done? Does any worker wait forever? Which precautions are unnecessary? `kripke compare
 * specs/seen-set.ts --vary design` answers, and docs/seen-set.md explains.
 *
 * After Stern and Dill, "Parallelizing the Murphi verifier", CAV 1997 (states have owners, and are sent to them), and
 * Treiber, "Systems programming: coping with parallelism", 1986 (the boxes).
 *
 * Atomicity: a step is one access to memory that others may write, followed by work on data that the worker owns at
 * that time: its part, its pages, a parcel in its hands. Ringing a bell is one step, and so is ringing all, because
 * bells are independent.
 *
 * Designs that each lack one precaution:
 *
 *     one-part            vectors have no owner: the worker that finds one looks it up and inserts it
 *     plain-push          puts a parcel into a box by a plain write
 *     read-then-clear     empties a box by a read and a write
 *     link-late           reads the link of a parcel after returning it
 *     settle-on-return    the owner settles a parcel when it returns it, instead of the sender after accepting the answer
 *     finish-early        stops counting itself as expanding before it sends the parcels that are not full
 *                         (they exist only with capacity=2)
 *     bell-late           reads the bell after checking the boxes
 *     notify-only         wakes a sleeping worker, but does not change the bell
 *     silent-end          does not ring when the level is done
 *
 * Designs that differ but are still right:
 *
 *     count-late          counts a parcel after putting it into the box
 *     pop-singly          takes one parcel after another out of a box, each by compare-and-swap
 *
 * Abstracted: the vectors that a worker finds are fixed, but in Kripke workers take pages from each other. A parcel is
 * sent as soon as it is full, and boxes are checked after each vector. A bell records only whether it was rung since
 * the worker last read it. A worker that found something in its boxes may wait anyway if its bell was not rung since;
 * Kripke checks once more. A wait does not end by itself: waits in Kripke have a time-out, but must not need it. All
 * accesses are in order; docs/seen-set.md explains why this is right for plain ones.
 */
import { Map } from 'immutable'
import {
  bool,
  constant,
  forAll,
  goto,
  implies,
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
  thread,
} from 'kripke'

/** By vector: the number of its owner. */
const OWNERS = { a: 0, b: 1, e: 1, c: 2 } as const
type Vector = keyof typeof OWNERS

/** The vectors that each worker finds, in this order. */
const WORK: { readonly [workers: number]: readonly (readonly Vector[])[] } = {
  2: [
    ['b', 'a', 'e'],
    ['a', 'b'],
  ],
  3: [['b', 'c'], ['c'], ['c']],
}

export default spec({
  name: 'seen-set',
  doc: 'Threads that own parts of the seen set: is every state found new once, and the end of a level seen in time?',
  constants: {
    design: constant(
      oneOf(
        'owned-parts',
        'one-part',
        'plain-push',
        'read-then-clear',
        'link-late',
        'settle-on-return',
        'finish-early',
        'bell-late',
        'notify-only',
        'silent-end',
        'count-late',
        'pop-singly',
      ),
      'owned-parts',
      'the algorithm, or what is wrong with it',
    ),
    workers: constant(range(2, 3), 2, 'workers that explore'),
    parcels: constant(range(1, 3), 2, 'parcels that each worker has; while none is free, it waits'),
    capacity: constant(range(1, 2), 1, 'vectors that a parcel holds'),
  },
  assumptions: {
    'a worker that waits for a free parcel has sent one': ({ workers, parcels, capacity }) =>
      capacity === 1 || parcels >= workers,
  },

  model: ({ design, workers, parcels, capacity }) => {
    const Worker = members('worker', workers)
    const Parcel = members('parcel', workers * parcels)
    type Worker = (typeof Worker)[number]
    type Parcel = (typeof Parcel)[number]

    const listOf = Map(Worker.map((worker, i) => [worker, WORK[workers]![i]!]))
    const vectors = listOf
      .valueSeq()
      .flatMap((list) => list)
      .toSet()
      .toArray()
      .sort()
    const Vector = oneOf(...vectors)
    const senderOf = Map(Parcel.map((parcel, i) => [parcel, Worker[Math.floor(i / parcels)]!]))

    const State = schema({
      /** How often it was inserted into the seen set, and put on pages of the next level. */
      stored: mapOf(Vector, range(0, 2)),
      onPages: mapOf(Vector, range(0, 2)),
      /** Below 0 only if something is settled twice. */
      pending: range(-1, workers + workers * parcels),
      inbox: mapOf(Worker, optional(Parcel)),
      returns: mapOf(Worker, optional(Parcel)),
      link: mapOf(Parcel, optional(Parcel)),
      /** The contents of a parcel, or the answer left in it. */
      content: mapOf(Parcel, setOf(Vector)),
      /** Whether a worker's bell was rung since the worker last read it. */
      rung: mapOf(Worker, bool()),
      worker: thread(
        { worker: Worker },
        ...(['hear', 'collect', 'collectAll', 'accept', 'settle', 'settleRing'] as const),
        ...(['receive', 'receiveAll', 'unpack', 'return', 'returnSwap', 'returnRing'] as const),
        ...(['expand', 'lookUp', 'insert', 'count', 'send', 'sendSwap', 'sendRing', 'finish', 'finishRing'] as const),
        ...(['check', 'wait', 'asleep', 'done'] as const),
      ),
      /** Data that only the worker accesses. */
      own: mapOf(
        Worker,
        record({
          /** How many vectors of its list it has processed. */
          expanded: range(0, 3),
          /** Whether it has stopped counting itself as expanding. */
          isFinished: bool(),
          /** Its parcels that are elsewhere. */
          out: setOf(Parcel),
          /** The first unprocessed parcel that it took out of a box. */
          list: optional(Parcel),
          /** The parcel in its hands, and the worker that will get it. */
          parcel: optional(Parcel),
          to: optional(Worker),
        }),
      ),
    })
    type State = ReturnType<typeof State>

    // ── The vectors that a worker finds, and its parcels ─────────────────────────────────────────────────────────────

    const next = (s: State, worker: Worker) => listOf.get(worker)![s.own.get(worker).expanded]
    const ownerOf = (vector: Vector) => Worker[OWNERS[vector]]!
    const contentOf = (s: State, parcel: Parcel) => vectors.filter((vector) => s.content.get(parcel).has(vector))
    /** A worker's parcels that it has: empty, or being filled. */
    const here = (s: State, worker: Worker) =>
      Parcel.filter((parcel) => senderOf.get(parcel) === worker && !s.own.get(worker).out.has(parcel))
    const emptyOne = (s: State, worker: Worker) => here(s, worker).find((parcel) => contentOf(s, parcel).length === 0)
    const begunOne = (s: State, worker: Worker, to?: Worker) =>
      here(s, worker).find((parcel) =>
        contentOf(s, parcel).some((vector) => to === undefined || ownerOf(vector) === to),
      )

    /** Marks a vector as processed. */
    const passed = (s: State, worker: Worker) => s.updateIn(['own', worker, 'expanded'], (expanded) => expanded + 1)
    /** Picks up a parcel to send it. */
    const pack = (s: State, worker: Worker, parcel: Parcel) => {
      const to = ownerOf(contentOf(s, parcel)[0]!)
      const packed = s.mergeIn(['own', worker], { parcel, to, out: s.own.get(worker).out.add(parcel) })
      return goto(design === 'count-late' ? 'send' : 'count', packed)
    }
    const START = design === 'bell-late' ? 'collect' : 'hear'
    const upTo2 = (count: number) => Math.min(2, count)

    // ── Where a worker continues ─────────────────────────────────────────────────────────────────────────────────────

    /** Checks the bell and the boxes. */
    const look = (s: State) => goto(START, s)
    const rest = (s: State) => goto(design === 'bell-late' ? 'hear' : 'wait', s)
    /** Continues with the returned or received parcels until none is left. */
    const withReturned = (s: State, worker: Worker) => {
      if (s.own.get(worker).list !== null) return goto('accept', s)
      return goto(design === 'pop-singly' ? 'collect' : 'receive', s)
    }
    const withReceived = (s: State, worker: Worker) => {
      if (s.own.get(worker).list !== null) return goto('unpack', s)
      return design === 'pop-singly' ? goto('receive', s) : withNothing(s, worker)
    }
    const withNothing = (s: State, worker: Worker) =>
      goto(s.own.get(worker).isFinished && begunOne(s, worker) === undefined ? 'check' : 'expand', s)
    const afterSettling = (s: State, worker: Worker) =>
      design === 'settle-on-return' ? withReceived(s, worker) : withReturned(s, worker)

    // ── Boxes ────────────────────────────────────────────────────────────────────────────────────────────────────────

    /** Reads the last parcel of a box, and links the parcel in hand to it. */
    const link = (s: State, worker: Worker, last: Parcel | null) => s.setIn(['link', s.own.get(worker).parcel!], last)
    /** Compare-and-swap: the parcel in hand may go into the box if the last parcel is still the linked one. */
    const maySwap = (s: State, worker: Worker, last: Parcel | null) =>
      last === s.link.get(s.own.get(worker).parcel!) || design === 'plain-push'

    const isWhole = design !== 'read-then-clear' && design !== 'pop-singly'
    /** Loads the last parcel of a box. (A design that takes parcels singly also reads its link.) */
    const seen = (s: State, worker: Worker, last: Parcel | null) => {
      if (isWhole || last === null) return s
      const found = s.setIn(['own', worker, 'list'], last)
      return design === 'pop-singly' ? found.setIn(['own', worker, 'parcel'], s.link.get(last)) : found
    }
    /** Empties a box by an exchange; undefined if a design that takes one parcel has to try again. */
    const taken = (s: State, worker: Worker, box: 'returns' | 'inbox') => {
      const last = s[box].get(worker)
      const { list, parcel } = s.own.get(worker)
      if (isWhole) return s.setIn(['own', worker, 'list'], last).setIn([box, worker], null)
      if (design === 'read-then-clear') return s.setIn([box, worker], null)
      return last === list ? s.setIn([box, worker], parcel).setIn(['own', worker, 'parcel'], null) : undefined
    }
    const forgotten = (s: State, worker: Worker) => s.mergeIn(['own', worker], { list: null, parcel: null })
    /** Removes a parcel from the list. Its link is cleared because it is not needed any more, which saves states. */
    const dropped = (s: State, worker: Worker) => {
      const parcel = s.own.get(worker).list!
      const rest = s.setIn(['own', worker, 'list'], design === 'pop-singly' ? null : s.link.get(parcel))
      return design === 'link-late' ? rest : rest.setIn(['link', parcel], null)
    }

    // ── Bells, and the pending count ─────────────────────────────────────────────────────────────────────────────────

    const ring = (s: State, worker: Worker) =>
      design === 'notify-only' && s.worker.get(worker) !== 'asleep' ? s : s.setIn(['rung', worker], true)
    const ringAll = (s: State) => Worker.reduce(ring, s)
    const count = (s: State) => s.set('pending', s.pending + 1)
    const settle = (s: State) => s.set('pending', Math.max(-1, s.pending - 1))
    const isToRing = (s: State) => s.pending <= 0 && design !== 'silent-end'
    type End = { worker: Worker; other: Worker; vector: Vector }
    const hasSeenEnd = (s: State, { worker }: End) => s.worker.get(worker) === 'done'
    /** A sending worker, and the worker that gets most parcels. */
    const [first, target] = [Worker[0]!, Worker[workers - 1]!]

    return model(State, {
      init: State({ pending: workers, worker: Map(Worker.map((worker) => [worker, START])) }),

      threads: {
        worker: {
          at: {
            /** Reads the bell. Everything that it may be rung for is checked afterwards. */
            hear: (s, { worker }) =>
              goto(design === 'bell-late' ? 'wait' : 'collect', s.setIn(['rung', worker], false)),

            // Its own parcels that come back.
            collect: (s, { worker }) => {
              const last = s.returns.get(worker)
              return last === null ? goto('receive') : goto('collectAll', seen(s, worker, last))
            },
            collectAll: (s, { worker }) => {
              const next = taken(s, worker, 'returns')
              return next === undefined ? goto('collect', forgotten(s, worker)) : goto('accept', next)
            },
            /** Puts the answer on pages. The worker has the parcel again, empty. */
            accept: (s, { worker }) => {
              const parcel = s.own.get(worker).list!
              const answer = contentOf(s, parcel)
              const next = dropped(s, worker)
                .updateIn(['own', worker, 'out'], (out) => out.delete(parcel))
                .updateIn(['content', parcel], (content) => content.clear())
                .update('onPages', (all) =>
                  answer.reduce((onPages, vector) => onPages.set(vector, upTo2(onPages.get(vector) + 1)), all),
                )
              return design === 'settle-on-return' ? withReturned(next, worker) : goto('settle', next)
            },
            settle: (s, { worker }) => {
              const next = settle(s)
              return isToRing(next) ? goto('settleRing', next) : afterSettling(next, worker)
            },
            settleRing: (s, { worker }) => afterSettling(ringAll(s), worker),

            // Parcels of others.
            receive: (s, { worker }) => {
              const last = s.inbox.get(worker)
              return last === null ? withNothing(s, worker) : goto('receiveAll', seen(s, worker, last))
            },
            receiveAll: (s, { worker }) => {
              const next = taken(s, worker, 'inbox')
              return next === undefined ? goto('receive', forgotten(s, worker)) : goto('unpack', next)
            },
            /** Inserts the contents of a parcel, and leaves the new ones in it. */
            unpack: (s, { worker }) => {
              const parcel = s.own.get(worker).list!
              const fresh = contentOf(s, parcel).filter((vector) => s.stored.get(vector) === 0)
              const next = (design === 'link-late' ? s : dropped(s, worker))
                .setIn(['own', worker, 'parcel'], parcel)
                .updateIn(['content', parcel], (content) => content.intersect(fresh))
                .update('stored', (all) => fresh.reduce((stored, vector) => stored.set(vector, 1), all))
              return goto('return', next)
            },
            return: (s, { worker }) => link(s, worker, s.returns.get(senderOf.get(s.own.get(worker).parcel!)!)),
            returnSwap: (s, { worker }) => {
              const { parcel } = s.own.get(worker)
              const sender = senderOf.get(parcel!)!
              const last = s.returns.get(sender)
              return maySwap(s, worker, last)
                ? goto('returnRing', s.setIn(['returns', sender], parcel))
                : goto('returnSwap', link(s, worker, last))
            },
            returnRing: (s, { worker }) => {
              const sender = senderOf.get(s.own.get(worker).parcel!)!
              const next = ring(s, sender).setIn(['own', worker, 'parcel'], null)
              if (design === 'settle-on-return') return goto('settle', next)
              return withReceived(design === 'link-late' ? dropped(next, worker) : next, worker)
            },

            // Expanding, with empty boxes.
            expand: (s, { worker }) => {
              const free = emptyOne(s, worker)
              if (free === undefined) return rest(s)
              const vector = next(s, worker)
              const begun = begunOne(s, worker)
              if (vector === undefined) {
                const mayFinish = begun === undefined || (design === 'finish-early' && !s.own.get(worker).isFinished)
                return mayFinish ? goto('finish') : pack(s, worker, begun)
              }
              const to = ownerOf(vector)
              if (to === worker || design === 'one-part') return goto('lookUp')
              const parcel = begunOne(s, worker, to) ?? free
              const filled = passed(s, worker).updateIn(['content', parcel], (content) => content.add(vector))
              return contentOf(filled, parcel).length < capacity ? look(filled) : pack(filled, worker, parcel)
            },
            lookUp: (s, { worker }) =>
              s.stored.get(next(s, worker)!) === 0 ? goto('insert') : look(passed(s, worker)),
            insert: (s, { worker }) => {
              const vector = next(s, worker)!
              return look(
                passed(s, worker)
                  .updateIn(['stored', vector], (times) => upTo2(times + 1))
                  .updateIn(['onPages', vector], (times) => upTo2(times + 1)),
              )
            },
            count: (s) => goto(design === 'count-late' ? 'sendRing' : 'send', count(s)),
            send: (s, { worker }) => link(s, worker, s.inbox.get(s.own.get(worker).to!)),
            sendSwap: (s, { worker }) => {
              const { parcel, to } = s.own.get(worker)
              const last = s.inbox.get(to!)
              return maySwap(s, worker, last)
                ? goto(design === 'count-late' ? 'count' : 'sendRing', s.setIn(['inbox', to!], parcel))
                : goto('sendSwap', link(s, worker, last))
            },
            sendRing: (s, { worker }) =>
              look(ring(s, s.own.get(worker).to!).mergeIn(['own', worker], { parcel: null, to: null })),
            finish: (s, { worker }) => {
              const next = settle(s).setIn(['own', worker, 'isFinished'], true)
              return isToRing(next) ? goto('finishRing', next) : look(next)
            },
            finishRing: (s) => look(ringAll(s)),

            // Nothing to do.
            check: (s) => (s.pending === 0 ? goto('done') : rest(s)),
            /** Falls asleep, unless the bell has changed since it was read. */
            wait: (s, { worker }) => (s.rung.get(worker) ? look(s) : goto('asleep')),
            asleep: (s, { worker }) => (s.rung.get(worker) ? look(s) : undefined),
            done: {},
          },
        },
      },

      invariants: {
        storedOnce: forAll({ vector: Vector }, (s, { vector }) => s.stored.get(vector) < 2),
        /** No vector is expanded twice on the next level. */
        newOnce: forAll({ vector: Vector }, (s, { vector }) => s.onPages.get(vector) < 2),
        /** When a worker sees that the level is done, it is done. */
        endInTime: forAll(
          { worker: Worker, other: Worker, vector: Vector },
          {
            expanded: implies(hasSeenEnd, (s, { other }) => next(s, other) === undefined),
            stored: implies(hasSeenEnd, (s, { vector }) => s.stored.get(vector) > 0),
            onPages: implies(hasSeenEnd, (s, { vector }) => s.onPages.get(vector) > 0),
          },
        ),
      },

      /** The relevant races do occur. (For one worker each: a goal that reads one label is learned sooner.) */
      goals: {
        knownHere: (s) => s.worker.get(target) === 'lookUp' && s.stored.get(next(s, target)!) > 0,
        ...(design !== 'one-part' && {
          losesSwap: (s: State) =>
            s.worker.get(first) === 'sendSwap' &&
            s.inbox.get(s.own.get(first).to!) !== s.link.get(s.own.get(first).parcel!),
          twoInInbox: (s: State) => {
            const last = s.inbox.get(target)
            return last !== null && s.link.get(last) !== null
          },
          returnsEmpty: (s: State) =>
            s.worker.get(target) === 'return' && contentOf(s, s.own.get(target).parcel!).length === 0,
          waitsForParcel: (s: State) => s.worker.get(first) === 'asleep' && !s.own.get(first).isFinished,
          rungBeforeWait: (s: State) => s.worker.get(first) === 'wait' && s.rung.get(first),
          sleepsAtEnd: (s: State) => s.pending === 0 && s.worker.get(first) === 'asleep' && !s.rung.get(first),
        }),
      },
    })
  },
})
