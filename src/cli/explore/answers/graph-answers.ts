/** Answers about the state graph. */
import { runInNewContext } from 'node:vm'
import { drawGraph, type DrawnGraph } from '../../../api/graph.ts'
import { neighborhood } from '../../../api/walk/neighborhood.ts'
import { follow, namesAlong } from '../../../api/walk/path.ts'
import { functionOf, type StateFunction } from '../../../api/walk/predicate.ts'
import type { Walk } from '../../../api/walk/walk.ts'
import { badOption } from '../../../errors.ts'
import { graphDocument, neighborhoodDocument, type GraphDocument } from '../../../report/json/graph-view.ts'
import type { State } from '../../../spec/model.ts'
import { compileExpression } from '../search/searching.ts'
import type { Requests } from '../protocol.ts'
import type { Session } from '../session.ts'
import { withStart } from './walk-answers.ts'

/** A page lays out a graph with more nodes too slowly, and nobody can read it. */
const MAX_NODES = 300
/** Nodes of merged states. The graph may have 200 states for each, and while it is explored, the server does not answer. */
const MAX_MERGED = 120
/** States around the one that the page shows. */
const MAX_AROUND = 120
/** For an expression in all states of a graph. */
const EXPRESSION_MS = 1000

/** Whole and projected graphs, by the walk with their constants and the projection. */
const graphs = new WeakMap<Walk, Map<string, DrawnGraph>>()

/** @throws {CheckerError} KR403 if the whole graph is too large, KR101 for an expression that has no value in any state */
export async function graphAround(session: Session, body: Requests['graph']['body']): Promise<GraphDocument> {
  const { constants, path, at = path.length - 1, scope, project, steps, expression } = body
  if (scope === 'around' && project.length > 0)
    throw badOption('only the whole graph can be projected', 'set "scope" to "whole"')
  const source = expression === '' ? undefined : await compileExpression(expression, session.walk(constants))
  // After the wait, because the spec may be another one by then.
  const walk = session.walk(constants)
  const { states } = follow(walk, withStart(walk, path))
  if (states.length === 0) throw badOption('the path must begin at an initial state, but does not')
  const shown = Math.min(Math.max(0, at), states.length - 1)
  const part =
    scope === 'whole' ? drawn(session, body).graph : neighborhood(walk, states, shown, { steps, maxStates: MAX_AROUND })
  const all = part.nodes.map(({ state }) => state)
  const values = source === undefined ? undefined : valuesIn(all, functionOf(source), walk)
  const isTrue = (state: State): boolean | null => values?.get(state) ?? null
  return 'variables' in part
    ? graphDocument(part, states.slice(0, shown + 1), isTrue)
    : neighborhoodDocument(part, walk.variables, isTrue)
}

/** Whether an expression is true in states. Those in which it fails are left out. @throws {CheckerError} KR101 if it fails in all */
function valuesIn(states: readonly State[], predicate: StateFunction, { constants }: Walk): Map<State, boolean> {
  const values = new Map<State, boolean>()
  let failure: unknown
  const evaluate = (): void => {
    for (const state of states) {
      try {
        values.set(state, Boolean(predicate(state, constants)))
      } catch (thrown) {
        failure = thrown
      }
    }
  }
  try {
    // An expression may loop forever.
    runInNewContext('evaluate()', { evaluate }, { timeout: EXPRESSION_MS })
  } catch {
    throw badOption(`the expression must have values within ${EXPRESSION_MS / 1000} s, but takes longer`)
  }
  if (values.size === 0 && failure !== undefined)
    throw badOption(
      `the expression failed in each state: ${failure instanceof Error ? failure.message : String(failure)}`,
    )
  return values
}

/** A shortest path to a node of the whole graph. */
export function wayToNode(session: Session, { constants, project, node }: Requests['way']['body']): { path: string[] } {
  const { graph, statesTo } = drawn(session, { constants, project })
  if (node >= graph.nodes.length) throw badOption(`the graph does not have the node ${node}`)
  return { path: namesAlong(session.walk(constants), statesTo(node)) }
}

function drawn(session: Session, { constants, project }: Pick<Requests['way']['body'], 'constants' | 'project'>) {
  const walk = session.walk(constants)
  const known = graphs.get(walk) ?? new Map<string, DrawnGraph>()
  graphs.set(walk, known)
  const key = JSON.stringify(project)
  const found =
    known.get(key) ??
    drawGraph(session.spec, {
      constants,
      ...(project.length > 0 ? { project, maxStates: MAX_MERGED } : { maxStates: MAX_NODES }),
    })
  known.set(key, found)
  return found
}
