/**
 * Clearing poison by writing: how a write to bad persistent memory makes it good again, and when the lists of bad
 * blocks are updated.
 *
 * Persistent memory can contain poison. Loading it raises a machine check, and the process gets SIGBUS and should fall
 * back to read() and write(). But "a plain old write will not actually clear errors unlike every other store
 * interface": that takes a call of the platform's firmware. Three lists name bad blocks: the device's, the driver's
 * (badblocks, which makes it refuse reads and writes), and the file system's (for allocation, and to list errors). Even
 * if the hardware cleared poison and its own list on each write, "there's still the question about when to do
 * management on the software error lists".
 *
 * Which steps are needed, in which order? What goes wrong if a power failure, another error or another writer comes in
 * between? `kripke compare specs/poison-recovery.ts --vary design` and `-c design=merged --vary order` answer.
 *
 * Thread: Dan Williams and Christoph Hellwig, "[dm-devel] [PATCH 0/6] dax poison recovery with RWF_RECOVERY_DATA flag",
 * November 2021. `flag`: a write with RWF_RECOVERY_DATA clears, writes, and updates the lists; other writes do not.
 * `merged`: each write does so if the driver lists the block as bad. This was merged in 5.19. A fault handler behind an
 * unmapped kernel address, which the thread considers, would do the same. `auto`: the hardware clears poison on each
 * full-line write (MOVDIR64B). From later kernel history, not from the thread: pmem_recovery_write() drops the record
 * of the bad block last (`clear-write-list`), and the block driver writes before and after clearing
 * (`write-clear-write-list`). Doing both in one step (`atomic`) would need new hardware.
 *
 * Abstracted: one firmware call clears one block, and a write covers a whole block. Reads need no action: a read fails
 * with EIO if the driver lists the block, faults if the block is poisoned, and otherwise returns the data. Loads
 * through a mapping take no lock.
 *
 * Atomicity: one step is a store of a block, one firmware call, or the update of one list. All lists record discovered
 * poison together. After a power failure a scrub rebuilds them.
 *
 * Uncertain: whether a plain store of a full line clears poison depends on the platform. (The thread says that it does
 * not; change `storeTo` below otherwise.) The usual workaround, punching a hole and writing again, is not in the thread
 * and not modeled. Neither is a read that tries harder, because the thread has no protocol for it.
 */
import {
  action,
  bool,
  constant,
  forAll,
  goto,
  implies,
  leadsTo,
  mapOf,
  members,
  model,
  ofStep,
  oneOf,
  optional,
  range,
  record,
  schema,
  spec,
  steps,
  step,
  strong,
  thread,
} from 'kripke'
import { labelAfter, stepOf } from './kernel/code-path.ts'
import { isWithin } from './kernel/section.ts'

/**
 * The steps of a recovery write on a block, in order. The update of the driver's list is always followed by that of the
 * file system's.
 */
const ORDERS = {
  'clear-write-list': ['clear', 'write', 'dropBadblock', 'notifyFs'],
  'list-clear-write': ['dropBadblock', 'notifyFs', 'clear', 'write'],
  'clear-list-write': ['clear', 'dropBadblock', 'notifyFs', 'write'],
  'write-clear-write-list': ['writeAhead', 'clear', 'write', 'dropBadblock', 'notifyFs'],
  'write-clear-list': ['writeAhead', 'clear', 'dropBadblock', 'notifyFs'],
  atomic: ['clearAndWrite', 'dropBadblock', 'notifyFs'],
} as const

type Recovery = (typeof ORDERS)[keyof typeof ORDERS][number]

/** The kinds of writes in a design. */
const MODES = {
  plain: ['plain'],
  flag: ['plain', 'recovery'],
  merged: ['recovery'],
  auto: ['plain'],
} as const

export default spec({
  name: 'poison-recovery',
  doc: 'Writing to poisoned persistent memory: what clears the poison, and when are the lists of bad blocks updated?',
  constants: {
    design: constant(
      oneOf('plain', 'flag', 'merged', 'auto'),
      'plain',
      'which writes recover: none, those with a flag, those to a block that is listed; or the hardware does',
    ),
    order: constant(
      oneOf(...(Object.keys(ORDERS) as (keyof typeof ORDERS)[])),
      'clear-write-list',
      'what a write that recovers does, in order',
    ),
    clear: constant(
      oneOf('indeterminate', 'preserve'),
      'indeterminate',
      'whether clearing leaves garbage, or what was last written',
    ),
    fsNotify: constant(oneOf('yes', 'no'), 'yes', 'whether the file system is told that a block is good again'),
    lock: constant(oneOf('yes', 'no'), 'yes', 'whether the inode lock lets only one writer in at a time'),
    wgate: constant(oneOf('yes', 'no'), 'yes', 'whether the driver refuses plain writes to blocks on its list'),
    latentFix: constant(oneOf('no', 'yes'), 'no', 'whether writes recover although the block is not listed'),
    blocks: constant(range(1, 4), 1, 'blocks of the file'),
    writers: constant(range(1, 4), 1, 'threads that write'),
    poisonings: constant(range(0, 4), 1, 'how often a block goes bad'),
    crashes: constant(range(0, 4), 1, 'power failures'),
  },

  model: ({ design, order, clear, fsNotify, lock, wgate, latentFix, blocks, writers, poisonings, crashes }) => {
    const Block = members('block', blocks, { symmetric: true })
    const Writer = members('writer', writers, { symmetric: true })
    const Mode = oneOf(...MODES[design])
    const hasPlain = design !== 'merged'
    const hasRecovery = design === 'flag' || design === 'merged'
    const recovery: readonly Recovery[] = hasRecovery ? ORDERS[order] : []

    const Memory = record({
      poison: bool(),
      /** Whether the block is on the lists: the device's, the driver's, the file system's. */
      device: bool(),
      driver: bool(),
      fs: bool(),
      /** The result of a load. `latched`: data written to poison, which appears if clearing preserves it. */
      data: oneOf('old', 'new', 'junk', 'latched'),
      /** Whether the last write was reported as done, and nothing has happened to the block since. */
      acked: bool(),
    })
    const State = schema({
      memory: mapOf(Block, Memory),
      writer: thread(
        { writer: Writer },
        'idle',
        'plain',
        'recovery',
        'writeAhead',
        'clear',
        'write',
        'clearAndWrite',
        'dropBadblock',
        'notifyFs',
        'recEnd',
        'written',
      ),
      own: mapOf(Writer, record({ block: optional(Block), tainted: bool() })),
      poisoned: range(0, poisonings),
      crashed: range(0, crashes),
    })
    type State = ReturnType<typeof State>
    type Memory = ReturnType<typeof Memory>
    type Block = (typeof Block)[number]
    type Writer = (typeof Writer)[number]
    type Own = { writer: Writer }
    type At = { block: Block }

    // ── Changes of a block ───────────────────────────────────────────────────────────────────────────────────────────

    const list = (memory: Memory) => memory.merge({ device: true, driver: true, fs: true })
    /** A store does not clear poison. */
    const storeTo = (memory: Memory) => (memory.poison ? memory : memory.set('data', 'new'))
    /** A store to poison. Clearing may reveal it. */
    const latchTo = (memory: Memory) => memory.set('data', memory.poison ? 'latched' : 'new')
    /** A firmware call, which updates the device's list. */
    const clearPoison = (memory: Memory) => {
      const cleared = memory.merge({ poison: false, device: false })
      if (clear === 'indeterminate') return cleared.set('data', 'junk')
      return memory.data === 'latched' ? cleared.set('data', 'new') : cleared
    }
    const clearAndWrite = (memory: Memory) => memory.merge({ poison: false, device: false, data: 'new' })

    // ── Writes ───────────────────────────────────────────────────────────────────────────────────────────────────────

    const target = (s: State, { writer }: Own) => s.memory.get(s.own.get(writer).block!)
    const changed = (s: State, { writer }: Own, change: (memory: Memory) => Memory) =>
      s.updateIn(['memory', s.own.get(writer).block!], change)
    const isWriting = (s: State, block: Block) => Writer.some((writer) => s.own.get(writer).block === block)
    /** Whether the writer has decided what to do and has begun to change the block. */
    const hasTouched = (s: State, writer: Writer, block: Block) =>
      s.own.get(writer).block === block && !isWithin(s.writer.get(writer), 'plain', 'recovery')
    const mayStart = (s: State) => lock === 'no' || Writer.every((writer) => s.writer.get(writer) === 'idle')

    /**
     * A step of recovery, in orders that contain it. It continues with the next step; after the last one the write is
     * done.
     */
    const recover = (done: Recovery, change: (memory: Memory) => Memory) =>
      stepOf(recovery, done, (s: State, own: Own) =>
        goto(labelAfter(recovery, done) ?? 'recEnd', changed(s, own, change)),
      )

    const isRefused = (s: State, own: Own) => target(s, own).driver && wgate === 'yes'
    const isRecovered = (s: State, own: Own) => target(s, own).driver || latentFix === 'yes'
    const store = (s: State, own: Own) => goto('written', changed(s, own, design === 'auto' ? clearAndWrite : storeTo))
    const end = (s: State, { writer }: Own) => goto('idle', s.mergeIn(['own', writer], { block: null, tainted: false }))

    // ── Blocks that nobody is writing ────────────────────────────────────────────────────────────────────────────────

    const isAtRest = (s: State, { block }: At) => !isWriting(s, block)
    const isGoodAtRest = (s: State, at: At) => !s.memory.get(at.block).poison && isAtRest(s, at)
    const isAcked = (s: State, at: At) => s.memory.get(at.block).acked && isAtRest(s, at)
    const isGood = (s: State, { block }: At) => !s.memory.get(block).poison && s.memory.get(block).data === 'new'

    return model(State, {
      init: State(),

      actions: {
        /** Memory goes bad, unnoticed. A writer that is writing there will not report it as good. */
        poison: action({ block: Block }, (s, { block }) => {
          if (s.poisoned === poisonings || s.memory.get(block).poison) return
          return Writer.filter((writer) => hasTouched(s, writer, block))
            .reduce((next, writer) => next.setIn(['own', writer, 'tainted'], true), s)
            .mergeIn(['memory', block], { poison: true, data: 'junk', acked: false })
            .set('poisoned', s.poisoned + 1)
        }),

        /** A load raises a machine check, or a scrub finds the poison: all lists record it. */
        discover: action({ block: Block }, (s, { block }) => {
          const { poison, device, driver, fs } = s.memory.get(block)
          return poison && !(device && driver && fs) ? s.updateIn(['memory', block], list) : undefined
        }),

        /** A power failure. A scrub rebuilds the lists before anything is used again. */
        crash: (s) => {
          if (s.crashed === crashes) return
          return s.merge({
            memory: s.memory.map((memory) =>
              memory.merge({ device: memory.poison, driver: memory.poison, fs: memory.poison }),
            ),
            writer: s.writer.map(() => 'idle' as const),
            own: s.own.map((own) => own.merge({ block: null, tainted: false })),
            crashed: s.crashed + 1,
          })
        },
      },

      threads: {
        writer: {
          fair: 'weak',
          unfair: ['idle'],
          at: {
            idle: {
              start: step({ block: Block, mode: Mode }, (s, { writer, block, mode }) =>
                mayStart(s) ? goto(mode, s.setIn(['own', writer, 'block'], block)) : undefined,
              ),
            },

            plain: {
              ...(hasPlain && {
                store: (s, own) => !isRefused(s, own) && store(s, own),
                ...(wgate === 'yes' && { writeEio: (s: State, own: Own) => isRefused(s, own) && end(s, own) }),
              }),
            },
            recovery: {
              ...(hasRecovery && {
                ...(latentFix === 'no' && {
                  storeUnlisted: (s: State, own: Own) => !isRecovered(s, own) && store(s, own),
                }),
                /** dax_recovery_write(), after dax_direct_access() has reported the block as bad. */
                recBegin: (s, own) => isRecovered(s, own) && goto(recovery[0]!, s),
              }),
            },

            // pmem_recovery_write()
            writeAhead: recover('writeAhead', latchTo),
            /** __pmem_clear_poison() */
            clear: recover('clear', clearPoison),
            /** _copy_from_iter_flushcache() */
            write: recover('write', latchTo),
            clearAndWrite: recover('clearAndWrite', clearAndWrite),
            /** pmem_clear_bb() */
            dropBadblock: recover('dropBadblock', (memory) => memory.set('driver', false)),
            notifyFs: recover('notifyFs', (memory) => (fsNotify === 'yes' ? memory.set('fs', false) : memory)),
            recEnd: hasRecovery ? (s) => goto('written', s) : {},

            written: {
              ack: (s, own) =>
                end(s.own.get(own.writer).tainted ? s : changed(s, own, (memory) => memory.set('acked', true)), own),
            },
          },
        },
      },

      invariants: {
        /** No read succeeds and returns garbage. */
        noSilentJunk: forAll({ block: Block }, (s, { block }) => {
          const { driver, poison, data } = s.memory.get(block)
          return driver || poison || data !== 'junk'
        }),
        /** Successfully written data can be loaded ... */
        ackReadable: forAll({ block: Block }, implies(isAcked, isGood)),
        /** ... and read. */
        ackNotListed: forAll(
          { block: Block },
          implies(isAcked, (s, { block }) => !s.memory.get(block).driver),
        ),
        /**
         * A listed block is bad. Otherwise the driver refuses reads without need, and the file system loses the block.
         */
        driverListPrecise: forAll(
          { block: Block },
          implies(
            (s, at) => s.memory.get(at.block).driver && isAtRest(s, at),
            (s, { block }) => s.memory.get(block).poison,
          ),
        ),
        fsListPrecise: forAll(
          { block: Block },
          implies(
            (s, at) => s.memory.get(at.block).fs && isAtRest(s, at),
            (s, { block }) => s.memory.get(block).poison,
          ),
        ),
        /** The driver lists all blocks that the device knows to be bad. */
        knownPoisonListed: forAll(
          { block: Block },
          implies(
            (s, at) => s.memory.get(at.block).device && isAtRest(s, at),
            (s, { block }) => s.memory.get(block).driver,
          ),
        ),
      },

      measures: {
        /** Writes that fail and leave the block as bad as before. */
        refusedWrites: ofStep(({ action }) => (action === 'writeEio' ? 1 : 0)),
        /** Firmware calls for a good block: because of a stale record, or because an earlier write has cleared it. */
        needlessClears: ofStep(({ label, bindings, before }) =>
          label === 'clear' && !target(before, { writer: bindings.writer as Writer }).poison ? 1 : 0,
        ),
        /** Good blocks that the driver still lists, and refuses to read. */
        staleRecords: (s) => Block.filter((block) => s.memory.get(block).driver && isGoodAtRest(s, { block })).length,
        /** Good blocks that the file system still lists, and does not allocate. */
        blocksLost: (s) => Block.filter((block) => s.memory.get(block).fs && isGoodAtRest(s, { block })).length,
      },

      temporal: {
        /** If somebody repeats all possible kinds of writes, a listed block becomes good. */
        heals: forAll({ block: Block }, ({ block }) =>
          leadsTo(
            (s) => s.memory.get(block).driver,
            (s) => !s.memory.get(block).driver && isGood(s, { block }),
          ),
        ),
      },
      fairness: {
        triesAgain: forAll({ block: Block, mode: Mode }, ({ block, mode }) => strong(steps('start', { block, mode }))),
      },
    })
  },
})
