/** `driveConcurrently`: several clients call a system at once, and each history must be linearizable. */
import { badOption } from '../errors.ts'
import { callText } from '../spec/bindings.ts'
import type { Constants } from '../spec/constant.ts'
import { show } from '../spec/show.ts'
import type { AnySpec, Spec } from '../spec/spec.ts'
import { DriveError } from './drive-error.ts'
import { refused, type AnyDriver, type Driver } from './driver.ts'
import { recordHistory, type ClientCall, type Clients, type History } from './history.ts'
import { historyLines } from './history-text.ts'
import { linearize, ResultsError, type HistoryCall, type Linearization } from './linearize.ts'
import { agrees, requireObservation } from './observation.ts'
import { DRIVER, requireDriver, requirePositive, requireSeed } from './options.ts'
import { StateGraph } from './state-graph.ts'

/** Histories that look for a smaller failure. */
const SHRINKS = 200

/** Histories among them with the same number of calls. */
const SHRINKS_OF_A_SIZE = 40

export interface ConcurrentOptions<R, C extends Constants = any, S = any, A extends string = any> extends Omit<
  Driver<R, C, S, A>,
  'chosenByTest'
> {
  /**
   * The parameter of the actions that says which client makes the call. Its values are the clients. Default: none, so any client
   * may make any call.
   */
  readonly client?: string | undefined
  /** The number of clients if no parameter names them. Default 2. */
  readonly clients?: number | undefined
  /** The calls of each client in a history. Default 5. */
  readonly calls?: number | undefined
  /** The number of histories. Default 100. */
  readonly runs?: number | undefined
  /** The seed of the first history. Each history has the next seed. Default 1. */
  readonly seed?: number | undefined
}

const { chosenByTest: _, ...SHARED } = DRIVER

const OPTIONS: { readonly [name in keyof ConcurrentOptions<any>]-?: true } = {
  ...SHARED,
  client: true,
  clients: true,
  calls: true,
  runs: true,
  seed: true,
}

/** What concurrent clients did. */
export interface DrivenConcurrently {
  readonly spec: string
  /** The histories. */
  readonly runs: number
  /** The calls of all histories. */
  readonly calls: number
  /** How many pairs of calls overlapped. If it is 0, nothing was concurrent. */
  readonly overlaps: number
  /** Pairs of a set of calls and a state that the search for an order visited. */
  readonly configurations: number
}

/**
 * Lets several clients call a system at once, and checks that each history is linearizable: the results are those of the spec for
 * some order of the calls that respects which call returned before which one started.
 *
 * `results` says what a call returns. Without it for an action, any result fits.
 *
 * @throws {DriveError} if a history is not linearizable; its message shows a shrunk history
 * @throws {CheckerError} KR101 or KR102 if the options do not fit the spec, and what `setup`, `observe` or `teardown` throws
 */
export async function driveConcurrently<R, C extends Constants, P extends string, S, A extends string>(
  spec: Spec<C, P, S, A>,
  options: ConcurrentOptions<R, NoInfer<C>, NoInfer<S>, NoInfer<A>>,
): Promise<DrivenConcurrently> {
  return await driveAny(spec, options as ConcurrentOptions<any>)
}

async function driveAny(spec: AnySpec, options: ConcurrentOptions<any>): Promise<DrivenConcurrently> {
  requireDriver(options, OPTIONS)
  const { calls = 5, runs = 100, seed = 1 } = options
  requirePositive('calls', calls)
  requirePositive('runs', runs)
  requireSeed(seed)
  const judge = new Judge(spec, options)
  for (let run = 0; run < runs; run++) {
    const judged = await judge.run(calls, seed + run)
    if (!judged.isFine) throw await judge.errorFor(judged)
  }
  return { spec: judge.graph.walk.spec, runs, ...judge.totals }
}

/** A history with its verdict. */
interface Judged {
  readonly calls: number
  readonly seed: number
  readonly history: History
  readonly linearization: Linearization
  readonly isFine: boolean
}

class Judge {
  readonly graph: StateGraph
  readonly totals = { calls: 0, overlaps: 0, configurations: 0 }
  readonly #driver: AnyDriver
  readonly #clients: Clients

  constructor(spec: AnySpec, options: ConcurrentOptions<any>) {
    this.#driver = options
    this.graph = new StateGraph(spec, options)
    this.#clients = clientsOf(this.graph, options)
  }

  async run(calls: number, seed: number): Promise<Judged> {
    const history = await recordHistory(this.#driver, this.#clients, calls, seed)
    const { spec, variables } = this.graph.walk
    const observed = history.observed && requireObservation(history.observed, variables, spec)
    const isEnd = (state: number): boolean => observed === undefined || agrees(this.graph.states[state]!, observed)
    const linearization = this.#linearize(history, isEnd, calls, seed)
    this.totals.calls += history.calls.length
    this.totals.overlaps += overlapsOf(history.calls)
    this.totals.configurations += linearization.configurations
    const isFine = linearization.isLinearizable && history.threw === undefined && !history.isLate
    return { calls, seed, history: { ...history, observed }, linearization, isFine }
  }

  /** @throws {DriveError} with the history if a function of `results` throws */
  #linearize({ calls }: History, isEnd: (state: number) => boolean, each: number, seed: number): Linearization {
    try {
      return linearize(this.graph, this.#driver.results ?? {}, calls, isEnd)
    } catch (error) {
      if (!(error instanceof ResultsError)) throw error
      const lines = [
        `the test of "${this.graph.walk.spec}" cannot judge the system: ${error.message}`,
        '',
        ...historyLines([...this.#clients.keys()], calls),
        '',
        `  again: driveConcurrently(spec, { ..., calls: ${each}, runs: 1, seed: ${seed} })`,
      ]
      throw new DriveError(lines.join('\n'), 'threw', { cause: error.cause })
    }
  }

  /** The error for a failing history. Looks for one with fewer calls first. */
  async errorFor(found: Judged): Promise<DriveError> {
    const { smallest, runs } = await this.#shrink(found)
    const { history, linearization, calls, seed } = smallest
    const again = await this.run(calls, seed)
    const lines = [
      `the system does not follow "${this.graph.walk.spec}": ${problemText(smallest)}`,
      '',
      ...historyLines([...this.#clients.keys()], history.calls),
      '',
      ...explanation(this.graph, history, linearization),
      '',
      `  again: driveConcurrently(spec, { ..., calls: ${calls}, runs: 1, seed: ${seed} })`,
      `  found with seed ${found.seed} and ${found.calls} calls of each client; runs to make it smaller: ${runs}`,
      `  repeated with the same seed, it ${again.isFine ? 'did not fail: the order also depends on time' : 'failed again'}`,
    ]
    const { threw, isLate } = history
    const problem = threw !== undefined ? 'threw' : isLate ? 'late' : 'not-linearizable'
    return new DriveError(lines.join('\n'), problem, { cause: threw?.error })
  }

  async #shrink(found: Judged): Promise<{ readonly smallest: Judged; readonly runs: number }> {
    let runs = 0
    for (let calls = 1; calls < found.calls && runs < SHRINKS; calls++) {
      for (let next = 0; next < SHRINKS_OF_A_SIZE && runs < SHRINKS; next++) {
        const judged = await this.run(calls, found.seed + next)
        runs++
        if (!judged.isFine) return { smallest: judged, runs }
      }
    }
    return { smallest: found, runs }
  }
}

/** @throws {CheckerError} KR101 if an action that the test calls does not have a client */
function clientsOf({ walk }: StateGraph, { client, clients = 2, actions }: ConcurrentOptions<any>): Clients {
  requirePositive('clients', clients)
  const calls = walk.instances.flatMap(({ action, bindings }): ClientCall[] =>
    actions[action] === undefined ? [] : [{ name: callText(action, bindings), action, bindings }],
  )
  if (calls.length === 0) throw badOption('the clients must have a call to make, but actions is empty')
  if (client === undefined) {
    return new Map(Array.from({ length: clients }, (_, index) => [`client${index + 1}`, calls]))
  }
  const found = new Map<string, ClientCall[]>()
  for (const call of calls) {
    if (!(client in call.bindings)) {
      const hint = 'give the action that parameter, or leave out the option client'
      throw badOption(`the action "${call.action}" must have the parameter "${client}", but does not have it`, hint)
    }
    const name = show(call.bindings[client])
    found.set(name, [...(found.get(name) ?? []), call])
  }
  return found
}

function overlapsOf(calls: readonly HistoryCall[]): number {
  return calls.reduce(
    (sum, { end }, index) => sum + calls.slice(index + 1).filter((later) => later.start < end).length,
    0,
  )
}

function problemText({ history: { threw, isLate } }: Judged): string {
  if (threw !== undefined) {
    const { error } = threw
    return `${threw.call.name} threw ${error instanceof Error ? `${error.name}: ${error.message}` : show(error)}`
  }
  return isLate ? 'some calls did not return in time' : 'no order of these calls explains what they returned'
}

/** How far an order of the calls fits the spec, and what does not fit after it. */
function explanation(
  graph: StateGraph,
  { calls, observed }: History,
  { order, states, isLinearizable }: Linearization,
): string[] {
  if (isLinearizable) return []
  const left = calls.filter((call) => !order.includes(call))
  const text = ({ name, returned, end }: HistoryCall): string =>
    `${name}${end === Infinity ? '' : returned === refused ? ' → refused' : returned === undefined ? '' : ` → ${show(returned)}`}`
  const possible = states.slice(0, 3).map((state) => `    ${show(graph.states[state])}`)
  return [
    `  longest order that fits  ${order.map(text).join(', ') || 'none'}`,
    `  ${states.length === 1 ? 'state' : 'possible states'} after it`,
    ...possible,
    ...(left.length === 0 && observed !== undefined
      ? [`  observed at the end      ${show(observed)}`]
      : [`  does not fit after it    ${left.map(text).join(', ')}`]),
  ]
}
