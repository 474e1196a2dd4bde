/** One step of a trace: what it did, what it chose, and what its author has to say about it. */
import { badNote } from '../errors.ts'
import { failureOf } from '../semantics/failure.ts'
import { stepView } from '../semantics/reference.ts'
import type { Bindings } from '../spec/bindings.ts'
import { beginCall, endCall } from '../spec/calls.ts'
import type { ActionInstance } from '../spec/instances.ts'
import type { State } from '../spec/model.ts'
import { purely } from '../spec/purity.ts'
import { inWords } from '../spec/show.ts'
import { changesBetween } from '../state/describe.ts'
import type { Layout } from '../state/layout.ts'
import type { TraceStep } from './trace.ts'

/** A step that reference evaluation made. */
export interface MadeStep {
  readonly instance: ActionInstance
  readonly before: State
  readonly after: State
  /** The values that the action chose, by name. */
  readonly chosen: Bindings
}

/** The entry of a trace for a step. @throws {CheckerError} KR515 for a note that fails */
export function traceStep(layout: Layout, { instance, before, after, chosen }: MadeStep): TraceStep {
  const { definition, bindings } = instance
  const note = noteOn({ instance, before, after, chosen })
  return {
    action: definition.name,
    bindings,
    ...(Object.keys(chosen).length > 0 && { chosen }),
    thread: definition.thread,
    state: after,
    changes: changesBetween(layout, before, after),
    ...(note !== undefined && { note }),
  }
}

/** The first entry of a trace, with the action `init`, or a step that changes nothing, with `stutter`. */
export function standing(action: 'init' | 'stutter', state: State): TraceStep {
  return { action, bindings: {}, thread: undefined, state, changes: [] }
}

function noteOn({ instance, before, after, chosen }: MadeStep): string | undefined {
  const { doc, note, origin } = instance.definition
  if (note === undefined) return doc
  const who = `the note of ${instance.who}`
  let text: unknown
  try {
    beginCall(who, undefined)
    text = purely(() => note({ ...stepView(instance, before, after), chosen } as never))
  } catch (thrown) {
    throw failureOf({ who, definition: { origin }, source: note }, thrown)
  } finally {
    endCall()
  }
  if (text === undefined || text === null || text === false || text === '') return undefined
  if (typeof text !== 'string') throw badNote(who, inWords(text), note)
  return text.replaceAll(/\s*\n\s*/g, ' ')
}
