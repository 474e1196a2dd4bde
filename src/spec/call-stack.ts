/**
 * The positions of threads, and their call stacks.
 *
 * The position of a thread that calls no procedure is a label. The position of another thread is a record:
 *
 *     at          the current label; in a procedure with the procedure's name, such as acquire.swap
 *     returned    what the last call returned, until the caller's next step; null otherwise
 *     stack       the calls in progress, the innermost last; each with its procedure, the label at which the caller goes
 *                 on, parameters and locals
 *
 * A list has no places beyond its length, so frames that are not in use do not distinguish states.
 */
import { List } from 'immutable'
import { badDefinition, badStep, callTooDeep, nameClash } from '../errors.ts'
import type { Bindings } from './bindings.ts'
import type { AnyDomain, AnyProcedure, AnyThread, Domain, Fields, RecordDomain } from './domain.ts'
import { listOf, oneOf, optional, record } from './domain-constructors.ts'
import { allLabels, labelIn } from './labels.ts'
import type { State } from './model.ts'
import type { AnyCall } from './move.ts'
import { here, place } from './origin.ts'
import { inWords } from './show.ts'
import type { Struct } from './struct.ts'
import { union } from './union.ts'

/** The labels of all instances of a thread, from the value of its variable. */
export function labelsOf({ instance, procedures }: AnyThread, value: unknown): string[] {
  const positions = Object.keys(instance).length === 0 ? [value] : [...(value as Map<unknown, unknown>).values()]
  return positions.map((position) => (procedures.length === 0 ? position : (position as Position).at) as string)
}

/** The domain of a thread's position. */
export function positionDomain(
  labels: readonly string[],
  procedures: readonly AnyProcedure[],
  depth: number,
): Domain<unknown> {
  requireProcedures(procedures, depth)
  const at = oneOf(...allLabels(labels, procedures))
  if (procedures.length === 0) return at
  const frames = procedures.map((it) => frameDomain(it, at))
  const returned = procedures.flatMap(({ name, returns }) =>
    returns === undefined ? [] : [fieldsOf({ procedure: oneOf(name as string), value: returns as Domain<unknown> })],
  )
  return record({
    at,
    ...(returned.length > 0 && { returned: optional(oneOfRecords(returned)) }),
    stack: listOf(oneOfRecords(frames), depth),
  })
}

function requireProcedures(procedures: readonly AnyProcedure[], depth: number): void {
  const right = 'calls: [acquire, release], depth: 2'
  if (
    !Array.isArray(procedures) ||
    procedures.some((it) => (it as Partial<AnyProcedure> | null)?.kind !== 'procedure')
  ) {
    throw badDefinition(
      '"calls" of thread()',
      `must list procedures, but is ${inWords(procedures)}`,
      `write ${right}`,
      place(here()),
    )
  }
  if (!Number.isSafeInteger(depth) || depth < 1) {
    const problem = `must be a positive integer, but is ${inWords(depth)}`
    throw badDefinition('"depth" of thread()', problem, `write ${right}`, place(here()))
  }
  const names = procedures.map(({ name }) => name as string)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw nameClash('procedure', twice, 'must be listed once, but is listed twice', place(here()))
}

/** The domain of a frame. Each thread has its own, because the labels of the caller differ. */
function frameDomain({ name, parameters, locals }: AnyProcedure, labels: Domain<string>): RecordDomain {
  return fieldsOf({ procedure: oneOf(name as string), to: labels, ...(parameters as Fields), ...(locals as Fields) })
}

/** A record whose fields the compiler does not know. */
function fieldsOf(fields: Fields): RecordDomain {
  return record(fields)
}

function oneOfRecords(records: readonly RecordDomain[]): Domain<unknown> {
  const [first, second, ...rest] = records
  return second === undefined ? first! : union(first!, second, ...rest)
}

type Frame = Struct<{ [name: string]: unknown }>

/** A position with a call stack. */
type Position = Struct<{ at: string; returned: { readonly value: unknown } | null; stack: List<Frame> }>

/** Reads and moves the position of the bound instance of a thread. */
export class Positions {
  readonly #thread: string
  readonly #instance: string | undefined
  readonly #procedures: readonly AnyProcedure[]
  readonly #depth: number
  /** By procedure: the domain of its frames, and of the value that it returns. */
  readonly #frames: readonly RecordDomain[]
  readonly #returned: ReadonlyMap<unknown, RecordDomain>

  constructor(thread: string, { instance, procedures, depth, counter }: AnyThread) {
    this.#thread = thread
    this.#instance = Object.keys(instance)[0]
    this.#procedures = procedures
    this.#depth = depth
    const position = counter.kind === 'map' ? counter.values : counter
    const { stack, returned } = (position.kind === 'record' ? position.fields : {}) as { [name: string]: AnyDomain }
    this.#frames = stack?.kind === 'list' ? recordsIn(stack.elements) : []
    const results = returned?.kind === 'optional' ? recordsIn(returned.inner) : []
    const returning = procedures.filter(({ returns }) => returns !== undefined)
    this.#returned = new Map(returning.map((procedure, index) => [procedure, results[index]!]))
  }

  /** Whether some procedure that the thread may call returns a value. */
  get hasReturned(): boolean {
    return this.#returned.size > 0
  }

  label(state: State, bindings: Bindings): unknown {
    const position = this.#read(state, bindings)
    return this.#procedures.length === 0 ? position : (position as Position).at
  }

  /** A parameter or local of the innermost call. */
  local(state: State, bindings: Bindings, name: string): unknown {
    return (this.#read(state, bindings) as Position).stack.last()!.get(name)
  }

  /** What the last call returned to the present label. */
  returned(state: State, bindings: Bindings): unknown {
    return (this.#read(state, bindings) as Position).returned?.value
  }

  /** Moves to a label. */
  goto(state: State, bindings: Bindings, label: string): State {
    if (this.#procedures.length === 0) return this.#write(state, bindings, label)
    return this.#write(state, bindings, this.#at(state, bindings, label))
  }

  /** Gives parameters and locals of the innermost call new values. */
  assign(state: State, bindings: Bindings, values: object): State {
    const position = this.#read(state, bindings) as Position
    return this.#write(state, bindings, withTop(position, position.stack.last()!.merge(values)))
  }

  /**
   * Calls a procedure that returns to label `to`.
   *
   * @param isInside - whether the caller is a procedure
   * @throws {CheckerError} KR512 if too many calls are in progress
   */
  call(state: State, bindings: Bindings, call: AnyCall, to: string, isInside: boolean, who: string): State {
    const frame = this.#frame(call, to, who)
    const position = this.#at(state, bindings, firstLabel(call))
    // Outside of procedures the stack is empty, so it need not be read.
    if (!isInside) return this.#write(state, bindings, position.set('stack', List([frame])))
    if (position.stack.size >= this.#depth) throw callTooDeep(who, call.procedure.name as string, this.#depth)
    return this.#write(
      state,
      bindings,
      position.update('stack', (stack) => stack.push(frame)),
    )
  }

  /** Ends the innermost call, and calls a procedure that returns to its caller. */
  tailCall(state: State, bindings: Bindings, call: AnyCall, who: string): State {
    const position = this.#at(state, bindings, firstLabel(call))
    return this.#write(state, bindings, withTop(position, this.#frame(call, position.stack.last()!.get('to'), who)))
  }

  /** Ends the innermost call, which is one of `procedure`. */
  return(state: State, bindings: Bindings, procedure: AnyProcedure, value: unknown): State {
    const { stack } = this.#read(state, bindings) as Position
    const position = this.#at(state, bindings, stack.last()!.get('to') as string).set('stack', stack.pop())
    const result = this.#returned.get(procedure)
    if (result === undefined) return this.#write(state, bindings, position)
    return this.#write(
      state,
      bindings,
      position.set('returned', result({ procedure: procedure.name as string, value } as never) as never),
    )
  }

  /** The position at another label. What the last call returned is gone. */
  #at(state: State, bindings: Bindings, label: string): Position {
    const position = (this.#read(state, bindings) as Position).set('at', label)
    return this.hasReturned ? position.set('returned', null) : position
  }

  #frame({ procedure, args }: AnyCall, to: unknown, who: string): Frame {
    const index = this.#procedures.indexOf(procedure)
    if (index < 0) {
      throw badStep(
        who,
        `must call a procedure of its thread, but calls "${procedure.name}"`,
        `add it to the calls of thread "${this.#thread}" in the schema`,
      )
    }
    requireNames(
      who,
      `arguments of "${procedure.name}"`,
      Object.keys(args),
      Object.keys(procedure.parameters as Fields),
    )
    const locals = procedure.initial(args) as object
    return this.#frames[index]!({ procedure: procedure.name, to, ...args, ...locals } as never) as Frame
  }

  #read(state: State, bindings: Bindings): unknown {
    const position: unknown = state.get(this.#thread)
    if (this.#instance === undefined) return position
    return (position as { get(key: unknown): unknown }).get(bindings[this.#instance])
  }

  #write(state: State, bindings: Bindings, position: unknown): State {
    if (this.#instance === undefined) return state.set(this.#thread, position as never)
    return state.setIn([this.#thread, bindings[this.#instance]] as never, position as never)
  }
}

/** Rejects missing and unknown names. @throws {CheckerError} KR505 */
function requireNames(who: string, what: string, given: readonly string[], wanted: readonly string[]): void {
  const missing = wanted.find((name) => !given.includes(name))
  const stray = given.find((name) => !wanted.includes(name))
  if (missing === undefined && stray === undefined) return
  const problem = missing === undefined ? `have "${stray}"` : `lack "${missing}"`
  const names = wanted.length === 0 ? 'no names' : wanted.join(', ')
  throw badStep(who, `must give the ${what} by name, but they ${problem}`, `give an object with ${names}`)
}

function firstLabel({ procedure }: AnyCall): string {
  return labelIn(procedure, (procedure.labels as string[])[0]!)
}

/** The position with another innermost frame. */
function withTop(position: Position, frame: Frame): Position {
  return position.update('stack', (stack) => stack.set(-1, frame))
}

function recordsIn(domain: AnyDomain): readonly RecordDomain[] {
  if (domain.kind === 'union') return domain.variants
  return domain.kind === 'record' ? [domain] : []
}
