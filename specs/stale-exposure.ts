/**
 * Stale data after a power failure: what keeps a newly allocated block from showing its last owner's data.
 *
 * A block is allocated and zeroed, then mapped and stored to. At some time the transaction that allocated it is
 * committed. From then on the block is in the file after a power failure, with its content on media. File systems rely
 * on a flush of all volatile caches of the device before a commit (blkdev_issue_flush(), WRITE_FLUSH), but pmem ignores
 * such flushes: stores through a mapping stay in the CPU's caches. Only one thing prevents the exposure: ext4 and XFS
 * zero new blocks by writes that bypass the caches.
 *
 * Thread: Jan Kara in "[PATCH 2/2] dax: fix bdev NULL pointer dereferences", February 2016: "But it is a catch that may
 * hit us in future. So from this POV flushing caches from ->writepages() would also make PMEM give more similar
 * guarantees to fs as ordinary block storage."
 *
 * Abstracted: one block with one commit. Zeroing it is the first store. `radix-sync` models which stores are flushed
 * when; here a flush may happen at any time, for example when a cache line is evicted.
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
      /** Whether the file contains the block after a power failure. */
      committed: bool(),
      /** The last store, perhaps only in CPU caches; 0 stands for the zeroes. */
      stored: range(0, LAST_STORE),
      /** The content after a power failure. */
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
        /** Only an allocated block is mapped, committed or zeroed, and only a mapped one is stored to. */
        stepsInOrder: (s) =>
          (s.allocated || (!s.mapped && !s.committed && s.durable === 'stale')) && (s.mapped || s.stored === 0),
      },

      goals: { allIsDurable: (s) => s.committed && s.durable === LAST_STORE },

      /** When everything is stored, committed and flushed, nothing is left to do. */
      deadlock: { unless: (s) => s.committed && s.durable === LAST_STORE },
    })
  },
})
