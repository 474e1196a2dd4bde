/**
 * Unbinding the driver of a pmem device under a mounted file system.
 *
 * kill_dax() notifies the holder of the device, which may be a file system. Then it clears DAXDEV_ALIVE, so that nobody
 * finds a pfn any more, and waits for lookups in progress (synchronize_srcu()). After that the device and its pages are
 * gone. When XFS is notified, it walks its reverse map. It locks the DAX entry of each piece of file data, unmaps it,
 * and kills the processes that had it mapped. At metadata it shuts down and returns -EFSCORRUPTED, which ends the walk:
 * later file data stays mapped.
 *
 * The patch introduces MF_MEM_PRE_REMOVE, which tells the file system that the device is about to be removed. The file
 * system then flushes first, and skips metadata. The review: "Are all mappings invalidated after this point?" "As far
 * as I can see a process with an existing dax mapping will still be able to use it after this runs, no?" Can a mapping
 * be re-established? Who shuts the file system down? `kripke compare specs/unbind.ts --vary design` answers.
 *
 * Thread: Shiyang Ruan, "[RFC PATCH v6] mm, pmem, xfs: Introduce MF_MEM_REMOVE for unbind", July and August 2022, with
 * Dan Williams and Darrick J. Wong. Its designs (`PROGRAMS` lists the steps of each):
 *
 *     base            without the patch
 *     base-return0    shuts down at metadata and continues
 *     v5              flushes before it is known whether the mount is complete, and without s_umount
 *     v6              the patch
 *     v6+fix          the same, and shuts down after the walk
 *     devdax          device-dax, which the thread presents as the model: clears DAXDEV_ALIVE first, then unmaps its one inode.
 *                     Its faults insert a pfn within the SRCU section: install=inside
 *
 * From later kernel history, not from the thread: `fix61` (6.1: remembers metadata, and shuts down after the walk) and
 * `merged` (6.8: freezes, walks, shuts down, thaws). The others are variations: freezing also keeps read faults out
 * (`merged-allfreeze`); the steps have another order (`shutdown-first`, `kill-first`, `sync-kill-walk`); the code of
 * v6+fix merely clears DAXDEV_ALIVE first, so that a notification is refused (`kill-first-naive`).
 *
 * Abstracted: the reverse map has few records; `file1` is file data under one DAX entry. A process is an address space
 * with at most one fault at a time; a killed process is replaced by another. A reference taken by `grab` is kept to the
 * end. `base` also checks SB_BORN; the model omits that, because it decides nothing once the superblock is born.
 *
 * Atomicity: one step is one function of the unbind, including a flush, or one record of the walk. A fault has three
 * steps: it takes the entry lock; it looks up the pfn; it inserts the pfn and releases the lock.
 *
 * Uncertain: three results follow from reading the public code, not from the thread; please confirm. A read fault maps
 * a page behind the walk of `merged`. A mount that completes after the SB_BORN check does the same (sb=mounting). Walk
 * and fault wait for each other with the AGF buffer and the entry lock (agf=yes). An unmount during the notification
 * (sb=umount) assumes that nothing else pins the mount structure.
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
  listOf,
  members,
  model,
  ofStep,
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
import { isDrained } from './kernel/grace-period.ts'
import { allows, mapAll, pageTables, Pte, unmapRange, writeProtected } from './kernel/page-table.ts'
import { downWrite, mayWrite, rwSemaphore, upWrite } from './kernel/rw-semaphore.ts'

const NOTIFY = ['notify_failure', 'check_born'] as const
const FLUSH = ['down_write', 'sync_filesystem', 'up_write'] as const
const FREEZE = ['freeze_super', 'sb_wait_write'] as const
const KILL = ['clear_alive', 'synchronize_srcu'] as const

/** The steps of the unbind before the device is gone, by design. `steps` below describes them in kernel terms. */
const PROGRAMS = {
  base: ['notify_failure', 'rmap_query', ...KILL],
  'base-return0': ['notify_failure', 'rmap_query', ...KILL],
  v5: ['notify_failure', 'sync_filesystem', 'check_born', 'rmap_query', ...KILL],
  v6: [...NOTIFY, ...FLUSH, 'rmap_query', ...KILL],
  fix61: [...NOTIFY, 'rmap_query', 'shutdown_if_wanted', ...KILL],
  'v6+fix': [...NOTIFY, ...FLUSH, 'rmap_query', 'force_shutdown', ...KILL],
  merged: [...NOTIFY, ...FREEZE, 'rmap_query', 'force_shutdown', 'thaw_super', ...KILL],
  'merged-allfreeze': [...NOTIFY, ...FREEZE, 'rmap_query', 'force_shutdown', 'thaw_super', ...KILL],
  'shutdown-first': [...NOTIFY, ...FREEZE, 'force_shutdown', 'rmap_query', 'thaw_super', ...KILL],
  'kill-first-naive': [...KILL, ...NOTIFY, ...FLUSH, 'rmap_query', 'force_shutdown'],
  'kill-first': [...KILL, ...NOTIFY, ...FLUSH, 'rmap_query', 'force_shutdown'],
  'sync-kill-walk': ['check_born', ...FREEZE, ...KILL, 'notify_failure', 'rmap_query', 'force_shutdown', 'thaw_super'],
  devdax: [...KILL, 'unmap_mapping_range'],
} as const
type Design = keyof typeof PROGRAMS
type Label = (typeof PROGRAMS)[Design][number] | 'release'

type Kind = 'D' | 'M'

/** The records of the reverse map, in order. D is file data and M metadata: DMD gives `file1`, `metadata1`, `file2`. */
const recordsOf = (kinds: readonly Kind[]) =>
  kinds.map((kind, i) => {
    const number = kinds.slice(0, i + 1).filter((other) => other === kind).length
    return kind === 'D' ? (`file${number}` as const) : (`metadata${number}` as const)
  })

export default spec({
  name: 'unbind',
  doc: 'Unbinding a pmem driver under a mounted file system: are all mappings gone when the device is?',
  constants: {
    design: constant(oneOf(...(Object.keys(PROGRAMS) as Design[])), 'base', 'what the unbind does, and in which order'),
    kinds: constant(
      listOf(oneOf('D', 'M'), 8),
      ['D', 'M', 'D'],
      'the reverse map, such as DMD: file data (D) and metadata (M)',
    ),
    processes: constant(range(1, 6), 2, 'processes that map the files'),
    install: constant(
      oneOf('after', 'inside'),
      'after',
      'whether a fault inserts the pfn after the SRCU section in which it looked it up (fs-dax), or inside (device-dax)',
    ),
    collect: constant(
      oneOf('all', 'current-only'),
      'all',
      'which processes the walk finds, and unmaps: before 6.8 only the one that unbinds',
    ),
    sb: constant(
      oneOf('born', 'mounting', 'umount'),
      'born',
      'whether the superblock stays as it is, is being mounted, or may be unmounted',
    ),
    grab: constant(oneOf('no', 'yes'), 'no', 'whether the SB_BORN check takes a reference to the superblock'),
    agf: constant(
      oneOf('no', 'yes'),
      'no',
      'whether the walk locks the AGF buffer, which a write fault needs to allocate a block',
    ),
    start: constant(oneOf('both', 'mapped', 'unmapped'), 'both', 'whether the files are mapped at first, and writable'),
    wakeup: constant(
      oneOf('weak', 'strong'),
      'weak',
      'whether an unbind that waits for an entry lock may be overtaken for ever',
    ),
  },

  assumptions: { 'some record is file data': ({ kinds }) => kinds.includes('D') },

  model: ({ design, kinds, processes, install, collect, sb, grab, agf, start, wakeup }) => {
    const program: readonly Label[] = [...PROGRAMS[design], 'release']
    const isFileSystem = design !== 'devdax'

    const records = recordsOf(kinds)
    const File = members('file', records.filter((record) => record.startsWith('file')).length)
    const Process = members('process', processes, { symmetric: true })
    const Access = oneOf('read', 'write')
    const Fault = record({ file: optional(File), access: Access })
    const Unbind = oneOf('unbind')

    const State = schema({
      /**
       * Ends at `gone`, without the device and its pages, or at `oops`, if the file system used a superblock that was
       * not live.
       */
      unbind: thread(...program, 'gone', 'oops'),
      /** The next record of the walk. */
      record: oneOf(...records, 'end'),
      /** Whether the walk ended early. */
      aborted: bool(),
      /** Whether the walk found metadata, so that the file system must be shut down after it. */
      shutdownWanted: bool(),

      /** DAXDEV_ALIVE. */
      alive: bool(),
      sb: oneOf('born', 'mounting', 'dead'),
      shutDown: bool(),
      frozen: bool(),
      /** s_umount. An unmount holds it exclusively too. */
      sUmount: rwSemaphore(Unbind, Unbind),
      /** Whether the unbind holds a reference to the superblock, and the AGF buffer. */
      sbGrabbed: bool(),
      agfLocked: bool(),

      /** At `lookUpPfn` a fault holds the entry lock. At `insertPfn` it has also found a pfn. */
      process: thread({ process: Process }, 'idle', 'lookUpPfn', 'insertPfn'),
      fault: mapOf(Process, Fault),
      /** Page tables: the accesses to a file that a process can make without a fault. */
      pte: pageTables(Process, File, Pte),
      /** Files with stores that are not flushed. */
      dirty: setOf(File),
    })
    type State = ReturnType<typeof State>
    type File = (typeof File)[number]
    type Process = (typeof Process)[number]
    type Access = 'read' | 'write'

    // ── References and locks ─────────────────────────────────────────────────────────────────────────────────────────

    const isGone = (s: State) => s.unbind === 'gone'
    const isRunning = (s: State) => s.unbind !== 'oops'
    const isFile = (record: State['record']): record is File => record.startsWith('file')

    const isFaulting = (s: State, process: Process) => s.process.get(process) !== 'idle'
    /** A fault holds the lock of its DAX entry. device-dax has no such lock. */
    const isEntryLocked = (s: State, file: File) =>
      isFileSystem && Process.some((process) => s.fault.get(process).file === file)
    /** Whether the process is in the SRCU section that covers the lookup of a pfn. */
    const isInSrcuSection = (s: State, process: Process) =>
      install === 'inside' && s.process.get(process) === 'insertPfn'

    const mayAccess = (s: State, process: Process, file: File, access: Access) =>
      allows(s.pte.get(process).get(file), access)
    const isMapped = (s: State, process: Process, file: File) => mayAccess(s, process, file, 'read')

    /** sb_start_pagefault() keeps faults out while the file system is frozen, and only write faults call it. */
    const isStoppedByFreeze = (access: Access) => access === 'write' || design === 'merged-allfreeze'
    const mustDrain = (s: State, process: Process) =>
      isFaulting(s, process) && isStoppedByFreeze(s.fault.get(process).access)
    /** A write fault allocates its block under the AGF lock while it holds the entry lock. */
    const mustWaitForAgf = (s: State, process: Process) => s.agfLocked && s.fault.get(process).access === 'write'

    /**
     * Whether the next step of the unbind must wait for this fault: for its entry lock, its freeze protection, or SRCU.
     */
    const isAwaited = (s: State, process: Process) => {
      switch (s.unbind) {
        case 'rmap_query':
          return isFileSystem && !s.shutDown && mayLockEntry(s) && s.fault.get(process).file === s.record
        case 'sb_wait_write':
          return mustDrain(s, process)
        case 'synchronize_srcu':
          return isInSrcuSection(s, process)
        default:
          return false
      }
    }

    // ── Changes of page tables ───────────────────────────────────────────────────────────────────────────────────────

    const unmap = (s: State, isUnmapped: (file: File) => boolean) => s.set('pte', unmapRange(s.pte, isUnmapped))

    /** Writes back and write-protects all dirty pages, if the device is alive. */
    const flush = (s: State) =>
      s.alive ? s.merge({ dirty: s.dirty.clear(), pte: s.pte.map((row) => row.map(writeProtected)) }) : s

    // ── The walk ─────────────────────────────────────────────────────────────────────────────────────────────────────

    const toNextRecord = (s: State) => {
      const next = records[records.indexOf(s.record as (typeof records)[number]) + 1]
      return goto('rmap_query', s.set('record', next ?? 'end'))
    }
    /** The number of file data records from this one on. */
    const fileDataFrom = (record: State['record']) =>
      record === 'end' ? 0 : records.slice(records.indexOf(record)).filter(isFile).length
    const endWalk = (s: State) => s.merge({ record: records[0]!, agfLocked: false })

    /** Whether the walk has taken the lock that comes before the lock of a DAX entry. */
    const mayLockEntry = (s: State) => agf === 'no' || s.agfLocked
    /** mf_dax_kill_procs(), under dax_lock_mapping_entry(). If it finds nobody to kill, it unmaps nothing. */
    const killProcs = (s: State, file: File) => {
      if (!mayLockEntry(s)) return goto('rmap_query', s.set('agfLocked', true))
      if (isEntryLocked(s, file)) return
      return toNextRecord(collect === 'all' ? unmap(s, (one) => one === file) : s)
    }

    /** xfs_dax_failure_fn() for a record that is not file data. */
    const failMetadata = (s: State) => {
      switch (design) {
        case 'base':
          return endWalk(s.merge({ shutDown: true, aborted: true }))
        case 'base-return0':
          return toNextRecord(s.set('shutDown', true))
        case 'fix61':
          return toNextRecord(s.set('shutdownWanted', true))
        default:
          return toNextRecord(s)
      }
    }

    // ── The unbind, in the order of v6 and merged ────────────────────────────────────────────────────────────────────

    /** Where the unbind continues after a failed notification, because kill_dax() ignores the result. */
    const afterNotification = program.indexOf('clear_alive') > program.indexOf('check_born') ? 'clear_alive' : 'release'
    /** Uses the superblock, which must be live. */
    const onLiveSb = (s: State, next: (s: State) => State | undefined) => (s.sb === 'born' ? next(s) : goto('oops', s))

    const steps = {
      /** dax_holder_notify_failure(): -ENXIO if the device is not alive. */
      notify_failure: (s: State) => (design === 'kill-first-naive' && !s.alive ? goto('release', s) : s),
      /** xfs_dax_notify_failure(): "filesystem is not ready for notify_failure()!" */
      check_born: (s: State) => {
        if (s.sb !== 'born') return goto(afterNotification, s)
        return s.set('sbGrabbed', grab === 'yes')
      },

      /** down_write(&mp->m_super->s_umount), and its up_write(). */
      down_write: (s: State) => onLiveSb(s, (live) => live.update('sUmount', (sem) => downWrite(sem, 'unbind'))),
      sync_filesystem: (s: State) => onLiveSb(s, flush),
      up_write: (s: State) => s.update('sUmount', upWrite),

      freeze_super: (s: State) => onLiveSb(s, (live) => live.set('frozen', true)),
      /** Within freeze_super(): waits for the faults that it will keep out, and flushes. */
      sb_wait_write: (s: State) =>
        onLiveSb(s, (live) => (isDrained(Process, (process) => mustDrain(live, process)) ? flush(live) : undefined)),

      /**
       * xfs_dax_notify_ddev_failure(): a record, or the end. If the file system is shut down, the query fails with
       * -EIO.
       */
      rmap_query: (s: State) => {
        if (s.record === 'end') return endWalk(s)
        if (s.shutDown) return endWalk(s.set('aborted', true))
        if (isFile(s.record)) return killProcs(s, s.record)
        return failMetadata(s.set('agfLocked', agf === 'yes'))
      },

      /** xfs_force_shutdown(), if the walk found metadata or failed; or always. */
      shutdown_if_wanted: (s: State) => (s.shutdownWanted || s.aborted ? s.set('shutDown', true) : s),
      force_shutdown: (s: State) => s.set('shutDown', true),
      thaw_super: (s: State) => s.set('frozen', false),

      /** kill_dax(): clear_bit(DAXDEV_ALIVE, &dax_dev->flags). */
      clear_alive: (s: State) => s.set('alive', false),
      synchronize_srcu: (s: State) => (isDrained(Process, (process) => isInSrcuSection(s, process)) ? s : undefined),
      /** kill_dev_dax(): the one inode of the device. */
      unmap_mapping_range: (s: State) => unmap(s, () => true),
      /** devres_release_all() continues, and memunmap_pages() frees the pages. */
      release: (s: State) => s,
    }
    const isInProgram = ([label]: [string, unknown]) => program.includes(label as Label)
    const stepsOfProgram = Object.fromEntries(Object.entries(steps).filter(isInProgram)) as typeof steps

    const unmapped = State({ alive: true, sb: sb === 'mounting' ? 'mounting' : 'born' })
    const mapped = unmapped.set('pte', mapAll(unmapped.pte, 'write'))

    return model(State, {
      init: { both: [unmapped, mapped], mapped: [mapped], unmapped: [unmapped] }[start],

      threads: {
        unbind: {
          fair: wakeup,
          /** Nobody has to unbind. */
          unfair: [program[0]!],
          at: { ...stepsOfProgram, gone: {}, oops: {} },
        },

        /** dax_iomap_fault(), or dev_dax_fault(). */
        process: {
          guard: isRunning,
          /** Nobody has to begin. */
          fair: 'weak',
          unfair: ['idle'],
          at: {
            idle: {
              faultStart: step({ file: File, access: Access }, (s, { process, file, access }) => {
                if (s.sb !== 'born' || s.shutDown || (s.frozen && isStoppedByFreeze(access))) return
                if (mayAccess(s, process, file, access) || isEntryLocked(s, file)) return
                return s.setIn(['fault', process], Fault({ file, access }))
              }),
            },
            /** dax_direct_access() under dax_read_lock(). */
            lookUpPfn: {
              faultPfn: (s, { process }) => (s.alive && !mustWaitForAgf(s, process) ? s : undefined),
              faultFail: (s, { process }) =>
                !s.alive && !mustWaitForAgf(s, process)
                  ? goto('idle', s.setIn(['fault', process], Fault()))
                  : undefined,
            },
            /** vmf_insert_mixed(). */
            insertPfn: {
              faultInstall: (s, { process }) => {
                const { file, access } = s.fault.get(process)
                const done = s.setIn(['fault', process], Fault())
                if (mayAccess(s, process, file!, access)) return goto('idle', done)
                return goto('idle', done.setIn(['pte', process, file!], access))
              },
            },
          },
        },
      },

      actions: {
        /** Also during a fault, because a process has several threads. */
        store: action({ process: Process, file: File }, (s, { process, file }) =>
          isRunning(s) && mayAccess(s, process, file, 'write') && !s.dirty.has(file)
            ? s.update('dirty', (dirty) => dirty.add(file))
            : undefined,
        ),

        ...(sb === 'mounting' && {
          mountDone: (s: State) => (isRunning(s) && s.sb === 'mounting' ? s.set('sb', 'born') : undefined),
        }),

        ...(sb === 'umount' && {
          /** Unmount of a file system that nobody uses. */
          umount: (s: State) => {
            if (!isRunning(s) || s.sb !== 'born' || !mayWrite(s.sUmount) || s.sbGrabbed) return
            const isUsed = (process: Process) =>
              isFaulting(s, process) || File.some((file) => isMapped(s, process, file))
            return Process.some(isUsed) ? undefined : s.set('sb', 'dead')
          },
        }),
      },

      invariants: {
        noPfnMappedAfterRemove: forAll(
          { process: Process, file: File },
          implies(isGone, (s, { process, file }) => !isMapped(s, process, file)),
        ),
        allRecordsVisited: (s) => !s.aborted,
        syncOnLiveSb: (s) => s.unbind !== 'oops',
        fsDownAfterRemove: isFileSystem
          ? implies(
              (s) => isGone(s) && s.sb === 'born',
              (s) => s.shutDown,
            )
          : undefined,
      },

      transitions: {
        noDirtyLost: isFileSystem
          ? forAll(
              { file: File },
              ({ before, after }, { file }) => isGone(before) || !isGone(after) || !before.dirty.has(file),
            )
          : undefined,
        noStoreAfterRemove: ({ action, before }) => !(action === 'store' && isGone(before)),
      },

      goals: {
        ...(isFileSystem && { isDirty: (s: State) => !s.dirty.isEmpty() }),
      },

      temporal: {
        /** An unbind cannot fail, so it must end. */
        unbindEnds: leadsTo((s) => s.unbind !== program[0], isGone),
      },

      measures: {
        /** Ptes through which processes reach the pages of a removed device. */
        ptesLeft: (s) =>
          isGone(s) ? Process.flatMap((process) => File.filter((file) => isMapped(s, process, file))).length : 0,
        ...(isFileSystem && {
          /**
           * Pieces of file data whose stores were not flushed when the device went. For device-dax its user must flush.
           */
          filesLost: ofStep(({ before, after }) =>
            !isGone(before) && isGone(after) ? File.filter((file) => before.dirty.has(file)).length : 0,
          ),
          /**
           * Pieces of file data that a walk omits because it ends early. The processes that have them mapped are not
           * informed.
           */
          filesNotWalked: ofStep(({ before, after }) =>
            !before.aborted && after.aborted ? fileDataFrom(before.record) : 0,
          ),
        }),
        /**
         * Faults that delay the next step of the unbind.
         *
         */
        faultsAwaited: (s) => Process.filter((process) => isAwaited(s, process)).length,
      },

      deadlock: { unless: (s) => isGone(s) || !isRunning(s) },
    })
  },
})
