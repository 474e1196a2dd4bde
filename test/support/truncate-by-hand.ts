/**
 * An independent model of truncate versus DMA, with plain objects and no Kripke code: two files, one page for each
 * user, and all knobs of the spec at their defaults. It was written from the description in mathematical notation, and
 * keeps its short names.
 */

export interface ByHand {
  readonly states: number
  readonly transitions: number
  /** Maxima over all states: blocks set aside, waiting truncates, users that transfer into a block. */
  readonly stranded: number
  /** Stranded blocks that are still pinned. */
  readonly strandedUnderDma: number
  readonly waiting: number
  readonly transfers: number
  /** Steps that fail a truncate. */
  readonly failures: number
}

interface User {
  pc: 'I' | 'B' | 'D' | 'F1' | 'F2'
  /** File and target: 1 and 2, 0 for none. */
  bf: number
  tgt: number
  want: number
  bufs: number[]
  stale: number[]
  ls: boolean
}

interface State {
  /** By block: FREE, ASIDE, or a file. */
  owner: number[]
  /** By file, from 1. */
  t: ('idle' | 'locked' | 'unmapped' | 'go' | 'waiting')[]
  users: User[]
  pte: number[][]
  entry: number[]
}

const FREE = 0
const ASIDE = -1
const FILES = [1, 2]
const IDLE: User = { pc: 'I', bf: 0, tgt: 0, want: 0, bufs: [], stale: [], ls: false }

/** Enumerates all states that a design can reach. */
export function truncateByHand(design: string, blockCount = 2, userCount = 2): ByHand {
  const BLOCKS = Array.from({ length: blockCount }, (_, block) => block)
  const USERS = Array.from({ length: userCount }, (_, user) => user)
  const isLease = design.startsWith('wait-')
  const isAside = design === 'sequester' || design === 'extent-busy'
  const isBusyPage = design === 'busy-page'

  const pinned = (s: State): number[] => s.users.flatMap(({ pc, bufs }) => (pc === 'B' || pc === 'D' ? bufs : []))
  const referenced = (s: State): number[] => [
    ...pinned(s),
    ...s.users.flatMap(({ pc, bufs }) => (pc === 'F2' ? bufs : [])),
  ]
  const blocks = (s: State, f: number): number[] => BLOCKS.filter((b) => s.owner[b] === f)
  const leased = (s: State, f: number): boolean => s.users.some(({ ls, bf }) => ls && bf === f)
  const conflict = (s: State, f: number): boolean =>
    (design === 'wait-layout' || design === 'wait-allocated-v3') && leased(s, f)
  const isTruncating = (s: State, f: number): boolean => ['locked', 'unmapped', 'go'].includes(s.t[f]!)
  const isBusy = (s: State, f: number): boolean =>
    blocks(s, f).some((b) => referenced(s).includes(b) && s.entry.includes(b))
  const free = (s: State, freed: readonly number[]): void => {
    for (const b of freed) s.owner[b] = FREE
    for (const user of s.users) {
      if (user.pc !== 'B' && user.pc !== 'D') continue
      user.stale = [...new Set([...user.stale, ...user.bufs.filter((b) => freed.includes(b))])].sort()
    }
  }

  function successors(s: State): [label: string, next: State][] {
    const out: [string, State][] = []
    const step = (label: string, change: (next: State) => void): void => {
      const next = structuredClone(s)
      change(next)
      out.push([label, next])
    }
    for (const f of FILES) {
      for (const b of BLOCKS) if (s.owner[b] === FREE && s.t[f] === 'idle') step('alloc', (n) => (n.owner[b] = f))
      truncate(s, f, step)
    }
    for (const p of USERS) user(s, p, step)
    if (isAside) {
      for (const b of BLOCKS)
        if (s.owner[b] === ASIDE && !pinned(s).includes(b)) step('reclaim', (n) => (n.owner[b] = FREE))
    }
    return out
  }

  type Take = (label: string, change: (next: State) => void) => void

  function truncate(s: State, f: number, step: Take): void {
    const to = (t: State['t'][number]) => (n: State) => void (n.t[f] = t)
    const isPinned = blocks(s, f).some((b) => pinned(s).includes(b))
    switch (s.t[f]) {
      case 'idle':
        if (blocks(s, f).length > 0) step('truncLock', to('locked'))
        return
      case 'locked':
        if (design === 'none' || design === 'disable-dax') step('truncCheck', to('go'))
        else if (design === 'fail') step(isPinned ? 'truncFail' : 'truncCheck', to(isPinned ? 'idle' : 'go'))
        else if (isLease) step('truncCheck', to(leased(s, f) ? 'waiting' : 'go'))
        else if (isBusyPage) {
          step('truncUnmap', (n) => {
            n.pte = n.pte.map((row) => row.map((mapped) => (mapped === f ? 0 : mapped)))
            n.t[f] = 'unmapped'
          })
        } else {
          step('truncSeq', (n) => {
            const aside = blocks(n, f).filter((b) => pinned(n).includes(b))
            for (const b of aside) n.owner[b] = ASIDE
            free(n, blocks(n, f))
            n.t[f] = 'idle'
          })
        }
        return
      case 'unmapped':
        return step('truncScan', to(isBusy(s, f) ? 'waiting' : 'go'))
      case 'go':
        return step('truncFree', (n) => {
          const own = blocks(n, f)
          free(n, own)
          n.entry = n.entry.filter((b) => !own.includes(b))
          n.t[f] = 'idle'
        })
      case 'waiting':
        if (!(isBusyPage ? isBusy(s, f) : leased(s, f))) step('truncResume', to('locked'))
    }
  }

  function user(s: State, p: number, step: Take): void {
    const { pc, bf, tgt, bufs } = s.users[p]!
    const become = (change: Partial<User>) => (n: State) => void (n.users[p] = { ...n.users[p]!, ...change })
    const reset = become(IDLE)
    if (pc === 'B' && !conflict(s, tgt)) step('break', become({ pc: 'D' }))
    if (pc === 'D') step('dmaDone', reset)
    if (pc === 'F1') step('fastRef', become({ pc: 'F2' }))
    if (pc === 'F2') step('fastRecheck', s.pte[p]![bufs[0]!] === bf ? become({ pc: 'D' }) : reset)
    if (pc !== 'I') return
    if (design === 'disable-dax') {
      for (const f of FILES)
        if (blocks(s, f).length > 0) step('gupPageCache', become({ pc: 'D', bf: f, want: 1, bufs: [] }))
      return
    }
    for (const b of BLOCKS) {
      const f = s.owner[b]!
      if (isBusyPage) {
        if (f > 0 && s.pte[p]![b] !== f && !isTruncating(s, f)) {
          step('fault', (n) => {
            n.pte[p]![b] = f
            n.entry = [...new Set([...n.entry, b])].sort()
          })
        }
        const mapped = s.pte[p]![b]!
        if (mapped > 0) step('fastRead', become({ pc: 'F1', bf: mapped, want: 1, bufs: [b] }))
      } else if (f > 0 && !isTruncating(s, f)) {
        for (const g of isLease ? [0, ...FILES] : [0]) {
          const next = isLease && g > 0 ? 'B' : 'D'
          step('gupStart', become({ pc: next, bf: f, tgt: g, want: 1, bufs: [b], stale: [], ls: isLease }))
        }
      }
    }
  }

  const first: State = {
    owner: BLOCKS.map(() => FREE),
    t: ['idle', 'idle', 'idle'],
    users: USERS.map(() => IDLE),
    pte: USERS.map(() => BLOCKS.map(() => 0)),
    entry: [],
  }
  const seen = new Set([JSON.stringify(first)])
  const found = { states: 0, transitions: 0, stranded: 0, strandedUnderDma: 0, waiting: 0, transfers: 0, failures: 0 }
  // The iteration includes entries that are added meanwhile.
  for (const key of seen) {
    const s = JSON.parse(key) as State
    found.states++
    const aside = BLOCKS.filter((b) => s.owner[b] === ASIDE)
    const isPinned = pinned(s)
    found.stranded = Math.max(found.stranded, aside.length)
    found.strandedUnderDma = Math.max(found.strandedUnderDma, aside.filter((b) => isPinned.includes(b)).length)
    found.waiting = Math.max(found.waiting, s.t.filter((t) => t === 'waiting').length)
    found.transfers = Math.max(found.transfers, s.users.filter(({ pc, bufs }) => pc === 'D' && bufs.length > 0).length)
    for (const [label, next] of successors(s)) {
      found.transitions++
      if (label === 'truncFail') found.failures++
      seen.add(JSON.stringify(next))
    }
  }
  return found
}
