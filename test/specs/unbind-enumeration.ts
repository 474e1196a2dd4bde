/**
 * An independent model of the design page "driver unbind with a mounted filesystem (MF_MEM_PRE_REMOVE)", in the page's
 * notation: plain objects, text as keys, no Kripke code.
 *
 * It makes these choices where the page is open. An aborted walk ends in the step that aborts it; a complete walk ends
 * in a separate step. The others continue when the device is gone. A reference taken by `grab` is kept to the end.
 * Fairness is weak.
 */

/** The page's programs of the unbind thread, and the reaction of a walk to metadata. */
const DESIGNS: { readonly [design: string]: readonly [program: string, metadata: string] } = {
  base: ['N W C S G', 'abort'],
  'base-return0': ['N W C S G', 'shutdown'],
  v5: ['N Y B W C S G', 'continue'],
  v6: ['N B L Y U W C S G', 'continue'],
  fix61: ['N B W X? C S G', 'remember'],
  'v6+fix': ['N B L Y U W X! C S G', 'continue'],
  merged: ['N B F1 F2 W X! H C S G', 'continue'],
  'merged-allfreeze': ['N B F1 F2 W X! H C S G', 'continue'],
  'shutdown-first': ['N B F1 F2 X! W H C S G', 'continue'],
  'kill-first-naive': ['C S N B L Y U W X! G', 'continue'],
  'kill-first': ['C S N B L Y U W X! G', 'continue'],
  'sync-kill-walk': ['B F1 F2 C S N W X! H G', 'continue'],
  devdax: ['C S Z G', 'continue'],
}

const KNOBS = {
  ...{ design: 'base', kinds: 'DMD', processes: 2, install: 'after', collect: 'all' },
  ...{ sb: 'born', grab: 'no', agf: 'no', start: 'both' },
}
export type Knobs = Partial<typeof KNOBS>

interface Fault {
  readonly r: number
  readonly w: boolean
  stage: 1 | 2
}
interface State {
  pc: number
  walkIdx: number
  alive: boolean
  fsShut: boolean
  frozen: boolean
  want: boolean
  sb: string
  su: boolean
  grabbed: boolean
  agfHeld: boolean
  /** By process and record: 1 for read-only, 2 for writable. */
  pte: number[][]
  flt: (Fault | null)[]
  dirty: boolean[]
  aborted: boolean
  gone: boolean
  err: boolean
}
/** The label of a step, its process (or nobody else's), and the text of its target. */
type Step = readonly [label: string, p: number, to: string]
const UNBIND = -1
const NOBODY = -2

export interface Enumeration {
  readonly states: number
  readonly transitions: number
  /** The greatest distance of a state, in steps. */
  readonly depth: number
  /** By label: how often such a step is taken, over all states. Steps of the unbind thread count together. */
  readonly taken: { readonly [label: string]: number }
  /** The distance of each violation, in steps. */
  readonly found: { readonly [property: string]: number }
  /** Whether a begun unbind ends, if everything is fair. */
  readonly ends: boolean
}

/** Enumerates all states that the page's system can reach. */
export function enumerate(given: Knobs): Enumeration {
  const knobs = { ...KNOBS, ...given }
  const levels = new Map(initial(knobs).map((s) => [JSON.stringify(s), 0]))
  const graph = new Map<string, readonly Step[]>()
  const taken: { [label: string]: number } = {}
  const found: { [property: string]: number } = {}
  // The iteration includes entries that are added meanwhile.
  for (const [key, level] of levels) {
    const s = JSON.parse(key) as State
    const steps = successors(s, knobs)
    graph.set(key, steps)
    const isMapped = s.pte.flat().some((pte) => pte > 0)
    const isDevdax = knobs.design === 'devdax'
    if (s.gone && isMapped) found['noPfnMappedAfterRemove'] ??= level
    if (s.aborted) found['allRecordsVisited'] ??= level
    if (s.err) found['syncOnLiveSb'] ??= level
    if (s.gone && s.sb === 'born' && !s.fsShut && !isDevdax) found['fsDownAfterRemove'] ??= level
    if (steps.length === 0 && !s.gone && !s.err) found['deadlock'] ??= level
    for (const [label, p, to] of steps) {
      const of = p === UNBIND ? 'Unbind' : label
      taken[of] = (taken[of] ?? 0) + 1
      if (label === 'G' && s.dirty.includes(true) && !isDevdax) found['noDirtyLost'] ??= level + 1
      if (label === 'Store' && s.gone) found['noStoreAfterRemove'] ??= level + 1
      if (!levels.has(to)) levels.set(to, level + 1)
    }
  }
  const transitions = Object.values(taken).reduce((sum, times) => sum + times, 0)
  const depth = [...levels.values()].at(-1)!
  return { states: levels.size, transitions, depth, taken, found, ends: !canHang(graph, knobs.processes) }
}

/** Whether the thread can fairly be kept from its end. It takes no step then, so steps of others alone form a cycle. */
function canHang(graph: ReadonlyMap<string, readonly Step[]>, processes: number): boolean {
  const others = (key: string): readonly Step[] => graph.get(key)!.filter(([, p]) => p !== UNBIND)
  const isWaiting = (key: string): boolean => graph.get(key)!.every(([, p]) => p !== UNBIND)
  const reach = (from: string): Set<string> => {
    const all = new Set([from])
    for (const key of all) for (const [, , to] of others(key)) all.add(to)
    return all
  }
  return [...graph.keys()].some((key) => {
    const { pc, gone } = JSON.parse(key) as State
    if (pc === 0 || gone || !isWaiting(key)) return false
    const part = [...reach(key)].filter((other) => reach(other).has(key))
    return Array.from({ length: processes }, (_, p) => p).every((process) => {
      const own = part.map((from) => others(from).filter(([label, p]) => p === process && WEAK.includes(label)))
      return own.some((steps) => steps.length === 0) || own.flat().some(([, , to]) => part.includes(to))
    })
  })
}
const WEAK = ['FaultPfn', 'FaultFail', 'FaultInstall']

function initial({ kinds, processes, sb, start }: typeof KNOBS): State[] {
  const starts = start === 'both' ? ['mapped', 'unmapped'] : [start]
  return starts.map((it) => ({
    ...{ pc: 0, walkIdx: 0, alive: true, fsShut: false, frozen: false, want: false },
    ...{ sb: sb === 'mounting' ? 'mounting' : 'born', su: false, grabbed: false, agfHeld: false },
    pte: Array.from({ length: processes }, () => [...kinds].map((kind) => (it === 'mapped' && kind === 'D' ? 2 : 0))),
    flt: Array.from({ length: processes }, () => null),
    dirty: [...kinds].map(() => false),
    ...{ aborted: false, gone: false, err: false },
  }))
}

function successors(s: State, knobs: typeof KNOBS): Step[] {
  const out: Step[] = []
  if (s.err) return out
  const { design, kinds, sb, agf } = knobs
  const step = (label: string, p: number, change: (next: State) => void): void => {
    const next = structuredClone(s)
    change(next)
    out.push([label, p, JSON.stringify(next)])
  }
  const isDevdax = design === 'devdax'

  unbind(s, knobs, (label, change) => step(label, UNBIND, change))

  for (const [p, flt] of s.flt.entries()) {
    const isFrozen = (w: boolean): boolean => s.frozen && (w || design === 'merged-allfreeze')
    if (flt === null && s.sb === 'born' && !s.fsShut) {
      for (const [r, kind] of [...kinds].entries()) {
        if (kind !== 'D' || (!isDevdax && s.flt.some((other) => other?.r === r))) continue
        for (const w of [false, true]) {
          if (s.pte[p]![r]! >= (w ? 2 : 1) || isFrozen(w)) continue
          step('FaultStart', p, (next) => (next.flt[p] = { r, w, stage: 1 }))
        }
      }
    }
    if (flt?.stage === 1 && !(agf === 'yes' && flt.w && s.agfHeld)) {
      if (s.alive) step('FaultPfn', p, (next) => (next.flt[p]!.stage = 2))
      else step('FaultFail', p, (next) => (next.flt[p] = null))
    }
    if (flt?.stage === 2) {
      step('FaultInstall', p, (next) => {
        next.pte[p]![flt.r] = flt.w ? 2 : Math.max(1, s.pte[p]![flt.r]!)
        next.flt[p] = null
      })
    }
    for (const [r, pte] of s.pte[p]!.entries()) {
      if (pte === 2 && !s.dirty[r]) step('Store', p, (next) => (next.dirty[r] = true))
    }
  }

  if (s.sb === 'mounting') step('MountDone', NOBODY, (next) => (next.sb = 'born'))
  const isIdle = s.flt.every((flt) => flt === null) && s.pte.flat().every((pte) => pte === 0)
  if (sb === 'umount' && s.sb === 'born' && !s.su && isIdle && !s.grabbed) {
    step('Umount', NOBODY, (next) => (next.sb = 'dead'))
  }
  return out
}

/** The current step of the unbind thread, if it can continue. */
function unbind(s: State, knobs: typeof KNOBS, step: (label: string, change: (next: State) => void) => void): void {
  const [text, metadata] = DESIGNS[knobs.design]!
  const program = text.split(' ')
  const at = program[s.pc]
  const isFlying = (is: (flt: Fault) => boolean): boolean => s.flt.some((flt) => flt !== null && is(flt))
  const go = (change: (next: State) => void = () => {}): void =>
    step(at!, (next) => {
      next.pc++
      change(next)
    })
  const sync = (next: State): void => {
    if (s.sb !== 'born') next.err = true
    else if (s.alive) {
      next.dirty = next.dirty.map(() => false)
      next.pte = next.pte.map((own) => own.map((pte) => Math.min(1, pte)))
    }
  }
  const shutDown = (next: State): void => void (next.fsShut = true)

  if (at === 'N') {
    const isRefused = knobs.design === 'kill-first-naive' && !s.alive
    go((next) => isRefused && (next.pc = program.indexOf('G')))
  }
  if (at === 'B') {
    const kill = program.indexOf('C')
    const to = kill > s.pc ? kill : Math.max(...['W', 'X?', 'X!', 'H'].map((it) => program.indexOf(it))) + 1
    go((next) => {
      if (s.sb !== 'born') next.pc = to
      else next.grabbed = knobs.grab === 'yes'
    })
  }
  if (at === 'L') go((next) => Object.assign(next, { su: true, err: s.sb !== 'born' }))
  if (at === 'U') go((next) => (next.su = false))
  if (at === 'Y') go(sync)
  if (at === 'F1') go((next) => Object.assign(next, { frozen: true, err: s.sb !== 'born' }))
  if (at === 'F2' && !isFlying(({ w }) => w || knobs.design === 'merged-allfreeze')) go(sync)
  if (at === 'X?') go((next) => (s.want || s.aborted) && shutDown(next))
  if (at === 'X!') go(shutDown)
  if (at === 'H') go((next) => (next.frozen = false))
  if (at === 'C') go((next) => (next.alive = false))
  if (at === 'S' && !(knobs.install === 'inside' && isFlying(({ stage }) => stage === 2))) go()
  if (at === 'Z') go((next) => (next.pte = next.pte.map((own) => own.map(() => 0))))
  if (at === 'G') go((next) => (next.gone = true))
  if (at !== 'W') return

  const leave = (next: State): void => void Object.assign(next, { walkIdx: 0, agfHeld: false })
  const abort = (next: State): void => {
    leave(next)
    next.aborted = true
    if (metadata === 'abort') shutDown(next)
  }
  const kind = knobs.kinds[s.walkIdx]
  const visit = (change: (next: State) => void): void =>
    step('W', (next) => {
      next.walkIdx++
      change(next)
    })
  if (kind === undefined) go(leave)
  else if (s.fsShut || (kind === 'M' && metadata === 'abort')) go(abort)
  else if (kind === 'M') {
    visit((next) => {
      if (metadata === 'shutdown') shutDown(next)
      if (metadata === 'remember') next.want = true
      if (knobs.agf === 'yes') next.agfHeld = true
    })
  } else if (knobs.agf === 'yes' && !s.agfHeld) step('AGF', (next) => (next.agfHeld = true))
  else if (!isFlying(({ r }) => r === s.walkIdx)) {
    visit((next) => {
      if (knobs.collect === 'all') for (const own of next.pte) own[s.walkIdx] = 0
    })
  }
}
