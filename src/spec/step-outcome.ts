/** What a step of a thread returned, as the next state. */
import { badStep, notAState } from '../errors.ts'
import type { Bindings } from './bindings.ts'
import { type Positions } from './call-stack.ts'
import type { AnyProcedure } from './domain.ts'
import { labelIn } from './labels.ts'
import type { State } from './model.ts'
import { Assign, Call, Goto, Move, Return, type AnyCall } from './move.ts'
import { inWords } from './show.ts'

/** The place of a step in the code of a thread or procedure. */
export interface Code {
  readonly thread: string
  readonly positions: Positions
  /** Undefined for the thread's own labels. */
  readonly procedure: AnyProcedure | undefined
  /** The labels of the procedure, or of the thread. */
  readonly labels: readonly string[]
  readonly label: string
  /** The name of the step in errors. */
  readonly who: string
}

/** What a step asks for, besides its state. */
interface Asked {
  label?: string
  call?: AnyCall
  values?: { readonly [name: string]: unknown }
  state: unknown
}

/** Gives the next state for a state or move that a step returned. */
export function mover(code: Code): (outcome: unknown, from: State, bindings: Bindings) => State {
  return (outcome, from, bindings) =>
    outcome instanceof Return
      ? returned(code, outcome.args as readonly unknown[], from, bindings)
      : moved(code, asked(code, outcome), from, bindings)
}

function moved(code: Code, { label, call, values, state: given }: Asked, from: State, bindings: Bindings): State {
  const { positions, procedure, who } = code
  const target = label ?? following(code)
  if (!code.labels.includes(target)) {
    throw badStep(who, `must go to a label, but went to "${target}"`, `use one of the labels ${code.labels.join(', ')}`)
  }
  const to = labelIn(procedure, target)
  let state = stateOf(code, given, from, bindings, `return goto('${label ?? code.labels[0]}', state)`)
  if (values !== undefined) {
    requireKnown(code, values)
    state = positions.assign(state, bindings, values)
  }
  if (call === undefined) return positions.goto(state, bindings, to)
  return positions.call(state, bindings, call, to, procedure !== undefined, who)
}

function returned(code: Code, args: readonly unknown[], from: State, bindings: Bindings): State {
  const { positions, procedure, who } = code
  if (procedure === undefined) {
    throw badStep(who, 'must not return, because it is not in a procedure, but does', 'return goto(label, state)')
  }
  const [first] = args
  const right = procedure.returns === undefined ? 'ret(state)' : 'ret(value, state)'
  if (first instanceof Move) {
    const { call, values, label, state: given } = asked(code, first)
    if (call !== undefined && values === undefined && label === undefined && args.length === 1) {
      const sameKind = (call.procedure.returns === undefined) === (procedure.returns === undefined)
      if (!sameKind)
        throw badStep(
          who,
          'must end in a call that returns what its procedure returns',
          `call it first, then return ${right}`,
        )
      const state = stateOf(code, given, from, bindings, right)
      return positions.tailCall(state, bindings, call, who)
    }
    throw badStep(who, `must return ${right}, but returned ${first.kind}`, `return ${right}`)
  }
  if (procedure.returns === undefined) {
    if (args.length > 1)
      throw badStep(
        who,
        'must not return a value, but does',
        'return ret(state), or give the procedure { returns: ... }',
      )
    return positions.return(stateOf(code, first, from, bindings, right), bindings, procedure, undefined)
  }
  if (args.length === 0) throw badStep(who, 'must return a value, but does not', `return ${right}`)
  return positions.return(stateOf(code, args[1], from, bindings, right), bindings, procedure, first)
}

/** Unwraps `goto(label, call(procedure, args, assign(values, state)))`. */
function asked({ who }: Code, outcome: unknown): Asked {
  const result: Asked = { state: outcome }
  while (result.state instanceof Move) {
    const move: Move<unknown> = result.state
    const before = { ...result }
    if (move instanceof Goto) result.label = move.label as string
    else if (move instanceof Call) result.call = move as AnyCall
    else if (move instanceof Assign) result.values = move.values as Asked['values'] & {}
    const order =
      move instanceof Goto
        ? (before.label ?? before.call ?? before.values)
        : move instanceof Call
          ? (before.call ?? before.values)
          : before.values
    if (move instanceof Return || order !== undefined) {
      throw badStep(
        who,
        `must not return ${move.kind} in another move, but does`,
        'write goto(label, call(procedure, args, assign(values, state)))',
      )
    }
    result.state = move.state
  }
  return result
}

function following({ labels, label, procedure, who }: Code): string {
  const next = labels[labels.indexOf(label) + 1]
  if (next !== undefined) return next
  const hint =
    procedure === undefined
      ? `return goto('${labels[0]}', state), or add a last label with {}`
      : 'end the call with ret'
  throw badStep(who, 'must go to a label, but there is no label after the last one', hint)
}

/** The state that a step gives, which must not have moved the thread itself. */
function stateOf(code: Code, given: unknown, from: State, bindings: Bindings, instead: string): State {
  const { positions, procedure, label, thread, who } = code
  const state = (given === undefined ? from : given) as State
  // The position is read from a state only.
  if (typeof (state as Partial<State> | null | undefined)?.get !== 'function') throw notAState(who, inWords(state))
  if (positions.label(state, bindings) !== labelIn(procedure, label)) {
    throw badStep(who, 'must not write its own program counter, but does', `${instead} instead of writing "${thread}"`)
  }
  return state
}

function requireKnown({ procedure, who }: Code, values: { readonly [name: string]: unknown }): void {
  if (procedure === undefined) {
    throw badStep(
      who,
      'must not assign locals, because it is not in a procedure, but does',
      'use variables of the schema',
    )
  }
  const known = [...Object.keys(procedure.parameters as object), ...Object.keys(procedure.locals as object)]
  const stray = Object.keys(values).find((name) => !known.includes(name))
  if (stray === undefined) return
  throw badStep(
    who,
    `must assign parameters and locals of "${procedure.name}", but assigns "${stray}"`,
    `use ${known.join(', ')}`,
  )
}
