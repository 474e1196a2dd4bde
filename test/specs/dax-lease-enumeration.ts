/**
 * An independent model of the design page "life cycle of one `dax_lease`", in the page's notation: plain objects, text
 * as keys, no Kripke code.
 *
 * It makes these choices where the page is open. A `dl_break_work` that finds PAGES missing makes no step. A step that
 * finds the object freed still advances, except the first step of the reap work. Break-all ends at the first freed
 * lease, in the order of the leases; so leases are not interchangeable there, although the page says that they are.
 */

/** The page's knobs, with their values for v3. */
const V3 = {
  initRef: 2,
  listRef: true,
  reapRef: true,
  breakRef: true,
  breakPut: true,
  flush: true,
  breakBit: true,
  corePending: true,
  pagesWait: true,
  writeBarrier: true,
  readBarrier: true,
  waitHoldingLock: false,
  pinFirst: false,
  leaseFail: 'off',
  /** Not on the page: whether Break-all continues after a freed lease. */
  goesOn: false,
}
export type Knobs = Partial<typeof V3>

/** One lease: `g`, `bw` and `rw` are the program counters of gup, break worker and reaper. */
const LEASE = {
  ...{ g: 0, on: false, freed: false, cnt: 0, PAGES: false, BREAK: false, nr: 0, pend: false },
  ...{ bw: 0, nrc: -1, rq: false, rw: 0, fref: false },
}
type Lease = typeof LEASE
interface State {
  T: number
  err: number
  readonly leases: Lease[]
}

export interface Enumeration {
  readonly states: number
  readonly transitions: number
  readonly depth: number
  /** Reachable states that become unreachable if their leases are reversed. */
  readonly lopsided: number
  /** Maxima over all states: references of one lease, and leases on the list after DMA. */
  readonly references: number
  readonly idleLeases: number
}

const PINNED = [2, 3, 30, 4, 5, 21]

/** Enumerates all states that `size` leases on `pages` pages can reach. */
export function enumerate(size: number, pages: number, design: Knobs): Enumeration {
  const initial: State = { T: 0, err: 0, leases: Array.from({ length: size }, () => LEASE) }
  const seen = new Set([JSON.stringify(initial)])
  let frontier = [initial]
  let transitions = 0
  let depth = -1
  for (; frontier.length > 0; depth++) {
    const next: State[] = []
    for (const state of frontier) {
      for (const successor of successors(state, pages, { ...V3, ...design })) {
        transitions++
        const key = JSON.stringify(successor)
        if (seen.has(key)) continue
        seen.add(key)
        next.push(successor)
      }
    }
    frontier = next
  }
  const mirrored = [...seen].map((key) => {
    const { T, err, leases } = JSON.parse(key) as State
    return JSON.stringify({ T, err, leases: leases.toReversed() })
  })
  const all = Array.from(seen, (key) => (JSON.parse(key) as State).leases)
  return {
    ...{ states: seen.size, transitions, depth, lopsided: mirrored.filter((key) => !seen.has(key)).length },
    references: most(all, (leases) => Math.max(...leases.map(({ cnt }) => cnt))),
    idleLeases: most(all, (leases) => leases.filter(({ g, on }) => g === 6 && on).length),
  }
}

const most = (all: readonly Lease[][], measure: (leases: readonly Lease[]) => number): number =>
  all.reduce((greatest, leases) => Math.max(greatest, measure(leases)), 0)

function successors(from: State, pages: number, design: typeof V3): State[] {
  const found: State[] = []
  if (from.err !== 0) return found

  /** Makes a step. A fault leaves no details of the state. */
  const step = (make: (s: State) => void): void => {
    const s = { ...from, leases: from.leases.map((lease) => ({ ...lease })) }
    try {
      make(s)
    } catch (fault) {
      s.err = fault as number
    }
    found.push(s)
  }
  const put = (lease: Lease): void => {
    use(lease)
    lease.cnt--
    if (lease.cnt === 0) Object.assign(lease, { freed: true, fref: false })
  }
  const unlock = (lease: Lease): void => {
    use(lease)
    if (!lease.on) return
    lease.on = false
    if (design.listRef) put(lease)
  }
  const breakAll = (s: State): void => {
    for (const lease of s.leases) {
      if (!lease.on || (design.corePending && lease.pend)) continue
      if (lease.freed) s.err = 2
      if (s.err !== 0 && !design.goesOn) return
      if (lease.freed) continue
      lease.pend = true
      if (design.breakBit && lease.BREAK) continue
      lease.BREAK = true
      if (design.breakRef) lease.cnt++
      if ([2, 3, 4].includes(lease.bw)) lease.rq = true
      else lease.bw = 1
    }
  }
  const { T, leases } = from
  const isLocked = T === 1 || T === 3 || (design.waitHoldingLock && T === 2)
  const isEmpty = !leases.some(({ on }) => on)
  const isNew = leases.some(({ on, pend }) => on && !pend)

  for (const [i, { g, bw, rw, PAGES, nr, nrc, rq, freed }] of leases.entries()) {
    const isBusy = leases.some((lease, j) => j % pages === i % pages && PINNED.includes(lease.g))
    const gup = (to: number, make: (lease: Lease) => void = () => {}): void =>
      step((s) => make(Object.assign(s.leases[i]!, { g: to })))
    const worker = (to: number, make: (lease: Lease) => void = use): void =>
      step((s) => make(Object.assign(s.leases[i]!, { bw: to })))
    const reaper = (to: number, make: (lease: Lease, s: State) => void = () => {}): void =>
      step((s) => make(Object.assign(s.leases[i]!, { rw: to }), s))

    const record = (to: number): void => gup(to, (lease) => Object.assign(use(lease), { nr: 1 }))
    const setBit = (to: number): void => gup(to, (lease) => Object.assign(use(lease), { PAGES: true }))
    const takeLease = (to: number): void =>
      gup(to, (lease) => Object.assign(lease, { on: true, cnt: design.initRef, fref: true }))

    if (g === 0 && design.pinFirst) gup(T === 4 ? 6 : 21)
    if (g === 0 && !design.pinFirst && !isLocked) takeLease(1)
    if (g === 0 && !isLocked && design.leaseFail !== 'off') {
      gup(6, (lease) => Object.assign(lease, { fref: design.leaseFail === 'posted' }))
    }
    if (g === 21 && !isLocked) takeLease(2)
    if (g === 1 && T !== 4) gup(2)
    if (g === 1) gup(11)
    if (g === 2) record(3)
    if (g === 2 && !design.writeBarrier) setBit(30)
    if (g === 3) setBit(4)
    if (g === 30) record(4)
    if (g === 4) {
      gup(5, (lease) => {
        use(lease).rw = 1
        if (!design.reapRef) put(lease)
      })
    }
    if (g === 5) gup(6)
    if (g === 11) setBit(12)
    if (g === 12 && !isLocked) gup(13, unlock)
    if (g === 13 && (!design.flush || bw === 0 || bw === 5)) gup(14)
    if (g === 14) gup(6, put)

    const forget = (lease: Lease): void => void Object.assign(use(lease), { nrc: -1 })
    const isRead = design.readBarrier || nrc >= 0
    if (bw === 1 && !isRead) worker(1, (lease) => Object.assign(use(lease), { nrc: nr }))
    if (bw === 1 && isRead && (PAGES || !design.pagesWait)) worker(2)
    if (bw === 1 && isRead && !PAGES && design.pagesWait && !design.readBarrier) worker(1, forget)
    if (bw === 2) worker((design.readBarrier ? nr : nrc) > 0 && isBusy ? 1 : 3, forget)
    if (bw === 3 && !isLocked) worker(4, unlock)
    if (bw === 4) {
      worker(rq ? 1 : 5, (lease) => {
        lease.rq = false
        if (design.breakPut) put(lease)
      })
    }

    if (rw === 1 && !isLocked && freed) reaper(1, use)
    else if (rw === 1 && !isLocked) reaper(isEmpty ? 3 : 2, (_, s) => breakAll(s))
    if (rw === 2 && isEmpty && !isLocked) reaper(3)
    if (rw === 2 && isNew) reaper(2, (_, s) => breakAll(s))
    if (rw === 3) reaper(4, (lease) => design.reapRef && put(lease))
  }

  const truncate = (to: number, make: (s: State) => void = () => {}): void =>
    step((s) => make(Object.assign(s, { T: to })))
  if (T === 0) truncate(1)
  if (T === 1) truncate(isEmpty ? 3 : 2, breakAll)
  if (T === 2 && isEmpty) truncate(1)
  if (T === 2 && isNew) truncate(2, breakAll)
  if (T === 3) truncate(4)
  return found
}

/** The lease, which must not be freed. */
function use(lease: Lease): Lease {
  // oxlint-disable-next-line no-throw-literal -- a fault is a number, and caught where the step is made
  if (lease.freed) throw 1
  return lease
}
