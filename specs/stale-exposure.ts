/**
 * Stale data after a power failure: what keeps a newly allocated block from showing what its last owner left in it.
 *
 * A block is allocated and zeroed, it is mapped and stored to, and sooner or later the transaction that allocated it is
 * committed. From then on a power failure leaves it in the file, with whatever is on media. File systems rely on a flush of
 * all volatile caches of the device before a commit (blkdev_issue_flush(), WRITE_FLUSH), but pmem ignores such flushes:
 * stores through a mapping are in the CPU's caches, and nothing is done about them. What prevents the exposure is only that
 * ext4 and XFS zero new blocks by writes that bypass the caches.
 *
 * Thread: Jan Kara in "[PATCH 2/2] dax: fix bdev NULL pointer dereferences", February 2016: "But it is a catch that may hit
 * us in future. So from this POV flushing caches from ->writepages() would also make PMEM give more similar guarantees to fs
 * as ordinary block storage."
 *
 * Abstracted: one block, with one commit; zeroing it is the first of what may be stored in it. `radix-sync` is about which
 * stores are flushed when; here some flush may happen at any time, such as that of a cache line which is evicted.
 */
import { bool, constant, model, oneOf, range, schema, spec } from 'kripke'

/** Zeroes, and two stores. */
const LAST_STORE = 2

export default spec({
  name: 'stale-exposure',
  doc: 'Can a power failure expose what was in a block before it was allocated?',
  constants: {
    zeroing: constant(oneOf('nt', 'cached'), 'nt', 'whether new blocks are zeroed past the caches or in them'),
    commitFlush: constant(oneOf('yes', 'no'), 'yes', 'whether a commit flushes the data written before it'),
  },

  model: ({ zeroing, commitFlush }) => {
    const State = schema({
      allocated: bool(),
      mapped: bool(),
      /** Whether the file has the block after a power failure, too. */
      committed: bool(),
      /** The last store, perhaps in CPU caches alone; 0 stands for the zeroes. */
      stored: range(0, LAST_STORE),
      /** What a power failure leaves. */
      durable: oneOf('stale', 0, 1, 2),
    })
    type State = ReturnType<typeof State>

    const flushed = (s: State) => s.set('durable', s.stored as 0 | 1 | 2)

    return model(State, {
      init: State(),

      actions: {
        allocZero: (s) => {
          if (s.allocated) return
          const allocated = s.set('allocated', true)
          return zeroing === 'nt' ? flushed(allocated) : allocated
        },
        mapWrite: (s) => s.allocated && !s.mapped && s.set('mapped', true),
        store: (s) => s.mapped && s.stored < LAST_STORE && s.set('stored', s.stored + 1),
        flush: (s) => s.allocated && s.durable !== s.stored && flushed(s),
        /** The transaction that allocated the block is committed. */
        commit: (s) => {
          if (!s.allocated || s.committed) return
          const committed = s.set('committed', true)
          return commitFlush === 'yes' ? flushed(committed) : committed
        },
      },

      invariants: {
        noStaleExposure: (s) => !(s.committed && s.durable === 'stale'),
      },

      /** When all is stored, committed and flushed, nothing is left to do. */
      deadlock: { unless: (s) => s.committed && s.durable === LAST_STORE },
    })
  },
})
