/**
 * Who does what in a trace, as lanes beside each other.
 *
 * A lane is an instance of a thread that takes a step. Steps of other actions have a lane for each value of their first parameter, or for
 * each action if they have no parameter. Program counters belong to the lanes; everything else that changes is the state.
 */
import { is, isMap, isRecord } from 'immutable'
import { callText, chosenText } from '../spec/bindings.ts'
import type { State } from '../spec/model.ts'
import { isStutter, type ShownTrace, type TraceStep } from '../trace/trace.ts'
import { differencesOf, type Difference } from './differences.ts'
import { show } from './show.ts'
import { variablesOf } from './text/state.ts'

/** A column for somebody who acts. */
export interface Lane {
  readonly name: string
  /** The label at which a thread stands at first. */
  readonly start: string | undefined
  /** What the parts of the state that belong to it have as key, if no other lane has the same. */
  readonly key: string | undefined
}

/** A program counter that a step moved. */
export interface Move {
  readonly lane: number
  readonly from: string
  readonly to: string
}

/** A step, in the lane of who takes it. */
export interface LaneStep {
  /** Index of the lane; undefined for the initial state, and where nothing happens. */
  readonly lane: number | undefined
  /** The action, or the label of a thread's only step there. */
  readonly label: string
  /** What is bound beside what names the lane, and what was chosen: `block1, want=1 {kept: block2}`. */
  readonly bindings: string
  /** The label of a thread's step that moves no program counter, if `label` is another. */
  readonly at: string | undefined
  readonly moves: readonly Move[]
  /** The note of its author. */
  readonly note: string | undefined
  /** What it changed, without the program counters of lanes; with an alias, how the alias changed. */
  readonly changes: readonly Difference[]
}

export interface Lanes {
  readonly lanes: readonly Lane[]
  /** Instances that take no step, of threads of which others do, and where they stand: `user2 at idle`. */
  readonly idle: readonly string[]
  /** Variables that are program counters of lanes. A thread with a call stack is part of the state too. */
  readonly counters: ReadonlySet<string>
  /** For each entry of the trace. */
  readonly steps: readonly LaneStep[]
}

/** More actions without a parameter than this share a lane. */
const MAX_ACTIONS = 8
const TOGETHER = 'actions'

interface Actor {
  /** Tells actors apart. */
  readonly id: string
  /** In order of preference. */
  readonly names: readonly string[]
  readonly start?: string
  readonly key?: string
  /** The place of the program counter. */
  readonly counter?: string
}

/** The lanes of a trace: threads in the order of the schema, then other actors as they appear. */
export function lanesOf(trace: ShownTrace): Lanes {
  const { steps } = trace
  const taken = steps.slice(1).filter((step) => !isStutter(step))
  const acting = new Set(taken.flatMap((step) => (step.thread === undefined ? [] : [threadId(step)])))
  const instances = instancesOf(steps[0]!.state, taken)
  const threads = instances.filter(({ id }) => acting.has(id))
  const bare = new Set(
    taken.filter((step) => actingParameter(step) === undefined && !step.thread).map((it) => it.action),
  )
  const plain = (step: TraceStep): Actor => plainActor(step, bare.size > MAX_ACTIONS)
  const others = new Map(taken.flatMap((step) => (step.thread ? [] : [[plain(step).id, plain(step)] as const])))
  const actors = [...threads, ...others.values()]
  const indexes = new Map(actors.map(({ id }, index) => [id, index]))
  const counters = new Map(threads.map(({ counter }, index) => [counter!, index]))
  return {
    lanes: named(actors),
    idle: instances.filter(({ id }) => !acting.has(id)).map(({ names, start }) => `${names[0]} at ${start}`),
    counters: new Set(
      taken.flatMap(({ thread }) => (thread && !hasStack(steps[0]!.state.get(thread.name)) ? thread.name : [])),
    ),
    steps: steps.map((step, index) => {
      if (index === 0 || isStutter(step)) return NOTHING
      const lane = indexes.get(step.thread ? threadId(step) : plain(step).id)!
      const moves = step.changes.flatMap(({ path, from, to }): Move[] => {
        const moved = counters.get(path)
        return moved === undefined ? [] : [{ lane: moved, from: show(from), to: show(to) }]
      })
      return {
        lane,
        ...labelOf(step),
        at: atOf(
          step,
          moves.some((move) => move.lane === lane),
        ),
        moves,
        changes: differencesOf(step.alias?.changes ?? step.changes.filter(({ path }) => !counters.has(path))),
      }
    }),
  }
}

const NOTHING: LaneStep = {
  lane: undefined,
  label: '',
  bindings: '',
  at: undefined,
  moves: [],
  note: undefined,
  changes: [],
}

/** Every instance of the threads that take a step, in the order of the state. */
function instancesOf(state: State, taken: readonly TraceStep[]): Actor[] {
  const threads = new Map(taken.flatMap(({ thread }) => (thread ? [[thread.name, thread.instance] as const] : [])))
  const inOrder = variablesOf(state).filter((name) => threads.has(name))
  return inOrder.flatMap((name): Actor[] => {
    const counter: unknown = state.get(name)
    const parameter = threads.get(name)
    if (parameter === undefined || !isMap(counter)) {
      return [{ id: idOf(name), names: [name], ...positionOf(counter, name) }]
    }
    return [...counter].map(([value, position]) => {
      const key = show(value)
      const full = callText(name, { [parameter]: value })
      // Members of the usual sets have the name of their thread.
      const names = key.startsWith(name) && key !== name ? [key, full] : [full]
      return { id: idOf(name, value), names, ...positionOf(position, `${name}[${key}]`), key }
    })
  })
}

/** Whether the positions of a thread have call stacks. */
function hasStack(value: unknown): boolean {
  return isRecord(isMap(value) ? value.first() : value)
}

/** The label in a thread's position, and the place of the label. A thread with a call stack has a record. */
function positionOf(position: unknown, place: string): Pick<Actor, 'counter'> & { readonly start: string } {
  if (!isRecord(position)) return { start: show(position), counter: place }
  return { start: show((position as unknown as { readonly at: unknown }).at), counter: `${place}.at` }
}

function threadId({ thread, bindings }: TraceStep): string {
  const { name, instance } = thread!
  return instance === undefined ? idOf(name) : idOf(name, bindings[instance])
}

function idOf(thread: string, instance?: unknown): string {
  return JSON.stringify(instance === undefined ? ['thread', thread] : ['thread', thread, show(instance)])
}

/** The parameter whose value acts: the first that is bound to a member, else the first. */
function actingParameter({ bindings }: TraceStep): string | undefined {
  const names = Object.keys(bindings)
  return names.find((name) => typeof bindings[name] === 'string') ?? names[0]
}

function plainActor(step: TraceStep, isTogether: boolean): Actor {
  const parameter = actingParameter(step)
  if (parameter === undefined) {
    const name = isTogether ? TOGETHER : step.action
    return { id: JSON.stringify(['action', name]), names: [name, `${name}()`] }
  }
  const value = step.bindings[parameter]
  const key = show(value)
  const name = key.startsWith(parameter) ? key : `${parameter}=${key}`
  return { id: JSON.stringify(['value', key]), names: [name, `${parameter}=${key}`], key }
}

/** What a step is called in its lane. */
function labelOf(step: TraceStep): Pick<LaneStep, 'label' | 'bindings' | 'note'> {
  const { action, bindings, chosen, thread, note } = step
  const own = thread === undefined ? actingParameter(step) : thread.instance
  const rest = Object.fromEntries(Object.entries(bindings).filter(([name]) => name !== own))
  const label = thread !== undefined && action === `${thread.name}.${thread.label}` ? thread.label : action
  return { label, bindings: (callText('', rest).slice(1, -1) + chosenText(chosen)).trim(), note }
}

function atOf({ action, thread }: TraceStep, moves: boolean): string | undefined {
  if (thread === undefined || moves || action === `${thread.name}.${thread.label}`) return undefined
  return thread.label
}

/** The actors with names that differ, and keys that one of them alone has. */
function named(actors: readonly Actor[]): Lane[] {
  const isShared = (name: string): boolean => actors.filter(({ names }) => names[0] === name).length > 1
  return actors.map(({ names, start, key }) => ({
    name: isShared(names[0]!) ? names.at(-1)! : names[0]!,
    start,
    key: key !== undefined && actors.filter((other) => is(other.key, key)).length === 1 ? key : undefined,
  }))
}
