/**
 * Commands for the model-based tests of fast-check, from a spec. Import this module in a test:
 *
 *     import fc from 'fast-check'
 *     import { commands } from 'kripke/fast-check'
 *
 *     const { arbitraries, run } = commands(design, { setup, actions, observe })
 *     await fc.assert(fc.asyncProperty(fc.commands(arbitraries), run))
 */
import { asyncModelRun, constantFrom, nat, tuple, type Arbitrary, type AsyncCommand } from 'fast-check'
import type { Driver } from './drive/driver.ts'
import { errorFor } from './drive/failure-text.ts'
import { DRIVER, requireDriver } from './drive/options.ts'
import { Session } from './drive/session.ts'
import { StateGraph, type Call } from './drive/state-graph.ts'
import { callText } from './spec/bindings.ts'
import type { Constants } from './spec/constant.ts'
import type { Spec } from './spec/spec.ts'

/** A run of the system, which is both the model and the real system of a command. */
export type CommandRun = Pick<Session, 'states' | 'system'>

/** A command: one call of an action. */
export type SpecCommand = AsyncCommand<CommandRun, CommandRun>

export interface SpecCommands {
  /** An arbitrary for each action that the test calls, for `fc.commands`. */
  readonly arbitraries: Arbitrary<SpecCommand>[]
  /**
   * Runs commands on a new system. fast-check shrinks the commands of a run that fails.
   *
   * @throws {DriveError} if the system does not follow the spec
   */
  readonly run: (commands: Iterable<SpecCommand>) => Promise<void>
}

/**
 * Commands of fast-check for the actions of a spec. fast-check runs a command if the spec allows its call in each state that the
 * system may be in.
 *
 * @throws {CheckerError} KR101 or KR102 if the driver does not fit the spec
 */
export function commands<R, C extends Constants, P extends string, S, A extends string>(
  spec: Spec<C, P, S, A>,
  driver: Driver<R, NoInfer<C>, NoInfer<S>, NoInfer<A>>,
): SpecCommands {
  requireDriver(driver, DRIVER)
  const graph = new StateGraph(spec, driver)
  const names = new Map<string, string[]>()
  for (const { action, bindings } of graph.walk.instances) {
    if ((driver.actions as { [name: string]: unknown })[action] === undefined) continue
    names.set(action, [...(names.get(action) ?? []), callText(action, bindings)])
  }
  return {
    arbitraries: [...names].map(([action, calls]) => {
      const isChosen = driver.chosenByTest?.includes(action as A) === true
      const picks = isChosen ? nat(1000) : nat(0)
      return tuple(constantFrom(...calls), picks).map(([name, pick]) => new CallCommand(graph, name, pick))
    }),
    run: async (sequence) => {
      let session: Session | undefined
      try {
        await asyncModelRun(async () => {
          session = await Session.begin(graph, driver)
          requireFine(graph, session)
          return { model: session, real: session }
        }, sequence)
      } finally {
        await session?.end()
      }
    },
  }
}

class CallCommand implements SpecCommand {
  readonly #graph: StateGraph
  readonly #name: string
  /** Which of the choices of the test the call makes. */
  readonly #pick: number
  /** The name of the call that was made. */
  #made: string | undefined

  constructor(graph: StateGraph, name: string, pick: number) {
    this.#graph = graph
    this.#name = name
    this.#pick = pick
  }

  check(run: Readonly<CommandRun>): boolean {
    return this.#callIn(run) !== undefined
  }

  async run(run: CommandRun): Promise<void> {
    const call = this.#callIn(run)!
    this.#made = call.name
    await (run as Session).call(call)
    requireFine(this.#graph, run as Session)
  }

  toString(): string {
    return this.#made ?? this.#name
  }

  #callIn(run: Readonly<CommandRun>): Call | undefined {
    const calls = (run as Session)
      .calls()
      .filter(({ name }) => name === this.#name || name.startsWith(`${this.#name} {`))
    return calls[this.#pick % calls.length]
  }
}

function requireFine(graph: StateGraph, { failure }: Session): void {
  if (failure !== undefined) throw errorFor(graph, failure, ['found and shrunk by fast-check'])
}
