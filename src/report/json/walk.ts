/**
 * States, steps and paths of a walk as JSON: the answers of the server of `kripke explore`.
 *
 * Steps have names, so that a path is a list of names. A path has each value once, because its states share most of them.
 */
import type { FollowedPath } from '../../api/walk/path.ts'
import type { DisabledStep, EnabledStep, FailedStep, Steps, Verdict } from '../../api/walk/steps.ts'
import type { Walk } from '../../api/walk/walk.ts'
import { callText, chosenText, type Bindings } from '../../spec/bindings.ts'
import type { ThreadStep } from '../../spec/model.ts'
import { differencesOf, valueText } from '../differences.ts'
import { show } from '../show.ts'
import { ValueTable, type ValueDocument } from './value.ts'

export interface ChangeDocument {
  /** Such as `owner[block1]`. */
  readonly path: string
  /** Such as `free → file1` or `+block1`. */
  readonly text: string
}

/** Who takes a step. */
export interface StepperDocument {
  readonly action: string
  /** The call as text: `write(task1)`. */
  readonly call: string
  /** The instance of the thread: `task1`, or the thread's name if it has one instance. Null for other actions. */
  readonly thread: string | null
  /** The label of a thread's step. */
  readonly label: string | null
}

export interface StepDocument extends StepperDocument {
  readonly name: string
  /** ` {kept: block1}`, or empty. */
  readonly chosen: string
  readonly note: string | null
  readonly changes: readonly ChangeDocument[]
  readonly isSelfLoop: boolean
  readonly isOutside: boolean
  readonly violates: readonly Verdict[]
}

export interface FailedDocument extends StepperDocument {
  readonly code: string
  readonly message: string
}

export interface DisabledDocument extends StepperDocument {
  readonly isAtLabel: boolean | null
  /** What the function read, in order, as text: `holder = task1`. */
  readonly read: readonly string[]
}

export interface EntryDocument {
  /** The step that led here; null for the initial state. */
  readonly step: StepDocument | null
  /** For each variable, the index of its value in the values of the path. */
  readonly state: readonly number[]
  readonly verdicts: readonly Verdict[]
}

export interface PathDocument {
  /** The names of the path, as far as the spec has it. */
  readonly path: readonly string[]
  readonly entries: readonly EntryDocument[]
  /** The values of its states, each once. */
  readonly values: readonly ValueDocument[]
  readonly departure: {
    readonly index: number
    readonly name: string
    readonly instead: readonly string[]
    readonly failed: FailedDocument | null
  } | null
}

export interface StepsDocument {
  readonly enabled: readonly StepDocument[]
  readonly failed: readonly FailedDocument[]
}

export function stepDocument(step: EnabledStep): StepDocument {
  const { name, chosen, note = null, changes, isSelfLoop, isOutside, violates } = step
  return {
    name,
    ...stepperDocument(step),
    chosen: chosenText(chosen),
    note,
    changes: differencesOf(changes).map((difference) => ({ path: difference.path, text: valueText(difference) })),
    isSelfLoop,
    isOutside,
    violates,
  }
}

export function stepsDocument({ enabled, failed }: Steps): StepsDocument {
  return { enabled: enabled.map(stepDocument), failed: failed.map(failedDocument) }
}

function failedDocument(step: FailedStep): FailedDocument {
  const { code, message } = step.error
  return { ...stepperDocument(step), code, message }
}

export function disabledDocument(step: DisabledStep): DisabledDocument {
  const read = step.read.map(({ path, value }) => `${path} = ${show(value)}`)
  return { ...stepperDocument(step), isAtLabel: step.isAtLabel ?? null, read }
}

/** @param path - the names that were followed; an empty path leads to the first initial state */
export function pathDocument(
  walk: Walk,
  path: readonly string[],
  { states, steps, departure }: FollowedPath,
): PathDocument {
  const table = new ValueTable()
  return {
    path: path.slice(0, states.length),
    entries: states.map((state, index) => ({
      step: index === 0 ? null : stepDocument(steps[index - 1]!),
      state: table.indexesOf(state, walk.variables),
      verdicts: walk.verdictsOf(state, index === 0),
    })),
    values: table.values,
    departure:
      departure === undefined
        ? null
        : { ...departure, failed: departure.failed ? failedDocument(departure.failed) : null },
  }
}

function stepperDocument(of: {
  readonly action: string
  readonly bindings: Bindings
  readonly thread: ThreadStep | undefined
}): StepperDocument {
  const { action, bindings, thread } = of
  const instance = thread?.instance
  return {
    action,
    call: callText(action, bindings),
    thread: thread === undefined ? null : instance === undefined ? thread.name : show(bindings[instance]),
    label: thread?.label ?? null,
  }
}
