/**
 * A node of a cluster: expands the states of its hash slots, and sends the others to their owners.
 *
 * It follows the control log, does the task of the last command, and reports. `protocol.ts` explains the protocol.
 */
import { requireSymmetricStart } from '../../../audit/symmetry/symmetry-audit.ts'
import { audit } from '../../../audit/evaluation-audit.ts'
import { auditPromises } from '../../../audit/promise-audit.ts'
import { runOfAnotherSpec } from '../../../errors.ts'
import { claimsAbout } from '../../../audit/claims.ts'
import { Monitor } from '../../../properties/monitor.ts'
import { actionInstances } from '../../../spec/instances.ts'
import { LearnedEvaluator } from '../../../semantics/learned/learned-evaluator.ts'
import { ReferenceEvaluator } from '../../../semantics/reference.ts'
import { rngFrom } from '../../../semantics/learned/probe.ts'
import { instantiateRefined } from '../../../semantics/refinement/refined-model.ts'
import { InitialStates } from '../../../semantics/initial-states.ts'
import type { Evaluator, Expander, NextState } from '../../../semantics/contract.ts'
import { Batch } from '../../../semantics/successor-batch.ts'
import { hash } from '../../../semantics/hash.ts'
import { PlainExpander } from '../../../semantics/plain-expander.ts'
import { reduce } from '../../../semantics/reduction.ts'
import { UNKNOWN_STEP } from '../../../semantics/successors.ts'
import { purely } from '../../../spec/purity.ts'
import type { AnySpec } from '../../../spec/spec.ts'
import { layOut, type Layout } from '../../../state/layout.ts'
import { orderOf, type StateOrder } from '../../../state/order.ts'
import { reducible } from '../../../state/symmetry/reducible.ts'
import type { Symmetry } from '../../../state/symmetry/symmetry.ts'
import type { NewStates } from '../../../store/inserter.ts'
import { OutOfMemory } from '../../../store/memory.ts'
import { ownerOf } from '../../../store/owner.ts'
import type { Candidate } from '../../../properties/finding.ts'
import { MeasureRange, type RangeBounds } from '../../../properties/range.ts'
import { serializeError, type SerializedError } from '../../threads/serialized-error.ts'
import { leastSteps } from '../shortest-path.ts'
import { Receiver, RESEND_MS, Sender, type Held } from './channels.ts'
import { layoutHash } from './layout-hash.ts'
import { Levels } from './levels.ts'
import { decodeMessage, decodeText, encodeAck, encodeBatch, encodeText, withoutRepeats } from './messages.ts'
import { NodeStates } from './node-states.ts'
import { ALIVE_MS, SLOTS, type Command, type NodeMessage, type NodeReport, type RunDescription } from './protocol.ts'
import { SentFilter } from './sent-filter.ts'
import { COORDINATOR, type Journals, type Transport } from './transport.ts'

/** How long a node works until it looks for messages. */
const SLICE_MS = 15

/** States expanded between two checks of the clock. */
const STRIDE = 64

export interface NodeOptions {
  readonly name: string
  readonly spec: AnySpec
  /** The maximal size of the seen set and the levels, in bytes. */
  readonly memoryBytes: number
  /** Words of states in a batch, and in a record of a journal. Defaults: 64 KiB and 32 KiB. */
  readonly batchWords?: number | undefined
  readonly recordWords?: number | undefined
  /** Whether the node should leave the run. */
  readonly isStopped?: () => boolean
}

/** Thrown within a task when another command has arrived. */
class Superseded extends Error {}

/** The node has left the run. */
class Left extends Error {}

/** Takes part in a run until it ends. */
export async function takePart(transport: Transport, options: NodeOptions): Promise<void> {
  await new Participant(transport, options).work()
}

class Participant {
  readonly #transport: Transport
  readonly #options: NodeOptions
  /** Commands that were not looked at. */
  #commands: Command[] = []
  #description: RunDescription | undefined
  #engine: NodeEngine | undefined
  /** The last report, which is sent until another command arrives. */
  #report: NodeReport | undefined
  #reportedMs = -Infinity
  #aliveMs = -Infinity
  #wake: () => void = () => {}
  #held: Held[] = []
  #command: Command | undefined
  #sender: Sender | undefined
  #receiver: Receiver | undefined
  #damage: unknown
  /** What to send. A network needs clocks, and they are forbidden while spec functions run. */
  readonly #outbox: (() => void)[] = []

  constructor(transport: Transport, options: NodeOptions) {
    this.#transport = transport
    this.#options = options
  }

  /** The journals, to be written when spec functions do not run. */
  get #journals(): Journals {
    const { journals } = this.#transport
    return {
      read: (slot) => journals.read(slot),
      append: async (slot, record) => {
        await new Promise<void>((resolve, reject) => {
          this.#outbox.push(() => {
            journals.append(slot, record).then(resolve, reject)
          })
        })
      },
    }
  }

  async work(): Promise<void> {
    try {
      await this.#workUntilEnd()
    } finally {
      this.#signal(true)
    }
  }

  async #workUntilEnd(): Promise<void> {
    const { control } = this.#transport
    this.#transport.listen((bytes) => this.#received(bytes))
    // A node that comes late must not take an earlier command for the last one. The run may have been over once.
    const known = (await control.read()).length
    let read = 0
    control.follow((record) => {
      read++
      try {
        const value = decodeText(record)
        if (this.#description === undefined) this.#description = value as RunDescription
        else this.#commands.push(value as Command)
      } catch (thrown) {
        this.#damage ??= thrown
      }
      this.#wake()
    })
    try {
      const isReady = (): boolean => read >= known && this.#commands.length > 0
      while (!isReady() && this.#damage === undefined) await this.#pause()
      for (;;) {
        try {
          if (await this.#next()) return
        } catch (thrown) {
          if (thrown instanceof Left) return
          if (!(thrown instanceof Superseded)) await this.#failed(thrown)
        }
      }
    } catch (thrown) {
      if (!(thrown instanceof Left)) throw thrown
    }
  }

  /** Does the task of the last command. @returns whether the run is over */
  async #next(): Promise<boolean> {
    while (this.#commands.length === 0) {
      await this.#pause()
      if (this.#damage !== undefined && this.#report === undefined) throw this.#damage as Error
    }
    const commands = this.#commands.splice(0)
    const command = commands.at(-1)!
    this.#command = command
    this.#report = undefined
    this.#sender = undefined
    this.#receiver = undefined
    if (command.task.kind === 'end') return true
    const { name } = this.#options
    const isOwner = command.owners.includes(name)
    this.#engine ??= new NodeEngine(this.#options, this.#description!, this.#journals, () => this.#wake())
    const engine = this.#engine
    for (const it of commands) engine.follow(it, name)
    if (!isOwner) {
      this.#held = []
      return false
    }
    const { task } = command
    if (task.kind === 'predecessors') {
      const predecessors = await engine.predecessors(command, task.targets, async () => await this.#turn())
      this.#tell({ predecessors })
      return false
    }
    await engine.adopt(command, () => this.#isStale)
    if (this.#isStale) throw new Superseded()
    if (task.kind === 'sample') {
      this.#tell(engine.sample(task.total, command, task.decided))
      return false
    }
    await this.#expand(engine, command)
    return false
  }

  async #expand(engine: NodeEngine, command: Command): Promise<void> {
    const { level, epoch, owners } = command
    const { name } = this.#options
    // The initial states come from the spec, not from other nodes.
    const others = level === 0 ? [] : [...new Set(owners)].filter((other) => other !== name)
    const transport = this.#transport
    const layout = engine.layoutHash
    const wire = {
      now: () => transport.now(),
      send: (to: string, message: Uint8Array) => void this.#outbox.push(() => transport.send(to, message)),
      encode: (batch: { number: number; isLast: boolean; states: Int32Array }) =>
        encodeBatch({ ...batch, level, epoch, from: name }, layout),
    }
    const sender = (this.#sender = new Sender(wire, engine.width, others, this.#options.batchWords))
    const receiver = (this.#receiver = new Receiver(others))
    engine.begin(command, sender, others)
    let isOpen = true
    for (;;) {
      this.#insertHeld(engine)
      if (!isOpen && receiver.isWhole) break
      if (isOpen && !sender.isCrowded && !engine.isCrowded) {
        const stopAtMs = transport.now() + SLICE_MS
        if (engine.expand(() => transport.now() >= stopAtMs || sender.isCrowded)) {
          sender.end()
          isOpen = false
        }
        await this.#turn()
      } else await this.#wait()
    }
    engine.endLevel()
    while (!engine.isDurable) await this.#wait()
    this.#tell(engine.report())
  }

  /** Inserts the batches that have arrived for the present command, and acknowledges them. */
  #insertHeld(engine: NodeEngine): void {
    const receiver = this.#receiver
    const command = this.#command!
    if (receiver === undefined) return
    const held = this.#held
    this.#held = []
    for (const batch of held) {
      if (batch.epoch > command.epoch) this.#held.push(batch)
      if (batch.epoch !== command.epoch) continue
      if (receiver.arrived(batch)) engine.insert(batch.states)
      this.#acknowledge(batch)
    }
  }

  #acknowledge({ from, level, epoch, number }: Held): void {
    const { name } = this.#options
    const bytes = encodeAck({ from: name, level, epoch, number }, this.#engine!.layoutHash)
    this.#transport.send(from, bytes)
  }

  #received(bytes: Uint8Array): void {
    if (this.#description === undefined) return
    try {
      const message = decodeMessage(bytes, this.#description.layout)
      const command = this.#command
      if (message.kind === 'batch') {
        // A node that does not know the command yet keeps its batches.
        if (command === undefined || message.epoch >= command.epoch) this.#held.push(message)
        this.#wake()
      } else if (message.kind === 'ack' && command !== undefined && message.epoch === command.epoch) {
        this.#sender?.acknowledged(message.from, message.number)
        this.#wake()
      }
    } catch (thrown) {
      this.#damage ??= thrown
      this.#wake()
    }
  }

  get #isStale(): boolean {
    return this.#commands.length > 0
  }

  #tell(report: Omit<NodeReport, 'level' | 'epoch' | 'task'>): void {
    const { level, epoch, task } = this.#command!
    this.#report = { ...report, level, epoch, task: task.kind }
    this.#reportedMs = -Infinity
    this.#signal()
  }

  /** Reports an error until the coordinator ends the run. */
  async #failed(thrown: unknown): Promise<void> {
    // Without a command, the coordinator waits for the first one. It sees the error as an answer to that.
    const { level, epoch, task } = this.#command ?? { level: 0, epoch: 0, task: { kind: 'expand' as const } }
    this.#report = { level, epoch, task: task.kind, error: this.#takeError(thrown) }
    while (this.#commands.length === 0) await this.#pause()
  }

  /** The error to report. A damaged message comes first, because it may be the reason for others. */
  #takeError(thrown: unknown): SerializedError {
    const damage = this.#damage
    this.#damage = undefined
    return serializeError(damage ?? thrown)
  }

  /** Sends what is due: signs of life, the report, and batches that were not acknowledged. */
  #signal(isLeaving = false): void {
    const now = this.#transport.now()
    this.#sender?.resend()
    for (const send of this.#outbox.splice(0)) send()
    const isReporting = this.#report !== undefined && now - this.#reportedMs >= RESEND_MS
    if (!isReporting && !isLeaving && now - this.#aliveMs < ALIVE_MS) return
    this.#aliveMs = now
    if (isReporting) this.#reportedMs = now
    const message: NodeMessage = {
      node: this.#options.name,
      isLeaving,
      report: isReporting ? this.#report : undefined,
      found: this.#engine?.found ?? 0,
      generated: this.#engine?.generated ?? 0,
      bytesSent: this.#transport.bytesSent,
    }
    this.#transport.send(COORDINATOR, encodeText(message))
  }

  /** Lets messages arrive. @throws {Superseded}; {Left} */
  async #turn(): Promise<void> {
    this.#signal()
    await this.#transport.sleep(0)
    this.#assertPresent()
  }

  /** Waits until something arrives, or for a while. @throws {Superseded}; {Left} */
  async #wait(): Promise<void> {
    await this.#pause()
    this.#assertPresent()
  }

  /** Waits until something arrives, or for a while. @throws {Left} */
  async #pause(): Promise<void> {
    this.#signal()
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    await Promise.race([woken, this.#transport.sleep(ALIVE_MS / 3)])
    // Batches for a level that this node has finished were sent again, because their acknowledgment was lost.
    const report = this.#report
    if (report !== undefined && report.error === undefined) {
      if (this.#damage !== undefined) this.#report = { ...report, error: this.#takeError(undefined) }
      else if (report.task === 'expand') this.#insertHeld(this.#engine!)
    }
    if (this.#options.isStopped?.() === true) throw new Left()
  }

  #assertPresent(): void {
    if (this.#options.isStopped?.() === true) throw new Left()
    if (this.#damage !== undefined && this.#report === undefined) throw this.#damage as Error
    if (this.#isStale && this.#report === undefined) throw new Superseded()
  }
}

/** Evaluates the spec, and keeps the states of this node. */
class NodeEngine {
  readonly layoutHash: number
  readonly width: number
  readonly #layout: Layout
  readonly #evaluator: Evaluator
  readonly #reference: ReferenceEvaluator
  readonly #monitor: Monitor
  readonly #symmetry: Symmetry | undefined
  readonly #order: StateOrder
  readonly #batch: Batch
  readonly #expander: Expander
  readonly #initial: Int32Array
  readonly #states: NodeStates
  readonly #memoryBytes: number
  readonly #journals: Journals
  readonly #model: ReturnType<typeof instantiateRefined>['model']
  readonly #instances: ReturnType<typeof actionInstances>
  readonly #properties: ReturnType<typeof instantiateRefined>['model']['properties']
  readonly #seed: number
  readonly #filter: SentFilter
  #levels: Levels | undefined
  /** The level of the states; undefined before the first command. */
  #level: number | undefined
  #command: Command | undefined
  #slots: ReadonlySet<number> = new Set()
  #sender: Sender | undefined
  /** By slot: the number of the receiver of its states; -1 for own slots. */
  #receivers = new Int32Array()
  /** Where the expansion of the level continues. */
  #piece = 0
  #at = 0
  #expanded = 0
  #outsideBefore = 0
  /** What the monitor found on this level, also before a recovery. */
  #candidates: Candidate[] = []

  constructor(
    { spec, memoryBytes, recordWords }: NodeOptions,
    description: RunDescription,
    journals: Journals,
    written: () => void,
  ) {
    const { constants, properties: names, interpret, symmetry: isSymmetric, seed, asks, elements } = description
    const { model } = instantiateRefined(spec, constants)
    const layout = layOut(model.schema, elements)
    const instances = actionInstances(model)
    this.layoutHash = layoutHash({ layout, instances })
    if (this.layoutHash !== description.layout) throw runOfAnotherSpec()
    const { width } = layout
    this.width = width
    this.#model = model
    this.#instances = instances
    this.#layout = layout
    this.#seed = seed
    this.#memoryBytes = memoryBytes
    this.#journals = journals
    this.#order = orderOf(layout)
    this.#reference = new ReferenceEvaluator(layout, instances)
    this.#evaluator = interpret ? this.#reference : new LearnedEvaluator(layout, instances, seed, { asks })
    const properties = (this.#properties = model.properties.filter((property) => names.includes(property.name)))
    this.#symmetry = reducible(model, layout, properties, isSymmetric).symmetry
    const monitor = (this.#monitor = new Monitor(
      model,
      { properties, measures: model.measures },
      this.#evaluator,
      layout,
    ))
    const states = new InitialStates(model, layout)
    states.pack()
    this.#initial = states.words
    if (this.#symmetry !== undefined) requireSymmetricStart(this.#symmetry, this.#initial, width)
    const batch = (this.#batch = new Batch(width, new Float64Array(instances.length), monitor.admits === undefined))
    const { next } = this.#evaluator
    this.#expander = next.expander?.(batch, monitor) ?? new PlainExpander(next, batch, monitor)
    this.#filter = new SentFilter(width)
    this.#states = new NodeStates({
      width,
      instances: instances.length,
      layout: this.layoutHash,
      maxBytes: memoryBytes,
      journals,
      recordWords,
      written,
      newStates: learningConstraints(monitor, width),
    })
  }

  get isCrowded(): boolean {
    return this.#states.isCrowded
  }

  get isDurable(): boolean {
    return this.#states.isDurable
  }

  get found(): number {
    return this.#states.next.size
  }

  get generated(): number {
    return this.#batch.generated.reduce((sum, count) => sum + count, 0)
  }

  /** Takes note of a command, in order: forgets the slots of other nodes, and goes to the level. */
  follow(command: Command, name: string): void {
    const { level, owners, task } = command
    const slots = new Set(owners.flatMap((owner, slot) => (owner === name ? [slot] : [])))
    this.#command = command
    this.#slots = slots
    if (task.kind === 'predecessors') return
    this.#levels = undefined
    const states = this.#states
    states.endLevel()
    if (this.#level !== undefined && level === this.#level + 1) {
      states.advance()
      this.#candidates = []
    } else if (level !== this.#level) states.keepOnly(new Set())
    this.#level = level
    states.keepOnly(slots)
  }

  /** Reads the states of the slots that this node got. */
  async adopt(command: Command, isStale: () => boolean): Promise<void> {
    const { level, counts, decided, notVacuous } = command
    const monitor = this.#monitor
    monitor.applyDecided(decided, notVacuous)
    const adopted = await this.#states.adopt([...this.#slots], level, counts, isStale)
    if (isStale()) return
    // Without this, the monitor would not know what predicates read in these states.
    purely(() => {
      for (const { depth, states } of adopted) monitor.revisit(states, depth)
    })
  }

  /**
   * Begins to expand the level.
   *
   * @param receivers - the nodes to which `sender` sends
   */
  begin({ level, owners }: Command, sender: Sender, receivers: readonly string[]): void {
    this.#sender = sender
    this.#receivers = Int32Array.from(owners, (owner) => receivers.indexOf(owner))
    this.#piece = 0
    this.#at = 0
    this.#batch.generated.fill(0)
    this.#batch.recent.fill(0)
    this.#filter.clear()
    this.#monitor.depth = level
    this.#outsideBefore = this.#monitor.outside
    this.#states.begin(level + 1)
    this.#evaluator.review?.(this.#expanded)
  }

  /**
   * Expands states of the level until `pause` returns true.
   *
   * @returns whether the level is expanded
   * @throws {OutOfMemory}
   */
  expand(pause: () => boolean): boolean {
    return purely(() => {
      if (this.#command!.level === 0) return this.#expandInitial(pause)
      const pieces = this.#states.frontier.pieces()
      const batch = this.#batch
      for (; this.#piece < pieces.length; this.#piece++, this.#at = 0) {
        const words = pieces[this.#piece]!
        while (this.#at < words.length) {
          if (pause()) return false
          this.#assertMemory()
          const end = Math.min(words.length, this.#at + STRIDE * this.width)
          this.#at = this.#expander.expand(words, this.#at, end)
          if (batch.size >= batch.enough) this.#empty()
        }
        this.#expanded += words.length / this.width
      }
      this.#empty()
      return true
    })
  }

  /** The initial states are begun like those of `Search.begin`, by the owner of each representative. */
  #expandInitial(pause: () => boolean): boolean {
    const initial = this.#initial
    const { width } = this
    const monitor = this.#monitor
    const state = new Int32Array(width)
    for (; this.#at < initial.length; this.#at += width) {
      if (this.#at % (STRIDE * width) === 0 && pause()) return false
      for (let word = 0; word < width; word++) state[word] = initial[this.#at + word]!
      this.#symmetry?.represent(state, 0)
      if (!this.#slots.has(ownerOf(hash(state, 0, width), SLOTS))) continue
      if (monitor.admits?.(initial, this.#at, UNKNOWN_STEP) === false) continue
      this.#states.insertStates(state)
    }
    return true
  }

  /** Inserts states from another node. @throws {OutOfMemory} */
  insert(states: Int32Array): void {
    purely(() => this.#states.insertStates(states))
  }

  endLevel(): void {
    this.#states.endLevel()
  }

  report(): Omit<NodeReport, 'level' | 'epoch' | 'task'> {
    const monitor = this.#monitor
    this.#candidates = withoutRepeats([...this.#candidates, ...monitor.candidates()])
    return {
      found: this.#states.countNext(),
      seen: this.#states.set.size,
      generatedBy: [...this.#batch.generated],
      candidates: this.#candidates,
      outside: monitor.outside - this.#outsideBefore,
      measured: monitor.ranges.map(({ bounds }) => bounds),
      specCalls: this.#evaluator.specCalls,
    }
  }

  /** States of this node, spread evenly. Before that, audits what this node has learned. */
  sample(
    total: number,
    { owners, totals }: Command,
    decided: readonly string[] | undefined,
  ): Omit<NodeReport, 'level' | 'epoch' | 'task'> {
    const { set } = this.#states
    const { width } = this
    if (set.size === 0) return { sample: new Int32Array() }
    if (decided !== undefined && this.#evaluator !== this.#reference) this.#audit(decided, totals.monitor.ranges)
    const wanted = Math.ceil(total / new Set(owners).size)
    const words: number[] = []
    const { table, lastPlace } = set
    const every = Math.max(1, Math.floor(set.size / wanted))
    let seen = 0
    for (let base = 0; base < lastPlace; base += width) {
      if (table[base + width - 1] === 0 || seen++ % every !== 0) continue
      for (let word = 0; word < width; word++) words.push(table[base + word]!)
    }
    return { sample: Int32Array.from(words), specCalls: this.#evaluator.specCalls }
  }

  /** Compares a sample of what this node has learned with reference evaluation. @throws {CheckerError} KR501, KR502 */
  #audit(decided: readonly string[], bounds: readonly RangeBounds[]): void {
    const claimed = this.#properties.filter(({ name }) => !decided.includes(name))
    // This node has not taken the measures of states that other nodes found.
    const ranges = bounds.map((known) => {
      const range = new MeasureRange()
      range.include(known)
      return range
    })
    const claims = claimsAbout(claimed, this.#model.measures, ranges)
    const { set } = this.#states
    const audited = {
      layout: this.#layout,
      instances: this.#instances,
      next: this.#evaluator.next,
      reference: this.#reference,
      seen: set,
      ...claims,
    }
    const states = { pick: (ticket: number) => set.pick(ticket), found: set.size, depth: undefined, index: set }
    purely(() => {
      audit(audited, rngFrom(this.#seed))
      auditPromises(this.#evaluator, states, this.width)
    })
  }

  /** For each target, the least predecessor in the slots of this node. */
  async predecessors(
    { level }: Command,
    targets: readonly Int32Array[],
    turn: () => Promise<void>,
  ): Promise<NonNullable<NodeReport['predecessors']>> {
    if (this.#levels === undefined) {
      this.#states.keepOnly(new Set())
      this.#levels = new Levels(this.#journals, this.layoutHash, this.width)
    }
    for (const slot of this.#slots) {
      await this.#levels.read(slot)
      await turn()
    }
    const best: NonNullable<NodeReport['predecessors']>[number][] = targets.map(() => null)
    for (const states of this.#levels.states([...this.#slots], level)) {
      const steps = await leastSteps(
        { next: this.#evaluator.next, width: this.width, order: this.#order, symmetry: this.#symmetry },
        [states],
        targets,
        turn,
      )
      steps.forEach((step, which) => {
        const known = best[which]
        if (step === undefined || (known && this.#order(step.words, 0, known.words, 0) >= 0)) return
        best[which] = step
      })
    }
    return best
  }

  #assertMemory(): void {
    if (this.#states.bytes > this.#memoryBytes) throw new OutOfMemory()
  }

  /** Inserts the successors that belong to this node, and sends the others. */
  #empty(): void {
    const batch = this.#batch
    const monitor = this.#monitor
    if (this.#symmetry !== undefined) reduce(batch, this.#symmetry)
    if (monitor.admits !== undefined) batch.keep(monitor.admits)
    const { entries, stride, size, width } = batch
    const receivers = this.#receivers
    let kept = 0
    for (let entry = 0; entry < size; entry += stride) {
      const to = receivers[ownerOf(entries[entry + width]!, SLOTS)]!
      if (to < 0) {
        if (kept !== entry) entries.copyWithin(kept, entry, entry + stride)
        kept += stride
      } else if (this.#filter.isNew(entries, entry, entries[entry + width]!)) {
        this.#sender!.append(to, entries, entry)
      }
    }
    batch.size = kept
    this.#states.insert(batch)
    batch.size = 0
  }
}

/**
 * A check of a known step leaves out predicates that read nothing it writes. For that, this node must know what they read
 * on the state before. The sender of a state has evaluated the constraints on it, this node has not.
 */
function learningConstraints(monitor: Monitor, width: number): NewStates {
  if (monitor.isInside === undefined) return monitor
  return {
    suspects: (words, offset, step) => {
      if (step === UNKNOWN_STEP) {
        const state = words.slice(offset, offset + width)
        monitor.lookAt({ words: state, depth: monitor.depth + 1, step: undefined, occasion: 'constraint' }, NO_STEPS)
      }
      return monitor.suspects(words, offset, step)
    },
    discovered: (words, offset, step) => monitor.discovered(words, offset, step),
  }
}

/** A constraint needs no successors. */
const NO_STEPS: NextState = { successors() {} }
