/**
 * An independent model of the design page "unbinding dax memory onlined as System RAM (kmem)", in the page's notation:
 * plain objects, text as keys, no Kripke code.
 *
 * Knobs select between readings of the page: where `memmap=self` may put a memmap, and whether a removed device keeps
 * its zone. Fairness is weak, so a device can stay as it is forever if it can do so in a whole strongly connected part.
 */

const KNOBS = {
  design: 'burn',
  zones: 'both',
  memmap: 'any',
  phys: 'off',
  /** Whether Unpin is fair. */
  pins: 'transient',
  devices: 2,
  pages: 1,
  /**
   * Readings: whether `self` is a place in addition to `boot`, like `any`, or the only one; whether a removed device
   * has a zone.
   */
  selfOrBoot: true,
  keepsZone: false,
}
export type Knobs = Partial<typeof KNOBS>

/** A page is F, M, P or U, or the number of a device if it holds the memmap of that device. */
type Use = 'F' | 'M' | 'P' | 'U' | number
interface Device {
  st: 0 | 1 | 2 | 4 | 5
  zone: string
  page: Use[]
}
interface State {
  err: '' | 'kernel' | 'pinned' | 'memmap' | 'user'
  readonly devices: Device[]
}
/** The label and device of a step, and the text of its target. */
type Step = readonly [label: string, d: number, to: string]

interface Graph {
  /** By text of a state: its distance in steps, in the order of discovery, and its steps. */
  readonly levels: ReadonlyMap<string, number>
  readonly steps: ReadonlyMap<string, readonly Step[]>
}

function explore(knobs: typeof KNOBS): Graph {
  const devices = Array.from({ length: knobs.devices }, () => ({ st: 0, zone: '', page: Array(knobs.pages).fill('F') }))
  const levels = new Map([[JSON.stringify({ err: '', devices }), 0]])
  const steps = new Map<string, readonly Step[]>()
  // The iteration includes entries that are added meanwhile.
  for (const [key, level] of levels) {
    steps.set(key, successors(JSON.parse(key) as State, knobs))
    for (const [, , to] of steps.get(key)!) if (!levels.has(to)) levels.set(to, level + 1)
  }
  return { levels, steps }
}

export interface Enumeration {
  readonly states: number
  readonly transitions: number
  /** The greatest distance of a state, in steps. */
  readonly depth: number
  /**
   * By label: how often it is taken over all states, how often it changes something, and its earliest position as a
   * step.
   */
  readonly taken: {
    readonly [label: string]: { readonly times: number; readonly changing: number; readonly first: number }
  }
  /** The distance of each error and of a burnt device, in steps; omitted if there is none. */
  readonly found: { readonly [what: string]: number }
}

/** Enumerates all states that the page's system can reach. */
export function enumerate(given: Knobs): Enumeration {
  const { levels, steps } = explore({ ...KNOBS, ...given })
  const taken: { [label: string]: { times: number; changing: number; first: number } } = {}
  const found: { [what: string]: number } = {}
  for (const [key, level] of levels) {
    const { err, devices } = JSON.parse(key) as State
    if (err) found[err] ??= level
    if (devices.some(({ st }) => st === 4)) found['burnt'] ??= level
    for (const [label, , to] of steps.get(key)!) {
      const count = (taken[label] ??= { times: 0, changing: 0, first: level + 1 })
      count.times++
      if (to !== key) count.changing++
    }
  }
  const transitions = Object.values(taken).reduce((sum, { times }) => sum + times, 0)
  return { states: levels.size, transitions, depth: [...levels.values()].at(-1)!, taken, found }
}

/** The fewest steps after which a device can fairly stay in `st` forever; undefined if it cannot. Devices are alike. */
export function staysForever(given: Knobs, st: 4 | 5): number | undefined {
  const knobs = { ...KNOBS, ...given }
  const { levels, steps } = explore(knobs)
  const isIn = (key: string): boolean => (JSON.parse(key) as State).devices[0]!.st === st
  const reached = new Map<string, Set<string>>()
  for (const from of [...levels.keys()].filter(isIn)) {
    const all = new Set([from])
    for (const key of all) for (const [, , to] of steps.get(key)!) if (isIn(to)) all.add(to)
    reached.set(from, all)
  }
  const fair = [['Migrate', 'UnbindRemoved'], ...(knobs.pins === 'transient' ? [['Unpin']] : [])]
  for (const [key, all] of reached) {
    const part = [...all].filter((other) => reached.get(other)!.has(key))
    const isFair = Array.from({ length: knobs.devices }, (_, device) => device).every((device) =>
      fair.every((labels) => {
        const possible = part.map((from) =>
          steps.get(from)!.filter(([label, d, to]) => labels.includes(label) && d === device && to !== from),
        )
        return possible.some((some) => some.length === 0) || possible.flat().some(([, , to]) => part.includes(to))
      }),
    )
    if (isFair) return levels.get(key)
  }
  return undefined
}

function successors(s: State, { design, zones, memmap, phys, selfOrBoot, keepsZone }: typeof KNOBS): Step[] {
  const out: Step[] = []
  if (s.err) return out
  const isOfOther = (use: Use, d: number): boolean => typeof use === 'number' && use !== d

  for (const [d, { st, zone, page }] of s.devices.entries()) {
    const step = (label: string, change: (device: Device, next: State) => void): void => {
      const next = structuredClone(s)
      change(next.devices[d]!, next)
      out.push([label, d, JSON.stringify(next)])
    }
    const become = (to: Device['st']) => (device: Device) => void (device.st = to)
    const removed = (device: Device, next: State): void => {
      for (const other of next.devices)
        other.page = other.page.map((use) => (use === d || other === device ? 'F' : use))
      Object.assign(device, { st: 0, zone: keepsZone ? zone : '' })
    }
    /** Rip, else removed. */
    const rip = (killM: boolean) => (device: Device, next: State) => {
      for (const use of page) {
        if (use === 'U') next.err = 'kernel'
        else if (use === 'P') next.err = 'pinned'
        else if (isOfOther(use, d) && s.devices[use as number]!.st !== 0) next.err = 'memmap'
        else if (use === 'M' && !killM) next.err = 'user'
        if (next.err) return
      }
      removed(device, next)
    }
    const blocked = page.some((use) => use === 'U' || use === 'P' || isOfOther(use, d))

    if (st === 0) {
      for (const to of ['MOVABLE', 'NORMAL'].filter((it) => zones === 'both' || zones === it.toLowerCase())) {
        const probe = (place: (next: State) => void): void =>
          step('Probe', (device, next) => {
            Object.assign(device, { st: 1, zone: to })
            place(next)
          })
        if (memmap !== 'self' || selfOrBoot) probe(() => {})
        if (memmap === 'self') probe((next) => (next.devices[d]!.page[0] = d))
        if (memmap !== 'any') continue
        for (const [e, other] of s.devices.entries()) {
          if (e === d || (other.st !== 1 && other.st !== 4) || other.zone !== 'NORMAL') continue
          for (const [k, use] of other.page.entries()) if (use === 'F') probe((next) => (next.devices[e]!.page[k] = d))
        }
      }
    }

    for (const [k, use] of page.entries()) {
      const turn = (label: string, from: Use, to: Use, isPossible: boolean): void => {
        if (use === from && isPossible) step(label, (device) => void (device.page[k] = to))
      }
      const isAllocatable = st === 1 || st === 4
      turn('AllocMovable', 'F', 'M', isAllocatable)
      turn('AllocKernel', 'F', 'U', isAllocatable && zone === 'NORMAL')
      turn('FreeM', 'M', 'F', isAllocatable)
      turn('Pin', 'M', 'P', isAllocatable)
      turn('Unpin', 'P', 'M', isAllocatable || st === 5)
      turn('FreeU', 'U', 'F', isAllocatable || st === 5)
      turn('Migrate', 'M', 'F', st === 5)
    }

    if (st === 1 && !blocked) {
      step('Offline', (device) => {
        device.st = 2
        device.page = page.map((use) => (use === 'M' ? 'F' : use))
      })
    }
    if (st === 2) step('Online', become(1))
    if (st === 2) step('Unbind', removed)
    if (st === 1 && design === 'burn') step('UnbindBurn', become(4))
    if (st === 1 && design === 'refuse') step('UnbindRefused', () => {})
    if (st === 1 && design === 'mf-force') step('UnbindForce', rip(true))
    if (st === 1 && design === 'mf-movable') {
      step('UnbindMovable', zone === 'MOVABLE' && !page.includes('P') ? removed : become(4))
    }
    if (st === 1 && design === 'wait-offline') step('UnbindWait', become(5))
    if (st === 5 && !page.includes('M') && !blocked) step('UnbindRemoved', removed)
    if (st === 4 && phys === 'on') step('PhysRemove', rip(false))
  }
  return out
}
