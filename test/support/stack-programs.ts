/**
 * Random programs with procedures, as data: for a Kripke model, and for a plain interpreter that shares no code with it.
 */
import fc from 'fast-check'
import {
  assign,
  call,
  goto,
  members,
  model,
  procedure,
  range,
  ret,
  schema,
  spec,
  thread,
  type AnySpec,
} from '../../src/index.ts'

/** What a step reads. */
export type Expression = number | 'n' | 'x' | 'y' | 'returned' | 'self'

/** What a step does after its writes. `to` is the index of a label, `callee` that of a procedure. */
export type End =
  | { kind: 'goto'; to: number }
  | { kind: 'call'; callee: number; argument: Expression; to: number | undefined }
  | { kind: 'ret'; value: Expression }
  | { kind: 'tail'; callee: number; argument: Expression }

export interface StepPlan {
  /** The step waits until n has this value. */
  readonly when: number | undefined
  readonly write: Expression | undefined
  /** New values of the parameter and the local; of procedures only. */
  readonly x: Expression | undefined
  readonly y: Expression | undefined
  readonly end: End
}

/** For each label its alternatives. */
export type CodePlan = readonly (readonly StepPlan[])[]

export interface Program {
  readonly main: CodePlan
  readonly procedures: readonly CodePlan[]
  readonly depth: number
  readonly threads: number
}

const VALUES = 2
const expression: fc.Arbitrary<Expression> = fc.oneof(
  fc.nat(VALUES - 1),
  fc.constantFrom<Expression>('n', 'x', 'y', 'returned', 'self'),
)

function stepPlan(labels: number, isProcedure: boolean): fc.Arbitrary<StepPlan> {
  const callee = fc.nat(1)
  const to = fc.nat(labels - 1)
  const jump = fc.record({ kind: fc.constant('goto' as const), to })
  const calls = fc.record({
    kind: fc.constant('call' as const),
    callee,
    argument: expression,
    to: fc.option(to, { nil: undefined }),
  })
  const ends = fc.record({ kind: fc.constant('ret' as const), value: expression })
  const tail = fc.record({ kind: fc.constant('tail' as const), callee, argument: expression })
  const local = isProcedure ? fc.option(expression, { nil: undefined }) : fc.constant(undefined)
  return fc.record({
    when: fc.option(fc.nat(VALUES - 1), { nil: undefined, freq: 2 }),
    write: fc.option(expression, { nil: undefined }),
    x: local,
    y: local,
    end: isProcedure
      ? fc.oneof({ weight: 1, arbitrary: jump }, { weight: 2, arbitrary: calls }, { weight: 3, arbitrary: ends }, tail)
      : fc.oneof(jump, { weight: 2, arbitrary: calls }),
  })
}

function code(labels: number, isProcedure: boolean): fc.Arbitrary<CodePlan> {
  const alternatives = fc.array(stepPlan(labels, isProcedure), { minLength: 1, maxLength: 2 })
  return fc.array(alternatives, { minLength: labels, maxLength: labels })
}

export const programs: fc.Arbitrary<Program> = fc.record({
  main: code(2, false),
  procedures: fc.tuple(code(2, true), code(2, true)),
  depth: fc.integer({ min: 1, max: 3 }),
  threads: fc.integer({ min: 1, max: 2 }),
})

/** `call` at the last label must name the label to return to. */
const target = (end: End & { kind: 'call' }, label: number, labels: number): number =>
  end.to ?? (label + 1 < labels ? label + 1 : 0)

// ─── As a Kripke model ──────────────────────────────────────────────────────────────────────────────────────────────

const LABELS = ['l0', 'l1'] as const

/** @param meet - called for the states that Kripke checks, as text */
export function specOf({ main, procedures, depth, threads }: Program, meet: (state: string) => void): AnySpec {
  const Task = members('task', threads)
  const value = range(0, VALUES - 1)
  // The second procedure's local begins with its argument.
  const declared = [
    procedure('p0', { x: value }, ...LABELS, { locals: { y: value }, initial: { y: 1 }, returns: value }),
    procedure('p1', { x: value }, ...LABELS, { locals: { y: value }, initial: ({ x }) => ({ y: x }), returns: value }),
  ] as const
  const State = schema({
    n: value,
    task: thread({ task: Task }, ...LABELS, { calls: [...declared], depth }),
  })
  const steps = (plan: CodePlan, isProcedure: boolean): any =>
    Object.fromEntries(
      plan.map((alternatives, label) => [
        LABELS[label],
        (s: ReturnType<typeof State>, given: any) =>
          alternatives
            .filter(({ when }) => when === undefined || s.n === when)
            .map(({ write, x, y, end }) => {
              const read = (it: Expression): number => {
                if (it === 'n') return s.n
                if (it === 'self') return Task.indexOf(isProcedure ? given.self : given.task) % VALUES
                if (it === 'returned') return given.returned ?? 0
                return typeof it === 'number' ? it : isProcedure ? given[it] : 0
              }
              const state = write === undefined ? s : s.set('n', read(write))
              const values = {
                ...(x !== undefined && { x: read(x) }),
                ...(y !== undefined && { y: read(y) }),
              }
              const inner = isProcedure && (x ?? y) !== undefined ? assign(values, state) : state
              if (end.kind === 'goto') return goto(LABELS[end.to]!, inner)
              if (end.kind === 'ret') return ret(read(end.value), state)
              const made = (it: any) => call(declared[end.callee]!, { x: read(end.argument) }, it)
              if (end.kind === 'tail') return ret(made(state))
              const isLast = label + 1 === plan.length
              return end.to === undefined && !isLast
                ? made(inner)
                : goto(LABELS[target(end, label, plan.length)]!, made(inner))
            }),
      ]),
    )
  return spec({
    name: 'program',
    model: () =>
      model(State, {
        init: State(),
        threads: { task: { at: steps(main, false) } },
        procedures: { p0: { at: steps(procedures[0]!, true) }, p1: { at: steps(procedures[1]!, true) } },
        invariants: {
          seen: (s) => {
            meet(JSON.stringify(s.toJS()))
            return true
          },
        },
        deadlock: false,
      }),
  })
}

// ─── As a plain interpreter ─────────────────────────────────────────────────────────────────────────────────────────

interface PlainFrame {
  procedure: number
  to: [procedure: number | undefined, label: number]
  x: number
  y: number
}

interface PlainThread {
  at: [procedure: number | undefined, label: number]
  returned: [procedure: number, value: number] | undefined
  stack: PlainFrame[]
}

interface PlainState {
  n: number
  threads: PlainThread[]
}

export interface Explored {
  readonly states: ReadonlySet<string>
  readonly generated: number
  readonly depth: number
  /** The level of the first state in which a step calls too deep. */
  readonly tooDeep: number | undefined
}

/** Explores a program; undefined if it has more than `most` states. */
export function interpret(program: Program, most: number): Explored | undefined {
  const initial: PlainState = {
    n: 0,
    threads: Array.from({ length: program.threads }, () => ({ at: [undefined, 0], returned: undefined, stack: [] })),
  }
  const states = new Set([shown(initial)])
  let frontier = [initial]
  let generated = 1
  let depth = 0
  let tooDeep: number | undefined
  while (frontier.length > 0 && tooDeep === undefined) {
    depth++
    const next: PlainState[] = []
    for (const state of frontier) {
      for (let index = 0; index < program.threads; index++) {
        for (const after of stepsOf(program, state, index)) {
          if (after === 'too deep') {
            tooDeep ??= depth
            continue
          }
          generated++
          const text = shown(after)
          if (states.has(text)) continue
          states.add(text)
          next.push(after)
        }
      }
    }
    if (states.size > most) return undefined
    frontier = next
  }
  return { states, generated, depth, tooDeep }
}

function* stepsOf(program: Program, before: PlainState, index: number): Generator<PlainState | 'too deep'> {
  const [current, label] = before.threads[index]!.at
  const plan = current === undefined ? program.main : program.procedures[current]!
  for (const { when, write, x, y, end } of plan[label]!) {
    if (when !== undefined && before.n !== when) continue
    const state = structuredClone(before)
    const own = state.threads[index]!
    const old = before.threads[index]!
    const frame = old.stack.at(-1)
    const read = (it: Expression): number => {
      if (typeof it === 'number') return it
      if (it === 'n') return before.n
      if (it === 'self') return index % VALUES
      if (it === 'returned') return old.returned?.[1] ?? 0
      return frame?.[it] ?? 0
    }
    own.returned = undefined
    if (write !== undefined) state.n = read(write)
    if (end.kind === 'ret') {
      own.at = own.stack.pop()!.to
      own.returned = [current!, read(end.value)]
      yield state
      continue
    }
    if (end.kind !== 'tail' && current !== undefined) {
      if (x !== undefined) own.stack.at(-1)!.x = read(x)
      if (y !== undefined) own.stack.at(-1)!.y = read(y)
    }
    if (end.kind === 'goto') {
      own.at = [current, end.to]
      yield state
      continue
    }
    const to = end.kind === 'tail' ? own.stack.pop()!.to : ([current, target(end, label, plan.length)] as const)
    if (own.stack.length === program.depth) {
      yield 'too deep'
      continue
    }
    const argument = read(end.argument)
    own.stack.push({ procedure: end.callee, to: [...to], x: argument, y: end.callee === 0 ? 1 : argument })
    own.at = [end.callee, 0]
    yield state
  }
}

/** The state in the form of a Kripke state. */
function shown({ n, threads }: PlainState): string {
  const label = ([procedure, index]: PlainThread['at']): string =>
    procedure === undefined ? LABELS[index]! : `p${procedure}.${LABELS[index]}`
  const task = threads.map(({ at, returned, stack }, index) => [
    `task${index + 1}`,
    {
      at: label(at),
      returned: returned === undefined ? null : { procedure: `p${returned[0]}`, value: returned[1] },
      stack: stack.map(({ procedure, to, x, y }) => ({ procedure: `p${procedure}`, to: label(to), x, y })),
    },
  ])
  return JSON.stringify({ n, task: Object.fromEntries(task) })
}
