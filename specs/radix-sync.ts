/**
 * Clearing the dirty tags of the radix tree during a sync of DAX mappings.
 *
 * A store through a DAX mapping stays in CPU caches until they are flushed. So the first store to a page faults: the
 * fault tags the page's entry in the radix tree DIRTY, and later makes the pte writable. fsync, sync and the periodic
 * writeback (every five seconds) flush tagged pages. If tags are never cleared, each of them flushes all pages dirtied
 * since the file was mapped ("flushing every page of every DAX mmap that has ever been dirtied every 5 seconds is
 * unreasonable"). If a tag is cleared, the pte must be made read-only again, so that the next store faults and tags
 * again. But the fault tags in one place (pfn_mkwrite) and maps in another (wp_page_reuse()), and no page lock keeps
 * writeback out in between.
 *
 * In which order must a fault tag and map, and writeback clear, write-protect and flush, and which lock must cover
 * what? `kripke compare specs/radix-sync.ts --vary design` answers.
 *
 * Thread: Jan Kara, Ross Zwisler and Dave Chinner, "[PATCH 2/2] dax: fix bdev NULL pointer dereferences", February
 * 2016. It asks whether sync(2) must flush at all (`noflush`). It describes a race because of which v3 of the DAX fsync
 * patches stopped clearing tags (`v2`). It proposes two solutions: `sol1-*`, writeback with i_mmap_sem held
 * exclusively, and a callback from wp_page_reuse() that tags while it holds the semaphore shared; `sol2*`, a lock bit
 * in the radix tree entry, equivalent to the page lock. The following come from the patches that the thread refers to
 * and from later kernel history: the steps of `v1` to `v9` (v9 is Linux 4.5), of `sol2` (4.10), and of huge entries
 * before December 2016 (`sol2-noWP`). The other designs are variations that show the purpose of each step.
 *
 * Abstracted: a page has one entry. A mapper is a process with its own page tables; a caller is a thread in fsync or
 * sync. Stores to a page are numbered, so that caches and media can be compared. Media never return to an older
 * version, so the durable data at the return of a sync survives any later power failure.
 *
 * Atomicity: one step is all work under one hold of the radix tree's lock, one flush of a page, or one change of a pte.
 * Tagging for writeback is one step over all pages. Write-protecting a page is one step over all processes (separate
 * steps for each mapping would only add more orders of the same findings).
 *
 * Uncertain: two concurrent syncs break `sol2`. This follows from the public code, where DAX neither has a writeback
 * tag nor waits for one. The window is microseconds long, and the thread does not discuss it. wp_page_reuse() runs
 * under a spinlock, so its caller must take a semaphore that covers both halves of a fault (`sol1-held`).
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
  oneOf,
  optional,
  range,
  record,
  schema,
  setOf,
  spec,
  step,
  thread,
} from 'kripke'
import { labelAfter, stepOf } from './kernel/code-path.ts'
import { allows, mapAll, pageTables, Pte, writeProtected } from './kernel/page-table.ts'
import { downRead, downWrite, mayRead, mayWrite, rwSemaphore, upRead, upWrite } from './kernel/rw-semaphore.ts'
import { isWithin } from './kernel/section.ts'

/** DIRTY, and TOWRITE. A sync sets TOWRITE on all DIRTY entries when it begins, so that it knows where to end. */
type Tag = 'dirty' | 'towrite'

/** The steps of writeback on a page after the lookup. */
type WritebackStep = 'mkclean' | 'flush' | 'finish'

interface Design {
  /** The lock that separates faults and writeback of a page: i_mmap_sem, or the lock bit of the page's entry. */
  readonly lock: 'none' | 'semaphore' | 'entry'
  /**
   * The part of a fault that holds the lock: tagging and mapping; tagging, with mapping later; tagging, after mapping.
   */
  readonly fault: 'held' | 'to-tag' | 'callback'
  /** The tags that writeback clears immediately after the lookup, under the same hold of the tree's lock. */
  readonly clearsFirst: readonly Tag[]
  /** The following steps, in this order. */
  readonly order: readonly WritebackStep[]
  /** The tags that `finish` clears. It also unlocks the entry. */
  readonly clearsLast: readonly Tag[]
}

const BOTH: readonly Tag[] = ['towrite', 'dirty']
const UNLOCKED = { lock: 'none', fault: 'to-tag', clearsLast: [] } as const
const SEMAPHORE = { lock: 'semaphore', clearsFirst: BOTH, order: ['mkclean', 'flush'], clearsLast: [] } as const
const ENTRY = { lock: 'entry', fault: 'held', clearsFirst: [], order: ['mkclean', 'flush', 'finish'] } as const
const TOWRITE_FIRST = { clearsFirst: ['towrite'], clearsLast: ['dirty'] } as const

/**
 *     noflush                      sync(2) does not flush stores through a mapping
 *     v1                           flushes, then clears both tags, then write-protects
 *     v2, v2m                      clear both tags at once; then v2 flushes and write-protects, and v2m does so in reverse order
 *     v3, v9                       never clear DIRTY, so need not write-protect; clear TOWRITE before or after the flush
 *     sol1-held                    a fault holds i_mmap_sem shared while it tags and maps, a sync holds it exclusively
 *     sol1-before, sol1-after      a fault holds it while it tags, before it has mapped or after
 *     sol2                         the entry is locked while a fault tags and maps, and while writeback clears TOWRITE,
 *                                  write-protects, flushes, and clears DIRTY
 *     sol2-late, sol2-earlyD       both tags are cleared last, or first
 *     sol2-tagonly and -late-      a fault unlocks the entry after tagging, before mapping
 *     sol2-noWP                    does not write-protect
 *     -v2order, sol2-flushfirst    flushes before it write-protects
 */
const DESIGNS = {
  noflush: { ...UNLOCKED, clearsFirst: [], order: [] },
  v1: { ...UNLOCKED, clearsFirst: [], order: ['flush', 'finish', 'mkclean'], clearsLast: BOTH },
  v2: { ...UNLOCKED, clearsFirst: BOTH, order: ['flush', 'mkclean'] },
  v2m: { ...UNLOCKED, clearsFirst: BOTH, order: ['mkclean', 'flush'] },
  v3: { ...UNLOCKED, clearsFirst: ['towrite'], order: ['flush'] },
  v9: { ...UNLOCKED, clearsFirst: [], order: ['flush', 'finish'], clearsLast: ['towrite'] },
  'sol1-held': { ...SEMAPHORE, fault: 'held' },
  'sol1-before': { ...SEMAPHORE, fault: 'to-tag' },
  'sol1-after': { ...SEMAPHORE, fault: 'callback' },
  'sol1-held-v2order': { ...SEMAPHORE, fault: 'held', order: ['flush', 'mkclean'] },
  sol2: { ...ENTRY, ...TOWRITE_FIRST },
  'sol2-late': { ...ENTRY, clearsLast: BOTH },
  'sol2-tagonly': { ...ENTRY, ...TOWRITE_FIRST, fault: 'to-tag' },
  'sol2-late-tagonly': { ...ENTRY, clearsLast: BOTH, fault: 'to-tag' },
  'sol2-noWP': { ...ENTRY, ...TOWRITE_FIRST, order: ['flush', 'finish'] },
  'sol2-earlyD': { ...ENTRY, clearsFirst: BOTH, clearsLast: [] },
  'sol2-flushfirst': { ...ENTRY, ...TOWRITE_FIRST, order: ['flush', 'mkclean', 'finish'] },
} as const satisfies { readonly [name: string]: Design }

export default spec({
  name: 'radix-sync',
  doc: 'Syncing DAX mappings: when may the dirty tag of a page be cleared, and what must be locked meanwhile?',
  constants: {
    design: constant(
      oneOf(...(Object.keys(DESIGNS) as (keyof typeof DESIGNS)[])),
      'noflush',
      'how faults tag and map, and how writeback clears, write-protects and flushes',
    ),
    pages: constant(range(1, 4), 1, 'pages of the file'),
    mappers: constant(range(1, 4), 1, 'processes that have it mapped'),
    callers: constant(range(1, 4), 2, 'threads that call sync'),
    rounds: constant(range(1, 4), 2, 'how often each of them does'),
    stores: constant(range(1, 4), 2, 'stores to each page'),
    metric: constant(oneOf('off', 'on'), 'off', 'whether to look for flushes of what has not changed since the last'),
  },

  model: ({ design, pages, mappers, callers, rounds, stores, metric }) => {
    const { lock, fault, clearsFirst, order, clearsLast }: Design = DESIGNS[design]

    /** Scanned in order of index, so not symmetric. */
    const Page = members('page', pages)
    const Mapper = members('mapper', mappers, { symmetric: true })
    const Caller = members('caller', callers, { symmetric: true })
    /** The number of a store; 0 is the initial content. */
    const Version = range(0, stores)

    const State = schema({
      entry: mapOf(Page, record({ dirty: bool(), towrite: bool(), lock: oneOf('free', 'fault', 'sync') })),
      /** The result of loads: the last store, perhaps only in CPU caches. */
      stored: mapOf(Page, Version),
      /** The content after a power failure. */
      durable: mapOf(Page, Version),
      pte: pageTables(Mapper, Page, Pte),

      fault: thread({ mapper: Mapper }, 'idle', 'wpPageReuse', 'markDirty', 'unlockEntry'),
      faultPage: mapOf(Mapper, optional(Page)),

      sync: thread({ caller: Caller }, 'idle', 'findEntry', 'lookUp', 'mkclean', 'flush', 'finish', 'syncReturn'),
      call: mapOf(
        Caller,
        record({
          /** The number of returned syncs. */
          done: range(0, rounds),
          /** The index of the page being written back, or at which the search for the next one begins. */
          at: range(0, pages),
          /** The stores made before the sync began. They must be durable when it returns. */
          promised: mapOf(Page, Version),
        }),
      ),

      iMmapSem: rwSemaphore(Mapper, Caller),
      /** Pages that were flushed, and neither stored to nor faulted since. Used only with `metric`. */
      flushed: setOf(Page),
    })
    type State = ReturnType<typeof State>
    type Page = (typeof Page)[number]
    type Mapper = (typeof Mapper)[number]
    type Caller = (typeof Caller)[number]

    // ── The radix tree entry of a page ───────────────────────────────────────────────────────────────────────────────

    const isLocked = (s: State, page: Page) => s.entry.get(page).lock !== 'free'
    const lockEntry = (s: State, page: Page, by: 'fault' | 'sync') => s.setIn(['entry', page, 'lock'], by)
    const unlockEntry = (s: State, page: Page) => s.setIn(['entry', page, 'lock'], 'free')
    const setDirty = (s: State, page: Page) => s.setIn(['entry', page, 'dirty'], true)
    const clear = (s: State, page: Page, tags: readonly Tag[]) =>
      tags.reduce((next, tag) => next.setIn(['entry', page, tag], false), s)
    /** tag_pages_for_writeback() */
    const tagAllForWriteback = (s: State) =>
      s.update('entry', (all) => all.map((entry) => entry.set('towrite', entry.towrite || entry.dirty)))

    // ── Flushes that are not needed ──────────────────────────────────────────────────────────────────────────────────

    const noteFlush = (s: State, page: Page) => (metric === 'on' ? s.update('flushed', (all) => all.add(page)) : s)
    /** Makes the next flush of the page necessary. */
    const touch = (s: State, page: Page) => (metric === 'on' ? s.update('flushed', (all) => all.delete(page)) : s)

    // ── Faults ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /** Whether a fault keeps writeback out from before tagging until after mapping. */
    const isHeld = fault === 'held'
    const mayTag = (s: State, page: Page) =>
      (lock !== 'semaphore' || mayRead(s.iMmapSem)) && (lock !== 'entry' || !isLocked(s, page))
    const holdOff = (s: State, mapper: Mapper, page: Page) =>
      lock === 'semaphore' ? s.update('iMmapSem', (sem) => downRead(sem, mapper)) : lockEntry(s, page, 'fault')

    const isFaultingOn = (s: State, page: Page) => Mapper.some((mapper) => s.faultPage.get(mapper) === page)
    const isWritable = (s: State, mapper: Mapper, page: Page) => allows(s.pte.get(mapper).get(page), 'write')
    const makeWritable = (s: State, mapper: Mapper, page: Page) => touch(s.setIn(['pte', mapper, page], 'write'), page)
    const faultEnds = (s: State, mapper: Mapper) => goto('idle', s.setIn(['faultPage', mapper], null))

    // ── Writeback ────────────────────────────────────────────────────────────────────────────────────────────────────

    const pageOf = (s: State, caller: Caller) => Page[s.call.get(caller).at]!
    const isWritingBack = (s: State, page: Page) =>
      Caller.some((caller) => isWithin(s.sync.get(caller), 'lookUp', ...order) && pageOf(s, caller) === page)
    const toNextPage = (s: State, caller: Caller) =>
      goto('findEntry', s.setIn(['call', caller, 'at'], s.call.get(caller).at + 1))
    /** Continues with the design's next step on a page after `done`. */
    const goOn = (s: State, caller: Caller, done: WritebackStep | 'lookUp') => {
      const next = labelAfter(['lookUp', ...order], done)
      return next === undefined ? toNextPage(s, caller) : goto(next, s)
    }
    /** A step of writeback, in designs that contain it. */
    const writeback = (name: WritebackStep, effect: (s: State, page: Page) => State) =>
      stepOf(order, name, (s: State, { caller }: { caller: Caller }) =>
        goOn(effect(s, pageOf(s, caller)), caller, name),
      )
    /** During a fault or writeback, tags may disagree with page tables and caches. */
    const isAtRest = (s: State, page: Page) => !isWritingBack(s, page) && !isFaultingOn(s, page)

    // ── Who delays whom ──────────────────────────────────────────────────────────────────────────────────────────────

    /** Whether a sync keeps the process from tagging the page, and so from a writable pte. */
    const isHeldOff = (s: State, mapper: Mapper, page: Page) => {
      if (mayTag(s, page) || s.entry.get(page).lock === 'fault') return false
      if (fault === 'callback') return s.faultPage.get(mapper) === page
      return s.fault.get(mapper) === 'idle' && !isWritable(s, mapper, page)
    }
    const isSyncHeldOff = (s: State, caller: Caller) =>
      lock === 'semaphore'
        ? s.sync.get(caller) === 'idle' && s.call.get(caller).done < rounds && !mayWrite(s.iMmapSem)
        : lock === 'entry' && s.sync.get(caller) === 'lookUp' && isLocked(s, pageOf(s, caller))

    return model(State, {
      init: State().update('pte', (pte) => mapAll(pte, 'read')),

      actions: {
        /** A store by any thread of the process, through a writable pte. */
        store: action({ mapper: Mapper, page: Page }, (s, { mapper, page }) => {
          const version = s.stored.get(page)
          return isWritable(s, mapper, page) && version < stores
            ? touch(s.setIn(['stored', page], version + 1), page)
            : undefined
        }),
      },

      threads: {
        /** A write fault: do_wp_page() on a shared mapping. */
        fault: {
          fair: 'weak',
          unfair: ['idle'],
          at: {
            idle: {
              ...(fault === 'callback'
                ? {
                    wpPageReuse: step({ page: Page }, (s, { mapper, page }) =>
                      isWritable(s, mapper, page)
                        ? undefined
                        : goto('markDirty', makeWritable(s, mapper, page).setIn(['faultPage', mapper], page)),
                    ),
                  }
                : {
                    /** dax_pfn_mkwrite(): tags the entry. */
                    pfnMkwrite: step({ page: Page }, (s, { mapper, page }) => {
                      if (isWritable(s, mapper, page) || !mayTag(s, page)) return
                      const tagged = touch(setDirty(s, page), page).setIn(['faultPage', mapper], page)
                      return goto('wpPageReuse', isHeld ? holdOff(tagged, mapper, page) : tagged)
                    }),
                  }),
            },

            /** Makes the pte writable. */
            wpPageReuse:
              fault === 'callback'
                ? {}
                : (s, { mapper }) => {
                    const mapped = makeWritable(s, mapper, s.faultPage.get(mapper)!)
                    if (!isHeld) return faultEnds(mapped, mapper)
                    return lock === 'entry'
                      ? goto('unlockEntry', mapped)
                      : faultEnds(
                          mapped.update('iMmapSem', (sem) => upRead(sem, mapper)),
                          mapper,
                        )
                  },

            /** The callback from wp_page_reuse() that solution 1 adds. */
            markDirty:
              fault !== 'callback'
                ? {}
                : (s, { mapper }) => {
                    const page = s.faultPage.get(mapper)!
                    return mayTag(s, page) ? faultEnds(setDirty(s, page), mapper) : undefined
                  },

            /** put_locked_mapping_entry() */
            unlockEntry:
              lock !== 'entry' || !isHeld
                ? {}
                : (s, { mapper }) => faultEnds(unlockEntry(s, s.faultPage.get(mapper)!), mapper),
          },
        },

        /** dax_writeback_mapping_range(), called by fsync, sync or background writeback. */
        sync: {
          fair: 'weak',
          unfair: ['idle'],
          at: {
            idle: {
              syncStart: (s, { caller }) => {
                if (s.call.get(caller).done === rounds || (lock === 'semaphore' && !mayWrite(s.iMmapSem))) return
                const begun = tagAllForWriteback(s).mergeIn(['call', caller], { at: 0, promised: s.stored })
                return goto(
                  'findEntry',
                  lock === 'semaphore' ? begun.update('iMmapSem', (sem) => downWrite(sem, caller)) : begun,
                )
              },
            },

            /** find_get_entries_tag(): the next page that is tagged TOWRITE. */
            findEntry: (s, { caller }) => {
              const from = s.call.get(caller).at
              const at = Page.findIndex((page, index) => index >= from && s.entry.get(page).towrite)
              return at < 0 || design === 'noflush'
                ? goto('syncReturn', s)
                : goto('lookUp', s.setIn(['call', caller, 'at'], at))
            },

            /** dax_writeback_one(): looks the entry up again, and skips it if another caller has written it back. */
            lookUp:
              design === 'noflush'
                ? {}
                : (s, { caller }) => {
                    const page = pageOf(s, caller)
                    if (lock === 'entry' && isLocked(s, page)) return
                    if (!s.entry.get(page).towrite) return toNextPage(s, caller)
                    const cleared = clear(s, page, clearsFirst)
                    return goOn(lock === 'entry' ? lockEntry(cleared, page, 'sync') : cleared, caller, 'lookUp')
                  },

            /** dax_mapping_entry_mkclean(): makes the page read-only for all processes. */
            mkclean: writeback('mkclean', (s, page) =>
              s.update('pte', (all) => all.map((row) => row.update(page, writeProtected))),
            ),
            /** wb_cache_pmem() */
            flush: writeback('flush', (s, page) => noteFlush(s.setIn(['durable', page], s.stored.get(page)), page)),
            /** radix_tree_tag_clear(), and put_locked_mapping_entry() if the entry is locked. */
            finish: writeback('finish', (s, page) => {
              const cleared = clear(s, page, clearsLast)
              return lock === 'entry' ? unlockEntry(cleared, page) : cleared
            }),

            syncReturn: (s, { caller }) => {
              const { done } = s.call.get(caller)
              const returned = s.mergeIn(['call', caller], {
                done: done + 1,
                at: 0,
                promised: s.stored.map(() => 0),
              })
              return goto('idle', lock === 'semaphore' ? returned.update('iMmapSem', upWrite) : returned)
            },
          },
        },
      },

      invariants: {
        /** The next sync can find data that is not durable. */
        dirtyDataTagged: forAll(
          { page: Page },
          implies(
            (s, { page }) => s.stored.get(page) > s.durable.get(page) && isAtRest(s, page),
            (s, { page }) => s.entry.get(page).dirty,
          ),
        ),
        /** Nobody can store to a page that the next sync does not find. */
        writableImpliesTagged: forAll(
          { mapper: Mapper, page: Page },
          implies(
            (s, { mapper, page }) => isWritable(s, mapper, page) && isAtRest(s, page),
            (s, { page }) => s.entry.get(page).dirty,
          ),
        ),
      },

      transitions: {
        /** When a sync returns, all stores made before it began survive a power failure. */
        durableAfterSync: ({ label, bindings, before }) =>
          label !== 'syncReturn' ||
          Page.every(
            (page) => before.durable.get(page) >= before.call.get(bindings.caller as Caller).promised.get(page),
          ),
        ...(metric === 'on' && {
          /** No flush of a page that was neither stored to nor faulted since the last flush. */
          noRedundantFlush: ({ label, bindings, before }) =>
            label !== 'flush' || !before.flushed.has(pageOf(before, bindings.caller as Caller)),
        }),
      },

      goals: {
        allIsDurable: (s) => Page.every((page) => s.durable.get(page) === stores),
      },

      measures: {
        /** Faults that a sync delays, or would delay: pages for which a process cannot get a writable pte now. */
        faultsHeldOff: (s) => Mapper.flatMap((mapper) => Page.filter((page) => isHeldOff(s, mapper, page))).length,
        /** Callers that another caller or a fault delays. */
        syncsHeldOff: (s) => Caller.filter((caller) => isSyncHeldOff(s, caller)).length,
        ...(metric === 'on' && {
          /** Pages that the next sync flushes again although they have not been accessed since the last flush. */
          flushesInVain: (s: State) =>
            Page.filter((page) => s.entry.get(page).dirty && s.flushed.has(page) && !isWritingBack(s, page)).length,
        }),
      },

      /** All syncs have returned, and no fault is in progress. */
      deadlock: {
        unless: (s) =>
          Caller.every((caller) => s.sync.get(caller) === 'idle' && s.call.get(caller).done === rounds) &&
          Mapper.every((mapper) => s.fault.get(mapper) === 'idle'),
      },

      temporal: {
        syncEnds: forAll({ caller: Caller }, ({ caller }) =>
          leadsTo(
            (s) => s.sync.get(caller) !== 'idle',
            (s) => s.sync.get(caller) === 'idle',
          ),
        ),
      },
    })
  },
})
