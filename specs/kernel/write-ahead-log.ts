/**
 * A write-ahead log on a disk with a volatile write cache, as in JBD2.
 *
 * A transaction writes new versions of all blocks into the log, then a commit record. After the commit it is
 * acknowledged, copied to the home places (the checkpoint), and the log is reset. The cache may write any block back at
 * any time, and a flush writes all. A crash keeps any subset of what the cache holds. After it, recovery replays the log
 * if it has a commit record.
 *
 * The seeded mistakes are missing flushes: without `log`, a commit record may reach the disk before the records that it
 * commits. Recovery that trusts the commit record then replays a torn transaction. Recovery that compares a checksum
 * needs no flush there: this is JBD2's `journal_async_commit`. Without `commit`, an acknowledged transaction may be
 * lost, or be home in part. Without `checkpoint`, the log may be reset before its blocks are home.
 *
 * Abstracted: one transaction at a time, a log of the size of one transaction, and writes that are never torn inside a
 * block. A checksum matches if all records are of the transaction that the commit record names.
 */
import { Map } from 'immutable'
import {
  anyOf,
  anySubset,
  constant,
  action,
  goto,
  mapOf,
  members,
  model,
  oneOf,
  optional,
  range,
  schema,
  setOf,
  spec,
  step,
  thread,
} from 'kripke'

export default spec({
  name: 'write-ahead-log',
  doc: 'Which flushes does a write-ahead log need, if a crash keeps any subset of the unflushed writes?',
  constants: {
    flushes: constant(
      setOf(oneOf('log', 'commit', 'checkpoint')),
      ['log', 'commit', 'checkpoint'],
      'after which writes the design flushes the cache',
    ),
    recovery: constant(oneOf('trusts', 'checksum'), 'trusts', 'whether recovery compares the records with the commit'),
    transactions: constant(range(1, 3), 2, 'transactions, one after another'),
    blocks: constant(range(1, 3), 2, 'blocks that each transaction writes'),
  },
  model: ({ flushes, recovery, transactions, blocks }) => {
    const Record = members('record', blocks)
    const Home = members('home', blocks)
    const Place = oneOf(...Record, ...Home, 'commit')
    const Version = range(0, transactions)
    const State = schema({
      /** What is on the disk: for each block the transaction that wrote it. */
      disk: mapOf(Place, Version),
      /** What the cache holds and the disk does not. */
      cache: mapOf(Place, optional(Version)),
      writer: thread('log', 'logged', 'commit', 'committed', 'checkpoint', 'home', 'reset', 'empty', 'done'),
      current: range(1, transactions),
      acknowledged: Version,
      phase: oneOf('running', 'crashed', 'recovered'),
    })
    type State = ReturnType<typeof State>
    type Place = (typeof Record)[number] | (typeof Home)[number] | 'commit'

    const places: readonly Place[] = [...Record, ...Home, 'commit']
    const pending = (s: State): Place[] => places.filter((place) => s.cache.get(place) !== null)
    const write = (s: State, to: readonly Place[], version: number): State =>
      s.set('cache', s.cache.merge(Map(to.map((place) => [place, version]))))
    /** Writes some of the cache to the disk. */
    const kept = (s: State, some: Iterable<Place>): State => {
      let written = s
      for (const place of some) {
        const version = s.cache.get(place)
        if (version !== null) written = written.setIn(['disk', place], version).setIn(['cache', place], null)
      }
      return written
    }
    const flushed = (s: State, after: (typeof flushes)[number]): State =>
      flushes.includes(after) ? kept(s, places) : s
    const isCommitted = ({ disk }: State): boolean =>
      disk.get('commit') > 0 &&
      (recovery === 'trusts' || Record.every((record) => disk.get(record) === disk.get('commit')))

    return model(State, {
      init: State({ cache: mapOf(Place, optional(Version)).fill(null) }),
      threads: {
        writer: {
          guard: (s) => s.phase === 'running',
          at: {
            log: step((s) => write(s, Record, s.current), { doc: 'write the records' }),
            logged: (s) => flushed(s, 'log'),
            commit: step((s) => write(s, ['commit'], s.current), { doc: 'write the commit record' }),
            committed: step((s) => flushed(s, 'commit').set('acknowledged', s.current), {
              note: ({ before }) => `transaction ${before.current} is acknowledged`,
            }),
            checkpoint: (s) => write(s, Home, s.current),
            home: (s) => flushed(s, 'checkpoint'),
            reset: (s) => write(s, ['commit'], 0),
            empty: (s) =>
              s.current < transactions
                ? goto('log', kept(s, places).set('current', s.current + 1))
                : goto('done', kept(s, places)),
            done: {},
          },
        },
      },
      actions: {
        writeBack: (s) => (s.phase === 'running' ? anyOf(pending(s), (place) => kept(s, [place])) : undefined),
        crash: (s) =>
          s.phase === 'running'
            ? anySubset(pending(s), (survived) =>
                kept(s, survived).merge({
                  cache: mapOf(Place, optional(Version)).fill(null),
                  phase: 'crashed',
                }),
              )
            : undefined,
        recover: action(
          (s) => {
            if (s.phase !== 'crashed') return undefined
            const done = s.set('phase', 'recovered')
            if (!isCommitted(s)) return done
            const replayed = Home.map((home, index) => [home, s.disk.get(Record[index]!)] as const)
            return done.set('disk', s.disk.merge(Map(replayed)))
          },
          {
            note: ({ before }) => {
              const records = Record.map((record) => before.disk.get(record)).join(', ')
              const does = isCommitted(before) ? 'replay' : 'nothing to replay'
              return `commit ${before.disk.get('commit')}, records ${records}: ${does}`
            },
          },
        ),
      },
      invariants: {
        /** A crash loses the cache. */
        cacheIsLost: (s) => s.phase !== 'crashed' || pending(s).length === 0,
        /** No transaction is there in part. */
        atomic: (s) => s.phase !== 'recovered' || Home.every((home) => s.disk.get(home) === s.disk.get(Home[0]!)),
        /** No acknowledged transaction is lost. */
        durable: (s) => s.phase !== 'recovered' || Home.every((home) => s.disk.get(home) >= s.acknowledged),
      },
      goals: { recovers: (s) => s.phase === 'recovered' && s.acknowledged === transactions },
      deadlock: { unless: (s) => s.phase === 'recovered' || s.writer === 'done' },
    })
  },
})
