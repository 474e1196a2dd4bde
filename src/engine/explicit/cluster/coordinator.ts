/**
 * The coordinator of a cluster: gives commands, collects reports, and replaces lost nodes.
 *
 * All that it knows is in the control log, so another coordinator can take its place. `protocol.ts` explains the
 * protocol.
 */
import { anotherCoordinator, anotherRun, impure, unequalCounts } from '../../../errors.ts'
import type { Ending } from '../../ending.ts'
import { Ended } from '../../ending.ts'
import type { Cluster, ClusterProgress, RunEnd, RunTransport } from '../../cluster.ts'
import { elapsedMs } from '../../context.ts'
import { deserializeError } from '../../threads/serialized-error.ts'
import { purely } from '../../../spec/purity.ts'
import type { Path } from '../../../trace/path.ts'
import type { Location } from '../../../properties/finding.ts'
import type { ExplicitRun } from '../explicit-run.ts'
import { unreachedAgain } from '../shortest-path.ts'
import { orderOf } from '../../../state/order.ts'
import { layoutHash } from './layout-hash.ts'
import { decodeMessage, decodeText, encodeText } from './messages.ts'
import {
  ALIVE_MS,
  SLOTS,
  type Command,
  type NodeMessage,
  type NodeReport,
  type PredecessorStep,
  type RunDescription,
  type Task,
  type Totals,
} from './protocol.ts'
import { withOwners } from './slots.ts'

/** The default of `lostMs`. */
const LOST_MS = 5000

/** How often the coordinator looks for lost nodes and signals. */
const TICK_MS = 50

/** Time between two calls of `onProgress`. */
const PROGRESS_MS = 100

/** How long to wait at the end for nodes to leave. */
const LEAVE_MS = 1000

/** How long to try at the end to tell that the run is over. */
const END_MS = 2000

/** A node that is there. */
interface Member {
  heardMs: number
  last: NodeMessage
}

export class Coordinator {
  /** States found on completed levels. */
  found = 0
  /** The level to expand. */
  level = 0
  depth = 0
  initial = 0
  /** States of the level to expand. */
  frontier = 0
  /** By action instance. */
  readonly generatedBy: number[]
  specCalls = 0
  readonly #run: ExplicitRun
  readonly #transport: RunTransport
  readonly #cluster: Cluster
  readonly #members = new Map<string, Member>()
  readonly #layout: number
  readonly #counts: number[] = Array.from({ length: SLOTS }, () => 0)
  #owners: readonly string[] = []
  /** Records of the control log. */
  #length = 0
  /** Reports on the present command, by node. */
  #reports = new Map<string, NodeReport>()
  #epoch = 0
  #failure: unknown
  #progressMs = -Infinity
  #isWaiting = true
  #wake: () => void = () => {}

  constructor(run: ExplicitRun, transport: RunTransport, cluster: Cluster) {
    this.#run = run
    this.#transport = transport
    this.#cluster = cluster
    this.#layout = layoutHash(run)
    this.generatedBy = run.instances.map(() => 0)
  }

  /** Begins the run, or goes on with it if its control log has commands. @throws {CheckerError} KR115 */
  async open(): Promise<void> {
    const { constants, settings, elements } = this.#run
    const { properties, interpret, symmetry, seed, asks } = settings
    const description: RunDescription = {
      constants,
      properties: properties.map(({ name }) => name),
      interpret,
      symmetry,
      seed,
      asks,
      elements,
      layout: this.#layout,
    }
    const { control } = this.#transport
    const records = await control.read()
    this.#length = records.length
    this.#transport.listen((bytes) => this.#received(bytes))
    const own = encodeText(description)
    if (records.length === 0) return await this.#append(own)
    if (!isSame(records[0]!, own)) throw anotherRun()
    if (records.length === 1) return
    const last = decodeText(records.at(-1)!) as Command
    this.#restore(last)
    if (last.task.kind === 'end') {
      this.#owners = []
      await this.#append(encodeText(this.#command({ kind: 'wait' }, this.level)))
    }
    // The nodes of the run make themselves known.
    await this.#transport.sleep(2 * ALIVE_MS)
  }

  /**
   * Expands the next level, unless the search is over.
   *
   * @returns how the search ended; undefined if it goes on
   * @throws {Ended}; what a node threw
   */
  async expandLevel(): Promise<Ending | undefined> {
    // The coordinator before may have been lost after the search.
    const ending = this.level === 0 ? undefined : this.#ending()
    if (ending === undefined) this.#conclude(await this.#ask({ kind: 'expand' }))
    return ending
  }

  /** A sample of the states. @throws {Ended}; what a node threw */
  async sample(total: number, decided: readonly string[] | undefined): Promise<readonly Int32Array[]> {
    const reports = await this.#ask({ kind: 'sample', total, decided })
    return reports.map(({ sample }) => sample!)
  }

  /** The canonical shortest path to each location, as `pathsBySearch` gives it. @throws {Ended}; what a node threw */
  async pathsTo(locations: readonly Location[]): Promise<Path[]> {
    const { symmetry, layout } = this.#run
    const order = orderOf(layout)
    const deepest = Math.max(0, ...locations.map(({ depth }) => depth))
    const paths = locations.map(({ words }) => {
      const end: Int32Array = words.slice()
      symmetry?.represent(end, 0)
      return { states: [end], instances: [] as number[] }
    })
    for (let depth = deepest; depth > 1; depth--) {
      const due = paths.filter((_, index) => locations[index]!.depth >= depth)
      const targets = due.map(({ states }) => states[0]!)
      const reports = await this.#ask({ kind: 'predecessors', targets }, depth - 1)
      due.forEach((path, which) => {
        const steps = reports.flatMap(({ predecessors }) => predecessors?.[which] ?? [])
        if (steps.length === 0) throw unreachedAgain()
        const least = steps.reduce((best: PredecessorStep, step) =>
          order(step.words, 0, best.words, 0) < 0 ? step : best,
        )
        path.states.unshift(least.words)
        path.instances.unshift(least.instance)
      })
    }
    return paths.map(({ states, instances }) => ({ states, instances: [-1, ...instances] }))
  }

  /** Tells the nodes that the run is over, and waits a moment for them. */
  async end(): Promise<RunEnd> {
    const command = this.#command({ kind: 'end' }, this.level)
    const { control } = this.#transport
    const told = control.append(encodeText(command), this.#length).then((isLast) => (isLast ? 'over' : 'foreign'))
    const endsMs = this.#transport.now() + END_MS
    const end = await this.#during(told, () => this.#transport.now() >= endsMs)
    if (end !== 'over') return end ?? 'unanswered'
    const untilMs = this.#transport.now() + LEAVE_MS
    while (this.#members.size > 0 && this.#transport.now() < untilMs) await this.#wait()
    return 'over'
  }

  /** Waits for `work`, which may never settle. @returns its result; undefined if `isEnough` is true before */
  async #during<T>(work: Promise<T>, isEnough: () => boolean): Promise<T | undefined> {
    const pending = Symbol('pending')
    // Nobody waits any longer if it is rejected later.
    work.catch(() => {})
    while (!isEnough()) {
      const result = await Promise.race([work, this.#transport.sleep(TICK_MS).then(() => pending)])
      if (result !== pending) return result as T
    }
    return undefined
  }

  get progress(): ClusterProgress & { readonly found: number; readonly generated: number } {
    const members = [...this.#members.values()]
    const names = [...new Set(this.#owners)]
    const slots = names.map((name) => this.#owners.filter((owner) => owner === name).length)
    const sum = (of: (message: NodeMessage) => number): number =>
      members.reduce((total, { last }) => total + of(last), 0)
    return {
      nodes: members.length,
      ...(this.#isWaiting && { wanted: this.#cluster.nodes ?? 1 }),
      bytesSent: sum(({ bytesSent }) => bytesSent),
      slots: slots.length === 0 ? [0, 0] : [Math.min(...slots), Math.max(...slots)],
      found: sum(({ found }) => found),
      generated: sum(({ generated }) => generated),
    }
  }

  /** Gives the nodes a task until all have done it. */
  async #ask(task: Task, level: number = this.level): Promise<readonly NodeReport[]> {
    await this.#gather()
    for (;;) {
      this.#owners = withOwners(this.#owners, [...this.#members.keys()])
      this.#reports.clear()
      const command = this.#command(task, level)
      this.#epoch = command.epoch
      await this.#append(encodeText(command))
      const askedMs = this.#transport.now()
      const names = new Set(this.#owners)
      while (this.#reports.size < names.size) {
        await this.#waitForNodes()
        this.#removeLost(askedMs)
        if ([...names].some((name) => !this.#members.has(name))) break
      }
      if (this.#reports.size === names.size) return [...this.#reports.values()]
      await this.#gather()
    }
  }

  /** Waits for nodes: at first for the wanted number, later for one. */
  async #gather(): Promise<void> {
    const wanted = this.#isWaiting ? (this.#cluster.nodes ?? 1) : 1
    while (this.#members.size < wanted) {
      await this.#waitForNodes()
      this.#removeLost(-Infinity)
    }
    this.#isWaiting = false
  }

  #removeLost(sinceMs: number): void {
    const { lostMs = LOST_MS } = this.#cluster
    const now = this.#transport.now()
    for (const [name, { heardMs }] of this.#members) {
      if (now - Math.max(heardMs, sinceMs) > lostMs) this.#members.delete(name)
    }
  }

  #command(task: Task, level: number): Command {
    const { monitor, settings } = this.#run
    const totals: Totals = {
      level: this.level,
      depth: this.depth,
      frontier: this.frontier,
      initial: this.initial,
      generatedBy: this.generatedBy,
      specCalls: this.specCalls,
      monitor: monitor.record(),
    }
    return {
      level,
      epoch: this.#length,
      task,
      owners: this.#owners,
      counts: this.#counts,
      decided: Array.from(monitor.settled, ({ name }) => name),
      notVacuous: settings.properties.flatMap((it) => (monitor.vacuous.has(it) ? [] : [it.name])),
      totals,
    }
  }

  #restore({ counts, owners, totals }: Command): void {
    this.#owners = owners
    const { monitor, evaluator } = this.#run
    purely(() => monitor.restore(totals.monitor, evaluator.next))
    counts.forEach((count, slot) => (this.#counts[slot] = count))
    totals.generatedBy.forEach((count, instance) => (this.generatedBy[instance] = count))
    this.level = totals.level
    this.depth = totals.depth
    this.frontier = totals.frontier
    this.initial = totals.initial
    this.found = counts.reduce((sum, count) => sum + count, 0)
  }

  /** Adds up what the nodes found on the level. */
  #conclude(reports: readonly NodeReport[]): void {
    const { monitor, evaluator } = this.#run
    monitor.depth = this.level
    const { outside: before } = monitor
    let found = 0
    let seen = 0
    let outside = 0
    for (const report of reports) {
      for (const [slot, states] of report.found!) {
        this.#counts[slot]! += states
        found += states
      }
      seen += report.seen!
      outside += report.outside!
      report.generatedBy!.forEach((count, instance) => (this.generatedBy[instance]! += count))
      report.measured!.forEach((bounds, index) => monitor.ranges[index]!.include(bounds))
      purely(() => report.candidates!.forEach((candidate) => monitor.lookAt(candidate, evaluator.next)))
      const isMissed = report.candidates!.some(({ occasion }) => occasion === 'expansion')
      if (isMissed && monitor.failure === undefined) {
        throw impure('a spec function', 'failed on a node and not in the coordinator')
      }
    }
    monitor.outside = before + outside
    this.specCalls = reports.reduce((sum, { specCalls = 0 }) => sum + specCalls, 0)
    this.found += found
    this.frontier = found
    if (this.level === 0) this.initial = found
    if (seen !== this.found) throw unequalCounts(seen, this.found)
    this.level++
    if (found > 0) this.depth = this.level
  }

  /** The reason to end between two levels, as in a search on one machine. */
  #ending(): Ending | undefined {
    const { monitor, settings } = this.#run
    monitor.endLevel()
    if (monitor.failure !== undefined) return 'failed'
    if (this.frontier === 0) return 'exhausted'
    if (monitor.findings.size > 0 && !settings.continue) {
      const isBad = settings.properties.some((it) => it.kind !== 'goal' && monitor.findings.has(it))
      if (isBad) return 'violated'
      if (settings.properties.every((it) => monitor.findings.has(it))) return 'settled'
    }
    if (this.depth >= settings.maxDepth) return 'depth'
    if (this.found > settings.maxStates) return 'states'
    return undefined
  }

  /** @throws {Ended} if the run has to end; {CheckerError} KR115 */
  async #append(record: Uint8Array): Promise<void> {
    const appended = this.#transport.control.append(record, this.#length)
    const isLast = await this.#during(appended, () => this.#ended !== undefined)
    if (isLast === undefined) throw new Ended(this.#ended!)
    if (!isLast) throw anotherCoordinator()
    this.#length++
  }

  /** Why the run has to end, from outside; undefined if it may go on. */
  get #ended(): Ending | undefined {
    const { settings } = this.#run
    if (settings.signal?.aborted === true) return 'interrupted'
    return elapsedMs(this.#run) >= settings.timeoutMs ? 'time' : undefined
  }

  #received(bytes: Uint8Array): void {
    try {
      const message = decodeMessage(bytes, this.#layout)
      if (message.kind !== 'text') return
      const told = message.value as NodeMessage
      const { node, report, isLeaving } = told
      if (isLeaving) this.#members.delete(node)
      else this.#members.set(node, { heardMs: this.#transport.now(), last: told })
      if (report !== undefined) this.#reported(node, report)
    } catch (thrown) {
      this.#failure ??= thrown
    }
    this.#wake()
  }

  #reported(node: string, report: NodeReport): void {
    const { epoch, error } = report
    if (error !== undefined && (epoch === this.#epoch || epoch === 0)) this.#failure ??= deserializeError(error)
    if (epoch === this.#epoch && error === undefined) this.#reports.set(node, report)
  }

  /** @throws {Ended} if the run has to end; what a node threw */
  async #waitForNodes(): Promise<void> {
    await this.#wait()
    if (this.#failure !== undefined) throw this.#failure as Error
    const run = this.#run
    const { settings } = run
    if (this.#ended !== undefined) throw new Ended(this.#ended)
    const now = this.#transport.now()
    if (now - this.#progressMs < PROGRESS_MS) return
    this.#progressMs = now
    const { found, generated, ...cluster } = this.progress
    settings.onProgress({
      generated: this.generatedBy.reduce((sum, count) => sum + count, generated),
      distinct: this.found + found,
      depth: this.depth,
      pending: this.frontier + found,
      elapsedMs: elapsedMs(run),
      cluster,
    })
  }

  async #wait(): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    await Promise.race([woken, this.#transport.sleep(TICK_MS)])
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
