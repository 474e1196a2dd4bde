/**
 * get_user_pages_fast() versus the removal of a DAX device.
 *
 * gup-fast walks page tables without a lock and with interrupts off. It sees a present pte, takes a reference to the
 * page, and checks that the pte is unchanged. For DAX pages it first takes a live reference to the hosting page map. A
 * device may be unbound at any time, and ->remove() cannot fail. It kills the page map, drops the initial reference of
 * each page, waits for the other references, and frees the struct pages. Then the range may belong to a new owner, or
 * to a new device in the same slot.
 *
 * The series says that the reference to the page map is unnecessary if ->remove() guarantees that no pte is left. It
 * makes ->remove() unmap the range if a file system is mounted. Is the claim true? What else must removal wait for?
 * Which of today's problems remain? `kripke compare specs/gup-fast-remove.ts --vary unmap --vary pgmapRef` answers.
 *
 * Thread: Dan Williams, "[PATCH 0/3] mm, pmem: Force unmap pmem on surprise remove", March 2021: `pgmapRef=no
 * unmap=pfn-loop`. The default is the code before the series. The following come from the replies and from the kernel
 * of that time, not from the cover letter: one call for the range (`unmap=range`), the references that removal waits
 * for, and the names of functions.
 *
 * Abstracted: all processes share one page table, so a pte is a bit. A file system either maps all pfns or none. A CPU
 * pins one page at a time. gup-fast of that time rejects long-term pins of DAX pages; `pins=long-term` stands for
 * long-term pins that exist nevertheless, such as those of device-dax.
 *
 * Atomicity: one step is one access to a page table, a page's count, or the page map. A fault is one step: it finds the
 * device alive under SRCU and writes the pte under its lock, and kill_dax() waits for SRCU.
 *
 * Uncertain: (1) Whether clearing a pte waits for CPUs with interrupts off (`sync=ipi`) depends on the architecture: it
 * does not if TLB invalidation is broadcast without interrupts. (2) Whether the RCU delay inside percpu_ref_kill()
 * always covers a walk that began before it (`sync=kill-gp`) is not settled in the thread. (3) If a stale pte leads to
 * a reference to the new owner's page, and the recheck drops it again, this counts as harmless. (4) The model kills the
 * page map before the dax device. That is a reading of the proposal, which detects a mounted file system after the
 * kill.
 */
import {
  action,
  bool,
  constant,
  forAll,
  goto,
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
import { beginGracePeriod, isDrained, isOver, leave } from './kernel/grace-period.ts'
import { mayLast, pinDuration } from './kernel/pins.ts'
import { isWithin } from './kernel/section.ts'

export default spec({
  name: 'gup-fast-remove',
  doc: 'Removing a DAX device under get_user_pages_fast(): what keeps both from a page that is gone?',
  constants: {
    pgmapRef: constant(
      oneOf('yes', 'no'),
      'yes',
      'whether gup-fast takes a reference to the page map; the series drops it',
    ),
    unmap: constant(
      oneOf('none', 'pfn-loop', 'range'),
      'none',
      'how removal unmaps: not at all, by memory_failure() of each pfn, or by one call for the range',
    ),
    recheck: constant(oneOf('yes', 'no'), 'yes', 'whether gup-fast looks at the pte again when it has the page'),
    sync: constant(
      oneOf('none', 'kill-gp', 'ipi'),
      'none',
      'which walks removal waits for: none, those under way when the page map is killed, or when a pte is cleared',
    ),
    waitRefs: constant(oneOf('yes', 'no'), 'yes', 'whether removal waits for references to pages and to the page map'),
    idleCheck: constant(
      oneOf('after-kill', 'before-kill'),
      'after-kill',
      'when removal looks whether a file system is mounted; if none is, it does not unmap',
    ),
    mount: constant(oneOf('off', 'on'), 'off', 'off: one is mounted; on: none is, but one may come to be'),
    pins: pinDuration,
    pfns: constant(range(1, 6), 2, 'pages of the device'),
    cpus: constant(range(1, 6), 2, 'CPUs that pin pages'),
  },

  model: ({ pgmapRef, unmap, recheck, sync, waitRefs, idleCheck, mount, pins, pfns, cpus }) => {
    /** A loop visits the pfns in order, so then they are not interchangeable. */
    const Pfn = members('pfn', pfns, { symmetric: unmap !== 'pfn-loop' })
    const Cpu = members('cpu', cpus, { symmetric: true })

    /** The references of a CPU. */
    const Gup = record({
      pfn: optional(Pfn),
      holdsPgmap: bool(),
      /** The owner of the referenced struct page: the removed device, or the new owner. */
      page: oneOf('none', 'old', 'new'),
    })

    const State = schema({
      removal: thread(
        ...(['devPagemapKill', 'killDax', 'checkIdle', 'unmap'] as const),
        ...(['putPages', 'devPagemapCleanup', 'archRemoveMemory', 'pgmapArrayDelete', 'reuse', 'done'] as const),
      ),
      cpu: thread({ cpu: Cpu }, 'idle', 'sawPte', 'hasPgmap', 'hasPage', 'pinned'),

      /** The mapped pfns. */
      pte: setOf(Pfn),
      mounted: bool(),
      /** DAXDEV_ALIVE: whether faults still map pages. */
      alive: bool(),
      /** The page map of the range; the new owner's at the end. */
      pgmap: oneOf('live', 'killed', 'deleted', 'live-new'),
      /** The struct pages; the new owner's at the end. */
      memmap: oneOf('old', 'gone', 'new'),
      /** Whether the pages still have their initial reference. */
      initialRefs: bool(),

      gup: mapOf(Cpu, Gup),

      /** Removal found no file system mounted. */
      foundIdle: bool(),
      /** The number of pfns that removal has unmapped. */
      unmapped: range(0, pfns),
      /** The CPUs whose walk removal waits for. */
      awaited: setOf(Cpu),
      /** gup-fast has accessed a freed struct page. The run ends there. */
      touchedFreed: bool(),
    })
    type State = ReturnType<typeof State>
    type Pfn = (typeof Pfn)[number]
    type Cpu = (typeof Cpu)[number]

    const FIRST = idleCheck === 'after-kill' ? 'devPagemapKill' : 'checkIdle'
    const isGoingOn = (s: State) => !s.touchedFreed

    // ── References to pages and to the page map ──────────────────────────────────────────────────────────────────────

    const holdsOldPage = (s: State, cpu: Cpu) => s.gup.get(cpu).page === 'old'
    const isReferenced = (s: State, pfn: Pfn) =>
      s.initialRefs || Cpu.some((cpu) => holdsOldPage(s, cpu) && s.gup.get(cpu).pfn === pfn)
    const hasPinned = (s: State, cpu: Cpu, page: 'old' | 'new') =>
      s.cpu.get(cpu) === 'pinned' && s.gup.get(cpu).page === page
    const holdsOld = (s: State, cpu: Cpu) => holdsOldPage(s, cpu) || s.gup.get(cpu).holdsPgmap
    const areAllDropped = (s: State) => isDrained(Cpu, (cpu) => holdsOld(s, cpu))

    // ── Waiting for walks, which run with interrupts off ─────────────────────────────────────────────────────────────

    const isWalking = (s: State, cpu: Cpu) => isWithin(s.cpu.get(cpu), 'sawPte', 'hasPgmap', 'hasPage')
    /** Begins to wait for the walks in progress: an RCU grace period, or interrupts to flush TLBs. */
    const awaitWalks = (s: State) => s.merge({ awaited: beginGracePeriod(Cpu, (cpu) => isWalking(s, cpu)) })
    const endWalk = (s: State, cpu: Cpu) => s.update('awaited', (awaited) => leave(awaited, cpu))

    // ── Removal ──────────────────────────────────────────────────────────────────────────────────────────────────────

    const hasToUnmap = (s: State) => unmap !== 'none' && !s.foundIdle
    /** Whether all TLBs have dropped the pte that was cleared last, as far as removal waits for that. */
    const hasFlushed = (s: State) => sync !== 'ipi' || isOver(s.awaited)
    const clearPtes = (s: State, cleared: readonly Pfn[]) => {
      const next = s.merge({ pte: s.pte.subtract(cleared), unmapped: s.unmapped + cleared.length })
      return goto('unmap', sync === 'ipi' ? awaitWalks(next) : next)
    }
    const mayCleanUp = (s: State) => areAllDropped(s) && (sync !== 'kill-gp' || isOver(s.awaited))

    // ── gup-fast ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /** Drops the references of the CPU, because it cannot have the page or does not need it any more. */
    const letGo = (s: State, cpu: Cpu) => goto('idle', endWalk(s, cpu).setIn(['gup', cpu], Gup()))

    /** try_grab_compound_head(): fails if the count is zero. The content of a freed struct page is undefined. */
    const getPage = (s: State, { cpu }: { cpu: Cpu }) => {
      const { pfn } = s.gup.get(cpu)
      if (s.memmap === 'gone') return goto(s.cpu.get(cpu), s.set('touchedFreed', true))
      if (s.memmap === 'new') return goto('hasPage', s.setIn(['gup', cpu, 'page'], 'new'))
      return isReferenced(s, pfn!) ? goto('hasPage', s.setIn(['gup', cpu, 'page'], 'old')) : letGo(s, cpu)
    }

    return model(State, {
      init: State({ alive: true, initialRefs: true, mounted: mount === 'off', removal: FIRST }),

      actions: {
        /** dax_iomap_fault(): maps the pfn for the process that accessed it. */
        fault: action({ pfn: Pfn }, (s, { pfn }) =>
          isGoingOn(s) && s.alive && s.mounted && !s.pte.has(pfn) ? s.update('pte', (pte) => pte.add(pfn)) : undefined,
        ),

        ...(mount === 'on' && {
          mount: (s) => (isGoingOn(s) && s.alive && !s.mounted ? s.set('mounted', true) : undefined),
        }),
      },

      threads: {
        /** The driver's ->remove(), and the resources released after it. */
        removal: {
          guard: isGoingOn,
          fair: 'weak',
          at: {
            /** dev_pagemap_kill(): from now on the page map gives no live references. */
            devPagemapKill: (s) => {
              const killed = s.set('pgmap', 'killed')
              return goto('killDax', sync === 'kill-gp' ? awaitWalks(killed) : killed)
            },

            /** kill_dax(): from now on faults map nothing. */
            killDax: (s) => goto(idleCheck === 'after-kill' ? 'checkIdle' : 'unmap', s.set('alive', false)),

            /** Checks for a mounted file system. */
            checkIdle: (s) =>
              goto(idleCheck === 'after-kill' ? 'unmap' : 'devPagemapKill', s.set('foundIdle', !s.mounted)),

            unmap: {
              ...((unmap === 'none' || mount === 'on') && {
                noUnmap: (s) => (hasToUnmap(s) ? undefined : goto('putPages')),
              }),
              ...(unmap === 'pfn-loop' && {
                /** memory_failure() of the next pfn. */
                unmapPfn: step({ pfn: Pfn }, (s, { pfn }) =>
                  hasToUnmap(s) && Pfn[s.unmapped] === pfn && hasFlushed(s) ? clearPtes(s, [pfn]) : undefined,
                ),
              }),
              ...(unmap === 'range' && {
                unmapRange: (s) => (hasToUnmap(s) && s.unmapped === 0 ? clearPtes(s, Pfn) : undefined),
              }),
              ...(unmap !== 'none' && {
                unmapDone: (s) => (s.unmapped === pfns && hasFlushed(s) ? goto('putPages') : undefined),
              }),
            },

            /** memunmap_pages() begins: put_page() of each pfn, ... */
            putPages: (s) => s.set('initialRefs', false),

            /** ... These need not be the last references; waits for the others. */
            devPagemapCleanup: (s) => (waitRefs === 'no' || mayCleanUp(s) ? s : undefined),

            /** Frees the struct pages. */
            archRemoveMemory: (s) => s.set('memmap', 'gone'),

            /** From now on the range has no page map. */
            pgmapArrayDelete: (s) => s.set('pgmap', 'deleted'),

            /** memremap_pages() by another owner, for the same range. */
            reuse: (s) => s.merge({ pgmap: 'live-new', memmap: 'new' }),

            done: {},
          },
        },

        /** gup_pte_range(), as steps that others can interleave with, and the use of the page afterwards. */
        cpu: {
          guard: isGoingOn,
          /** Nobody has to pin anything, and a transfer over a long-term pin may last forever. */
          fair: 'weak',
          unfair: ['idle', ...mayLast(pins, 'pinned')],
          at: {
            idle: {
              readPte: step({ pfn: Pfn }, (s, { cpu, pfn }) =>
                s.pte.has(pfn) ? goto('sawPte', s.setIn(['gup', cpu, 'pfn'], pfn)) : undefined,
              ),
            },

            sawPte:
              pgmapRef === 'no'
                ? { getPage }
                : {
                    /** get_dev_pagemap(). Removal does not wait for references to the new owner's page map. */
                    getPgmap: (s, { cpu }) => {
                      if (s.pgmap !== 'live' && s.pgmap !== 'live-new') return letGo(s, cpu)
                      return goto('hasPgmap', s.setIn(['gup', cpu, 'holdsPgmap'], s.pgmap === 'live'))
                    },
                  },

            hasPgmap: { ...(pgmapRef === 'yes' && { getPage }) },

            hasPage: {
              /**
               * Compares the pte with its earlier value. Then the walk is over, and the page keeps the page map alive.
               */
              recheck: (s, { cpu }) => {
                if (recheck === 'yes' && !s.pte.has(s.gup.get(cpu).pfn!)) return letGo(s, cpu)
                return goto('pinned', endWalk(s, cpu).setIn(['gup', cpu, 'holdsPgmap'], false))
              },
            },

            pinned: { unpin: (s, { cpu }) => letGo(s, cpu) },
          },
        },
      },

      invariants: {
        noStructPageUAF: (s) => !s.touchedFreed,
        /** Nobody has pinned a page of a removed device, because DMA would go to unrelated memory. */
        noPinAcrossRemove: forAll({ cpu: Cpu }, (s, { cpu }) => s.memmap === 'old' || !hasPinned(s, cpu, 'old')),
        /** Nobody pins a page of the new owner through an old pte. */
        noCrossDomainPin: forAll({ cpu: Cpu }, (s, { cpu }) => !hasPinned(s, cpu, 'new')),
        noPfnMappedAfterRemove: forAll({ pfn: Pfn }, (s, { pfn }) => s.memmap === 'old' || !s.pte.has(pfn)),
      },

      goals: {
        isPinned: (s) => Cpu.some((cpu) => hasPinned(s, cpu, 'old')),
        isReused: (s) => s.pgmap === 'live-new' && s.memmap === 'new' && !s.initialRefs,
      },

      temporal: {
        /** A removal that has begun ends, unless the run ends earlier. */
        removeEnds: leadsTo(
          (s) => s.removal !== FIRST,
          (s) => s.removal === 'done' || s.touchedFreed,
        ),
      },

      measures: {
        /** Calls that unmap. With one call for each pfn, "billions" for a whole device. */
        unmapCalls: (s) => (unmap === 'range' ? Number(s.unmapped > 0) : s.unmapped),
        /** CPUs whose walk removal waits for: interrupts to answer, or a grace period. */
        cpusAwaited: (s) => Cpu.filter((cpu) => s.awaited.has(cpu)).length,
        /** CPUs whose references removal waits for, to a page or to the page map. */
        refsAwaited: (s) =>
          waitRefs === 'yes' && s.removal === 'devPagemapCleanup' ? Cpu.filter((cpu) => holdsOld(s, cpu)).length : 0,
        /** Ptes that lead to freed pages, or to pages of another owner. */
        ptesLeft: (s) => (s.memmap === 'old' ? 0 : Pfn.filter((pfn) => s.pte.has(pfn)).length),
      },

      deadlock: { unless: (s) => s.removal === 'done' || s.touchedFreed },
    })
  },
})
