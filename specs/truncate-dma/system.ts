/**
 * The state of `truncate-dma.ts`: files, blocks and users of DMA, their references and locks, and who waits for whom.
 *
 * `truncate-dma.ts` defines the steps.
 */
import { bool, exists, mapOf, members, oneOf, range, record, schema, setOf, thread } from 'kripke'
import { pageTables } from '../kernel/page-table.ts'
import { isWithin } from '../kernel/section.ts'
import type { Constants } from './constants.ts'

export const systemOf = ({ design, files, blocks, users, pagesPerGup, race, holdLock, newPins }: Constants) => {
  const isLease = design === 'wait-layout' || design === 'wait-allocated' || design === 'wait-allocated-v3'
  const isSetAside = design === 'sequester' || design === 'extent-busy'
  const isBusyPage = design === 'busy-page'
  const isDax = design !== 'disable-dax'

  const File = members('file', files, { symmetric: true })
  const Block = members('block', blocks, { symmetric: true })
  const User = members('user', users, { symmetric: true })
  const NoneOrFile = oneOf('none', ...File)

  /** One get_user_pages() and the following DMA. */
  const Gup = record({
    /** The file whose pages are pinned. */
    file: NoneOrFile,
    /** The file that a direct I/O reads or writes. Its buffer is mapped from `file`. */
    target: NoneOrFile,
    /** The number of requested pages. */
    want: range(0, pagesPerGup),
    pages: setOf(Block),
    /** Pinned pages that were freed meanwhile. */
    stale: setOf(Block),
    /** Whether the lease list of `file` contains a lease of this user. */
    leased: bool(),
  })

  const State = schema({
    /** `lost`: in an inode like lost+found. `busy`: on the in-core list of busy extents. */
    owner: mapOf(Block, oneOf('free', 'lost', 'busy', ...File)),
    truncate: thread({ file: File }, 'idle', 'locked', 'unmapped', 'freeing', 'waiting'),
    user: thread({ user: User }, 'idle', 'recordLease', 'pinNext', 'breakLayouts', 'dma', 'walked', 'referenced'),
    gup: mapOf(User, Gup),
    /** Page tables: the file through which a user has a block mapped. Used only by busy-page, like `radix`. */
    pte: pageTables(User, Block, NoneOrFile),
    /** Blocks with an entry in their mapping's radix tree. */
    radix: setOf(Block),
  })
  type State = ReturnType<typeof State>
  type File = (typeof File)[number]
  type Block = (typeof Block)[number]
  type User = (typeof User)[number]

  // ── References and locks ─────────────────────────────────────────────────────────────────────────────────────────

  const isFile = (owner: string): owner is File => !['free', 'lost', 'busy'].includes(owner)
  const isStranded = (s: State, block: Block) => ['lost', 'busy'].includes(s.owner.get(block))
  const blocksOf = (s: State, file: File) => Block.filter((block) => s.owner.get(block) === file)
  const hasBlocks = (s: State, file: File) => exists(Block, (block) => s.owner.get(block) === file)

  /** Whether the user has pages pinned: from the first reference until DMA is done. */
  const isPinning = (s: State, user: User) =>
    isWithin(s.user.get(user), 'recordLease', 'pinNext', 'breakLayouts', 'dma')
  const isPinnedBy = (s: State, user: User, block: Block) => isPinning(s, user) && s.gup.get(user).pages.has(block)
  const isPinned = (s: State, block: Block) => exists(User, (user) => isPinnedBy(s, user, block))
  const hasPins = (s: State, file: File) => exists(blocksOf(s, file), (block) => isPinned(s, block))

  const hasLease = (s: State, user: User, file: File) => s.gup.get(user).leased && s.gup.get(user).file === file
  const isLeased = (s: State, file: File) => exists(User, (user) => hasLease(s, user, file))
  /** Whether breaking the layouts of a file must wait for leases that gup took on it. */
  const mustWaitToBreak = (s: State, file: File) =>
    (design === 'wait-layout' || design === 'wait-allocated-v3') && isLeased(s, file)

  /** Whether the user holds a reference that dax_layout_busy_page() finds: to a page with an entry. */
  const keepsBusy = (s: State, user: User, file: File) =>
    (isPinning(s, user) || s.user.get(user) === 'referenced') &&
    exists(Block, (block) => s.owner.get(block) === file && s.radix.has(block) && s.gup.get(user).pages.has(block))
  const isBusy = (s: State, file: File) => exists(User, (user) => keepsBusy(s, user, file))

  /** Whether truncate is in progress and not waiting. */
  const isTruncating = (s: State, file: File) => isWithin(s.truncate.get(file), 'locked', 'unmapped', 'freeing')
  /** Whether truncate holds the fault lock of the file. */
  const isLocked = (s: State, file: File) =>
    (race === 'locked' && isTruncating(s, file)) || (holdLock === 'yes' && s.truncate.get(file) === 'waiting')
  const keepsOutNewPins = (s: State, file: File) =>
    isLocked(s, file) || (newPins === 'blocked' && s.truncate.get(file) === 'waiting')

  // ── Who waits for whom ───────────────────────────────────────────────────────────────────────────────────────────

  /** The users that a user waits for at this moment, skipping truncates in between. */
  const awaitedBy = (s: State, user: User): readonly User[] => {
    const { file, target } = s.gup.get(user)
    switch (s.user.get(user)) {
      case 'breakLayouts':
        return target !== 'none' && mustWaitToBreak(s, target) ? User.filter((one) => hasLease(s, one, target)) : []
      case 'recordLease':
        return file !== 'none' && keepsOutNewPins(s, file) ? awaitedByTruncate(s, file) : []
      case 'pinNext':
        return file !== 'none' && isLocked(s, file) ? awaitedByTruncate(s, file) : []
      default:
        return []
    }
  }
  const awaitedByTruncate = (s: State, file: File): readonly User[] =>
    s.truncate.get(file) === 'waiting'
      ? User.filter((user) => (isLease ? hasLease(s, user, file) : keepsBusy(s, user, file)))
      : []

  const isWaitingFor = (s: State, from: User, to: User, visited: readonly User[] = []): boolean =>
    awaitedBy(s, from).some(
      (next) => next === to || (!visited.includes(next) && isWaitingFor(s, next, to, [...visited, next])),
    )

  return {
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
  }
}
