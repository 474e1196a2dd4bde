/**
 * Kripke's own seen set: a hash table in shared memory, into which several workers insert without a lock.
 *
 * What is stored is called a vector here: a state as words. Its last word publishes it: 0 is an empty place, LOCKED one that is
 * claimed and being written, anything else the vector's own last word. To insert, a worker probes from the vector's home place
 * on. It either finds the vector, which then is known, or an empty place that it can change to LOCKED by compare-and-swap; then
 * the vector is new, and is written, the last word last. Before that it draws room for the vector. If there is no room, it
 * closes a gate, which all workers look at between two insertions. There they park. Whoever finds that all active workers have
 * parked moves everything to a table of twice the size and opens the gate. A worker without work leaves, and looks whether
 * those who parked were waiting for it alone.
 *
 * Is every vector stored once and reported as new by one worker, whoever is how fast? Which of the precautions could be spared?
 * `kripke compare specs/seen-set.ts --vary design` answers, and docs/seen-set.md explains.
 *
 * After Laarman, van de Pol and Weber, "Boosting Multi-Core Reachability Performance with Shared Hash Tables", FMCAD 2010, whose
 * table does not grow and keeps its publication word beside the vector.
 *
 * Atomicity: a step is one access to shared memory, and what the worker then does with what is its own. Moving the table is one
 * step because nobody else is near it then, which `noneInsideGrowth` checks; so the capacity is as good as constant otherwise,
 * and is read in passing. The gate's phase and epoch are one word.
 *
 * Designs, each short of one precaution:
 *
 *     publish-first          stores the last word before the first
 *     no-cas                 claims a place that it read as empty by a plain write
 *     no-reread              goes on to the next place when the compare-and-swap fails
 *     ignore-locked          goes on to the next place when it meets LOCKED
 *     no-acquire             compares first words without loading the last word atomically before
 *     grow-without-parking   grows the table as soon as there is no room
 *     check-before-park      asks whether it is the last to park first, and parks then
 *     leave-without-looking  leaves, and that is that
 *     gate-without-epoch     does not mind whether the gate has been open since it counted
 *
 * Abstracted: a vector has two words, room is drawn for one vector at a time, and the table is full only when every place is. A
 * plain read may be stale: of a last word it may give what that was before, 0 or LOCKED, and of a first word, 0.
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
  range,
  record,
  schema,
  setOf,
  spec,
  thread,
} from 'kripke'

/** What the last word of a place is as long as it belongs to no vector. */
const EMPTY = 0 as const
const LOCKED = 1 as const

/** `a` and `b` differ only in the first word, which in `a` is that of a place not yet written. In a small table all collide. */
const VECTORS = {
  a: { first: 0, last: 2, hash: 0 },
  b: { first: 1, last: 2, hash: 0 },
  c: { first: 0, last: 3, hash: 2 },
  d: { first: 1, last: 3, hash: 6 },
} as const
type Vector = keyof typeof VECTORS

/** What each worker inserts, in this order. */
const WORK: { readonly [size: string]: readonly (readonly Vector[])[] } = {
  short: [['a', 'b'], ['b', 'c'], ['a']],
  long: [
    ['a', 'b', 'c'],
    ['b', 'c', 'd'],
    ['d', 'a'],
  ],
}

/** From having found the gate open to having found or stored the vector. */
const INSIDE: readonly string[] = ['draw', 'look', 'claim', 'write', 'publish', 'spin', 'acquire', 'compare']

export default spec({
  name: 'seen-set',
  doc: 'A lock-free hash table that grows: is every state stored once, and reported as new once?',
  constants: {
    design: constant(
      oneOf(
        'claim-then-publish',
        'publish-first',
        'no-cas',
        'no-reread',
        'ignore-locked',
        'no-acquire',
        'grow-without-parking',
        'check-before-park',
        'leave-without-looking',
        'gate-without-epoch',
      ),
      'claim-then-publish',
      'the algorithm, or what is wrong with it',
    ),
    workers: constant(range(2, 3), 3, 'workers that insert'),
    work: constant(oneOf('short', 'long'), 'short', 'how much they insert: one or two vectors each, or two or three'),
    capacity: constant(oneOf(2, 4), 2, 'places at first'),
    maxCapacity: constant(oneOf(2, 4, 8), 4, 'places that the table may grow to'),
    plainReads: constant(oneOf('stale', 'current'), 'stale', 'whether plain reads may miss what others wrote last'),
  },
  assumptions: {
    'the table may be as large as it is': ({ capacity, maxCapacity }) => capacity <= maxCapacity,
  },

  model: ({ design, workers, work, capacity, maxCapacity, plainReads }) => {
    const Worker = members('worker', workers)
    const listOf = Map(Worker.map((worker, i) => [worker, WORK[work]![i]!]))
    const inserted = listOf
      .valueSeq()
      .flatMap((list) => list)
      .toSet()
    const Vector = oneOf(...inserted.sort())
    /** Enough for as many vectors as there is room for, all of them at home in the last place. */
    const Place = range(0, 2 * maxCapacity - 1)
    /** How often the gate may open again, or be given up. */
    const Epoch = range(0, Math.log2(maxCapacity / capacity) + 1)

    const State = schema({
      first: mapOf(Place, range(0, 1)),
      last: mapOf(Place, oneOf(EMPTY, LOCKED, 2, 3)),
      capacity: range(capacity, maxCapacity),
      /** Places that nobody has drawn yet. */
      room: range(0, maxCapacity),
      /** `over`: the table must grow and may not, which ends the search out of memory. */
      gate: record({ phase: oneOf('open', 'closed', 'growing', 'over'), epoch: Epoch }),
      parked: range(0, workers),
      active: range(0, workers),
      worker: thread(
        { worker: Worker },
        ...(['next', 'draw', 'look', 'claim', 'write', 'publish', 'spin', 'acquire', 'compare'] as const),
        ...(['close', 'park', 'count', 'parkLate', 'wait', 'grow', 'move', 'open'] as const),
        ...(['leave', 'lookAgain', 'countParked', 'left'] as const),
      ),
      /** What is a worker's own. */
      own: mapOf(
        Worker,
        record({
          /** How many vectors of its list it has inserted. */
          done: range(0, 3),
          /** Those of them that it found to be new: its part of the next level. */
          fresh: setOf(Vector),
          /** Whether it has room for one, drawn and not used. */
          quota: bool(),
          place: Place,
          /** The gate's, when the worker found it closed. */
          epoch: Epoch,
          /** How many were parked as it parked, or stayed as it left. */
          count: range(0, workers),
        }),
      ),
    })
    type State = ReturnType<typeof State>
    type Worker = (typeof Worker)[number]

    // ── Who inserts what, and where it belongs ───────────────────────────────────────────────────────────────────────

    const places = Array.from({ length: 2 * maxCapacity }, (_, place) => place)
    const hasWork = (s: State, worker: Worker) => s.own.get(worker).done < listOf.get(worker)!.length
    const current = (s: State, worker: Worker) => listOf.get(worker)![s.own.get(worker).done]!
    /** The words of the vector that the worker is inserting, and their hash. */
    const wanted = (s: State, worker: Worker) => VECTORS[current(s, worker)]

    const wordAt = (s: State, worker: Worker) => s.last.get(s.own.get(worker).place)
    const isAt = (s: State, vector: Vector, place: number) =>
      s.last.get(place) === VECTORS[vector].last && s.first.get(place) === VECTORS[vector].first
    const isStored = (s: State, vector: Vector) => places.some((place) => isAt(s, vector, place))
    const isFresh = (s: State, worker: Worker, vector: Vector) => s.own.get(worker).fresh.has(vector)
    /** Whether the worker has inserted the vector, be it that it was known. */
    const isDone = (s: State, worker: Worker, vector: Vector) =>
      listOf.get(worker)!.slice(0, s.own.get(worker).done).includes(vector)

    const isInside = (s: State, worker: Worker) => INSIDE.includes(s.worker.get(worker))
    const isComplete = (s: State) =>
      s.gate.phase !== 'over' && Worker.every((worker) => s.worker.get(worker) === 'left')

    // ── Inserting ────────────────────────────────────────────────────────────────────────────────────────────────────

    const begin = (s: State, worker: Worker) =>
      goto('look', s.setIn(['own', worker, 'place'], wanted(s, worker).hash % s.capacity))
    const nextPlace = (s: State, worker: Worker) =>
      goto('look', s.setIn(['own', worker, 'place'], s.own.get(worker).place + 1))
    /** Goes on after the last word was found to be `word`. */
    const see = (s: State, worker: Worker, word: number) => {
      if (word === EMPTY) return goto('claim', s)
      if (word === LOCKED) return design === 'ignore-locked' ? nextPlace(s, worker) : goto('spin', s)
      if (word !== wanted(s, worker).last) return nextPlace(s, worker)
      return goto(design === 'no-acquire' ? 'compare' : 'acquire', s)
    }
    const finish = (s: State, worker: Worker) =>
      goto('next', s.mergeIn(['own', worker], { place: 0, done: s.own.get(worker).done + 1 }))
    const finishNew = (s: State, worker: Worker) =>
      finish(s.setIn(['own', worker, 'fresh'], s.own.get(worker).fresh.add(current(s, worker))), worker)

    // ── Growing ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /** Everything where it belongs in a table of twice the size. What is only claimed is lost. */
    const moved = (s: State) => {
      const stored = places.filter((place) => s.last.get(place) > LOCKED)
      const empty = s.merge({
        capacity: s.capacity * 2,
        first: s.first.map(() => 0),
        last: s.last.map(() => EMPTY),
      })
      return stored.reduce((table, from) => {
        const [first, last] = [s.first.get(from), s.last.get(from)]
        const { hash } = Object.values(VECTORS).find((vector) => vector.first === first && vector.last === last)!
        let place: number = hash % table.capacity
        while (table.last.get(place) !== EMPTY) place++
        return table.setIn(['first', place], first).setIn(['last', place], last)
      }, empty)
    }
    /** Back to what the worker was about: waiting with the others, or leaving. */
    const giveWay = (s: State, worker: Worker) => goto(hasWork(s, worker) ? 'wait' : 'left', s)
    const resume = (s: State, worker: Worker) =>
      goto(hasWork(s, worker) ? 'next' : 'left', s.mergeIn(['own', worker], { epoch: 0, count: 0 }))

    return model(State, {
      init: State({ capacity, room: capacity, active: workers }),

      threads: {
        worker: {
          at: {
            /** Between two insertions: looks at the gate. */
            next: (s, { worker }) => {
              if (!hasWork(s, worker)) return goto('leave')
              if (s.gate.phase === 'over') return goto('left')
              if (s.gate.phase === 'open') return s.own.get(worker).quota ? begin(s, worker) : goto('draw')
              if (design === 'grow-without-parking') return
              return goto('park', s.setIn(['own', worker, 'epoch'], s.gate.epoch))
            },
            draw: (s, { worker }) =>
              s.room === 0
                ? goto('close')
                : begin(s.set('room', s.room - 1).setIn(['own', worker, 'quota'], true), worker),

            // The insertion.
            look: {
              read: (s, { worker }) => see(s, worker, wordAt(s, worker)),
              ...(plainReads === 'stale' && {
                readEmpty: (s, { worker }) => (wordAt(s, worker) === EMPTY ? undefined : see(s, worker, EMPTY)),
                readLocked: (s, { worker }) => (wordAt(s, worker) > LOCKED ? see(s, worker, LOCKED) : undefined),
              }),
            },
            /** Compare-and-swap, 0 to LOCKED. */
            claim: (s, { worker }) => {
              const found = wordAt(s, worker)
              if (found !== EMPTY && design !== 'no-cas') {
                return design === 'no-reread' ? nextPlace(s, worker) : see(s, worker, found)
              }
              return goto(
                design === 'publish-first' ? 'publish' : 'write',
                s.setIn(['last', s.own.get(worker).place], LOCKED).setIn(['own', worker, 'quota'], false),
              )
            },
            write: (s, { worker }) => {
              const next = s.setIn(['first', s.own.get(worker).place], wanted(s, worker).first)
              return design === 'publish-first' ? finishNew(next, worker) : goto('publish', next)
            },
            publish: (s, { worker }) => {
              const next = s.setIn(['last', s.own.get(worker).place], wanted(s, worker).last)
              return design === 'publish-first' ? goto('write', next) : finishNew(next, worker)
            },
            /** Reads again and again; the reads that still give LOCKED are left out. */
            spin: (s, { worker }) => {
              const found = wordAt(s, worker)
              return found === LOCKED ? undefined : see(s, worker, found)
            },
            /** Loads the last word again, atomically: the same value, but now the first word is no older than that. */
            acquire: () => goto('compare'),
            compare: {
              readFirst: (s, { worker }) =>
                s.first.get(s.own.get(worker).place) === wanted(s, worker).first
                  ? finish(s, worker)
                  : nextPlace(s, worker),
              ...(design === 'no-acquire' &&
                plainReads === 'stale' && {
                  readFirstAsZero: (s, { worker }) =>
                    wanted(s, worker).first === 0 ? finish(s, worker) : nextPlace(s, worker),
                }),
            },

            // No room: everybody stops, and the last to do so grows the table.
            close: (s) => {
              if (s.gate.phase !== 'open') return goto('next')
              return design === 'grow-without-parking'
                ? goto('move', s.setIn(['gate', 'phase'], 'growing'))
                : goto('next', s.setIn(['gate', 'phase'], 'closed'))
            },
            park: (s, { worker }) => {
              const counted = s.setIn(['own', worker, 'count'], s.parked + 1)
              return goto('count', design === 'check-before-park' ? counted : counted.set('parked', s.parked + 1))
            },
            count: (s, { worker }) => {
              if (s.own.get(worker).count === s.active) return goto('grow')
              return goto(design === 'check-before-park' ? 'parkLate' : 'wait')
            },
            parkLate: {
              ...(design === 'check-before-park' && {
                parkLate: (s: State) => goto('wait', s.set('parked', s.parked + 1)),
              }),
            },
            wait: (s, { worker }) => (s.own.get(worker).epoch === s.gate.epoch ? undefined : resume(s, worker)),
            /** Compare-and-swap, closed to growing: of the epoch in which the worker counted, as that may be long ago. */
            grow: (s, { worker }) => {
              const isSame = s.own.get(worker).epoch === s.gate.epoch || design === 'gate-without-epoch'
              return s.gate.phase === 'closed' && isSame
                ? goto('move', s.setIn(['gate', 'phase'], 'growing'))
                : giveWay(s, worker)
            },
            move: (s, { worker }) => {
              if (s.capacity === maxCapacity) {
                return resume(s.mergeIn(['gate'], { phase: 'over', epoch: s.gate.epoch + 1 }), worker)
              }
              return goto('open', moved(s).merge({ room: s.room + s.capacity, parked: 0 }))
            },
            open: (s, { worker }) => resume(s.mergeIn(['gate'], { phase: 'open', epoch: s.gate.epoch + 1 }), worker),

            // No work: leaves, and grows the table if the others were waiting for that.
            leave: (s, { worker }) => {
              const active = s.active - 1
              const isLooking = active > 0 && design !== 'leave-without-looking'
              return goto(
                isLooking ? 'lookAgain' : 'left',
                s.set('active', active).setIn(['own', worker, 'count'], isLooking ? active : 0),
              )
            },
            lookAgain: (s, { worker }) =>
              s.gate.phase === 'closed'
                ? goto('countParked', s.setIn(['own', worker, 'epoch'], s.gate.epoch))
                : resume(s, worker),
            countParked: (s, { worker }) => (s.own.get(worker).count === s.parked ? goto('grow') : resume(s, worker)),
            left: {},
          },
        },
      },

      invariants: {
        noneTwice: forAll(
          { vector: Vector },
          (s, { vector }) => places.filter((place) => isAt(s, vector, place)).length < 2,
        ),
        /** What a worker found to be new or known is in the table, and stays there. */
        noneLost: forAll(
          { worker: Worker, vector: Vector },
          (s, { worker, vector }) => !isDone(s, worker, vector) || isStored(s, vector),
        ),
        newOnce: forAll(
          { vector: Vector },
          (s, { vector }) => Worker.filter((worker) => isFresh(s, worker, vector)).length < 2,
        ),
        noneInsideGrowth: forAll(
          { grower: Worker, other: Worker },
          (s, { grower, other }) => !(s.worker.get(grower) === 'move' && isInside(s, other)),
        ),
        /** At the end the table holds what was inserted and nothing else, and someone has each vector as new. */
        complete: {
          stored: implies(isComplete, (s) => inserted.every((vector) => isStored(s, vector))),
          nothingElse: implies(
            isComplete,
            (s) => places.filter((place) => s.last.get(place) !== EMPTY).length === inserted.size,
          ),
          reported: implies(isComplete, (s) =>
            inserted.every((vector) => Worker.some((worker) => isFresh(s, worker, vector))),
          ),
        },
      },

      /** The races that all this is about do occur. */
      goals: {
        meetsLocked: (s) => Worker.some((worker) => s.worker.get(worker) === 'look' && wordAt(s, worker) === LOCKED),
        losesClaim: (s) => Worker.some((worker) => s.worker.get(worker) === 'claim' && wordAt(s, worker) !== EMPTY),
        ...(design !== 'grow-without-parking' &&
          design !== 'leave-without-looking' && {
            growsOnLeaving: (s: State) =>
              Worker.some((worker) => s.worker.get(worker) === 'move' && !hasWork(s, worker)),
          }),
      },
    })
  },
})
