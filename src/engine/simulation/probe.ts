/** Checks whether a state or a step shows the target of shrinking. */
import { Monitor } from '../../properties/monitor.ts'
import type { FailureFinding, Finding } from '../../properties/finding.ts'
import { UNKNOWN_STEP, Successors } from '../../semantics/successors.ts'
import type { Failure } from '../../semantics/failure.ts'
import type { PropertyDefinition } from '../../spec/model.ts'
import type { CheckContext } from '../context.ts'

/** The finding of a walk: a decided property, or a failing function of the spec. */
export type ShrinkTarget = PropertyDefinition | Failure

/** `hit`: it shows the target. `closed`: the search must not continue from there. */
export type ProbeResult = 'hit' | 'plain' | 'closed'

export class Probe {
  /** The successors of the state expanded last. */
  readonly out: Successors
  readonly #context: CheckContext
  readonly #target: ShrinkTarget
  readonly #monitor: Monitor

  constructor(context: CheckContext, target: ShrinkTarget) {
    const { model, settings, evaluator, layout } = context
    this.#context = context
    this.#target = target
    const properties = target instanceof Error ? settings.properties : [target]
    this.#monitor = new Monitor(model, { properties, measures: [] }, evaluator, layout)
    this.out = new Successors(layout.width)
  }

  /** The finding of the last hit. */
  get finding(): Finding | undefined {
    return this.#target instanceof Error ? undefined : this.#monitor.findings.get(this.#target)
  }

  /** The failure of the last hit. */
  get failure(): FailureFinding | undefined {
    return this.#monitor.failure
  }

  /** Checks a state; `closed` if it is outside the constraints. */
  meet(words: Int32Array, isInitial: boolean = false): ProbeResult {
    const monitor = this.#cleared()
    monitor.depth = isInitial ? 0 : 1
    const isInside = monitor.admits?.(words, 0, UNKNOWN_STEP) ?? true
    if (isInside) monitor.discovered(words, 0, UNKNOWN_STEP)
    const sight = this.#sight()
    return sight === 'plain' && !isInside ? 'closed' : sight
  }

  /** Computes the successors of a state. It is a hit if the target is a deadlock here or a failing action. */
  expand(words: Int32Array): ProbeResult {
    const monitor = this.#cleared()
    this.#context.evaluator.next.successors(words, 0, this.out)
    if (this.out.failure !== undefined) monitor.failed(this.out.failure, words, 0)
    else if (this.out.size === 0) monitor.dead(words, 0)
    return this.#sight()
  }

  /** Checks a step. */
  step(words: Int32Array, after: Int32Array, instance: number): ProbeResult {
    const monitor = this.#cleared()
    if (monitor.stepped === undefined) return 'plain'
    monitor.stepped(words, 0, after, 0, instance)
    return this.#sight()
  }

  #cleared(): Monitor {
    this.#monitor.findings.clear()
    this.#monitor.failure = undefined
    return this.#monitor
  }

  #sight(): ProbeResult {
    const { findings, failure } = this.#monitor
    const target = this.#target
    if (failure === undefined) return !(target instanceof Error) && findings.has(target) ? 'hit' : 'plain'
    const { subject, cause } = failure.failure
    const isSame =
      target instanceof Error && subject.definition === target.subject.definition && cause.code === target.cause.code
    return isSame ? 'hit' : 'closed'
  }
}
