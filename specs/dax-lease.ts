/**
 * The life of one dax_lease: who may access it, who frees it, and the purpose of each reference, bit and barrier.
 *
 * get_user_pages() on a DAX mapping takes a lease before it pins pages, so that truncate can detect DMA into blocks
 * that it is about to free. It puts the lease on the inode's list and pins pages, and dax_lease_set_pages() records
 * them. Truncate breaks all leases of the file, drops the fault lock (XFS: MMAPLOCK), and checks again when the list is
 * empty. Breaking a lease queues its dl_break_work, which polls the recorded pages and removes the lease from the list
 * when all of them are idle. Without a truncate, dl_reap_work breaks leases after a while, so that they do not
 * accumulate.
 *
 * dl_count begins at 2. One reference belongs to the list and is dropped when the lease is unlocked (lm_change). The
 * other belongs to get_user_pages(), which leaves it to dl_reap_work, or drops it itself if it could not pin anything.
 * dl_break_work has a third. "What prevents you from doing a 0->1 transition on the dl_count here, and possibly doing a
 * use-after free?" Jeff Layton asked of lm_break, and Dan Williams: "we hold a reference count at the beginning of time
 * that is only dropped when the lease is unlocked."
 *
 * `kripke compare specs/dax-lease.ts --vary design` removes one precaution after another: references, bits, barriers,
 * and orders of steps.
 *
 * Thread: Dan Williams and Jeff Layton, "Re: [PATCH v3 12/13] dax: handle truncate of dma-busy pages", 20 October 2017.
 * It quotes the first half of the patch. get_user_pages(), lm_change, the failure path, and XFS's side of breaking
 * (patch 13/13) follow the patch as posted.
 *
 * Abstracted: one file is truncated once, to size 0. Each get_user_pages() asks for one page and is called once. DMA
 * begins when dl_reap_work has been queued. A delayed work may run as soon as it is queued.
 *
 * Atomicity: one step is one access to the object or its bits, one page reference, or all work under the lock of the
 * lease list. So breaking all leases is one step, and so is removing a lease from the list together with lm_change. A
 * missing barrier means two accesses in either order; the model needs no other weak-memory effects. The step that finds
 * the object freed ends the run.
 *
 * Uncertain: (1) This model reads the patch so that the fault lock holds off setlease in get_user_pages() and
 * dl_break_work. (2) It assumes that a work that is queued while it runs will run once more, whoever queued it. (3) It
 * omits two slips of the helper that was posted for XFS: an assignment in a `while` condition keeps the result of a
 * comparison, so that a signal is lost; and an expression with a mask lacks parentheses. (4) New leases can keep a
 * waiting truncate waiting; specs/truncate-dma.ts models that.
 */
import { Map } from 'immutable'
import {
  bool,
  constant,
  forAll,
  goto,
  implies,
  leadsTo,
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
import { mayLast, pinDuration } from './kernel/pins.ts'
import { isWithin } from './kernel/section.ts'

/** The patch as posted. */
const V3 = {
  /** The initial value of dl_count. */
  initialRefs: 2,
  /** Whether lm_change drops the reference of the list. */
  listPuts: true,
  /** Whether get_user_pages() leaves its reference to dl_reap_work; otherwise it drops the reference itself. */
  reapPuts: true,
  /** Whether lm_break takes a reference for dl_break_work, and whether dl_break_work drops one. */
  breakGets: true,
  breakPuts: true,
  /** Whether the failure path waits for dl_break_work before it drops the last reference. */
  flushes: true,
  /** Whether lm_break skips a lease with DAX_LEASE_BREAK. */
  testsBreakBit: true,
  /** Whether the lease code skips a lease with FL_UNLOCK_PENDING. */
  testsPending: true,
  /** Whether dl_break_work waits for DAX_LEASE_PAGES. */
  testsPagesBit: true,
  /** smp_mb__before_atomic(): whether pages are recorded before DAX_LEASE_PAGES is seen. */
  hasWriteBarrier: true,
  /** smp_mb__after_atomic(): whether dl_break_work reads them after it has tested the bit. */
  hasReadBarrier: true,
  /** Whether truncate keeps the fault lock while it waits. */
  waitsHoldingLock: false,
  /** Whether get_user_pages() pins before it takes the lease. */
  pinsFirst: false,
}
type Patch = typeof V3

/** The difference of each design from the patch. */
const CHANGES = {
  v3: {},
  'no-initial-ref': { initialRefs: 1 },
  'no-list-ref': { initialRefs: 1, listPuts: false },
  'no-reap-ref': { reapPuts: false },
  'no-reap-no-list-ref': { reapPuts: false, initialRefs: 1, listPuts: false },
  'no-pages-wait': { testsPagesBit: false },
  'no-write-barrier': { hasWriteBarrier: false },
  'no-read-barrier': { hasReadBarrier: false },
  'no-break-bit': { testsBreakBit: false },
  'no-core-pending': { testsPending: false },
  'no-break-bit-no-core-pending': { testsBreakBit: false, testsPending: false },
  'no-break-ref': { breakGets: false, breakPuts: false },
  'no-flush': { flushes: false },
  'no-break-ref-no-flush': { breakGets: false, breakPuts: false, flushes: false },
  'put-without-get': { breakGets: false },
  'wait-holding-lock': { waitsHoldingLock: true },
  'pin-first': { pinsFirst: true },
} as const satisfies { readonly [design: string]: Partial<Patch> }

export default spec({
  name: 'dax-lease',
  doc: 'The life of a lease on DAX blocks under DMA: what is each reference, bit and barrier for?',
  constants: {
    design: constant(
      oneOf(...(Object.keys(CHANGES) as (keyof typeof CHANGES)[])),
      'v3',
      'the patch as posted, or what is missing from it',
    ),
    leases: constant(range(1, 4), 2, 'calls of get_user_pages(), each with a lease of its own'),
    pages: constant(range(1, 4), 1, 'pages of the file, for which the calls ask in turn'),
    leaseFail: constant(
      oneOf('off', 'posted', 'fixed'),
      'off',
      'whether setlease may fail, and then leaks the reference to the file, as posted',
    ),
    pins: pinDuration,
  },

  model: ({ design, leases, pages, leaseFail, pins }) => {
    const patch: Patch = { ...V3, ...CHANGES[design] }
    /** Whether a walk of the list may reach a freed object and end there. Then the order of leases matters. */
    const isWalkCut = !patch.listPuts && !patch.reapPuts
    const Lease = members('lease', leases, { symmetric: pages === 1 && !isWalkCut })
    type Lease = (typeof Lease)[number]
    const pageOf = Map(Lease.map((lease, i) => [lease, i % pages]))

    /** A struct dax_lease, and its state in the lease list and the workqueue. */
    const DaxLease = record({
      object: oneOf('none', 'allocated', 'freed'),
      /** dl_count. If nothing prevents it, each break takes a reference. */
      count: range(0, 3 + 2 * leases),
      /** dl_state. */
      bits: setOf(oneOf('PAGES', 'BREAK')),
      /** dl_nr_pages. */
      pages: range(0, 1),
      /** The value of dl_nr_pages that a work without a read barrier read before it tested the bit. */
      prefetched: optional(range(0, 1)),
      /** Whether the reference to dl_file is held. */
      file: bool(),
      /** Whether the lease is on the inode's list (flc_lease). */
      listed: bool(),
      /** FL_UNLOCK_PENDING: the lease was broken and will be unlocked. */
      pending: bool(),
      /** Whether dl_break_work was queued again while it ran. */
      requeued: bool(),
    })

    const State = schema({
      lease: mapOf(Lease, DaxLease),
      gup: thread(
        { lease: Lease },
        ...(['lease', 'pin', 'record', 'setBit', 'reap', 'dma', 'done'] as const),
        ...(['setBitEmpty', 'unlock', 'flush', 'put', 'leaseLate', 'recordLate'] as const),
      ),
      breakWork: thread({ lease: Lease }, 'idle', 'queued', 'poll', 'unlock', 'put', 'done'),
      reapWork: thread({ lease: Lease }, 'idle', 'queued', 'wait', 'put', 'done'),
      truncate: thread('lock', 'check', 'wait', 'free', 'done'),
      fault: oneOf('none', 'use-after-free', '0->1'),
    })
    type State = ReturnType<typeof State>
    type Own = { lease: Lease }

    // ── The object and its references ────────────────────────────────────────────────────────────────────────────────

    const isSound = (s: State) => s.fault === 'none'
    const isFreed = (s: State, lease: Lease) => s.lease.get(lease).object === 'freed'
    /** Accesses the object, which must still exist. */
    const access = (s: State, lease: Lease, effect: (s: State, lease: Lease) => State = (s) => s) =>
      isFreed(s, lease) ? s.set('fault', 'use-after-free') : effect(s, lease)

    const get = (s: State, lease: Lease) => s.updateIn(['lease', lease, 'count'], (count) => count + 1)
    /** put_dax_lease(): dropping the last reference drops the file and frees the object. */
    const put = (s: State, lease: Lease) =>
      access(s, lease, (s) => {
        const count = s.lease.get(lease).count - 1
        return s.mergeIn(['lease', lease], count > 0 ? { count } : { count, object: 'freed', file: false })
      })

    const setBit = (s: State, lease: Lease, bit: 'PAGES' | 'BREAK') =>
      s.updateIn(['lease', lease, 'bits'], (bits) => bits.add(bit))

    // ── Works ────────────────────────────────────────────────────────────────────────────────────────────────────────

    /** schedule_delayed_work() of dl_break_work. */
    const queueBreakWork = (s: State, lease: Lease) => {
      switch (s.breakWork.get(lease)) {
        case 'queued':
          return s
        case 'idle':
        case 'done':
          return s.setIn(['breakWork', lease], 'queued')
        default:
          return s.setIn(['lease', lease, 'requeued'], true)
      }
    }
    /** flush_delayed_work() waits until a work is neither queued nor running. */
    const isAtRest = (work: string) => work === 'idle' || work === 'done'

    // ── The lease list ───────────────────────────────────────────────────────────────────────────────────────────────

    const isListEmpty = (s: State) => !Lease.some((lease) => s.lease.get(lease).listed)
    const isUnbroken = (s: State, lease: Lease) => s.lease.get(lease).listed && !s.lease.get(lease).pending

    /** vfs_setlease() with F_UNLCK, through lm_change. */
    const unlock = (s: State, lease: Lease) =>
      access(s, lease, (s) => {
        if (!s.lease.get(lease).listed) return s
        const unlisted = s.setIn(['lease', lease, 'listed'], false)
        return patch.listPuts ? put(unlisted, lease) : unlisted
      })

    const isToBreak = patch.testsPending ? isUnbroken : (s: State, lease: Lease) => s.lease.get(lease).listed
    /** break_allocated(): breaks the listed leases, one after another. */
    const breakAll = (s: State) =>
      Lease.filter((lease) => isToBreak(s, lease)).reduce((s, lease) => (isSound(s) ? lmBreak(s, lease) : s), s)
    /** dax_lease_lm_break(). */
    const lmBreak = (s: State, lease: Lease): State => {
      if (isFreed(s, lease)) return s.set('fault', '0->1')
      const pending = s.setIn(['lease', lease, 'pending'], true)
      if (patch.testsBreakBit && s.lease.get(lease).bits.has('BREAK')) return pending
      const broken = setBit(pending, lease, 'BREAK')
      return queueBreakWork(patch.breakGets ? get(broken, lease) : broken, lease)
    }

    // ── Pages, and the fault lock ────────────────────────────────────────────────────────────────────────────────────

    const isPinning = (s: State, lease: Lease) =>
      isWithin(s.gup.get(lease), 'leaseLate', 'record', 'setBit', 'recordLate', 'reap', 'dma')
    /** page_ref_count() > 1, whoever pinned the page. */
    const isPageBusy = (s: State, lease: Lease) =>
      Lease.some((other) => pageOf.get(other) === pageOf.get(lease) && isPinning(s, other))
    /** Whether truncate holds MMAPLOCK, which keeps all others from the lease list. */
    const isLocked = (s: State) =>
      isWithin(s.truncate, 'check', 'free') || (patch.waitsHoldingLock && s.truncate === 'wait')

    // ── Steps that occur more than once ──────────────────────────────────────────────────────────────────────────────

    const create = (s: State, lease: Lease) =>
      s.mergeIn(['lease', lease], { object: 'allocated', count: patch.initialRefs, file: true, listed: true })
    /** vfs_setlease() with FL_ALLOCATED. */
    const takeLease = {
      takeLease: (s: State, { lease }: Own) =>
        isLocked(s) ? undefined : goto(patch.pinsFirst ? 'record' : 'pin', create(s, lease)),
      ...(leaseFail !== 'off' && {
        /** setlease fails, and the object is freed at once. As posted, the reference to its file is not dropped. */
        leaseFail: (s: State, { lease }: Own) =>
          isLocked(s) ? undefined : goto('done', s.setIn(['lease', lease, 'file'], leaseFail === 'posted')),
      }),
    }
    const recordPages = (s: State, { lease }: Own) => access(s, lease, (s) => s.setIn(['lease', lease, 'pages'], 1))
    const setPagesBit = (s: State, { lease }: Own) => access(s, lease, (s) => setBit(s, lease, 'PAGES'))

    /** Until the pages are recorded, dl_break_work queues itself again, which changes nothing. */
    const testPages = (s: State, { lease }: Own) => {
      const { bits, prefetched } = s.lease.get(lease)
      if (!patch.hasReadBarrier && prefetched === null) return
      if (bits.has('PAGES') || !patch.testsPagesBit) return access(s, lease)
      return prefetched === null ? undefined : goto('queued', access(s, lease, forget))
    }
    /** Without a read barrier, a read after the test may happen before it. */
    const prefetch = (s: State, { lease }: Own) => {
      const { pages, prefetched } = s.lease.get(lease)
      const early = (s: State) => s.setIn(['lease', lease, 'prefetched'], pages)
      return prefetched === null && goto('queued', access(s, lease, early))
    }
    const forget = (s: State, lease: Lease) => s.setIn(['lease', lease, 'prefetched'], null)

    const hasEnded = (s: State) =>
      s.truncate === 'done' &&
      Lease.every(
        (lease) => s.gup.get(lease) === 'done' && isAtRest(s.breakWork.get(lease)) && isAtRest(s.reapWork.get(lease)),
      )

    return model(State, {
      init: State(),

      threads: {
        /** get_user_pages() and the following DMA. */
        gup: {
          guard: isSound,
          /** Nobody has to begin, and a transfer over a long-term pin may last forever. */
          fair: 'weak',
          unfair: ['lease', ...mayLast(pins, 'dma')],
          at: {
            lease: patch.pinsFirst
              ? { pinFirst: (s) => goto(s.truncate === 'done' ? 'done' : 'leaseLate', s) }
              : takeLease,
            pin: {
              pin: (s) => (s.truncate === 'done' ? undefined : goto('record', s)),
              /** The block is gone, or the fault failed. */
              pinFail: (s) => goto('setBitEmpty', s),
            },

            // dax_lease_set_pages() with pages.
            record: patch.hasWriteBarrier
              ? recordPages
              : { record: recordPages, setBitEarly: (s, own) => goto('recordLate', setPagesBit(s, own)) },
            setBit: setPagesBit,
            /** Queues dl_reap_work, and leaves its own reference to it. */
            reap: (s, { lease }) =>
              access(s, lease, (s) => {
                const queued = s.setIn(['reapWork', lease], 'queued')
                return patch.reapPuts ? queued : put(queued, lease)
              }),
            dma: (s) => s,
            done: {},

            // dax_lease_set_pages() without pages.
            setBitEmpty: setPagesBit,
            unlock: (s, { lease }) => (isLocked(s) ? undefined : unlock(s, lease)),
            flush: (s, { lease }) => (isAtRest(s.breakWork.get(lease)) || !patch.flushes ? s : undefined),
            put: (s, { lease }) => goto('done', put(s, lease)),

            // Steps that other designs take later.
            leaseLate: patch.pinsFirst ? takeLease : {},
            recordLate: patch.hasWriteBarrier ? {} : (s, own) => goto('reap', recordPages(s, own)),
          },
        },

        /** dax_lease_unlock_one(), when dl_break_work runs. */
        breakWork: {
          guard: isSound,
          fair: 'weak',
          at: {
            idle: {},
            queued: patch.hasReadBarrier ? testPages : { prefetch, testPages },
            poll: (s, { lease }) => {
              const { pages, prefetched } = s.lease.get(lease)
              const isBusy = (prefetched ?? pages) > 0 && isPageBusy(s, lease)
              return goto(isBusy ? 'queued' : 'unlock', access(s, lease, forget))
            },
            unlock: (s, { lease }) => (isLocked(s) ? undefined : unlock(s, lease)),
            put: (s, { lease }) => {
              const next = s.lease.get(lease).requeued ? 'queued' : 'done'
              const ran = s.setIn(['lease', lease, 'requeued'], false)
              return goto(next, patch.breakPuts ? put(ran, lease) : ran)
            },
            done: {},
          },
        },

        /**
         * dax_lease_reap_all(), when dl_reap_work runs: breaks all leases of the file (XFS: through
         * a_ops->dax_flush_dma()).
         */
        reapWork: {
          guard: isSound,
          fair: 'weak',
          at: {
            idle: {},
            queued: (s, { lease }) => {
              if (isLocked(s)) return
              // It first finds the file through the object.
              if (isFreed(s, lease)) return goto('queued', access(s, lease))
              return isListEmpty(s) ? goto('put', s) : breakAll(s)
            },
            /** Waits until no lease is left, including leases that came in between. */
            wait: (s) => {
              if (isListEmpty(s)) return isLocked(s) ? undefined : s
              return Lease.some((lease) => isUnbroken(s, lease)) && goto('wait', breakAll(s))
            },
            put: (s, { lease }) => (patch.reapPuts ? put(s, lease) : s),
            done: {},
          },
        },

        /** Truncate of the file, in the file system. */
        truncate: {
          guard: isSound,
          fair: 'weak',
          unfair: ['lock'],
          at: {
            /** Takes MMAPLOCK. */
            lock: (s) => s,
            /** Breaks all leases, and releases MMAPLOCK. */
            check: (s) => (isListEmpty(s) ? goto('free', s) : breakAll(s)),
            /** When no lease is left, takes MMAPLOCK and checks again. */
            wait: (s) => {
              if (isListEmpty(s)) return goto('check', s)
              return Lease.some((lease) => isUnbroken(s, lease)) && goto('wait', breakAll(s))
            },
            /** Frees the blocks, and releases MMAPLOCK. */
            free: (s) => s,
            done: {},
          },
        },
      },

      invariants: {
        noUAF: (s) => s.fault !== 'use-after-free',
        /** lm_break never takes the first reference. (A refcount_t, as the review proposes, would warn about it.) */
        noResurrect: (s) => s.fault !== '0->1',
        noFreedOnList: forAll({ lease: Lease }, (s, { lease }) => !(s.lease.get(lease).listed && isFreed(s, lease))),
        noFreeUnderDma: forAll(
          { lease: Lease },
          implies(
            (s) => s.truncate === 'done',
            (s, { lease }) => !isPinning(s, lease),
          ),
        ),
        /** From the pin to the end of DMA, truncate can find a lease. */
        leaseCoversPins: forAll(
          { lease: Lease },
          implies(
            (s, { lease }) => isPinning(s, lease) && s.gup.get(lease) !== 'leaseLate',
            (s, { lease }) => s.lease.get(lease).listed,
          ),
        ),
        /** At the end, everything has been released. */
        noLeak: forAll(
          { lease: Lease },
          {
            object: implies(hasEnded, (s, { lease }) => s.lease.get(lease).count === 0),
            file: implies(hasEnded, (s, { lease }) => !s.lease.get(lease).file),
            list: implies(hasEnded, (s, { lease }) => !s.lease.get(lease).listed),
          },
        ),
      },

      measures: {
        /** The greatest value of dl_count for any lease. */
        references: (s) => Math.max(...Lease.map((lease) => s.lease.get(lease).count)),
        /** Accumulated leases: on the list, with DMA done. */
        idleLeases: (s) => Lease.filter((lease) => s.gup.get(lease) === 'done' && s.lease.get(lease).listed).length,
      },

      deadlock: { unless: (s) => !isSound(s) },

      /** Unless a fault ends the run earlier. */
      temporal: {
        truncateEnds: leadsTo(
          (s) => isWithin(s.truncate, 'check', 'wait', 'free'),
          (s) => s.truncate === 'done' || !isSound(s),
        ),
        leaseEnds: forAll({ lease: Lease }, ({ lease }) =>
          leadsTo(
            (s) => s.lease.get(lease).listed,
            (s) => !s.lease.get(lease).listed || !isSound(s),
          ),
        ),
      },
    })
  },
})
