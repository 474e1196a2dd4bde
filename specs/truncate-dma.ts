/**
 * Truncate versus DMA on DAX files.
 *
 * get_user_pages() pins a page, not the page's place in a file. With a page cache, DMA to a truncated page is harmless,
 * because the page is no longer part of the file. With DAX the page *is* the file system's block. If truncate frees a
 * block into which a device still writes, the allocator hands "a block under active DMA" to another file.
 *
 * Which proposed solution is safe? Which can hang? Which fails where nothing failed before? How many blocks does each
 * strand? `kripke compare specs/truncate-dma.ts --vary design` answers.
 *
 * Thread: Dan Williams and Jeff Layton, "[PATCH v3 12/13] dax: handle truncate of dma-busy pages", October 2017. Its
 * options 1 to 4 are `fail`, `wait-allocated`, `sequester` and `disable-dax`. From later kernel history, not from the
 * thread: the lease conflict rule as posted (`wait-allocated-v3`), the designs merged in 4.18 (`busy-page`,
 * dax_layout_busy_page()) and in 6.15 (`umount=drain`, dax_break_layout_final()), and keeping busy blocks on XFS's
 * in-core extent-busy list (`extent-busy`).
 *
 * Abstracted: a page is a block. A user is one get_user_pages() and the following DMA, over the pages of one file. For
 * direct I/O, `target` is the file that is read or written. A truncate is to size 0.
 *
 * Atomicity: one step is all work under one hold of the file's fault lock (XFS: MMAPLOCK), or one access to a page
 * table, a page reference, or the lease list. A lease disappears together with the DMA: the workers that reap and break
 * leases are omitted.
 *
 * Uncertain: (1) The thread does not say where the "same file" deadlock of FL_LAYOUT arises, so both orders of breaking
 * layouts and pinning are modeled (`dio`). (2) The merged code holds the I/O lock while waiting. That stops I/O to the
 * file, but not faults on a mapping of it, so `newPins=blocked` is optimistic for busy-page.
 */
import { Set } from 'immutable'
import { action, count, every, exists, forAll, goto, leadsTo, model, ofStep, oneOf, range, spec, step } from 'kripke'
import { unmapRange } from './kernel/page-table.ts'
import { mayLast } from './kernel/pins.ts'
import { constants } from './truncate-dma/constants.ts'
import { systemOf } from './truncate-dma/system.ts'

export default spec({
  name: 'truncate-dma',
  doc: 'Truncating a DAX file whose blocks are under DMA: which design is safe, and what does it cost?',
  constants,

  model: (values) => {
    const { design, pagesPerGup, race, gupOrder, gupFast, dio, newPins, reclaim, umount, scanFirst, wakeup, pins } =
      values
    const {
      isLease,
      isSetAside,
      isBusyPage,
      isDax,
      File,
      Block,
      User,
      NoneOrFile,
      Gup,
      State,
      isFile,
      isStranded,
      blocksOf,
      hasBlocks,
      isPinning,
      isPinned,
      isPinnedBy,
      hasPins,
      isLeased,
      mustWaitToBreak,
      isBusy,
      isTruncating,
      isLocked,
      keepsOutNewPins,
      isWaitingFor,
    } = systemOf(values)
    type State = ReturnType<typeof State>
    type File = (typeof File)[number]
    type Block = (typeof Block)[number]
    type User = (typeof User)[number]

    /** Frees blocks, and records the users whose DMA is active there. */
    const free = (s: State, isFreed: (block: Block) => boolean): State => {
      const freed = Block.filter(isFreed)
      const pinnedBy = (user: User) => freed.filter((block) => isPinnedBy(s, user, block))
      const users = User.filter((user) => exists(freed, (block) => isPinnedBy(s, user, block)))
      return s.merge({
        owner: freed.reduce((owner, block) => owner.set(block, 'free'), s.owner),
        gup: users.reduce((gup, user) => gup.updateIn([user, 'stale'], (stale) => stale.union(pinnedBy(user))), s.gup),
      })
    }

    /** Removes all mappings of the file's blocks. */
    const unmap = (s: State, file: File) => s.merge({ pte: unmapRange(s.pte, (_, mapped) => mapped === file) })

    // ── get_user_pages() and the following DMA ───────────────────────────────────────────────────────────────────────

    /** After pinning another page: asks for the next, breaks layouts, or starts DMA. */
    const afterPin = (s: State, user: User) => {
      const { pages, want, target } = s.gup.get(user)
      if (pages.size < want) return goto('pinNext', s)
      return goto(isLease && target !== 'none' && dio === 'pin-then-break' ? 'breakLayouts' : 'dma', s)
    }
    const reset = (s: State, user: User) => goto('idle', s.setIn(['gup', user], Gup()))

    return model(State, {
      init: State(),

      actions: {
        alloc: action({ file: File, block: Block }, (s, { file, block }) =>
          s.owner.get(block) === 'free' && s.truncate.get(file) === 'idle'
            ? s.setIn(['owner', block], file)
            : undefined,
        ),

        ...(isSetAside &&
          reclaim === 'on-idle' && {
            reclaim: action(
              { block: Block },
              (s, { block }) => {
                const owner = s.owner.get(block)
                return (owner === 'lost' || owner === 'busy') && !isPinned(s, block)
                  ? s.setIn(['owner', block], 'free')
                  : undefined
              },
              { fair: 'weak' },
            ),
          }),

        ...(umount !== 'off' && {
          /** Unmount and mount again. The list of busy extents is lost. DMA continues unless unmount waits for it. */
          remount: (s) => {
            if (!every(File, (file) => s.truncate.get(file) === 'idle')) return
            const isDrained = (user: User) =>
              s.user.get(user) === 'idle' || (umount === 'no-drain' && s.user.get(user) === 'dma')
            if (!every(User, isDrained) || exists(User, (user) => s.gup.get(user).leased)) return
            const isReclaimed = (block: Block) =>
              s.owner.get(block) === 'busy' || (reclaim === 'at-mount' && s.owner.get(block) === 'lost')
            const next = free(s, isReclaimed).merge({
              pte: unmapRange(s.pte, () => true),
              radix: s.radix.clear(),
            })
            return next.equals(s) ? undefined : next
          },
        }),
      },

      threads: {
        user: {
          /** Nobody has to begin, and a transfer over a long-term pin may last forever. */
          fair: 'weak',
          unfair: ['idle', ...mayLast(pins, 'dma')],
          at: {
            idle: {
              ...(isDax &&
                !isBusyPage && {
                  gupStart: step(
                    { block: Block, target: isLease ? NoneOrFile : oneOf('none'), want: range(1, pagesPerGup) },
                    (s, { user, block, target, want }) => {
                      const file = s.owner.get(block)
                      if (!isFile(file) || keepsOutNewPins(s, file)) return
                      if (want > 1 && want > blocksOf(s, file).length) return
                      if (dio === 'break-then-pin' && target !== 'none' && mustWaitToBreak(s, target)) return
                      const isRefFirst = isLease && gupOrder === 'ref-first'
                      const gup = Gup({ file, target, want, pages: Set([block]), leased: isLease && !isRefFirst })
                      const next = s.setIn(['gup', user], gup)
                      return isRefFirst ? goto('recordLease', next) : afterPin(next, user)
                    },
                  ),
                }),

              ...(isLease &&
                gupFast === 'on' && {
                  /** get_user_pages_fast() walks the page table without a lock and takes no lease. */
                  gupFast: step({ block: Block }, (s, { user, block }) => {
                    const file = s.owner.get(block)
                    return isFile(file)
                      ? goto('dma', s.setIn(['gup', user], Gup({ file, want: 1, pages: Set([block]) })))
                      : undefined
                  }),
                }),

              ...(!isDax && {
                /** Without DAX a page of the page cache is pinned, not a block. */
                gupPageCache: step({ file: File }, (s, { user, file }) =>
                  hasBlocks(s, file) ? goto('dma', s.setIn(['gup', user], Gup({ file, want: 1 }))) : undefined,
                ),
              }),

              ...(isBusyPage && {
                /** dax_iomap_fault(): maps the block and enters it in the mapping's radix tree. */
                fault: step({ block: Block }, (s, { user, block }) => {
                  const file = s.owner.get(block)
                  if (!isFile(file) || s.pte.get(user).get(block) === file) return
                  if (race === 'locked' && isTruncating(s, file)) return
                  if (newPins === 'blocked' && s.truncate.get(file) === 'waiting') return
                  return goto(
                    'idle',
                    s.setIn(['pte', user, block], file).update('radix', (all) => all.add(block)),
                  )
                }),
                /**
                 * gup_pte_range(), lock-free: reads the page table, takes a reference, and reads the page table again.
                 */
                fastRead: step({ block: Block }, (s, { user, block }) => {
                  const file = s.pte.get(user).get(block)
                  return file === 'none'
                    ? undefined
                    : goto('walked', s.setIn(['gup', user], Gup({ file, want: 1, pages: Set([block]) })))
                }),
              }),
            },

            /** If references come first, the lease is recorded only now. */
            recordLease: {
              ...(isLease &&
                gupOrder === 'ref-first' && {
                  leaseRec: (s, { user }) =>
                    keepsOutNewPins(s, s.gup.get(user).file as File)
                      ? undefined
                      : afterPin(s.setIn(['gup', user, 'leased'], true), user),
                }),
            },

            pinNext: {
              ...(pagesPerGup > 1 && {
                pinNext: step({ block: Block }, (s, { user, block }) => {
                  const { file, pages } = s.gup.get(user)
                  if (isLocked(s, file as File) || s.owner.get(block) !== file || pages.has(block)) return
                  return afterPin(
                    s.updateIn(['gup', user, 'pages'], (pinned) => pinned.add(block)),
                    user,
                  )
                }),
                /** The page does not exist any more: gives up, and drops its references. */
                pinFail: (s, { user }) => {
                  const { file, pages } = s.gup.get(user)
                  if (isLocked(s, file as File)) return
                  const isLeft = exists(Block, (block) => s.owner.get(block) === file && !pages.has(block))
                  return isLeft ? undefined : reset(s, user)
                },
              }),
            },

            breakLayouts: {
              ...(isLease &&
                dio === 'pin-then-break' && {
                  break: (s, { user }) =>
                    mustWaitToBreak(s, s.gup.get(user).target as File) ? undefined : goto('dma', s),
                }),
            },

            dma: { dmaDone: (s, { user }) => reset(s, user) },

            walked: { ...(isBusyPage && { fastRef: (s) => goto('referenced', s) }) },
            referenced: {
              ...(isBusyPage && {
                fastRecheck: (s, { user }) => {
                  const { file, pages } = s.gup.get(user)
                  return pages.every((block) => s.pte.get(user).get(block) === file) ? goto('dma', s) : reset(s, user)
                },
              }),
            },
          },
        },

        truncate: {
          fair: wakeup,
          unfair: ['idle'],
          at: {
            idle: { truncLock: (s, { file }) => (hasBlocks(s, file) ? goto('locked', s) : undefined) },

            locked: {
              ...((design === 'none' || design === 'disable-dax') && {
                truncCheck: (s) => goto('freeing', s),
              }),
              ...(design === 'fail' && {
                truncCheck: (s, { file }) => (hasPins(s, file) ? undefined : goto('freeing', s)),
                /** ETXTBSY, or another error that truncate(2) never returned before. */
                truncFail: (s, { file }) => (hasPins(s, file) ? goto('idle', s) : undefined),
              }),
              ...(isLease && {
                truncCheck: (s, { file }) => goto(isLeased(s, file) ? 'waiting' : 'freeing', s),
              }),
              ...(isSetAside && {
                /** Sets pinned blocks aside and frees the others, in one step. */
                truncSeq: (s, { file }) => {
                  if (race === 'check-then-free' && !hasPins(s, file)) return
                  const aside = blocksOf(s, file).filter((block) => isPinned(s, block))
                  const setAside = s.update('owner', (owner) =>
                    aside.reduce((all, block) => all.set(block, design === 'sequester' ? 'lost' : 'busy'), owner),
                  )
                  return goto(
                    'idle',
                    free(setAside, (block) => setAside.owner.get(block) === file),
                  )
                },
                ...(race === 'check-then-free' && {
                  truncCheck: (s, { file }) => (hasPins(s, file) ? undefined : goto('freeing', s)),
                }),
              }),
              ...(isBusyPage &&
                (scanFirst === 'yes'
                  ? { truncScan: (s, { file }) => goto(isBusy(s, file) ? 'waiting' : 'unmapped', s) }
                  : { truncUnmap: (s, { file }) => goto('unmapped', unmap(s, file)) })),
            },

            unmapped: {
              ...(isBusyPage &&
                (scanFirst === 'yes'
                  ? { truncUnmap: (s, { file }) => goto('freeing', unmap(s, file)) }
                  : { truncScan: (s, { file }) => goto(isBusy(s, file) ? 'waiting' : 'freeing', s) })),
            },

            freeing: {
              ...((!isSetAside || race === 'check-then-free') && {
                truncFree: (s, { file }) => {
                  const radix = s.radix.subtract(blocksOf(s, file))
                  return goto('idle', free(s, (block) => s.owner.get(block) === file).set('radix', radix))
                },
              }),
            },

            /** Waits, and then checks again. */
            waiting: {
              ...((isLease || isBusyPage) && {
                truncResume: (s, { file }) =>
                  (isLease ? isLeased(s, file) : isBusy(s, file)) ? undefined : goto('locked', s),
              }),
            },
          },
        },
      },

      invariants: {
        /**
         * "... filesystem is free to reallocate a block under active DMA to another file!" First, that the block is
         * free at all.
         */
        noFreeUnderDma: forAll(
          { user: User, block: Block },
          (s, { user, block }) => !(isPinnedBy(s, user, block) && s.owner.get(block) === 'free'),
        ),
        /** Second, that the block belongs to a file again, even to the same one. */
        noReallocUnderDma: forAll(
          { user: User, block: Block },
          (s, { user, block }) =>
            !(isPinning(s, user) && s.gup.get(user).stale.has(block) && isFile(s.owner.get(block))),
        ),
        /**
         * No user waits for itself, through others or directly. (A truncate waits only for users, so checking users
         * suffices.)
         */
        noWaitCycle: forAll({ user: User }, (s, { user }) => !isWaitingFor(s, user, user)),
      },

      transitions: {
        noUnexpectedFailure: ({ action }) => action !== 'truncFail',
        /** A truncate that does not fail leaves the file without blocks. */
        leavesNoBlocks: ({ action, before, after }) =>
          action === 'truncFail' ||
          File.every(
            (file) =>
              before.truncate.get(file) === 'idle' || after.truncate.get(file) !== 'idle' || !hasBlocks(after, file),
          ),
      },

      temporal: {
        truncateEnds: forAll({ file: File }, ({ file }) =>
          leadsTo(
            (s) => s.truncate.get(file) !== 'idle',
            (s) => s.truncate.get(file) === 'idle',
          ),
        ),
        gupEnds: forAll({ user: User }, ({ user }) =>
          leadsTo(
            (s) => s.user.get(user) !== 'idle',
            (s) => s.user.get(user) === 'idle',
          ),
        ),
        /** Blocks that were set aside are used again. */
        ...(isSetAside && {
          nothingStranded: forAll({ block: Block }, ({ block }) => {
            const isAside = (s: State) => s.owner.get(block) === 'lost' || s.owner.get(block) === 'busy'
            return leadsTo(isAside, (s) => !isAside(s))
          }),
        }),
      },

      measures: {
        /**
         * "I also wonder how we reclaim those stranded filesystem blocks": the number of stranded blocks at one time.
         */
        strandedBlocks: (s) => count(Block, (block) => isStranded(s, block)),
        /** Stranded blocks with active DMA. The others wait for `reclaim`. */
        strandedUnderDma: (s) => count(Block, (block) => isStranded(s, block) && isPinned(s, block)),
        /**
         * Option 2: truncates that wait at the same time. A state does not show how long they wait; see `truncateEnds`.
         */
        waitingTruncates: (s) => count(File, (file) => s.truncate.get(file) === 'waiting'),
        /** Option 1: "will throw failures where userspace has never expected them before". */
        failures: ofStep(({ action }) => (action === 'truncFail' ? 1 : 0)),
        /** Option 4 has no transfers into blocks at all. */
        transfers: (s) => count(User, (user) => s.user.get(user) === 'dma' && !s.gup.get(user).pages.isEmpty()),
      },
    })
  },
})
