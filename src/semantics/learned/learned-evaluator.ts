/**
 * Learned evaluation: grows decision trees from the spec's functions.
 *
 * For a known case, no function of the spec runs. The evaluator walks the tree of each action instance to a leaf, and
 * the operations of the leaf on words give the successors. Where a tree ends, the evaluator calls the spec's function,
 * and the tree grows.
 */
import type { Batch } from '../successor-batch.ts'
import {
  type EvaluationProfile,
  type Evaluator,
  type Expander,
  type Expansion,
  type Measured,
  type NextState,
  type Remark,
  type Watched,
} from '../contract.ts'
import { Failure } from '../failure.ts'
import { Successors } from '../successors.ts'
import { PlainExpander } from '../plain-expander.ts'
import { ReferenceEvaluator } from '../reference.ts'
import type { ActionInstance } from '../../spec/instances.ts'
import type { State } from '../../spec/model.ts'
import { decode } from '../../state/codec.ts'
import { Decoder } from '../../state/decoder.ts'
import { unpack, type Layout } from '../../state/layout.ts'
import type { Way } from '../../state/tracked/reader.ts'
import { CompiledExpander } from './codegen/compiled-expander.ts'
import { DEFAULT_THRESHOLDS, type CodegenThresholds } from './codegen/thresholds.ts'
import { DecisionTrees, INTERPRET, SPARSE, UNKNOWN } from './decision-tree.ts'
import { LearnedStepWatch } from './learned-step-watch.ts'
import { LearnedWatch, type LearningContext } from './learned-watch.ts'
import { DISABLED, Leaves } from './leaves.ts'
import { observeAction } from './observation.ts'
import type { LearnedDelta, LearningDecisions } from './learned-delta.ts'
import { rngFrom } from './probe.ts'
import { slotsRead, TreeLearner, type LearningProgress } from './tree-learner.ts'
import { Oracle } from './oracle.ts'

export interface LearnedOptions {
  readonly thresholds?: CodegenThresholds
  /** Whether to ask questions apart from the rest of a function; see `joins.ts`. Default true. */
  readonly asks?: boolean
}

/** Evaluates by trees, and calls the spec only where they end. */
export class LearnedEvaluator implements Evaluator, NextState {
  readonly next: NextState = this
  readonly #context: LearningContext
  readonly #instances: readonly ActionInstance[]
  readonly #actionTrees: TreeLearner
  /** The learner of the actions, and one for each watch. */
  readonly #learners: TreeLearner[]
  /** The slots of the state being expanded. `#state` holds its value once an instance needed it. */
  readonly #slots: Int32Array
  /** The state that was decoded last. */
  readonly #last: { readonly words: Int32Array; state: State | undefined }
  #state: State | undefined
  /** Hears of instances that need reference evaluation, instead of that evaluation. */
  #skip: ((instance: number) => void) | undefined

  readonly #ofSteps = new Set<TreeLearner>()

  /** @param seed - for the probes that check learned paths; any number is valid */
  constructor(
    layout: Layout,
    instances: readonly ActionInstance[],
    seed: number,
    { thresholds = DEFAULT_THRESHOLDS, asks = true }: LearnedOptions = {},
  ) {
    const reference = new ReferenceEvaluator(layout, instances)
    const leaves = new Leaves(layout)
    const oracle = new Oracle(layout, rngFrom(seed), asks)
    const decoder = new Decoder(layout)
    this.#context = { layout, reference, decoder, leaves, oracle, thresholds }
    this.#instances = instances
    this.#slots = new Int32Array(layout.slots.length)
    this.#last = { words: new Int32Array(layout.width), state: undefined }
    const subjects = instances.map((instance) => ({
      of: instance,
      observe: (slots: Int32Array, way?: Way) => observeAction(layout, instance, slots, way),
      refer: (slots: Int32Array) => reference.successorSlots(instance, decoder.decode(slots), slots),
    }))
    const sizes = Int32Array.from(layout.slots, ({ size }) => size)
    this.#actionTrees = new TreeLearner(subjects, oracle, new DecisionTrees(sizes), (outcome) => leaves.leaf(outcome))
    this.#learners = [this.#actionTrees]
  }

  /** The trees of the action instances. */
  get actions(): TreeLearner {
    return this.#actionTrees
  }

  /** The leaves of the action instances' trees. */
  get leaves(): Leaves {
    return this.#context.leaves
  }

  get specCalls(): number {
    return this.#context.oracle.trackedCalls + this.#context.reference.specCalls
  }

  successors(words: Int32Array, offset: number, out: Successors): void {
    const { layout, leaves } = this.#context
    const { roots, trees } = this.#actionTrees
    const { width } = layout
    const slots = this.#slots
    unpack(layout, words, offset, slots)
    this.#state = undefined
    out.size = 0
    out.failure = undefined
    let { nodes } = trees
    let { ops } = leaves
    for (let instance = 0; instance < roots.length; instance++) {
      let node = roots[instance]!
      while (node > 0) node = nodes[node + 1 + slots[nodes[node]!]!]!
      if (node === DISABLED) continue
      if (node === UNKNOWN || node <= SPARSE) {
        node = this.#resolve(instance, out)
        if (node === DISABLED) continue
        nodes = trees.nodes
        ops = leaves.ops
      }
      let at = -node
      let remaining = ops[at++]!
      if (remaining === 0) out.failure ??= new Failure(this.#instances[instance]!, leaves.errorAt(node)!)
      out.reserve(remaining)
      for (; remaining > 0; remaining--) {
        const base = out.size * width
        for (let word = 0; word < width; word++) out.words[base + word] = words[offset + word]!
        out.instance[out.size] = instance
        out.step[out.size++] = at
        for (let operations = ops[at++]!; operations > 0; operations--, at += 3) {
          const word = base + ops[at]!
          out.words[word] = (out.words[word]! & ops[at + 1]!) | ops[at + 2]!
        }
      }
    }
  }

  learnedSuccessors(words: Int32Array, offset: number, out: Successors, other: (instance: number) => void): void {
    this.#skip = other
    try {
      this.successors(words, offset, out)
    } finally {
      this.#skip = undefined
    }
  }

  watch(predicates: readonly Watched[], measures: readonly Measured[] = []): LearnedWatch {
    const watch = new LearnedWatch(this.#context, predicates, measures)
    this.#learners.push(watch.learner)
    return watch
  }

  watchSteps(predicates: readonly Watched[], measures: readonly Measured[] = []): LearnedStepWatch {
    const watch = new LearnedStepWatch(this.#context, this.#instances, predicates, measures)
    this.#learners.push(...watch.learners)
    this.#ofSteps.add(watch.learner)
    return watch
  }

  review(states: number): void {
    for (const learner of this.#learners) learner.review(states)
  }

  shareLearning(): void {
    for (const learner of this.#learners) learner.shareLearning()
  }

  drainDelta(): readonly LearnedDelta[] {
    return this.#learners.map((learner) => learner.drainDelta())
  }

  mergeDelta(delta: readonly LearnedDelta[]): void {
    delta.forEach((one, index) => this.#learners[index]!.mergeDelta(one))
  }

  slotsReadIn(delta: readonly LearnedDelta[]): number[] {
    return delta.flatMap(({ slots }, learner) =>
      slots.flatMap((subject, at) => (at % 2 === 0 ? [learner, subject, slots[at + 1]!] : [])),
    )
  }

  mergeSlotsRead(triples: Int32Array): void {
    for (let at = 0; at < triples.length; at += 3)
      this.#learners[triples[at]!]!.noteRead(triples[at + 1]!, triples[at + 2]!)
  }

  decisions(): readonly LearningDecisions[] {
    return this.#learners.map((learner) => learner.decisions())
  }

  applyDecisions(decisions: readonly LearningDecisions[]): void {
    decisions.forEach((one, index) => this.#learners[index]!.applyDecisions(one))
  }

  get promised(): number {
    return this.#learners.reduce((sum, { promised }) => sum + promised.size, 0)
  }

  confirm(words: Int32Array): void {
    this.#context.reference.withoutCounting(() => this.#confirm(words))
  }

  #confirm(words: Int32Array): void {
    const { layout } = this.#context
    const slots = new Int32Array(2 * layout.slots.length)
    const [before, after] = [slots.subarray(0, layout.slots.length), slots.subarray(layout.slots.length)]
    unpack(layout, words, 0, before)
    const ofSteps = this.#learners.filter((learner) => this.#ofSteps.has(learner) && learner.promised.size > 0)
    for (const learner of this.#learners) {
      if (!this.#ofSteps.has(learner)) for (const index of learner.promised) learner.confirm(index, before)
    }
    const out = new Successors(layout.width)
    if (ofSteps.length > 0) this.successors(words, 0, out)
    for (let at = 0; at < out.size; at++) {
      unpack(layout, out.words, at * layout.width, after)
      for (const learner of ofSteps) {
        // A learner of steps has a function for each question and instance.
        const own = [...learner.promised].filter((index) => index % this.#instances.length === out.instance[at])
        for (const index of own) learner.confirm(index, slots)
      }
    }
  }

  remarks(): Remark[] {
    const remarks = this.#learners.flatMap((learner) => learner.remarks())
    return remarks.filter(
      ({ kind, name }, index) => remarks.findIndex((it) => it.kind === kind && it.name === name) === index,
    )
  }

  profile(action: number): EvaluationProfile {
    const progress = this.#actionTrees.progress.filter((_, index) => this.#instances[index]!.action === action)
    return profileOf(progress, this.#context.reference.profile(action).specCalls)
  }

  expander(batch: Batch, expansion: Expansion): Expander {
    const { layout, leaves, thresholds } = this.#context
    const { roots, trees } = this.#actionTrees
    return new CompiledExpander({
      batch,
      expansion,
      layout,
      leaves,
      trees,
      roots,
      thresholds,
      plain: new PlainExpander(this, batch, expansion),
      nodes: () => this.#actionTrees.progress.reduce((sum, { nodes }) => sum + nodes, 0),
      learned: () => this.#actionTrees.learned,
      leafOf: (instance, words, offset) => this.#leafOf(instance, words, offset),
      refer: (instance, words, offset, out) => this.#reference(instance, words, offset, out),
      firstFailure: (words, offset) => {
        const out = new Successors(layout.width)
        this.successors(words, offset, out)
        return out.failure
      },
      failureAt: (instance, leaf) => new Failure(this.#instances[instance]!, leaves.errorAt(leaf)!),
    })
  }

  /** The leaf of one instance on a state, or `INTERPRET`. @throws {Failure} if the function is impure */
  #leafOf(instance: number, words: Int32Array, offset: number): number {
    unpack(this.#context.layout, words, offset, this.#slots)
    return this.#actionTrees.resolve(instance, this.#slots)
  }

  /** The state at `words[offset..]`, decoded once for all instances that need it. */
  #decoded(words: Int32Array, offset: number): State {
    const { layout } = this.#context
    const { width } = layout
    const last = this.#last
    let word = 0
    while (last.state !== undefined && word < width && last.words[word] === words[offset + word]) word++
    if (word === width) return last.state!
    for (let at = 0; at < width; at++) last.words[at] = words[offset + at]!
    unpack(layout, words, offset, this.#slots)
    return (last.state = decode(layout, this.#slots))
  }

  /** Evaluates one instance by reference. */
  #reference(instance: number, words: Int32Array, offset: number, out: Successors): void {
    out.size = 0
    out.failure = undefined
    unpack(this.#context.layout, words, offset, this.#slots)
    this.#context.reference.append(instance, this.#decoded(words, offset), out, this.#slots)
  }

  /** The leaf of an instance. An impure function is a failure; then the result is `DISABLED`. */
  #learn(instance: number, out: Successors): number {
    try {
      return this.#actionTrees.resolve(instance, this.#slots)
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      out.failure ??= thrown
      return DISABLED
    }
  }

  /** The leaf of an instance whose tree ends. `DISABLED` also if reference evaluation has appended the successors. */
  #resolve(instance: number, out: Successors): number {
    const { layout, reference } = this.#context
    const leaf = this.#learn(instance, out)
    if (leaf !== INTERPRET) return leaf
    if (this.#skip !== undefined) {
      this.#skip(instance)
      return DISABLED
    }
    this.#state ??= decode(layout, this.#slots)
    reference.append(instance, this.#state, out, this.#slots)
    return DISABLED
  }
}

function profileOf(progress: readonly LearningProgress[], referenceCalls: number): EvaluationProfile {
  const remark = progress.find((it) => it.remark !== undefined)?.remark
  return {
    evaluation: remark === undefined ? 'learned' : 'interpreted',
    specCalls: referenceCalls + progress.reduce((sum, { trackedCalls }) => sum + trackedCalls, 0),
    treeNodes: progress.reduce((sum, { nodes }) => sum + nodes, 0),
    slotsRead: progress.reduce((most, it) => Math.max(most, slotsRead(it)), 0),
    remark,
  }
}
