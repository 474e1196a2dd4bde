/** `drive`: runs a system along paths through the state graph of its spec, and compares after each step. */
import { badOption } from '../errors.ts'
import { rngFrom } from '../semantics/learned/probe.ts'
import type { Constants } from '../spec/constant.ts'
import { inWords } from '../spec/show.ts'
import type { AnySpec, Spec } from '../spec/spec.ts'
import { Cover } from './cover.ts'
import type { DriveError } from './drive-error.ts'
import type { AnyDriver, Driver } from './driver.ts'
import { errorFor } from './failure-text.ts'
import {
  DRIVER,
  isNames,
  isObject,
  requireCount,
  requireDriver,
  requireKnown,
  requirePositive,
  requireSeed,
} from './options.ts'
import { callsOf, Session, type Failure } from './session.ts'
import { runCalls, shrink } from './shrink.ts'
import { StateGraph } from './state-graph.ts'

/** States of which a cover takes the transitions unless the options say otherwise. */
const MAX_STATES = 2000

/** Runs that look for a shorter failure, unless the options say otherwise. */
const SHRINKS = 200

/** Random walks, the same for the same seed as long as the system makes the same choices. */
export interface RandomPaths {
  readonly walks: number
  /** Calls of each walk at most. */
  readonly steps: number
  readonly seed: number
}

/** The paths that the test takes: a cover of all transitions, random walks, or one path as a failure gives it. */
export type Paths = 'cover' | RandomPaths | { readonly path: readonly string[] }

export interface DriveOptions<R, C extends Constants = any, S = any, A extends string = any> extends Driver<
  R,
  C,
  S,
  A
> {
  /** Default: `'cover'`. */
  readonly paths?: Paths | undefined
  /** For a cover: the variables that distinguish states. Default: all. */
  readonly project?: readonly string[] | undefined
  /** For a cover: the number of states, breadth-first, whose transitions it takes. Default 2,000. */
  readonly maxStates?: number | undefined
  /** Runs that look for a shorter failure. Default 200. */
  readonly shrinks?: number | undefined
}

const OPTIONS: { readonly [name in keyof DriveOptions<any>]-?: true } = {
  ...DRIVER,
  paths: true,
  project: true,
  maxStates: true,
  shrinks: true,
}

const RANDOM: { readonly [name in keyof RandomPaths]-?: true } = { walks: true, steps: true, seed: true }

/** What a test ran. */
export interface Driven {
  readonly spec: string
  /** Runs of the system, each from `setup` on. */
  readonly paths: number
  /** Calls of all runs. */
  readonly steps: number
  /** For a cover: how many transitions there are, and how many the system may have taken. */
  readonly transitions: { readonly covered: number; readonly all: number } | undefined
  /** For a cover: calls that were never made from some states, with the number of these states. */
  readonly notMade: ReadonlyMap<string, number>
  /** For a cover: whether the spec has more states than `maxStates`. */
  readonly isSampled: boolean
}

/**
 * Runs a system along paths through the state graph of its spec. After each call, it compares what it observes with the states
 * that the spec allows.
 *
 * A run that passes shows that the system followed the spec on these paths, as far as `observe` looks.
 *
 * @returns what was run
 * @throws {DriveError} if the system does not follow the spec; its message shows a shrunk run
 * @throws {CheckerError} KR101 or KR102 if the options do not fit the spec, and what `setup` or `teardown` throws
 */
export async function drive<R, C extends Constants, P extends string, S, A extends string>(
  spec: Spec<C, P, S, A>,
  options: DriveOptions<R, NoInfer<C>, NoInfer<S>, NoInfer<A>>,
): Promise<Driven> {
  return await driveAny(spec, options as DriveOptions<any>)
}

async function driveAny(spec: AnySpec, options: DriveOptions<any>): Promise<Driven> {
  requireDriver(options, OPTIONS)
  const { paths = 'cover', project, maxStates = MAX_STATES, shrinks = SHRINKS } = options
  requirePaths(paths)
  requireCount('maxStates', maxStates, 1)
  requireCount('shrinks', shrinks, 0)
  const graph = new StateGraph(spec, options)
  if (paths === 'cover') return await driveCover(graph, options, project, maxStates, shrinks)
  return 'path' in paths
    ? await drivePath(graph, options, paths.path)
    : await driveRandomly(graph, options, paths, shrinks)
}

/** @throws {CheckerError} KR101 for other paths than a cover, random walks or a path */
function requirePaths(paths: unknown): void {
  if (paths === 'cover') return
  const hint = "use paths: 'cover', paths: { walks, steps, seed } or paths: { path }"
  if (!isObject(paths)) throw badOption(`paths must be a cover, random walks or a path, but is ${inWords(paths)}`, hint)
  if ('path' in paths) {
    requireKnown(paths, { path: true }, 'option of paths')
    if (!isNames(paths['path'])) throw badOption(`path must be an array of calls, but is ${inWords(paths['path'])}`)
    return
  }
  requireKnown(paths, RANDOM, 'option of paths')
  requirePositive('walks', paths['walks'])
  requirePositive('steps', paths['steps'])
  requireSeed(paths['seed'])
}

async function driveCover(
  graph: StateGraph,
  options: AnyDriver,
  project: readonly string[] | undefined,
  maxStates: number,
  shrinks: number,
): Promise<Driven> {
  const cover = new Cover(graph, project, maxStates)
  let paths = 0
  let steps = 0
  let isStuck = false
  // A spec without transitions has a path without calls, which observes the system after its setup.
  do {
    const { calls, failure } = await inSession(graph, options, async (session) => await cover.walk(session))
    paths++
    steps += calls
    if (failure !== undefined) throw await errorOf(graph, options, failure, shrinks, `path ${paths} of the cover`)
    isStuck = calls === 0
  } while (!isStuck && cover.hasMore)
  return {
    spec: graph.walk.spec,
    paths,
    steps,
    transitions: { covered: cover.transitions - cover.missing, all: cover.transitions },
    notMade: cover.notMade(),
    isSampled: cover.isSampled,
  }
}

async function driveRandomly(
  graph: StateGraph,
  options: AnyDriver,
  { walks, steps, seed }: RandomPaths,
  shrinks: number,
): Promise<Driven> {
  let made = 0
  for (let walk = 0; walk < walks; walk++) {
    const random = rngFrom(seed + walk)
    const { calls, failure } = await inSession(graph, options, async (session) => {
      let count = 0
      for (; count < steps; count++) {
        const possible = session.calls()
        if (possible.length === 0) break
        await session.call(possible[random(possible.length)]!)
      }
      return count
    })
    made += calls
    if (failure !== undefined) {
      const again = `{ walks: 1, steps: ${steps}, seed: ${seed + walk} }`
      throw await errorOf(graph, options, failure, shrinks, `paths: ${again}`)
    }
  }
  return {
    spec: graph.walk.spec,
    paths: walks,
    steps: made,
    transitions: undefined,
    notMade: new Map(),
    isSampled: false,
  }
}

/** @throws {CheckerError} KR101 for a call that the spec does not allow there */
async function drivePath(graph: StateGraph, options: AnyDriver, path: readonly string[]): Promise<Driven> {
  const { session, stray } = await runCalls(graph, options, path)
  if (session.failure !== undefined) throw await errorOf(graph, options, session.failure, 0, 'the given path')
  if (stray !== undefined) {
    const allowed = session.calls().map(({ name }) => name)
    throw badOption(
      `step ${stray + 1} of the path must be a call that the spec allows there, but is "${path[stray]}"`,
      `use one of: ${allowed.join(', ') || 'none'}`,
    )
  }
  const { length } = path
  return {
    spec: graph.walk.spec,
    paths: 1,
    steps: length,
    transitions: undefined,
    notMade: new Map(),
    isSampled: false,
  }
}

/** Runs a system, and ends it. */
async function inSession(
  graph: StateGraph,
  options: AnyDriver,
  run: (session: Session) => Promise<number>,
): Promise<{ readonly calls: number; readonly failure: Failure | undefined }> {
  const session = await Session.begin(graph, options)
  try {
    return { calls: await run(session), failure: session.failure }
  } finally {
    await session.end()
  }
}

/** The error for a failing run, which is shrunk first. */
async function errorOf(
  graph: StateGraph,
  driver: AnyDriver,
  found: Failure,
  shrinks: number,
  from: string,
): Promise<DriveError> {
  const { failure, attempts } = await shrink(graph, driver, found, shrinks)
  return errorFor(graph, failure, [
    `found in ${from}, at call ${callsOf(found).length}; runs to make it shorter: ${attempts}`,
  ])
}
